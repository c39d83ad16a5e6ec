package index

import (
	"context"
	"errors"
	"time"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	api "github.com/blevesearch/bleve_index_api"
)

var errJoin = errors.Join

// compiler turns the parts of a query into Bleve queries that say which
// documents match. How they rank is rankTerms' work.
type compiler struct {
	marked bool // words match with their marks
	any    bool // any word will do
	others *others
	right  map[*phrase]set // the documents that hold a phrase, where that was found out
}

func (c *compiler) query(n node) query.Query {
	switch n := n.(type) {
	case words:
		return c.words(n)
	case *phrase:
		return c.phrase(n)
	case prefix:
		q := query.NewPrefixQuery(c.form(n.word))
		q.SetField(c.textField(n.title))
		return q
	case fuzzy:
		q := query.NewFuzzyQuery(c.form(n.word))
		q.SetField(c.textField(n.title))
		q.SetPrefix(1)
		return q
	case and:
		return c.and(n.parts)
	case or:
		return disjunction(c.all(n.parts))
	case not:
		return c.and([]node{n})
	case filter:
		return keywordQuery(n.field.Name, n.values)
	case dates:
		return n.query()
	}
	return query.NewMatchAllQuery()
}

func (c *compiler) all(parts []node) []query.Query {
	out := make([]query.Query, len(parts))
	for i, p := range parts {
		out[i] = c.query(p)
	}
	return out
}

// and puts what must not match beside what must.
func (c *compiler) and(parts []node) query.Query {
	var must, mustNot []query.Query
	for _, p := range parts {
		if n, ok := p.(not); ok {
			mustNot = append(mustNot, c.query(n.part))
		} else {
			must = append(must, c.query(p))
		}
	}
	if len(must) == 0 {
		must = []query.Query{query.NewMatchAllQuery()}
	}
	if len(mustNot) == 0 {
		return conjunction(must)
	}
	return query.NewBooleanQuery([]query.Query{conjunction(must)}, nil, mustNot)
}

func conjunction(must []query.Query) query.Query {
	if len(must) == 1 {
		return must[0]
	}
	return query.NewConjunctionQuery(must)
}

// disjunction of words is counted from their bitmaps.
func disjunction(parts []query.Query) query.Query {
	some := &someOf{need: 1}
	for _, p := range parts {
		w, ok := p.(*wordQuery)
		if !ok {
			return query.NewDisjunctionQuery(parts)
		}
		some.parts = append(some.parts, w)
	}
	return some
}

// words by the default rule: of up to three all must match, of more at least
// 70 %; with any, one is enough, in either form.
func (c *compiler) words(n words) query.Query {
	if units := c.others.units(n.list, c.marked); !n.plain && varied(units) {
		return c.units(n, units)
	}
	list := unique(n.list)
	parts := make([]*wordQuery, 0, 2*len(list))
	for _, w := range list {
		parts = append(parts, &wordQuery{w, c.marked, n.title})
		if c.any && !n.strict && c.marked {
			parts = append(parts, &wordQuery{w, false, n.title})
		}
	}
	if c.any && !n.strict {
		return &someOf{parts, 1}
	}
	if need := needed(len(list)); !n.strict && need < len(list) {
		return &someOf{parts, need}
	}
	must := make([]query.Query, len(parts))
	for i, p := range parts {
		must[i] = p
	}
	return conjunction(must)
}

// units is words where some have other ways to be said: each counts once.
func (c *compiler) units(n words, units []unit) query.Query {
	var parts []query.Query
	for _, u := range units {
		if c.any && !n.strict {
			parts = append(parts, c.words(words{list: u.list, title: n.title, plain: true}))
			for _, o := range u.others {
				parts = append(parts, c.other(o, n.title))
			}
			continue
		}
		parts = append(parts, c.unit(u, n.title))
	}
	q := query.NewDisjunctionQuery(parts)
	switch {
	case c.any && !n.strict:
		return q
	case n.strict:
		return conjunction(parts)
	}
	q.SetMin(float64(needed(len(parts))))
	return q
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

// form is how a word of this query stands in the index.
func (c *compiler) form(w word) string {
	if c.marked {
		return w.key
	}
	return w.folded
}

func (c *compiler) textField(title bool) string { return textFieldOf(c.marked, title) }

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

// wordQuery finds one word. A word typed without marks in a query that has
// marks elsewhere ("bảo hiem") is looked up without them if the archive never
// writes it so.
type wordQuery struct {
	word   word
	marked bool
	title  bool
}

func (q *wordQuery) Searcher(ctx context.Context, r api.IndexReader, _ mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	field, text, err := q.term(r)
	if err != nil {
		return nil, err
	}
	return searcher.NewTermSearcher(ctx, r, text, field, 1, o)
}

// term is how the word stands in the index.
func (q *wordQuery) term(r api.IndexReader) (field, text string, err error) {
	if !q.marked {
		return textFieldOf(false, q.title), q.word.folded, nil
	}
	field = textFieldOf(true, q.title)
	if q.word.key != q.word.folded {
		return field, q.word.key, nil
	}
	n, err := frequency(r, field, q.word.key)
	if n == 0 {
		return textFieldOf(false, q.title), q.word.folded, err
	}
	return field, q.word.key, err
}

// phrase finds the documents that hold it or, where that is not known, may.
func (c *compiler) phrase(n *phrase) query.Query {
	if right, ok := c.right[n]; ok {
		return setQuery{right}
	}
	marked := n.marked()
	var must []query.Query
	if n.near == 0 && !n.title {
		for i := 1; i < len(n.list); i++ {
			must = append(must, pairQuery(n.list[i-1], n.list[i]))
		}
	}
	if marked || len(must) == 0 {
		for _, w := range unique(n.list) {
			must = append(must, &wordQuery{w, marked, n.title})
		}
	}
	return conjunction(must)
}

func pairQuery(a, b word) query.Query { return term(fieldPairs, a.folded+" "+b.folded) }

func (n *phrase) marked() bool { return anyMarked(n) }

// certain reports whether the postings alone prove the phrase.
func (n *phrase) certain() bool {
	return n.part == "" && (len(n.list) == 1 || len(n.list) == 2 && n.near == 0 && !n.title && !n.marked())
}

func term(field, text string) query.Query {
	q := query.NewTermQuery(text)
	q.SetField(field)
	return q
}

func keywordQuery(field string, values []string) query.Query {
	parts := make([]query.Query, len(values))
	for i, v := range values {
		parts[i] = term(keywordPrefix+field, v)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return query.NewDisjunctionQuery(parts)
}

// query covers whole days by their day and the ends by the second: a year is
// 365 terms, not millions of moments.
func (d dates) query() query.Query {
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
			return query.NewMatchNoneQuery()
		}
		return span(fieldTime, second(from), second(to))
	}
	parts := []query.Query{span(fieldDay, dayOr(first), dayOr(last))}
	if first.After(from) {
		parts = append(parts, span(fieldTime, second(from), second(first)))
	}
	if last.Before(to) {
		parts = append(parts, span(fieldTime, second(last), second(to)))
	}
	return query.NewDisjunctionQuery(parts)
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

// span is min ≤ term < max; an empty end is open.
func span(field, least, below string) query.Query {
	yes, no := true, false
	q := query.NewTermRangeInclusiveQuery(least, below, &yes, &no)
	q.SetField(field)
	return q
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
func (c *compiler) rankTerms(n node) []rankTerm {
	var runs []run
	gather(n, &runs)
	r := &ranking{marked: c.marked, at: map[rankKey]int{}}
	choices := 0
	for _, run := range runs {
		for i := 1; i < len(run.list); i++ {
			r.pair(run.list[i-1], run.list[i], 0, 0)
		}
		if run.exact {
			r.words(run.list, 0, 0)
			continue
		}
		for _, u := range c.others.units(run.list, c.marked) {
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
