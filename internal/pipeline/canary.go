package pipeline

import (
	"context"
	"strings"
	"time"

	"diembao/internal/fetch"
	"diembao/internal/pulse"
	"diembao/internal/say"
	"diembao/internal/store"
)

// canaryEvery is how often an outlet's canary is looked at.
const canaryEvery = 24 * time.Hour

// canary asks for the page that an outlet's layout is proved by, once a day,
// and keeps its state as that of a source: where the selectors no longer find
// what stands there, the layout has changed, however well the general engines
// still read it.
func (p *Pipeline) canary(ctx context.Context, r *round) error {
	url := r.outlet.Layout.Canary
	if url == "" || r.state(url).Next.After(p.Now()) {
		return nil
	}
	before := r.state(url)
	answer, err := p.Fetch.Get(ctx, fetch.Request{URL: url, Kind: fetch.Page, Pace: r.outlet.Pace})
	if err := ctx.Err(); err != nil {
		return err
	}
	now := p.Now()
	s := before
	s.LastTry, s.Since, s.State, s.Evidence, s.Failures, s.Code = now, now, pulse.OK, "", 0, codeOf(err)
	var lost []string
	if err == nil {
		lost, err = p.Rules().extractor.Canary(answer.Page)
	}
	switch {
	case err != nil:
		s = failing(s, before, err, now)
	case len(lost) > 0:
		s.State, s.Failures = pulse.Layout, before.Failures+1
		s.Evidence = say.Seen("seen.canary", "URL", url, "Lost", strings.Join(lost, ", ")).String()
	default:
		s.LastOK, s.Code = now, string(answer.Code)
	}
	s.Next, s.Pause = now.Add(canaryEvery), canaryEvery
	r.put(s)
	if s.State == pulse.Layout {
		p.tell(Event{What: "source", Outlet: r.outlet.ID, URL: url, Detail: s.State})
		p.Log.Warn("a canary page is no longer what it was", "outlet", r.outlet.ID, "url", url, "lost", lost)
	}
	return p.Store.Do(ctx, func(tx *store.Tx) error { return tx.PutSource(ctx, s) })
}

// sang is what the canary says of the outlet's layout.
func (r *round) sang() (pulse.Verdict, bool) {
	s := r.state(r.outlet.Layout.Canary)
	if r.outlet.Layout.Canary == "" || s.State != pulse.Layout {
		return pulse.Verdict{}, false
	}
	return pulse.Verdict{State: s.State, Since: s.Since, Evidence: s.Evidence}, true
}
