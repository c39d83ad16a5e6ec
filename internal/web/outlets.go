package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/store"
)

// outletsPage tells how every outlet is doing.
type outletsPage struct {
	States, Levels, Kinds []choice
	Rows                  []outletRow
	On, Well, Dark        int
	Days                  int
}

// outletRow is one outlet.
type outletRow struct {
	O           config.Outlet
	Class       string // well, dark, never, off
	Odd         bool   // well, and yet not as it should be
	State       string // in words
	Since       time.Time
	Evidence    string // what was seen, where it is not simply well
	Mend        string // what to do about it
	LastArticle time.Time
	LastOK      time.Time
	Next        time.Time
	Articles    int
	Kept        int
	Level, Kind string
	Place       string
	URL         string // of its page
	Articled    string // of its articles
	Sources     []sourceRow
}

// sourceRow is a feed, sitemap or listing of an outlet.
type sourceRow struct {
	URL, State, Evidence string
	Since, LastOK, Next  time.Time
	Well                 bool
}

// healthDays is how far back articles are counted.
const healthDays = 7

func (v *visit) outlets() error {
	health, err := v.Store.Health(v.ctx, v.now.AddDate(0, 0, -healthDays))
	if err != nil {
		return err
	}
	byID := map[string]store.Health{}
	for _, h := range health {
		byID[h.Outlet] = h
	}
	p := &outletsPage{Days: healthDays}
	var rows []outletRow
	for _, o := range v.pack.Outlets {
		r := v.outletRow(o, byID[o.ID])
		delete(byID, o.ID)
		p.count(r)
		rows = append(rows, r)
	}
	for id, h := range byID { // known to the archive, not to the configuration
		rows = append(rows, v.outletRow(config.Outlet{ID: id, Name: id}, h))
	}
	v.choose(p, rows)
	return v.show("outlets", v.words.Say("web.outlets"), p)
}

func (p *outletsPage) count(r outletRow) {
	switch r.Class {
	case "well":
		p.Well++
	case "dark":
		p.Dark++
	}
	if r.O.On {
		p.On++
	}
}

func (v *visit) outletRow(o config.Outlet, h store.Health) outletRow {
	state, since := h.State()
	r := outletRow{O: o, Class: "dark", Since: since, LastArticle: h.LastArticle, LastOK: h.LastOK, Next: h.As.Next, Articles: h.Articles, Kept: h.Kept,
		URL: "/outlet/" + url.PathEscape(o.ID), Articled: question{}.with("outlet", o.ID).address()}
	switch {
	case !o.On:
		r.Class, state, r.Since = "off", "off", time.Time{}
	case state == "never":
		r.Class = "never"
	case h.Well():
		r.Class = "well"
	}
	r.State = v.label.of("source", state)
	if o.Level != "" {
		r.Level = v.label.of("level", o.Level)
	}
	if o.Kind != "" {
		r.Kind = v.label.of("kind", o.Kind)
	}
	if o.Province != "" {
		r.Place = v.label.of("province", o.Province)
	}
	for _, s := range h.Sources {
		r.Sources = append(r.Sources, sourceRow{s.URL, v.label.of("source", cmp.Or(s.State, "never")), v.words.Tell(s.Evidence), s.Since, s.LastOK, s.Next, s.Failures == 0 && s.State != ""})
		if h.As.Next.IsZero() && !s.Next.IsZero() && (r.Next.IsZero() || s.Next.Before(r.Next)) {
			r.Next = s.Next
		}
	}
	if !o.On {
		r.Next = time.Time{}
	} else if r.Odd = r.Class == "well" && odd[state]; r.Odd || r.Class == "dark" {
		r.Evidence, r.Mend = v.words.Tell(h.Evidence()), v.label.message("source."+state+".mend", "")
	}
	return r
}

// odd are the states in which an outlet can be read and is still to be looked at.
var odd = map[string]bool{"quiet": true, "slow": true, "empty": true, "moved": true}

// classes are the states an outlet can be filtered by, the gravest first.
var classes = []string{"dark", "well", "never", "off"}

// sieve is which outlets are asked for, by name of the choice; empty is any.
type sieve map[string]string

// asked reads the choices of an address: outlets watched where nothing is said.
func asked(q url.Values) sieve {
	return sieve{"state": cmp.Or(q.Get("state"), "on"), "level": q.Get("level"), "kind": q.Get("kind")}
}

// with is the sieve with one other choice.
func (s sieve) with(name, value string) sieve {
	out := maps.Clone(s)
	out[name] = value
	return out
}

func (s sieve) keeps(r outletRow) bool {
	state := s["state"] == "all" || s["state"] == "on" && r.O.On || s["state"] == r.Class
	return state && (s["level"] == "" || s["level"] == r.O.Level) && (s["kind"] == "" || s["kind"] == r.O.Kind)
}

func (s sieve) address() string {
	q := url.Values{}
	for name, value := range s {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/outlets?" + q.Encode()
}

// choice is a link to another sieve, with what it would keep.
func (s sieve) choice(rows []outletRow, name, value, label string) choice {
	next := s.with(name, value)
	c := choice{Label: label, URL: next.address(), On: s[name] == value}
	for _, r := range rows {
		if next.keeps(r) {
			c.Count++
		}
	}
	return c
}

// choose keeps the rows asked for, those that need attention first, and tells
// what the other choices would show.
func (v *visit) choose(p *outletsPage, rows []outletRow) {
	want := asked(v.r.URL.Query())
	for _, c := range slices.Concat([]string{"on"}, classes, []string{"all"}) {
		p.States = append(p.States, want.choice(rows, "state", c, v.words.Say("web.state."+c)))
	}
	p.Levels = append(p.Levels, want.choice(rows, "level", "", v.words.Say("web.all")))
	for _, l := range []string{"central", "local"} {
		p.Levels = append(p.Levels, want.choice(rows, "level", l, v.label.of("level", l)))
	}
	p.Kinds = append(p.Kinds, want.choice(rows, "kind", "", v.words.Say("web.all")))
	for _, k := range kinds(rows) {
		if c := want.choice(rows, "kind", k, v.label.of("kind", k)); c.Count > 0 || c.On {
			p.Kinds = append(p.Kinds, c)
		}
	}
	for _, r := range rows {
		if want.keeps(r) {
			p.Rows = append(p.Rows, r)
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b outletRow) int {
		return cmp.Or(cmp.Compare(slices.Index(classes, a.Class), slices.Index(classes, b.Class)), last(a.Odd, b.Odd), b.Articles-a.Articles, strings.Compare(a.O.Name, b.O.Name), strings.Compare(a.O.ID, b.O.ID))
	})
}

// last puts what is not odd behind what is.
func last(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func kinds(rows []outletRow) []string {
	var out []string
	for _, r := range rows {
		if r.O.Kind != "" && !slices.Contains(out, r.O.Kind) {
			out = append(out, r.O.Kind)
		}
	}
	slices.Sort(out)
	return out
}
