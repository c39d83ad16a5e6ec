package baseline

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What is to come does not change what was said.
func TestRankIsOnline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		series := rapid.SliceOfN(rapid.Float64Range(0, 50), 30, 200).Draw(t, "series")
		cut := rapid.IntRange(1, len(series)).Draw(t, "cut")
		run := func(s []float64) []float64 {
			r := NewRank(time.Hour)
			var out []float64
			for _, v := range s {
				out = append(out, r.Add(v))
			}
			return out
		}
		if whole, part := run(series), run(series[:cut]); !slices.Equal(whole[:cut], part) {
			t.Fatal("a score depends on later counts")
		}
	})
}

// A record scores as the length of its past, one of the quiet hours nothing, and
// nothing is said on the first day.
func TestRankScores(t *testing.T) {
	r := NewRank(time.Hour)
	for i := range 99 {
		score := r.Add(10 + float64(i%3))
		if i < 24 && score != 0 {
			t.Fatalf("hour %d scores %v on the first day", i, score)
		}
		if score > 2 {
			t.Fatalf("hour %d scores %v though nothing happens", i, score)
		}
	}
	if got := r.Add(90); math.Abs(got-2) > 1e-9 { // as never in 99 hours: one in a hundred
		t.Errorf("a record scores %v, want 2", got)
	}
	if got := r.Add(0); got > 0.01 {
		t.Errorf("silence scores %v", got)
	}
}

// The past is bounded, and what is forgotten is forgotten in order.
func TestRankForgets(t *testing.T) {
	r := NewRank(time.Hour)
	for i := range 100 * 24 {
		r.Add(float64(i % 24))
	}
	if len(r.past) != 90*24 || len(r.order) != 90*24 || !slices.IsSorted(r.past) {
		t.Errorf("%d hours are remembered, sorted %t; want 90 days of them", len(r.past), slices.IsSorted(r.past))
	}
	order := slices.Sorted(slices.Values(r.order))
	if !slices.Equal(order, r.past) {
		t.Error("what is ranked is not what came")
	}
}

func BenchmarkRank(b *testing.B) {
	r := NewRank(5 * time.Minute)
	for i := 0; b.Loop(); i++ {
		r.Add(float64((i * 7919) % 97))
	}
}
