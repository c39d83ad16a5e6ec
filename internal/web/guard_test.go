package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"diembao/index"
	"diembao/internal/news"
	"diembao/internal/store"
)

// unsafe lists what in a page could run or reach out: scripts and styles that
// are not our files, handlers, addresses of other schemes.
func unsafe(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	must(t, err)
	var out []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "style" || n.Data == "img" || n.Data == "script" && (n.FirstChild != nil || len(n.Attr) == 0) {
			out = append(out, "<"+n.Data+">")
		}
		for _, a := range n.Attr {
			address := a.Key == "href" || a.Key == "src" || a.Key == "action"
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || address && !safeAddress.MatchString(a.Val) {
				out = append(out, n.Data+" "+a.Key+"="+a.Val)
			}
		}
	}
	return out
}

var safeAddress = regexp.MustCompile(`^(/([^/]|$)|#(main|facets)$|https?://)`)

// Everything the press can write is hostile here; nothing of it may run.
func TestHostileText(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	p := open(t, func(o *Options) {
		o.ReadOne = func(a news.Article) (news.Reading, []news.Mention) {
			return news.Reading{}, []news.Mention{{What: "bhyt", Where: news.Title, Start: 0, End: 9, Rule: evil}}
		}
	})
	id := p.publish(item{path: "x", url: "javascript:alert(1)", title: "BHYT " + evil, lead: evil, body: evil + "\n" + evil, story: "s-x", tone: "negative",
		topics: []string{evil}, provinces: []string{evil},
		verdicts: map[string]news.Verdict{"tone": {Value: evil, Reasons: []news.Reason{{Rule: evil, Quote: evil}}}, evil: {Value: []any{evil, 3}}}})
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutSource(t.Context(), store.SourceState{Outlet: "song-xanh", URL: "javascript:" + evil, State: evil, Evidence: evil}); err != nil {
			return err
		}
		return tx.PutIncident(t.Context(), news.Incident{ID: "i-x", Story: "s-x", Title: evil, Level: 1, State: news.Open, Rules: evil, Opened: now, Updated: now,
			Reasons: []news.Factor{{Factor: evil, Value: 1, Weight: 1, Quote: evil, Articles: []string{id, evil}}}})
	}))
	for _, address := range []string{"/", query("bhyt"), query(evil), query("bhyt", "topic", evil), query(`(` + evil), "/?from=" + query(evil)[4:], "/article/" + id, "/story/s-x",
		"/incidents", "/incident/i-x", "/outlets", "/?after=" + query(evil)[4:], "/article/" + query(evil)[4:]} {
		page := text(t, p.get(address))
		hides(t, page, "<script>alert", "<img src=x")
		for _, u := range unsafe(t, page) {
			t.Errorf("%s has %s", address, u)
		}
	}
	shows(t, p.page("/article/"+id), "Không có địa chỉ gốc an toàn", "&lt;script&gt;")
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	p := open(t)
	for _, address := range []string{"/", "/nowhere", "/healthz", "/api/search", "/static/keys.js", "/static/style.css"} {
		h := p.get(address).Header
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", address, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" || h.Get("Cross-Origin-Opener-Policy") != "same-origin" {
			t.Errorf("%s: headers %v", address, h)
		}
	}
}

func TestAnswersOnlyToItsNames(t *testing.T) {
	t.Parallel()
	p := open(t)
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost": 200, "LOCALHOST:1": 200, "[::1]:8080": 200, "diembao.example": 200, "DiemBao.example.:8080": 200,
		"evil.example": 421, "127.0.0.1.evil.example": 421, "10.0.0.8": 421, "": 421, "localhost.evil.example:8080": 421,
	} {
		res := p.get("/", func(r *http.Request) { r.Host = host })
		if res.StatusCode != want {
			t.Errorf("host %q: %s, want %d", host, res.Status, want)
		}
		if want == 421 {
			shows(t, text(t, res), "Sai tên máy chủ")
		}
	}
}

func TestRefusesOtherSites(t *testing.T) {
	t.Parallel()
	p := open(t)
	post := func(change func(*http.Request)) *http.Response {
		return p.get("/incidents", func(r *http.Request) { r.Method = "POST"; change(r) })
	}
	res := post(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if page := text(t, res); res.StatusCode != http.StatusForbidden || !strings.Contains(page, "Không nhận yêu cầu này") {
		t.Errorf("another site's request got %s", res.Status)
	}
	res = post(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") })
	if page := text(t, res); res.StatusCode != http.StatusMethodNotAllowed || !strings.Contains(page, "Trang này chỉ để xem") {
		t.Errorf("our own request got %s", res.Status)
	}
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	p := open(t)
	for _, address := range []string{"/nowhere", "/article/none", "/story/none", "/incident/none", "/static/none"} {
		res := p.get(address)
		if page := text(t, res); res.StatusCode != 404 || !strings.Contains(page, "Không có trang này") || !strings.Contains(page, "Về trang đầu") {
			t.Errorf("%s: %s\n%s", address, res.Status, page)
		}
	}
}

func TestPanicsBecomePages(t *testing.T) {
	t.Parallel()
	p := open(t, func(o *Options) {
		o.Search = func(context.Context, index.Query) (index.Result, error) { panic("a fault of ours") }
	})
	res := p.get(query("x"))
	page := text(t, res)
	if res.StatusCode != 500 {
		t.Errorf("a panic gave %s", res.Status)
	}
	shows(t, page, "Trang bị hỏng")
	hides(t, page, "a fault of ours", "goroutine")
	shows(t, p.log.String(), "a fault of ours")
}

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	p := open(t)
	page := p.page("/")
	for _, file := range regexp.MustCompile(`/static/[^"]+`).FindAllString(page, -1) {
		res := p.get(file)
		if res.StatusCode != 200 || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %s %v", file, res.Status, res.Header)
		}
	}
	css := text(t, p.get("/static/style.css"))
	shows(t, css, "prefers-color-scheme: dark", "@media print", ".card", ".outlet", "#document")
}

func TestCheckListen(t *testing.T) {
	t.Parallel()
	for addr, ok := range map[string]bool{
		"127.0.0.1:8080": true, "127.0.0.1:0": true, "localhost:80": true, "[::1]:8080": true, "127.9.9.9:1": true,
		"0.0.0.0:8080": false, ":8080": false, "[::]:80": false, "192.168.1.4:80": false, "diembao.example:80": false, "8080": false, "": false,
	} {
		err := CheckListen(addr)
		if (err == nil) != ok {
			t.Errorf("CheckListen(%q) = %v", addr, err)
		}
		if err != nil && !strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("CheckListen(%q) does not say what to do: %v", addr, err)
		}
	}
}

func BenchmarkSearchPage(b *testing.B) {
	p := open(b)
	p.crisis()
	p.many(60)
	address := query("lương hưu")
	for b.Loop() {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", address, nil)
		r.Host = "localhost"
		p.web.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}
