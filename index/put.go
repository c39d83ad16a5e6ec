package index

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
)

// batchDocs and batchBytes bound one batch, and with it the memory of a put.
const (
	batchDocs  = 1000
	batchBytes = 4 << 20
)

// Batch gathers what is to change together: documents, removals, marks.
type Batch struct {
	Put    []Doc
	Delete []string          // IDs
	Marks  map[string]string // how far the index has followed its source, by name
}

// Put indexes documents, replacing those with the same IDs.
func (idx *Index) Put(ctx context.Context, docs []Doc) error {
	return idx.Apply(ctx, Batch{Put: docs})
}

// Delete removes documents. IDs that are not there are no error.
func (idx *Index) Delete(ctx context.Context, ids []string) error {
	return idx.Apply(ctx, Batch{Delete: ids})
}

// SetMark remembers how far the index has followed its source.
func (idx *Index) SetMark(ctx context.Context, name, value string) error {
	return idx.Apply(ctx, Batch{Marks: map[string]string{name: value}})
}

// Mark reads a mark back; it is empty if never set.
func (idx *Index) Mark(name string) (value string, err error) {
	err = idx.use(func(g *generation) error {
		raw, err := g.bleve.GetInternal([]byte(keyMark + name))
		value = string(raw)
		return err
	})
	return value, wrap(err, "read mark "+name+" of the index")
}

// Apply makes the changes of a batch. The marks are written with the last of
// the documents: what a mark says is in the index, is. A large batch is split;
// if it fails or ctx ends, a first part may be in, without the marks.
func (idx *Index) Apply(ctx context.Context, b Batch) error {
	idx.write.Lock()
	defer idx.write.Unlock()
	err := idx.use(func(g *generation) error {
		if err := g.faults.err(); err != nil {
			return err
		}
		idx.verified.forget(b)
		return g.apply(ctx, idx.catalog, b)
	})
	return wrap(err, "write to the index")
}

func (g *generation) apply(ctx context.Context, c *catalog, b Batch) error {
	batch, bytes := g.bleve.NewBatch(), 0
	grown := g.lengths.Load().clone()
	flush := func() error {
		raw, err := json.Marshal(grown)
		if err != nil {
			return fmt.Errorf("encode the word counts: %w", err)
		}
		batch.SetInternal(keyLengths, raw)
		if err := g.execute(batch); err != nil {
			return err
		}
		g.lengths.Store(grown.clone())
		batch, bytes = g.bleve.NewBatch(), 0
		return nil
	}
	for _, id := range b.Delete {
		batch.Delete(id)
	}
	for _, d := range b.Put {
		if err := ctx.Err(); err != nil {
			return err
		}
		doc, err := c.analyse(d, grown)
		if err != nil {
			return err
		}
		if err := batch.IndexAdvanced(doc); err != nil {
			return fmt.Errorf("document %q: %w", d.ID, err)
		}
		if bytes += len(d.Title) + len(d.Lead) + len(d.Body); bytes >= batchBytes || batch.Size() >= batchDocs {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	for name, value := range b.Marks {
		batch.SetInternal([]byte(keyMark+name), []byte(value))
	}
	if batch.Size() == 0 {
		return nil
	}
	return flush()
}

// flush returns when everything applied so far is on disk.
func (g *generation) flush() (err error) {
	defer recovered(&err)
	batch, done := g.bleve.NewBatch(), make(chan error, 1)
	batch.SetInternal(keyFlush, nil)
	batch.SetPersistedCallback(func(err error) { done <- err })
	if err := g.execute(batch); err != nil {
		return err
	}
	for tick := time.NewTicker(100 * time.Millisecond); ; {
		select {
		case err := <-done:
			tick.Stop()
			return err
		case <-tick.C: // a dead loop never calls back
			if err := g.faults.err(); err != nil {
				tick.Stop()
				return err
			}
		}
	}
}

func (g *generation) execute(batch *bleve.Batch) error {
	if err := g.bleve.Batch(batch); err != nil {
		return err
	}
	return g.faults.err()
}

// Compact merges the files of the index into one: smaller and faster to
// search, for the price of writing it all once more. A rebuild ends with it;
// an index that grew by small batches gains from it now and then.
func (idx *Index) Compact(ctx context.Context) error {
	err := idx.use(func(g *generation) error { return g.compact(ctx) })
	return wrap(err, "compact the index")
}

func (g *generation) compact(ctx context.Context) error {
	inner, err := g.bleve.Advanced()
	if err != nil {
		return err
	}
	if err := g.flush(); err != nil {
		return err
	}
	s, ok := inner.(*scorch.Scorch)
	if !ok {
		return fmt.Errorf("the index is a %T, not what this program makes", inner)
	}
	return s.ForceMerge(ctx, &mergeplan.SingleSegmentMergePlanOptions)
}
