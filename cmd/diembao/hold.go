package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diembao/internal/store"
)

type holdCmd struct {
	Incident string `arg:"" optional:"" help:"An incident's id; without one the holds are listed." placeholder:"INCIDENT"`
	By       string `help:"Who says so." placeholder:"WHO"`
	Why      string `help:"Why." placeholder:"TEXT"`
	Lift     bool   `help:"End the hold."`
}

func (holdCmd) Help() string {
	return "Example: diembao hold 98d1dcd9b3070000 --by \"Lan\" --why \"công văn 12/TTr\"\n\nNothing of a held incident is deleted, whatever its age: its articles with their texts, evidence and clips, its letters, and the reports since it began."
}

type holdRow struct {
	Incident string `json:"incident"`
	Title    string `json:"title"`
	Articles int    `json:"articles"`
	By       string `json:"by"`
	Why      string `json:"why"`
	At       string `json:"at"`
}

// Run holds an incident, lifts its hold, or lists the holds.
func (c holdCmd) Run(ctx context.Context, h *house) error {
	_, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	if c.Incident == "" {
		return h.holds(ctx, s)
	}
	if c.By == "" || c.Why == "" {
		return usage("say who wants it and why: diembao hold %s --by WHO --why TEXT", c.Incident)
	}
	word := store.Word{Who: c.By, Why: c.Why, At: time.Now()}
	err = s.Do(ctx, func(tx *store.Tx) error {
		if c.Lift {
			return tx.LiftHold(ctx, c.Incident, word)
		}
		return tx.PutHold(ctx, c.Incident, word)
	})
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrTaken) {
		return usage("%w; `diembao incidents` lists the incidents, `diembao hold` the holds", err)
	}
	if err != nil {
		return err
	}
	return h.holds(ctx, s)
}

func (h *house) holds(ctx context.Context, s *store.Store) error {
	found, err := s.Holds(ctx)
	if err != nil {
		return err
	}
	rows, lines := []holdRow{}, [][]string{}
	for _, x := range found {
		rows = append(rows, holdRow{x.Incident, x.Title, x.Articles, x.By, x.Why, stamp(x.At)})
		lines = append(lines, []string{x.Incident, stamp(x.At), fmt.Sprint(x.Articles), x.By, x.Why, x.Title})
	}
	if h.JSON {
		return h.answer(rows)
	}
	return h.table([]string{"INCIDENT", "SINCE", "ARTICLES", "BY", "WHY", "TITLE"}, lines)
}
