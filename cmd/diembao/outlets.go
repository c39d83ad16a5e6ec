package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"diembao/config"
	"diembao/internal/pulse"
	"diembao/internal/store"
)

type outletsCmd struct {
	List outletsListCmd `cmd:"" default:"withargs" help:"Outlets and their health; what was missed."`
	Add  outletsAddCmd  `cmd:"" help:"Propose how a site could be read."`
}

type outletsListCmd struct {
	All   bool   `help:"Those switched off, too; in JSON they always stand."`
	State string `help:"Only outlets in this state: ok, quiet, unchanged, empty, blocked, moved, layout-changed, slow, dead, never, off." placeholder:"STATE"`
	Gaps  bool   `help:"What was missed: times in which nobody can vouch for an outlet."`
	Days  int    `help:"With --gaps: of so many days until now." default:"7"`
}

func (outletsListCmd) Help() string {
	return "Example: diembao outlets --all --json\n         diembao outlets --gaps --days 28"
}

type outletRow struct {
	ID            string      `json:"id"`
	Name          string      `json:"name"`
	GoverningBody string      `json:"governing_body"`
	Level         string      `json:"level"`
	LevelVerified bool        `json:"level_verified"`
	Reach         string      `json:"reach"`
	Kind          string      `json:"kind"`
	Province      string      `json:"province"`
	On            bool        `json:"on"`
	Proven        bool        `json:"proven"`
	State         string      `json:"state"`
	Words         string      `json:"state_in_words"`
	Since         string      `json:"since"`
	Evidence      string      `json:"evidence"`
	Mend          string      `json:"what_to_do"`
	Odds          float64     `json:"silence_odds,omitempty"` // of a quiet outlet: how likely such a silence is
	Next          string      `json:"next"`
	LastArticle   string      `json:"last_article"`
	Articles      int         `json:"articles_7d"`
	Kept          int         `json:"relevant_7d"`
	Removed       int         `json:"removed_7d"` // pages found gone and not there again
	Sources       []sourceRow `json:"sources"`
}

type sourceRow struct {
	URL      string `json:"url"`
	State    string `json:"state"`
	Code     string `json:"code"`
	Since    string `json:"since"`
	Evidence string `json:"evidence"`
	LastOK   string `json:"last_ok"`
	Next     string `json:"next"`
	Interval string `json:"interval"`
}

// Run lists the outlets and how each is doing, or what was missed.
func (c outletsListCmd) Run(ctx context.Context, h *house) error {
	if c.Gaps {
		return c.gaps(ctx, h)
	}
	pack, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	health, err := s.Health(ctx, time.Now().AddDate(0, 0, -7))
	if err != nil {
		return err
	}
	removed, err := s.RemovedSince(ctx, time.Now().AddDate(0, 0, -7))
	if err != nil {
		return err
	}
	by := map[string]store.Health{}
	for _, x := range health {
		by[x.Outlet] = x
	}
	rows := []outletRow{}
	for _, o := range pack.Outlets {
		if !o.On && !c.All && !h.JSON && c.State != pulse.Off {
			continue
		}
		r := h.outletRow(o, by[o.ID], pack)
		r.Removed = removed[o.ID]
		if c.State == "" || c.State == r.State {
			rows = append(rows, r)
		}
	}
	if h.JSON {
		return h.answer(rows)
	}
	var lines [][]string
	for _, r := range rows {
		lines = append(lines, []string{r.ID, r.Name, r.Level, r.Kind, r.Words, clock(r.Since), fmt.Sprint(r.Articles), fmt.Sprint(r.Kept), fmt.Sprint(r.Removed)})
	}
	if err := h.table([]string{"ID", "NAME", "LEVEL", "KIND", "STATE", "SINCE", "7 DAYS", "RELEVANT", "REMOVED"}, lines); err != nil {
		return err
	}
	return h.ills(rows)
}

// ills tells under the table what is wrong with whom, and what to do.
func (h *house) ills(rows []outletRow) error {
	for _, r := range rows {
		switch r.State {
		case pulse.OK, pulse.Unchanged, pulse.Never, pulse.Off:
			continue
		}
		if _, err := fmt.Fprintf(h.out, "\n%s: %s\n  %s\n  → %s\n", r.Name, r.Words, r.Evidence, r.Mend); err != nil {
			return fmt.Errorf("writing what is wrong: %w", err)
		}
	}
	return nil
}

func (h *house) outletRow(o config.Outlet, x store.Health, pack config.Pack) outletRow {
	r := outletRow{
		ID: o.ID, Name: o.Name, GoverningBody: o.GoverningBody, Level: o.Level, LevelVerified: o.LevelVerified,
		Reach: o.Reach, Kind: o.Kind, Province: o.Province, On: o.On, Proven: o.Proven,
		Evidence: h.words(pack).Tell(x.Evidence()), Odds: x.As.Odds, Next: stamp(x.As.Next),
		LastArticle: stamp(x.LastArticle), Articles: x.Articles, Kept: x.Kept, Sources: []sourceRow{},
	}
	for _, s := range x.Sources {
		r.Sources = append(r.Sources, sourceRow{s.URL, s.State, s.Code, stamp(s.Since), h.words(pack).Tell(s.Evidence), stamp(s.LastOK), stamp(s.Next), s.Pause.Round(time.Second).String()})
	}
	state, since := x.State()
	if !o.On {
		state = pulse.Off
	}
	words := h.words(pack)
	r.State, r.Since, r.Words, r.Mend = state, stamp(since), words.Say("source."+state), words.Say("source."+state+".mend")
	return r
}

// clock is a stamp as a table has it.
func clock(stamp string) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return ""
	}
	return t.Format("02/01 15:04")
}

type gapRow struct {
	Outlet   string  `json:"outlet"`
	Name     string  `json:"name"`
	From     string  `json:"from"`
	To       string  `json:"to"` // empty while it lasts
	State    string  `json:"state"`
	Words    string  `json:"state_in_words"`
	Evidence string  `json:"evidence"`
	Mend     string  `json:"what_to_do"`
	Hours    float64 `json:"hours"`
	Expected float64 `json:"expected"`
	Seen     int     `json:"seen"`
}

// gaps lists what was missed in the last days.
func (c outletsListCmd) gaps(ctx context.Context, h *house) error {
	if c.Days < 1 {
		return usage("--days %d: write 1 or more", c.Days)
	}
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	now := p.Now()
	found, err := p.Gaps(ctx, "", now.AddDate(0, 0, -c.Days), now)
	if err != nil {
		return err
	}
	words := sayIn(p)
	rows := []gapRow{}
	for _, g := range found {
		rows = append(rows, gapRow{g.Outlet, p.Rules().Outlet(g.Outlet).Name, stamp(g.From), stamp(g.To), g.State, words.Say("source." + g.State),
			words.Tell(g.Evidence), words.Say("source." + g.State + ".mend"), tenth(g.Hours), tenth(g.Expected), g.Seen})
	}
	if h.JSON {
		return h.answer(rows)
	}
	var lines [][]string
	for _, r := range rows {
		lines = append(lines, []string{r.Outlet, clock(r.From), clock(r.To), fmt.Sprintf("%.1f", r.Hours), fmt.Sprintf("%.0f", r.Expected), fmt.Sprint(r.Seen), r.Words, r.Evidence})
	}
	return h.table([]string{"OUTLET", "FROM", "TO", "HOURS", "EXPECTED", "SEEN", "STATE", "EVIDENCE"}, lines)
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }
