package pulse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// monday is the first moment of the simulated press.
var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, vn)

// paper is a simulated source: how many articles it publishes on a day, at
// which hours, on which days, how many at a time.
type paper struct {
	name     string
	perDay   float64
	from, to int // hours
	weekend  float64
	batch    int
}

var press = []paper{
	{"a wire that never sleeps", 300, 0, 24, 1, 1},
	{"a large daily", 120, 5, 23, .6, 1},
	{"a provincial paper", 18, 6, 21, .4, 1},
	{"a portal that publishes in batches", 10, 8, 17, 0, 5},
	{"a magazine", 1, 8, 17, 0, 1},
}

// rate is articles an hour at t.
func (p paper) rate(t time.Time) float64 {
	t = t.In(vn)
	if t.Hour() < p.from || t.Hour() >= p.to {
		return 0
	}
	r := p.perDay / float64(p.to-p.from)
	if d := t.Weekday(); d == time.Saturday || d == time.Sunday {
		r *= p.weekend
	}
	return r
}

// publish draws the moments of publication of some weeks, in order.
func (p paper) publish(weeks int, dice *rand.Rand) (out []time.Time) {
	const step = 30 * time.Second
	for t := monday; t.Before(monday.AddDate(0, 0, 7*weeks)); t = t.Add(step) {
		if dice.Float64() < p.rate(t)*step.Hours()/float64(p.batch) {
			for range p.batch {
				out = append(out, t)
			}
		}
	}
	return out
}

// hours counts arrivals by hour.
func hours(arrivals []time.Time, from, to time.Time) []Hour {
	by := map[int64]int{}
	for _, a := range arrivals {
		by[a.Unix()/3600]++
	}
	var out []Hour
	for t := from; t.Before(to); t = t.Add(time.Hour) {
		out = append(out, Hour{At: t, Seen: by[t.Unix()/3600]})
	}
	return out
}

func dice(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 2026)) }

// What four weeks teach is what the fifth brings.
func TestExpectedIsWhatComes(t *testing.T) {
	for i, p := range press {
		t.Run(p.name, func(t *testing.T) {
			arrivals := p.publish(4, dice(uint64(i)))
			learned := Learn(hours(arrivals, monday, monday.AddDate(0, 0, 28)))
			next := monday.AddDate(0, 0, 28)
			var truth float64
			for at := next; at.Before(next.AddDate(0, 0, 7)); at = at.Add(time.Hour) {
				truth += p.rate(at)
			}
			got := learned.Expected(next, next.AddDate(0, 0, 7))
			if e := math.Abs(got - truth); e > 0.12*truth+3 {
				t.Errorf("a week is expected to bring %.1f, in truth %.1f", got, truth)
			}
			day, night := learned.Expected(next.Add(9*time.Hour), next.Add(11*time.Hour)), learned.Expected(next.Add(2*time.Hour), next.Add(4*time.Hour))
			if p.from > 4 && p.perDay > 5 && night > day/4 {
				t.Errorf("two hours of a morning bring %.2f, of a night %.2f", day, night)
			}
		})
	}
}

// Hours in which nobody could look teach nothing: a blind week does not halve
// what is expected.
func TestLostHoursTeachNothing(t *testing.T) {
	p := press[1]
	all := hours(p.publish(4, dice(7)), monday, monday.AddDate(0, 0, 28))
	for i := range all {
		if i < 14*24 {
			all[i].Seen, all[i].Lost = 0, true
		}
	}
	next := monday.AddDate(0, 0, 28)
	if got := Learn(all).Expected(next, next.AddDate(0, 0, 1)); math.Abs(got-p.perDay) > 0.15*p.perDay {
		t.Errorf("a Monday is expected to bring %.1f, want %.0f", got, p.perDay)
	}
}

// play lets a source be visited as it has taught, for some weeks, and returns
// what each article waited and how many visits were made, of the last week.
func play(p paper, weeks int, dice *rand.Rand) (waits []time.Duration, visits int) {
	arrivals := p.publish(weeks, dice)
	var pace Pace
	var profile Profile
	last, seen := time.Time{}, 0
	end := monday.AddDate(0, 0, 7*weeks)
	for now := monday.Add(8 * time.Hour); now.Before(end); {
		fresh := 0
		for seen+fresh < len(arrivals) && !arrivals[seen+fresh].After(now) {
			if now.After(end.AddDate(0, 0, -7)) && arrivals[seen+fresh].After(end.AddDate(0, 0, -7)) {
				waits = append(waits, now.Sub(arrivals[seen+fresh]))
			}
			fresh++
		}
		if from := now.Add(-Learned); last.IsZero() || now.Hour() != last.Hour() {
			if from.Before(monday) {
				from = monday
			}
			profile = Learn(hours(arrivals[:seen], from, now.Truncate(time.Hour)))
		}
		if !last.IsZero() {
			pace = pace.After(last, now, fresh, profile)
		}
		seen += fresh
		if now.After(end.AddDate(0, 0, -7)) {
			visits++
		}
		last, now = now, pace.Next(now, profile)
	}
	return waits, visits
}

// A source is asked as often as it has news: busy ones each five minutes, a
// magazine a few times a day; the first to print a bad word is seen soon.
func TestRevisitFollowsThePress(t *testing.T) {
	for i, c := range []struct {
		visits [2]int        // a week, at least and at most
		mean   time.Duration // that an article may wait, on average
	}{
		{[2]int{1500, 2016}, 4 * time.Minute},
		{[2]int{700, 1900}, 6 * time.Minute},
		{[2]int{100, 420}, 45 * time.Minute},
		{[2]int{30, 200}, 3 * time.Hour},
		{[2]int{7, 40}, 14 * time.Hour},
	} {
		t.Run(press[i].name, func(t *testing.T) {
			waits, visits := play(press[i], 3, dice(uint64(i)))
			var sum time.Duration
			for _, w := range waits {
				sum += w
			}
			mean := sum / time.Duration(max(1, len(waits)))
			t.Logf("%d articles, %d visits, %s waited on average", len(waits), visits, mean.Round(time.Second))
			if visits < c.visits[0] || visits > c.visits[1] || mean > c.mean {
				t.Errorf("%d visits and %s on average, want %d to %d and %s at most", visits, mean, c.visits[0], c.visits[1], c.mean)
			}
		})
	}
}

func TestIntervalsHaveBounds(t *testing.T) {
	var young Profile
	now := monday.Add(9 * time.Hour)
	for fresh, hours := 0, 0.0; hours < 2000; hours += 50 {
		for _, n := range []int{0, 1, 1000, 1 << 20} {
			fresh += n
			got := Pace{float64(fresh), hours}.Next(now, young).Sub(now)
			if got < Soonest || got > Latest {
				t.Fatalf("%d links in %.0f hours: asked again after %s", fresh, hours, got)
			}
		}
	}
	// A source that has died slows down to once a day, and is asked for ever.
	pace, at := Pace{}, now
	for range 400 {
		next := pace.Next(at, young)
		pace, at = pace.After(at, next, 0, young), next
	}
	if got := pace.Next(at, young).Sub(at); got != Latest {
		t.Errorf("a silent source is asked again after %s, want a day", got)
	}
	// It wakes up, and is asked often again within a day.
	for range 8 {
		next := pace.Next(at, young)
		pace, at = pace.After(at, next, 20, young), next
	}
	if got := pace.Next(at, young).Sub(at); got > 3*time.Hour {
		t.Errorf("a source that woke up is asked again after %s", got)
	}
}

// quietHours counts in how many hours of two healthy weeks an outlet would be
// called quiet.
func quietHours(p paper, dice *rand.Rand) (odd int) {
	arrivals := p.publish(6, dice)
	learned := Learn(hours(arrivals, monday, monday.AddDate(0, 0, 28)))
	last, k := monday, 0
	for now := monday.AddDate(0, 0, 28); now.Before(monday.AddDate(0, 0, 42)); now = now.Add(time.Hour) {
		for ; k < len(arrivals) && !arrivals[k].After(now); k++ {
			last = arrivals[k]
		}
		if _, silent := Silent(last, now, learned); silent {
			odd++
		}
	}
	return odd
}

// A silence is told where it is unlike the outlet, and only there.
func TestSilence(t *testing.T) {
	for i, p := range press {
		// Two weeks of health, looked at each hour, thirty times: next to nothing is told.
		odd := 0
		for life := range 30 {
			odd += quietHours(p, dice(uint64(100*i+life)))
		}
		if share := float64(odd) / (30 * 336); share > 0.01 {
			t.Errorf("%s is called quiet in %.4f of its healthy hours", p.name, share)
		}
		arrivals := p.publish(4, dice(uint64(i)))
		learned := Learn(hours(arrivals, monday, monday.AddDate(0, 0, 28)))
		// It falls silent on a Tuesday noon.
		noon := monday.AddDate(0, 0, 29).Add(12 * time.Hour)
		found := time.Duration(-1)
		for h := range 24 * 21 {
			if v, silent := Silent(noon, noon.Add(time.Duration(h)*time.Hour), learned); silent {
				found = time.Duration(h) * time.Hour
				if v.State != Quiet || v.Evidence == "" || v.Odds >= oddSilence || !v.Since.Equal(noon) {
					t.Errorf("%s: %+v", p.name, v)
				}
				break
			}
		}
		t.Logf("%s: silence told after %s", p.name, found)
		if most := map[float64]time.Duration{300: 3 * time.Hour, 120: 4 * time.Hour, 18: 48 * time.Hour, 10: 15 * 24 * time.Hour, 1: 20 * 24 * time.Hour}[p.perDay]; found < 0 || found > most {
			t.Errorf("%s: its silence is told after %s, want %s at most", p.name, found, most)
		}
	}
	if _, silent := Silent(monday, monday.AddDate(0, 1, 0), Learn(nil)); silent {
		t.Error("an outlet nobody knows yet is called quiet")
	}
}

func TestChangedPages(t *testing.T) {
	good := func(n int) Pages {
		return Pages{Asked: n, Articles: n * 96 / 100, Leads: n * 9 / 10, Bodies: n * 96 / 100, Dates: n * 96 / 100, Bylines: n / 2}
	}
	for _, c := range []struct {
		name         string
		late, before Pages
		want         string
		dark         bool
	}{
		{"nothing asked", Pages{}, good(500), "", false},
		{"as before", good(12), good(500), "", false},
		{"five odd pages", Pages{Asked: 5}, good(500), "", false},
		{"young and well", good(12), Pages{}, "", false},
		{"none of many", Pages{Asked: 12}, good(500), Layout, true},
		{"none from the start", Pages{Asked: 8}, Pages{}, Layout, true},
		{"all behind a gate", Pages{Asked: 8, Gated: 8}, Pages{}, Blocked, true},
		{"a gate of late", Pages{Asked: 14, Articles: 6, Gated: 8, Leads: 6, Bodies: 6, Dates: 6, Bylines: 3}, good(500), Blocked, false},
		{"a gate once", Pages{Asked: 12, Articles: 11, Gated: 1, Leads: 11, Bodies: 11, Dates: 11, Bylines: 6}, good(500), "", false},
		{"bodies gone", Pages{Asked: 12, Articles: 12, Leads: 11, Bodies: 1, Dates: 12, Bylines: 6}, good(500), Layout, false},
		{"dates gone", Pages{Asked: 12, Articles: 12, Leads: 11, Bodies: 12, Dates: 0, Bylines: 6}, good(500), Layout, false},
		{"bylines rare as ever", Pages{Asked: 12, Articles: 12, Leads: 11, Bodies: 12, Dates: 12, Bylines: 3}, good(500), "", false},
	} {
		v, changed := Changed(c.late, c.before)
		if v.State != c.want || changed != (c.want != "") || v.Dark != c.dark || changed && v.Evidence == "" {
			t.Errorf("%s: %+v, want %q", c.name, v, c.want)
		}
	}
}

// The binomial's tail against sums worked out by hand.
func TestAtMost(t *testing.T) {
	for _, c := range []struct {
		k, n    int
		p, want float64
	}{{0, 3, .5, .125}, {1, 3, .5, .5}, {0, 10, .9, 1e-10}, {10, 10, .3, 1}} {
		if got := atMost(c.k, c.n, c.p); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("at most %d of %d by %.1f: %g, want %g", c.k, c.n, c.p, got, c.want)
		}
	}
}

func BenchmarkLearn(b *testing.B) {
	past := hours(press[1].publish(4, dice(1)), monday, monday.AddDate(0, 0, 28))
	for b.Loop() {
		Learn(past)
	}
}

func ExamplePace_Next() {
	var learned Profile // nothing known but the newsroom's day
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, vn)
	fmt.Println(Pace{}.Next(now, learned).Sub(now).Round(time.Minute))
	fmt.Println(Pace{Fresh: 1200, Hours: 240}.Next(now, learned).Sub(now).Round(time.Minute))
	// Output:
	// 35m0s
	// 5m0s
}
