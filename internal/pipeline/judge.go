package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"diembao/internal/news"
	"diembao/internal/pulse"
	"diembao/internal/store"
)

// Why nobody can vouch for a time, beside the states of an outlet that failed.
const (
	missed    = "missed"    // its list had moved on before we came
	unwatched = "unwatched" // nobody collected
)

// The next visit to an outlet.
const (
	restAVisit = 5 * time.Minute  // at least, for pages that are due to be looked at again
	backlog    = 10 * time.Second // where links wait that were never tried
)

// end closes a round: the hours that are over, the outlet's state, its next
// visit, and what operators are to be told, in one transaction. It returns the number of
// letters.
func (p *Pipeline) end(ctx context.Context, r *round) (int, error) {
	now := p.Now()
	verdict := r.judge(now)
	gap, letters, err := p.outage(ctx, r, verdict, now)
	if err != nil {
		return 0, err
	}
	next, err := p.nextVisit(ctx, r, now)
	if err != nil {
		return 0, err
	}
	hours, upTo := r.close(now)
	return len(letters), p.Store.Do(ctx, func(tx *store.Tx) error {
		if r.pages.Pages > 0 {
			if err := tx.CountHours(ctx, []store.Hour{r.pages}); err != nil {
				return err
			}
		}
		if err := tx.JudgeHours(ctx, hours); err != nil {
			return err
		}
		for _, g := range []*store.Gap{gap, r.missed} {
			if g != nil {
				if err := tx.PutGap(ctx, *g); err != nil {
					return err
				}
			}
		}
		for _, l := range letters {
			if _, err := tx.PutLetter(ctx, l); err != nil {
				return err
			}
		}
		return tx.PutOutletState(ctx, store.OutletState{
			Outlet: r.outlet.ID, State: verdict.State, Since: verdict.Since, Evidence: verdict.Evidence, Odds: verdict.Odds, Next: next, Judged: upTo,
		})
	})
}

// close says what was to be expected in the hours that ended since the last
// round, and up to when the ledger is closed then.
func (r *round) close(now time.Time) (hours []store.Hour, upTo time.Time) {
	this := now.Truncate(time.Hour)
	from := r.before.Judged
	if from.IsZero() {
		return nil, this // an outlet's ledger begins with its first visit
	}
	if limit := this.Add(-pulse.Learned); from.Before(limit) {
		from = limit
	}
	for at := from; at.Before(this); at = at.Add(time.Hour) {
		hours = append(hours, store.Hour{Outlet: r.outlet.ID, At: at, Expected: r.profile.Expected(at, at.Add(time.Hour))})
	}
	return hours, this
}

// best orders the states of sources that answer: one that brings news speaks
// for its outlet before one that only stands there.
var best = map[string]int{pulse.OK: 1, pulse.Unchanged: 2, pulse.Slow: 3, pulse.Moved: 4, pulse.Empty: 5}

// judge says how the outlet is doing: by its healthiest source, unless its
// pages have changed or its silence is not like it.
func (r *round) judge(now time.Time) pulse.Verdict {
	well, ill := r.split()
	switch {
	case len(well)+len(ill) == 0:
		return pulse.Verdict{State: pulse.Never}
	case len(well) == 0:
		s := ill[0]
		for _, x := range ill[1:] {
			if x.Failures < s.Failures || x.Failures == s.Failures && x.LastOK.After(s.LastOK) {
				s = x
			}
		}
		return pulse.Verdict{State: s.State, Since: s.Since, Evidence: s.Evidence}
	}
	if v, changed := r.changed(now); changed {
		return v
	}
	if v, changed := r.sang(); changed {
		return v
	}
	s, last := well[0], well[0].LastNew
	for _, x := range well[1:] {
		if best[x.State] < best[s.State] {
			s = x
		}
		if x.LastNew.After(last) {
			last = x.LastNew
		}
	}
	if v, silent := pulse.Silent(last, now, r.profile); silent {
		return v
	}
	return pulse.Verdict{State: s.State, Since: s.Since, Evidence: s.Evidence}
}

// split parts the outlet's sources into those that answered last time and
// those that did not; sources never asked are neither.
func (r *round) split() (well, ill []store.SourceState) {
	for _, s := range sources(r.outlet) {
		switch x := r.state(s.URL); {
		case x.State == "":
		case x.Failures == 0:
			well = append(well, x)
		default:
			ill = append(ill, x)
		}
	}
	return well, ill
}

// latePages is how many pages back "of late" reaches: what the last pages
// showed stands until others show something else.
const latePages = 12

// changed holds the last pages against those before. Where no page gives an
// article any more, it is so since the first that did not.
func (r *round) changed(now time.Time) (pulse.Verdict, bool) {
	late, before := fields(r.pages), pulse.Pages{}
	since, good := now, r.pages.Articles > 0
	for _, h := range slices.Backward(r.past) {
		if late.Asked >= latePages {
			before = before.Add(fields(h))
			continue
		}
		late = late.Add(fields(h))
		if good = good || h.Articles > 0; !good && h.Pages > 0 {
			since = h.At
		}
	}
	v, changed := pulse.Changed(late, before)
	v.Since = since
	return v, changed
}

func fields(h store.Hour) pulse.Pages {
	return pulse.Pages{Asked: h.Pages, Articles: h.Articles, Gated: h.Gated, Leads: h.Leads, Bodies: h.Bodies, Dates: h.Dates, Bylines: h.Bylines}
}

// nextVisit is when the outlet's next source or page is due, within the frame
// of its schedule.
func (p *Pipeline) nextVisit(ctx context.Context, r *round, now time.Time) (time.Time, error) {
	wish := now.Add(pulse.Latest)
	for _, s := range sources(r.outlet) {
		if next := r.state(s.URL).Next; next.Before(wish) {
			wish = next
		}
	}
	due, err := p.Store.DueLinks(ctx, r.outlet.ID, now, 1)
	if err != nil {
		return time.Time{}, err
	}
	if len(due) > 0 && due[0].Verdict == "" && due[0].Attempts == 0 {
		return now.Add(backlog), nil
	}
	link, err := p.Store.NextLink(ctx, r.outlet.ID)
	if err != nil {
		return time.Time{}, err
	}
	if soon := later(link, now.Add(restAVisit)); !link.IsZero() && soon.Before(wish) {
		wish = soon
	}
	return r.outlet.Visit(now, later(wish, now.Add(time.Second)))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func gapID(outlet, why string, from time.Time) string {
	return news.ID(fmt.Sprintf("gap/%s/%s/%d", outlet, why, from.UnixMilli()))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// openGap is the outage an outlet is in; nil where it is in none.
func (p *Pipeline) openGap(ctx context.Context, outlet string) (*store.Gap, error) {
	g, err := p.Store.OpenGap(ctx, outlet)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &g, err
}
