package index

import (
	"context"
	"slices"
)

// fold takes from a set the copies that stand behind another of its documents:
// behind their original, or, where that does not match, behind the copy that
// the index knew first. What remains is one document for each original.
func (v *view) fold(ctx context.Context, field string, docs set) (set, error) {
	copies, err := v.having(fieldCopied, copied)
	if err != nil {
		return nil, err
	}
	copies.keep(docs)
	values, err := v.DocValueReader([]string{keywordPrefix + field})
	if err != nil {
		return nil, err
	}
	folded := slices.Clone(docs)
	behind := map[string]bool{} // originals that already have a document before them
	var buf []byte
	for n := range copies.all {
		of := ""
		buf = number(buf, n)
		if err := values.VisitDocValues(buf, func(_ string, term []byte) { of = string(term) }); err != nil {
			return nil, err
		}
		if _, seen := behind[of]; !seen {
			if behind[of], err = v.matches(of, docs); err != nil {
				return nil, err
			}
			if !behind[of] {
				behind[of] = true
				continue // this one stands for the original
			}
		}
		folded.remove(n)
	}
	return folded, ctx.Err()
}

func (v *view) matches(id string, docs set) (bool, error) {
	n, ok, err := v.numberOf(id)
	return ok && docs.has(n), err
}

// copiesOf names the documents of a set that stand behind the given hits, by hit.
func (v *view) copiesOf(field string, docs set, hits []Hit) error {
	for i := range hits {
		original := hits[i].ID
		if of := hits[i].Keywords[field]; len(of) > 0 {
			original = of[0]
		}
		copies, err := v.having(keywordPrefix+field, original)
		if err != nil {
			return err
		}
		for n := range copies.all {
			id, err := v.name(n)
			if err != nil {
				return err
			}
			if docs.has(n) && id != hits[i].ID {
				hits[i].Copies = append(hits[i].Copies, id)
			}
		}
	}
	return nil
}
