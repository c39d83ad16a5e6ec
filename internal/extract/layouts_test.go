package extract

import (
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// A page is read by the layout of the day it was received on, and the canary
// says what the layout of that day no longer finds.
func TestLayoutsHaveTheirDays(t *testing.T) {
	turn := config.Date{Time: time.Date(2026, 5, 1, 0, 0, 0, 0, config.VN)}
	last := config.Date{Time: turn.AddDate(0, 0, -1)}
	x, err := New([]config.Outlet{{ID: "doi-ao", Name: "Báo Đổi Áo", Domains: []config.Domain{{Host: "doiao.example"}},
		Layout:  config.Layout{From: turn, Title: ".ten-moi", Lead: ".dan-moi", Body: ".than-moi"},
		Layouts: []config.Layout{{To: last, Title: ".ten-cu", Body: ".than-cu"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("<p>Người dân xóm Đồi đến nhà văn hóa nhận sổ bảo hiểm xã hội, cán bộ gọi tên từng hộ.</p>", 6)
	page := func(at time.Time, body string) news.Page {
		return news.Page{URL: "https://doiao.example/bai-12.html", Status: 200, At: at, Body: `<html lang="vi"><head><title>Nhận sổ</title>
			<meta property="article:published_time" content="2026-04-20T08:00:00+07:00"></head><body>` + body + `</body></html>`}
	}
	old := `<h2 class="ten-cu">Ngày nhận sổ ở xóm Đồi</h2><div class="than-cu">` + text + `</div>`
	fresh := `<h2 class="ten-moi">Ngày nhận sổ ở xóm Đồi</h2><p class="dan-moi">Cả xóm cùng đi.</p><div class="than-moi">` + text + `</div>`
	for _, c := range []struct {
		name string
		at   time.Time
		body string
		rule bool
		lost []string
	}{
		{"an old page of old days", turn.Add(-time.Hour), old, true, nil},
		{"a new page of new days", turn.Time, fresh, true, nil},
		{"an old page today", turn.Add(time.Hour), old, false, []string{"title", "lead", "body"}},
		{"a page that lost its lead", turn.Add(time.Hour), strings.Replace(fresh, "dan-moi", "khac", 1), true, []string{"lead"}},
	} {
		a, err := x.Extract(page(c.at, c.body), now)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := a.From["body"] == "rule doi-ao"; got != c.rule {
			t.Errorf("%s is read by %s", c.name, a.From["body"])
		}
		lost, err := x.Canary(page(c.at, c.body))
		if err != nil || !slices.Equal(lost, c.lost) {
			t.Errorf("%s: the canary misses %v, want %v (%v)", c.name, lost, c.lost, err)
		}
	}
}

// How far two engines agreed stands with the body, also where they did.
func TestAgreementIsKept(t *testing.T) {
	body := strings.Repeat("<p>Trạm y tế xã mở thêm một bàn khám vào sáng thứ Bảy, bà con không phải xếp hàng từ tờ mờ.</p>", 3)
	a, err := newExtractor(t).Extract(news.Page{URL: "https://khac.example/tram-y-te-9.html", Status: 200,
		Body: `<html lang="vi"><head><title>Trạm y tế mở thêm bàn khám</title></head><body><time datetime="2026-03-07T08:00:00+07:00"></time><article><h1>Trạm y tế mở thêm bàn khám</h1>` + body + `</article></body></html>`}, now)
	if err != nil {
		t.Fatal(err)
	}
	if from := a.From["body"]; !strings.Contains(from, "in agreement with") {
		t.Errorf("a short text, on which two engines were asked, is from %q", from)
	}
}
