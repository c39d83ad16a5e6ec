package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diembao/internal/pipeline"
	"diembao/internal/store"
	"diembao/internal/when"
)

type correctCmd struct {
	What []string `arg:"" optional:"" help:"An article's id or address, then AXIS=VALUE (several are separated by commas)." placeholder:"ID AXIS=VALUE"`
	By   string   `help:"Who says so." placeholder:"WHO"`
	Why  string   `help:"Why." placeholder:"TEXT"`
	Undo int64    `help:"Take back the correction of this number." placeholder:"N"`

	UndoAll bool   `help:"Take back all that --by corrected since --since, as one act."`
	Since   string `help:"With --undo-all: a day, an hour, or a span before now such as 2h." placeholder:"T"`
}

func (correctCmd) Help() string {
	return "Example: diembao correct 98d1dcd9b3070000 tone=negative --by \"Lan\" --why \"bài kể người bệnh bị từ chối\"\n\nA correction stands over every later reading until it is undone: diembao correct --undo 12\nAll that one person corrected, as one act: diembao correct --undo-all --by \"Lan\" --since 2h"
}

type correctedRow struct {
	Number  int64  `json:"number"`
	Article string `json:"article,omitempty"`
	Axis    string `json:"axis,omitempty"`
	Value   string `json:"value,omitempty"`
	Undone  bool   `json:"undone"`
}

// Run keeps a person's word on a reading, and reads the article again with it.
func (c correctCmd) Run(ctx context.Context, h *house) error {
	if c.Undo > 0 {
		return c.undo(ctx, h)
	}
	if c.UndoAll {
		return c.undoAll(ctx, h)
	}
	if len(c.What) != 2 || c.By == "" || c.Why == "" {
		return usage("say which article, what is right, who says so and why: diembao correct ID AXIS=VALUE --by WHO --why TEXT")
	}
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	axis, value, err := p.Rules().ReadCorrection(c.What[1])
	if err != nil {
		return usageError{err}
	}
	w := store.Correction{ArticleID: articleID(p, c.What[0]), Axis: axis, Value: value, Who: c.By, Why: c.Why, At: time.Now()}
	if _, err := p.Store.Article(ctx, w.ArticleID); errors.Is(err, store.ErrNotFound) {
		return usage("no article %q is in the archive; `diembao search` shows ids", c.What[0])
	} else if err != nil {
		return err
	}
	var number int64
	number, err = p.Correct(ctx, w)
	if many := (pipeline.TooMany{}); errors.As(err, &many) {
		return usageError{many}
	}
	if err != nil {
		return err
	}
	if _, _, err := follow(ctx, p); err != nil {
		return err
	}
	return h.corrected(correctedRow{Number: number, Article: w.ArticleID, Axis: axis, Value: value})
}

func (c correctCmd) undo(ctx context.Context, h *house) error {
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	err = p.Store.Do(ctx, func(tx *store.Tx) error { return tx.UndoCorrection(ctx, c.Undo, time.Now()) })
	if errors.Is(err, store.ErrNotFound) {
		return usage("no correction %d stands", c.Undo)
	}
	if err != nil {
		return err
	}
	if _, _, err := follow(ctx, p); err != nil {
		return err
	}
	return h.corrected(correctedRow{Number: c.Undo, Undone: true})
}

// undoAll takes back a storm of corrections.
func (c correctCmd) undoAll(ctx context.Context, h *house) error {
	now := time.Now()
	since, err := sinceWhen(c.Since, now)
	if err != nil || c.By == "" {
		return errors.Join(usage("say whose corrections, and since when: diembao correct --undo-all --by WHO --since 2h"), err)
	}
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	undone := 0
	err = p.Store.Do(ctx, func(tx *store.Tx) (err error) {
		undone, err = tx.UndoCorrections(ctx, c.By, since, now)
		return err
	})
	if err != nil {
		return err
	}
	if _, _, err := follow(ctx, p); err != nil {
		return err
	}
	if h.JSON {
		return h.answer(map[string]any{"undone": undone, "by": c.By, "since": stamp(since)})
	}
	_, err = fmt.Fprintf(h.out, "%d corrections of %s since %s are undone; what others had said before stands again\n", undone, c.By, stamp(since))
	return err
}

// sinceWhen reads a span before now ("2h", "30m") or a time.
func sinceWhen(s string, now time.Time) (time.Time, error) {
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return now.Add(-d), nil
	}
	t, err := when.Parse(s, now)
	if err != nil {
		return t, fmt.Errorf("--since %q: write a span such as 2h, or a day such as 12/07/2026: %w", s, err)
	}
	return t, nil
}

func (h *house) corrected(r correctedRow) error {
	if h.JSON {
		return h.answer(r)
	}
	if r.Undone {
		_, err := fmt.Fprintf(h.out, "correction %d is undone\n", r.Number)
		return err
	}
	_, err := fmt.Fprintf(h.out, "correction %d: %s of %s is %s; undo it with: diembao correct --undo %d\n", r.Number, r.Axis, r.Article, r.Value, r.Number)
	return err
}
