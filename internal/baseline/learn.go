package baseline

import (
	"math"
	"slices"
	"time"

	"diembao/internal/when"
)

// halfLife is how soon the level forgets, in days.
const halfLife = 28.0

// clip is the quantile that history is cut at before anything is learned of
// it: a crisis counts as no more than the busiest bin in a hundred.
const clip = 0.99

// What is assumed before anything was seen, and how many expected articles a
// factor must have of its own before it is believed as much as that.
const (
	usualTet     = 0.1 // measured on a year of Vietnamese news
	usualHoliday = 0.6
	weight       = 20.0
)

// Learn learns the model of a series from its history, in order of time and
// without gaps: a bin without articles is a Count of 0.
//
// Factors are ratios of what was counted to what the rest of the model expects,
// drawn to what is assumed by weight (gamma prior of a Poisson rate; Gelman et
// al., Bayesian Data Analysis, 3rd ed. 2013, section 2.6). The level is such a
// ratio with weights that halve every 28 days, always of the days before. Phi
// is Pearson's statistic over the degrees of freedom (McCullagh & Nelder,
// Generalized Linear Models, 2nd ed. 1989, section 6.2.4). Fitting and
// clipping take turns four times.
func Learn(history []Count, bin Bin, cal Calendar) Model {
	l := learner{Model: blank(bin, cal), history: history, kept: make([]float64, len(history)), levels: make([]float64, len(history))}
	if len(history) == 0 {
		return l.Model
	}
	l.Days = float64(len(history)) * time.Duration(bin).Hours() / 24
	l.begin()
	for range 4 {
		l.level()
		l.factors()
		l.level()
		l.disperse()
		l.clip()
	}
	return l.Model
}

// blank is what is assumed of a series nothing is known of.
func blank(bin Bin, cal Calendar) Model {
	m := Model{Bin: bin, Holiday: usualHoliday, Tet: usualTet, Phi: 1, cal: cal}
	for i := range m.Weekday {
		m.Weekday[i] = 1
	}
	for i := range m.Hour {
		m.Hour[i] = 1
	}
	return m
}

// learner is a model while it is learned.
type learner struct {
	Model
	history []Count
	kept    []float64 // the counts, clipped
	levels  []float64 // as known before each bin
}

// mean is what was expected of the i-th bin by the level known before it.
func (l *learner) mean(i int) float64 {
	t := l.history[i].At
	return l.levels[i] * l.shape(t) * l.cal.times(t)
}

// begin clips a first time, about the middle count and by a moderate dispersion:
// a crisis that were let in would widen what is later thought usual.
func (l *learner) begin() {
	for i, c := range l.history {
		l.kept[i] = float64(c.N)
	}
	middle := slices.Sorted(slices.Values(l.kept))[len(l.kept)/2]
	for i := range l.levels {
		l.levels[i] = middle + 0.5
	}
	l.Phi = 2
	l.clip()
}

// clip cuts the history at what was expected of it.
func (l *learner) clip() {
	for i, c := range l.history {
		l.kept[i] = float64(c.N)
		if mean := l.mean(i); l.kept[i] > mean { // nothing below its mean is cut
			l.kept[i] = min(l.kept[i], float64(Quantile(clip, mean, l.Phi)))
		}
	}
}

// level runs through the history. It begins with the mean of the first four
// weeks, for want of anything before them, at the weight of a week.
func (l *learner) level() {
	perDay := int(24 * time.Hour / time.Duration(l.Bin))
	start := mean(l.kept[:min(28*perDay, len(l.kept))]) + 0.01
	keep := math.Exp2(-1 / (halfLife * float64(perDay)))
	seen, expected := start*7*float64(perDay), 7*float64(perDay)
	for i, n := range l.kept {
		l.levels[i] = seen / expected
		t := l.history[i].At
		seen = keep*seen + n
		expected = keep*expected + l.shape(t)*l.cal.times(t)
	}
	l.Level = seen / expected
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// group is what was counted, and what was expected without the factor sought.
type group struct{ seen, expected float64 }

func (g *group) add(seen, expected float64) { g.seen += seen; g.expected += expected }

// factor is the ratio, drawn to what is assumed.
func (g group) factor(assumed float64) float64 {
	return (g.seen + assumed*weight) / (g.expected + weight)
}

// factors learns weekday and hour from ordinary days, the rest from days off.
func (l *learner) factors() {
	var days [7]group
	var hours [24]group
	var off, year group
	for i, n := range l.kept {
		t, m := l.history[i].At.In(when.VN), l.mean(i)
		switch kindOf(t) {
		case ordinary:
			days[t.Weekday()].add(n, m/l.Weekday[t.Weekday()])
			hours[t.Hour()].add(n, m/l.Hour[t.Hour()])
		case holiday:
			off.add(n, m/l.Holiday)
		case tet:
			year.add(n, m/l.Tet)
		}
	}
	for d := range days {
		l.Weekday[d] = days[d].factor(1)
	}
	if l.Bin == Hourly {
		for h := range hours {
			l.Hour[h] = hours[h].factor(1)
		}
	}
	l.Holiday, l.Tet = off.factor(usualHoliday), year.factor(usualTet)
}

// disperse measures how much more than Poisson's the counts vary. Bins nothing
// is expected of say nothing about it.
func (l *learner) disperse() {
	sum, n := 0.0, 0.0
	for i, kept := range l.kept {
		if m := l.mean(i); m > 0 {
			sum += (kept - m) * (kept - m) / m
			n++
		}
	}
	l.Phi = max(1, sum/max(1, n-8))
}
