package pipeline

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

// CatchUp runs feed with Read, Shelve and Prove beside it, each on what the one
// before has stored, and returns when feed has ended and nothing is left to do.
func (p *Pipeline) CatchUp(ctx context.Context, feed func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	fed, read := make(chan struct{}), make(chan struct{})
	g.Go(func() error {
		defer close(fed)
		return feed(ctx)
	})
	g.Go(func() error {
		defer close(read)
		return follow(ctx, fed, 20*time.Millisecond, p.Read)
	})
	if p.Index != nil {
		g.Go(func() error { return follow(ctx, read, 20*time.Millisecond, p.Shelve) })
	}
	if p.Evidence != nil {
		g.Go(func() error { return follow(ctx, read, time.Second, p.Prove) })
	}
	return g.Wait()
}

// follow does what there is to do until the stage before has ended and a last
// look finds nothing more; where it finds nothing it rests.
func follow(ctx context.Context, before <-chan struct{}, rest time.Duration, do func(context.Context) (int, error)) error {
	for {
		last := false
		select {
		case <-before:
			last = true
		default:
		}
		n, err := do(ctx)
		if err != nil {
			return err
		}
		if n == 0 && last {
			return nil
		}
		if n == 0 {
			if err := wait(ctx, before, rest); err != nil {
				return err
			}
		}
	}
}

// wait returns after d, or as soon as the stage before has ended.
func wait(ctx context.Context, before <-chan struct{}, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return errors.Join(ctx.Err(), context.Cause(ctx))
	case <-before:
		return nil
	case <-t.C:
		return nil
	}
}
