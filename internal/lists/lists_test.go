package lists

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clippings is a hand-made list as offices keep them: remarks above, a running
// number, the day first.
const clippings = `DANH SÁCH TIN BÀI THÁNG 8;;;
;;;
STT;Tiêu đề bài viết;Tên báo;Ngày đăng;Đường dẫn;Ghi chú
1;"Thẻ bảo hiểm y tế; những điều cần biết";Báo Mẫu;05/08/2026;https://bao-mau.example/the-1.html;
2;Nợ bảo hiểm xã hội kéo dài;Báo Khác;06/08/2026;;hay
;;;;;
`

func TestEncodingsAndSeparators(t *testing.T) {
	want := []Item{
		{Line: 4, Title: "Thẻ bảo hiểm y tế; những điều cần biết", Outlet: "Báo Mẫu", Published: "05/08/2026", URL: "https://bao-mau.example/the-1.html"},
		{Line: 5, Title: "Nợ bảo hiểm xã hội kéo dài", Outlet: "Báo Khác", Published: "06/08/2026"},
	}
	wide := func(e unicode.Endianness, b unicode.BOMPolicy) []byte {
		out, err := unicode.UTF16(e, b).NewEncoder().Bytes([]byte(clippings))
		must(t, err)
		return out
	}
	for name, raw := range map[string][]byte{
		"utf-8":            []byte(clippings),
		"utf-8 with mark":  []byte("\ufeff" + clippings),
		"decomposed":       []byte(norm.NFD.String(clippings)),
		"utf-16 le":        wide(unicode.LittleEndian, unicode.UseBOM),
		"utf-16 be":        wide(unicode.BigEndian, unicode.UseBOM),
		"utf-16 unmarked":  wide(unicode.LittleEndian, unicode.IgnoreBOM),
		"windows-1258":     windows1258(t, clippings),
		"comma":            []byte(strings.ReplaceAll(strings.ReplaceAll(clippings, "tế; những", "tế@ những"), ";", ",")),
		"tab":              []byte(strings.ReplaceAll(strings.ReplaceAll(clippings, "tế; những", "tế@ những"), ";", "\t")),
		"windows newlines": []byte(strings.ReplaceAll(clippings, "\n", "\r\n")),
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Read(raw, Options{})
			must(t, err)
			for i := range l.Items {
				l.Items[i].Title = strings.ReplaceAll(l.Items[i].Title, "tế@ những", "tế; những")
			}
			if d := cmp.Diff(want, l.Items); d != "" {
				t.Errorf("%s\n%s", l.Format, d)
			}
			if d := cmp.Diff([]string{"STT", "Ghi chú"}, l.Unused); d != "" {
				t.Error(d)
			}
		})
	}
}

// windows1258 writes text as old Vietnamese programs did: the tone after its letter.
func windows1258(t *testing.T, text string) []byte {
	t.Helper()
	var out []byte
	for _, r := range text {
		s := string(r)
		if b, err := charmap.Windows1258.NewEncoder().Bytes([]byte(s)); err == nil {
			out = append(out, b...)
			continue
		}
		d := []rune(norm.NFD.String(s))
		letter, marks := norm.NFC.String(string(d[:len(d)-1])), string(d[len(d)-1])
		if len(d) == 3 && d[1] == '\u0323' { // a dot below is written last
			letter, marks = norm.NFC.String(string([]rune{d[0], d[2]})), string(d[1])
		}
		b, err := charmap.Windows1258.NewEncoder().Bytes([]byte(letter + marks))
		must(t, err)
		out = append(out, b...)
	}
	return out
}

func TestColumns(t *testing.T) {
	for _, c := range []struct {
		name, text string
		o          Options
		want       map[string]string
		service    string
	}{
		{"english", "Title,URL,Source,Published date\na,https://x.example/1,b,c\n", Options{}, map[string]string{"title": "Title", "url": "URL", "outlet": "Source", "published": "Published date"}, ""},
		{"a person knows better", "Cột 1,Cột 2,Link\na,b,c\n", Options{Map: map[string]string{"title": "cột 2", "outlet": "#1"}}, map[string]string{"title": "Cột 2", "url": "Link", "outlet": "#1"}, ""},
		{"addresses alone", "https://x.example/1\nhttps://x.example/2\n", Options{}, map[string]string{"url": "#1"}, ""},
		{"titles alone", "Tiêu đề\nMột\nHai\n", Options{}, map[string]string{"title": "Tiêu đề"}, ""},
		{"no headers", "1,Thẻ bảo hiểm y tế,https://x.example/1\n2,Nợ bảo hiểm,https://x.example/2\n", Options{}, map[string]string{"title": "#2", "url": "#3"}, ""},
		{"sep", "sep=;\nLink;Cột, nào\na;b\n", Options{}, map[string]string{"url": "Link"}, ""},
		{"a service", "Date\tHeadline\tURL\tOpening Text\tHit Sentence\tSource\tReach\n1\t2\t3\t4\t5\t6\t7\n", Options{}, map[string]string{
			"published": "Date", "title": "Headline", "url": "URL", "lead": "Opening Text", "outlet": "Source", "reach": "Reach"}, "Meltwater"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := Read([]byte(c.text), c.o)
			must(t, err)
			if d := cmp.Diff(c.want, l.Columns); d != "" || l.Service != c.service {
				t.Errorf("%s %q\n%s", l.Format, l.Service, d)
			}
			if len(l.Items) == 0 {
				t.Error("no items")
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	if _, err := Read([]byte("a,b\n1,2\n"), Options{Map: map[string]string{"titel": "a"}}); err == nil || !strings.Contains(err.Error(), "title") {
		t.Error("an unknown column:", err)
	}
	if _, err := Read([]byte("a,b\n1,2\n"), Options{Map: map[string]string{"title": "Tựa"}}); err == nil || !strings.Contains(err.Error(), "Tựa") {
		t.Error("an unknown header:", err)
	}
	for _, s := range []string{"", "\n\n", "1,2,3\n4,5,6\n"} {
		if _, err := Read([]byte(s), Options{}); !errors.Is(err, ErrNoList) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if _, err := Read([]byte("PK\x03\x04rest"), Options{}); err == nil {
		t.Error("a damaged workbook is read")
	}
}

func TestWorkbook(t *testing.T) {
	f := excelize.NewFile()
	must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"Bìa"}))
	_, err := f.NewSheet("Điểm báo")
	must(t, err)
	must(t, f.SetSheetRow("Điểm báo", "A1", &[]any{"ĐIỂM BÁO TUẦN"}))
	must(t, f.SetSheetRow("Điểm báo", "A3", &[]any{"TT", "Tên bài", "Báo", "Ngày đăng", "Loại hình", "Trang"}))
	must(t, f.SetSheetRow("Điểm báo", "A4", &[]any{1, "Lương hưu tăng", "Báo Mẫu", time.Date(2026, 8, 5, 14, 30, 0, 0, time.UTC), "Báo in", 3}))
	must(t, f.SetSheetRow("Điểm báo", "A5", &[]any{2, "Thẻ bảo hiểm y tế", "Báo Khác", "06/08/2026", "Báo điện tử", ""}))
	must(t, f.SetCellHyperLink("Điểm báo", "B5", "https://bao-khac.example/2.html", "External"))
	var b bytes.Buffer
	must(t, f.Write(&b))
	must(t, f.Close())
	l, err := Read(b.Bytes(), Options{})
	must(t, err)
	want := []Item{
		{Line: 4, Title: "Lương hưu tăng", Outlet: "Báo Mẫu", Published: "2026-08-05T14:30:00+07:00", Medium: "Báo in", Page: "3"},
		{Line: 5, Title: "Thẻ bảo hiểm y tế", Outlet: "Báo Khác", Published: "06/08/2026", Medium: "Báo điện tử", URL: "https://bao-khac.example/2.html"},
	}
	if d := cmp.Diff(want, l.Items); d != "" {
		t.Errorf("%s %v\n%s", l.Format, l.Columns, d)
	}
}

func TestMedium(t *testing.T) {
	for s, want := range map[string]string{"Báo in": "print", "BÁO GIẤY": "print", "Truyền hình": "tv", "Facebook": "social", "Fanpage Facebook": "social",
		"Mạng xã hội": "social", "Báo điện tử": "", "News": "", "": "", "Radio": "radio"} {
		if got := Medium(s); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}

func TestOPML(t *testing.T) {
	got, err := OPML(strings.NewReader(`<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><head><title>x</title></head><body>
<outline text="Báo trung ương"><outline type="rss" text="Báo Mẫu" xmlUrl="https://bao-mau.example/rss" htmlUrl="https://bao-mau.example/"/>
<outline text="Lần nữa" xmlUrl="https://bao-mau.example/rss"/></outline><outline title="Đài & phát thanh" xmlUrl="https://dai.example/feed"/></body></opml>`))
	must(t, err)
	want := []Feed{{"Báo Mẫu", "https://bao-mau.example/rss", "https://bao-mau.example/", "Báo trung ương"}, {"Đài & phát thanh", "https://dai.example/feed", "", ""}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, s := range []string{"", "<html></html>", "<opml><body/></opml>"} {
		if _, err := OPML(strings.NewReader(s)); !errors.Is(err, ErrNoOPML) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// Every name of columns.yaml belongs to a column, and none to two.
func TestColumnNames(t *testing.T) {
	owner := map[string]string{}
	for column, names := range maps.Columns {
		if columns[column] == nil {
			t.Errorf("there is no column %q", column)
		}
		for _, n := range names {
			if o := owner[plain(n)]; o != "" && o != column {
				t.Errorf("%q is %s and %s", n, o, column)
			}
			owner[plain(n)] = column
		}
	}
	for _, s := range maps.Services {
		for column := range s.Map {
			if columns[column] == nil {
				t.Errorf("%s: there is no column %q", s.Name, column)
			}
		}
	}
	if len(order) != len(columns) {
		t.Error("order lacks a column")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(clippings))
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := Read(raw, Options{}) // answers for any bytes at all
		if err == nil && len(l.Columns) == 0 {
			t.Error("a list without columns")
		}
	})
}

func FuzzOPML(f *testing.F) {
	f.Add(`<opml><outline xmlUrl="a"/></opml>`)
	f.Fuzz(func(t *testing.T, s string) { _, _ = OPML(strings.NewReader(s)) })
}

func BenchmarkRead(b *testing.B) {
	var s strings.Builder
	s.WriteString("Tiêu đề;Báo;Ngày đăng;Link\n")
	for range 10_000 {
		s.WriteString("Người dân phản ánh thẻ bảo hiểm y tế bị từ chối;Báo Mẫu;05/08/2026;https://bao-mau.example/bai-1234567.html\n")
	}
	raw := []byte(s.String())
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := Read(raw, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
