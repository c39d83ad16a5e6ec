package web

import (
	"cmp"
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
	State       string // in words
	Since       time.Time
	LastArticle time.Time
	LastOK      time.Time
	Next        time.Time
	Articles    int
	Kept        int
	Level, Kind string
	Place       string
	URL         string
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
	r := outletRow{O: o, Class: "dark", Since: since, LastArticle: h.LastArticle, LastOK: h.LastOK, Articles: h.Articles, Kept: h.Kept,
		URL: question{}.with("outlet", o.ID).address()}
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
		r.Sources = append(r.Sources, sourceRow{s.URL, v.label.of("source", cmp.Or(s.State, "never")), s.Evidence, s.Since, s.LastOK, s.Next, s.Failures == 0 && s.State != ""})
		if !s.Next.IsZero() && o.On && (r.Next.IsZero() || s.Next.Before(r.Next)) {
			r.Next = s.Next
		}
	}
	return r
}

// classes are the states an outlet can be filtered by, the gravest first.
var classes = []string{"dark", "well", "never", "off"}

// choose keeps the rows asked for, those that need attention first, and counts
// what the other choices would show.
func (v *visit) choose(p *outletsPage, rows []outletRow) {
	q := v.r.URL.Query()
	want := map[string]string{"state": q.Get("state"), "level": q.Get("level"), "kind": q.Get("kind")}
	of := map[string]func(outletRow) string{
		"state": func(r outletRow) string { return r.Class },
		"level": func(r outletRow) string { return r.O.Level },
		"kind":  func(r outletRow) string { return r.O.Kind },
	}
	if want["state"] == "" {
		want["state"] = "on"
	}
	meets := func(r outletRow, name, value string) bool {
		switch {
		case value == "" || value == "all":
			return true
		case name == "state" && value == "on":
			return r.O.On
		}
		return of[name](r) == value
	}
	count := func(changed, value string) (n int) {
		for _, r := range rows {
			ok := meets(r, changed, value)
			for name := range of {
				ok = ok && (name == changed || meets(r, name, want[name]))
			}
			if ok {
				n++
			}
		}
		return n
	}
	link := func(name, value, label string) choice {
		next := url.Values{}
		for k, x := range want {
			if k == name {
				x = value
			}
			if x != "" {
				next.Set(k, x)
			}
		}
		return choice{label, "/outlets?" + next.Encode(), want[name] == value, count(name, value)}
	}
	p.States = []choice{link("state", "on", v.words.Say("web.state.on"))}
	for _, c := range classes {
		p.States = append(p.States, link("state", c, v.words.Say("web.state."+c)))
	}
	p.States = append(p.States, link("state", "all", v.words.Say("web.all")))
	p.Levels = []choice{link("level", "", v.words.Say("web.all"))}
	for _, l := range []string{"central", "local"} {
		p.Levels = append(p.Levels, link("level", l, v.label.of("level", l)))
	}
	p.Kinds = []choice{link("kind", "", v.words.Say("web.all"))}
	for _, k := range kinds(rows) {
		if c := link("kind", k, v.label.of("kind", k)); c.Count > 0 || c.On {
			p.Kinds = append(p.Kinds, c)
		}
	}
	for _, r := range rows {
		if meets(r, "state", want["state"]) && meets(r, "level", want["level"]) && meets(r, "kind", want["kind"]) {
			p.Rows = append(p.Rows, r)
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b outletRow) int {
		return cmp.Or(cmp.Compare(slices.Index(classes, a.Class), slices.Index(classes, b.Class)), b.Articles-a.Articles, strings.Compare(a.O.Name, b.O.Name))
	})
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
