package baseline

import (
	"maps"
	"math"
	"time"

	"diembao/config"
	"diembao/internal/when"
)

// How long a Flow looks back, how much of that it must have seen before it says
// anything, and the hours whose volume it judges.
const (
	Remembers = 56 * 24 * time.Hour
	speaks    = 14 * 24 * time.Hour
	Hours     = 6
)

// daysOfStories is how many days stories are told that are weighed at the same time.
const daysOfStories = 7

// Flow counts articles as they come, by series, and says how unusual the last
// hours of a series are. What is usual is learned from whole days before today,
// clipped, once a day and only for series that are asked for: a crisis of this
// morning is not among what is thought usual this afternoon, and one of last week
// no more than the busiest day in a hundred. A Flow is not safe for concurrent use.
type Flow struct {
	calendar config.Calendar
	first    time.Time
	hours    map[int64][24]float64 // midnight → shares of a day's articles: series are too thin to have hours of their own
	series   map[Series]*current
}

// current is one series: how many came in which hour, counted from 1970.
type current struct {
	counts map[int64]int
	models map[int64]Model // by the midnight they were learned at
}

// NewFlow returns a flow that has seen nothing.
func NewFlow(c config.Calendar) *Flow {
	return &Flow{calendar: c, hours: map[int64][24]float64{}, series: map[Series]*current{}}
}

// Series names what articles are counted together: those of a topic or of a province.
type Series struct{ Topic, Province string }

// Whole is the series of all articles: the hours of the day are learned from it.
var Whole Series

// Add counts n articles that came in the hour of a moment, in each of these series.
func (f *Flow) Add(at time.Time, n int, of ...Series) {
	if f.first.IsZero() || at.Before(f.first) {
		f.first = at
	}
	for _, s := range of {
		f.of(s).counts[hourOf(at)] += n
	}
}

func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

// Excess is the volume of the last hours beside what is usual.
type Excess struct {
	N      int
	Usual  float64 // articles expected in these hours
	Chance float64 // of so many or more, by the negative binomial distribution
}

// Surprise is -log10 of the chance, as Model.Surprise has it.
func (e Excess) Surprise() float64 { return math.Min(12, -math.Log10(math.Max(1e-12, e.Chance))) }

// Excess judges the hour of a moment and the five before it; false where two
// weeks of history are not there yet.
func (f *Flow) Excess(s Series, at time.Time) (Excess, bool) {
	midnight := when.StartOfDay(at)
	if f.first.IsZero() || midnight.Sub(f.first) < speaks {
		return Excess{}, false
	}
	c, e := f.of(s), Excess{}
	m := c.usual(f.first, midnight, For(f.calendar, s.Topic))
	from := hourOf(at) - Hours + 1
	for h := from; h <= hourOf(at); h++ {
		e.N += c.counts[h]
	}
	e.Usual = expected(m, f.shares(midnight), time.Unix(from*3600, 0), at)
	e.Chance = Tail(e.N, e.Usual, m.Phi)
	return e, true
}

func (f *Flow) of(s Series) *current {
	c := f.series[s]
	if c == nil {
		c = &current{map[int64]int{}, map[int64]Model{}}
		f.series[s] = c
	}
	return c
}

// usual is what the whole days before a midnight taught. Stories told over a few
// days ask for a few midnights; what is older is forgotten.
func (c *current) usual(first, midnight time.Time, cal Calendar) Model {
	m, known := c.models[midnight.Unix()]
	if known {
		return m
	}
	from := when.StartOfDay(midnight.Add(-Remembers))
	if first.After(from) {
		from = when.StartOfDay(first)
	}
	m = Learn(c.days(from, midnight), Daily, cal)
	if len(c.models) > daysOfStories {
		clear(c.models)
		c.forget(from)
	}
	c.models[midnight.Unix()] = m
	return m
}

// forget forgets what no story will ask for that is weighed from here on.
func (c *current) forget(before time.Time) {
	old := hourOf(before) - daysOfStories*24
	maps.DeleteFunc(c.counts, func(h int64, _ int) bool { return h < old })
}

// days are the counts of whole days.
func (c *current) days(from, to time.Time) []Count {
	out := Tally(nil, from, to, Daily)
	for h, n := range c.counts {
		if i := (h*3600 - from.Unix()) / (24 * 3600); h*3600 >= from.Unix() && i < int64(len(out)) {
			out[i].N += n
		}
	}
	return out
}

// shares are how much of a day's articles come in each hour, by the whole days
// before a midnight, drawn to a day of even hours as Learn draws its factors.
func (f *Flow) shares(midnight time.Time) [24]float64 {
	known, ok := f.hours[midnight.Unix()]
	if ok {
		return known
	}
	all := weight
	for i := range known {
		known[i] = weight / 24
	}
	whole := f.of(Whole)
	for h, n := range whole.counts {
		if h*3600 < midnight.Unix() && h*3600 >= midnight.Add(-Remembers).Unix() {
			known[time.Unix(h*3600, 0).In(when.VN).Hour()] += float64(n)
			all += float64(n)
		}
	}
	for i := range known {
		known[i] /= all
	}
	if len(f.hours) > daysOfStories {
		clear(f.hours)
		whole.forget(midnight.Add(-Remembers))
	}
	f.hours[midnight.Unix()] = known
	return known
}

// expected is how many articles the hours between two moments usually have.
func expected(m Model, shares [24]float64, from, to time.Time) (mean float64) {
	for t := from; t.Before(to); {
		next := t.In(when.VN).Truncate(time.Hour).Add(time.Hour)
		if next.After(to) {
			next = to
		}
		mean += m.Mean(when.StartOfDay(t)) * shares[t.In(when.VN).Hour()] * next.Sub(t).Hours()
		t = next
	}
	return mean
}
