package web

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/index"
	"diembao/internal/export"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// now is when these tests play: a Wednesday morning in Viet Nam.
var now = time.Date(2026, 7, 15, 9, 30, 0, 0, config.VN)

// press is an archive of invented papers behind the real handler.
type press struct {
	t     testing.TB
	store *store.Store
	index *index.Index
	pack  config.Pack
	web   http.Handler
	log   *strings.Builder

	options Options
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open makes an empty archive with its pages.
func open(t testing.TB, change ...func(*Options)) *press {
	t.Helper()
	p := &press{t: t, log: &strings.Builder{}}
	var err error
	p.pack, err = config.Default()
	must(t, err)
	p.pack.Outlets = []config.Outlet{
		{ID: "song-xanh", Name: "Báo Sông Xanh", Level: "central", LevelVerified: true, Reach: "national", Kind: "press", On: true},
		{ID: "doi-moi", Name: "Báo Đồi Mới", Level: "local", Reach: "local", Kind: "press", Province: "nghe-an", On: true},
		{ID: "bien-lang", Name: "Đài Biển Lặng", Level: "local", Reach: "local", Kind: "broadcaster", Province: "ca-mau"},
	}
	p.store, err = store.Open(t.Context(), store.Options{Dir: filepath.Join(t.TempDir(), "data")})
	must(t, err)
	t.Cleanup(func() { must(t, p.store.Close()) })
	p.index, err = index.Create(filepath.Join(t.TempDir(), "index"), schema(), index.Options{Text: p.texts})
	must(t, err)
	t.Cleanup(func() { must(t, p.index.Close()) })
	o := Options{Store: p.store, Pack: func() config.Pack { return p.pack }, Search: p.search, Now: func() time.Time { return now },
		Log: slog.New(slog.NewTextHandler(p.log, nil)), Hosts: []string{"diembao.example"}}
	for _, c := range change {
		c(&o)
	}
	p.options = o
	p.web = New(o)
	return p
}

// wire gives the pages what the machine itself counts, writes and compares.
func (p *press) wire() {
	p.t.Helper()
	rules, err := pipeline.Compile(p.pack)
	must(p.t, err)
	m := &pipeline.Pipeline{Store: p.store, Index: p.index, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
	m.Use(rules)
	p.options.Answer, p.options.Similar = m.Answer, p.index.Similar
	p.options.Card, p.options.Hours, p.options.Split, p.options.Merge, p.options.Move = m.Card, m.Hours, m.Split, m.Merge, m.Move
	p.options.Over = func(ctx context.Context, q index.Query, days, originals []index.Count, by string) ([]export.Period, string, error) {
		periods, step, err := m.Over(ctx, q, days, originals, pipeline.Step(by))
		return periods, string(step), err
	}
	p.web = New(p.options)
}

func schema() index.Schema {
	s := index.Schema{Version: "test", Copy: "copy", Default: []index.Filter{{Field: "relevant", Values: []string{"yes", "uncertain"}}}}
	for _, name := range append([]string{"copy", "lang"}, filters...) {
		s.Fields = append(s.Fields, index.Field{Name: name})
	}
	return s
}

func (p *press) search(ctx context.Context, q index.Query) (index.Result, error) {
	r, err := p.index.Search(ctx, q)
	if err != nil {
		return index.Result{}, err
	}
	return *r, nil
}

func (p *press) texts(ctx context.Context, ids []string) (map[string]index.Texts, error) {
	found, err := p.store.Texts(ctx, ids)
	out := map[string]index.Texts{}
	for id, t := range found {
		out[id] = index.Texts(t)
	}
	return out, err
}

// item is an article to be told, with its reading.
type item struct {
	path, outlet, title, lead, body, url string
	age                                  time.Duration // before now
	tone, story, copyOf                  string
	topics, provinces                    []string
	verdicts                             map[string]news.Verdict
}

// publish keeps articles, their readings and places, and indexes them; it
// returns the id of the first.
func (p *press) publish(items ...item) string {
	p.t.Helper()
	var docs []index.Doc
	must(p.t, p.store.Do(p.t.Context(), func(tx *store.Tx) error {
		for _, i := range items {
			a, r := p.write(i)
			if err := keep(p.t.Context(), tx, i, a, r); err != nil {
				return err
			}
			docs = append(docs, document(i, a, r))
		}
		return nil
	}))
	must(p.t, p.index.Put(p.t.Context(), docs))
	return docs[0].ID
}

// write makes the article and its reading.
func (p *press) write(i item) (news.Article, store.ArticleReading) {
	outlet := cmp.Or(i.outlet, "song-xanh")
	canonical := outlet + ".example/" + i.path
	a := news.Article{ID: news.ID(canonical), Canonical: canonical, URL: cmp.Or(i.url, "https://"+canonical), Outlet: outlet, Title: i.title, Lead: i.lead,
		Body: i.body, Published: now.Add(-i.age), Via: news.Crawl, Lang: "vi", From: map[string]string{"published": "feed pubDate"}}
	o, _ := p.pack.OutletByID(outlet)
	return a, store.ArticleReading{ArticleID: a.ID, Version: 1, Reading: news.Reading{Rules: "r1", Relevant: true, Insurance: []string{news.BHYT}, Topics: i.topics,
		Scope: "local", Provinces: i.provinces, Current: i.provinces, Tone: cmp.Or(i.tone, "neutral"), Role: "none", Target: "none", Level: o.Level, Reach: o.Reach, Verdicts: i.verdicts}}
}

func keep(ctx context.Context, tx *store.Tx, i item, a news.Article, r store.ArticleReading) error {
	if _, err := tx.PutArticles(ctx, []news.Article{a}, a.Published); err != nil {
		return err
	}
	if err := tx.PutReadings(ctx, []store.ArticleReading{r}); err != nil || i.story == "" {
		return err
	}
	if err := tx.PutStories(ctx, []news.Story{{ID: i.story, Title: "Chuyện ở bệnh viện Suối Đá", First: a.Published, Last: a.Published}}); err != nil {
		return err
	}
	return tx.Place(ctx, []store.Placement{{ArticleID: a.ID, StoryID: i.story, CopyOf: i.copyOf}})
}

func document(i item, a news.Article, r store.ArticleReading) index.Doc {
	keywords := map[string][]string{"outlet": {a.Outlet}, "level": {r.Level}, "topic": r.Topics, "province": r.Provinces, "tone": {r.Tone}, "relevant": {"yes"}, "insurance": r.Insurance}
	if i.story != "" {
		keywords["story"] = []string{i.story}
	}
	if i.copyOf != "" {
		keywords["copy"] = []string{i.copyOf}
	}
	return index.Doc{ID: a.ID, Title: a.Title, Lead: a.Lead, Body: a.Body, Time: a.Published, Keywords: keywords}
}

// get asks for a page as a browser on this machine would.
func (p *press) get(address string, change ...func(*http.Request)) *http.Response {
	p.t.Helper()
	r := httptest.NewRequest("GET", address, nil)
	r.Host = "127.0.0.1:8080"
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	p.web.ServeHTTP(w, r)
	return w.Result()
}

// page is the body of a page that must be there.
func (p *press) page(address string, change ...func(*http.Request)) string {
	p.t.Helper()
	res := p.get(address, change...)
	body := text(p.t, res)
	if res.StatusCode != http.StatusOK {
		p.t.Fatalf("GET %s: %s\n%s\n%s", address, res.Status, body, p.log)
	}
	return body
}

func text(t testing.TB, res *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	return string(body)
}

// shows fails where a page lacks one of the words.
func shows(t testing.TB, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			t.Errorf("the page lacks %q:\n%s", w, main(page))
		}
	}
}

func hides(t testing.TB, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(page, w) {
			t.Errorf("the page must not have %q:\n%s", w, main(page))
		}
	}
}

func query(q string, more ...string) string {
	v := url.Values{"q": {q}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Add(more[i], more[i+1])
	}
	return "/?" + v.Encode()
}

// crisis publishes a story of three papers with an incident, and returns the
// id of its first article.
func (p *press) crisis() string {
	p.t.Helper()
	bad := item{path: "tu-choi", title: "Bệnh viện Suối Đá từ chối thẻ bảo hiểm y tế", lead: "Hàng chục người bệnh phải về.", tone: "negative", age: 5 * time.Hour,
		body: "Sáng 15/7, quầy thu viện phí đóng cửa.\nNgười nhà kêu cứu.", story: "s-1", topics: []string{"bhyt_claims"}, provinces: []string{"nghe-an"},
		verdicts: map[string]news.Verdict{
			"tone": {Value: "negative", Confidence: .82, Reasons: []news.Reason{{Rule: "điều không hay xảy ra", Where: news.Title, Quote: "từ chối thẻ", Weight: 1.6}}},
			"risk": {Value: 2, Confidence: .6},
		}}
	first := p.publish(bad)
	bad.path, bad.outlet, bad.copyOf, bad.age = "dang-lai", "doi-moi", first, 4*time.Hour
	p.publish(bad)
	p.publish(item{path: "noi-lai", outlet: "doi-moi", title: "Giám đốc bệnh viện Suối Đá xin lỗi", story: "s-1", age: 2 * time.Hour, topics: []string{"bhyt_claims"}})
	in := news.Incident{ID: "i-1", Story: "s-1", Title: "Bệnh viện Suối Đá từ chối thẻ", Level: 2, State: news.Open, Score: .8808, Rules: "c1", Opened: now.Add(-3 * time.Hour),
		Updated: now.Add(-time.Hour), URLs: []string{"https://song-xanh.example/tu-choi"},
		Reasons: []news.Factor{{Factor: "bias", Value: 1, Weight: -1}, {Factor: "outlets", Value: 1.5, Weight: 2, Articles: []string{first}, Quote: "từ chối thẻ"}, {Factor: "speed", Weight: .8}}}
	must(p.t, p.store.Do(p.t.Context(), func(tx *store.Tx) error { return tx.PutIncident(p.t.Context(), in) }))
	return first
}

// many publishes n plain articles, an hour apart.
func (p *press) many(n int) {
	p.t.Helper()
	items := make([]item, n)
	for i := range items {
		items[i] = item{path: fmt.Sprintf("tin-%d", i), title: fmt.Sprintf("Lương hưu tháng này, tin số %d", i), age: time.Duration(i+6) * time.Hour, topics: []string{"pension"}}
	}
	p.publish(items...)
}

// main is the beginning of a page's own part, for the message of a failed test.
func main(page string) string {
	_, page, _ = strings.Cut(page, "<main")
	return strings.Join(strings.Fields(page[:min(len(page), 6000)]), " ")
}
