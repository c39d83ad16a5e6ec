package pipeline

import (
	"context"
	"fmt"
	"time"

	"diembao/internal/news"
	"diembao/internal/pulse"
	"diembao/internal/report"
	"diembao/internal/say"
	"diembao/internal/store"
)

// How long it takes until an outage is believed, told, and believed to be over:
// a single failed fetch is nothing, and an outlet that comes and goes is one
// outage with one letter at each end.
const (
	darkVisits  = 2             // failures in a row of every source before a gap opens
	tellVisits  = 3             // … before operators are told,
	tellAfter   = 2 * time.Hour // and so long after the outlet was last well
	settleAfter = time.Hour     // well again for so long before it is over
)

// outage moves the outlet's gap along its life: open, told, back, settled. It
// returns the gap as it is to be kept, nil where nothing changed, and the
// letters that its last step asks for.
func (p *Pipeline) outage(ctx context.Context, r *round, v pulse.Verdict, now time.Time) (*store.Gap, []news.Letter, error) {
	gap, err := p.openGap(ctx, r.outlet.ID)
	if err != nil {
		return nil, nil, err
	}
	failures, lastOK, dark := r.darkness(v)
	switch {
	case gap == nil && dark && failures >= darkVisits:
		from := lastOK
		if from.IsZero() || v.Dark {
			from = v.Since
		}
		gap = &store.Gap{ID: gapID(r.outlet.ID, "dark", from), Outlet: r.outlet.ID, From: from, State: v.State, Evidence: v.Evidence}
	case gap == nil:
		return nil, nil, nil
	case dark && !gap.To.IsZero(): // it was luck
		if gap.MadeUp {
			gap.From = gap.To
		}
		gap.To, gap.MadeUp = time.Time{}, false
	case !dark && gap.To.IsZero():
		gap.To, gap.MadeUp = now, r.missed == nil
		r.missed = nil // what was missed was missed in the outage
		if gap.Told.IsZero() {
			gap.Settled = now
		}
		return gap, nil, nil
	case !dark && now.Sub(gap.To) >= settleAfter && lastOK.After(gap.To):
		gap.Settled = now
		letters, err := p.outageLetters(ctx, r, *gap, v, now)
		return gap, letters, err
	case !dark:
		return nil, nil, nil
	}
	gap.State, gap.Evidence = v.State, v.Evidence
	if gap.Told.IsZero() && failures >= tellVisits && now.Sub(gap.From) >= tellAfter {
		gap.Told = now
		letters, err := p.outageLetters(ctx, r, *gap, v, now)
		return gap, letters, err
	}
	return gap, nil, nil
}

// darkness tells whether nothing can be read from the outlet, how often in a
// row that was so, and when one of its sources last answered.
func (r *round) darkness(v pulse.Verdict) (failures int, lastOK time.Time, dark bool) {
	well, ill := r.split()
	for _, s := range append(well, ill...) {
		lastOK = later(lastOK, s.LastOK)
	}
	if len(well) > 0 { // its lists are there; its pages may not be
		return tellVisits, lastOK, v.Dark
	}
	for i, s := range ill {
		if i == 0 || s.Failures < failures {
			failures = s.Failures
		}
	}
	return failures, lastOK, len(ill) > 0
}

// outageLetters tells the operators that an outlet went dark, or is back.
func (p *Pipeline) outageLetters(ctx context.Context, r *round, g store.Gap, v pulse.Verdict, now time.Time) ([]news.Letter, error) {
	site := p.Rules().Pack.Site
	words := say.In(site.Language)
	o := report.Outage{
		ID: g.ID, Outlet: r.outlet.Name, State: words.Say("source." + v.State), Mend: words.Say("source." + v.State + ".mend"),
		Evidence: words.Tell(v.Evidence), From: g.From, Back: g.To, At: now, MadeUp: g.MadeUp, Agency: site.Agency,
		Expected: r.profile.Expected(g.From, later(g.To, g.From)),
	}
	if g.To.IsZero() {
		o.Expected = r.profile.Expected(g.From, now)
	}
	if p.Web != "" {
		o.Page = p.Web + "/outlets"
	}
	var out []news.Letter
	for _, to := range site.Mail.Operators {
		l, err := report.ComposeOutage(o, to, report.Domain(site.Mail.From), words)
		if err != nil {
			return nil, fmt.Errorf("writing to %s that %s is dark or back: %w", to, r.outlet.ID, err)
		}
		out = append(out, l)
	}
	return out, ctx.Err()
}
