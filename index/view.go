package index

import (
	"encoding/json"
	"fmt"
	"sort"

	api "github.com/blevesearch/bleve_index_api"
)

// view is the index at one moment: all that one search does sees the same
// documents. A document is known in it by a number.
type view struct {
	api.IndexReader
	gen   *generation
	parts []part
	size  uint64 // above every document's number
	gone  set    // deleted or replaced, though still in the files
}

func (g *generation) view() (*view, error) {
	inner, err := g.bleve.Advanced()
	if err != nil {
		return nil, err
	}
	r, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	v := &view{IndexReader: r, gen: g}
	if err := v.readParts(); err != nil {
		return nil, errJoin(err, r.Close())
	}
	return v, nil
}

// checkEvery is after how many documents a walk looks whether it should end.
const checkEvery = 4096

// number writes a document number as Bleve wants it.
func number(buf []byte, n uint64) api.IndexInternalID { return api.NewIndexInternalID(buf, n) }

// name is the ID the caller gave the document.
func (v *view) name(n uint64) (string, error) { return v.ExternalID(number(nil, n)) }

// numberOf finds a document by the caller's ID.
func (v *view) numberOf(id string) (n uint64, ok bool, err error) {
	internal, err := v.InternalID(id)
	if err != nil || internal == nil {
		return 0, false, err
	}
	return internal.Value(), true, nil
}

// partOf finds the segment a document is in, and its number there.
func (v *view) partOf(n uint64) (part, uint64) {
	i := sort.Search(len(v.parts), func(i int) bool { return v.parts[i].from > n }) - 1
	return v.parts[i], n - v.parts[i].from
}

// kept reads what a hit shows.
func (v *view) kept(n uint64) (k stored, err error) {
	p, local := v.partOf(n)
	found, wrong := false, error(nil)
	err = p.VisitDocument(local, func(field string, _ byte, value []byte, _ []uint64) bool {
		if field == fieldStored {
			found, wrong = true, json.Unmarshal(value, &k)
		}
		return !found
	})
	if err = errJoin(err, wrong); err != nil {
		return k, fmt.Errorf("read the keywords of document %d: %w", n, err)
	}
	if !found {
		return k, fmt.Errorf("document %d has no keywords kept", n)
	}
	return k, nil
}

// moments reads the times of documents, in Unix seconds; ok is false for none.
type moments struct {
	values api.DocValueReader
	buf    []byte
}

func (v *view) moments() (*moments, error) {
	values, err := v.DocValueReader([]string{fieldTime})
	return &moments{values: values}, err
}

func (m *moments) of(n uint64) (at int64, ok bool, err error) {
	m.buf = number(m.buf, n)
	err = m.values.VisitDocValues(m.buf, func(_ string, term []byte) { at, ok = parseSecond(term) })
	return at, ok, err
}
