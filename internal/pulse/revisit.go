package pulse

import (
	"math"
	"time"
)

// The bounds of a learned interval.
const (
	Soonest = 5 * time.Minute
	Latest  = 24 * time.Hour
)

// goal is how many new links a visit should find, on average: half of all
// visits find one, and news waits half an interval.
const goal = 0.5

// halfLife is after how long what was learned of a source counts half.
const halfLife = 7 * 24 * time.Hour

// Pace is what a source's own visits taught: how many links it was first to
// bring, in how much lively time, both fading. The zero Pace is a source never
// asked; it is looked at about hourly until it has shown more.
type Pace struct {
	Fresh, Hours float64
}

// After is the pace after a visit that found fresh new links since the visit
// before. A source that other sources of its outlet always beat brings
// nothing fresh, and is rightly asked less.
func (c Pace) After(before, now time.Time, fresh int, p Profile) Pace {
	if !before.Before(now) {
		return c
	}
	fade := math.Exp2(-float64(now.Sub(before)) / float64(halfLife))
	return Pace{Fresh: c.Fresh*fade + float64(fresh), Hours: c.Hours*fade + p.Lively(before, now)}
}

// Rate is links an hour, two links in four hours believed from the start.
func (c Pace) Rate() float64 { return (c.Fresh + 2) / (c.Hours + 4) }

// Next is when to ask the source again, by its pace and the outlet's hours:
// as soon as goal links are to be expected, between Soonest and Latest.
func (c Pace) Next(now time.Time, p Profile) time.Time {
	rate, want := c.Rate(), goal
	for t := now; t.Sub(now) < Latest; {
		end := t.Truncate(time.Hour).Add(time.Hour)
		brings := rate * p.shape(t) * end.Sub(t).Hours()
		if brings >= want {
			t = t.Add(time.Duration(want / brings * float64(end.Sub(t))))
			return now.Add(min(max(t.Sub(now), Soonest), Latest))
		}
		want -= brings
		t = end
	}
	return now.Add(Latest)
}
