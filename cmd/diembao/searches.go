package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/store"
	"diembao/internal/vi"
	"diembao/internal/web"
)

type searchesCmd struct {
	List   searchesListCmd   `cmd:"" default:"withargs" help:"The searches that were saved."`
	Add    searchesAddCmd    `cmd:"" help:"Save a search under a name."`
	Edit   searchesEditCmd   `cmd:"" help:"Give a saved search another name, query or sharing."`
	Remove searchesRemoveCmd `cmd:"" help:"Forget a saved search."`
	Run    searchesRunCmd    `cmd:"" help:"Answer a saved search."`
}

type searchesListCmd struct{}

func (searchesListCmd) Help() string { return "Example: diembao searches --json" }

type savedRow struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Owner  string `json:"owner"`
	Shared bool   `json:"shared"`
	Query  string `json:"query"` // the whole state of the search, as the address of its page has it
	Made   string `json:"made"`
}

// Run lists the saved searches.
func (searchesListCmd) Run(ctx context.Context, h *house) error {
	_, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	return h.saved(ctx, s)
}

func (h *house) saved(ctx context.Context, s *store.Store) error {
	found, err := s.Searches(ctx)
	if err != nil {
		return err
	}
	rows, lines := []savedRow{}, [][]string{}
	for _, x := range found {
		rows = append(rows, savedRow{x.ID, x.Name, x.Owner, x.Shared, x.Query, stamp(x.Made)})
		shared := ""
		if x.Shared {
			shared = "yes"
		}
		lines = append(lines, []string{x.ID, x.Name, x.Owner, shared, readable(x.Query)})
	}
	if h.JSON {
		return h.answer(rows)
	}
	return h.table([]string{"ID", "NAME", "OWNER", "SHARED", "QUERY"}, lines)
}

// readable is the state of a search without the signs of addresses.
func readable(state string) string {
	s, err := url.QueryUnescape(strings.ReplaceAll(state, "&", "  "))
	if err != nil {
		return state
	}
	return s
}

type searchesAddCmd struct {
	Name string `arg:"" help:"What people will call it."`
	searchState
	By      string `help:"Whose it is." placeholder:"WHO"`
	Private bool   `help:"Not for the whole office."`
}

// searchState is what of a search is kept.
type searchState struct {
	Query    []string `arg:"" help:"As in search; or the address of a search page." optional:""`
	From     string   `help:"From this day (or 7d, \"tuần này\")." placeholder:"DAY"`
	To       string   `help:"Up to and with this day." placeholder:"DAY"`
	Level    []string `help:"Official level: central, local."`
	Topic    []string `help:"Topic ids."`
	Province []string `help:"Province ids."`
	Tone     []string `help:"negative, neutral, positive."`
	Outlet   []string `help:"Outlet ids."`
	Sort     string   `help:"relevance, newest or recency." enum:"relevance,newest,recency," default:""`
}

func (searchesAddCmd) Help() string {
	return "Example: diembao searches add 'Nợ BHXH ở địa phương' 'nợ BHXH' --level local --by Lan"
}

// Run saves a search.
func (c searchesAddCmd) Run(ctx context.Context, h *house) error {
	pack, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	values, err := c.searchState.values()
	if err != nil {
		return err
	}
	now := time.Now()
	if _, err := web.Query(values, pack.Site.Language, now); err != nil {
		return usageError{err}
	}
	x := store.Search{Name: strings.TrimSpace(c.Name), Owner: c.By, Query: web.State(values, now), Shared: !c.Private, Made: now}
	if x.Name == "" || x.Query == "" {
		return usage("a saved search needs a name and must ask for something")
	}
	err = s.Do(ctx, func(tx *store.Tx) error { return tx.PutSearch(ctx, &x) })
	if errors.Is(err, store.ErrTaken) {
		return usage("there is a search %q already; choose another name, or change that one: diembao searches edit '%s'", x.Name, x.Name)
	}
	if err != nil {
		return err
	}
	return h.saved(ctx, s)
}

// values are the state of the search; an address of the search page holds it
// whole.
func (c searchState) values() (url.Values, error) {
	text := strings.Join(c.Query, " ")
	if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "/?") {
		u, err := url.Parse(text)
		if err != nil {
			return nil, usage("%q is no address: %w", text, err)
		}
		return u.Query(), nil
	}
	v := searchCmd{Query: c.Query, From: c.From, To: c.To, Level: c.Level, Topic: c.Topic, Province: c.Province, Tone: c.Tone, Outlet: c.Outlet, Sort: c.Sort, Limit: -1}.values()
	v.Del("fold") // folded, as the page shows it
	return v, nil
}

type searchesEditCmd struct {
	Name string `arg:"" help:"Its name or id."`
	searchState
	Rename string `help:"What people will call it from now on." placeholder:"NAME"`
	By     string `help:"Who changes it: its owner." placeholder:"WHO"`
	Share  string `help:"Whether it is for the whole office." enum:"yes,no," default:""`
}

func (searchesEditCmd) Help() string {
	return `Example: diembao searches edit 'Nợ BHXH ở địa phương' 'nợ OR chậm BHXH' --level local --rename 'Nợ, chậm BHXH' --by Lan

A query or filters replace the whole search; without them it stays as it was. Its address and its feed stay the same. There is no sign-in yet: --by keeps people from changing each other's searches by mistake.`
}

// Run changes a saved search.
func (c searchesEditCmd) Run(ctx context.Context, h *house) error {
	pack, s, x, err := h.savedSearch(ctx, c.Name)
	if err != nil {
		return err
	}
	if x.Owner != "" && vi.Fold(c.By) != vi.Fold(x.Owner) {
		return usage("the search %q is %s's; say --by %s if that is you", x.Name, x.Owner, x.Owner)
	}
	values, err := c.searchState.values()
	if err != nil {
		return err
	}
	now := time.Now()
	if _, err := web.Query(values, pack.Site.Language, now); err != nil {
		return usageError{err}
	}
	x.Query = cmp.Or(web.State(values, now), x.Query)
	x.Name = cmp.Or(strings.TrimSpace(c.Rename), x.Name)
	x.Shared = c.Share == "yes" || c.Share == "" && x.Shared
	err = s.Do(ctx, func(tx *store.Tx) error { return tx.ChangeSearch(ctx, x) })
	if errors.Is(err, store.ErrTaken) {
		return usage("%s has a search %q already; choose another name", cmp.Or(x.Owner, "somebody"), x.Name)
	}
	if err != nil {
		return err
	}
	return h.saved(ctx, s)
}

type searchesRemoveCmd struct {
	Name string `arg:"" help:"Its name or id."`
}

func (searchesRemoveCmd) Help() string {
	return "Example: diembao searches remove 'Nợ BHXH ở địa phương'"
}

// Run forgets a saved search.
func (c searchesRemoveCmd) Run(ctx context.Context, h *house) error {
	_, s, x, err := h.savedSearch(ctx, c.Name)
	if err != nil {
		return err
	}
	if err := s.Do(ctx, func(tx *store.Tx) error { return tx.RemoveSearch(ctx, x.ID) }); err != nil {
		return err
	}
	return h.saved(ctx, s)
}

// savedSearch opens the archive and finds the search that a person means.
func (h *house) savedSearch(ctx context.Context, what string) (config.Pack, *store.Store, store.Search, error) {
	pack, s, err := h.archive(ctx)
	if err != nil {
		return pack, s, store.Search{}, err
	}
	x, err := savedSearch(ctx, s, what)
	return pack, s, x, err
}

// savedSearch finds the search that a person means by a name or an id.
func savedSearch(ctx context.Context, s *store.Store, what string) (store.Search, error) {
	all, err := s.Searches(ctx)
	if err != nil {
		return store.Search{}, err
	}
	var found []store.Search
	for _, x := range all {
		if x.ID == what || x.Name == what {
			found = append(found, x)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return store.Search{}, usage("there is no saved search %q; `diembao searches` lists them", what)
	}
	return store.Search{}, usage("%d people have a search %q: name it by its id, which `diembao searches` shows", len(found), what)
}

type searchesRunCmd struct {
	Name   string `arg:"" help:"Its name or id."`
	Limit  int    `help:"At most so many: 20, or in a file all." default:"-1" placeholder:"N"`
	Format string `help:"Write a file: csv, xlsx, docx or jsonl; or a feed: rss, atom." enum:"csv,xlsx,docx,jsonl,rss,atom," default:""`
	Out    string `help:"The file; - is stdout." placeholder:"FILE" default:"-"`
}

func (searchesRunCmd) Help() string {
	return "Example: diembao searches run 'Nợ BHXH ở địa phương' --json"
}

// Run answers a saved search.
func (c searchesRunCmd) Run(ctx context.Context, h *house) error {
	_, _, x, err := h.savedSearch(ctx, c.Name)
	if err != nil {
		return err
	}
	v, err := url.ParseQuery(x.Query)
	if err != nil {
		return fmt.Errorf("the saved search %s cannot be read; remove it and save it again: %w", x.ID, err)
	}
	if !v.Has("fold") {
		v.Set("fold", "yes")
	}
	if c.Limit >= 0 {
		v.Set("limit", fmt.Sprint(c.Limit))
	}
	return h.search(ctx, v, c.Format, c.Out)
}
