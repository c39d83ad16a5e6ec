package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

// packed writes n zero bytes through a compressor and returns what came out.
func packed(t testing.TB, n int, through func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := through(&b)
	zeros := make([]byte, 1<<20)
	for ; n > 0; n -= len(zeros) {
		if _, err := w.Write(zeros[:min(n, len(zeros))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gz(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
func br(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 4) }
func fl(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 6); return f }

func encoded(coding string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", coding)
		w.Header().Set("Content-Type", "text/html")
		w.Write(body)
	}
}

// TestBombs: 100 MiB that travel as less than 1 MiB are too large, and never
// in memory.
func TestBombs(t *testing.T) {
	const mib = 1 << 20
	bomb := packed(t, 100*mib, gz)
	twice := packed(t, 0, func(w io.Writer) io.WriteCloser {
		z := gzip.NewWriter(w)
		z.Write(bomb)
		return z
	})
	for name, page := range map[string]http.HandlerFunc{
		"gzip":    encoded("gzip", bomb),
		"brotli":  encoded("br", packed(t, 100*mib, br)),
		"deflate": encoded("deflate", packed(t, 100*mib, fl)),
		"a gzip file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/gzip")
			w.Write(bomb)
		},
		"gzip in gzip": encoded("gzip", twice),
		"empty gzip members without end": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			member := bytes.Repeat(packed(t, 0, gz), 1000)
			for r.Context().Err() == nil {
				if _, err := w.Write(member); err != nil {
					return
				}
			}
		},
		"a body without end": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("bảo hiểm ", 1000)); err != nil {
					return
				}
			}
		},
		"a long body that says so": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "104857600")
			io.WriteString(w, "<p>")
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, url := served(t, site(page), func(c *Config) { c.MaxBytes = mib })
			if a := wants(t, f, url+"/a", TooLarge, "longer than 1024 KiB"); len(a.Raw) != 0 {
				t.Errorf("%d bytes were kept", len(a.Raw))
			}
		})
	}
}

func TestPageOfExactlyTheBoundIsWhole(t *testing.T) {
	whole := strings.Repeat("a", 1<<16)
	f, url := served(t, site(says("text/html", whole)), func(c *Config) { c.MaxBytes = 1 << 16 })
	if a := wants(t, f, url+"/a", OK, ""); len(a.Raw) != 1<<16 {
		t.Errorf("%d bytes", len(a.Raw))
	}
}

func TestEncodings(t *testing.T) {
	text := []byte("<p>Quỹ hưu trí của người cao tuổi</p>")
	pack := func(through func(io.Writer) io.WriteCloser) []byte {
		var b bytes.Buffer
		w := through(&b)
		w.Write(text)
		w.Close()
		return b.Bytes()
	}
	for coding, body := range map[string][]byte{"gzip": pack(gz), "br": pack(br), "deflate": pack(fl), "": text, "identity": text} {
		f, url := served(t, site(encoded(coding, body)))
		if a := wants(t, f, url+"/a", OK, ""); a.Body != string(text) {
			t.Errorf("%q: read %q", coding, a.Body)
		}
	}
	// a sitemap that is a gzip file is unzipped once, whatever colly would do
	f, addr := served(t, site(says("application/x-gzip", string(pack(gz)))))
	if a := wants(t, f, addr+"/sitemap.xml.gz", OK, ""); a.Body != string(text) {
		t.Errorf("gzip file: read %q", a.Body)
	}
	f, addr = served(t, site(encoded("zstd", text)))
	wants(t, f, addr+"/a", BadAnswer, "zstd")
	f, addr = served(t, site(encoded("gzip", text)))
	wants(t, f, addr+"/a", BadAnswer, "cannot be read")
}

func TestHostileAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		page  http.HandlerFunc
		want  Code
		words string
	}{
		"redirects without end": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}, TooManyHops, "redirected 10 times"},
		"a circle": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusMovedPermanently)
		}, TooManyHops, "circle"},
		"megabytes of headers": {func(w http.ResponseWriter, _ *http.Request) {
			for i := range 64 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("a", 32<<10))
			}
		}, TooLarge, "headers"},
		"a redirect to a file": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		}, BadAddress, "file:"},
		"a redirect to nowhere": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusFound) }, BadAnswer, "302"},
		"a redirect to metadata": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		}, Guarded, "link-local"},
		"a redirect in disguise": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://[::ffff:10.0.0.1]/", http.StatusFound)
		}, Guarded, "private"},
		"a picture":                {says("image/jpeg", "\xff\xd8\xff"), NotText, "image/jpeg"},
		"a document":               {says("application/pdf", "%PDF-1.7"), NotText, "pdf"},
		"a document called a page": {says("text/html", "%PDF-1.7 …"), NotText, "application/pdf"},
		"nothing":                  {says("text/html", " \n"), Empty, "empty"},
		"404":                      {http.NotFound, Gone, "404"},
		"410":                      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }, Gone, "410"},
		"403":                      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, Blocked, "403"},
		"401":                      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, Blocked, "401"},
		"429":                      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, Blocked, "429"},
		"500":                      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, ServerTrouble, "500"},
		"400":                      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) }, Refused, "400"},
		"204":                      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, BadAnswer, "204"},
		"a connection that breaks": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, BadAnswer, "cannot be read"},
		"a body that breaks off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "500")
			io.WriteString(w, "<p>")
		}, BadAnswer, "unexpected EOF"},
		"a cookie gate":   {says("text/html", `<html><body><script>document.cookie="D1N=0123456789abcdef0123456789abcdef"+"; expires=Fri, 31-Dec-2038 23:59:59 GMT; path=/";window.location.reload(true);</script></body></html>`), Blocked, "sets a cookie"},
		"a browser check": {says("text/html", "<html><head><title>Just a moment...</title></head><body>Enable JavaScript</body></html>"), Blocked, "Cloudflare"},
		"a browser check with 503": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(503)
			io.WriteString(w, `<script src="/cdn-cgi/challenge-platform/x.js">`)
		}, Blocked, "Cloudflare"},
		"a captcha":                 {says("text/html", `<form>Xác nhận bạn không phải robot<div class="g-recaptcha"></div></form>`), Blocked, "captcha"},
		"a soft 404 by its title":   {says("text/html", "<title>Không tìm thấy trang | Báo Sông Xanh</title><p>Mời bạn đọc tin khác"), SoftGone, "Không tìm thấy"},
		"an encoding nobody asked":  {encoded("compress", []byte("x")), BadAnswer, "compress"},
		"utf-16 without end or use": {says("text/html", "\xff\xfe<\x00p\x00>\x00"), OK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f, url := served(t, site(c.page))
			wants(t, f, url+"/tin/mot-bai-bao-123", c.want, c.words)
		})
	}
}

func TestArticlesAreNotTakenForGates(t *testing.T) {
	long := strings.Repeat("Người dân xã vùng cao nhận thẻ khám bệnh trong buổi sáng đầu tuần. ", 40)
	for name, body := range map[string]string{
		"comments behind a captcha": "<article>" + long + `</article><div class="g-recaptcha"></div>`,
		"a title about 404":         "<title>Mã lỗi 404 là gì và vì sao người dùng hay gặp</title>" + long,
		"a cookie in a script":      "<script>document.cookie='a=1';if(x)location.href='/m'</script>" + long,
		"a title about nothing":     "<title>Không tìm thấy nạn nhân sau ba ngày</title>" + long,
	} {
		t.Run(name, func(t *testing.T) {
			f, url := served(t, site(says("text/html", body)))
			wants(t, f, url+"/a", OK, "")
		})
	}
}

func TestSoftGoneByRedirect(t *testing.T) {
	for to, words := range map[string]string{"/404.html": "error page", "/": "front page"} {
		m := http.NewServeMux()
		m.HandleFunc("/robots.txt", http.NotFound)
		m.HandleFunc("/tin/", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
		m.HandleFunc("/", says("text/html", "Trang khác"))
		f, url := served(t, m)
		wants(t, f, url+"/tin/bai-da-go-20260307.html", SoftGone, words)
	}
}

func TestSlowServers(t *testing.T) {
	for name, page := range map[string]http.HandlerFunc{
		"says nothing": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"trickles": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, "b")
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, url := served(t, site(page), func(c *Config) { c.Timeout = 200 * time.Millisecond })
			wants(t, f, url+"/a", Timeout, "200ms")
		})
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 7, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		header string
		rest   time.Duration
		words  string
	}{
		"a year in seconds": {"31536000", 24 * time.Hour, "retired until tomorrow"},
		"beyond numbers":    {"99999999999999999999999999", 24 * time.Hour, "retired until tomorrow"},
		"a year as a date":  {"Sun, 07 Mar 2027 08:00:00 GMT", 24 * time.Hour, "retired until tomorrow"},
		"an hour":           {"3600", time.Hour, "until 2026-03-07T09:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			clock := now
			f, url := served(t, site(func(w http.ResponseWriter, _ *http.Request) {
				if asked.Add(1) > 1 {
					io.WriteString(w, "lại mở")
					return
				}
				w.Header().Set("Retry-After", c.header)
				w.WriteHeader(http.StatusServiceUnavailable)
			}), func(cfg *Config) { cfg.Now = func() time.Time { return clock } })
			wants(t, f, url+"/a", ServerTrouble, c.words)
			_, err := get(t, f, Request{URL: url + "/b"})
			var e *Error
			if !errors.As(err, &e) || e.Code != Held || !e.RetryAt.Equal(now.Add(c.rest)) || asked.Load() != 1 {
				t.Fatalf("while held: %v, asked %d times", err, asked.Load())
			}
			clock = now.Add(c.rest + time.Second)
			wants(t, f, url+"/b", OK, "")
		})
	}
}

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

func TestGuard(t *testing.T) {
	g, err := NewGuard([]string{"127.0.0.1:8081", "noi-bo.example:80", "[::1]:9000"}, func(_ context.Context, host string) ([]netip.Addr, error) {
		switch host {
		case "noi-bo.example", "bay.example":
			return []netip.Addr{netip.MustParseAddr("10.1.2.3")}, nil
		case "hai-mat.example":
			return []netip.Addr{netip.MustParseAddr("192.168.0.1"), netip.MustParseAddr("93.184.216.34")}, nil
		case "khong.example":
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return []netip.Addr{netip.MustParseAddr("93.184.216.34")}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for hostport, open := range map[string]bool{
		"bao.example:80": true, "hai-mat.example:80": true, "93.184.216.34:443": true, "[2606:2800:220:1::1]:80": true,
		"bay.example:80": false, "noi-bo.example:80": true, "noi-bo.example:81": false, "NOI-BO.example.:80": true, "khong.example:80": false,
		"127.0.0.1:8081": true, "127.0.0.1:8082": false, "bao-x.localhost:8081": true, "bao-x.localhost:80": false, "localhost:8081": true,
		"[::1]:9000": true, "[::1]:80": false, "[::ffff:127.0.0.1]:8081": true, "[::ffff:169.254.169.254]:80": false, "169.254.169.254:80": false,
		"0.0.0.0:80": false, "10.0.0.1:80": false, "172.16.0.1:80": false, "192.168.1.1:80": false, "100.64.0.1:80": false, "224.0.0.1:80": false,
		"255.255.255.255:80": false, "198.18.0.1:80": false, "240.0.0.1:80": false, "[fd00::1]:80": false, "[fe80::1]:80": false, "[fe80::1%eth0]:80": false,
		"[64:ff9b::a00:1]:80": false, "[2002:a00:1::]:80": false, "[2001::1]:80": false, "[::]:80": false, "[fec0::1]:80": false, "[::10.0.0.1]:80": false,
	} {
		host, port, err := net.SplitHostPort(hostport)
		if err != nil {
			t.Fatal(err)
		}
		addrs, err := g.Check(t.Context(), host, port)
		if (err == nil && len(addrs) > 0) != open {
			t.Errorf("%s: addresses %v, error %v, want open %v", hostport, addrs, err, open)
		}
		for _, a := range addrs {
			if a.IsPrivate() && host == "hai-mat.example" {
				t.Errorf("%s: the private address is among those to dial", hostport)
			}
		}
	}
	for _, bad := range []string{"127.0.0.1", ":80", "a:b:c"} {
		if _, err := NewGuard([]string{bad}, nil); err == nil {
			t.Errorf("the exception %q was taken", bad)
		}
	}
}

// TestNameThatTurnsPrivate: a name is public at the first look and private at
// the next. What was looked at is what is dialled, so the server behind the
// private address is never reached.
func TestNameThatTurnsPrivate(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer s.Close()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	looks := 0
	f, err := New(Config{Contact: contact, Pace: -1, Timeout: 300 * time.Millisecond, Resolve: func(context.Context, string) ([]netip.Addr, error) {
		if looks++; looks == 1 {
			return []netip.Addr{netip.MustParseAddr("192.88.98.1")}, nil // public, and nobody there
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := get(t, f, Request{URL: "http://doi-mat.example:" + port + "/"})
	if err == nil || reached || looks != 1 {
		t.Errorf("first: code %q, error %v, reached %v after %d looks", a.Code, err, reached, looks)
	}
	f.road.book.pages = nil // forget that robots.txt could not be read
	wants(t, f, "http://doi-mat.example:"+port+"/", Guarded, "this machine")
	if reached {
		t.Error("the private server was reached")
	}
}

func TestBadAddresses(t *testing.T) {
	f, _ := served(t, site(says("text/html", "x")))
	for address, want := range map[string]Code{
		"": BadAddress, "ftp://bao.example/a": BadAddress, "http://": BadAddress, "javascript:alert(1)": BadAddress, "http://[::1": BadAddress,
		"http://0x7f.1/": Guarded, "http://2130706433/": Guarded, "http://localhost/": Guarded, "http://127.0.0.1:1/": Guarded,
	} {
		wants(t, f, address, want, "")
	}
}

func TestNoSuchName(t *testing.T) {
	f, err := New(Config{Contact: contact, Pace: -1, Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wants(t, f, "http://khong-con.example/a", NoName, "does not exist")
}

func TestServerThatIsDown(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	address := s.Listener.Addr().String()
	s.Close()
	f, err := New(Config{Contact: contact, Pace: -1, Allow: []string{address}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wants(t, f, "http://"+address+"/a", Unreachable, "refuses connections")
}

func TestTLS(t *testing.T) {
	s := httptest.NewTLSServer(site(says("text/html", "kín")))
	s.Config.ErrorLog = quiet
	defer s.Close()
	f, err := New(Config{Contact: contact, Pace: -1, Allow: []string{s.Listener.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wants(t, f, s.URL+"/a", BadTLS, "certificate")
}

func TestOldTLSOnlyWhereNamed(t *testing.T) {
	s := httptest.NewUnstartedServer(site(says("text/html", "cũ")))
	s.Config.ErrorLog = quiet
	s.TLS = &tls.Config{MaxVersion: tls.VersionTLS10, MinVersion: tls.VersionTLS10}
	s.StartTLS()
	defer s.Close()
	for _, old := range []bool{false, true} {
		c := Config{Contact: contact, Pace: -1, Allow: []string{s.Listener.Addr().String()}}
		want := "protocol version"
		if old {
			c.OldTLS, want = []string{"127.0.0.1"}, "certificate" // the handshake gets as far as the test's own certificate
		}
		f, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		wants(t, f, s.URL+"/a", BadTLS, want)
		f.Close()
	}
}

func TestBehindAProxyNamesAreCheckedFirst(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, "qua cổng")
	}))
	defer proxy.Close()
	f, err := New(Config{Contact: contact, Pace: -1, Proxy: proxy.URL, Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
		if host == "bao.example" {
			return []netip.Addr{netip.MustParseAddr("93.184.216.34")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if a := wants(t, f, "http://bao.example/a", OK, ""); a.Body != "qua cổng" {
		t.Errorf("body %q", a.Body)
	}
	wants(t, f, "http://noi-bo.example/a", Guarded, "private")
	wants(t, f, proxy.URL+"/a", Guarded, "this machine")
	if len(asked) != 2 {
		t.Errorf("the proxy was asked for %q", asked)
	}
	if _, err := New(Config{Contact: contact, Pace: -1, Proxy: "proxy:3128"}); err == nil {
		t.Error("a proxy without a scheme was taken")
	}
}

func TestDowngradeIsNoted(t *testing.T) {
	plain := roundTrip(func(r *http.Request) *http.Response {
		resp := &http.Response{StatusCode: 200, Proto: "HTTP/1.1", Header: http.Header{}, Body: io.NopCloser(strings.NewReader("trang")), Request: r, ContentLength: -1}
		switch {
		case r.URL.Path == "/robots.txt":
			resp.StatusCode = 404
		case r.URL.Scheme == "https":
			resp.StatusCode = 301
			resp.Header.Set("Location", (&url.URL{Scheme: "http", Host: r.URL.Host, Path: r.URL.Path}).String())
		}
		return resp
	})
	f, err := New(Config{Contact: contact, Pace: -1, Transport: plain})
	if err != nil {
		t.Fatal(err)
	}
	a := wants(t, f, "https://bao.example/a", OK, "")
	if len(a.Notes) != 1 || a.Final != "http://bao.example/a" || a.Moved != "http://bao.example/a" {
		t.Errorf("notes %q, final %q", a.Notes, a.Final)
	}
}

type roundTrip func(*http.Request) *http.Response

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

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
