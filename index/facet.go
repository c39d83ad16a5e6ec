package index

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// facetSize bounds the values of one facet; days reach over centuries.
const facetSize = 200

// facets counts the values of fields over a set of documents, and gives the
// most frequent of each.
func (v *view) facets(ctx context.Context, c *catalog, names []string, docs set, most int) (map[string][]Count, error) {
	if len(names) == 0 {
		return nil, nil
	}
	fields := make([]string, len(names))
	for i, name := range names {
		switch f := c.field(name); {
		case name == FacetDay || name == FacetMonth:
			fields[i] = fieldDay
		case f == nil || f.Name != name:
			return nil, fmt.Errorf("there is no field %q to count by", name)
		default:
			fields[i] = keywordPrefix + name
		}
	}
	unique := slices.Compact(slices.Sorted(slices.Values(fields)))
	counts, err := v.countTerms(ctx, unique, docs)
	if err != nil {
		return nil, err
	}
	out := map[string][]Count{}
	for i, name := range names {
		shown := map[string]int{}
		for t, n := range counts[fields[i]] {
			shown[facetValue(name, t)] += n
		}
		out[name] = sorted(name, shown, most)
	}
	return out, nil
}

// What counting costs, in nanoseconds: a value of a document read, a document
// of a list compared, a list of one value opened in one segment.
const (
	costValue = 150
	costDoc   = 1
	costList  = 1500
)

// countTerms counts each field by whichever way is shorter: the documents of
// the set one by one, or the list of every value.
func (v *view) countTerms(ctx context.Context, fields []string, docs set) (map[string]map[string]int, error) {
	counts := map[string]map[string]int{}
	var one []string // to be counted document by document
	budget := docs.count()*costValue - int(v.size)*costDoc
	locals := v.locals(docs)
	for _, f := range fields {
		counts[f] = map[string]int{}
		if budget <= 0 {
			one = append(one, f)
			continue
		}
		terms, err := v.terms(f)
		if err != nil {
			return nil, err
		}
		if len(terms)*len(v.parts)*costList > budget {
			one = append(one, f)
			continue
		}
		if err := v.countLists(ctx, f, terms, locals, counts[f]); err != nil {
			return nil, err
		}
	}
	if len(one) == 0 {
		return counts, nil
	}
	return counts, v.countEach(ctx, one, docs, counts)
}

// locals are the stretches of a set, by segment.
func (v *view) locals(docs set) []*roaring.Bitmap {
	out := make([]*roaring.Bitmap, len(v.parts))
	for i, p := range v.parts {
		out[i] = p.local(docs)
	}
	return out
}

// countLists compares the list of every value with the set.
func (v *view) countLists(ctx context.Context, field string, terms []string, locals []*roaring.Bitmap, counts map[string]int) error {
	for i, p := range v.parts {
		if locals[i].IsEmpty() {
			continue
		}
		dict, err := p.Segment().Dictionary(field)
		if err != nil {
			return err
		}
		for _, t := range terms {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			list, one, err := bitmapOf(dict, t)
			if err != nil {
				return err
			}
			n := 0
			if list != nil {
				n = int(list.AndCardinality(locals[i]))
			} else if one >= 0 && locals[i].Contains(uint32(one)) {
				n = 1
			}
			if n > 0 {
				counts[t] += n
			}
		}
	}
	return nil
}

func (v *view) countEach(ctx context.Context, fields []string, docs set, counts map[string]map[string]int) error {
	values, err := v.DocValueReader(fields)
	if err != nil {
		return err
	}
	cells := map[string]map[string]*int{} // so that a value seen before costs no allocation
	for _, f := range fields {
		cells[f] = map[string]*int{}
	}
	var buf []byte
	i := 0
	for n := range docs.all {
		if i++; i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		buf = number(buf, n)
		err := values.VisitDocValues(buf, func(field string, term []byte) {
			cell := cells[field][string(term)]
			if cell == nil {
				cell = new(int)
				cells[field][string(term)] = cell
			}
			*cell++
		})
		if err != nil {
			return err
		}
	}
	for f, of := range cells {
		for t, n := range of {
			counts[f][t] = *n
		}
	}
	return nil
}

// facetValue writes days and months as people sort them.
func facetValue(facet, term string) string {
	switch facet {
	case FacetDay:
		return term[:4] + "-" + term[4:6] + "-" + term[6:]
	case FacetMonth:
		return term[:4] + "-" + term[4:6]
	}
	return term
}

// sorted puts days and months in time order, other values by count.
func sorted(facet string, counts map[string]int, most int) []Count {
	out := make([]Count, 0, len(counts))
	for v, n := range counts {
		out = append(out, Count{v, n})
	}
	inTime := facet == FacetDay || facet == FacetMonth
	sort.Slice(out, func(i, j int) bool {
		if !inTime && out[i].Count != out[j].Count {
			return out[i].Count > out[j].Count
		}
		return strings.Compare(out[i].Value, out[j].Value) < 0
	})
	if !inTime {
		out = out[:min(len(out), most)]
	}
	return out
}
