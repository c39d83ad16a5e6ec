package pipeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"diembao/internal/pulse"
	"diembao/internal/say"
	"diembao/internal/store"
)

// Gap is a time in which nobody can vouch for an outlet, with what the ledger
// says of it: what was to be expected, and what came to light all the same.
type Gap struct {
	store.Gap
	Hours    float64 // of the period asked for
	Expected float64 // articles
	Seen     int
}

// overdue is how long after its time a visit counts as not made: nobody was
// collecting, for whatever reason.
const overdue = 2 * time.Hour

// Gaps lists what was missed in [from, to), of one outlet or of all, the
// earliest first. An outlet whose visit is long overdue is in a gap that has
// no end yet: the program did not run, and nobody could write it down.
func (p *Pipeline) Gaps(ctx context.Context, outlet string, from, to time.Time) ([]Gap, error) {
	now := p.Now()
	found, err := p.Store.Gaps(ctx, outlet, from, to)
	if err != nil {
		return nil, err
	}
	idle, err := p.idle(ctx, outlet, found, to, now)
	if err != nil {
		return nil, err
	}
	var out []Gap
	for _, g := range append(found, idle...) {
		long := g.Length(from, to, now)
		if long <= 0 {
			continue
		}
		x := Gap{Gap: g, Hours: long.Hours()}
		if err := p.weigh(ctx, &x, from, to, now); err != nil {
			return nil, fmt.Errorf("weighing the gap of %s: %w", g.Outlet, err)
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Gap) int { return a.From.Compare(b.From) })
	return out, nil
}

// idle are the outlets that somebody once visited and nobody visits now; those
// in an outage are told by that.
func (p *Pipeline) idle(ctx context.Context, outlet string, known []store.Gap, to, now time.Time) ([]store.Gap, error) {
	states, err := p.Store.OutletStates(ctx)
	if err != nil {
		return nil, err
	}
	var out []store.Gap
	for _, s := range states {
		dark := slices.ContainsFunc(known, func(g store.Gap) bool { return g.Outlet == s.Outlet && g.To.IsZero() })
		if dark || outlet != "" && outlet != s.Outlet || s.State == "" || s.Next.IsZero() || now.Sub(s.Next) < overdue || !s.Next.Before(to) || !p.Rules().Outlet(s.Outlet).On {
			continue
		}
		out = append(out, store.Gap{
			ID: gapID(s.Outlet, unwatched, s.Next), Outlet: s.Outlet, From: s.Next, State: unwatched,
			Evidence: say.Seen("seen.overdue", "Time", s.Next).String(),
		})
	}
	return out, nil
}

// weigh adds up the ledger over a gap; hours that are not closed yet are
// expected by what the outlet has shown of late.
func (p *Pipeline) weigh(ctx context.Context, g *Gap, from, to, now time.Time) error {
	hours, err := p.Store.Hours(ctx, g.Outlet, now.Add(-pulse.Learned), now)
	if err != nil {
		return err
	}
	profile := pulse.Learn(taught(hours, []store.Gap{g.Gap}, now))
	if g.From.After(from) {
		from = g.From
	}
	if !g.To.IsZero() && g.To.Before(to) {
		to = g.To
	}
	if now.Before(to) {
		to = now
	}
	ledger, err := p.Store.Hours(ctx, g.Outlet, from.Truncate(time.Hour), to)
	if err != nil {
		return err
	}
	judged := map[int64]float64{}
	for _, h := range ledger {
		if !h.At.Before(from) { // not the hour that began well
			g.Seen += h.Seen
		}
		if h.Judged {
			judged[h.At.Unix()] = h.Expected
		}
	}
	for at := from; at.Before(to); {
		hour := at.Truncate(time.Hour)
		end := hour.Add(time.Hour)
		if end.After(to) {
			end = to
		}
		if all, ok := judged[hour.Unix()]; ok {
			g.Expected += all * end.Sub(at).Hours()
		} else {
			g.Expected += profile.Expected(at, end)
		}
		at = end
	}
	return nil
}
