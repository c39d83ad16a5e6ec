package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
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
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if a := wants(t, f, url+"/a", TooLarge, "longer than 1024 KiB"); len(a.Raw) != 0 {
				t.Errorf("%d bytes were kept", len(a.Raw))
			}
			runtime.ReadMemStats(&after)
			if used := (after.TotalAlloc - before.TotalAlloc) / mib; used > 24 {
				t.Errorf("%d MiB were allocated on the way", used)
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
