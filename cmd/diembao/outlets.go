package main

import (
	"context"
	"fmt"
	"time"

	"diembao/config"
	"diembao/internal/store"
)

type outletsCmd struct {
	All bool `help:"Those switched off, too."`
}

func (outletsCmd) Help() string { return "Example: diembao outlets --all --json" }

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
	LastArticle   string      `json:"last_article"`
	Articles      int         `json:"articles_7d"`
	Kept          int         `json:"relevant_7d"`
	Sources       []sourceRow `json:"sources"`
}

type sourceRow struct {
	URL      string `json:"url"`
	State    string `json:"state"`
	Since    string `json:"since"`
	Evidence string `json:"evidence"`
	LastOK   string `json:"last_ok"`
	Next     string `json:"next"`
}

// Run lists the outlets and how each is doing.
func (c outletsCmd) Run(ctx context.Context, h *house) error {
	pack, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	health, err := s.Health(ctx, time.Now().AddDate(0, 0, -7))
	if err != nil {
		return err
	}
	by := map[string]store.Health{}
	for _, x := range health {
		by[x.Outlet] = x
	}
	rows := []outletRow{}
	for _, o := range pack.Outlets {
		if o.On || c.All {
			rows = append(rows, h.outletRow(o, by[o.ID], pack))
		}
	}
	if h.JSON {
		return h.answer(rows)
	}
	var lines [][]string
	for _, r := range rows {
		lines = append(lines, []string{r.ID, r.Name, r.Level, r.Kind, r.Words, fmt.Sprint(r.Articles), fmt.Sprint(r.Kept)})
	}
	return h.table([]string{"ID", "NAME", "LEVEL", "KIND", "STATE", "7 DAYS", "RELEVANT"}, lines)
}

func (h *house) outletRow(o config.Outlet, x store.Health, pack config.Pack) outletRow {
	r := outletRow{
		ID: o.ID, Name: o.Name, GoverningBody: o.GoverningBody, Level: o.Level, LevelVerified: o.LevelVerified,
		Reach: o.Reach, Kind: o.Kind, Province: o.Province, On: o.On, Proven: o.Proven,
		LastArticle: stamp(x.LastArticle), Articles: x.Articles, Kept: x.Kept, Sources: []sourceRow{},
	}
	for _, s := range x.Sources {
		r.Sources = append(r.Sources, sourceRow{s.URL, s.State, stamp(s.Since), s.Evidence, stamp(s.LastOK), stamp(s.Next)})
	}
	state, since := x.State()
	if !o.On {
		state = "off"
	}
	r.State, r.Since, r.Words = state, stamp(since), h.words(pack).Say("source."+state)
	return r
}
