package story

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// aDay is how many articles a day the year's test takes, and how many of them
// are remembered: few, but DIEMBAO_YEAR=full makes it the year of a whole
// country, which takes a quarter of an hour:
//
//	DIEMBAO_YEAR=full go test ./internal/story -run TestAYearDoesNotGrow -v -timeout 60m
func aDay() (articles int, o Options) {
	if os.Getenv("DIEMBAO_YEAR") == "full" {
		return 5000, Options{}
	}
	return 30, Options{Articles: 200}
}

// A year of articles leaves no more in memory than a month of them.
func TestAYearDoesNotGrow(t *testing.T) {
	if testing.Short() {
		t.Skip("a year of articles takes a while")
	}
	articles, o := aDay()
	s, start := New(o), time.Now()
	var months []float64
	for day := range 365 {
		for i := range articles {
			n := uint64(day*articles + i)
			s.Add(Doc{ID: fmt.Sprint("n", n), Title: long(n/3, 1), Lead: long(n/3+1e7, 1) + long(n, 1), Body: long(n+2e7, 3),
				Time: monday.AddDate(0, 0, day).Add(time.Duration(i) * 24 * time.Hour / time.Duration(articles))})
		}
		if _, n := s.Len(); n > s.opt.Articles {
			t.Fatalf("day %d: %d articles in memory, allowed %d", day, n, s.opt.Articles)
		}
		if (day+1)%30 == 0 || day == 364 {
			months = append(months, heap())
			stories, n := s.Len()
			t.Logf("day %d: %.1f MB for %d articles in %d stories, %d words, %d runs; %.0f articles a second", day+1, months[len(months)-1],
				n, stories, len(s.words.slot), len(s.texts.at), float64((day+1)*articles)/time.Since(start).Seconds())
		}
	}
	for i, mb := range months {
		if mb > 1.25*months[0]+1 {
			t.Errorf("%.1f MB after %d months, %.1f after the first", mb, i+1, months[0])
		}
	}
	runtime.KeepAlive(s)
}

// One story told all year, with a text copied daily besides, leaves room for
// the others and grows no more than they do.
func TestOneStoryAllYear(t *testing.T) {
	s := New(Options{Articles: 4 * mostHeld})
	add := func(id string, at time.Time, title, body string) Placed {
		return s.Add(Doc{ID: id, Title: title, Lead: title, Body: body, Time: at})
	}
	copied := long(5, 20)
	for hour := range 365 * 24 {
		at := monday.Add(time.Duration(hour) * time.Hour)
		add(fmt.Sprint("a", hour), at, "Bệnh viện Suối Đá chưa nhận lại thẻ bảo hiểm của người chạy thận", long(uint64(hour), 1))
		add(fmt.Sprint("c", hour), at, "Bản tin thị trường", copied)
		if hour%24 == 0 {
			add(fmt.Sprint("o", hour), at, long(uint64(hour)+1e6, 1), long(uint64(hour)+2e6, 3))
		}
		if hour%720 == 719 {
			_, n := s.Len()
			t.Logf("day %d: %d articles in %d stories", (hour+1)/24, n, len(s.live))
		}
		for _, st := range s.live {
			if len(st.articles) > mostHeld+mostHeld/4 {
				t.Fatalf("hour %d: %d articles of one story in memory", hour, len(st.articles))
			}
		}
		if _, ok := s.live[ID(fmt.Sprint("o", hour-hour%24))]; !ok && hour%24 < 23 {
			t.Fatalf("hour %d: the day's other story is forgotten", hour)
		}
	}
	if st := s.live[ID("c0")]; st == nil || !st.first.Equal(monday) {
		t.Errorf("the story that was copied all year is %+v", st)
	}
	if p := add("last", monday.AddDate(1, 0, 0), "Bản tin thị trường", copied); p.CopyOf != "c0" {
		t.Errorf("a copy of the year's first text is one of %q", p.CopyOf)
	}
}

// heap is what is in use after everything that can go has gone, in MB.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// bad are streams that no newsroom should send, each with a report of an event
// among them that must find its story.
var bad = map[string]func(i int) Doc{
	"one text over and over": func(i int) Doc { return Doc{Title: "Một tựa", Body: long(3, 25)} },
	"one outlet 500 an hour": func(i int) Doc {
		return Doc{Outlet: "bao-x", Title: fmt.Sprintf("Xã số %d trao sổ bảo hiểm cho %d hộ dân", i, i%90+10), Lead: "Tổ tuyên truyền đến từng nhà, " + long(uint64(i), 1)}
	},
	"no words at all": func(i int) Doc { return Doc{} },
	"dated 1970":      func(i int) Doc { return Doc{Title: long(uint64(i), 1), Time: time.Unix(0, 0)} },
	"dated tomorrow":  func(i int) Doc { return Doc{Title: long(uint64(i), 1), Time: monday.Add(48 * time.Hour)} },
	"a clock that jumps": func(i int) Doc {
		return Doc{Title: long(uint64(i), 1), Seen: monday.Add(time.Duration(i%7-3) * 20 * time.Hour)}
	},
	"a body as long as a book": func(i int) Doc { return Doc{Title: "Sách", Body: long(uint64(i), 400)} },
}

// flood adds n bad documents with the reports of an event among them, and says
// where these went.
func flood(s *Stories, make func(int) Doc, n int) (at []string) {
	for i := range n {
		d := make(i)
		d.ID = fmt.Sprint("bad", i)
		if d.Seen.IsZero() {
			d.Seen = monday.Add(time.Duration(i) * 7 * time.Second)
		}
		if d.Time.IsZero() {
			d.Time = d.Seen
		}
		if i%(n/3) == n/6 {
			r := reports[len(at)]
			r.Time, r.Seen = d.Seen, d.Seen
			at = append(at, s.Add(r).Story)
		}
		s.Add(d)
	}
	return at
}

func TestBadInputHidesNoEvent(t *testing.T) {
	for name, make := range bad {
		if at := flood(New(Options{}), make, 600); fmt.Sprint(at) != "[s-a1 s-a1 s-a1]" {
			t.Errorf("%s: the reports of one event went to %v", name, at)
		}
	}
}

// BenchmarkBadInput is the time for one document of each bad stream.
func BenchmarkBadInput(b *testing.B) {
	for name, make := range bad {
		b.Run(name, func(b *testing.B) {
			const n = 3000
			for b.Loop() {
				flood(New(Options{}), make, n)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n*b.N), "µs/doc")
		})
	}
}
