package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/alarms"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/when"
)

type silenceCmd struct {
	Add  silenceAddCmd  `cmd:"" help:"Hold back the letters about what is expected, until a day."`
	List silenceListCmd `cmd:"" help:"What is silenced, and what was held back."`
	End  silenceEndCmd  `cmd:"" help:"Let letters come again before the time."`
}

type silenceAddCmd struct {
	Topic    string        `help:"Incidents of this topic." placeholder:"ID"`
	Province string        `help:"Of this province." placeholder:"SLUG"`
	Outlet   string        `help:"That this outlet tells nearly alone." placeholder:"ID"`
	Story    string        `help:"Of this story." placeholder:"ID"`
	Words    string        `help:"Whose titles have this phrase." placeholder:"PHRASE"`
	For      time.Duration `help:"For so long." placeholder:"72h" xor:"end"`
	Until    string        `help:"Or until the end of this day." placeholder:"DAY" xor:"end"`
	By       string        `help:"Who wants it." placeholder:"WHO"`
	Mail     string        `help:"Where to remind them before it ends." placeholder:"ADDRESS"`
	Why      string        `help:"Why." placeholder:"TEXT"`
}

func (silenceAddCmd) Help() string {
	return "Example: diembao silence add --topic pension --province nghe-an --for 72h --by \"Lan\" --mail lan@coquan.example --why \"họp báo đã định\"\n\n" +
		"All that is named must fit half of an incident's articles. Incidents are stored and shown all the same; the highest level and named threats are told all the same (crisis.silences in the configuration)."
}

// Run keeps a new silence.
func (c silenceAddCmd) Run(ctx context.Context, h *house) error {
	pack, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	now := time.Now()
	silence := news.Silence{Topic: c.Topic, Province: c.Province, Outlet: c.Outlet, Story: c.Story, Words: c.Words,
		From: now, Until: now.Add(c.For), Who: c.By, Mail: c.Mail, Why: c.Why, Made: now}
	if c.Until != "" {
		p, err := when.ParsePeriod(c.Until, now)
		if err != nil {
			return usage("--until %q: %w", c.Until, err)
		}
		silence.Until = p.To
	}
	if err := alarms.CheckSilence(silence, pack); err != nil {
		return usage("%w", err)
	}
	if err := s.Do(ctx, func(tx *store.Tx) error { return tx.PutSilence(ctx, &silence) }); err != nil {
		return err
	}
	return h.silences(ctx, s, pack, false)
}

type silenceListCmd struct {
	All bool `help:"Those of the past, too."`
}

func (silenceListCmd) Help() string { return "Example: diembao silence list --all --json" }

// Run lists the silences.
func (c silenceListCmd) Run(ctx context.Context, h *house) error {
	pack, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	return h.silences(ctx, s, pack, c.All)
}

type silenceEndCmd struct {
	ID int64  `arg:"" help:"Its number, as diembao silence list shows it." placeholder:"N"`
	By string `help:"Who says so." placeholder:"WHO" required:""`
}

func (silenceEndCmd) Help() string {
	return "Example: diembao silence end 3 --by \"Lan\"\n\nEverybody gets one letter on what was held back; then letters come as usual."
}

// Run ends a silence.
func (c silenceEndCmd) Run(ctx context.Context, h *house) error {
	pack, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	err = s.Do(ctx, func(tx *store.Tx) error { return tx.EndSilence(ctx, c.ID, store.Word{Who: c.By, At: time.Now()}) })
	if errors.Is(err, store.ErrNotFound) {
		return usage("no silence number %d stands; `diembao silence list` shows them", c.ID)
	}
	if err != nil {
		return err
	}
	return h.silences(ctx, s, pack, false)
}

type silenceRow struct {
	ID       int64     `json:"id"`
	Matter   string    `json:"matter"`
	Topic    string    `json:"topic,omitempty"`
	Province string    `json:"province,omitempty"`
	Outlet   string    `json:"outlet,omitempty"`
	Story    string    `json:"story,omitempty"`
	Words    string    `json:"words,omitempty"`
	From     string    `json:"from"`
	Until    string    `json:"until"`
	By       string    `json:"by"`
	Mail     string    `json:"mail,omitempty"`
	Why      string    `json:"why"`
	EndedBy  string    `json:"ended_by,omitempty"`
	Over     bool      `json:"over"`
	Held     []heldRow `json:"held_back"`
}

type heldRow struct {
	Incident string `json:"incident"`
	At       string `json:"at"`
	Level    int    `json:"level"`
	Title    string `json:"title"`
}

func (h *house) silences(ctx context.Context, s *store.Store, pack config.Pack, all bool) error {
	found, err := s.Silences(ctx, all)
	if err != nil {
		return err
	}
	w, now := h.words(pack), time.Now()
	rows, lines := []silenceRow{}, [][]string{}
	for _, x := range found {
		held, err := s.HeldBack(ctx, x.ID)
		if err != nil {
			return err
		}
		row := silenceRow{x.ID, alarms.Matter(x, pack, w.Lang), x.Topic, x.Province, x.Outlet, x.Story, x.Words, stamp(x.From), stamp(x.Until),
			x.Who, x.Mail, x.Why, x.EndedBy, !now.Before(x.Until), []heldRow{}}
		for _, step := range held {
			row.Held = append(row.Held, heldRow{step.Incident, stamp(step.At), step.Level, step.Title})
		}
		until := w.Moment(x.Until)
		if row.Over {
			until = w.Say("silence.ended")
		}
		rows, lines = append(rows, row), append(lines, []string{fmt.Sprint(x.ID), until, fmt.Sprint(len(held)), x.Who, row.Matter, x.Why})
	}
	if h.JSON {
		return h.answer(rows)
	}
	return h.table(strings.Split(w.Say("silence.head"), "|"), lines)
}
