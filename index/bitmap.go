package index

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	api "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Bleve keeps which documents have a term as bitmaps, but hands them out one
// document at a time. Reading the bitmaps themselves makes counting and
// joining ten times cheaper.

// eachDoc calls f with the documents that have a term, many at a time, in
// rising order.
func eachDoc(r api.IndexReader, field, text string, f func(docs []uint64)) error {
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return fmt.Errorf("the index is read by a %T, not what this program makes", r)
	}
	var numbers [256]uint32
	var docs [256]uint64
	offset := uint64(0)
	for _, s := range snapshot.Segments() {
		bitmap, err := bitmapOf(s, field, text)
		if err != nil {
			return err
		}
		for many := bitmap.ManyIterator(); ; {
			n := many.NextMany(numbers[:])
			if n == 0 {
				break
			}
			for i, d := range numbers[:n] {
				docs[i] = offset + uint64(d)
			}
			f(docs[:n])
		}
		offset += s.Segment().Count()
	}
	return nil
}

// segments is how many files and batches the index is in at this moment.
func (v *view) segments() int {
	if snapshot, ok := v.IndexReader.(*scorch.IndexSnapshot); ok {
		return len(snapshot.Segments())
	}
	return 1
}

func bitmapOf(s *scorch.SegmentSnapshot, field, text string) (*roaring.Bitmap, error) {
	found := roaring.New()
	dict, err := s.Segment().Dictionary(field)
	if err != nil {
		return nil, err
	}
	list, err := dict.PostingsList([]byte(text), s.Deleted(), nil)
	if err != nil {
		return nil, err
	}
	into, ok := list.(interface{ OrInto(*roaring.Bitmap) })
	if !ok {
		return found, eachPosting(list, found)
	}
	into.OrInto(found)
	if s.Deleted() != nil {
		found.AndNot(s.Deleted())
	}
	return found, nil
}

// eachPosting is for lists that are no bitmap inside, as a term of one document.
func eachPosting(list segment.PostingsList, found *roaring.Bitmap) error {
	for it := list.Iterator(false, false, false, nil); ; {
		p, err := it.Next()
		if err != nil || p == nil {
			return err
		}
		found.Add(uint32(p.Number()))
	}
}

// someOf finds the documents that match at least need of its parts. Words are
// counted from their bitmaps.
type someOf struct {
	parts []*wordQuery
	need  int
}

func (q *someOf) Searcher(_ context.Context, r api.IndexReader, _ mapping.IndexMapping, _ search.SearcherOptions) (search.Searcher, error) {
	var counts []uint8
	for _, w := range q.parts {
		field, text, err := w.term(r)
		if err != nil {
			return nil, err
		}
		err = eachDoc(r, field, text, func(docs []uint64) {
			if last := int(docs[len(docs)-1]); last >= len(counts) {
				counts = append(counts, make([]uint8, last+1-len(counts))...)
			}
			for _, d := range docs {
				counts[d]++
			}
		})
		if err != nil {
			return nil, err
		}
	}
	found := make(set, (len(counts)+63)/64)
	for d, n := range counts {
		if int(n) >= q.need {
			found[d/64] |= 1 << (d % 64)
		}
	}
	return &setSearcher{docs: found}, nil
}
