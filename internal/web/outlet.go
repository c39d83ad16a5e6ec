package web

import (
	"slices"
	"time"

	"diembao/config"
	"diembao/internal/store"
	"diembao/internal/when"
)

// outletPage is one outlet: how it is doing, what each hour of the last week
// brought against what was to be expected, and when nobody can vouch for it.
type outletPage struct {
	Row      outletRow
	Ledger   ledger
	Gaps     []gapRow
	Schedule string
	Canary   string
}

// gapRow is a stretch in which the outlet could not be read, or was not.
type gapRow struct {
	From, To       time.Time
	State, Seen    string
	Lasted         string
	Expected, Came int
}

// ledgerDays is how far back the hours are shown.
const ledgerDays = 7

// The picture's own units.
const (
	hourWide   = 5
	ledgerHigh = 100
)

// ledger is the hours as bars, what was expected as a line over them.
type ledger struct {
	Width, Height  int
	Hours          []hourBar
	Days           []dayMark
	Expected, Seen int
	Dark           int // hours in gaps
	Any            bool
}

type hourBar struct {
	X, Y, High, Wide int
	Line             int // height at which the expectation stands
	Dark             bool
}

type dayMark struct {
	X   int
	Day time.Time
}

func (v *visit) outlet() error {
	id := v.r.PathValue("id")
	o, ok := v.pack.OutletByID(id)
	health, err := v.Store.Health(v.ctx, v.now.AddDate(0, 0, -healthDays))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(health, func(h store.Health) bool { return h.Outlet == id })
	if !ok && i < 0 {
		return v.lost()
	}
	if !ok {
		o = config.Outlet{ID: id, Name: id}
	}
	var h store.Health
	if i >= 0 {
		h = health[i]
	}
	p := &outletPage{Row: v.outletRow(o, h), Schedule: o.Schedule, Canary: o.Layout.Canary}
	from := when.StartOfDay(v.now).AddDate(0, 0, 1-ledgerDays)
	hours, err := v.Store.Hours(v.ctx, id, from, v.now)
	if err != nil {
		return err
	}
	gaps, err := v.Store.Gaps(v.ctx, id, v.now.AddDate(0, 0, -28), v.now)
	if err != nil {
		return err
	}
	p.Ledger = v.ledger(from, hours, gaps)
	for _, g := range slices.Backward(gaps) {
		p.Gaps = append(p.Gaps, v.gapRow(g, hours))
	}
	return v.show("outlet", o.Name, p)
}

// gapRow tells a gap, with what of it lies in the hours shown.
func (v *visit) gapRow(g store.Gap, hours []store.Hour) gapRow {
	r := gapRow{From: g.From, To: g.To, State: v.label.of("source", g.State), Seen: v.words.Tell(g.Evidence)}
	end := g.To
	if end.IsZero() {
		end = v.now
	}
	r.Lasted = v.words.Span(end.Sub(g.From))
	var want float64
	for _, h := range hours {
		if g.Length(h.At, h.At.Add(time.Hour), v.now) > 0 {
			want += h.Expected
			r.Came += h.Seen
		}
	}
	r.Expected = int(want + .5)
	return r
}

// ledger draws the hours from a time on.
func (v *visit) ledger(from time.Time, hours []store.Hour, gaps []store.Gap) ledger {
	l := ledger{Width: ledgerDays * 24 * hourWide, Height: ledgerHigh}
	most, want := 1.0, 0.0
	for _, h := range hours {
		most = max(most, float64(h.Seen), h.Expected)
		want += h.Expected
		l.Seen += h.Seen
		l.Any = true
	}
	l.Expected = int(want + .5)
	by := map[int64]store.Hour{}
	for _, h := range hours {
		by[h.At.Unix()] = h
	}
	for i := range ledgerDays * 24 {
		at := from.Add(time.Duration(i) * time.Hour)
		h := by[at.Unix()]
		b := hourBar{X: i * hourWide, Wide: hourWide - 1, High: int(float64(h.Seen) / most * ledgerHigh), Line: ledgerHigh - int(h.Expected/most*ledgerHigh)}
		b.Y = ledgerHigh - b.High
		b.Dark = slices.ContainsFunc(gaps, func(g store.Gap) bool { return g.Length(at, at.Add(time.Hour), v.now) > 0 })
		if b.Dark {
			l.Dark++
		}
		if i%24 == 0 {
			l.Days = append(l.Days, dayMark{b.X, at})
		}
		l.Hours = append(l.Hours, b)
	}
	return l
}
