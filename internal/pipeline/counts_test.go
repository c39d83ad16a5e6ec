package pipeline

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"diembao/config"
	"diembao/index"
)

// Whatever the step, periods follow one another without a hole, hold every day
// that was counted, and add up to the whole.
func TestPeriodsHoldEveryDay(t *testing.T) {
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, config.VN)
	rapid.Check(t, func(t *rapid.T) {
		var days []index.Count
		total, at := 0, first
		for range rapid.IntRange(1, 40).Draw(t, "days") {
			at = at.AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "apart"))
			n := rapid.IntRange(1, 9).Draw(t, "count")
			total += n
			days = append(days, index.Count{Value: at.Format(time.DateOnly), Count: n})
		}
		by, got := periods(index.Query{Now: at}, days, days, rapid.SampledFrom([]Step{Auto, Day, Week, Month}).Draw(t, "by"))
		if by == Auto || len(got) == 0 || len(got) > MaxPeriods+1 {
			t.Fatalf("%d periods by %q", len(got), by)
		}
		for i, p := range got {
			total -= p.Publications
			if i > 0 && !p.From.Equal(got[i-1].To) || !p.From.Before(p.To) || p.Publications != p.Originals {
				t.Fatalf("period %d is %+v after %+v", i, p, got[max(0, i-1)])
			}
			if by == Week && p.From.Weekday() != time.Monday || by == Month && p.From.Day() != 1 {
				t.Fatalf("a %s begins on %v", by, p.From)
			}
		}
		if total != 0 {
			t.Fatalf("%d publications are in no period", total)
		}
	})
}

func TestPeriodsOfADateAsked(t *testing.T) {
	from := time.Date(2026, 7, 1, 0, 0, 0, 0, config.VN)
	by, got := periods(index.Query{From: from, To: from.AddDate(0, 0, 10), Now: from.AddDate(1, 0, 0)}, nil, nil, Auto)
	if by != Day || len(got) != 10 {
		t.Errorf("ten days without articles are %d periods by %s", len(got), by)
	}
	if _, got := periods(index.Query{Now: from}, nil, nil, Auto); len(got) != 0 {
		t.Errorf("nothing found and nothing asked is %d periods", len(got))
	}
}

func TestShareOfTimeLost(t *testing.T) {
	dark := map[string]time.Duration{"a": 12 * time.Hour, "b": 48 * time.Hour} // b is counted twice over by gaps that touch
	if got := share(dark, 24*time.Hour, 4); got != .375 {
		t.Errorf("a lost half a day and b all of it: %v of four outlets", got)
	}
	if share(dark, 0, 4) != 0 || share(dark, time.Hour, 0) != 0 {
		t.Error("no time and no outlets lose nothing")
	}
}
