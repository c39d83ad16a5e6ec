package pipeline_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// site answers from a list of pages by address, without a network.
type site map[string]string

func (s site) RoundTrip(r *http.Request) (*http.Response, error) {
	body, ok := s[r.URL.Host+r.URL.RequestURI()]
	status := http.StatusOK
	if !ok {
		status = http.StatusNotFound
	}
	header := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	if to, ok := strings.CutPrefix(body, "→ "); ok {
		status, body = http.StatusMovedPermanently, ""
		header.Set("Location", to)
	}
	if strings.HasPrefix(body, "<feed") {
		header.Set("Content-Type", "application/atom+xml")
	}
	return &http.Response{StatusCode: status, Request: r, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}, nil
}

// visited is a house that gathers once from one outlet on such a site.
func visited(t *testing.T, o config.Outlet, s site) *pipeline.Pipeline {
	t.Helper()
	p, _ := standing(t, o, s)
	return p
}

// standing returns the clock of such a house, too.
func standing(t *testing.T, o config.Outlet, s site) (*pipeline.Pipeline, *clock) {
	t.Helper()
	pack, err := config.Default()
	must(t, err)
	pack.Outlets = append(pack.Outlets, o)
	rules, err := pipeline.Compile(pack)
	must(t, err)
	archive, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	must(t, err)
	t.Cleanup(func() { must(t, archive.Close()) })
	c := &clock{now: time.Date(2026, 3, 7, 12, 0, 0, 0, config.VN)}
	f, err := fetch.New(fetch.Config{Contact: "mailto:a@b.example", Pace: -1, Transport: s, Now: c.Now, Sleep: func(context.Context, time.Duration) error { return nil }})
	must(t, err)
	t.Cleanup(f.Close)
	p := &pipeline.Pipeline{Store: archive, Fetch: f, Now: c.Now, Log: quiet}
	p.Use(rules)
	_, err = p.Gather(t.Context(), o)
	must(t, err)
	return p, c
}

// A broadcaster's YouTube channel is a feed of the broadcaster; films are
// articles of it, and YouTube's pages are not asked for.
func TestFilmsOfAChannel(t *testing.T) {
	const feed = "https://www.youtube.com/feeds/videos.xml?channel_id=UCmau"
	dai := config.Outlet{ID: "dai-mau", Name: "Đài Mẫu", Licence: "dai", Level: "central", Kind: "broadcaster", On: true,
		Domains: []config.Domain{{Host: "dai-mau.example"}}, Feeds: []config.Source{{URL: feed}}}
	p := visited(t, dai, site{
		"www.youtube.com/robots.txt": "User-agent: *\nDisallow: /results\n",
		"www.youtube.com/feeds/videos.xml?channel_id=UCmau": `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><title>Đài Mẫu</title>
<entry><title>Thẻ bảo hiểm y tế điện tử: hỏi và đáp</title><link rel="alternate" href="https://www.youtube.com/watch?v=AbC_123"/>
<published>2026-03-07T01:30:11+00:00</published><media:group><media:description>Bảo hiểm xã hội trả lời khán giả.</media:description></media:group></entry></feed>`,
	})
	a, err := p.Store.ArticleByURL(t.Context(), news.Canonical("https://m.youtube.com/watch?feature=share&v=AbC_123&t=12", p.Rules().Keys))
	must(t, err)
	if a.Outlet != "dai-mau" || a.Form != "video" || a.Title != "Thẻ bảo hiểm y tế điện tử: hỏi và đáp" || a.Lead == "" || a.Published.IsZero() {
		t.Errorf("the film is %+v", a)
	}
}

// A page that scripts would build is read from its AMP twin, and is the same article.
func TestTwinOfAShell(t *testing.T) {
	paper := config.Outlet{ID: "bao-vo", Name: "Báo Vỏ", Licence: "bao", Level: "central", Kind: "press", On: true,
		Domains: []config.Domain{{Host: "bao-vo.example"}}, Feeds: []config.Source{{URL: "https://bao-vo.example/rss"}}}
	title := "Thẻ bảo hiểm y tế không quẹt được ở Phú Lâm"
	p := visited(t, paper, site{
		"bao-vo.example/robots.txt": "User-agent: *\nAllow: /\n",
		"bao-vo.example/rss": `<feed xmlns="http://www.w3.org/2005/Atom"><title>Báo Vỏ</title><entry><title>` + title + `</title>
<link href="https://bao-vo.example/the-bhyt.html"/><published>2026-03-07T08:00:00+07:00</published></entry></feed>`,
		"bao-vo.example/the-bhyt.html":     `<html lang="vi"><head><title>` + title + `</title><link rel="amphtml" href="https://amp.bao-vo.example/the-bhyt.html"></head><body><div id="root">Đang tải…</div></body></html>`,
		"amp.bao-vo.example/robots.txt":    "User-agent: *\nAllow: /\n",
		"amp.bao-vo.example/the-bhyt.html": page(title),
	})
	a, err := p.Store.ArticleByURL(t.Context(), "bao-vo.example/the-bhyt.html")
	must(t, err)
	if a.Title != title || !strings.Contains(a.Body, "hệ thống giám định") {
		t.Errorf("read %q: %q", a.Title, a.Body)
	}
}

// A page that answers under a new address is the same article while its text
// says so; one that leads to another piece is that of a removed article.
func TestMovedPages(t *testing.T) {
	paper := config.Outlet{ID: "bao-doi", Name: "Báo Dời", Licence: "bao", Level: "central", Kind: "press", On: true,
		Domains: []config.Domain{{Host: "bao-doi.example"}}, Feeds: []config.Source{{URL: "https://bao-doi.example/rss"}}}
	entry := func(path, title string) string {
		return `<entry><title>` + title + `</title><link href="https://bao-doi.example/` + path + `"/><published>2026-03-07T08:00:00+07:00</published></entry>`
	}
	stays, goes := "Thẻ bảo hiểm y tế không quẹt được ở Phú Lâm", "Quỹ bảo hiểm xã hội trả lời người dân Phú Lâm"
	s := site{
		"bao-doi.example/robots.txt": "User-agent: *\nAllow: /\n",
		"bao-doi.example/rss":        `<feed xmlns="http://www.w3.org/2005/Atom"><title>Báo Dời</title>` + entry("the.html", stays) + entry("quy.html", goes) + `</feed>`,
		"bao-doi.example/the.html":   page(stays),
		"bao-doi.example/quy.html":   strings.ReplaceAll(page(goes), "Phú Lâm phản ánh", "Phú Lâm hỏi"),
	}
	p, c := standing(t, paper, s)
	_, err := p.Read(t.Context())
	must(t, err)
	s["bao-doi.example/the.html"], s["bao-doi.example/the-bhyt.html"] = "→ https://bao-doi.example/the-bhyt.html", page(stays+", nhiều người chờ hoàn tiền")
	s["bao-doi.example/quy.html"] = "→ https://bao-doi.example/bong-da.html"
	s["bao-doi.example/bong-da.html"] = `<html><head><title>Đội phường thắng</title><meta property="article:published_time" content="2026-03-07T09:00:00+07:00"></head><body><article><h1>Đội phường thắng</h1>` +
		strings.Repeat("<p>Đội bóng phường thắng đậm trong trận chung kết chiều qua trên sân nhà trước hàng nghìn người xem.</p>", 6) + `</article></body></html>`
	c.forward(c.Now().Add(61 * time.Minute))
	_, err = p.Gather(t.Context(), paper)
	must(t, err)
	moved, err := p.Store.ArticleByURL(t.Context(), "bao-doi.example/the-bhyt.html")
	must(t, err)
	if moved.ID != news.ID("bao-doi.example/the.html") || moved.Version != 2 {
		t.Errorf("the moved article is %s, version %d", moved.ID, moved.Version)
	}
	gone, err := p.Store.Removals(t.Context(), news.ID("bao-doi.example/quy.html"))
	must(t, err)
	if len(gone) != 1 || gone[0].Code != "moved" || !strings.Contains(gone[0].Evidence, "bong-da") {
		t.Errorf("the article that leads elsewhere: %+v", gone)
	}
	if a, err := p.Store.Article(t.Context(), news.ID("bao-doi.example/quy.html")); err != nil || a.Title != goes {
		t.Errorf("its text is %q now: %v", a.Title, err)
	}
}
