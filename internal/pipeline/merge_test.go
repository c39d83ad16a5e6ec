package pipeline_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// leaf is an article's page: the title in its head, its time, and its number's own text.
func leaf(title, at string, n int) string {
	return fmt.Sprintf(`<html lang="vi"><head><title>%s</title><meta property="article:published_time" content="%s"></head><body><article><h1>%[1]s</h1>`, title, at) +
		leafText(n) + `</article></body></html>`
}

func leafText(n int) string {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, `<p>Sáng thứ %d, bà con xã thứ %d ra đình làng nhận sổ bảo hiểm xã hội tự nguyện, cán bộ ghi tên từng hộ vào danh sách rồi trao tận tay.</p>`, i+2, n)
	}
	return b.String()
}

// One article is one record, though its paper edits the title in its address
// or lists it under two sections; two articles are two, though they share a
// title, an hour, or a text.
func TestOneArticleUnderTwoAddresses(t *testing.T) {
	const day = "2026-03-02T08:15:00+07:00"
	pages := map[string]string{
		"/xa-hoi/xa-nhan-so-104501.html":          leaf("Xã nhận sổ trong ngày hội", day, 1),
		"/xa-hoi/xa-nhan-so-ngay-hoi-104501.html": leaf("Xã nhận sổ trong ngày hội làng", day, 1), // address and title edited
		"/chinh-tri/ban-ve-muc-dong":              leaf("Bàn về mức đóng ở xã", "2026-03-02T09:00:00+07:00", 2),
		"/kinh-te/ban-ve-muc-dong":                leaf("Bàn về mức đóng ở xã", "2026-03-02T09:00:00+07:00", 2), // two sections
		"/tin-sang-1.html":                        leaf("Tin sáng ở xã", day, 3),
		"/tin-sang-2.html":                        leaf("Tin sáng ở xã", day, 4), // same title and time, another text
		"/nhac-lai-1.html":                        leaf("Nhắc lại lịch trả sổ", "2026-03-02T10:00:00+07:00", 5),
		"/nhac-lai-2.html":                        leaf("Nhắc lại lịch trả sổ", "2026-03-03T10:00:00+07:00", 5), // same text, the day after
		"/bao-tri-1.html":                         strings.Replace(leaf("Trang đang sửa", "", 6), "article:published_time", "x", 1),
		"/bao-tri-2.html":                         strings.Replace(leaf("Trang đang sửa", "", 6), "article:published_time", "x", 1), // no time: nobody knows
	}
	want := len(pages) - 2
	h, s := well(t)
	first := h.clock.Now().Add(6 * time.Hour)
	shown := func(paths ...string) {
		s.set(func(s *ailing) {
			s.feed = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/rss+xml")
				io.WriteString(w, `<rss version="2.0"><channel><title>b</title>`)
				for _, p := range paths {
					fmt.Fprintf(w, `<item><title>Bài</title><link>http://ben-song.example%s</link></item>`, p)
				}
				io.WriteString(w, `</channel></rss>`)
			}
			s.page = func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				path := r.URL.Path
				if now := s.clock.Now(); strings.HasSuffix(path, "104501.html") && now.Sub(first) > time.Hour { // its system goes by the number
					path = "/xa-hoi/xa-nhan-so-ngay-hoi-104501.html"
				}
				io.WriteString(w, pages[path])
			}
		})
	}
	gather := func() {
		h.clock.forward(h.clock.Now().Add(6 * time.Hour))
		if _, err := h.Gather(t.Context(), h.pack.Outlets[0]); err != nil {
			t.Fatal(err)
		}
	}
	shown("/xa-hoi/xa-nhan-so-104501.html", "/chinh-tri/ban-ve-muc-dong", "/kinh-te/ban-ve-muc-dong", "/tin-sang-1.html", "/nhac-lai-1.html", "/bao-tri-1.html")
	gather()
	shown("/xa-hoi/xa-nhan-so-ngay-hoi-104501.html", "/tin-sang-2.html", "/nhac-lai-2.html", "/bao-tri-2.html")
	gather()
	arts, err := h.Store.ArticlesAfter(t.Context(), 0, 100)
	must(t, err)
	if len(arts) != want {
		for _, a := range arts {
			t.Logf("%s %s %s", a.URL, a.Title, a.Published)
		}
		t.Fatalf("%d articles, want %d", len(arts), want)
	}
	one, err := h.Store.ArticleByURL(t.Context(), "ben-song.example/xa-hoi/xa-nhan-so-ngay-hoi-104501.html")
	must(t, err)
	if one.Canonical != "ben-song.example/xa-hoi/xa-nhan-so-104501.html" || one.Title != "Xã nhận sổ trong ngày hội làng" || one.Version != 2 {
		t.Errorf("the edited one is %q, called %q, version %d", one.Canonical, one.Title, one.Version)
	}
	old, err := h.Store.Link(t.Context(), one.Canonical)
	must(t, err)
	alive, err := h.Store.Link(t.Context(), "ben-song.example/xa-hoi/xa-nhan-so-ngay-hoi-104501.html")
	must(t, err)
	if old.ArticleID != one.ID || alive.ArticleID != one.ID || !old.Next.IsZero() || alive.Next.IsZero() {
		t.Errorf("its old address is looked at again at %s, the living one at %s", old.Next, alive.Next)
	}
}
