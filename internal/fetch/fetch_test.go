package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const contact = "mailto:press@example.vn"

// quiet is for servers whose handshakes are meant to fail.
var quiet = log.New(io.Discard, "", 0)

// served starts a server and returns a Fetcher that may ask it, and its address.
func served(t testing.TB, h http.Handler, tweak ...func(*Config)) (*Fetcher, string) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = quiet
	s.Start()
	c := Config{Contact: contact, Pace: -1, Timeout: 3 * time.Second, Allow: []string{s.Listener.Addr().String()}}
	for _, f := range tweak {
		f(&c)
	}
	f, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close(); s.CloseClientConnections(); s.Close() })
	return f, s.URL
}

// site answers one page at every address and has no robots.txt.
func site(page http.HandlerFunc) http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("/robots.txt", http.NotFound)
	m.HandleFunc("/", page)
	return m
}

func says(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	}
}

func get(t testing.TB, f *Fetcher, req Request) (Answer, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return f.Get(ctx, req)
}

// wants asks and checks the end, which must be named and come in time.
func wants(t *testing.T, f *Fetcher, url string, want Code, words string) Answer {
	t.Helper()
	start := time.Now()
	a, err := get(t, f, Request{URL: url})
	if a.Code != want {
		t.Fatalf("code %q, want %q (error: %v)", a.Code, want, err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	if want == OK || want == Unchanged {
		if err != nil {
			t.Fatalf("error %v with code %q", err, want)
		}
		return a
	}
	if !errors.Is(err, want) || CodeOf(err) != want {
		t.Errorf("errors.Is(%v, %q) is false", err, want)
	}
	if !strings.Contains(err.Error(), words) || !strings.Contains(err.Error(), url) {
		t.Errorf("error %q, want it to hold %q and the address", err, words)
	}
	return a
}

func TestWithoutContactNothingIsAsked(t *testing.T) {
	for _, bad := range []string{"", "  ", "phòng truyền thông", "ftp://x.vn", "mailto:nobody", "https://x.vn/a b", "mailto:a@b.vn\r\nX: y", "mailto:a@b.vn)"} {
		if _, err := New(Config{Contact: bad}); !errors.Is(err, ErrNoContact) {
			t.Errorf("New with contact %q: %v, want ErrNoContact", bad, err)
		}
	}
}

func TestPageComesThroughColly(t *testing.T) {
	var seen http.Header
	f, url := served(t, site(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		w.Header().Set("ETag", `"v1"`)
		says("text/html; charset=utf-8", "<p>Bảo hiểm y tế")(w, r)
	}))
	a := wants(t, f, url+"/tin/mot.html?b=2&a=1", OK, "")
	if a.Body != "<p>Bảo hiểm y tế" || a.Charset != "utf-8" || a.Status != 200 || a.ETag != `"v1"` || a.At.IsZero() {
		t.Errorf("answer %+v", a)
	}
	if a.Final != url+"/tin/mot.html?b=2&a=1" || a.Moved != "" || a.Header["Content-Type"][0] != "text/html; charset=utf-8" {
		t.Errorf("final %q moved %q header %v", a.Final, a.Moved, a.Header)
	}
	if w := a.Wire; w.Peer != "127.0.0.1" || w.Proto != "HTTP/1.1" || w.Status != "200 OK" || w.Cut || w.Sent.Get("User-Agent") != seen.Get("User-Agent") {
		t.Errorf("on the wire: %+v", w)
	}
	if ua := seen.Get("User-Agent"); ua != "DiemBao/dev (+mailto:press@example.vn)" {
		t.Errorf("user agent %q", ua)
	}
}

func TestSameAddressMayBeAskedAgain(t *testing.T) {
	f, url := served(t, site(says("text/html", "hai lần")))
	wants(t, f, url+"/a", OK, "")
	wants(t, f, url+"/a", OK, "")
}

func TestUnchanged(t *testing.T) {
	f, url := served(t, site(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, "mới")
	}))
	a, err := get(t, f, Request{URL: url + "/rss", Kind: Feed, ETag: `"v1"`, LastModified: "Sat, 07 Mar 2026 08:01:53 GMT"})
	if err != nil || a.Code != Unchanged || a.Status != 304 || a.ETag != `"v1"` || a.LastModified == "" {
		t.Fatalf("code %q status %d error %v", a.Code, a.Status, err)
	}
}

func TestPagesOfOldTypefacesAreRead(t *testing.T) {
	for name, page := range map[string]struct {
		kind string
		raw  string
		want string
		set  string
	}{
		"windows-1258 in the header":      {"text/html; charset=windows-1258", "<p>B\xe0i vi\xea\xf2t v\xea\xcc ng\xfd\xf5\xeci lao \xf0\xf4\xf2ng", "lao đ", "windows-1258"},
		"utf-8 that calls itself latin-1": {"text/html; charset=iso-8859-1", "<p>Quỹ hưu trí", "Quỹ hưu trí", "utf-8"},
		"utf-8 that calls itself gbk":     {"text/html; charset=gbk", "<p>Quỹ hưu trí", "Quỹ hưu trí", "utf-8"},
		"decomposed":                      {"text/html", "<p>Quy\u0303 hu\u031bu tri\u0301", "Quỹ hưu trí", "utf-8"},
		"charset in a meta element":       {"text/html", "<meta charset=windows-1258><p>lao \xf0\xf4\xf2ng", "đ", "windows-1258"},
		"tcvn3 without a word": {"text/html", "<p>B\xb6o hi\xd3m x\xb7 h\xe9i chi tr\xb6 l\xad\xacng h\xadu cho ng\xad\xeai lao \xae\xe9ng \xeb n\xacng th\xabn. " +
			"C\xb8c c\xac quan \xae\xd2u \xae\xb7 nh\xcbn \xae\xad\xeec h\xe5 s\xac.", "Bảo hiểm xã hội", "tcvn3"},
		"vni that calls itself latin-1": {"text/html; charset=iso-8859-1", "<p>Ba\xfbo hie\xe5m xa\xf5 ho\xe4i chi tra\xfb l\xf6\xf4ng h\xf6u cho ng\xf6\xf4\xf8i lao \xf1o\xe4ng \xf4\xfb no\xe2ng tho\xe2n.", "Bảo hiểm xã hội", "vni"},
		"utf-8 that calls itself tcvn3": {"text/html; charset=x-viet-tcvn5712", "<p>Quỹ hưu trí", "Quỹ hưu trí", "utf-8"},
		"a charset that does not exist": {"text/html; charset=khong-co", "<p>Quỹ hưu trí", "Quỹ hưu trí", "utf-8"},
	} {
		t.Run(name, func(t *testing.T) {
			f, url := served(t, site(says(page.kind, page.raw)))
			a := wants(t, f, url+"/a", OK, "")
			if !strings.Contains(a.Body, page.want) || a.Charset != page.set {
				t.Errorf("read %q as %s, want %q in %s", a.Body, a.Charset, page.want, page.set)
			}
		})
	}
}

func TestMovedAndRedirected(t *testing.T) {
	m := http.NewServeMux()
	m.HandleFunc("/robots.txt", http.NotFound)
	m.HandleFunc("/cu", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/moi", http.StatusMovedPermanently) })
	m.HandleFunc("/tam", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/moi", http.StatusFound) })
	m.HandleFunc("/moi", says("text/html", "ở đây"))
	m.HandleFunc("/banh", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("phien"); err == nil && c.Value == "1" {
			io.WriteString(w, "vào được")
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "phien", Value: "1"})
		http.Redirect(w, r, "/banh", http.StatusFound)
	})
	f, url := served(t, m)
	if a := wants(t, f, url+"/cu", OK, ""); a.Final != url+"/moi" || a.Moved != url+"/moi" || a.URL != url+"/cu" || len(a.Hops) != 2 {
		t.Errorf("permanent: final %q moved %q hops %q", a.Final, a.Moved, a.Hops)
	}
	if a := wants(t, f, url+"/tam", OK, ""); a.Final != url+"/moi" || a.Moved != "" {
		t.Errorf("for now: final %q moved %q", a.Final, a.Moved)
	}
	if a := wants(t, f, url+"/banh", OK, ""); a.Body != "vào được" {
		t.Errorf("a cookie on the way: %q", a.Body)
	}
}

// TestRequestLogKeepsPaceAndRobots compares what went out with what robots.txt
// and the pace say, for two hosts asked at once.
func TestRequestLogKeepsPaceAndRobots(t *testing.T) {
	m := http.NewServeMux()
	m.HandleFunc("/robots.txt", says("text/plain", "User-agent: *\nDisallow: /rieng/\nCrawl-delay: 0.12\n"))
	m.HandleFunc("/qua", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/rieng/b", http.StatusFound) })
	m.HandleFunc("/", says("text/html", "trang"))
	slow := httptest.NewServer(m)
	fast := httptest.NewServer(site(says("text/html", "trang")))
	defer slow.Close()
	defer fast.Close()

	var mu sync.Mutex
	log := map[string][]Exchange{}
	f, err := New(Config{Contact: contact, Pace: 40 * time.Millisecond,
		Allow: []string{slow.Listener.Addr().String(), fast.Listener.Addr().String()},
		Asked: func(x Exchange) { mu.Lock(); defer mu.Unlock(); log[x.Host] = append(log[x.Host], x) }})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all sync.WaitGroup
	for i := range 5 {
		for _, s := range []string{slow.URL, fast.URL} {
			all.Go(func() { wants(t, f, fmt.Sprintf("%s/tin/%d", s, i), OK, "") })
		}
	}
	all.Wait()
	wants(t, f, slow.URL+"/rieng/a", Forbidden, "robots.txt")
	wants(t, f, slow.URL+"/qua", Forbidden, "/rieng/b") // a redirect is asked of robots.txt too

	for host, least := range map[string]time.Duration{slow.Listener.Addr().String(): 120 * time.Millisecond, fast.Listener.Addr().String(): 40 * time.Millisecond} {
		xs := log[host]
		if len(xs) < 6 || xs[0].Kind != robotsKind {
			t.Fatalf("%s: %d requests, the first %q", host, len(xs), xs[0].Kind)
		}
		for i := 1; i < len(xs); i++ {
			if gap := xs[i].At.Sub(xs[i-1].At); gap < least {
				t.Errorf("%s: request %d came %s after the one before, want %s", host, i, gap, least)
			}
			if strings.Contains(xs[i].URL, "/rieng/") || xs[i].Kind == robotsKind {
				t.Errorf("%s: asked for %s", host, xs[i].URL)
			}
		}
	}
}

func TestPaceIsTwoSecondsUnlessSaid(t *testing.T) {
	var waits []time.Duration
	clock := time.Date(2026, 3, 7, 8, 0, 0, 0, time.UTC)
	f, url := served(t, site(says("text/html", "trang")), func(c *Config) {
		c.Pace = 0
		c.Now = func() time.Time { return clock }
		c.Sleep = func(_ context.Context, d time.Duration) error {
			waits = append(waits, d)
			clock = clock.Add(d)
			return nil
		}
	})
	wants(t, f, url+"/a", OK, "")
	if _, err := get(t, f, Request{URL: url + "/b", Pace: 5 * time.Second}); err != nil {
		t.Fatal(err)
	}
	if len(waits) != 2 || waits[0] != 2*time.Second || waits[1] != 5*time.Second {
		t.Errorf("waited %v after robots.txt and after /a, want 2s and 5s", waits)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	f, url := served(t, site(says("text/html", "trang")), func(c *Config) { c.Pace = time.Minute })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	a, err := f.Get(ctx, Request{URL: url + "/a"})
	if a.Code != Cancelled || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Second {
		t.Errorf("code %q, error %v after %s", a.Code, err, time.Since(start))
	}
}
