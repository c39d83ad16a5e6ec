package story

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// aDay is how many articles a day the year's test takes, and how many of them
// are remembered; DIEMBAO_ARTICLES_A_DAY=5000 makes it the year of a whole country.
func aDay(t *testing.T) (articles int, o Options) {
	n := os.Getenv("DIEMBAO_ARTICLES_A_DAY")
	if n == "" {
		return 30, Options{Articles: 200}
	}
	articles, err := strconv.Atoi(n)
	if err != nil {
		t.Fatal(err)
	}
	return articles, Options{}
}

// A year of articles leaves no more in memory than a month of them.
func TestAYearDoesNotGrow(t *testing.T) {
	if testing.Short() {
		t.Skip("a year of articles takes a while")
	}
	articles, o := aDay(t)
	s, start := New(o), time.Now()
	held := map[int]float64{}
	for day := range 365 {
		for i := range articles {
			n := uint64(day*articles + i)
			s.Add(Doc{ID: fmt.Sprint("n", n), Title: long(n/3, 1), Lead: long(n/3+1e7, 1) + long(n, 1), Body: long(n+2e7, 3),
				Time: monday.AddDate(0, 0, day).Add(time.Duration(i) * 24 * time.Hour / time.Duration(articles))})
		}
		if _, n := s.Len(); n > s.opt.Articles {
			t.Fatalf("day %d: %d articles in memory, allowed %d", day, n, s.opt.Articles)
		}
		if day == 29 || day == 364 {
			held[day] = heap()
			stories, n := s.Len()
			t.Logf("day %d: %.1f MB for %d articles in %d stories, %d words, %d runs; %.0f articles a second", day+1, held[day],
				n, stories, len(s.words.slot), len(s.texts.at), float64((day+1)*articles)/time.Since(start).Seconds())
		}
	}
	if held[364] > 1.25*held[29]+1 {
		t.Errorf("%.1f MB after a year, %.1f after a month", held[364], held[29])
	}
	runtime.KeepAlive(s)
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
