package baseline

import (
	"testing"
	"time"

	"diembao/internal/when"
)

// daily reads a column of a table of days as a series.
func daily(t *testing.T, rows []map[string]string, name string) []Count {
	t.Helper()
	var out []Count
	for _, r := range rows {
		day, err := time.ParseInLocation(time.DateOnly, r["date"], when.VN)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, Count{At: day, N: int(number(t, r[name]))})
	}
	return out
}

// rule says whether the last day of a series is an alarm.
type rule func(series []Count) bool

func byModel(p float64) rule {
	return func(s []Count) bool {
		last := s[len(s)-1]
		return Learn(s[:len(s)-1], Daily, Calendar{}).Chance(last.At, last.N) < p
	}
}

func byEARS(of func(EARS) Aberration) rule {
	return func(s []Count) bool {
		from := max(0, len(s)-12)
		var x []float64
		for _, c := range s[from:] {
			x = append(x, float64(c.N))
		}
		return of(Aberrations(x)[len(x)-1]).Alarm
	}
}

// trial adds a burst of the given shape from each day after the first warm on, one at a
// time, and tells the share noticed on one of its days, and the alarms a week
// without any.
func trial(series []Count, warm int, shape []int, alarm rule) (found, weekly float64) {
	bursts, hits, quiet, days := 0, 0, 0, 0
	for d := warm; d < len(series); d++ {
		days++
		if alarm(series[:d+1]) {
			quiet++
		}
	}
	for d := warm; d+len(shape) <= len(series); d += 5 { // meets every weekday
		with := append([]Count(nil), series[:d+len(shape)]...)
		for i, n := range shape {
			with[d+i].N += n
		}
		bursts++
		for i := range shape {
			if alarm(with[:d+i+1]) {
				hits++
				break
			}
		}
	}
	return float64(hits) / float64(bursts), 7 * float64(quiet) / float64(days)
}

// On a real year of days: of bursts of five, five and four articles more the
// model notices at least .87 at no more than .2 false alarms a week, and more
// than C2 does with more than twice as many.
func TestDailyBurstsAreNoticed(t *testing.T) {
	series := daily(t, shared(t, "vn_daily_counts.csv"), "bhxh_articles")
	shape := []int{5, 5, 4}
	found, weekly := trial(series, 56, shape, byModel(Unusual))
	c2, c2weekly := trial(series, 56, shape, byEARS(func(e EARS) Aberration { return e.C2 }))
	t.Logf("model: found %.3f at %.3f false alarms a week; C2: %.3f at %.3f", found, weekly, c2, c2weekly)
	if found < 0.87 || weekly > 0.2 {
		t.Errorf("found %.3f at %.3f false alarms a week, want .87 at .2", found, weekly)
	}
	if found <= c2 || 2*weekly > c2weekly {
		t.Errorf("no better than C2: %.3f at %.3f against %.3f at %.3f", found, weekly, c2, c2weekly)
	}
}
