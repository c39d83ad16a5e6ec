package fetch

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"
)

func TestRobots(t *testing.T) {
	huge := func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "User-agent: *\nDisallow: /rieng\n")
		for i := 0; i < 1<<20 && r.Context().Err() == nil; i++ {
			if _, err := fmt.Fprintf(w, "Disallow: /%01000d\n", i); err != nil {
				return
			}
		}
	}
	for name, c := range map[string]struct {
		robots http.HandlerFunc
		path   string
		want   Code
		words  string
	}{
		"none":                  {http.NotFound, "/rieng", OK, ""},
		"401":                   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, "/rieng", OK, ""},
		"503":                   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, "/a", NoRobots, "503"},
		"429":                   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, "/a", NoRobots, "429"},
		"breaks off":            {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "/a", NoRobots, "robots.txt"},
		"says nothing":          {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "/a", NoRobots, "no whole answer"},
		"redirects without end": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, "/a", NoRobots, "redirects"},
		"redirects to a router": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.168.1.1/", http.StatusFound)
		}, "/a", Guarded, "private"},
		"a gigabyte, forbids":    {huge, "/rieng/a", Forbidden, "forbids"},
		"a gigabyte, allows":     {huge, "/a", OK, ""},
		"an HTML page":           {says("text/html", "<html><body>Disallow: /a: b</body></html>"), "/a", OK, ""},
		"forbids all":            {says("text/plain", "User-agent: *\nDisallow: /"), "/a", Forbidden, "forbids"},
		"names us":               {says("text/plain", "User-agent: *\nDisallow: /\n\nUser-agent: DiemBao\nAllow: /"), "/a", OK, ""},
		"forbids a query":        {says("text/plain", "\xef\xbb\xbfUser-agent: *\nDisallow: /*?s="), "/a?s=1", Forbidden, "forbids"},
		"rules before any agent": {says("text/plain", "Disallow: /\nUser-agent: *\nDisallow: /rieng\nCrawl-delay: mười"), "/rieng", Forbidden, "forbids"},
		"a delay of a century":   {says("text/plain", "User-agent: *\nCrawl-delay: 999999999\n"), "/a", Held, "Crawl-delay"},
		"moved to another address": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery == "" {
				http.Redirect(w, r, "/robots.txt?v=2", http.StatusMovedPermanently)
				return
			}
			io.WriteString(w, "User-agent: *\nDisallow: /a")
		}, "/a", Forbidden, "forbids"},
	} {
		t.Run(name, func(t *testing.T) {
			m := http.NewServeMux()
			m.HandleFunc("/robots.txt", c.robots)
			m.HandleFunc("/", says("text/html", "trang"))
			f, url := served(t, m, func(c *Config) { c.Timeout = 500 * time.Millisecond })
			wants(t, f, url+c.path, c.want, c.words)
		})
	}
}

func TestRobotsExpires(t *testing.T) {
	clock, body, asked := time.Date(2026, 3, 7, 8, 0, 0, 0, time.UTC), "User-agent: *\nDisallow: /a", 0
	m := http.NewServeMux()
	m.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Cache-Control", "public, max-age=1800")
		if body == "" {
			w.WriteHeader(500)
		}
		io.WriteString(w, body)
	})
	m.HandleFunc("/", says("text/html", "trang"))
	f, url := served(t, m, func(c *Config) { c.Now = func() time.Time { return clock } })
	wants(t, f, url+"/a", Forbidden, "forbids")
	clock, body = clock.Add(29*time.Minute), ""
	wants(t, f, url+"/a", Forbidden, "forbids")
	clock = clock.Add(2 * time.Minute)
	wants(t, f, url+"/a", NoRobots, "500")
	clock, body = clock.Add(11*time.Minute), "User-agent: *\nDisallow:\nSitemap: "+url+"/s.xml\n"
	wants(t, f, url+"/a", OK, "")
	if maps, err := f.Sitemaps(t.Context(), url); err != nil || len(maps) != 1 || asked != 3 {
		t.Errorf("sitemaps %q, error %v, robots.txt asked %d times", maps, err, asked)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /*a$\nAllow: /b\nCrawl-delay: 2\nSitemap: https://bao.example/s.xml"))
	f.Add([]byte("\xef\xbb\xbfUser-agent:*\rDisallow:/"))
	u, _ := url.Parse("https://bao.example/a/b?c=d")
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := readRobots(body)
		if err != nil {
			t.Fatalf("unreadable after tidying: %v", err)
		}
		r.allows(u)
		if r.delay < 0 || r.delay > longestDelay {
			t.Fatalf("delay %s", r.delay)
		}
	})
}
