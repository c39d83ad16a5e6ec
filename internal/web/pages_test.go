package web

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

func TestFrontPage(t *testing.T) {
	t.Parallel()
	p := open(t)
	shows(t, p.page("/"), "Kho tin còn trống", "Thứ Tư, 15/07/2026", `lang="vi"`)
	p.crisis()
	p.many(25)
	page := p.page("/")
	shows(t, page, "Đang cần chú ý", "/incident/i-1", "30 ngày qua", "<b>28</b> lượt đăng", `<b class="bad">2</b> tiêu cực`,
		"Bệnh viện Suối Đá từ chối thẻ bảo hiểm y tế", "&#43;1 báo đăng lại", "Câu chuyện: 3 bài", "5 giờ trước", "Tin cũ hơn")
	older := regexp.MustCompile(`rel="next" href="(/\?after=[^"]+)"`).FindStringSubmatch(page)
	if older == nil {
		t.Fatalf("no way to older articles:\n%s", page)
	}
	second := p.page(html.UnescapeString(older[1]))
	shows(t, second, "tin số 24")
	hides(t, second, "tin số 3<", "Bệnh viện Suối Đá từ chối thẻ bảo hiểm y tế</a>")
}

func TestFrontPageWithoutIndex(t *testing.T) {
	t.Parallel()
	p := open(t, func(o *Options) { o.Search = nil })
	p.many(2)
	shows(t, p.page("/"), "tin số 1")
	shows(t, p.page(query("lương hưu")), "Chỉ mục tìm kiếm chưa sẵn sàng")
}

// An answer says what it lacks while the index is being built.
func TestPagesSayWhatTheIndexLacks(t *testing.T) {
	t.Parallel()
	left := 1250
	p := open(t, func(o *Options) { o.Behind = func(context.Context) (int, error) { return left, nil } })
	p.many(2)
	for _, address := range []string{"/", query("lương hưu")} {
		shows(t, p.page(address), "còn 1.250 bài đã đọc mà chưa tìm được")
	}
	left = 0
	hides(t, p.page(query("lương hưu")), "chưa tìm được")
}

func TestSearch(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	p.many(45)
	page := p.page(query("thẻ bảo hiểm"))
	shows(t, page, "<mark>thẻ bảo hiểm", "2 lượt đăng", "1 tin gốc", "Hiểu là:", "&#43;1 báo đăng lại", `value="thẻ bảo hiểm"`)
	if n := strings.Count(page, `<h3><a href="/article/`); n != 1 {
		t.Errorf("%d articles are listed; the copy must be folded under its original", n)
	}
	shows(t, p.page(query("qwzx")), "Không có bài nào")
	page = p.page(query("lương hưu"))
	shows(t, page, "45 lượt đăng", "45 tin gốc", "Trang 1 / 3", "Trang sau")
	hides(t, page, "Trang trước")
	page = p.page(query("lương hưu", "page", "3"))
	shows(t, page, "Trang 3 / 3", "Trang trước")
	hides(t, page, "Trang sau")
	if n := strings.Count(page, `<h3><a href="/article/`); n != 5 {
		t.Errorf("the last page of 45 lists %d", n)
	}
	first := strings.Index(p.page(query("lương hưu", "sort", "newest")), "tin số 0<")
	if first < 0 {
		t.Error("the newest article is not on the first page by time")
	}
}

func TestFacetsNarrowAndLetGo(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	p.many(3)
	page := p.page(query("lương OR thẻ OR xin"))
	link := regexp.MustCompile(`<a href="([^"]*)"><span class="l">Địa phương</span> <span class="n" title="[^"]*">2<small>/1</small></span>`).FindStringSubmatch(page)
	if link == nil {
		t.Fatalf("no facet for local outlets:\n%s", page)
	}
	narrowed := p.page(html.UnescapeString(link[1]))
	shows(t, narrowed, "2 lượt đăng", `class="on"`, "Bỏ lọc")
	hides(t, narrowed, "tin số 1")
	chip := regexp.MustCompile(`<ul class="chips"[^>]*><li><a href="([^"]*)"`).FindStringSubmatch(narrowed)
	if chip == nil {
		t.Fatalf("no chip to let the filter go:\n%s", narrowed)
	}
	shows(t, p.page(html.UnescapeString(chip[1])), "6 lượt đăng")
	without := p.page(query("lương OR thẻ OR xin", "not.level", "local"))
	shows(t, without, "4 lượt đăng", "trừ")
	shows(t, p.page(query("", "topic", "pension")), "3 lượt đăng")
	shows(t, p.page("/?from=2026-07-15&to=2026-07-15"), "Từ ngày:", "15/07/2026")
	shows(t, p.page("/?from=2026-06-01&to=2026-06-30"), "Không có bài nào")
	shows(t, p.page("/?from=hom-nao"), "Không đọc được ngày “hom-nao”")
}

func TestSyntaxErrorsShowWhere(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.many(1)
	page := p.page(query(`lương hưu (tháng`))
	shows(t, page, "Câu tìm chưa đúng", `role="alert"`, "lương hưu", `aria-invalid="true"`)
	hides(t, page, "SyntaxError", "0 lượt đăng")
}

func TestArticlePage(t *testing.T) {
	t.Parallel()
	p := open(t, func(o *Options) {
		o.ReadOne = func(a news.Article) (news.Reading, []news.Mention) {
			at := strings.Index(a.Title, "bảo hiểm y tế")
			if at < 0 {
				return news.Reading{}, nil
			}
			return news.Reading{}, []news.Mention{
				{What: "bhyt", Where: news.Title, Start: at, End: at + len("bảo hiểm y tế"), Rule: "nêu tên BHYT"},
				{What: "crisis:2:kêu cứu", Where: news.Body, Start: strings.Index(a.Body, "kêu cứu"), End: strings.Index(a.Body, "kêu cứu") + len("kêu cứu"), Rule: "từ tin xấu mức 2"},
				{What: "bhyt", Where: news.Title, Start: at + 1, End: at + 3, Rule: "inside a letter"}, {What: "bhyt", Where: news.Lead, Start: -4, End: 9000},
			}
		}
	})
	id := p.crisis()
	page := p.page("/article/" + id)
	shows(t, page, "Báo Sông Xanh", "15/07/2026 04:30", "feed pubDate", "đọc từ báo", `<p class="lead">Hàng chục`,
		`href="https://song-xanh.example/tu-choi" rel="noopener noreferrer nofollow"`,
		`<mark class="ours" title="nêu tên BHYT">bảo hiểm y tế</mark>`, `<mark class="bad" title="từ tin xấu mức 2">kêu cứu</mark>`,
		"Sắc thái", "tiêu cực", "82 %", "&#43;1,60", "điều không hay xảy ra", "<q>từ chối thẻ</q>", "2 – có thể phải trả lời",
		"/story/s-1", "3 bài", "Báo Đồi Mới", "Quy tắc r1")
}

func TestVersionsShowWhatChanged(t *testing.T) {
	t.Parallel()
	p := open(t)
	i := item{path: "sua", title: "Quỹ thất thoát 12 tỷ đồng", body: "Theo báo cáo, số tiền là 12 tỷ đồng.\nSự việc đang được làm rõ.", age: 5 * time.Hour}
	id := p.publish(i)
	i.body, i.title, i.age = "Theo báo cáo, số tiền là 1,2 tỷ đồng.\nSự việc đang được làm rõ.", "Quỹ thất thoát 1,2 tỷ đồng", 2*time.Hour
	if p.publish(i) != id {
		t.Fatal("the edited article got another id")
	}
	shows(t, p.page("/article/"+id), "Bài đã đổi: 2 bản", "Bản 2", "<del>12</del><ins>1,2</ins> tỷ đồng")
}

func TestStoryPage(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	page := p.page("/story/s-1")
	shows(t, page, "Chuyện ở bệnh viện Suối Đá", "<b>3</b> lượt đăng", "<b>2</b> tin gốc", "15/07/2026", "/incident/i-1", "&#43;1 báo đăng lại", "Báo Đồi Mới", "tiêu cực")
	if n := strings.Count(page, `<h3><a href="/article/`); n != 2 {
		t.Errorf("%d articles are listed; the copy must be folded", n)
	}
}

// A story names the one it grew out of, what grew out of it, the one that took
// it in, and why each article is in it.
func TestStoriesOfAKind(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	tell := func(path, story string) string {
		return p.publish(item{path: path, title: "Quốc hội bàn về " + path, story: story, age: time.Hour})
	}
	branch := tell("nhanh", "s-2")
	tell("gop", "s-3")
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		w := store.Word{Who: "diembao", Why: "giống nhau", At: now}
		if err := tx.PutStories(t.Context(), []news.Story{{ID: "s-4", Title: "Nhánh của chuyện", Parent: "s-1"}}); err != nil {
			return err
		}
		why := []news.Reason{{Rule: "words", Quote: "bệnh viện Suối Đá", Weight: 3}, {Rule: "words", Quote: "thẻ bảo hiểm", Weight: 2}}
		if err := tx.Place(t.Context(), []store.Placement{{ArticleID: branch, StoryID: "s-4", Why: why}}); err != nil {
			return err
		}
		return tx.JoinStories(t.Context(), "s-3", "s-1", w)
	}))
	shows(t, p.page("/story/s-4"), "Tách ra từ câu chuyện dài:", `href="/story/s-1"`, "<q>bệnh viện Suối Đá</q>, <q>thẻ bảo hiểm</q>")
	shows(t, p.page("/story/s-1"), "Nhánh tách ra từ đây", `href="/story/s-4"`, "máy gộp hai câu chuyện giống nhau")
	shows(t, p.page("/story/s-3"), "Đã gộp vào câu chuyện:", `href="/story/s-1"`)
}

func TestIncidents(t *testing.T) {
	t.Parallel()
	p := open(t)
	shows(t, p.page("/incidents"), "Không có sự việc nào")
	id := p.crisis()
	shows(t, p.page("/incidents"), "Cần trả lời", "đang mở", "88,1 %")
	shows(t, p.page("/incidents?state=open&level=2"), "/incident/i-1")
	hides(t, p.page("/incidents?state=closed"), "/incident/i-1")
	hides(t, p.page("/incidents?level=3"), "/incident/i-1")
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.SetIncident(t.Context(), "i-1", news.Acked, store.Word{Who: "Lan", Why: "đã gọi bệnh viện", At: now})
	}))
	page := p.page("/incident/i-1")
	shows(t, page, "Cần trả lời", "đã nhận", "Số tòa soạn nêu điều không hay", "<q>từ chối thẻ</q>", "1,50 × 2,00", "&#43;3,00", "−1,00", "Tốc độ lan",
		"/article/"+id, "/story/s-1", "Lan: <q>đã gọi bệnh viện</q>", "Giám đốc bệnh viện Suối Đá xin lỗi")
}

func TestOutlets(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.many(2)
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		for _, s := range []store.SourceState{
			{Outlet: "song-xanh", URL: "https://song-xanh.example/rss", State: "ok", LastOK: now, LastTry: now, Next: now.Add(time.Hour)},
			{Outlet: "doi-moi", URL: "https://doi-moi.example/rss", State: "timeout", Failures: 4, LastTry: now.Add(-2 * time.Hour), Evidence: "chờ 30 giây không thấy trả lời"},
		} {
			if err := tx.PutSource(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	}))
	page := p.page("/outlets")
	shows(t, page, "Báo Sông Xanh", "tốt", "10:30", "2 bài, 2 liên quan trong 7 ngày", "Báo Đồi Mới", "quá chậm", "chờ 30 giây", "chưa kiểm chứng", "Nghệ An")
	hides(t, page, "Đài Biển Lặng")
	if strings.Index(page, "Báo Đồi Mới") > strings.Index(page, "Báo Sông Xanh") {
		t.Error("the outlet in trouble must come first")
	}
	shows(t, p.page("/outlets?state=off"), "Đài Biển Lặng", "đã tắt")
	shows(t, p.page("/outlets?level=central"), "Báo Sông Xanh")
	hides(t, p.page("/outlets?level=central"), "Báo Đồi Mới</a>")
	hides(t, p.page("/outlets?state=dark"), "Báo Sông Xanh</a>")
}

func TestReport(t *testing.T) {
	t.Parallel()
	var from, to time.Time
	p := open(t, func(o *Options) {
		o.Report = func(_ context.Context, f, u time.Time, lang string) ([]byte, error) {
			from, to = f, u
			return []byte("<html lang=" + lang + "><style>b{color:red}</style><b>Tuần</b></html>"), nil
		}
	})
	shows(t, p.page("/report"), "06/07/2026–12/07/2026", `sandbox="allow-same-origin`, `src="/report/document?period=2026-W28"`, "Kỳ trước", "Kỳ sau", "Nửa năm")
	res := p.get("/report/document?period=2026-W28")
	csp := res.Header.Get("Content-Security-Policy")
	// printf 'b{color:red}' | openssl dgst -sha256 -binary | base64
	if !strings.Contains(csp, "style-src 'sha256-ypIZpeWh67Lh3q46jpjGW7VCAJpmEqcFe8Dl5B2rXQU='") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "sandbox") {
		t.Errorf("the report's policy is %q", csp)
	}
	if from.In(config.VN).Format(time.DateOnly) != "2026-07-06" || to.In(config.VN).Format(time.DateOnly) != "2026-07-13" {
		t.Errorf("the report was of %v to %v", from, to)
	}
	shows(t, p.page("/report?period=nonsense"), "Không đọc được kỳ “nonsense”")
	shows(t, p.page("/report?period=2026-W29"), "Kỳ này chưa hết")
	shows(t, text(t, open(t).get("/report")), "không làm báo cáo")
}

func TestEnglish(t *testing.T) {
	t.Parallel()
	p := open(t)
	id := p.crisis()
	for address, words := range map[string][]string{
		"/?lang=en":                   {`<html lang="en">`, "Needs attention", "The last 30 days", "5 hours ago", "Tiếng Việt"},
		"/incidents?lang=en":          {"Needs an answer", "open"},
		"/incident/i-1?lang=en":       {"Newsrooms that tell of harm", "1.50 × 2.00", "put somebody in charge"},
		"/outlets?lang=en":            {"Outlets", "never asked"},
		"/story/s-1?lang=en":          {"publications", "negative"},
		"/article/" + id + "?lang=en": {"What was read in it", "Confidence", "2 – may need an answer"},
	} {
		page := p.page(address)
		shows(t, page, words...)
		hides(t, page, "⟨", "Đang cần chú ý", "Vì sao")
	}
	res := p.get("/?lang=en")
	if c := res.Cookies(); len(c) != 1 || c[0].Name != "lang" || c[0].Value != "en" || !c[0].HttpOnly {
		t.Errorf("cookies are %v", c)
	}
	shows(t, p.page("/outlets", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "lang", Value: "en"}) }), `<html lang="en">`)
}

// No page shows the id of a message that nobody wrote.
func TestEveryMessageIsWritten(t *testing.T) {
	t.Parallel()
	p := open(t, func(o *Options) {
		o.Report = func(context.Context, time.Time, time.Time, string) ([]byte, error) { return nil, nil }
	})
	id := p.crisis()
	p.many(25)
	p.wire()
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.PutSearch(t.Context(), &store.Search{Name: "Thẻ", Query: "q=the&not.level=local", Made: now})
	}))
	for _, lang := range []string{"vi", "en"} {
		for _, address := range []string{"/?", query("lương", "sort", "newest") + "&", query("thẻ", "not.level", "local", "from", "2026-07-01", "to", "x") + "&", query("((") + "&",
			"/article/" + id + "?", "/story/s-1?", "/incidents?", "/incident/i-1?", "/ledger?", "/silences?", "/claims?", "/outlets?state=all&", "/report?", "/report?period=2026-W29&", "/report?period=x&", "/searches?", "/searches/new?q=the&", "/searches/new?q=qwzx&"} {
			page := p.page(address + "lang=" + lang)
			hides(t, page, "⟨", "%!", "<no value>")
		}
		for _, address := range []string{"/nowhere?", "/article/none?", "/static/none.css?", "/search.csv?q=((&", "/searches/none?"} {
			hides(t, text(t, p.get(address+"lang="+lang)), "⟨")
		}
	}
}

func TestAPI(t *testing.T) {
	t.Parallel()
	p := open(t, func(o *Options) {
		search := o.Search
		o.API = func(ctx context.Context, v url.Values) (any, error) {
			q := ask(v, now).query("vi", now)
			r, err := search(ctx, q)
			return map[string]int{"total": r.Total}, err
		}
	})
	p.many(3)
	res := p.get("/api/search?q=luong+huu")
	if body := text(t, res); body != "{\"total\":3}\n" || res.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("the API answered %q", body)
	}
	res = p.get("/api/search?q=((")
	if body := text(t, res); res.StatusCode != 400 || !strings.Contains(body, `"error":"`) {
		t.Errorf("a broken query gave %s %s", res.Status, body)
	}
	p = open(t, func(o *Options) {
		o.API = func(context.Context, url.Values) (any, error) { return nil, errors.New("the index is closed") }
	})
	if res := p.get("/api/search"); res.StatusCode != 500 || !strings.Contains(text(t, res), "the index is closed") {
		t.Errorf("a fault gave %s", res.Status)
	}
}

func TestHealthz(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.many(3)
	shows(t, p.page("/healthz"), `"ok":true`, `"articles":3`)
	closed, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	must(t, err)
	must(t, closed.Close())
	p = open(t, func(o *Options) { o.Store = closed })
	if res := p.get("/healthz"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("an archive that does not answer gave %s", res.Status)
	}
	res := p.get("/")
	if page := text(t, res); res.StatusCode != 500 || !strings.Contains(page, "Chưa mở được trang") {
		t.Errorf("an archive that does not answer gave %s\n%s", res.Status, page)
	}
}

func TestManyReadersAtOnce(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	p.many(5)
	done := make(chan string)
	for i := range 8 {
		go func() {
			res := p.get(fmt.Sprintf("/?q=lương&lang=%s", []string{"vi", "en"}[i%2]))
			done <- res.Status
		}()
	}
	for range 8 {
		if s := <-done; s != "200 OK" {
			t.Error(s)
		}
	}
}
