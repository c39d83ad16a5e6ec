package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"diembao/config"
	"diembao/internal/say"
)

var words = say.In("vi")

// evil is what a hostile paper would write.
const evil = `=HYPERLINK("http://x.example";"Bấm")<script>&` + "\x01"

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is an invented one.
func answer() Answer {
	at := time.Date(2026, 7, 14, 9, 5, 0, 0, config.VN)
	return Answer{
		Query: `"nợ BHXH" -quân`, InWords: "bài có cụm từ “nợ BHXH”", Filters: []Filter{{"cấp", "Địa phương"}}, AsOf: at, Rules: "r7",
		Address: "http://localhost/?q=x&level=local", Publications: 3, Originals: 2, Folded: true,
		Items: []Item{
			{ID: "a1", Title: evil, Excerpt: strings.Repeat("chữ ", 200), Outlet: "Báo Sông Xanh", URL: "https://song-xanh.example/a?b=1&c=2", At: at,
				Topics: []string{"Chậm đóng"}, Copies: []string{"+Báo Đồi Mới"}},
			{ID: "a2", Title: "Doanh nghiệp Mây Tre nợ 12 tỷ", Excerpt: "-5% so với năm trước", Outlet: "Báo Đồi Mới", URL: "https://doi-moi.example/2", At: at.Add(-time.Hour), Tone: "tiêu cực"},
		},
		Periods: []Period{{From: at.Add(-9 * time.Hour), To: at.Add(15 * time.Hour), Publications: 3, Originals: 2, Lost: .25, Dark: 1}},
	}
}

func written(t *testing.T, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, Write(&b, format, answer(), words))
	return b.Bytes()
}

// table checks the rows of articles, as any reader of tables gives them.
func table(t *testing.T, rows [][]string) {
	t.Helper()
	if len(rows) != 3 || rows[0][3] != "Tiêu đề" {
		t.Fatalf("the table is %q", rows)
	}
	if !strings.HasPrefix(rows[1][3], "'=") || rows[1][10] != "'+Báo Đồi Mới" || rows[2][4] != "'-5% so với năm trước" {
		t.Errorf("cells that begin as formulas are not harmless: %q", rows[1:])
	}
	if rows[2][0] != "14/07/2026 08:05" || rows[2][3] != "Doanh nghiệp Mây Tre nợ 12 tỷ" || rows[1][5] != "https://song-xanh.example/a?b=1&c=2" {
		t.Errorf("the rows are %q", rows[1:])
	}
	if n := utf8.RuneCountInString(rows[1][4]); n > ExcerptLetters || n < 290 {
		t.Errorf("the excerpt has %d characters", n)
	}
}

// asked checks what a file says of the search.
func askedOf(t *testing.T, rows [][]string) {
	t.Helper()
	got := map[string]string{}
	for _, r := range rows {
		got[strings.TrimPrefix(r[0], "# ")] = r[1]
	}
	want := map[string]string{"Câu tìm": `"nợ BHXH" -quân`, "cấp": "Địa phương", "Hiểu là": "bài có cụm từ “nợ BHXH”", "Tính đến": "09:05 14/07/2026", "Quy tắc": "r7",
		"Lượt đăng": "3", "Tin gốc": "2", "Các dòng": "2 tin gốc, báo đăng lại ghi cùng dòng.", "Địa chỉ câu tìm": "http://localhost/?q=x&level=local"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCSV(t *testing.T) {
	raw := written(t, "csv")
	body, marked := strings.CutPrefix(string(raw), "\ufeff")
	if !marked {
		t.Error("Excel needs the byte order mark")
	}
	r := csv.NewReader(strings.NewReader(body))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	must(t, err)
	askedOf(t, rows[:9])
	table(t, rows[9:])
}

func TestXLSX(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(written(t, "xlsx")))
	must(t, err)
	defer func() { must(t, f.Close()) }()
	rows, err := f.GetRows("Tin")
	must(t, err)
	table(t, rows)
	rows, err = f.GetRows("Câu tìm")
	must(t, err)
	askedOf(t, rows)
	rows, err = f.GetRows("Theo thời gian")
	must(t, err)
	if d := cmp.Diff([]string{"14/07/2026", "14/07/2026", "3", "2", "25 %"}, rows[1]); d != "" {
		t.Error(d)
	}
	if formula, err := f.GetCellFormula("Tin", "D2"); err != nil || formula != "" {
		t.Errorf("the title is a formula %q, %v", formula, err)
	}
}

func TestDOCX(t *testing.T) {
	raw := written(t, "docx")
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(t, err)
	part := func(name string) string {
		f, err := z.Open(name)
		must(t, err)
		defer f.Close()
		all, err := io.ReadAll(f)
		must(t, err)
		return string(all)
	}
	doc, err := html.Parse(strings.NewReader(part("word/document.xml")))
	must(t, err)
	var text strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			text.WriteString(n.Data + "\n")
		}
	}
	for _, w := range []string{"Lượt đăng", "Tin gốc", "09:05 14/07/2026", "r7", "Doanh nghiệp Mây Tre nợ 12 tỷ", "<script>&", "https://doi-moi.example/2"} {
		if !strings.Contains(text.String(), w) {
			t.Errorf("the document lacks %q:\n%s", w, text.String())
		}
	}
	if links := part("word/_rels/document.xml.rels"); !strings.Contains(links, "https://song-xanh.example/a?b=1&amp;c=2") {
		t.Errorf("the links are %s", links)
	}
}

func TestJSONL(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(string(written(t, "jsonl"))), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines", len(lines))
	}
	var head struct {
		Query                   string
		Filters                 map[string]string
		AsOf                    string `json:"as_of"`
		Publications, Originals int
	}
	must(t, json.Unmarshal([]byte(lines[0]), &head))
	if head.Publications != 3 || head.Originals != 2 || head.Filters["cấp"] != "Địa phương" || head.AsOf != "2026-07-14T09:05:00+07:00" {
		t.Errorf("the first line is %+v", head)
	}
	var item struct{ Title, Excerpt string }
	must(t, json.Unmarshal([]byte(lines[1]), &item))
	if item.Title != evil {
		t.Errorf("the title is %q", item.Title)
	}
}

func TestFeeds(t *testing.T) {
	for _, feed := range Feeds {
		var first, again bytes.Buffer
		a := answer()
		must(t, WriteFeed(&first, feed, a, "http://localhost/search."+feed+"?q=x&level=local", words))
		a.AsOf = a.AsOf.Add(time.Hour)
		must(t, WriteFeed(&again, feed, a, "http://localhost/search."+feed+"?q=x&level=local", words))
		if first.String() != again.String() {
			t.Errorf("%s changes with the clock alone", feed)
		}
		got, err := gofeed.NewParser().ParseString(first.String())
		must(t, err)
		if got.FeedType != feed || got.Link != "http://localhost/?q=x&level=local" || got.FeedLink != "http://localhost/search."+feed+"?q=x&level=local" || len(got.Items) != 2 {
			t.Errorf("%s is read as %v", feed, got)
		}
		if got.Description != "3 lượt đăng, 2 tin gốc" {
			t.Errorf("%s counts %q", feed, got.Description)
		}
		i := got.Items[0]
		if i.Title != strings.TrimSuffix(evil, "\x01") || i.Link != "https://song-xanh.example/a?b=1&c=2" || utf8.RuneCountInString(i.Description) > ExcerptLetters || !i.PublishedParsed.Equal(a.Items[0].At) {
			t.Errorf("%s has the article %+v", feed, i)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := Write(io.Discard, "pdf", answer(), words); err == nil || !strings.Contains(err.Error(), "csv, xlsx, docx, jsonl") {
		t.Errorf("an unknown format gave %v", err)
	}
}

// Whatever is written, no cell begins as a formula, and what was written is in it.
func TestHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("=+-@\t\r\n ＝'a\u00a0ế1"))).Draw(t, "cell")
		got := Harmless(s)
		if begin := strings.TrimLeft(got, " \u00a0"); begin != "" && strings.ContainsAny(begin[:1], "=+-@\t\r\n") {
			t.Fatalf("%q is written as %q", s, got)
		}
		if !strings.HasSuffix(got, s) || len(got) > len(s)+1 {
			t.Fatalf("%q is written as %q", s, got)
		}
	})
}

func TestExcerpt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringN(0, 700, -1).Draw(t, "text")
		if got := Excerpt(s); utf8.RuneCountInString(got) > ExcerptLetters {
			t.Fatalf("%d characters", utf8.RuneCountInString(got))
		}
	})
}

func BenchmarkXLSX(b *testing.B) {
	a := answer()
	for len(a.Items) < 10_000 {
		a.Items = append(a.Items, a.Items[0])
	}
	for b.Loop() {
		must(b, Write(io.Discard, "xlsx", a, words))
	}
}
