package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/evidence"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// installation is a server with its pages, on a press that a test writes.
type installation struct {
	t   *testing.T
	web http.Handler
	*server
}

func install(t *testing.T, press http.HandlerFunc) *installation {
	t.Helper()
	pack, err := config.Default()
	must(t, err)
	site := httptest.NewServer(press)
	t.Cleanup(site.Close)
	host := strings.TrimPrefix(site.URL, "http://")
	pack.Site.Fetch.Allow = []string{host}
	pack.Outlets = []config.Outlet{
		{ID: "bo-lau", Name: "Báo Bờ Lau", Level: "local", Reach: "local", Kind: "press", Licence: "bao", On: true,
			Domains: []config.Domain{{Host: "127.0.0.1"}}, Listings: []config.Source{{URL: site.URL + "/", Match: `^/bai-\d+`}}},
		{ID: "mang-lang", Name: "Mạng Làng", Kind: "social", Level: "central", Reach: "national", On: true, Domains: []config.Domain{{Host: "manglang.example"}}},
	}
	s := &server{house: &house{verbs: &verbs{Data: t.TempDir()}, log: slog.New(slog.DiscardHandler)}, pack: pack, now: time.Now}
	rules, err := pipeline.Compile(pack)
	must(t, err)
	archive, err := store.Open(t.Context(), store.Options{Dir: s.Data})
	must(t, err)
	t.Cleanup(func() { must(t, archive.Close()) })
	s.pipeline = &pipeline.Pipeline{Store: archive, Now: s.now, Log: s.log}
	s.pipeline.Use(rules)
	s.pipeline.Fetch, err = fetch.New(fetch.Config{Contact: "mailto:thu@bolau.example", Pace: -1, Allow: pack.Site.Fetch.Allow})
	must(t, err)
	t.Cleanup(s.pipeline.Fetch.Close)
	return &installation{t, s.handler(), s}
}

// ask sends a request as our own page would.
func (x *installation) ask(method, address, kind string, body io.Reader) *http.Response {
	x.t.Helper()
	r := httptest.NewRequest(method, address, body)
	r.Host = "127.0.0.1:8080"
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	x.web.ServeHTTP(w, r)
	return w.Result()
}

func (x *installation) page(address string, words ...string) string {
	x.t.Helper()
	return x.shows(x.ask("GET", address, "", nil), http.StatusOK, words...)
}

// shows fails where an answer has another status or lacks one of the words.
func (x *installation) shows(res *http.Response, status int, words ...string) string {
	x.t.Helper()
	body, err := io.ReadAll(res.Body)
	must(x.t, err)
	if res.StatusCode != status {
		x.t.Errorf("%s, want %d", res.Status, status)
	}
	for _, w := range words {
		if !strings.Contains(string(body), w) {
			x.t.Errorf("the answer lacks %q:\n%s", w, body)
		}
	}
	return string(body)
}

// form sends fields, and files as "field=name" → content.
func (x *installation) form(address string, fields, files map[string]string) *http.Response {
	x.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		must(x.t, w.WriteField(name, value))
	}
	for name, content := range files {
		field, file, _ := strings.Cut(name, "=")
		part, err := w.CreateFormFile(field, file)
		must(x.t, err)
		_, err = io.WriteString(part, content)
		must(x.t, err)
	}
	must(x.t, w.Close())
	return x.ask("POST", address, w.FormDataContentType(), &b)
}

// What was seen of an article is listed on its page and handed out whole, as a
// file that is never shown; that it was taken down is told.
func TestThePageOfAnArticleHoldsItsEvidence(t *testing.T) {
	gone := false
	x := install(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			io.WriteString(w, `<html><body>`+strings.Repeat(`<p><a href="/bai-100231.html">Xã Bờ Lau trao sổ bảo hiểm xã hội tự nguyện cho hộ nghèo</a></p>`, 3)+`</body></html>`)
		case r.URL.Path == "/bai-100231.html" && !gone:
			io.WriteString(w, `<html lang="vi"><head><title>Xã Bờ Lau trao sổ bảo hiểm xã hội</title><meta property="article:published_time" content="`+time.Now().Add(-time.Hour).Format(time.RFC3339)+`"></head><body><article><h1>Xã Bờ Lau trao sổ bảo hiểm xã hội tự nguyện cho hộ nghèo</h1>`+
				strings.Repeat("<p>Bảo hiểm xã hội tỉnh An Giang trao sổ bảo hiểm xã hội tự nguyện cho hộ nghèo, Nhà nước hỗ trợ một phần mức đóng.</p>", 6)+`</article><script>alert("độc")</script></body></html>`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	ctx, p := t.Context(), x.pipeline
	must(t, p.OpenEvidence(ctx, x.Data+"/"+evidenceFolder, evidence.Options{}))
	t.Cleanup(func() { must(t, p.CloseEvidence()) })
	work := func() {
		t.Helper()
		_, err := p.Gather(ctx, p.Rules().Pack.Outlets[0])
		must(t, err)
		_, err = p.Read(ctx)
		must(t, err)
		_, err = p.Prove(ctx)
		must(t, err)
	}
	work()
	arts, _, err := p.Store.Newest(ctx, store.Filter{All: true}, 5, "")
	must(t, err)
	if len(arts) != 1 {
		t.Fatalf("%d articles", len(arts))
	}
	address := "/article/" + arts[0].ID
	page := x.page(address, "trang như đã thấy", "SHA-256", "evidence/", "Từng phần được tìm ra bằng cách nào")
	sum := regexp.MustCompile(`SHA-256</dt><dd><code>([0-9a-f]{64})`).FindStringSubmatch(page)
	if sum == nil {
		t.Fatal("no digest on the page")
	}
	res := x.ask("GET", address+"/evidence/1/page", "", nil)
	if body := x.shows(res, http.StatusOK, "độc"); !strings.HasPrefix(body, "<html") {
		t.Errorf("the page is %.60q", body)
	}
	if h := res.Header; !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Content-Type") != "application/octet-stream" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("a stranger's page is handed out as %v", h)
	}
	warc := x.shows(x.ask("GET", address+"/evidence/1/warc", "", nil), http.StatusOK)
	if !strings.HasPrefix(warc, "\x1f\x8b") {
		t.Errorf("the WARC file begins with %q", warc[:2])
	}
	x.shows(x.ask("GET", address+"/evidence/2/page", "", nil), http.StatusNotFound)
	x.shows(x.ask("GET", address+"/evidence/1/../../x", "", nil), http.StatusTemporaryRedirect)

	gone = true
	must(t, p.Store.Do(ctx, func(tx *store.Tx) error {
		_, err := tx.Removed(ctx, store.Removal{ArticleID: arts[0].ID, At: time.Now(), Code: "gone", Evidence: `{"fact":"seen.fetch.gone","of":{"Status":404}}`})
		return err
	}))
	x.page(address, "Bài đã bị gỡ", "Máy chủ trả lời 404")
	x.page(address+"?lang=en", "The article was taken down", "The server answered 404")
}

// A clip is entered in a form: what is missing is asked for in words, files are
// kept with their digest, and the clip stands in the list and on its page.
func TestAClipIsEnteredInAPage(t *testing.T) {
	x := install(t, http.NotFound)
	x.page("/clips", "Chưa có tin nhập tay nào")
	x.page("/clips/new?medium=tv", "Chương trình", "Báo Bờ Lau")
	x.page("/clips/new?medium=social", "Mạng Làng", "Địa chỉ bài đăng")
	fields := map[string]string{"medium": "print", "title": "Bảo hiểm xã hội tỉnh An Giang <trả> lương hưu", "outlet": "bo-lau", "date": "06/07/2026 06:00", "by": "Lan"}
	x.shows(x.form("/clips", fields, nil), http.StatusBadRequest, "viết một trong hai", "&lt;trả&gt; lương hưu", `value="Lan"`)
	fields["page"], fields["date"] = "3", "hôm nào đó"
	x.shows(x.form("/clips", fields, nil), http.StatusBadRequest, "hôm nào đó")
	fields["date"] = "06/07/2026 06:00"
	res := x.form("/clips", fields, map[string]string{`file=bản "quét".png`: "\x89PNG\r\n\x1a\nđiểm ảnh"})
	x.shows(res, http.StatusSeeOther)
	at := res.Header.Get("Location")
	page := x.page(at, "Nhập tay: Báo in", "trang 3", "image/png", "Lan thấy, Lan nhập", "nhập tay: Lan")
	link := regexp.MustCompile(at + `/file/[0-9a-f]{64}`).FindString(page)
	x.page(link, "điểm ảnh")
	x.page("/clips?medium=print&days=7", "&lt;trả&gt; lương hưu", "1 tệp")
	x.page("/clips?medium=tv&days=7", "Chưa có tin nhập tay nào")
	post := map[string]string{"medium": "social", "title": "Bài đăng về thẻ BHYT", "outlet": "mang-lang", "date": "06/07/2026 06:00", "by": "Lan"}
	x.shows(x.form("/clips", post, nil), http.StatusBadRequest, "cần địa chỉ hoặc ảnh chụp")
	post["link"] = "javascript:alert(1)"
	x.shows(x.form("/clips", post, nil), http.StatusBadRequest, "http:// hoặc https://")
	post["link"], post["reach"] = "https://manglang.example/p/7", "12.500"
	x.shows(x.form("/clips", post, nil), http.StatusSeeOther)
	x.page("/clips", "12.500 lượt tiếp cận")
	r := httptest.NewRequest("POST", "/clips", strings.NewReader(""))
	r.Host = "127.0.0.1:8080"
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	x.web.ServeHTTP(w, r)
	x.shows(w.Result(), http.StatusForbidden)
}

// A list is held against the archive in a page, and the differences leave as a
// file that no spreadsheet computes.
func TestAListIsComparedInAPage(t *testing.T) {
	x := install(t, http.NotFound)
	var list strings.Builder
	list.WriteString("tít,địa chỉ\n")
	must(t, x.pipeline.Store.Do(t.Context(), func(tx *store.Tx) error {
		for i := range 12 {
			url := "http://127.0.0.1/bai-" + strings.Repeat("7", i+1) + ".html"
			a := news.Article{Canonical: news.Canonical(url, news.Rules{}), URL: url, Outlet: "bo-lau", Title: "Bảo hiểm xã hội tỉnh trao sổ đợt " + strings.Repeat("x", i+1), Published: time.Now().Add(-time.Hour), FirstSeen: time.Now(), Via: news.Crawl, Lang: "vi"}
			a.ID = news.ID(a.Canonical)
			if _, err := tx.PutArticles(t.Context(), []news.Article{a}, time.Now()); err != nil {
				return err
			}
			if i < 10 {
				list.WriteString(a.Title + "," + url + "\n")
			}
		}
		return nil
	}))
	_, err := x.pipeline.Read(context.WithoutCancel(t.Context()))
	must(t, err)
	list.WriteString("=HYPERLINK(1) bài chỉ người thấy,http://127.0.0.1/bai-99.html\n")
	x.page("/compare", "Danh sách CSV hoặc XLSX")
	x.shows(x.form("/compare", nil, nil), http.StatusBadRequest, "Chọn một tệp")
	x.shows(x.form("/compare", nil, map[string]string{"list=a.xlsx": "PK\x03\x04 cụt"}), http.StatusBadRequest, `role="alert"`)
	x.shows(x.form("/compare", map[string]string{"same": "yes", "as": "page"}, map[string]string{"list=tháng 7.csv": list.String()}), http.StatusOK,
		"tháng 7.csv", "<dt>Cả hai</dt><dd>10</dd>", "<dt>Chỉ máy có</dt><dd>2</dd>", "<dt>Chỉ danh sách có</dt><dd>1</dd>", "khoảng 95 %", "Báo Bờ Lau")
	res := x.form("/compare", map[string]string{"as": "csv"}, map[string]string{"list=a.csv": list.String()})
	x.shows(res, http.StatusOK, "'=HYPERLINK(1)", "Chỉ máy có")
}

// What is kept how long, and for how long the disk lasts, is told in a page; so
// is each outlet's ledger.
func TestKeepingAndOneOutletAreTold(t *testing.T) {
	x := install(t, http.NotFound)
	x.page("/keeping", "Bằng chứng (WARC)", "còn trống", "Không vụ nào đang được niêm giữ")
	_, err := x.pipeline.Gather(t.Context(), x.pipeline.Rules().Pack.Outlets[0])
	must(t, err)
	x.page("/outlet/bo-lau", "Báo Bờ Lau", "Máy chủ trả lời 404", "Việc nên làm")
	x.page("/outlet/bo-lau?lang=en", "The server answered 404")
	x.shows(x.ask("GET", "/outlet/khong-co", "", nil), http.StatusNotFound)
}
