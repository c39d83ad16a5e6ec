//go:build unix

package render

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/extract"
	"diembao/internal/fetch"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// press is a paper whose articles only scripts show, and what it was asked for.
type press struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

const (
	shell = `<!doctype html><html lang=vi><head><meta charset=utf-8></head><body><div id=root></div><script src=/cam/dem.js></script><script src=/app.js></script></body></html>`
	app   = `const paper = location.host;
fetch('http://169.254.169.254/khoa').catch(e => 0).then(() => fetch('/bai.json')).then(r => r.json()).then(a => {
	document.title = a.title;
	document.getElementById('root').innerHTML = '<article><h1>' + a.title + '</h1><p class=sapo>' + a.lead + '</p>' + a.body.map(p => '<p>' + p + '</p>').join('') + '</article>';
})`
	data = `{"title": "Thôn Sương nhận thẻ bảo hiểm y tế tại nhà", "lead": "Sáng nay, bảo hiểm xã hội huyện Mây mang thẻ tới từng hộ ở thôn Sương.",
"body": ["Hơn hai trăm người cao tuổi của thôn Sương đã nhận thẻ bảo hiểm y tế mà không phải đi bộ ra thị trấn như mọi năm.",
"Bà Lò Thị Mận kể rằng năm ngoái bà phải nghỉ chợ cả ngày để đi đổi thẻ, năm nay cán bộ tới tận bếp hỏi thăm và đưa thẻ.",
"Huyện Mây cho biết việc này sẽ được làm ở mười hai thôn còn lại trước mùa mưa, khi đường lên núi hay sạt lở.",
"Người dân có thể gọi số điện thoại dán ở nhà văn hóa thôn nếu tên, ngày sinh ghi trên thẻ bị sai so với căn cước."]}`
)

func newPress(t *testing.T) *press {
	p := &press{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, r.URL.Path)
		p.mu.Unlock()
		if !strings.HasPrefix(r.UserAgent(), "DiemBao/") {
			t.Errorf("%s was asked for by %q", r.URL, r.UserAgent())
		}
		kind, body := "text/html", shell
		switch r.URL.Path {
		case "/robots.txt":
			kind, body = "text/plain", "User-agent: *\nDisallow: /cam/\n"
		case "/rss":
			kind, body = "application/rss+xml", fmt.Sprintf(`<rss version="2.0"><channel><title>Báo Mây</title><item><title>Thôn Sương nhận thẻ</title><link>%s/thon-suong.html</link><pubDate>%s</pubDate></item></channel></rss>`, p.URL, time.Now().Format(time.RFC1123Z))
		case "/app.js":
			kind, body = "text/javascript", app
		case "/bai.json":
			kind, body = "application/json", data
		}
		w.Header().Set("Content-Type", kind+"; charset=utf-8")
		fmt.Fprint(w, body)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *press) saw(path string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.asked, path)
}

func (p *press) fetcher(t *testing.T) *fetch.Fetcher {
	t.Helper()
	f, err := fetch.New(fetch.Config{Contact: "mailto:a@b.example", Version: "thu", Pace: -1, Allow: []string{p.Listener.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func TestTheGuardAndRobotsHold(t *testing.T) {
	p := newPress(t)
	f, r := p.fetcher(t), chromium(t, Options{})
	if _, err := r.Page(t.Context(), p.URL+"/cam/bai.html", f.Road(0)); fetch.CodeOf(err) != fetch.Forbidden {
		t.Errorf("a page that robots.txt forbids gave %v", err)
	}
	if _, err := r.Page(t.Context(), "http://169.254.169.254/khoa", f.Road(0)); fetch.CodeOf(err) != fetch.Guarded {
		t.Errorf("a cloud's metadata service gave %v", err)
	}
	page, err := r.Page(t.Context(), p.URL+"/thon-suong.html", f.Road(0))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.Body, "Bà Lò Thị Mận kể") {
		t.Errorf("the page is %s", page.Body)
	}
	if p.saw("/cam/bai.html") || p.saw("/cam/dem.js") {
		t.Errorf("what robots.txt forbids was asked for: %q", p.asked)
	}
}

// Of a marked outlet, what scripts build is read; of another it is not.
func TestGatherRenders(t *testing.T) {
	r := chromium(t, Options{})
	for _, marked := range []bool{false, true} {
		p := newPress(t)
		outlet := config.Outlet{ID: "bao-may", Name: "Báo Mây", Licence: "bao", Level: "central", Kind: "press", On: true, Render: marked,
			Domains: []config.Domain{{Host: "127.0.0.1"}}, Feeds: []config.Source{{URL: p.URL + "/rss"}}}
		machine := newMachine(t, outlet, p.fetcher(t), r)
		got, err := machine.Gather(t.Context(), outlet)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: 1}[marked]; got.Articles != want || got.Pages != 1 {
			t.Errorf("render: %v gave %+v", marked, got)
		}
		if p.saw("/bai.json") != marked {
			t.Errorf("render: %v asked for %q", marked, p.asked)
		}
	}
}

// The plain page is no article, the rendered one is.
func TestWhatScriptsAdd(t *testing.T) {
	p := newPress(t)
	f := p.fetcher(t)
	page, err := chromium(t, Options{}).Page(t.Context(), p.URL+"/thon-suong.html", f.Road(0))
	if err != nil {
		t.Fatal(err)
	}
	e, err := extract.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := page
	plain.Body = shell
	if _, err := e.Extract(plain, time.Now()); !errors.Is(err, extract.ErrEmpty) && !errors.Is(err, extract.ErrNotArticle) {
		t.Errorf("the page without its scripts gave %v", err)
	}
	if a, err := e.Extract(page, time.Now()); err != nil || !strings.Contains(a.Title, "Thôn Sương") {
		t.Errorf("the rendered page gave %q, %v", a.Title, err)
	}
}

func newMachine(t *testing.T, o config.Outlet, f *fetch.Fetcher, r *Renderer) *pipeline.Pipeline {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	pack.Outlets = append(pack.Outlets, o)
	rules, err := pipeline.Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { archive.Close() })
	p := &pipeline.Pipeline{Store: archive, Fetch: f, Now: time.Now, Log: slog.New(slog.DiscardHandler), Render: r.Page}
	p.Use(rules)
	return p
}

// A browser that fails says nothing of the page: it is asked for again.
func TestWhatCouldNotBeRenderedIsAskedAgain(t *testing.T) {
	p := newPress(t)
	outlet := config.Outlet{ID: "bao-may", Name: "Báo Mây", Licence: "bao", Level: "central", Kind: "press", On: true, Render: true,
		Domains: []config.Domain{{Host: "127.0.0.1"}}, Feeds: []config.Source{{URL: p.URL + "/rss"}}}
	r := chromium(t, Options{})
	r.Timeout = time.Millisecond
	machine := newMachine(t, outlet, p.fetcher(t), r)
	if got, err := machine.Gather(t.Context(), outlet); err != nil || got.Bad != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	due, err := machine.Store.DueLinks(t.Context(), outlet.ID, time.Now().Add(time.Hour), 10)
	if err != nil || len(due) != 1 || due[0].Attempts != 1 {
		t.Errorf("due in an hour: %+v %v", due, err)
	}
	r.Timeout = time.Minute
	machine.Now = func() time.Time { return time.Now().Add(time.Hour) }
	if got, err := machine.Gather(t.Context(), outlet); err != nil || got.Articles != 1 {
		t.Errorf("an hour later: %+v %v", got, err)
	}
}
