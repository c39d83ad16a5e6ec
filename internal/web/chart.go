package web

import (
	"time"

	"diembao/internal/store"
	"diembao/internal/when"
)

// chartDays is how far back the picture on the front page reaches.
const chartDays = 30

// The picture's own units; it is scaled to the width of the page.
const (
	dayWidth    = 20
	barWidth    = 15
	chartHeight = 90
)

// chart is publications a day, the negative part of each apart.
type chart struct {
	Width, Height         int
	Bars                  []bar
	Total, Negative, Most int
	MostDay, First, Last  time.Time
}

// bar is one day.
type bar struct {
	Day                 time.Time
	Count, Negative     int
	X, Y, High          int
	BadY, BadHigh, Wide int
	URL                 string
	Holiday             string
}

// days counts the relevant publications of the last thirty days.
func (v *visit) days() (chart, error) {
	last := when.StartOfDay(v.now)
	f := store.Filter{From: last.AddDate(0, 0, 1-chartDays), To: last.AddDate(0, 0, 1)}
	all, err := v.Store.CountsByDay(v.ctx, store.ByNothing, f)
	if err != nil {
		return chart{}, err
	}
	f.Tones = []string{"negative"}
	bad, err := v.Store.CountsByDay(v.ctx, store.ByNothing, f)
	if err != nil {
		return chart{}, err
	}
	return draw(f.From, byDay(all), byDay(bad)), nil
}

func byDay(counts []store.Count) map[string]int {
	out := map[string]int{}
	for _, c := range counts {
		out[key(c.Day)] += c.Publications
	}
	return out
}

func key(day time.Time) string { return day.In(when.VN).Format(time.DateOnly) }

func draw(from time.Time, all, bad map[string]int) chart {
	c := chart{Width: chartDays * dayWidth, Height: chartHeight, First: from, Last: from.AddDate(0, 0, chartDays-1)}
	for i := range chartDays {
		day := from.AddDate(0, 0, i)
		b := bar{Day: day, Count: all[key(day)], Negative: bad[key(day)], X: i * dayWidth, Wide: barWidth, Holiday: when.Holiday(day)}
		b.URL = question{}.in(key(day), key(day)).address()
		c.Total, c.Negative = c.Total+b.Count, c.Negative+b.Negative
		if b.Count > c.Most {
			c.Most, c.MostDay = b.Count, day
		}
		c.Bars = append(c.Bars, b)
	}
	for i := range c.Bars {
		b := &c.Bars[i]
		b.High, b.BadHigh = high(b.Count, c.Most), high(b.Negative, c.Most)
		b.Y, b.BadY = chartHeight-b.High, chartHeight-b.BadHigh
	}
	return c
}

// high is a count's height; the least count is still seen.
func high(n, most int) int {
	if n == 0 {
		return 0
	}
	return max(2, n*chartHeight/most)
}
