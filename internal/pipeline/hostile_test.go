package pipeline_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/pipeline"
	"diembao/internal/pulse"
	"diembao/internal/store"
)

// rogue is an outlet whose server means no good, or is in a bad way.
type rogue struct {
	name    string
	robots  http.HandlerFunc // 404 where nil
	list    http.HandlerFunc // what its source answers; a feed of three articles where nil
	page    http.HandlerFunc // what its articles answer; an article where nil
	listing bool             // the source is a listing page rather than a feed
	sitemap bool
	resolve []string // what its name resolves to, look by look; loopback where nil

	state string // how the outlet must end
	says  string // in the evidence, of the source or, with pages, of a link
	check func(t *testing.T, p *pipeline.Pipeline, o config.Outlet, g pipeline.Gathered)

	asked atomic.Int64
}

func (r *rogue) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.asked.Add(1)
	switch path := req.URL.Path; {
	case path == "/robots.txt" && r.robots == nil:
		http.NotFound(w, req)
	case path == "/robots.txt":
		r.robots(w, req)
	case (path == "/nguon" || strings.HasPrefix(path, "/nguon/")) && r.list != nil:
		r.list(w, req)
	case path == "/nguon":
		threeArticles(w, req)
	case r.page != nil:
		r.page(w, req)
	default:
		fairPage(w, req)
	}
}

func threeArticles(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "application/rss+xml")
	io.WriteString(w, `<rss version="2.0"><channel><title>b</title>`)
	for i := range 3 {
		fmt.Fprintf(w, `<item><title>Bài %d ở chợ quê</title><link>http://%s/bai-%d.html</link></item>`, i, req.Host, i)
	}
	io.WriteString(w, `</channel></rss>`)
}

const fairText = `Bà con trong xã đến nhà văn hóa nhận sổ bảo hiểm xã hội tự nguyện, nghe cán bộ giảng giải mức đóng, mức hưởng và hẹn ngày quay lại.`

func fairPage(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<html lang="vi"><head><title>Bài %s ở chợ quê</title></head><body><article><h1>Bài %[1]s ở chợ quê</h1>%s</article></body></html>`,
		req.URL.Path, strings.Repeat("<p>"+fairText+"</p>", 6))
}

func sends(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	}
}

func answers(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// bomb is 64 MiB that travel as a few kilobytes.
func bomb(coding string) http.HandlerFunc {
	var b bytes.Buffer
	var z io.WriteCloser = gzip.NewWriter(&b)
	if coding == "br" {
		z = brotli.NewWriterLevel(&b, 4)
	}
	zeros := make([]byte, 1<<20)
	for range 64 {
		z.Write(zeros)
	}
	z.Close()
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", coding)
		w.Header().Set("Content-Type", "text/html")
		w.Write(b.Bytes())
	}
}

// endless writes a piece again and again, until the reader hangs up.
func endless(piece string, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
			if pause > 0 {
				w.(http.Flusher).Flush()
				time.Sleep(pause)
			}
		}
	}
}

// calendar is a page for each day, each of which links to the days after it, without end.
func calendar(w http.ResponseWriter, r *http.Request) {
	var day int
	fmt.Sscanf(r.URL.Path, "/nguon/ngay-%d", &day)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, "<html><body><h1>Lịch</h1>")
	for i := range 40 {
		fmt.Fprintf(w, `<div><a href="/nguon/ngay-%d.html">Lịch làm việc của ngày thứ %[1]d trong năm</a></div>`, day+i+1)
	}
	io.WriteString(w, "</body></html>")
}

func rogues() []*rogue {
	const (
		tcvn3 = "B\xb6o hi\xd3m x\xb7 h\xe9i chi tr\xb6 l\xad\xacng h\xadu cho ng\xad\xeai lao \xae\xe9ng \xeb n\xabng th\xabn"
		vni   = "Ba\xfbo hie\xe5m xa\xf5 ho\xe4i chi tra\xfb l\xf6\xf4ng h\xf6u cho ng\xf6\xf4\xf8i lao \xf1o\xe4ng \xf4\xfb no\xe2ng tho\xe2n"
	)
	old := func(kind, text string) http.HandlerFunc {
		return sends(kind, "<html><head><title>"+text+"</title></head><body><article><h1>"+text+"</h1>"+strings.Repeat("<p>"+text+", "+text+".</p>", 6)+"</article></body></html>")
	}
	readsOld := func(t *testing.T, p *pipeline.Pipeline, o config.Outlet, g pipeline.Gathered) {
		if a := articleOf(t, p, o); !strings.HasPrefix(a.Title, "Bảo hiểm xã hội chi trả lương hưu") || !strings.Contains(a.Body, "người lao động ở nông thôn") {
			t.Errorf("%s: read as %q, %q", o.ID, a.Title, a.Body)
		}
	}
	all := func(t *testing.T, _ *pipeline.Pipeline, o config.Outlet, g pipeline.Gathered) {
		if g.Articles != 3 {
			t.Errorf("%s: %+v, want its three articles", o.ID, g)
		}
	}
	pages := func(verdict string) func(*testing.T, *pipeline.Pipeline, config.Outlet, pipeline.Gathered) {
		return func(t *testing.T, p *pipeline.Pipeline, o config.Outlet, g pipeline.Gathered) {
			l, err := p.Store.Link(t.Context(), strings.TrimPrefix(strings.TrimSuffix(o.Feeds[0].URL, "/nguon"), "http://")+"/bai-1.html")
			must(t, err)
			if g.Articles != 0 || l.Verdict+l.Why == "" || !strings.Contains(l.Verdict+" "+l.Why, verdict) {
				t.Errorf("%s: %+v, its page ended as %q: %s", o.ID, g, l.Verdict, l.Why)
			}
		}
	}
	return []*rogue{
		{name: "gzip-bomb", list: bomb("gzip"), state: pulse.Layout, says: "longer than"},
		{name: "brotli-bomb", list: bomb("br"), state: pulse.Layout, says: "longer than"},
		{name: "endless-body", list: endless("<rss><channel><item><title>b</title>", 0), state: pulse.Layout, says: "longer than"},
		{name: "trickle", list: endless("<", 100*time.Millisecond), state: pulse.Slow, says: "no whole answer"},
		{name: "silence", list: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, state: pulse.Slow, says: "no whole answer"},
		{name: "endless-redirects", list: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, fmt.Sprintf("/nguon/%d", len(r.URL.Path)*7), http.StatusFound)
		}, state: pulse.Moved, says: "redirected 10 times"},
		{name: "endless-refreshes", list: func(w http.ResponseWriter, r *http.Request) {
			sends("text/html", fmt.Sprintf(`<head><meta http-equiv="refresh" content="0;url=%sx"></head>`, strings.TrimSuffix(r.URL.Path, "/")+"/"))(w, r)
		}, state: pulse.Moved, says: "sent on 10 times"},
		{name: "megabytes-of-headers", list: func(w http.ResponseWriter, _ *http.Request) {
			for i := range 64 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("a", 32<<10))
			}
		}, state: pulse.Layout, says: "headers"},
		{name: "a-picture-that-says-feed", list: sends("application/rss+xml", "\x89PNG\r\n\x1a\n0000"), state: pulse.Layout, says: "image/png"},
		{name: "a-feed-that-says-picture", list: sends("image/png", "<rss/>"), state: pulse.Layout, says: "image/png"},
		{name: "a-feed-that-says-plain-text", list: func(w http.ResponseWriter, r *http.Request) {
			threeArticles(renamed{w, "text/plain; charset=utf-16"}, r)
		}, state: pulse.OK, check: all},
		{name: "breaks-off", list: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, state: pulse.Slow, says: "cannot be read"},
		{name: "entities", list: sends("application/rss+xml", `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel><item><title>&b;</title><link>/a</link></item></channel></rss>`), state: pulse.Blocked, says: "entit"},
		{name: "outside-entity", list: sends("application/rss+xml", `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&a;</title><link>/a</link></item></channel></rss>`), state: pulse.Blocked, says: "entit"},
		{name: "harmless-dtd", list: sends("application/rss+xml", `<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://10.0.0.1/rss.dtd"><rss version="0.91"><channel><item><title>Chợ quê</title><link>/bai-1.html</link></item></channel></rss>`), state: pulse.OK},
		{name: "bottomless", list: sends("application/rss+xml", "<rss><channel>"+strings.Repeat("<a>", 100000)), state: pulse.Blocked, says: "hostile"},
		{name: "robots-gigabyte", robots: endless("Disallow: /"+strings.Repeat("x", 1000)+"\n", 0), state: pulse.OK, check: all},
		{name: "robots-503", robots: answers(503), state: pulse.Slow, says: "robots.txt cannot be read"},
		{name: "robots-silent", robots: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, state: pulse.Slow, says: "robots.txt cannot be read"},
		{name: "robots-forbids", robots: sends("text/plain", "User-agent: *\nDisallow: /"), state: pulse.Blocked, says: "robots.txt"},
		{name: "robots-to-a-router", robots: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.168.1.1/robots.txt", http.StatusFound)
		}, state: pulse.Blocked, says: "private"},
		{name: "turns-private", resolve: []string{"127.0.0.1", "10.0.0.1"}, list: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close") // the next request looks the name up again
			threeArticles(w, r)
		}, robots: answers(404, "Connection", "close"), state: pulse.Blocked, says: "private"},
		{name: "retry-after-a-year", list: answers(503, "Retry-After", "31536000"), state: pulse.Slow, says: "Retry-After", check: func(t *testing.T, p *pipeline.Pipeline, o config.Outlet, _ pipeline.Gathered) {
			s, err := p.Store.Source(t.Context(), o.ID, o.Feeds[0].URL)
			must(t, err)
			if rest := s.Next.Sub(p.Now()); rest < 23*time.Hour || rest > 25*time.Hour {
				t.Errorf("%s rests for %s, want a day", o.ID, rest)
			}
		}},
		{name: "calendar", listing: true, list: calendar, state: pulse.Layout},
		{name: "sitemaps-without-end", sitemap: true, list: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			io.WriteString(w, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
			for i := range 2000 {
				fmt.Fprintf(w, `<sitemap><loc>http://%s%s/%d</loc></sitemap>`, r.Host, r.URL.Path, i)
			}
			io.WriteString(w, `</sitemapindex>`)
		}, state: pulse.Empty},
		{name: "tcvn3", page: old("text/html; charset=utf-8", tcvn3), state: pulse.OK, check: readsOld},
		{name: "vni", page: old("text/html; charset=iso-8859-1", vni), state: pulse.OK, check: readsOld},
		{name: "years-1246-and-2099", list: func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `<rss version="2.0"><channel><item><title>Bài cũ</title><link>http://%s/bai-1.html</link><pubDate>Thu, 01 Jan 2099 00:00:00 +0700</pubDate></item></channel></rss>`, r.Host)
		}, page: sends("text/html", `<html lang="vi"><head><title>Bài cũ ở chợ quê</title><meta property="article:published_time" content="1246-03-07T08:00:00+07:00"></head><body><article><h1>Bài cũ ở chợ quê</h1>`+strings.Repeat("<p>"+fairText+"</p>", 6)+`</article></body></html>`),
			state: pulse.OK, check: func(t *testing.T, p *pipeline.Pipeline, o config.Outlet, _ pipeline.Gathered) {
				if a := articleOf(t, p, o); !a.Published.IsZero() {
					t.Errorf("%s: published %s, want nobody to know", o.ID, a.Published)
				}
			}},
		{name: "pages-are-bombs", page: bomb("gzip"), state: pulse.OK, check: pages("too-large")},
		{name: "pages-trickle", page: endless("<", 100*time.Millisecond), state: pulse.OK, check: pages("no whole answer")},
		{name: "pages-are-pictures", page: sends("text/html", "\x89PNG\r\n\x1a\n0000"), state: pulse.OK, check: pages("not-text")},
		{name: "pages-go-next-door", page: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		}, state: pulse.OK, check: pages("guard")},
	}
}

// renamed says another Content-Type than the handler does.
type renamed struct {
	http.ResponseWriter
	kind string
}

func (r renamed) Write(b []byte) (int, error) {
	r.Header().Set("Content-Type", r.kind)
	return r.ResponseWriter.Write(b)
}

func articleOf(t *testing.T, p *pipeline.Pipeline, o config.Outlet) store.Numbered {
	t.Helper()
	arts, err := p.Store.ArticlesAfter(t.Context(), 0, 1000)
	must(t, err)
	for _, a := range arts {
		if a.Outlet == o.ID {
			return a
		}
	}
	t.Fatalf("%s has no article", o.ID)
	return store.Numbered{}
}

// Every hostile server ends in a named state, with its evidence, and beside
// all of them at once an honest paper loses nothing.
func TestHostileServers(t *testing.T) {
	honest := &rogue{name: "honest", state: pulse.OK, check: func(t *testing.T, _ *pipeline.Pipeline, _ config.Outlet, g pipeline.Gathered) {
		if g.Articles != 3 || g.Failed+g.Bad != 0 {
			t.Errorf("the honest paper: %+v, want its three articles", g)
		}
	}}
	all := append(rogues(), honest)
	pack, err := config.Default()
	must(t, err)
	pack.Outlets = nil
	var allow []string
	var mu sync.Mutex
	looks := map[string]int{}
	by := map[string]*rogue{}
	for _, r := range all {
		s := httptest.NewUnstartedServer(r)
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.Start()
		t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
		_, port, err := net.SplitHostPort(s.Listener.Addr().String())
		must(t, err)
		allow = append(allow, "127.0.0.1:"+port)
		host := r.name + ".example"
		by[host] = r
		o := config.Outlet{ID: r.name, Name: r.name, Level: "central", Reach: "national", Kind: "press", Licence: "bao", Schedule: config.Learned, On: true, Domains: []config.Domain{{Host: host}}}
		source := []config.Source{{URL: "http://" + host + ":" + port + "/nguon"}}
		switch {
		case r.listing:
			o.Listings = source
		case r.sitemap:
			o.Sitemaps = source
		default:
			o.Feeds = source
		}
		pack.Outlets = append(pack.Outlets, o)
	}
	rules, err := pipeline.Compile(pack)
	must(t, err)
	archive, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	must(t, err)
	t.Cleanup(func() { must(t, archive.Close()) })
	p := &pipeline.Pipeline{Store: archive, Now: time.Now, Log: quiet}
	p.Use(rules)
	p.Fetch, err = fetch.New(fetch.Config{Contact: "mailto:thu@bhxh.example", Pace: -1, Timeout: 4 * time.Second, MaxBytes: 1 << 20, Allow: allow,
		Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
			mu.Lock()
			defer mu.Unlock()
			answers := by[host].resolve
			if answers == nil {
				answers = []string{"127.0.0.1"}
			}
			n := min(looks[host], len(answers)-1)
			looks[host]++
			return []netip.Addr{netip.MustParseAddr(answers[n])}, nil
		}})
	must(t, err)
	t.Cleanup(p.Fetch.Close)

	var wait sync.WaitGroup
	got := make([]pipeline.Gathered, len(all))
	for i, o := range pack.Outlets {
		wait.Go(func() {
			var err error
			if got[i], err = p.Gather(t.Context(), o); err != nil {
				t.Errorf("%s stopped the crawler: %v", o.ID, err)
			}
		})
	}
	wait.Wait()
	for i, r := range all {
		t.Run(r.name, func(t *testing.T) {
			o := pack.Outlets[i]
			s, err := archive.OutletState(t.Context(), o.ID)
			must(t, err)
			if s.State != r.state || s.State != pulse.OK && s.Evidence == "" || !strings.Contains(s.Evidence, r.says) {
				t.Errorf("it is %q (%s), want %q (%s)", s.State, s.Evidence, r.state, r.says)
			}
			if r.check != nil {
				r.check(t, p, o, got[i])
			}
			if n := r.asked.Load(); n > 60 {
				t.Errorf("its server was asked %d times", n)
			}
		})
	}
}
