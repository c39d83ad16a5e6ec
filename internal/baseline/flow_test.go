package baseline

import (
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/when"
)

var bhyt = Series{Topic: "bhyt"}

// weeks is a flow with so many articles on each of some days, from eight in the morning on.
func weeks(days int, perDay func(day int) int) (*Flow, time.Time) {
	f, midnight := NewFlow(config.Calendar{}), time.Date(2025, 9, 1, 0, 0, 0, 0, when.VN)
	for d := range days {
		for i := range perDay(d) {
			f.Add(midnight.AddDate(0, 0, d).Add(time.Duration(8+i%10)*time.Hour), 1, Whole, bhyt)
		}
	}
	return f, midnight.AddDate(0, 0, days)
}

func TestFlowKnowsTheUsual(t *testing.T) {
	f, today := weeks(40, func(int) int { return 10 })
	noon := today.Add(12*time.Hour + 30*time.Minute)
	f.Add(noon, 5, Whole, bhyt)
	usual, ok := f.Excess(bhyt, noon)
	if !ok || usual.N != 5 || usual.Usual < 4 || usual.Usual > 6 || usual.Surprise() > 1 {
		t.Errorf("five articles by noon where ten come in a day: %+v, surprise %.2f", usual, usual.Surprise())
	}
	f.Add(noon, 25, Whole, bhyt)
	burst, _ := f.Excess(bhyt, noon)
	if burst.N != 30 || burst.Usual != usual.Usual || burst.Surprise() < 6 {
		t.Errorf("thirty: %+v, surprise %.2f; want more than 6 and the same usual: today teaches nothing yet", burst, burst.Surprise())
	}
	evening, _ := f.Excess(bhyt, today.Add(23*time.Hour))
	if evening.N != 0 || evening.Usual > usual.Usual/2 {
		t.Errorf("at night %+v; want less usual than at noon", evening)
	}
}

// A crisis of two days among the history hardly moves what is usual.
func TestFlowIsNotTaughtByACrisis(t *testing.T) {
	calm, today := weeks(40, func(int) int { return 10 })
	taught, _ := weeks(40, func(d int) int {
		if d == 37 || d == 38 {
			return 200
		}
		return 10
	})
	noon := today.Add(12 * time.Hour)
	a, _ := calm.Excess(bhyt, noon)
	b, _ := taught.Excess(bhyt, noon)
	if b.Usual > 1.3*a.Usual {
		t.Errorf("after a crisis %.2f are usual, before %.2f", b.Usual, a.Usual)
	}
}

func TestFlowIsSilentAtFirst(t *testing.T) {
	f, today := weeks(10, func(int) int { return 3 })
	if e, ok := f.Excess(bhyt, today); ok {
		t.Errorf("after ten days it said %+v", e)
	}
	if e, ok := NewFlow(config.Calendar{}).Excess(bhyt, today); ok {
		t.Errorf("with nothing seen it said %+v", e)
	}
}

func TestFlowForgets(t *testing.T) {
	f, _ := weeks(400, func(int) int { return 10 })
	for d := range 400 {
		f.Excess(bhyt, time.Date(2025, 9, 1, 12, 0, 0, 0, when.VN).AddDate(0, 0, d))
	}
	for _, s := range []Series{bhyt, Whole} {
		if n := len(f.of(s).counts); n > 80*10 {
			t.Errorf("%d hours of %v are remembered after 400 days", n, s)
		}
	}
}

func BenchmarkFlow(b *testing.B) {
	f, today := weeks(60, func(d int) int { return 5 + d%7 })
	for b.Loop() {
		clear(f.of(bhyt).models)
		f.Excess(bhyt, today.Add(12*time.Hour))
	}
}
