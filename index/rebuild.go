package index

import (
	"context"
	"errors"
	"fmt"
)

// Rebuild makes the index anew beside the live one, which answers meanwhile,
// and swaps when feed has returned. feed gives batches to put, and last the
// marks of where its reading ended; what is applied to the live index while
// it runs is not in the new one, so the caller follows its source from those
// marks. If feed fails or ctx ends, the live index stays as it was.
func (idx *Index) Rebuild(ctx context.Context, feed func(put func(Batch) error) error) error {
	if idx.readOnly {
		return wrap(ErrReadOnly, "rebuild index "+idx.dir)
	}
	next, err := createGeneration(idx.dir, idx.catalog.fingerprint(), bulk, idx.opts.OnError)
	if err != nil {
		return fmt.Errorf("rebuild index %s: %w", idx.dir, err)
	}
	err = feed(func(b Batch) (err error) {
		defer recovered(&err)
		if err := ctx.Err(); err != nil {
			return err
		}
		return next.apply(ctx, idx.catalog, b)
	})
	if err == nil {
		next, err = idx.finish(ctx, next)
	}
	if err == nil {
		err = idx.replace(next)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("rebuild index %s: %w", idx.dir, err), next.close(), idx.tidy())
	}
	return nil
}

// finish makes one file of a generation that was written in bulk, and opens it
// again with the settings for small batches.
func (idx *Index) finish(ctx context.Context, g *generation) (*generation, error) {
	if err := g.compact(ctx); err != nil {
		return g, err
	}
	if err := errors.Join(g.flush(), g.close()); err != nil {
		return g, err
	}
	return openGeneration(idx.dir, g.name, idx.catalog.fingerprint(), nil, idx.opts.OnError)
}

// replace swaps the live generation for next, and removes the old one once
// the searches on it have ended.
func (idx *Index) replace(next *generation) error {
	idx.write.Lock() // a write under way ends in the old generation
	defer idx.write.Unlock()
	if err := next.flush(); err != nil {
		return err
	}
	idx.swap.Lock()
	defer idx.swap.Unlock()
	if idx.gen == nil {
		return ErrClosed
	}
	if err := idx.publish(next); err != nil {
		return err
	}
	old := idx.gen
	idx.gen = next
	idx.verified.clear()
	// The swap is done; trouble with the old files is told, not returned.
	if err := errors.Join(old.close(), idx.sweep(next.name)); err != nil {
		next.faults.tell(fmt.Errorf("remove the replaced generation: %w", err))
	}
	return nil
}

// tidy removes what a failed rebuild left.
func (idx *Index) tidy() error {
	return idx.use(func(g *generation) error { return idx.sweep(g.name) })
}
