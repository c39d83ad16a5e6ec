package index

import (
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	api "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Bleve keeps which documents have a term as bitmaps, but hands them out one
// document at a time. Reading the bitmaps themselves makes counting and
// joining a hundred times cheaper.

// part is one segment of a view.
type part struct {
	*scorch.SegmentSnapshot
	from uint64 // number of its first document
}

func (v *view) readParts() error {
	snapshot, ok := v.IndexReader.(*scorch.IndexSnapshot)
	if !ok {
		return fmt.Errorf("the index is read by a %T, not what this program makes", v.IndexReader)
	}
	for _, s := range snapshot.Segments() {
		v.parts = append(v.parts, part{s, v.size})
		v.size += s.Segment().Count()
	}
	for _, p := range v.parts {
		if p.Deleted() != nil {
			if v.gone == nil {
				v.gone = v.none()
			}
			orShifted(v.gone, p.Deleted(), p.from)
		}
	}
	return nil
}

// none is an empty set with room for every document.
func (v *view) none() set { return make(set, (v.size+63)/64) }

// everything are all documents.
func (v *view) everything() set {
	s := v.none()
	for i := range s {
		s[i] = ^uint64(0)
	}
	if rest := v.size % 64; rest > 0 {
		s[len(s)-1] = 1<<rest - 1
	}
	s.drop(v.gone)
	return s
}

// having are the documents that have a term.
func (v *view) having(field, text string) (set, error) {
	found := v.none()
	for _, p := range v.parts {
		dict, err := p.Segment().Dictionary(field)
		if err == nil {
			err = p.gather(dict, text, found)
		}
		if err != nil {
			return nil, err
		}
	}
	found.drop(v.gone)
	return found, nil
}

// gather adds the documents of this segment that have a term, gone or not.
func (p part) gather(dict segment.TermDictionary, text string, into set) error {
	bitmap, one, err := bitmapOf(dict, text)
	if err != nil {
		return err
	}
	if bitmap != nil {
		orShifted(into, bitmap, p.from)
	} else if one >= 0 {
		into.add(p.from + uint64(one))
	}
	return nil
}

// bitmapOf is the list of a term as it stands in the file, or, where that
// holds one document only, its number; -1 is none.
func bitmapOf(dict segment.TermDictionary, text string) (list *roaring.Bitmap, one int64, err error) {
	postings, err := dict.PostingsList([]byte(text), nil, nil)
	if err != nil || postings.Count() == 0 {
		return nil, -1, err
	}
	walk := postings.Iterator(false, false, false, nil)
	raw, ok := walk.(segment.OptimizablePostingsIterator)
	if !ok {
		return nil, -1, fmt.Errorf("the list of a word is a %T, not what this program makes", walk)
	}
	if n, ok := raw.DocNum1Hit(); ok {
		return nil, int64(n), nil
	}
	return raw.ActualBitmap(), -1, nil
}

// orShifted adds the numbers of a bitmap, moved up by from.
func orShifted(into set, bitmap *roaring.Bitmap, from uint64) {
	if bitmap.GetCardinality() < sparse {
		var numbers [256]uint32
		for many := bitmap.ManyIterator(); ; {
			n := many.NextMany(numbers[:])
			if n == 0 {
				return
			}
			for _, d := range numbers[:n] {
				at := from + uint64(d)
				into[at/64] |= 1 << (at % 64)
			}
		}
	}
	low := int(from / 64)
	shift := from % 64
	for i, w := range bitmap.ToDense() {
		if w == 0 {
			continue
		}
		into[low+i] |= w << shift
		if high := w >> (64 - shift); high != 0 {
			into[low+i+1] |= high
		}
	}
}

// sparse is how many numbers are added one by one rather than as a dense list.
const sparse = 4096

// local is the stretch of a set that is in a segment, numbered as there.
func (p part) local(s set) *roaring.Bitmap {
	n := int((p.Segment().Count() + 63) / 64)
	low, shift := int(p.from/64), p.from%64
	if low >= len(s) {
		return roaring.New()
	}
	stretch := make([]uint64, n)
	for i := range stretch {
		if low+i < len(s) {
			stretch[i] = s[low+i] >> shift
		}
		if shift > 0 && low+i+1 < len(s) {
			stretch[i] |= s[low+i+1] << (64 - shift)
		}
	}
	if rest := p.Segment().Count() % 64; rest > 0 {
		stretch[n-1] &= 1<<rest - 1
	}
	return roaring.FromDense(stretch, false)
}

// within adds the documents that have any term from least on and below an
// end; an empty end is open.
func (v *view) within(ctx context.Context, field, least, below string, into set) error {
	for _, p := range v.parts {
		dict, err := p.Segment().Dictionary(field)
		if err != nil {
			return err
		}
		err = eachTerm(dict, least, below, func(text string) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return p.gather(dict, text, into)
		})
		if err != nil {
			return err
		}
	}
	into.drop(v.gone)
	return nil
}

// eachTerm calls f with the terms of a dictionary in order.
func eachTerm(dict segment.TermDictionary, least, below string, f func(string) error) error {
	walk := dict.AutomatonIterator
	if d, ok := dict.(interface {
		AutomatonIteratorOmitCount(segment.Automaton, []byte, []byte) segment.DictionaryIterator
	}); ok {
		walk = d.AutomatonIteratorOmitCount
	}
	it := walk(nil, bytesOrNil(least), bytesOrNil(below))
	for {
		e, err := it.Next()
		if err != nil || e == nil {
			return err
		}
		if err := f(e.Term); err != nil {
			return err
		}
	}
}

func bytesOrNil(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

// terms lists the values of a field in order.
func (v *view) terms(field string) (terms []string, err error) {
	for _, p := range v.parts {
		dict, err := p.Segment().Dictionary(field)
		if err != nil {
			return nil, err
		}
		if err := eachTerm(dict, "", "", func(text string) error { terms = append(terms, text); return nil }); err != nil {
			return nil, err
		}
	}
	if len(v.parts) > 1 {
		slices.Sort(terms)
		terms = slices.Compact(terms)
	}
	return terms, nil
}

// frequency is how many documents have a term.
func (v *view) frequency(field, text string) (n int, err error) {
	for _, p := range v.parts {
		dict, err := p.Segment().Dictionary(field)
		if err != nil {
			return 0, err
		}
		postings, err := dict.PostingsList([]byte(text), p.Deleted(), nil)
		if err != nil {
			return 0, err
		}
		n += int(postings.Count())
	}
	return n, nil
}

// near gives the terms of a field that are a letter or two from a word and
// start with head.
func (v *view) near(field, text string, distance int, head string) (terms []string, err error) {
	reader, ok := v.IndexReader.(api.IndexReaderFuzzy)
	if !ok {
		return nil, fmt.Errorf("the index reader %T knows no spelling distances", v.IndexReader)
	}
	dict, err := reader.FieldDictFuzzy(field, text, distance, head)
	if err != nil {
		return nil, err
	}
	for {
		e, err := dict.Next()
		if err != nil || e == nil {
			return terms, errJoin(err, dict.Close())
		}
		terms = append(terms, e.Term)
	}
}
