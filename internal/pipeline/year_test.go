package pipeline

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"diembao/config"
)

// A year of an office's press, scaled: one affair told five times a day, one event a
// day besides, harm that names no insurance and waits, and the day's usual news.
// What the machine keeps in memory is in all the year what it was in its first four months.
func TestAYearOfWatchingDoesNotGrow(t *testing.T) {
	if testing.Short() {
		t.Skip("reads and watches a year")
	}
	begin := time.Date(2026, 1, 5, 0, 0, 0, 0, config.VN)
	p := &stage{newsroom: newNewsroom(t, begin), seen: map[string]bool{}}
	var after, most held
	for day := range 365 {
		p.now = begin.AddDate(0, 0, day).Add(8 * time.Hour)
		own := func(n int) string { return ownText(10*day + n) }
		p.publish(`bao-1 "Ngày thứ `+fmt.Sprint(day)+`: Bệnh viện Lũng Vài vẫn từ chối thẻ BHYT, người bệnh bức xúc" "Cơ quan bảo hiểm xã hội chậm thanh toán, người chạy thận kêu cứu: `+own(1)+` {t}."`, 5)
		p.publish(`bao-2 "`+own(2)+`: người có thẻ BHYT kêu cứu" "`+own(3)+`, bảo hiểm xã hội bị tố cáo, `+own(4)+`."`, 1)
		p.publish(`bao-3 "`+own(5)+`: cụ bà đi lại sáu lần vì một tờ giấy" "`+own(6)+`, không ai xin lỗi, `+own(7)+`."`, 1)
		p.publish(`bao-4 "`+own(8)+`: trao sổ bảo hiểm xã hội tự nguyện" "`+own(9)+`."`, 1)
		now := p.held()
		if day < 120 {
			after = after.max(now)
		} else {
			most = most.max(now)
		}
		if day%60 == 59 || day == 364 {
			t.Logf("day %d: %v, %.1f MB", day+1, now, inUse())
		}
	}
	if most.waiting == 0 || most.watched == 0 {
		t.Fatalf("nothing waits or is watched: %v", most)
	}
	for _, h := range []struct {
		what        string
		most, after int
	}{
		{"live stories", most.stories, after.stories}, {"articles in stories", most.articles, after.articles}, {"articles watched", most.watched, after.watched},
		{"articles that wait", most.waiting, after.waiting}, {"claims on what waits", most.claims, after.claims},
	} {
		if h.most > h.after+h.after/4+2 {
			t.Errorf("%s: at most %d in the year, %d in its first four months", h.what, h.most, h.after)
		}
	}
}

// held is how much the machine has in memory.
type held struct{ stories, articles, watched, waiting, claims int }

func (p *stage) held() held {
	stories, articles := p.memory.places.stories.Len()
	w := p.memory.places.waiting
	return held{stories, articles, len(p.lookout.articles), len(w.held), len(w.ours)}
}

func (h held) max(o held) held {
	return held{max(h.stories, o.stories), max(h.articles, o.articles), max(h.watched, o.watched), max(h.waiting, o.waiting), max(h.claims, o.claims)}
}

// inUse is the heap after everything that can go has gone, in MB.
func inUse() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
