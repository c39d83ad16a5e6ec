package web

import (
	"time"

	"diembao/index"
	"diembao/internal/export"
)

// The picture's own units; it is scaled to the width of the page.
const (
	overWidth  = 1000
	overHeight = 90
)

// overTime is a search counted over time.
type overTime struct {
	Width, Height int
	Bars          []overBar
	Steps         []choice
	Most          int
	First, Last   time.Time
	Lost          bool
}

// overBar is one day, week or month: originals stand before publications, and
// what was not watched is hatched from above.
type overBar struct {
	export.Period
	Last                   time.Time // its last day
	X, Wide                float64
	Y, High, OwnY, OwnHigh int
	LostHigh               int
	URL                    string
}

func (v *visit) overTime(q question, days, originals []index.Count) (*overTime, error) {
	if v.Over == nil {
		return nil, nil
	}
	periods, by, err := v.Over(v.ctx, q.query(v.words.Lang, v.now), days, originals, q.By)
	if err != nil || len(periods) == 0 {
		return nil, err
	}
	o := &overTime{Width: overWidth, Height: overHeight, First: periods[0].From, Last: periods[len(periods)-1].To.AddDate(0, 0, -1)}
	for _, step := range []string{"day", "week", "month"} {
		o.Steps = append(o.Steps, choice{Label: v.words.Say("web.by." + step), URL: q.counted(step).address(), On: step == by})
	}
	for _, p := range periods {
		o.Most = max(o.Most, p.Publications)
		o.Lost = o.Lost || p.Dark > 0
	}
	each := float64(overWidth) / float64(len(periods))
	for i, p := range periods {
		b := overBar{Period: p, Last: p.To.AddDate(0, 0, -1), Wide: min(each*.8, 60)}
		b.X = float64(i)*each + (each-b.Wide)/2
		b.High, b.OwnHigh = high(p.Publications, o.Most), high(p.Originals, o.Most)
		b.Y, b.OwnY = overHeight-b.High, overHeight-b.OwnHigh
		if p.Dark > 0 {
			b.LostHigh = max(8, int(p.Lost*overHeight))
		}
		b.URL = q.in(p.From.Format(time.DateOnly), b.Last.Format(time.DateOnly)).counted("").address()
		o.Bars = append(o.Bars, b)
	}
	return o, nil
}
