package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
)

// batchDocs and batchBytes bound one batch, and with it the memory of a put.
const (
	batchDocs  = 2000
	batchBytes = 3 << 20
	smallBatch = 200
	// unwrittenBytes is how much text may wait in memory for the disk: whoever
	// puts more waits.
	unwrittenBytes = 24 << 20
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
	if idx.readOnly {
		return wrap(ErrReadOnly, "write to the index")
	}
	idx.write.Lock()
	defer idx.write.Unlock()
	err := idx.use(func(g *generation) error {
		if err := g.faults.err(); err != nil {
			return err
		}
		idx.wrote.Store(time.Now().UnixNano())
		return g.apply(ctx, idx.catalog, b)
	})
	return wrap(err, "write to the index")
}

func (g *generation) apply(ctx context.Context, c *catalog, b Batch) error {
	grown := g.lengths.Load().clone()
	halves, bytes := g.halves(), 0
	for _, id := range b.Delete {
		halves.of(id).Delete(id)
	}
	for _, d := range b.Put {
		if err := ctx.Err(); err != nil {
			return err
		}
		doc, err := c.analyse(d, grown)
		if err != nil {
			return err
		}
		if err := halves.of(d.ID).IndexAdvanced(doc); err != nil {
			return fmt.Errorf("document %q: %w", d.ID, err)
		}
		if bytes += len(d.Title) + len(d.Lead) + len(d.Body); bytes >= batchBytes || halves.size() >= batchDocs {
			if err := g.write(halves, bytes, grown, nil); err != nil {
				return err
			}
			halves, bytes = g.halves(), 0
		}
	}
	if halves.size() == 0 && len(b.Marks) == 0 {
		return nil
	}
	return g.write(halves, bytes, grown, b.Marks)
}

// halves are two batches that are built at the same time. All changes of one
// document are in the same, in their order.
type halves [2]*bleve.Batch

func (g *generation) halves() halves { return halves{g.bleve.NewBatch(), g.bleve.NewBatch()} }

func (h halves) of(id string) *bleve.Batch { return h[crc32.ChecksumIEEE([]byte(id))%2] }

func (h halves) size() int { return h[0].Size() + h[1].Size() }

// write makes the changes, and then those of the word counts and marks: what
// is on disk after a crash never has a mark without its documents.
func (g *generation) write(h halves, bytes int, grown *lengths, marks map[string]string) error {
	if h.size() < smallBatch { // one is cheaper than two
		h[0].Merge(h[1])
		h[1].Reset()
	}
	var second error
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer recovered(&second)
		if h[1].Size() > 0 {
			second = g.execute(h[1])
		}
	}()
	var first error
	if h[0].Size() > 0 {
		first = g.execute(h[0])
	}
	<-done
	if err := errors.Join(first, second); err != nil {
		return err
	}
	raw, err := json.Marshal(grown)
	if err != nil {
		return fmt.Errorf("encode the word counts: %w", err)
	}
	last := g.bleve.NewBatch()
	last.SetInternal(keyLengths, raw)
	for name, value := range marks {
		last.SetInternal([]byte(keyMark+name), []byte(value))
	}
	if err := g.execute(last); err != nil {
		return err
	}
	g.lengths.Store(grown.clone())
	if g.unwritten.Add(int64(bytes)) < unwrittenBytes {
		return nil
	}
	return g.flush()
}

// flush returns when everything applied so far is on disk.
func (g *generation) flush() (err error) {
	defer recovered(&err)
	g.unwritten.Store(0)
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
	if idx.readOnly {
		return wrap(ErrReadOnly, "compact the index")
	}
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
	whole := mergeplan.SingleSegmentMergePlanOptions
	whole.SegmentsPerMergeTask = 1 << 16 // all at once: Bleve's own plan leaves several where there are many
	return s.ForceMerge(ctx, &whole)
}
