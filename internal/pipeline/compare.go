package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"diembao/internal/lists"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/vi"
	"diembao/internal/when"
)

// CompareOptions say what of the archive a list is held against.
type CompareOptions struct {
	From, To    time.Time // [From, To); zero: from the list's first day to its last
	SameOutlets bool      // only the outlets that the list has
	Crawled     bool      // only what this system gathered itself, not what was imported
}

// Compared is a person's list against the archive. The archive's side is its
// relevant and uncertain articles of the period.
type Compared struct {
	From        time.Time
	To          time.Time
	List        int // different articles on the list
	Repeats     int // further rows of the same articles
	Outside     int // rows dated outside the period, left out
	Machine     int // articles of the archive
	Imported    int // of these, not gathered but imported or entered by hand
	Both        int
	MachineOnly int
	ListOnly    int
	NotOurs     int // of ListOnly: in the archive, read as irrelevant
	Estimate    Estimate
	Outlets     []ComparedOutlet
	Missing     []Missing
	Extra       []store.Entry // machine only, the newest first
}

// ComparedOutlet is the same for one outlet.
type ComparedOutlet struct {
	Outlet              string // id, or as the list names it
	List, Machine, Both int
	Estimate            Estimate
}

// Missing is an article of the list that the archive does not count, and why.
type Missing struct {
	lists.Item
	OutletID string
	ID       string // of the archive's article, where it is there but read as irrelevant
	Why      string // not-ours, unknown-outlet, outlet-off, not-announced, no-title, or "link-" and the link's verdict
	Detail   string
}

// Compare holds a list of addresses or titles against the archive.
func (p *Pipeline) Compare(ctx context.Context, l lists.List, o CompareOptions) (Compared, error) {
	c := comparison{p: p, rules: p.Rules(), o: o, found: map[string]bool{}, rows: map[string]*ComparedOutlet{}, unseen: map[string]bool{}}
	if err := c.run(ctx, l.Items); err != nil {
		return c.out, fmt.Errorf("comparing the list with the archive: %w", err)
	}
	return c.out, nil
}

type comparison struct {
	p       *Pipeline
	rules   *Rules
	o       CompareOptions
	out     Compared
	machine map[string]store.Entry // the archive's side
	titles  map[string][]store.Entry
	found   map[string]bool // articles that the list has
	unseen  map[string]bool // rows that the archive lacks, to tell repeats
	rows    map[string]*ComparedOutlet
}

func (c *comparison) run(ctx context.Context, items []lists.Item) error {
	items = c.dated(items)
	if err := c.archive(ctx); err != nil {
		return err
	}
	for _, item := range items {
		if err := c.place(ctx, item); err != nil {
			return err
		}
	}
	c.extra()
	c.estimate()
	return nil
}

// dated settles the period and leaves out what lies outside it.
func (c *comparison) dated(items []lists.Item) []lists.Item {
	from, to := c.o.From, c.o.To
	var kept []lists.Item
	for _, item := range items {
		t, err := when.Parse(item.Published, c.p.Now())
		if err != nil { // a row without a readable date counts: its article tells
			kept = append(kept, item)
			continue
		}
		switch {
		case !c.o.From.IsZero() && t.Before(c.o.From), !c.o.To.IsZero() && !t.Before(c.o.To):
			c.out.Outside++
			continue
		case c.o.From.IsZero() && (from.IsZero() || t.Before(from)):
			from = when.StartOfDay(t)
		}
		if end := when.StartOfDay(t).AddDate(0, 0, 1); c.o.To.IsZero() && end.After(to) {
			to = end
		}
		kept = append(kept, item)
	}
	c.out.From, c.out.To = from, to
	return kept
}

// archive reads the archive's side, and all titles of the time around it.
func (c *comparison) archive(ctx context.Context) error {
	c.machine, c.titles = map[string]store.Entry{}, map[string][]store.Entry{}
	f := store.Filter{All: true}
	if !c.out.From.IsZero() {
		f.From = c.out.From.AddDate(0, 0, -3) // a list's day may be that of reading
	}
	if !c.out.To.IsZero() {
		f.To = c.out.To.AddDate(0, 0, 3)
	}
	for cursor := ""; ; {
		page, next, err := c.p.Store.Newest(ctx, f, 2000, cursor)
		if err != nil {
			return err
		}
		for _, e := range page {
			key := vi.Key(e.Title)
			c.titles[key] = append(c.titles[key], e)
			if c.counts(e) {
				c.machine[e.ID] = e
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

// counts reports whether an article is of the archive's side.
func (c *comparison) counts(e store.Entry) bool {
	at := store.When(e.Article)
	return (e.Reading.Relevant || e.Reading.Uncertain) && (!c.o.Crawled || e.Via == news.Crawl) &&
		!at.Before(c.out.From) && (c.out.To.IsZero() || at.Before(c.out.To))
}

// place finds a row's article.
func (c *comparison) place(ctx context.Context, item lists.Item) error {
	e, ok, err := c.find(ctx, item)
	if err != nil {
		return err
	}
	if !ok {
		return c.missing(ctx, item)
	}
	if c.found[e.ID] {
		c.out.Repeats++
		return nil
	}
	c.found[e.ID] = true
	row := c.row(e.Outlet)
	row.List++
	c.out.List++
	ours := e.Reading.Relevant || e.Reading.Uncertain
	if !ours || c.o.Crawled && e.Via != news.Crawl {
		why := "not-ours"
		if ours {
			why = "imported"
		} else {
			c.out.NotOurs++
		}
		c.out.ListOnly++
		c.out.Missing = append(c.out.Missing, Missing{Item: item, OutletID: e.Outlet, ID: e.ID, Why: why, Detail: e.Title})
		return nil
	}
	c.machine[e.ID] = e // the list's date may differ by a day from the article's
	row.Both++
	c.out.Both++
	return nil
}

// find looks a row up by its address, then by its title.
func (c *comparison) find(ctx context.Context, item lists.Item) (store.Entry, bool, error) {
	if url := webAddress(item.URL); url != "" {
		a, err := c.p.Store.ArticleByURL(ctx, news.Canonical(url, c.rules.Keys))
		if err == nil {
			return c.entry(ctx, a)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return store.Entry{}, false, err
		}
	}
	same := c.titles[vi.Key(plain(item.Title))]
	if len(same) == 0 || item.Title == "" {
		return store.Entry{}, false, nil
	}
	outlet := c.outlet(item)
	for _, e := range same {
		if e.Outlet == outlet {
			return e, true, nil
		}
	}
	return same[0], outlet == "", nil
}

// entry is an article found by its address, with what it was read as.
func (c *comparison) entry(ctx context.Context, a news.Article) (store.Entry, bool, error) {
	if e, ok := c.machine[a.ID]; ok {
		return e, true, nil
	}
	r, err := c.p.Store.Reading(ctx, a.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.Entry{}, false, err
	}
	return store.Entry{Article: a, Reading: r}, true, nil
}

// outlet is the id of the outlet that a row names, or what it calls it; empty
// where it names none.
func (c *comparison) outlet(item lists.Item) string {
	id, err := c.rules.outletNamed(item.Outlet, webAddress(item.URL))
	if err != nil && webAddress(item.URL) != "" {
		id, err = c.rules.outletNamed("", webAddress(item.URL))
	}
	if err != nil {
		return cmp.Or(item.Outlet, news.Host(webAddress(item.URL)))
	}
	return id
}

// missing files a row that is not in the archive, with what is known of why.
func (c *comparison) missing(ctx context.Context, item lists.Item) error {
	url := webAddress(item.URL)
	key := vi.Key(plain(item.Title)) + " " + c.outlet(item)
	if url != "" {
		key = news.Canonical(url, c.rules.Keys)
	}
	if c.unseen[key] {
		c.out.Repeats++
		return nil
	}
	c.unseen[key] = true
	m := Missing{Item: item, OutletID: c.outlet(item), Why: "no-title"}
	o, known := c.rules.Pack.OutletByID(m.OutletID)
	switch {
	case m.OutletID != "" && !known:
		m.Why, m.Detail = "unknown-outlet", m.OutletID
	case known && !o.On:
		m.Why, m.Detail = "outlet-off", o.Name
	case known:
		m.Why, m.Detail = "not-announced", o.Name
	}
	if url != "" {
		l, err := c.p.Store.Link(ctx, key)
		if err == nil {
			m.Why, m.Detail = "link-"+cmp.Or(l.Verdict, "waiting"), l.Why
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	c.row(cmp.Or(m.OutletID, "?")).List++
	c.out.List++
	c.out.ListOnly++
	c.out.Missing = append(c.out.Missing, m)
	return nil
}

func (c *comparison) row(outlet string) *ComparedOutlet {
	if c.rows[outlet] == nil {
		c.rows[outlet] = &ComparedOutlet{Outlet: outlet}
	}
	return c.rows[outlet]
}

// extra collects what only the archive has.
func (c *comparison) extra() {
	for id, e := range c.machine {
		if c.o.SameOutlets && c.rows[e.Outlet] == nil {
			continue
		}
		c.out.Machine++
		c.row(e.Outlet).Machine++
		if e.Via != news.Crawl {
			c.out.Imported++
		}
		if !c.found[id] {
			c.out.MachineOnly++
			c.out.Extra = append(c.out.Extra, e)
		}
	}
	slices.SortFunc(c.out.Extra, func(a, b store.Entry) int {
		return cmp.Or(store.When(b.Article).Compare(store.When(a.Article)), cmp.Compare(a.ID, b.ID))
	})
}

func (c *comparison) estimate() {
	c.out.Estimate = Recapture(c.out.Machine, c.out.List, c.out.Both)
	for _, r := range c.rows {
		r.Estimate = Recapture(r.Machine, r.List, r.Both)
		c.out.Outlets = append(c.out.Outlets, *r)
	}
	slices.SortFunc(c.out.Outlets, func(a, b ComparedOutlet) int {
		return cmp.Or(cmp.Compare(b.List-b.Both, a.List-a.Both), cmp.Compare(b.List+b.Machine, a.List+a.Machine), cmp.Compare(a.Outlet, b.Outlet))
	})
}
