// Package pulse learns how a source publishes, from what came in, and says
// what follows: how many links an hour should bring, how unusual a silence is,
// when to ask again, and what state a source is in. It asks nobody and keeps
// nothing: the same past gives the same answer.
package pulse

import (
	"math"
	"time"
)

// Hour is what came of one hour of an outlet's life.
type Hour struct {
	At   time.Time // its beginning
	Seen int       // links that came out in it
	Lost bool      // nobody could look: the hour teaches nothing
}

// Learned is how far back the past teaches: four weeks, so that each hour of
// the week was seen four times and Tết is forgotten by March.
const Learned = 4 * 7 * 24 * time.Hour

// Profile is the rhythm of an outlet: how many links an hour brings on
// average, and how the hours of the week differ. The zero Profile knows the
// newsroom day and nothing else.
type Profile struct {
	Rate    float64     // links an hour, over a whole week
	Spread  float64     // variance over mean: 1 for single articles, 5 where they come five at a time
	Hours   int         // hours it was learned from
	Links   int         // that came in them
	ofDay   [24]float64 // hour of the day, mean 1
	ofWeek  [7]float64  // day of the week from Sunday, mean 1
	learned bool
}

// newsroom is the day of a Vietnamese newsroom, mean 1: what is believed of an
// outlet before it has shown its own.
var newsroom = [24]float64{.25, .15, .1, .1, .3, .8, 1.2, 1.5, 1.6, 1.7, 1.7, 1.5, 1.1, 1.2, 1.5, 1.6, 1.6, 1.4, 1.1, 1, .9, .7, .6, .4}

var vn = time.FixedZone("+07", 7*60*60)

// How strongly the beliefs of before hold, in articles and hours: a month of
// an outlet's own outweighs them, an afternoon does not.
const (
	dayBelief  = 1.0  // articles for each hour of the day
	weekBelief = 3.0  // articles for each day of the week
	rateHours  = 24.0 // hours …
	rateLinks  = 12.0 // … that brought so many
)

// Learn reads the rhythm in the hours of the past. Rates are Gamma-Poisson
// means: what was counted plus what is believed, over the time of both.
func Learn(past []Hour) Profile {
	p := Profile{learned: true, Spread: 1}
	var links, hours float64
	var byDay, timeByDay [24]float64
	var byWeek, timeByWeek [7]float64
	for _, h := range past {
		if h.Lost {
			continue
		}
		t := h.At.In(vn)
		n := float64(h.Seen)
		links, hours = links+n, hours+1
		byDay[t.Hour()] += n
		timeByDay[t.Hour()]++
		byWeek[t.Weekday()] += n
		timeByWeek[t.Weekday()]++
	}
	p.Hours, p.Links = int(hours), int(links)
	raw := links / max(hours, 1)
	for h := range p.ofDay {
		p.ofDay[h] = (byDay[h] + dayBelief*newsroom[h]) / (raw*timeByDay[h] + dayBelief)
	}
	level(p.ofDay[:])
	for d := range p.ofWeek {
		p.ofWeek[d] = (byWeek[d] + weekBelief) / (raw*timeByWeek[d] + weekBelief)
	}
	level(p.ofWeek[:])
	var shaped float64
	for _, h := range past {
		if !h.Lost {
			shaped += p.shape(h.At)
		}
	}
	p.Rate = (links + rateLinks) / (shaped + rateHours)
	p.Spread = p.spread(past)
	return p
}

// level brings the mean of shares to 1.
func level(shares []float64) {
	var sum float64
	for _, s := range shares {
		sum += s
	}
	for i := range shares {
		shares[i] *= float64(len(shares)) / sum
	}
}

// spread is the variance of the hours around the profile over their mean, at
// least 1: systems that publish in batches are silent in between without being
// ill.
func (p Profile) spread(past []Hour) float64 {
	var off, want float64
	for _, h := range past {
		if !h.Lost {
			w := p.Rate * p.shape(h.At)
			off += (float64(h.Seen) - w) * (float64(h.Seen) - w)
			want += w
		}
	}
	if want < 12 {
		return 1 // too little to tell
	}
	return min(max(1, off/want), 50)
}

// shape is how lively the hour of t is, mean 1 over a week. Even the deadest
// hour keeps a twentieth: bad news does not wait for the morning.
func (p Profile) shape(t time.Time) float64 {
	t = t.In(vn)
	if !p.learned {
		return newsroom[t.Hour()]
	}
	return max(0.05, p.ofDay[t.Hour()]*p.ofWeek[t.Weekday()])
}

// Lively is the time from from to to, an average hour counting as one hour, a
// dead one as less. Spans beyond a year are cut.
func (p Profile) Lively(from, to time.Time) float64 {
	if limit := from.AddDate(1, 0, 0); to.After(limit) {
		to = limit
	}
	var sum float64
	for from.Before(to) {
		end := from.Truncate(time.Hour).Add(time.Hour)
		if end.After(to) {
			end = to
		}
		sum += p.shape(from) * end.Sub(from).Hours()
		from = end
	}
	return sum
}

// Expected is how many links should come out from from to to.
func (p Profile) Expected(from, to time.Time) float64 { return p.Rate * p.Lively(from, to) }

// Silence is the probability that nothing at all comes out from from to to
// where all is well. Batches come at random, so expected/spread of them are to
// be expected; how many is itself only learned from links/spread batches, which
// makes it the zero term of a negative binomial, the Gamma-Poisson predictive,
// rather than exp(−expected).
func (p Profile) Silence(from, to time.Time) float64 {
	spread := max(1, p.Spread)
	known := (float64(p.Links) + 1) / spread
	return math.Pow(1+p.Expected(from, to)/spread/known, -known)
}
