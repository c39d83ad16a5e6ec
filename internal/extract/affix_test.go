package extract

import (
	"slices"
	"strings"
	"testing"

	"diembao/config"
	"diembao/internal/news"
)

func TestAffixesAreLearnedFromSeveralTitles(t *testing.T) {
	for _, c := range []struct {
		titles []string
		want   []string
	}{
		{[]string{"Xã Bờ Lau trao sổ | Dân hỏi, báo đáp", "Thẻ mới cho học sinh | Dân hỏi, báo đáp", "Lịch trả lương hưu | Dân hỏi, báo đáp", "Mưa lớn ở cửa biển"}, []string{"Dân hỏi, báo đáp"}},
		{[]string{"Góc Phố - Chợ sớm mùa nước", "Góc Phố - Cầu mới thông xe", "Góc Phố - Đêm hội đình làng"}, []string{"Góc Phố"}},
		{[]string{"Hà Nội - TP.HCM: hai nơi dẫn đầu", "Giá vàng - ngoại tệ hôm nay", "Chợ sớm mùa nước"}, nil},
		{[]string{"Chợ sớm - Góc Phố", "Cầu mới - Góc Phố"}, nil},
		{[]string{"Chợ sớm - Góc Phố", "Chợ sớm - Góc Phố", "Chợ sớm - Góc Phố"}, nil},
		{nil, nil},
	} {
		if got := LearnAffixes(c.titles); !slices.Equal(got, c.want) {
			t.Errorf("of %q is learned %q, want %q", c.titles, got, c.want)
		}
	}
}

func TestLearnedAffixesAreTakenOff(t *testing.T) {
	x, err := New([]config.Outlet{{ID: "bo-lau", Name: "Báo Bờ Lau", Domains: []config.Domain{{Host: "bolau.example"}}, Affixes: []string{"Dân hỏi, báo đáp"}}})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("<p>Sáng nay cán bộ xã trao sổ cho từng hộ, bà con ký nhận ngay tại sân đình.</p>", 8)
	for title, want := range map[string]string{
		"Xã Bờ Lau trao sổ | Dân hỏi, báo đáp": "Xã Bờ Lau trao sổ",
		"Dân hỏi, báo đáp - Xã Bờ Lau trao sổ": "Xã Bờ Lau trao sổ",
		"Dân hỏi, báo đáp":                     "Dân hỏi, báo đáp",
		"Chợ nổi - chợ chìm ở Bờ Lau":          "Chợ nổi - chợ chìm ở Bờ Lau",
	} {
		a, err := x.Extract(news.Page{URL: "https://bolau.example/bai-1.html", Status: 200, At: now,
			Body: `<html lang="vi"><head><title>` + title + `</title></head><body><time datetime="2026-07-06T08:00:00+07:00"></time><article>` + text + `</article></body></html>`}, now)
		if err != nil || a.Title != want {
			t.Errorf("%q is read as %q, want %q (%v)", title, a.Title, want, err)
		}
	}
}
