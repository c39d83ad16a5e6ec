package extract

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, config.VN)

// outlets is who publishes the pages of testdata.
var outlets = []config.Outlet{
	{ID: "dong-may", Name: "Báo Đồng Mây", Domains: []config.Domain{{Host: "dongmay.example"}}},
	{ID: "nui-xanh", Name: "Báo Núi Xanh", Domains: []config.Domain{{Host: "nuixanh.example"}}},
	{ID: "cong", Name: "Cổng thông tin", Domains: []config.Domain{{Host: "portal.example"}}, KeyParams: []string{"ItemID"}},
	{ID: "tap-chi", Name: "Tạp chí", Domains: []config.Domain{{Host: "tapchi.example"}}},
	{ID: "bo-song", Name: "Báo Bờ Sông", Domains: []config.Domain{{Host: "bosong.example"}}},
	{ID: "cua-bien", Name: "Báo Cửa Biển", Domains: []config.Domain{{Host: "cuabien.example"}}},
	{ID: "rieng", Name: "Báo Riêng", Domains: []config.Domain{{Host: "rieng.example"}},
		Layout: config.Layout{Title: ".tieude-baiviet", Lead: ".trichdan", Body: ".noidung", Date: ".ngaydang", Remove: []string{".anh"}}},
}

func newExtractor(t testing.TB) *Extractor {
	t.Helper()
	x, err := New(outlets)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func pageOf(t testing.TB, name, url string) news.Page {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".html"))
	if err != nil {
		t.Fatal(err)
	}
	return news.Page{URL: url, Final: url, Status: 200, Raw: b, Body: string(b), Charset: "utf-8", At: now}
}

// Each page of testdata against its golden file, which a press officer can read.
func TestPages(t *testing.T) {
	x := newExtractor(t)
	for name, url := range map[string]string{
		"vccorp":     "https://dongmay.example/benh-vien-song-lam-tra-lai-tien-20260307081001123.htm?utm_source=zalo",
		"provincial": "https://nuixanh.example/xa-hoi/202408/van-dong-tieu-thuong-abc/",
		"portal":     "https://portal.example/tintuc/Pages/linh-vuc.aspx?CateID=169&ItemID=26712&OtItem=date",
		"magazine":   "https://tapchi.example/doi-moi-truyen-thong-chinh-sach-4711.html",
		"td-post":    "https://cuabien.example/xa-hoi/202505/them-diem-thu-bhyt-3f71fbf/",
		"epi":        "https://m.bosong.example/truy-to-nhom-lap-ho-so-khong-post88.html",
	} {
		t.Run(name, func(t *testing.T) {
			page := pageOf(t, name, url)
			a, err := x.Extract(page, now)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := x.Extract(page, now); err != nil || !cmp.Equal(a, again) {
				t.Errorf("the same page read twice differs: %s %v", cmp.Diff(a, again), err)
			}
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(readable(a)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), readable(a)); diff != "" {
				t.Errorf("%s differs (-want +got):\n%s", golden, diff)
			}
		})
	}
}

// readable writes an article as text, one field a line, with where it came from.
func readable(a news.Article) string {
	var b strings.Builder
	field := func(name, value string) {
		fmt.Fprintf(&b, "%-10s %s", name, value)
		if from := a.From[name]; from != "" {
			fmt.Fprintf(&b, "   ← %s", from)
		}
		b.WriteByte('\n')
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.Format(time.RFC3339)
	}
	field("outlet", a.Outlet)
	field("url", a.URL)
	field("canonical", a.Canonical)
	field("title", a.Title)
	field("author", a.Author)
	field("section", a.Section)
	field("tags", strings.Join(a.Tags, " · "))
	field("form", a.Form)
	field("lang", a.Lang)
	field("published", at(a.Published))
	field("modified", at(a.Modified))
	for _, d := range a.Doubts {
		field("doubt", d)
	}
	field("lead", a.Lead)
	field("body", "")
	b.WriteString(a.Body + "\n")
	return b.String()
}

func TestAnOutletsOwnLayoutComesFirst(t *testing.T) {
	a, err := newExtractor(t).Extract(pageOf(t, "provincial", "https://www.rieng.example/bai.html"), now)
	if err != nil {
		t.Fatal(err)
	}
	if a.Outlet != "rieng" || a.From["body"] != "rule rieng" || !strings.HasPrefix(a.Body, "Tại hội nghị") || strings.Contains(a.Body, "Quang cảnh") {
		t.Errorf("the layout was not used: %s", readable(a))
	}
}

func TestAWrongSelectorIsNamed(t *testing.T) {
	_, err := New([]config.Outlet{{ID: "hong", Layout: config.Layout{Body: "div[["}}})
	if err == nil || !strings.Contains(err.Error(), "hong") || !strings.Contains(err.Error(), "div[[") {
		t.Errorf("the error does not name outlet and selector: %v", err)
	}
}

func TestWhatIsNotAnArticleIsSaidInWords(t *testing.T) {
	x := newExtractor(t)
	page := func(status int, body string) news.Page {
		return news.Page{URL: "https://nuixanh.example/xa-hoi/", Final: "https://nuixanh.example/xa-hoi/", Status: status, Body: body}
	}
	moved := page(200, "<html><body><p>Trang chủ</p></body></html>")
	moved.Final = "https://nuixanh.example/404.html"
	for name, c := range map[string]struct {
		page news.Page
		want error
	}{
		"cookie gate":  {pageOf(t, "cookie-gate", "https://nuixanh.example/a.html"), ErrBlocked},
		"captcha":      {page(200, "<html><head><title>Just a moment...</title></head><body>Checking</body></html>"), ErrBlocked},
		"forbidden":    {page(403, "<html><body>no</body></html>"), ErrBlocked},
		"gone":         {page(410, "<html><body>no</body></html>"), ErrGone},
		"soft 404":     {pageOf(t, "soft-404", "https://nuixanh.example/a.html"), ErrGone},
		"led to a 404": {moved, ErrGone},
		"list":         {pageOf(t, "list", "https://nuixanh.example/xa-hoi/"), ErrNotArticle},
		"home":         {pageOf(t, "vccorp", "https://other.example/"), nil}, // rel=canonical elsewhere; see below
		"nothing":      {page(200, " \n "), ErrEmpty},
		"shell":        {page(200, "<html><body><div id=app></div><script>x()</script></body></html>"), ErrEmpty},
		"pdf":          {page(200, "%PDF-1.7 xxxx"), ErrNotHTML},
		"json":         {page(200, `{"a": "<b>"}`), ErrNotHTML},
		"nested":       {page(200, strings.Repeat("<div>", 5000)+"x"), ErrTooLarge},
		"huge":         {page(200, "<p>"+strings.Repeat("a ", maxBytes)), ErrTooLarge},
	} {
		if name == "home" {
			c.want = ErrNotArticle
		}
		a, err := x.Extract(c.page, now)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
		if a.Body != "" || a.ID != "" {
			t.Errorf("%s: an error came with an article", name)
		}
	}
}

func TestBylines(t *testing.T) {
	w := &work{host: "dongmay.example", outlet: outlet{Name: "Báo Đồng Mây"}, head: head{meta: map[string][]string{"og:site_name": {"ĐỒNG MÂY ONLINE"}}}}
	for in, want := range map[string]string{
		"Theo L&amp;ecirc; An":         "Lê An",
		"Lê An - Trần Bình":            "Lê An; Trần Bình",
		"Bài và ảnh: Hoàng Sim":        "Hoàng Sim",
		"Lê An (tổng hợp)":             "Lê An",
		"NGỌC HÀ, NGỌC HÀ":             "NGỌC HÀ",
		"Lê An, le.an@dongmay.example": "Lê An",
		"Báo Đồng Mây":                 "",
		"Theo Thờibáo":                 "",
		"Đồng Mây":                     "",
		"Đồng Mây Online":              "",
		"PV":                           "",
		"Nhóm PV":                      "",
		"https://facebook.com/dongmay": "",
		"07/03/2026 08:15":             "",
		"":                             "",
	} {
		if got := w.byline(in); got != want {
			t.Errorf("byline(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTitleAffixes(t *testing.T) {
	w := &work{host: "vnthoibao.example", outlet: outlet{Name: "Thời Báo"}, head: head{meta: map[string][]string{}}}
	for in, want := range map[string]string{
		"Quỹ chi trả kịp thời dịp Tết - Báo Núi Xanh":       "Quỹ chi trả kịp thời dịp Tết",
		"Quỹ chi trả kịp thời dịp Tết | Thời Báo":           "Quỹ chi trả kịp thời dịp Tết",
		"Quỹ chi trả kịp thời | Xã hội | vnthoibao":         "Quỹ chi trả kịp thời | Xã hội",
		"Hà Nội - TP.HCM: hai nơi dẫn đầu về số người đóng": "Hà Nội - TP.HCM: hai nơi dẫn đầu về số người đóng",
	} {
		if got := w.stripAffix(in); got != want {
			t.Errorf("stripAffix(%q) = %q, want %q", in, got, want)
		}
	}
}

// A mention of insurance that stands only beside the article must not be text.
func TestWhatStandsBesideTheArticleIsNotText(t *testing.T) {
	x := newExtractor(t)
	for _, name := range []string{"vccorp", "provincial", "epi"} {
		a, err := x.Extract(pageOf(t, name, "https://khac.example/bai-viet-1.html"), now)
		if err != nil {
			t.Fatal(err)
		}
		for _, beside := range []string{"Mây Tre", "Lương hưu tháng 4", "Nguyễn Văn Nhàn", "giao ban báo chí", "hội xuân", "nhân thọ", "xếp hàng", "Xem thêm", "Ảnh:", "Quang cảnh", "Trụ sở"} {
			if strings.Contains(a.Lead+a.Body, beside) {
				t.Errorf("%s: %q is in the text", name, beside)
			}
		}
	}
}

// The second opinion: a body without structure is read, and its doubts told.
func TestDoubtsAreTold(t *testing.T) {
	page := news.Page{URL: "https://khac.example/tin-van-5.html", Status: 200,
		Body: `<html><head><title>Tin vắn sáng nay</title></head><body><div><p>Sáng nay trời có mưa ở vùng núi, người đi đường cần chú ý an toàn khi qua suối.</p><p>Trường học đóng cửa một ngày.</p></div></body></html>`}
	a, err := newExtractor(t).Extract(page, now)
	if !errors.Is(err, ErrNotArticle) {
		t.Fatalf("a page without date and with two lines is taken for an article: %s %v", readable(a), err)
	}
	page.Body = strings.Replace(page.Body, "<div>", `<div><time datetime="2026-03-07">07/03/2026</time>`, 1)
	a, err = newExtractor(t).Extract(page, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{DoubtShort, DoubtDay} {
		if !slices.ContainsFunc(a.Doubts, func(d string) bool { return strings.HasPrefix(d, want) }) {
			t.Errorf("doubts %q lack %q", a.Doubts, want)
		}
	}
}

func FuzzExtract(f *testing.F) {
	x, err := New(outlets)
	if err != nil {
		f.Fatal(err)
	}
	files, err := filepath.Glob("testdata/*.html")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	known := []error{ErrEmpty, ErrBlocked, ErrGone, ErrNotArticle, ErrNotHTML, ErrTooLarge}
	f.Fuzz(func(t *testing.T, body string) {
		a, err := x.Extract(news.Page{URL: "https://dongmay.example/a-1.html", Status: 200, Body: body}, now)
		if err != nil {
			if !slices.ContainsFunc(known, func(k error) bool { return errors.Is(err, k) }) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if a.ID == "" || strings.TrimSpace(a.Lead+a.Body) == "" {
			t.Fatalf("an article without identity or text: %+v", a)
		}
		if _, err := json.Marshal(a); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	x := newExtractor(b)
	for _, name := range []string{"vccorp", "provincial"} {
		page := pageOf(b, name, "https://dongmay.example/a-1.html")
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := x.Extract(page, now); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/parse-alone", func(b *testing.B) {
			for b.Loop() {
				if _, err := html.Parse(strings.NewReader(page.Body)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
