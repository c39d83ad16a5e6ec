package baseline

import (
	"math"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/when"

	"pgregory.net/rapid"
)

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, when.VN) }

// days is a series from first on, made by n.
func days(first time.Time, many int, n func(time.Time) int) []Count {
	var out []Count
	for i := range many {
		at := first.AddDate(0, 0, i)
		out = append(out, Count{At: at, N: n(at)})
	}
	return out
}

// The tail against the sum of the probabilities, term by term.
func TestTailIsTheSumOfItsTerms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(0.05, 60).Draw(t, "mean")
		phi := rapid.SampledFrom([]float64{0.5, 1, 1.2, 2, 7}).Draw(t, "phi")
		n := rapid.IntRange(0, 90).Draw(t, "n")
		sum := 0.0
		for k := range n {
			sum += math.Exp(logTerm(float64(k), mean, phi))
		}
		if got := Tail(n, mean, phi); math.Abs(got-(1-sum)) > 1e-9 {
			t.Fatalf("Tail(%d, %v, %v) = %v, want %v", n, mean, phi, got, 1-sum)
		}
		if got := below(n-1, mean, phi) + Tail(n, mean, phi); math.Abs(got-1) > 1e-9 {
			t.Fatalf("below and Tail make %v", got)
		}
	})
}

// logTerm is log P(X = k).
func logTerm(k, mean, phi float64) float64 {
	gamma := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	if phi <= 1 {
		return k*math.Log(mean) - mean - gamma(k+1)
	}
	r := mean / (phi - 1)
	return gamma(k+r) - gamma(r) - gamma(k+1) - r*math.Log(phi) + k*math.Log(1-1/phi)
}

func TestQuantileIsTheSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean, phi := rapid.Float64Range(0, 200).Draw(t, "mean"), rapid.Float64Range(1, 6).Draw(t, "phi")
		p := rapid.Float64Range(0.01, 0.999).Draw(t, "p")
		q := Quantile(p, mean, phi)
		if below(q, mean, phi) < p || q > 0 && below(q-1, mean, phi) >= p {
			t.Fatalf("Quantile(%v, %v, %v) = %d", p, mean, phi, q)
		}
	})
}

// A week has its shape: twenty on working days, five at the end of the week.
func TestLearnKnowsTheWeek(t *testing.T) {
	m := Learn(days(date(2026, 5, 4), 112, func(t time.Time) int {
		if t.Weekday() == time.Sunday || t.Weekday() == time.Saturday {
			return 5
		}
		return 20
	}), Daily, Calendar{})
	if work, rest := m.Mean(date(2026, 8, 26)), m.Mean(date(2026, 8, 30)); math.Abs(work-20) > 1.5 || math.Abs(rest-5) > 1.5 {
		t.Errorf("Wednesday %v and Sunday %v, want about 20 and 5", work, rest)
	}
	if m.Surprise(date(2026, 8, 30), 20) < 3 || m.Surprise(date(2026, 8, 26), 20) > 1 {
		t.Errorf("twenty on a Sunday surprise by %v, on a Wednesday by %v", m.Surprise(date(2026, 8, 30), 20), m.Surprise(date(2026, 8, 26), 20))
	}
}

// Tết is quiet before it was ever seen, and holidays as well.
func TestTetIsQuiet(t *testing.T) {
	m := Learn(days(date(2026, 9, 7), 84, func(time.Time) int { return 20 }), Daily, Calendar{})
	first := when.Tet(2027)
	if band := m.Expected(first); band.Mean > 4 {
		t.Errorf("the first day of Tết is expected to bring %v", band)
	}
	if m.Surprise(first, 12) < 2 {
		t.Error("twelve articles at Tết are no surprise, where twenty a day are usual")
	}
}

// A crisis of five days teaches little: the level after it is that before.
func TestACrisisDoesNotTeach(t *testing.T) {
	usual := func(t time.Time) int { return 8 + t.YearDay()*7%5 }
	crisis := func(t time.Time) int {
		if t.Month() == time.August && t.Day() > 20 && t.Day() < 26 {
			return 150
		}
		return usual(t)
	}
	without := Learn(days(date(2026, 5, 4), 120, usual), Daily, Calendar{})
	with := Learn(days(date(2026, 5, 4), 120, crisis), Daily, Calendar{})
	if with.Level > 1.25*without.Level {
		t.Errorf("the level rose from %.1f to %.1f", without.Level, with.Level)
	}
	if day := date(2026, 9, 1); with.Surprise(day, 60) < 3 {
		t.Errorf("after a crisis sixty articles surprise by %.1f only", with.Surprise(day, 60))
	}
}

// What is planned is no surprise, on its days and for its topics alone.
func TestPlannedPeaksAreExpected(t *testing.T) {
	plan := config.Calendar{Peaks: []config.Peak{{ID: "ngay-hoi", Name: "Ngày hội", Yearly: "12-31", Before: 1, After: 2, Times: 3, Topics: []string{"kham-chua-benh"}}}}
	history := days(date(2026, 9, 7), 84, func(time.Time) int { return 10 })
	m := Learn(history, Daily, For(plan, "kham-chua-benh"))
	other := Learn(history, Daily, For(plan, "luong-huu"))
	day := date(2027, 1, 2) // a Saturday two days after, over New Year
	if m.Surprise(day, 30) > 1.5 || other.Surprise(day, 30) < 3 {
		t.Errorf("thirty on the day: %.1f where it is planned, %.1f where not", m.Surprise(day, 30), other.Surprise(day, 30))
	}
	if got := For(plan, "").Peaks(date(2027, 1, 3)); got != nil {
		t.Errorf("the peak still stands on 3 January: %v", got)
	}
}

// By the hour, the night is quieter than the morning.
func TestLearnKnowsTheHour(t *testing.T) {
	var history []Count
	for i := range 42 * 24 {
		at := date(2026, 5, 4).Add(time.Duration(i) * time.Hour)
		n := 0
		if at.Hour() >= 6 && at.Hour() < 22 {
			n = 3
		}
		history = append(history, Count{At: at, N: n})
	}
	m := Learn(history, Hourly, Calendar{})
	morning, night := date(2026, 6, 16).Add(9*time.Hour), date(2026, 6, 16).Add(3*time.Hour)
	if m.Mean(morning) < 2.4 || m.Mean(night) > 0.6 {
		t.Errorf("nine in the morning %v, three at night %v", m.Mean(morning), m.Mean(night))
	}
	if m.Surprise(night, 4) < 2 || m.Surprise(morning, 4) > 1 {
		t.Errorf("four articles surprise by %v at night, by %v in the morning", m.Surprise(night, 4), m.Surprise(morning, 4))
	}
}

func TestLearnFromNothing(t *testing.T) {
	m := Learn(nil, Daily, Calendar{})
	if s := m.Surprise(date(2026, 8, 26), 0); s != 0 {
		t.Errorf("silence surprises by %v", s)
	}
	if got := m.Expected(date(2026, 8, 26)); got.High != 0 || got.Low != 0 {
		t.Errorf("expected of nothing: %v", got)
	}
}

// Half as much again, day after day, passes no threshold of a day and is seen
// within two weeks; what is usual is not.
func TestBurnSeesWhatIsSlow(t *testing.T) {
	var slow, usual Burn
	for day := 1; day <= 14; day++ {
		slow = slow.Add(16, 10, 1.2)
		usual = usual.Add(9+day%4, 10, 1.2)
		if Tail(16, 10, 1.2) < Unusual {
			t.Fatal("sixteen is unusual by itself: the test tests nothing")
		}
	}
	if slow.Score < Smoulders || slow.Days != 14 || usual.Score >= Smoulders/2 {
		t.Errorf("slow %+v, usual %+v", slow, usual)
	}
	if once := (Burn{}).Add(500, 10, 1.2); once.Score > most {
		t.Errorf("one day alone makes a burn of %v", once.Score)
	}
}

func TestTallyLeavesNoGap(t *testing.T) {
	from := date(2026, 8, 24).Add(10 * time.Hour)
	to := date(2026, 8, 27).Add(5 * time.Hour)
	happened := []time.Time{
		date(2026, 8, 23).Add(23 * time.Hour), // before the first day
		date(2026, 8, 24).Add(time.Minute),    // of the first day, before from
		date(2026, 8, 26).Add(23*time.Hour + 59*time.Minute), to,
	}
	got := Tally(happened, from, to, Daily)
	if len(got) != 3 || got[0].N != 1 || got[1].N != 0 || got[2].N != 1 || !got[0].At.Equal(date(2026, 8, 24)) {
		t.Errorf("days: %v", got)
	}
	hours := Tally(happened, from, to, Hourly)
	if len(hours) != 67 || !hours[0].At.Equal(from) || hours[61].N != 1 {
		t.Errorf("hours: %d from %v, the last before midnight %v", len(hours), hours[0].At, hours[61])
	}
	if got := Tally(nil, to, from, Daily); len(got) != 0 {
		t.Errorf("a time that ends before it begins: %v", got)
	}
}
