package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"diembao/index"
	"diembao/internal/when"
)

// pageSize is how many articles a page lists.
const pageSize = 20

// filters are the fields a search can be narrowed by in its address.
var filters = []string{"level", "insurance", "tone", "topic", "province", "outlet", "kind", "reach", "role", "scope", "target", "unit", "relevant", "story", "author"}

// without before a field's name in the address keeps its value out.
const without = "not."

// question is a search as its address holds it: the whole state of the page,
// so that every search can be sent to a colleague.
type question struct {
	Text     string
	From, To string // days as 2026-07-01, both included
	Sort     index.Sort
	Page     int // from 1
	values   url.Values
	bad      []string // dates that could not be read
}

// ask reads a question from the address of a page.
func ask(values url.Values, now time.Time) question {
	q := question{Text: strings.TrimSpace(values.Get("q")), Sort: index.Sort(values.Get("sort")), Page: 1, values: url.Values{}}
	if q.Sort != index.Recency && q.Sort != index.Newest && q.Sort != index.Relevance {
		q.Sort = ""
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil {
		q.Page = min(max(n, 1), index.MaxOffset/pageSize)
	}
	q.From, q.To = q.day(values.Get("from"), now), q.day(values.Get("to"), now)
	for _, field := range filters {
		for _, name := range []string{field, without + field} {
			for _, v := range values[name] {
				if v != "" && !slices.Contains(q.values[name], v) {
					q.values.Add(name, v)
				}
			}
		}
	}
	return q
}

// day reads a date of the form; what cannot be read is told and left out.
func (q *question) day(s string, now time.Time) string {
	if s == "" {
		return ""
	}
	t, err := when.Parse(s, now.AddDate(10, 0, 0))
	if err != nil {
		q.bad = append(q.bad, s)
		return ""
	}
	return t.In(when.VN).Format(time.DateOnly)
}

// empty reports whether nothing is asked for: the front page.
func (q question) empty() bool {
	return q.Text == "" && q.From == "" && q.To == "" && len(q.values) == 0
}

// sort is the order asked for, or the one that suits the question.
func (q question) sort() index.Sort {
	if q.Text == "" {
		return cmp.Or(q.Sort, index.Newest)
	}
	return cmp.Or(q.Sort, index.Relevance)
}

// query is the question as the index understands it. Copies stand behind their
// originals; each filter narrows.
func (q question) query(lang string, now time.Time) index.Query {
	out := index.Query{
		Text: q.Text, Sort: q.sort(), Limit: pageSize, Offset: (q.Page - 1) * pageSize,
		Highlight: true, Fold: true, Now: now, Lang: lang,
	}
	out.From, out.To = start(q.From), start(q.To)
	if !out.To.IsZero() {
		out.To = out.To.AddDate(0, 0, 1)
	}
	for _, field := range filters {
		for _, v := range q.values[field] {
			out.Filters = append(out.Filters, index.Filter{Field: field, Values: []string{v}})
		}
		if vs := q.values[without+field]; len(vs) > 0 {
			out.Filters = append(out.Filters, index.Filter{Field: field, Values: vs, Not: true})
		}
	}
	return out
}

// counts is the question for what stands beside the list: publications, copies
// among them, so that a count is what a click will show.
func (q question) counts(lang string, now time.Time) index.Query {
	out := q.query(lang, now)
	out.Limit, out.Offset, out.Highlight, out.Fold, out.Facets = 0, 0, false, false, facetFields
	return out
}

// start is midnight in Viet Nam of a day as it stands in an address.
func start(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, when.VN)
	if err != nil {
		return time.Time{} // no day: open
	}
	return t
}

// address is the page that answers the question.
func (q question) address() string {
	v := url.Values{}
	for name, values := range q.values {
		v[name] = slices.Clone(values)
	}
	for name, value := range map[string]string{"q": q.Text, "from": q.From, "to": q.To, "sort": string(q.Sort)} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	if len(v) == 0 {
		return "/"
	}
	return "/?" + v.Encode()
}

// with is the question narrowed by one more value, on its first page.
func (q question) with(name, value string) question {
	return q.changed(func(v url.Values) { v[name] = append(v[name], value) })
}

// less is the question without one of its values, on its first page.
func (q question) less(name, value string) question {
	return q.changed(func(v url.Values) {
		v[name] = slices.DeleteFunc(v[name], func(s string) bool { return s == value })
		if len(v[name]) == 0 {
			delete(v, name)
		}
	})
}

func (q question) changed(change func(url.Values)) question {
	values := url.Values{}
	for name, vs := range q.values {
		values[name] = slices.Clone(vs)
	}
	change(values)
	q.values, q.Page = values, 1
	return q
}

func (q question) has(name, value string) bool { return slices.Contains(q.values[name], value) }

// in is the question in a span of days, on its first page.
func (q question) in(from, to string) question {
	q.From, q.To, q.Page = from, to, 1
	return q
}

func (q question) by(sort index.Sort) question {
	q.Sort, q.Page = sort, 1
	return q
}

// saying is the same question in other words, on its first page.
func (q question) saying(text string) question {
	q.Text, q.Page = text, 1
	return q
}

func (q question) at(page int) question {
	q.Page = page
	return q
}

// month is the first and the last day of a month as the index counts it.
func month(value string) (from, to string, ok bool) {
	t, err := time.Parse("2006-01", value)
	if err != nil {
		return "", "", false
	}
	return t.Format(time.DateOnly), t.AddDate(0, 1, -1).Format(time.DateOnly), true
}
