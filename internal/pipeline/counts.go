package pipeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"diembao/config"
	"diembao/index"
	"diembao/internal/export"
	"diembao/internal/when"
)

// Step is how long the periods are that a search is counted by.
type Step string

// The steps; Auto chooses the finest with at most AutoPeriods periods.
const (
	Auto  Step = ""
	Day   Step = "day"
	Week  Step = "week" // from Monday
	Month Step = "month"
)

// Bounds of the counts over time.
const (
	AutoPeriods = 62
	MaxPeriods  = 1200 // a finer step than that many periods allow gives way to the next
)

// Steps are the steps a person can ask for.
var Steps = []Step{Day, Week, Month}

// Counts are the publications and originals of a search over time.
type Counts struct {
	By      Step     `json:"by"`
	Asked   bool     `json:"asked"`   // the step was chosen by a person
	Periods []Period `json:"periods"` // without holes, from the first day asked for or found to the last
}

// Period is one day, week or month.
type Period struct {
	From         string  `json:"from"` // 2026-07-01
	To           string  `json:"to"`   // its last day
	Publications int     `json:"publications"`
	Originals    int     `json:"originals"`
	Lost         float64 `json:"lost"` // share of the outlets' time in which nobody can vouch for them, 0 to 1
	Dark         int     `json:"dark"` // how many outlets that concerns
}

// counting is a query that also counts both ways, and by day.
func counting(q index.Query) index.Query {
	q.Both = true
	q.Facets = append(slices.Clone(q.Facets), index.FacetDay)
	return q
}

// overTime puts the days of a counted answer into periods.
func (p *Pipeline) overTime(ctx context.Context, q index.Query, r *index.Result, by Step) (Counts, []export.Period, error) {
	found, step, err := p.Over(ctx, q, r.Facets[index.FacetDay], r.OriginalFacets[index.FacetDay], by)
	c := Counts{By: step, Asked: by != Auto, Periods: []Period{}}
	for _, x := range found {
		c.Periods = append(c.Periods, Period{x.From.Format(time.DateOnly), x.To.AddDate(0, 0, -1).Format(time.DateOnly), x.Publications, x.Originals, x.Lost, x.Dark})
	}
	return c, found, err
}

// Over puts the publications and the originals of a search, counted by day,
// into periods, and tells what was not seen in each.
func (p *Pipeline) Over(ctx context.Context, q index.Query, days, originals []index.Count, by Step) ([]export.Period, Step, error) {
	q.Now = p.Now()
	by, found := periods(q, days, originals, by)
	if len(found) == 0 {
		return found, by, nil
	}
	return found, by, p.lost(ctx, q, found)
}

// periods are the periods from the first day asked for, or found, to the last,
// with what was published in each.
func periods(q index.Query, days, originals []index.Count, by Step) (Step, []export.Period) {
	first, last := span(q, days)
	if first.IsZero() {
		return by, []export.Period{}
	}
	by = fitting(by, first, last)
	var out []export.Period
	for at := begin(by, first); !at.After(last); {
		next := after(by, at)
		out = append(out, export.Period{From: at, To: next})
		at = next
	}
	place(out, days, func(p *export.Period, n int) { p.Publications += n })
	place(out, originals, func(p *export.Period, n int) { p.Originals += n })
	return by, out
}

// span is the first and the last day to be counted; zero where there is none.
func span(q index.Query, days []index.Count) (first, last time.Time) {
	if len(days) > 0 {
		first, last = midnight(days[0].Value), midnight(days[len(days)-1].Value)
	}
	if !q.From.IsZero() {
		first = when.StartOfDay(q.From).In(config.VN)
	}
	if !q.To.IsZero() {
		last = when.StartOfDay(q.To.Add(-time.Nanosecond)).In(config.VN)
	} else if today := when.StartOfDay(q.Now).In(config.VN); !q.From.IsZero() && last.Before(today) {
		last = today
	}
	if first.IsZero() || last.Before(first) {
		return time.Time{}, time.Time{}
	}
	return first, last
}

// midnight is the beginning of a day as the index counts it.
func midnight(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, config.VN)
	if err != nil {
		return time.Time{} // the index writes days itself
	}
	return t
}

// fitting is the step asked for or chosen, coarser where there would be too
// many periods.
func fitting(by Step, first, last time.Time) Step {
	most := MaxPeriods
	if by == Auto {
		by, most = Day, AutoPeriods
	}
	days := int(last.Sub(first).Hours()/24) + 1
	if by == Day && days > most {
		by = Week
	}
	if by == Week && days > 7*most {
		by = Month
	}
	return by
}

// begin is the beginning of the period that holds a day.
func begin(by Step, t time.Time) time.Time {
	switch by {
	case Week:
		return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
	case Month:
		return t.AddDate(0, 0, 1-t.Day())
	}
	return t
}

// after is the beginning of the next period.
func after(by Step, t time.Time) time.Time {
	switch by {
	case Week:
		return t.AddDate(0, 0, 7)
	case Month:
		return t.AddDate(0, 1, 0)
	}
	return t.AddDate(0, 0, 1)
}

// place adds the counts of days to their periods; both are in order.
func place(periods []export.Period, days []index.Count, add func(*export.Period, int)) {
	i := 0
	for _, d := range days {
		at := midnight(d.Value)
		for i < len(periods) && !at.Before(periods[i].To) {
			i++
		}
		if i < len(periods) && !at.Before(periods[i].From) {
			add(&periods[i], d.Count)
		}
	}
}

// lost tells from the ledger in which periods some of the outlets asked for
// were not seen: a low bar there may be our own silence.
func (p *Pipeline) lost(ctx context.Context, q index.Query, periods []export.Period) error {
	from, to, now := periods[0].From, periods[len(periods)-1].To, p.Now()
	gaps, err := p.Store.Gaps(ctx, "", from, to)
	if err != nil {
		return err
	}
	idle, err := p.idle(ctx, "", gaps, to, now)
	if err != nil {
		return fmt.Errorf("looking for outlets that nobody visits: %w", err)
	}
	asked := p.outletsOf(q)
	for i := range periods {
		x := &periods[i]
		end := x.To
		if now.Before(end) {
			end = now
		}
		dark := map[string]time.Duration{}
		for _, g := range append(gaps, idle...) {
			if long := g.Length(x.From, end, now); long > 0 && asked[g.Outlet] {
				dark[g.Outlet] += long
			}
		}
		x.Dark, x.Lost = len(dark), share(dark, end.Sub(x.From), len(asked))
	}
	return nil
}

// share is how much of the time of so many outlets was lost.
func share(dark map[string]time.Duration, each time.Duration, outlets int) float64 {
	if each <= 0 || outlets == 0 {
		return 0
	}
	var all float64
	for _, d := range dark {
		all += min(1, d.Hours()/each.Hours())
	}
	return all / float64(outlets)
}

// outletsOf are the outlets that a query asks of and that are watched.
func (p *Pipeline) outletsOf(q index.Query) map[string]bool {
	out := map[string]bool{}
	for _, o := range p.Rules().Pack.Outlets {
		if o.On && asksOf(q, o) {
			out[o.ID] = true
		}
	}
	return out
}

// asksOf reports whether a query's filters let an outlet through.
func asksOf(q index.Query, o config.Outlet) bool {
	for _, f := range q.Filters {
		value, known := map[string]string{"outlet": o.ID, "level": o.Level, "reach": o.Reach, "kind": o.Kind}[f.Field]
		if known && slices.Contains(f.Values, value) == f.Not {
			return false
		}
	}
	return true
}
