//go:build unix

package render

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// street is a road without fetch's rules: it goes to the test's own servers
// and to nobody else, and remembers what it was asked.
type street struct {
	open  []string // hosts
	trust http.RoundTripper

	mu    sync.Mutex
	asked []string
}

var errClosed = errors.New("the street is closed here")

func (s *street) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Method+" "+r.URL.String())
	s.mu.Unlock()
	if !slices.Contains(s.open, r.URL.Host) {
		return nil, errClosed
	}
	return s.trust.RoundTrip(r)
}

func (s *street) saw(what string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.asked, func(a string) bool { return strings.Contains(a, what) })
}

// paper is a server of pages by path, and the street to it.
func paper(t *testing.T, secure bool, pages map[string]string) (*httptest.Server, *street) {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if to, moved := strings.CutPrefix(body, "→ "); moved {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if strings.HasSuffix(r.URL.Path, ".js") {
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		}
		fmt.Fprint(w, body)
	}))
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	way := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true} //nolint:gosec // a test's own server
	return s, &street{open: []string{s.Listener.Addr().String()}, trust: way}
}

// chromium is a Renderer, where this machine can have one.
func chromium(t *testing.T, o Options) *Renderer {
	t.Helper()
	o.Agent = "DiemBao/thu (+mailto:a@b.example)"
	r, err := New(o)
	switch {
	case errors.Is(err, ErrAbsent) && os.Getenv("CI") != "true":
		t.Skip("NOT TESTED: ", err)
	case err != nil:
		t.Fatal(err)
	}
	if why := sandbox(r); why != nil {
		t.Skip("NOT TESTED, not even under CI: ", why)
	}
	return r
}

// sandbox says why Chromium's sandbox cannot work on this machine.
var sandbox = func() func(*Renderer) error {
	var once sync.Once
	var why error
	return func(r *Renderer) error {
		once.Do(func() {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<p>có") }))
			defer s.Close()
			trial := *r
			trial.Timeout = time.Minute
			if _, err := trial.Page(context.Background(), s.URL, http.DefaultTransport); errors.Is(err, ErrNoSandbox) {
				why = err
			}
		})
		return why
	}
}()

const script = `fetch('/du-lieu.js').then(r => r.text()).then(t => setTimeout(() => {
	document.title = 'Tỉnh Mây trả thẻ';
	document.getElementById('app').innerHTML = '<h1>Tỉnh Mây trả thẻ</h1><p>' + t + '</p><p>' + navigator.userAgent + '</p><p>' + new Date(0).getHours() + ' giờ</p>';
}, 3000))`

func TestScriptsBuildThePage(t *testing.T) {
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("secure=%v", secure), func(t *testing.T) {
			s, way := paper(t, secure, map[string]string{
				"/cu":         "→ /bai?x=1#doan",
				"/bai":        `<meta charset=utf-8><div id=app></div><img src=/anh.jpg><link rel=stylesheet href=/mau.css><iframe src=/quang-cao></iframe><script src=/dung.js></script>`,
				"/dung.js":    script + `; fetch('/dem', {method: 'POST', body: 'x'}); navigator.sendBeacon('/dem2', 'x')`,
				"/du-lieu.js": "Người dân thôn Sương nhận thẻ bảo hiểm tại nhà.",
			})
			page, err := chromium(t, Options{}).Page(t.Context(), s.URL+"/cu", way)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"<h1>Tỉnh Mây trả thẻ</h1>", "thôn Sương nhận thẻ", "DiemBao/thu", "<p>8 giờ</p>"} {
				if !strings.Contains(page.Body, want) {
					t.Errorf("%q is not in the page:\n%s", want, page.Body)
				}
			}
			if page.Final != s.URL+"/bai?x=1" || page.Status != http.StatusOK || page.URL != s.URL+"/cu" {
				t.Errorf("the page is %s → %s, %d", page.URL, page.Final, page.Status)
			}
			for _, no := range []string{"anh.jpg", "mau.css", "quang-cao", "POST", "/dem"} {
				if way.saw(no) {
					t.Errorf("%s went out: %q", no, way.asked)
				}
			}
			for _, a := range way.asked {
				if !strings.Contains(a, s.URL) {
					t.Errorf("Chromium asked for something of its own: %s", a)
				}
			}
		})
	}
}

// Whatever a script asks for goes over the road, or nowhere.
func TestNoOtherWayOut(t *testing.T) {
	knocked := make(chan string, 100)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { knocked <- r.RequestURI }))
	defer other.Close()
	at := other.Listener.Addr().String()
	s, way := paper(t, false, map[string]string{"/": `<p id=p>chưa</p><script>
		const ask = u => fetch(u, {mode: 'no-cors'}).then(r => r.text()).catch(e => '');
		try { new WebSocket('ws://` + at + `/ws') } catch (e) {}
		try { new RTCPeerConnection({iceServers: [{urls: 'stun:` + at + `'}]}).createDataChannel('x') } catch (e) {}
		Promise.all([ask('http://169.254.169.254/latest/meta-data'), ask('http://` + at + `/mat'), ask('http://localhost:` + strings.Split(at, ":")[1] + `/ten'), ask('https://` + at + `/kin'), ask('file:///etc/passwd')])
			.then(all => { document.getElementById('p').textContent = 'xong'; })</script>`})
	page, err := chromium(t, Options{}).Page(t.Context(), s.URL+"/", way)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.Body, ">xong<") {
		t.Errorf("the script did not come to its end:\n%s", page.Body)
	}
	for _, want := range []string{"http://169.254.169.254/latest/meta-data", "http://" + at + "/mat", "http://localhost:", "https://" + at + "/kin"} {
		if !way.saw(want) {
			t.Errorf("the road was not asked for %s: %q", want, way.asked)
		}
	}
	select {
	case what := <-knocked:
		t.Errorf("%s reached the server that the road does not lead to", what)
	default:
	}
}

func TestWhatNeverEndsIsEnded(t *testing.T) {
	s, way := paper(t, false, map[string]string{
		"/":    `<p>Bài</p><script>for (;;) {}</script>`,
		"/lon": `<p>Bài</p><script>const s = 'dài '.repeat(1 << 18); for (let i = 0; i < 3; i++) document.body.append(s)</script>`,
	})
	dir, err := os.MkdirTemp("", "r") // short: see longestHome
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)
	r := chromium(t, Options{Timeout: 5 * time.Second})
	start := time.Now()
	if _, err := r.Page(t.Context(), s.URL+"/", way); !errors.Is(err, ErrTimeout) {
		t.Errorf("a script without end gave %v", err)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("it took %s", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := r.Page(ctx, s.URL+"/", way); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a caller who left was told %v", err)
	}
	r.MaxBytes, r.Timeout = 1<<20, time.Minute
	if _, err := r.Page(t.Context(), s.URL+"/lon", way); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a page too large gave %v", err)
	}
	nothingLeft(t)
}

// nothingLeft holds that no profile and no process of one stays behind.
func nothingLeft(t *testing.T) {
	t.Helper()
	dir := os.Getenv("TMPDIR")
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q %v", left, err)
	}
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for range 50 { // the kernel takes its time with the killed
		if lines = slices.DeleteFunc(lines, func(path string) bool {
			line, err := os.ReadFile(path)
			return err != nil || !bytes.Contains(line, []byte("--user-data-dir="+dir))
		}); len(lines) == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("still running: %q", lines)
}

func TestTheRoadsErrorIsThePages(t *testing.T) {
	s, way := paper(t, false, map[string]string{"/mo": `<script>location = '/khong-co'</script>`})
	r := chromium(t, Options{})
	if _, err := r.Page(t.Context(), "http://khong-toi.example/bai", way); !errors.Is(err, errClosed) {
		t.Errorf("a closed road gave %v", err)
	}
	if _, err := r.Page(t.Context(), s.URL+"/khong-co", way); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a page that is not there gave %v", err)
	}
	if _, err := r.Page(t.Context(), "file:///etc/passwd", way); err == nil || !strings.Contains(err.Error(), "not an http") {
		t.Errorf("a file gave %v", err)
	}
}

func TestNoChromium(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := New(Options{}); !errors.Is(err, ErrAbsent) || !strings.Contains(err.Error(), "apt install chromium") {
		t.Errorf("without Chromium: %v", err)
	}
	if _, err := New(Options{Binary: "/khong/co"}); !errors.Is(err, ErrAbsent) || !strings.Contains(err.Error(), "/khong/co") {
		t.Errorf("with another name: %v", err)
	}
}

// A Chromium that finds no sandbox is not run without one.
func TestTheSandboxStays(t *testing.T) {
	if slices.ContainsFunc(flags, func(f string) bool { return strings.Contains(f, "sandbox") }) {
		t.Errorf("%q touch the sandbox", flags)
	}
	told := filepath.Join(t.TempDir(), "chromium")
	if err := os.WriteFile(told, []byte("#!/bin/sh\necho '[1:1:FATAL:zygote_host_impl_linux.cc(1)] No usable sandbox! See …' >&2\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	r, err := New(Options{Binary: told})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Page(t.Context(), "http://bao.example/", http.DefaultTransport); !errors.Is(err, ErrNoSandbox) {
		t.Errorf("it said %v", err)
	}
}
