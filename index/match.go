package index

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"diembao/internal/vi"
)

var errJoin = errors.Join

// matcher finds which documents match the parts of a query. How they rank is
// rankTerms' work.
type matcher struct {
	view   *view
	marked bool // words match with their marks
	any    bool // any word will do
	others *others
	right  map[*phrase]set // the documents that hold a phrase, where that was found out
}

// docs are the documents that match n. The set is the caller's to change.
func (m *matcher) docs(ctx context.Context, n node) (set, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	switch n := n.(type) {
	case words:
		return m.words(ctx, n)
	case *phrase:
		return m.phrase(ctx, n)
	case prefix:
		return m.prefix(ctx, n)
	case fuzzy:
		return m.fuzzy(ctx, n)
	case and:
		return m.all(ctx, n.parts)
	case or:
		return m.either(ctx, n.parts)
	case not:
		return m.all(ctx, []node{n})
	case filter:
		return m.view.havingAny(keywordPrefix+n.field.Name, n.values)
	case dates:
		return m.view.dated(ctx, n)
	}
	return m.view.everything(), nil
}

// all are the documents that match every part.
func (m *matcher) all(ctx context.Context, parts []node) (set, error) {
	var found set
	for _, p := range parts {
		if _, ok := p.(not); ok {
			continue
		}
		s, err := m.docs(ctx, p)
		if err != nil {
			return nil, err
		}
		if found == nil {
			found = s
		} else {
			found.keep(s)
		}
		if found.empty() {
			return found, nil
		}
	}
	if found == nil {
		found = m.view.everything()
	}
	for _, p := range parts {
		if p, ok := p.(not); ok {
			s, err := m.docs(ctx, p.part)
			if err != nil {
				return nil, err
			}
			found.drop(s)
		}
	}
	return found, nil
}

// either are the documents that match any part.
func (m *matcher) either(ctx context.Context, parts []node) (set, error) {
	found := m.view.none()
	for _, p := range parts {
		s, err := m.docs(ctx, p)
		if err != nil {
			return nil, err
		}
		found.join(s)
	}
	return found, nil
}

// words by the default rule: of up to three all must match, of more at least
// 70 %; with any, one is enough, in either form. Words with other ways to be
// said count once.
func (m *matcher) words(ctx context.Context, n words) (set, error) {
	var parts []set
	loose := m.any && !n.strict
	for _, u := range m.unitsOf(n) {
		if loose {
			forms, err := m.forms(u.list, n.title)
			if err != nil {
				return nil, err
			}
			parts = append(parts, forms...)
		} else {
			typed, err := m.every(u.list, n.title)
			if err != nil {
				return nil, err
			}
			parts = append(parts, typed)
		}
		for _, o := range u.others {
			s, err := m.other(ctx, o, n.title)
			if err != nil {
				return nil, err
			}
			if loose {
				parts = append(parts, s)
			} else {
				parts[len(parts)-1].join(s)
			}
		}
	}
	switch {
	case loose:
		return m.atLeast(1, parts), nil
	case n.strict:
		return m.atLeast(len(parts), parts), nil
	}
	return m.atLeast(needed(len(parts)), parts), nil
}

// unitsOf are the words of n, each once, in stretches that have other ways to
// be said.
func (m *matcher) unitsOf(n words) (out []unit) {
	if units := m.others.units(n.list, m.marked); !n.plain && varied(units) {
		return units
	}
	for _, w := range unique(n.list) {
		out = append(out, unit{list: []word{w}})
	}
	return out
}

// forms are the documents of each word in each of its forms.
func (m *matcher) forms(list []word, title bool) (sets []set, err error) {
	for _, w := range unique(list) {
		s, err := m.word(w, m.marked, title)
		if err != nil {
			return nil, err
		}
		sets = append(sets, s)
		if m.marked {
			if s, err = m.word(w, false, title); err != nil {
				return nil, err
			}
			sets = append(sets, s)
		}
	}
	return sets, nil
}

// every are the documents that have all the words.
func (m *matcher) every(list []word, title bool) (found set, err error) {
	for _, w := range list {
		s, err := m.word(w, m.marked, title)
		if err != nil {
			return nil, err
		}
		if found == nil {
			found = s
		} else {
			found.keep(s)
		}
	}
	return found, nil
}

// atLeast are the documents in so many of the sets.
func (m *matcher) atLeast(need int, sets []set) set {
	if need >= len(sets) && len(sets) > 0 {
		for _, s := range sets[1:] {
			sets[0].keep(s)
		}
		return sets[0]
	}
	found := m.view.none()
	if need <= 1 {
		for _, s := range sets {
			found.join(s)
		}
		return found
	}
	var t tally
	for _, s := range sets {
		t.add(s, 1)
	}
	return t.atLeast(need, m.view.everything())
}

// needed is how many of n words without operators must match.
func needed(n int) int {
	if n <= 3 {
		return n
	}
	return (7*n + 9) / 10
}

func unique(list []word) []word {
	seen := make(map[string]bool, len(list))
	out := make([]word, 0, len(list))
	for _, w := range list {
		if !seen[w.key] {
			seen[w.key] = true
			out = append(out, w)
		}
	}
	return out
}

func textFieldOf(marked, title bool) string {
	switch {
	case marked && title:
		return fieldTitle
	case marked:
		return fieldWords
	case title:
		return fieldTitleFolded
	}
	return fieldFolded
}

// word finds one word. A word typed without marks in a query that has
// marks elsewhere ("bảo hiem") is looked up without them if the archive never
// writes it so.
func (m *matcher) word(w word, marked, title bool) (set, error) {
	if marked {
		found, err := m.view.having(textFieldOf(true, title), w.key)
		if err != nil || w.key != w.folded || !found.empty() {
			return found, err
		}
	}
	return m.view.having(textFieldOf(false, title), w.folded)
}

// prefix finds the documents that have a word that starts so.
func (m *matcher) prefix(ctx context.Context, n prefix) (set, error) {
	head, field := m.loose(n.word, n.title)
	found := m.view.none()
	return found, m.view.within(ctx, field, head, head+"\xff", found)
}

// fuzzy finds the documents that have a word a letter away.
func (m *matcher) fuzzy(ctx context.Context, n fuzzy) (set, error) {
	text, field := m.loose(n.word, n.title)
	_, first := utf8.DecodeRuneInString(text)
	terms, err := m.view.near(field, text, 1, text[:first])
	if err != nil || ctx.Err() != nil {
		return nil, errJoin(err, ctx.Err())
	}
	return m.view.havingAny(field, terms)
}

// loose is the form that a part of a word, or a word that may be wrong, is
// looked up by, and where: one typed without marks is looked up without, even
// beside words with them, for nobody marks what they are unsure of.
func (m *matcher) loose(w word, title bool) (form, field string) {
	if m.marked && vi.Marked(w.key) {
		return w.key, textFieldOf(true, title)
	}
	return w.folded, textFieldOf(false, title)
}

// phrase finds the documents that hold it or, where that is not known, may.
func (m *matcher) phrase(ctx context.Context, n *phrase) (set, error) {
	if right, ok := m.right[n]; ok {
		return slices.Clone(right), nil
	}
	marked := n.marked()
	var sets []set
	if n.near == 0 && !n.title {
		for i := 1; i < len(n.list); i++ {
			s, err := m.pair(n.list[i-1], n.list[i])
			if err != nil {
				return nil, err
			}
			sets = append(sets, s)
		}
	}
	if marked || len(sets) == 0 {
		for _, w := range unique(n.list) {
			s, err := m.word(w, marked, n.title)
			if err != nil {
				return nil, err
			}
			sets = append(sets, s)
		}
	}
	return m.atLeast(len(sets), sets), ctx.Err()
}

func (m *matcher) pair(a, b word) (set, error) {
	return m.view.having(fieldPairs, a.folded+" "+b.folded)
}

func (n *phrase) marked() bool { return anyMarked(n) }

// certain reports whether the postings alone prove the phrase.
func (n *phrase) certain() bool {
	return n.part == "" && (len(n.list) == 1 || len(n.list) == 2 && n.near == 0 && !n.title && !n.marked())
}

// havingAny are the documents that have one of the terms.
func (v *view) havingAny(field string, terms []string) (set, error) {
	found := v.none()
	for _, t := range terms {
		s, err := v.having(field, t)
		if err != nil {
			return nil, err
		}
		found.join(s)
	}
	return found, nil
}

// dated are the documents of a time: by their day where the day is whole, and
// by the second at the ends. A year is 365 lists, not millions of moments.
func (v *view) dated(ctx context.Context, d dates) (set, error) {
	found := v.none()
	from, to := d.from, d.to
	first, last := from, to // the whole days in between
	if !from.IsZero() {
		first = midnight(from)
		if first.Before(from) {
			first = first.AddDate(0, 0, 1)
		}
	}
	if !to.IsZero() {
		last = midnight(to)
	}
	if !from.IsZero() && !to.IsZero() && !first.Before(last) {
		if first.Equal(from) && last.Equal(to) || !from.Before(to) {
			return found, nil
		}
		return found, v.within(ctx, fieldTime, second(from), second(to), found)
	}
	err := v.within(ctx, fieldDay, dayOr(first), dayOr(last), found)
	if err == nil && first.After(from) {
		err = v.within(ctx, fieldTime, second(from), second(first), found)
	}
	if err == nil && last.Before(to) {
		err = v.within(ctx, fieldTime, second(last), second(to), found)
	}
	return found, err
}

func midnight(t time.Time) time.Time {
	t = t.In(home)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, home)
}

func dayOr(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return day(t)
}

// ranking collects the terms that score.
type ranking struct {
	marked bool
	terms  []rankTerm
	at     map[rankKey]int
}

type rankKey struct {
	field, term string
	choice, way int
}

// rankTerms are the words of a query, and their neighbourhoods, as they score.
func (m *matcher) rankTerms(n node) []rankTerm {
	var runs []run
	gather(n, &runs)
	r := &ranking{marked: m.marked, at: map[rankKey]int{}}
	choices := 0
	for _, run := range runs {
		for i := 1; i < len(run.list); i++ {
			r.pair(run.list[i-1], run.list[i], 0, 0)
		}
		if run.exact {
			r.words(run.list, 0, 0)
			continue
		}
		for _, u := range m.others.units(run.list, m.marked) {
			if len(u.others) == 0 {
				r.words(u.list, 0, 0)
				continue
			}
			choices++
			r.words(u.list, choices, 0)
			for way, o := range u.others {
				r.words(o.list, choices, way+1)
				for i := 1; i < len(o.list); i++ {
					r.pair(o.list[i-1], o.list[i], choices, way+1)
				}
			}
		}
	}
	return r.terms
}

func (r *ranking) words(list []word, choice, way int) {
	for _, w := range list {
		if r.marked {
			r.add(rankKey{fieldWords, w.key, choice, way}, weightWords, true)
			r.add(rankKey{fieldFolded, w.folded, choice, way}, weightFolded, false)
			r.add(rankKey{fieldTitle, w.key, choice, way}, weightTitle, false)
		} else {
			r.add(rankKey{fieldFolded, w.folded, choice, way}, weightWords, true)
			r.add(rankKey{fieldTitleFolded, w.folded, choice, way}, weightTitle, false)
		}
	}
}

func (r *ranking) pair(a, b word, choice, way int) {
	r.add(rankKey{fieldPairs, a.folded + " " + b.folded, choice, way}, weightPairs, false)
}

func (r *ranking) add(k rankKey, weight float64, covers bool) {
	if i, ok := r.at[k]; ok {
		r.terms[i].times++
		return
	}
	r.at[k] = len(r.terms)
	r.terms = append(r.terms, rankTerm{k.field, k.term, weight, 1, covers, k.choice, k.way})
}

// run is a stretch of words that documents are wanted for.
type run struct {
	list  []word
	exact bool // as typed, no synonyms
}

// gather collects them.
func gather(n node, out *[]run) {
	switch n := n.(type) {
	case words:
		*out = append(*out, run{n.list, false})
	case *phrase:
		*out = append(*out, run{n.list, true})
	case prefix:
		*out = append(*out, run{[]word{n.word}, true})
	case fuzzy:
		*out = append(*out, run{[]word{n.word}, true})
	case and:
		for _, p := range n.parts {
			gather(p, out)
		}
	case or:
		for _, p := range n.parts {
			gather(p, out)
		}
	}
}
