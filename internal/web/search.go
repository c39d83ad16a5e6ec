package web

import (
	"errors"

	"diembao/index"
	"diembao/internal/news"
	"diembao/internal/store"
)

// searchPage is the front page, or the answer to a question.
type searchPage struct {
	Q         question
	Sort      index.Sort
	Front     bool
	Notices   []string
	Fault     *fault
	InWords   string
	Total     int // publications
	Originals int // different texts among them
	Suggest   *choice
	MS        float64
	Relaxed   bool
	Behind    int // articles that cannot be found yet
	Cards     []card
	Facets    []facet
	Chips     []chip
	Clear     string // the question without its filters
	Sorts     []choice
	Folds     []choice
	Over      *overTime
	Files     []choice
	Save      string // the page on which this search is saved; empty where it asks for nothing
	Hidden    []hidden
	Page      int
	Pages     int
	Prev      string
	Next      string
	Chart     chart
	Incidents []incidentRow
	NoIndex   bool
}

// fault shows where a query is wrong.
type fault struct {
	Before, At, After string
	Words             string
	Column            int
}

// choice is one of several links, On where it is in force.
type choice struct {
	Label, URL string
	On         bool
	Count      int
}

// hidden is a filter that the search form keeps.
type hidden struct{ Name, Value string }

func (v *visit) search() error {
	q := ask(v.r.URL.Query(), v.now)
	if q.After == "" {
		q.Page = min(q.Page, index.MaxOffset/pageSize)
	}
	p := &searchPage{Q: q, Sort: q.sort(), Page: q.Page, Chips: v.chips(q), Hidden: q.hidden(),
		Clear: question{Text: q.Text, Sort: q.Sort, Apart: q.Apart, By: q.By}.address()}
	for _, bad := range q.bad {
		p.Notices = append(p.Notices, v.words.Say("web.bad-date", "Text", bad.text))
	}
	title := q.Text
	var err error
	switch {
	case q.empty():
		title, err = v.words.Say("web.newest"), v.front(p)
	case v.Search == nil:
		p.NoIndex = true
	default:
		err = v.answer(p)
	}
	if err != nil {
		return err
	}
	if title == "" {
		title = v.words.Say("web.search")
	}
	return v.show("search", title, p)
}

// hidden are the filters that a new text in the box keeps.
func (q question) hidden() []hidden {
	var out []hidden
	for _, field := range filters {
		for _, name := range []string{field, without + field} {
			for _, value := range q.values[name] {
				out = append(out, hidden{name, value})
			}
		}
	}
	for name, on := range map[string]bool{"fold": q.Apart, "by": q.By != ""} {
		if on {
			out = append(out, hidden{name, q.encode().Get(name)})
		}
	}
	return out
}

// front is the page before anything is asked: what burns, the month at a
// glance, the newest articles.
func (v *visit) front(p *searchPage) error {
	p.Front = true
	open, err := v.Store.Incidents(v.ctx, store.IncidentFilter{States: []news.State{news.Open, news.Acked, news.Fading}, Limit: 5})
	if err != nil {
		return err
	}
	p.Incidents = v.incidentRows(open)
	if p.Chart, err = v.days(); err != nil {
		return err
	}
	cursor := v.r.URL.Query().Get("after")
	list, next, err := v.Store.Newest(v.ctx, store.Filter{To: v.now.AddDate(0, 0, 1)}, pageSize, cursor)
	if err != nil {
		return err
	}
	if next != "" {
		p.Next = "/?after=" + next
	}
	if cursor != "" {
		p.Prev = "/"
	}
	if p.Cards, err = v.entries(list); err != nil {
		return err
	}
	v.browse(p)
	return nil
}

// browse puts the counts of the whole archive beside the newest articles. The
// list does without where the index is just being built.
func (v *visit) browse(p *searchPage) {
	if v.Search == nil {
		return
	}
	r, err := v.Search(v.ctx, p.Q.counts(v.words.Lang, v.now))
	if err != nil {
		v.Log.Warn("the front page goes without counts", "error", err)
		return
	}
	v.count(p, r)
	if err := v.lacks(p); err != nil {
		v.Log.Warn("the front page goes without what the index lacks", "error", err)
	}
	if err := v.sizes(p.Cards); err != nil {
		v.Log.Warn("the front page goes without the sizes of stories", "error", err)
	}
}

// answer asks the index.
func (v *visit) answer(p *searchPage) error {
	r, err := v.Search(v.ctx, p.Q.both(v.words.Lang, v.now))
	var wrong *index.SyntaxError
	if errors.As(err, &wrong) {
		p.Fault = faultIn(p.Q.Text, wrong, v.words.Lang)
		return nil
	}
	if err != nil {
		return err
	}
	p.InWords, p.Relaxed = r.InWords, r.Relaxed
	if r.Suggest != "" {
		p.Suggest = &choice{Label: r.Suggest, URL: p.Q.saying(r.Suggest).address()}
	}
	p.MS = float64(r.Took.Microseconds()) / 1000
	v.count(p, r)
	if err := v.lacks(p); err != nil {
		return err
	}
	if p.Over, err = v.overTime(p.Q, r.Facets[index.FacetDay], r.OriginalFacets[index.FacetDay]); err != nil {
		return err
	}
	p.Sorts, p.Folds, p.Files = v.sorts(p.Q), v.folds(p.Q), v.files(p.Q)
	if !v.readOnly() {
		p.Save = "/searches/new?" + p.Q.begin().encode().Encode()
	}
	p.turn(r)
	if p.Cards, err = v.hits(r.Hits, p.Q.Apart); err != nil {
		return err
	}
	return v.sizes(p.Cards)
}

// lacks tells what an answer lacks while the index is being built.
func (v *visit) lacks(p *searchPage) (err error) {
	if v.Behind != nil {
		p.Behind, err = v.Behind(v.ctx)
	}
	return err
}

// count shows the counts of an answer, and its values beside the list.
func (v *visit) count(p *searchPage, r index.Result) {
	p.Facets, p.Total, p.Originals = v.facets(p.Q, r.Facets, r.OriginalFacets), r.Total, r.Originals
}

// turn gives the addresses of the pages before and after.
func (p *searchPage) turn(r index.Result) {
	listed := p.Originals
	if p.Q.Apart {
		listed = p.Total
	}
	p.Pages = (listed + pageSize - 1) / pageSize
	if p.Page > 1 && p.Page-1 <= index.MaxOffset/pageSize {
		p.Prev = p.Q.at(p.Page-1, "").address()
	}
	if r.More {
		p.Next = p.Q.at(p.Page+1, r.Hits[len(r.Hits)-1].Cursor).address()
	}
}

// folds choose whether copies stand behind their originals.
func (v *visit) folds(q question) []choice {
	return []choice{
		{Label: v.words.Say("web.fold.yes"), URL: q.apart(false).address(), On: !q.Apart},
		{Label: v.words.Say("web.fold.no"), URL: q.apart(true).address(), On: q.Apart},
	}
}

// sorts are the orders to choose from; by relevance only where there are words.
func (v *visit) sorts(q question) []choice {
	var out []choice
	for _, s := range []index.Sort{index.Relevance, index.Recency, index.Newest} {
		if q.Text != "" || s == index.Newest {
			out = append(out, choice{Label: v.words.Say("web.sort." + string(s)), URL: q.by(s).address(), On: q.sort() == s})
		}
	}
	return out
}

// faultIn cuts a query where it is wrong.
func faultIn(text string, e *index.SyntaxError, lang string) *fault {
	f := &fault{Words: e.In(lang), Column: e.Column, Before: text}
	if r := []rune(text); e.Column > 0 && e.Column <= len(r) {
		f.Before, f.At, f.After = string(r[:e.Column-1]), string(r[e.Column-1]), string(r[e.Column:])
	}
	return f
}
