package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"diembao/internal/store"
	"diembao/internal/vi"
)

// Bounds of a saved search, and how far back its hits are estimated.
const (
	nameLetters   = 100
	stateBytes    = 8 << 10
	estimateWeeks = 4
	busyWeek      = 200 // originals a week that nobody reads one by one
)

// savedPage lists the searches that were saved.
type savedPage struct {
	Rows     []savedRow
	ReadOnly bool
}

// savedRow is one of them.
type savedRow struct {
	store.Search
	What string // its query, or what it is narrowed by
}

// savePage is where a search gets its name.
type savePage struct {
	State, What            string
	Chips                  []chip
	Publications           int // a week
	Originals              int
	Busy, None, NoEstimate bool
	Back                   string
}

// readOnly reports whether nothing can be saved.
func (v *visit) readOnly() bool { return v.ReadOnly != nil && v.ReadOnly() }

func (v *visit) searches() error {
	found, err := v.Store.Searches(v.ctx)
	if err != nil {
		return err
	}
	p := &savedPage{ReadOnly: v.readOnly()}
	for _, s := range found {
		values, err := url.ParseQuery(s.Query)
		if err != nil {
			v.Log.Warn("a saved search cannot be read", "search", s.Name, "error", err)
			continue
		}
		p.Rows = append(p.Rows, savedRow{s, v.what(ask(values, v.now))})
	}
	return v.show("searches", v.words.Say("web.searches"), p)
}

// what says in a line what a search asks for.
func (v *visit) what(q question) string {
	var parts []string
	if q.Text != "" {
		parts = append(parts, q.Text)
	}
	for _, c := range v.chips(q) {
		if c.Not {
			c.Label = v.words.Say("web.not") + " " + c.Label
		}
		parts = append(parts, c.Field+": "+c.Label)
	}
	if len(parts) == 0 {
		return v.words.Say("web.searches.everything")
	}
	return strings.Join(parts, " · ")
}

// newSearch is the form that gives a search a name, with what it would bring.
func (v *visit) newSearch() error {
	q := ask(v.r.URL.Query(), v.now).begin()
	p := &savePage{State: q.encode().Encode(), What: q.Text, Chips: v.chips(q), Back: q.address()}
	if err := v.estimate(q, p); err != nil {
		return err
	}
	return v.show("save", v.words.Say("web.save"), p)
}

// estimate counts the last weeks, whatever days the search itself names.
func (v *visit) estimate(q question, p *savePage) error {
	if v.Search == nil {
		p.NoEstimate = true
		return nil
	}
	past := q.counts(v.words.Lang, v.now)
	past.From, past.To, past.Facets = v.now.AddDate(0, 0, -7*estimateWeeks), v.now, nil
	r, err := v.Search(v.ctx, past)
	if err != nil {
		return err
	}
	p.None = r.Total == 0 || r.Relaxed
	p.Publications, p.Originals = weekly(r.Total), weekly(r.Originals)
	p.Busy = p.Originals > busyWeek
	return nil
}

// weekly rounds a count of the weeks up to one week.
func weekly(n int) int { return (n + estimateWeeks - 1) / estimateWeeks }

// saveSearch keeps the search of the form.
func (v *visit) saveSearch() error {
	name, owner := strings.TrimSpace(v.r.PostFormValue("name")), strings.TrimSpace(v.r.PostFormValue("owner"))
	values, err := url.ParseQuery(v.r.PostFormValue("query"))
	if err != nil || name == "" || utf8.RuneCountInString(name) > nameLetters || utf8.RuneCountInString(owner) > nameLetters ||
		ask(values, v.now).empty() || len(v.r.PostFormValue("query")) > stateBytes {
		return v.trouble(http.StatusBadRequest, "unnamed", "")
	}
	s := store.Search{Name: name, Owner: owner, Query: State(values, v.now), Shared: v.r.PostFormValue("shared") != "", Made: v.now}
	err = v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.PutSearch(v.ctx, &s) })
	return v.changed(err)
}

// editPage is where a saved search is changed or removed.
type editPage struct {
	store.Search
	Text  string // its words
	Chips []chip // what stays beside them
}

// editSearch is the form in which its owner changes a saved search.
func (v *visit) editSearch() error {
	s, q, err := v.savedQuestion()
	if err != nil {
		return err
	}
	return v.show("edit", v.words.Say("web.edit"), &editPage{s, q.Text, v.chips(q)})
}

// savedQuestion is the saved search of the address.
func (v *visit) savedQuestion() (store.Search, question, error) {
	s, err := v.Store.Search(v.ctx, v.r.PathValue("id"))
	if err != nil {
		return s, question{}, err
	}
	values, err := url.ParseQuery(s.Query)
	return s, ask(values, v.now), err
}

// changeSearch keeps what the form says; filters, dates and order stay.
func (v *visit) changeSearch() error {
	s, q, err := v.savedQuestion()
	if err != nil {
		return err
	}
	if !v.owns(s) {
		return v.trouble(http.StatusForbidden, "not-yours", "")
	}
	q.Text = strings.TrimSpace(v.r.PostFormValue("q"))
	s.Name, s.Shared, s.Query = strings.TrimSpace(v.r.PostFormValue("name")), v.r.PostFormValue("shared") != "", q.begin().encode().Encode()
	if s.Name == "" || utf8.RuneCountInString(s.Name) > nameLetters || q.empty() || len(s.Query) > stateBytes {
		return v.trouble(http.StatusBadRequest, "unnamed", "")
	}
	return v.changed(v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.ChangeSearch(v.ctx, s) }))
}

// owns reports whether the form was filled in by the owner. Until there are
// people with passwords it can only ask: it keeps colleagues from changing
// each other's searches by mistake, and nobody by intent.
func (v *visit) owns(s store.Search) bool {
	return s.Owner == "" || vi.Fold(strings.TrimSpace(v.r.PostFormValue("who"))) == vi.Fold(s.Owner)
}

// removeSearch forgets a saved search.
func (v *visit) removeSearch() error {
	s, _, err := v.savedQuestion()
	if err != nil {
		return err
	}
	if !v.owns(s) {
		return v.trouble(http.StatusForbidden, "not-yours", "")
	}
	return v.changed(v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.RemoveSearch(v.ctx, s.ID) }))
}

// changed shows the list after a change, or why there was none.
func (v *visit) changed(err error) error {
	switch {
	case errors.Is(err, store.ErrTaken):
		return v.trouble(http.StatusConflict, "taken", "")
	case errors.Is(err, store.ErrReadOnly):
		return v.trouble(http.StatusServiceUnavailable, "read-only", "")
	case err != nil:
		return err
	}
	http.Redirect(v.w, v.r, "/searches", http.StatusSeeOther)
	return nil
}

// openSearch is the lasting address of a saved search: it leads to its answer.
func (v *visit) openSearch() error {
	s, err := v.Store.Search(v.ctx, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/?"+s.Query, http.StatusFound)
	return nil
}

// savedFeed is the feed of a saved search, whatever its query comes to be.
func (v *visit) savedFeed(feed string) error {
	s, err := v.Store.Search(v.ctx, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(s.Query)
	if err != nil {
		return err
	}
	return v.feed(feed, values)
}
