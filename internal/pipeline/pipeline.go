// Package pipeline is the machine: Gather, Read, Shelve, Watch. Each follows
// the store from where it stopped, writes what it found together with how far
// it came, and may be killed at any point: what was committed stands, the rest
// is done again.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"diembao/config"
	"diembao/index"
	"diembao/internal/crisis"
	"diembao/internal/evidence"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/store"
)

// Pipeline is the machine of one node.
type Pipeline struct {
	Store    *store.Store
	Index    *index.Index      // nil on a node that does not search
	Fetch    *fetch.Fetcher    // nil on a node that does not crawl
	Evidence *evidence.Archive // what was seen, as it was seen; nil on a node that does not crawl
	Web      string            // address of the web pages, for letters; empty where there are none
	Now      func() time.Time
	Log      *slog.Logger
	Drill    bool          // an exercise: every letter says so
	Late     time.Duration // an answer that took longer makes its source slow; 0 is pulse.LateAnswer
	Told     func(Event)   // hears what happens, for a terminal; may be nil

	// Render has a browser build a page, each of its requests sent over the
	// road given; nil on a node without a browser.
	Render func(ctx context.Context, url string, road http.RoundTripper) (news.Page, error)

	rules   atomic.Pointer[Rules]
	taught  string       // version of the learned model in force; empty for the one that ships
	memory  memory       // the live stories, as of the mark `read`
	lookout lookout      // what the watch saw last
	one     sync.Mutex   // one Read at a time on a node: its stories are in memory
	lock    *flock.Flock // of the index

	watching sync.Mutex // over lookout
	proof    proof
}

// Gather asks the sources of one outlet for links and the links that are due
// for their pages, stores the articles, and judges how the outlet is doing.
// One bad source or page never stops the others: what went wrong is kept in
// the source's or the link's state. Sources that failed rest until they are
// due; Crawl lets the others rest too, each by its learned interval.
func (p *Pipeline) Gather(ctx context.Context, o config.Outlet) (Gathered, error) {
	return p.gather(ctx, o, false)
}

func (p *Pipeline) gather(ctx context.Context, o config.Outlet, onlyDue bool) (Gathered, error) {
	var g Gathered
	r, err := p.begin(ctx, o, onlyDue)
	if err != nil {
		return g, fmt.Errorf("gathering from %s: %w", o.ID, err)
	}
	for _, s := range sources(o) {
		if err := p.visit(ctx, r, s, &g); err != nil {
			return g, fmt.Errorf("gathering from %s, source %s: %w", o.ID, s.URL, err)
		}
	}
	if err := p.canary(ctx, r); err != nil {
		return g, fmt.Errorf("gathering from %s, its canary: %w", o.ID, err)
	}
	due, err := p.Store.DueLinks(ctx, o.ID, p.Now(), pagesAVisit)
	if err != nil {
		return g, fmt.Errorf("gathering from %s: %w", o.ID, err)
	}
	for _, l := range due {
		if err := p.take(ctx, r, l, &g); err != nil {
			return g, fmt.Errorf("gathering from %s, page %s: %w", o.ID, l.URL, err)
		}
	}
	if err := p.keepTaken(ctx, r, &g); err != nil {
		return g, fmt.Errorf("gathering from %s: %w", o.ID, err)
	}
	if g.Letters, err = p.end(ctx, r); err != nil {
		return g, fmt.Errorf("judging how %s is doing: %w", o.ID, err)
	}
	return g, nil
}

// Read gives every article changed since the mark `read` its reading and its
// story, and moves the mark in the same transaction. It returns how many
// articles it read.
func (p *Pipeline) Read(ctx context.Context) (int, error) {
	p.one.Lock()
	defer p.one.Unlock()
	if err := p.recall(ctx); err != nil {
		return 0, fmt.Errorf("taking up what was learned: %w", err)
	}
	total := 0
	for ctx.Err() == nil {
		n, err := p.readBatch(ctx)
		total += n
		switch {
		case errors.Is(err, store.ErrMarkMoved), errors.Is(err, store.ErrHeld):
			p.memory = memory{} // another node read on, or a person changed the stories: begin from what they left
		case err != nil:
			mark := p.memory.mark
			p.memory = memory{} // what was placed in memory was not stored
			return total, fmt.Errorf("reading the articles after number %d: %w", mark, err)
		case n == 0:
			return total, nil
		}
	}
	return total, ctx.Err()
}

// Shelve puts every article read since the index's own mark into the index,
// and moves that mark in the same batch. It returns how many it put.
func (p *Pipeline) Shelve(ctx context.Context) (int, error) {
	total := 0
	for ctx.Err() == nil {
		n, err := p.shelveBatch(ctx)
		total += n
		if err != nil {
			return total, fmt.Errorf("putting articles into the index: %w", err)
		}
		if n == 0 {
			return total, nil
		}
	}
	return total, ctx.Err()
}

// Watch decides which stories are incidents, and stores the changes together
// with the letters that tell of them, but for those that a silence holds back. It sends nothing.
func (p *Pipeline) Watch(ctx context.Context) ([]crisis.Change, error) {
	now := p.Now()
	tallies, err := p.tallies(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("counting the stories to watch: %w", err)
	}
	rules := p.Rules().Crises()
	open, err := p.Store.OpenIncidents(ctx, now.Add(-rules.ReopenUntil))
	if err != nil {
		return nil, fmt.Errorf("looking up the open incidents: %w", err)
	}
	changes := rules.Decide(now, tallies, incidents(open))
	if changes, tallies, err = p.retold(ctx, now, changes, tallies, incidents(open)); err != nil {
		return nil, fmt.Errorf("looking for incidents that are told anew: %w", err)
	}
	if err := p.keep(ctx, changes, tallies, now); err != nil {
		return nil, fmt.Errorf("keeping %d changes of incidents: %w", len(changes), err)
	}
	if err := p.tendSilences(ctx, now); err != nil {
		return nil, fmt.Errorf("reminding of silences: %w", err)
	}
	return changes, nil
}

func incidents(states []store.IncidentState) []news.Incident {
	out := make([]news.Incident, len(states))
	for i, s := range states {
		out[i] = s.Incident
	}
	return out
}
