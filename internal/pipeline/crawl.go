package pipeline

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"diembao/config"
	"diembao/internal/store"
)

// How the frontier is worked off.
const (
	lease      = 15 * time.Minute      // an outlet taken for so long by a node that may have died is another one's
	look       = 50 * time.Millisecond // between two looks for outlets that are due, by the wall clock
	retryVisit = time.Minute           // after a visit that the archive could not keep
	perWorker  = 2                     // outlets taken at once for each worker: a few, so that other nodes find some
)

// Crawl visits outlets as they come due, parallel at a time, until ctx ends.
// What is due stands in the archive, not in memory: a line for each outlet and
// each link, and no goroutine but the workers'. Several nodes share the work.
// visited, if not nil, hears what each visit brought, from many goroutines.
// The error is that of an archive which cannot list the outlets.
func (p *Pipeline) Crawl(ctx context.Context, outlets []config.Outlet, parallel int, visited func(config.Outlet, Gathered)) error {
	parallel = max(1, parallel)
	on := map[string]config.Outlet{}
	for _, o := range outlets {
		on[o.ID] = o
	}
	if err := p.enlist(ctx, outlets); err != nil {
		return fmt.Errorf("listing the outlets to be visited: %w", err)
	}
	due := make(chan store.OutletState)
	var busy sync.Map // outlets being visited here: a long visit outlives its lease
	var workers errgroup.Group
	for range parallel {
		workers.Go(func() error {
			for s := range due {
				if _, twice := busy.LoadOrStore(s.Outlet, true); !twice {
					p.call(ctx, on, s, visited)
					busy.Delete(s.Outlet)
				}
			}
			return nil
		})
	}
	for ctx.Err() == nil {
		n, err := p.handOut(ctx, parallel*perWorker, due)
		if err != nil && ctx.Err() == nil {
			p.Log.Error("the list of visits cannot be read; it is tried again", "error", err)
		}
		if n == 0 {
			select {
			case <-ctx.Done():
			case <-time.After(look):
			}
		}
	}
	close(due)
	return workers.Wait()
}

// enlist puts outlets on the list of visits that are not on it, due at once:
// who starts the program for the first time wants to see it work.
func (p *Pipeline) enlist(ctx context.Context, outlets []config.Outlet) error {
	var visits []store.OutletState
	for _, o := range outlets {
		visits = append(visits, store.OutletState{Outlet: o.ID, Next: p.Now()})
	}
	return p.Store.Do(ctx, func(tx *store.Tx) error { return tx.Enlist(ctx, visits) })
}

// handOut takes what is due and gives it to the workers.
func (p *Pipeline) handOut(ctx context.Context, most int, due chan<- store.OutletState) (int, error) {
	now := p.Now()
	var taken []store.OutletState
	err := p.Store.Do(ctx, func(tx *store.Tx) (err error) {
		taken, err = tx.Claim(ctx, now, now.Add(lease), most)
		return err
	})
	for i, s := range taken {
		select {
		case due <- s:
		case <-ctx.Done():
			for _, s := range taken[i:] {
				p.putOff(ctx, s.Outlet, s.Next)
			}
			return 0, ctx.Err()
		}
	}
	return len(taken), err
}

// call makes one visit. What goes wrong with it, a mistake in the program
// among it, is this outlet's alone.
func (p *Pipeline) call(ctx context.Context, on map[string]config.Outlet, s store.OutletState, visited func(config.Outlet, Gathered)) {
	o, ok := on[s.Outlet]
	if !ok { // switched off, or taken out of the configuration
		p.putOff(ctx, s.Outlet, time.Time{})
		return
	}
	defer func() {
		if v := recover(); v != nil {
			p.Log.Error("a visit broke down by a mistake in the program", "outlet", s.Outlet, "panic", v, "stack", string(debug.Stack()))
			p.putOff(ctx, s.Outlet, p.Now().Add(lease))
		}
	}()
	g, err := p.gather(ctx, o, true)
	switch {
	case ctx.Err() != nil:
		p.putOff(ctx, s.Outlet, s.Next) // the first thing to do on the next start
	case err != nil:
		p.Log.Warn("a visit could not be kept; it is made again", "outlet", s.Outlet, "error", err)
		p.putOff(ctx, s.Outlet, p.Now().Add(retryVisit))
	case visited != nil:
		visited(o, g)
	}
}

// putOff says when an outlet is due again, also while the program ends. Should
// that fail, the outlet comes due when its lease ends.
func (p *Pipeline) putOff(ctx context.Context, outlet string, next time.Time) {
	ctx = context.WithoutCancel(ctx)
	if err := p.Store.Do(ctx, func(tx *store.Tx) error { return tx.PutOff(ctx, outlet, next) }); err != nil {
		p.Log.Warn("a visit could not be put off; it is made when its lease ends", "outlet", outlet, "error", err)
	}
}
