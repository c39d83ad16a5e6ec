// Package baseline says how many articles are usual, and how surprising a
// number is.
//
// A Model is learned from the counts of one series: a topic, a province, an
// outlet level, a story; by day or by hour. It knows the weekday, the hour,
// Tết and the public holidays, and the peaks a Calendar plans for, and it
// learns from clipped history so that a crisis does not teach it that crises
// are usual. Surprise is read from a negative binomial distribution; a Burn adds
// up small surprises over days; a Rank is for counts in fine bins and knows
// nothing but its own past. EARS and Farrington are the methods of public
// health, written from their papers, to compare with.
//
// Everything is a pure function of its input. Days and hours are those of
// Viet Nam.
package baseline

import (
	"math"
	"time"

	"diembao/internal/when"
)

// Count is how many articles there were in the bin that begins at At.
type Count struct {
	At time.Time
	N  int
}

// Bin is the length of the bins of a series.
type Bin time.Duration

// The bins a Model can be learned for.
const (
	Daily  = Bin(24 * time.Hour)
	Hourly = Bin(time.Hour)
)

// Tally counts what happened from one time to another, in bins of that length
// that begin at midnight or at the full hour; empty bins are there with 0. The
// bin that to falls in is not among them: it is not over yet.
func Tally(happened []time.Time, from, to time.Time, bin Bin) []Count {
	start, length := when.StartOfDay(from), time.Duration(bin)
	if bin == Hourly {
		start = from.In(when.VN).Truncate(time.Hour) // full hours are the same in all of Viet Nam's time
	}
	out := make([]Count, max(0, int(to.Sub(start)/length)))
	for i := range out {
		out[i].At = start.Add(time.Duration(i) * length)
	}
	for _, t := range happened {
		if i := int(t.Sub(start) / length); !t.Before(start) && i < len(out) {
			out[i].N++
		}
	}
	return out
}

// Band is what is to be expected of one bin, in articles. Nine bins of ten
// that are like it lie between Low and High, both included.
type Band struct {
	Low  int
	Mean float64
	High int
}

// Model is what is usual for one series. The mean of a bin is
//
//	level · weekday · hour · kind of day · planned peak
//
// and its variance is Phi times its mean.
type Model struct {
	Bin     Bin
	Level   float64    // articles in a bin of an ordinary day, by the latest weeks
	Weekday [7]float64 // factor; Sunday is 0, as in package time
	Hour    [24]float64
	Holiday float64 // factor of public holidays other than Tết
	Tet     float64 // factor of the days off for Tết
	Phi     float64 // variance over mean, at least 1
	Days    float64 // history the model was learned from
	cal     Calendar
}

// Mean is the number of articles expected in the bin that begins at t.
func (m Model) Mean(t time.Time) float64 { return m.Level * m.shape(t) * m.cal.times(t) }

// shape is the factor of t's weekday, hour and kind of day.
func (m Model) shape(t time.Time) float64 {
	t = t.In(when.VN)
	f := m.Weekday[t.Weekday()]
	if m.Bin == Hourly {
		f *= m.Hour[t.Hour()]
	}
	switch kindOf(t) {
	case tet:
		f *= m.Tet
	case holiday:
		f *= m.Holiday
	}
	return f
}

// Expected is the band of the bin that begins at t.
func (m Model) Expected(t time.Time) Band {
	mean := m.Mean(t)
	return Band{Low: Quantile(0.05, mean, m.Phi), Mean: mean, High: Quantile(0.95, mean, m.Phi)}
}

// Chance is the probability of n articles or more in the bin that begins at t.
func (m Model) Chance(t time.Time, n int) float64 { return Tail(n, m.Mean(t), m.Phi) }

// Unusual is the chance below which a day is worth a look: on a year of days of
// Vietnamese press it gave one false alarm in six weeks.
const Unusual = 0.02

// Surprise is -log10 of Chance: 2 is one bin in a hundred, 3 one in a thousand.
// It is held at 12, where nothing is told apart any more.
func (m Model) Surprise(t time.Time, n int) float64 {
	return math.Min(12, -math.Log10(math.Max(1e-12, m.Chance(t, n))))
}
