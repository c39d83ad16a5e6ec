package index

import (
	"context"
	"fmt"
	"strings"
	"time"

	"diembao/internal/vi"
)

// Rename tells of a name that gave way to another on a day. A search for the
// new name finds the old one in documents from before that day; where Both is
// set, as for an office that only changed its name, a search for the old one
// also finds the new one from that day on. It is not set where the new name
// covers more than the old did, as a province that took in two others.
type Rename struct {
	Old, New string
	On       time.Time
	Both     bool
}

// other is another way to say some words of a query.
type other struct {
	list []word
	when dates // the documents it counts in; zero for all
}

// others are the synonyms of a schema, by the folded words they stand for.
type others struct {
	ways    map[string][]told
	longest int
}

// told is one spelling of what has other ways to be said.
type told struct {
	list []word
	ways []other
}

// unit is a stretch of words as typed, with the other ways to say it.
type unit struct {
	list   []word
	others []other
}

func newOthers(s Schema) (*others, error) {
	o := &others{ways: map[string][]told{}}
	for _, group := range s.Synonyms {
		for i, form := range group {
			var rest []other
			for j, f := range group {
				if j != i {
					rest = append(rest, other{list: newWords(f)})
				}
			}
			if err := o.add(form, rest); err != nil {
				return nil, err
			}
		}
	}
	for _, r := range s.Renames {
		if err := o.add(r.New, []other{{newWords(r.Old), dates{to: r.On}}}); err != nil {
			return nil, err
		}
		if r.Both {
			if err := o.add(r.Old, []other{{newWords(r.New), dates{from: r.On}}}); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

func (o *others) add(form string, ways []other) error {
	list := newWords(form)
	if len(list) == 0 {
		return fmt.Errorf("index schema: synonym %q has no word", form)
	}
	for _, w := range ways {
		if len(w.list) == 0 {
			return fmt.Errorf("index schema: a synonym of %q has no word", form)
		}
	}
	key := foldedKey(list)
	for i, t := range o.ways[key] {
		if sameKeys(t.list, list) {
			o.ways[key][i].ways = append(t.ways, ways...)
			return nil
		}
	}
	o.ways[key] = append(o.ways[key], told{list, ways})
	o.longest = max(o.longest, len(list))
	return nil
}

func foldedKey(list []word) string {
	var b strings.Builder
	for _, w := range list {
		b.WriteString(w.folded)
		b.WriteByte(' ')
	}
	return b.String()
}

func sameKeys(a, b []word) bool {
	for i := range a {
		if a[i].key != b[i].key {
			return false
		}
	}
	return len(a) == len(b)
}

// units cuts words into stretches, the longest that are known first. Words
// typed with marks mean what has the same marks.
func (o *others) units(list []word, marked bool) (out []unit) {
	for i := 0; i < len(list); {
		n, ways := 1, []other(nil)
		for size := min(o.longest, len(list)-i); size > 0; size-- {
			if ways = o.of(list[i:i+size], marked); ways != nil {
				n = size
				break
			}
		}
		out = append(out, unit{list[i : i+n], ways})
		i += n
	}
	return out
}

func (o *others) of(list []word, marked bool) (ways []other) {
	for _, t := range o.ways[foldedKey(list)] {
		if !marked || sameKeys(t.list, list) || len(list) == 1 && !vi.Marked(list[0].key) {
			ways = append(ways, t.ways...)
		}
	}
	return ways
}

// varied reports whether any unit has another way to be said.
func varied(units []unit) bool {
	for _, u := range units {
		if len(u.others) > 0 {
			return true
		}
	}
	return false
}

// other finds neighbouring words, in the documents of its time.
func (m *matcher) other(ctx context.Context, o other, title bool) (set, error) {
	var sets []set
	add := func(s set, err error) error {
		sets = append(sets, s)
		return err
	}
	for i, w := range o.list {
		if i > 0 && !title {
			if err := add(m.pair(o.list[i-1], w)); err != nil {
				return nil, err
			}
		}
		if m.marked || title || len(o.list) == 1 {
			if err := add(m.word(w, m.marked, title)); err != nil {
				return nil, err
			}
		}
	}
	if !o.when.from.IsZero() || !o.when.to.IsZero() {
		if err := add(m.view.dated(ctx, o.when)); err != nil {
			return nil, err
		}
	}
	return m.atLeast(len(sets), sets), nil
}
