package pipeline_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// take imports lines and reads what came.
func (h *house) take(t testing.TB, lines string) pipeline.Imported {
	t.Helper()
	done, err := h.Import(t.Context(), "tin.jsonl", strings.NewReader(lines), nil)
	must(t, err)
	_, err = h.Read(t.Context())
	must(t, err)
	return done
}

const stream = `{"url":"https://bao-thu.example/the-bhyt-hoc-sinh-100.htm","title":"Thẻ BHYT học sinh được cấp trước ngày khai giảng","summary":"BHXH tỉnh Nghệ An cho biết 98% học sinh đã có thẻ bảo hiểm y tế.","body":"Đoạn một.\nĐoạn hai.","published":"2026-07-01T08:15:00+07:00","outlet":"bao-thu"}
{"link":"https://bao-khac.example/luong-huu-7.html?utm_source=rss","title":"L&#432;&#417;ng h&#432;u th&aacute;ng 7 chi tr&#7843; t&#7915; ng&agrave;y 10","summary":"Người hưởng lương hưu, trợ cấp bảo hiểm xã hội nhận theo mức mới.","published":"2026-07-02","source":"Báo Khác"}

{"url":"https://bao-khac.example/lech-gio.html","title":"Bảo hiểm thất nghiệp: nộp hồ sơ qua mạng","published":"2026-07-03T09:00:00+07:07"}
{"url":"https://bao-khac.example/khong-ngay.html","title":"Bảo hiểm xã hội tự nguyện là gì","published":"hôm kia hôm kìa"}
{"url":"https://bao-khac.example/bong-da.html","title":"Đội bóng phường thắng ba không","published":"2026-07-03T10:00:00.250Z"}
`

func TestImport(t *testing.T) {
	h := open(t)
	done := h.take(t, stream)
	if done.Read != 5 || done.New != 5 || done.Known != 0 || len(done.Bad) != 0 || len(done.IDs) != 5 {
		t.Fatalf("%+v", done)
	}
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339, s)
		must(t, err)
		return m
	}
	for i, want := range []struct {
		outlet, title string
		published     time.Time
	}{
		{"bao-thu.example", "Thẻ BHYT học sinh được cấp trước ngày khai giảng", at("2026-07-01T08:15:00+07:00")},
		{"bao-khac.example", "Lương hưu tháng 7 chi trả từ ngày 10", at("2026-07-02T00:00:00+07:00")},
		{"bao-khac.example", "Bảo hiểm thất nghiệp: nộp hồ sơ qua mạng", at("2026-07-03T09:00:00+07:00")},
		{"bao-khac.example", "Bảo hiểm xã hội tự nguyện là gì", time.Time{}},
		{"bao-khac.example", "Đội bóng phường thắng ba không", at("2026-07-03T17:00:00.250+07:00")},
	} {
		a, err := h.Store.Article(t.Context(), done.IDs[i])
		must(t, err)
		if a.Title != want.title || a.Outlet != want.outlet || !a.Published.Equal(want.published) || a.Via != news.Import || !a.FirstSeen.Equal(h.clock.Now()) {
			t.Errorf("line %d: %q of %s, published %s, via %s", i+1, a.Title, a.Outlet, a.Published.In(config.VN), a.Via)
		}
	}
	kept, err := h.Store.CountKept(t.Context(), done.IDs)
	must(t, err)
	if kept != 4 {
		t.Errorf("%d articles are kept, want the 4 about insurances", kept)
	}
}

// Importing the same files again, in any order, later, changes nothing: not
// even where two lines tell of one article in different words.
func TestImportTwice(t *testing.T) {
	h := open(t)
	twins := stream + strings.Replace(strings.SplitN(stream, "\n", 2)[0], "Đoạn hai", "Đoạn hai đã sửa", 1) + "\n"
	h.take(t, twins)
	before := h.archive(t)
	h.clock.forward(h.clock.Now().Add(48 * time.Hour))
	lines := strings.Split(strings.TrimSpace(twins), "\n")
	for i := range len(lines) / 2 {
		lines[i], lines[len(lines)-1-i] = lines[len(lines)-1-i], lines[i]
	}
	done := h.take(t, strings.Join(lines, "\r\n"))
	if done.New != 0 || done.Known != 6 {
		t.Errorf("the second time: %+v", done)
	}
	if i := differ(before, h.archive(t)); i >= 0 {
		t.Errorf("the second import changed the archive: %s, was %s", around(h.archive(t), i), around(before, i))
	}
}

// A bad line is told by its number and reason; the rest goes on.
func TestImportBadLines(t *testing.T) {
	h := open(t)
	good := strings.SplitN(stream, "\n", 2)[0]
	lines := []string{
		good,
		`{"url":"https://bao.example/1.html","title":"Dở dang`,
		`không phải JSON`,
		`["một","mảng"]`,
		`{"url":"https://bao.example/2.html"}`,
		`{"title":"Không có địa chỉ"}`,
		`{"url":"/tuong-doi.html","title":"Địa chỉ tương đối"}`,
		`{"url":"https://bao.example/3.html","title":7}`,
		`{"url":"https://bao.example/dai.html","title":"` + strings.Repeat("dài ", 5<<20) + `"}`,
		"\x00\x00\x00",
		"",
		strings.Replace(good, "100.htm", "200.htm", 1),
	}
	done := h.take(t, strings.Join(lines, "\n"))
	if done.Read != 2 || done.New != 2 {
		t.Errorf("read %d, new %d, want 2", done.Read, done.New)
	}
	var numbers []int
	for _, b := range done.Bad {
		numbers = append(numbers, b.Line)
		if b.File != "tin.jsonl" || b.Why == "" || len(b.Why) > 500 {
			t.Errorf("line %d of %s: %q", b.Line, b.File, b.Why)
		}
	}
	if fmt.Sprint(numbers) != "[2 3 4 5 6 7 8 9 10]" {
		t.Errorf("told of the lines %v", numbers)
	}
}

// A stream that breaks off keeps what came before, and says where it broke.
func TestImportBreaksOff(t *testing.T) {
	h := open(t)
	broken := io.MultiReader(strings.NewReader(stream), iotest.ErrReader(errors.New("đứt mạng")))
	done, err := h.Import(t.Context(), "tin.jsonl", broken, nil)
	if err == nil || !strings.Contains(err.Error(), "tin.jsonl at line 7") || !strings.Contains(err.Error(), "đứt mạng") {
		t.Errorf("the error says %v", err)
	}
	if got := len(h.all(t)); got != done.Read {
		t.Errorf("%d articles were told, %d are kept", done.Read, got)
	}
	if again := h.take(t, stream); again.Known != done.Read || again.Read != 5 {
		t.Errorf("after the break %+v, then %+v", done, again)
	}
}

// What came by import was not followed as it happened: however grave it is, it
// starts no incident and writes no letter. The same articles, crawled, do.
func TestImportStartsNoIncident(t *testing.T) {
	crawled, imported := open(t), open(t)
	noon := crawled.press.Start().Add(66 * time.Hour) // Wednesday evening: the crisis is in full swing
	crawled.clock.forward(noon)
	imported.clock.forward(noon)
	if changes := crawled.step(t); len(changes) == 0 || changes[0].Incident.Level < 2 {
		t.Fatalf("crawled, the articles change %+v", changes)
	}
	var b bytes.Buffer
	for _, e := range crawled.all(t) {
		a, err := crawled.Store.Article(t.Context(), e.ID)
		must(t, err)
		must(t, json.NewEncoder(&b).Encode(map[string]any{"url": a.URL, "title": a.Title, "summary": a.Lead, "body": a.Body, "published": a.Published}))
	}
	done := imported.take(t, b.String())
	changes, err := imported.Watch(t.Context())
	must(t, err)
	letters, err := imported.Store.Letters(t.Context(), store.LetterFilter{})
	must(t, err)
	if done.New != len(crawled.all(t)) || len(changes) != 0 || len(letters) != 0 {
		t.Errorf("%d articles came by import, changed %d incidents and wrote %d letters", done.New, len(changes), len(letters))
	}
	// Crawled afterwards they stay what they were: seen by import first.
	if changes := imported.step(t); len(changes) != 0 {
		t.Errorf("crawled after the import, the articles change %+v", changes)
	}
}

// A saved page is read by the address it gives itself, one without an article
// is told as bad.
func TestImportPage(t *testing.T) {
	h := open(t)
	page := func(a string) []byte {
		for _, x := range h.pages(t) {
			if x.Final == a {
				return x.Raw
			}
		}
		return nil
	}
	h.clock.forward(h.press.End())
	for _, a := range h.press.Articles() {
		if a.Kept != "" || a.Outlet != "song-hong" || !a.Gone.IsZero() {
			continue
		}
		done, err := h.ImportPage(t.Context(), "trang.html", page(h.press.URL(a, port)))
		must(t, err)
		if done.New != 1 || len(done.Bad) != 0 || done.IDs[0] != h.id(a) {
			t.Errorf("%s: %+v, want the article %s", a, done, h.id(a))
		}
		break
	}
	for _, raw := range []string{"", "<html><body><p>Xin chào</p></body></html>", "\xff\xfe\x00"} {
		done, err := h.ImportPage(t.Context(), "trang.html", []byte(raw))
		must(t, err)
		if done.Read != 0 || len(done.Bad) != 1 || done.Bad[0].Why == "" {
			t.Errorf("%q: %+v", raw, done)
		}
	}
}
