package pipeline

import (
	"context"
	"errors"
	"time"

	"diembao/config"
	"diembao/internal/extract"
	"diembao/internal/fetch"
	"diembao/internal/pulse"
	"diembao/internal/say"
	"diembao/internal/store"
)

// round is one visit to an outlet: what was known of it before, and what this
// visit has shown so far.
type round struct {
	outlet  config.Outlet
	onlyDue bool // sources that are well and not due are left alone
	before  store.OutletState
	states  map[string]store.SourceState // by address, as they stand
	past    []store.Hour                 // of the last four weeks
	lost    []store.Gap                  // of the same time
	profile pulse.Profile

	taken  []taken    // pages not stored yet
	bytes  int        // of these pages
	stored time.Time  // when pages were last stored
	pages  store.Hour // what came of pages that had given no article yet
	missed *store.Gap // a list had moved on before we came
}

func (p *Pipeline) begin(ctx context.Context, o config.Outlet, onlyDue bool) (*round, error) {
	now := p.Now()
	r := &round{outlet: o, onlyDue: onlyDue, states: map[string]store.SourceState{}, pages: store.Hour{Outlet: o.ID}}
	states, err := p.Store.Sources(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range states {
		r.states[s.URL] = s
	}
	if r.before, err = p.Store.OutletState(ctx, o.ID); err != nil {
		return nil, err
	}
	if r.past, err = p.Store.Hours(ctx, o.ID, now.Add(-pulse.Learned), now); err != nil {
		return nil, err
	}
	if r.lost, err = p.Store.Gaps(ctx, o.ID, now.Add(-pulse.Learned), now); err != nil {
		return nil, err
	}
	r.profile = pulse.Learn(taught(r.past, r.lost, now))
	return r, nil
}

// taught is what past hours teach; those that lie in a gap teach nothing.
func taught(past []store.Hour, lost []store.Gap, now time.Time) []pulse.Hour {
	out := make([]pulse.Hour, 0, len(past))
	for _, h := range past {
		end := h.At.Add(time.Hour)
		if end.After(now) {
			continue
		}
		x := pulse.Hour{At: h.At, Seen: h.Seen}
		for _, g := range lost {
			x.Lost = x.Lost || g.Length(h.At, end, now) > 0
		}
		out = append(out, x)
	}
	return out
}

func (r *round) state(url string) store.SourceState {
	if s, ok := r.states[url]; ok {
		return s
	}
	return store.SourceState{Outlet: r.outlet.ID, URL: url}
}

func (r *round) put(s store.SourceState) { r.states[s.URL] = s }

// standIn is how often a source that is well is asked while another one of its
// outlet fails: it may be the only ear left.
const standIn = time.Hour

// due reports whether a source is to be asked in this round.
func (r *round) due(s store.SourceState, now time.Time) bool {
	switch {
	case !s.Next.After(now):
		return true
	case s.Failures > 0:
		return false
	case !r.onlyDue:
		return true
	}
	for _, other := range sources(r.outlet) {
		if r.state(other.URL).Failures > 0 {
			return !s.LastTry.Add(standIn).After(now)
		}
	}
	return false
}

// page counts what came of a page that had given no article yet: once, but at
// a gate each time.
func (r *round) page(t taken) {
	code := fetch.CodeOf(t.err)
	gated := code == fetch.Blocked || errors.Is(t.err, extract.ErrBlocked)
	switch {
	case t.link.ArticleID != "", t.link.Attempts > 0 && !gated:
		return
	case t.err != nil && !gated && code != "": // gone, or the network's doing: says nothing of the layout
		return
	}
	h, a := &r.pages, t.article
	h.At = t.at.Truncate(time.Hour)
	h.Pages++
	if gated {
		h.Gated++
	}
	if t.err != nil {
		return
	}
	h.Articles++
	count(&h.Leads, a.Lead != "")
	count(&h.Bodies, a.Body != "")
	count(&h.Dates, !a.Published.IsZero())
	count(&h.Bylines, a.Author != "")
}

func count(n *int, is bool) {
	if is {
		*n++
	}
}

// fewLinks is a list so short that it proves nothing when all of it is new.
const fewLinks = 5

// reach looks whether a list reaches back to the visit before: if it shows
// nothing that was known and nothing older than that visit, articles may have
// come and gone unseen in between.
func (r *round) reach(url string, links, fresh []store.KeyedLink, last, now time.Time) {
	if last.IsZero() || len(links) < fewLinks || len(fresh) < len(links) {
		return
	}
	oldest := now
	for _, l := range links {
		if l.Published.IsZero() {
			continue
		}
		if !l.Published.After(last) {
			return
		}
		if l.Published.Before(oldest) {
			oldest = l.Published
		}
	}
	r.missed = &store.Gap{
		ID: gapID(r.outlet.ID, "missed/"+url, last), Outlet: r.outlet.ID, From: last, To: oldest, State: missed, Settled: now,
		Evidence: say.Seen("seen.pushed", "Links", len(links), "URL", url, "Span", now.Sub(last)).String(),
	}
}

// arrivals says in which hours links came out: when they say so and can be
// believed, else now. What a first visit finds is a stock, not an arrival.
func arrivals(outlet string, fresh []store.KeyedLink, last, now time.Time) []store.Hour {
	if last.IsZero() {
		return nil
	}
	by := map[time.Time]int{}
	for _, l := range fresh {
		at := now
		if l.Published.After(last) && l.Published.Before(now) {
			at = l.Published
		}
		by[at.Truncate(time.Hour).UTC()]++
	}
	var out []store.Hour
	for at, n := range by {
		out = append(out, store.Hour{Outlet: outlet, At: at, Seen: n})
	}
	return out
}
