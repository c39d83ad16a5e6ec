package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"diembao/config"
	"diembao/index"
	"diembao/internal/export"
	"diembao/internal/say"
	"diembao/internal/when"
)

// pageSize is how many articles a page lists.
const pageSize = 20

// filters are the fields a search can be narrowed by in its address.
var filters = []string{"level", "insurance", "tone", "topic", "province", "outlet", "kind", "reach", "role", "scope", "target", "unit", "relevant", "story", "author", "form", "via"}

// without before a field's name in the address keeps its value out.
const without = "not."

// either stands between values of which an article must have one: a field
// named twice narrows twice.
const either = "|"

// question is a search as its address holds it: the whole state of the page,
// so that every search can be sent to a colleague.
type question struct {
	Text     string
	From, To string // days as 2026-07-01, both included, or a span as typed: 7d
	Sort     index.Sort
	Page     int    // from 1
	After    string // cursor of the last article of the page before
	Apart    bool   // copies stand by themselves
	By       string // day, week or month: the step of the counts over time; empty chooses
	values   url.Values
	from, to time.Time // of From and To, to exclusive
	bad      []bad
}

// bad is a date that could not be read.
type bad struct {
	name, text string
	why        error
}

// Query reads a search from the values of its address. Every door of the house
// reads it here, page, API, files, feeds and command line, so that the same
// address asks the same everywhere. The error names a date that cannot be read,
// or words beside "like", which asks for what is like an article and no more.
func Query(values url.Values, lang string, now time.Time) (index.Query, error) {
	q := ask(values, now)
	for _, b := range q.bad {
		return index.Query{}, fmt.Errorf("%s: %w", b.name, b.why)
	}
	if values.Get("like") != "" && !q.empty() {
		return index.Query{}, errors.New("like: what is like an article is asked for by itself; leave out words, filters and dates")
	}
	return q.query(lang, now), nil
}

// Describe writes into an answer what was asked beside the words, and where in
// the house the search and its articles are; base is the address of the house.
func Describe(a *export.Answer, values url.Values, base string, pack config.Pack, words *say.Words, now time.Time) {
	v := &visit{words: words, pack: pack, now: now, label: labels{words, pack}}
	q := ask(values, now).begin()
	for _, c := range v.chips(q) {
		if c.Not {
			c.Label = words.Say("web.not") + " " + c.Label
		}
		a.Filters = append(a.Filters, export.Filter{Name: c.Field, Value: c.Label})
	}
	if a.Address == "" {
		a.Address = q.address()
	}
	a.Address = base + a.Address
	for i, item := range a.Items {
		a.Items[i].Page = base + "/article/" + item.ID
	}
}

// State is the whole state of a search as one line, the same for the same
// search; it says nothing of pages and languages.
func State(values url.Values, now time.Time) string {
	return ask(values, now).begin().encode().Encode()
}

// FeedAddress is where a feed of a search stands.
func FeedAddress(base, feed string, values url.Values, now time.Time) string {
	state := State(values, now)
	if like := values.Get("like"); like != "" {
		state = url.Values{"like": {like}}.Encode()
	}
	return base + "/search." + feed + "?" + state
}

// ask reads a question from the address of a page.
func ask(values url.Values, now time.Time) question {
	q := question{Text: strings.TrimSpace(values.Get("q")), Sort: index.Sort(values.Get("sort")), Page: 1, values: url.Values{}}
	if q.Sort != index.Recency && q.Sort != index.Newest && q.Sort != index.Relevance {
		q.Sort = ""
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil {
		q.Page = max(n, 1)
	}
	q.After, q.Apart = values.Get("after"), values.Get("fold") == "no"
	if by := values.Get("by"); by == "day" || by == "week" || by == "month" {
		q.By = by
	}
	q.From, q.from, _ = q.day("from", values.Get("from"), now)
	q.To, _, q.to = q.day("to", values.Get("to"), now)
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

// year is what a day has and "hôm qua" has not.
var year = regexp.MustCompile(`\d{4}`)

// day reads a date of the form, or a span counted from now, which stays as it
// was typed; what cannot be read is told and left out.
func (q *question) day(name, s string, now time.Time) (as string, from, to time.Time) {
	if s == "" {
		return "", from, to
	}
	if t, err := when.Parse(s, now.AddDate(10, 0, 0)); err == nil && year.MatchString(s) {
		from = when.StartOfDay(t).In(when.VN)
		return from.Format(time.DateOnly), from, from.AddDate(0, 0, 1)
	}
	p, err := when.ParsePeriod(s, now)
	if err != nil {
		q.bad = append(q.bad, bad{name, s, err})
		return "", from, to
	}
	return s, p.From, p.To
}

// Typed is the kind of field that a date of the form can be shown in.
func (q question) Typed(s string) string {
	if s == "" || !start(s).IsZero() {
		return "date"
	}
	return "text"
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
		Text: q.Text, Sort: q.sort(), Limit: pageSize, Offset: (q.Page - 1) * pageSize, After: q.After,
		From: q.from, To: q.to, Highlight: true, Fold: !q.Apart, Now: now, Lang: lang,
	}
	for _, field := range filters {
		for _, v := range q.values[field] {
			out.Filters = append(out.Filters, index.Filter{Field: field, Values: strings.Split(v, either)})
		}
		for _, v := range q.values[without+field] {
			out.Filters = append(out.Filters, index.Filter{Field: field, Values: strings.Split(v, either), Not: true})
		}
	}
	return out
}

// both is the question with what stands beside the list, counted both ways:
// publications, so that a count is what a click will show, and originals.
func (q question) both(lang string, now time.Time) index.Query {
	out := q.query(lang, now)
	out.Both, out.Facets = true, append(slices.Clone(facetFields), index.FacetDay)
	return out
}

// counts is the same question without the list.
func (q question) counts(lang string, now time.Time) index.Query {
	out := q.both(lang, now)
	out.Limit, out.Offset, out.After, out.Highlight = 0, 0, "", false
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
	if v := q.encode(); len(v) > 0 {
		return "/?" + v.Encode()
	}
	return "/"
}

// file is the address of the same answer in another form: search.csv.
func (q question) file(name string) string {
	q = q.begin()
	return "/" + name + "?" + q.encode().Encode()
}

// encode writes the question as the values of an address.
func (q question) encode() url.Values {
	v := url.Values{}
	for name, values := range q.values {
		v[name] = slices.Clone(values)
	}
	for name, value := range map[string]string{"q": q.Text, "from": q.From, "to": q.To, "sort": string(q.Sort), "by": q.By, "after": q.After} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Apart {
		v.Set("fold", "no")
	}
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	return v
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
	q.values = values
	return q.begin()
}

func (q question) has(name, value string) bool { return slices.Contains(q.values[name], value) }

// begin is the question on its first page.
func (q question) begin() question {
	q.Page, q.After = 1, ""
	return q
}

// in is the question in a span of days, on its first page.
func (q question) in(from, to string) question {
	q.From, q.To = from, to
	return q.begin()
}

func (q question) by(sort index.Sort) question {
	q.Sort = sort
	return q.begin()
}

// saying is the same question in other words, on its first page.
func (q question) saying(text string) question {
	q.Text = text
	return q.begin()
}

// apart is the question with copies by themselves, or behind their originals.
func (q question) apart(apart bool) question {
	q.Apart = apart
	return q.begin()
}

// counted is the question with its counts over time in such steps.
func (q question) counted(by string) question {
	q.By = by
	return q
}

// at is the question on another page; after is the cursor of the last article
// of the page before, which makes the hundredth page as cheap as the second.
func (q question) at(page int, after string) question {
	q.Page, q.After = page, after
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
