package pipeline

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"diembao/config"
)

// aDay is how many articles of ours a busy installation sees in a day.
const aDay = 5000

// busy is an archive with three full days of articles of ours, in stories of
// about ten, each told by papers in words of its own.
func busy(b *testing.B, now time.Time) *Pipeline {
	b.Helper()
	p := archive(b, now)
	var lines strings.Builder
	towns := []string{"An Hòa", "Bến Lũy", "Cẩm Thạch", "Đông Lạc", "Gia Ninh", "Hải Vân", "Kim Sơn", "Lạc Thủy", "Mỹ Phong", "Nam Lĩnh", "Phú Điền", "Quế Lâm", "Sông Thao", "Tân Kỳ", "Vạn Xuân"}
	said := []string{"chậm chi trả lương hưu", "hết thuốc cho người có thẻ BHYT", "nợ đóng BHXH của công nhân", "trao sổ BHXH tự nguyện", "đối thoại về trợ cấp thất nghiệp"}
	for i := range 3 * aDay {
		event, at := i/10, now.Add(-72*time.Hour+time.Duration(i)*72*time.Hour/(3*aDay))
		place, what := towns[event%len(towns)], said[event/len(towns)%len(said)]
		fmt.Fprintf(&lines, `{"url":"https://bao-%d.example/%d","outlet":"Báo %d","published":%q,"title":"Xã %s %d: %s, hồ sơ số %d","summary":"Ông Trần Văn %d ở xã %s kể về việc %s hôm thứ %d.","body":%q}`+"\n",
			i%97, i, i%97, at.Format(time.RFC3339), place, event, what, event*7919%100003, event*31%9973, place, what, i%7,
			strings.Repeat(fmt.Sprintf("Bà con xã %s %d nói về %s, mỗi nhà một ý, nhà thứ %d. ", place, event, what, i), 12))
	}
	if _, err := p.Import(b.Context(), "thu.jsonl", strings.NewReader(lines.String()), nil); err != nil {
		b.Fatal(err)
	}
	if _, err := p.Read(b.Context()); err != nil {
		b.Fatal(err)
	}
	return p
}

// BenchmarkWatch is a round of the watch at 5,000 articles of ours a day: the
// first one after a start, and those that follow it.
func BenchmarkWatch(b *testing.B) {
	p := busy(b, time.Date(2026, 7, 8, 20, 0, 0, 0, config.VN))
	round := func(b *testing.B) {
		if _, err := p.Watch(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			p.lookout = lookout{}
			round(b)
		}
	})
	b.Run("next", func(b *testing.B) {
		round(b)
		for b.Loop() {
			round(b)
		}
	})
}
