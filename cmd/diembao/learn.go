package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"diembao/internal/eval"
	"diembao/internal/learn"
	"diembao/internal/news"
	"diembao/internal/pipeline"
)

type learnCmd struct {
	By     string `help:"Who has it learn." placeholder:"WHO"`
	WhatIf bool   `help:"Show which of the last 10,000 articles would be read otherwise, and change nothing."`
	Forget bool   `help:"Put the model that ships in force again."`
	From   string `help:"Fit the model that ships anew, from the labelled sets in this directory." placeholder:"DIR" type:"existingdir"`
	Out    string `help:"With --from: write the model there." placeholder:"FILE" type:"path"`
}

func (learnCmd) Help() string {
	return `Example: diembao learn --what-if
         diembao learn --by "Lan"

Teaches the model of topics and tone what people corrected; corrections that were undone leave no trace.
Articles read from now on are read by it; "diembao reread" reads the old ones anew. A correction itself
stands whatever the model says.

diembao learn --from DIR fits the model that ships anew and prints it beside the rules, cross-validated.`
}

// whatIf is how many of the newest articles are read by both models.
const whatIf = 10_000

type learnedRow struct {
	Corrections int             `json:"corrections"`
	Model       string          `json:"model"`
	InForce     bool            `json:"in_force"`
	Read        int             `json:"read"`
	Moves       []pipeline.Move `json:"moves"`
}

// Run teaches the model, or shows what teaching it would move.
func (c learnCmd) Run(ctx context.Context, h *house) error {
	if c.From != "" {
		return c.fit(h)
	}
	if !c.WhatIf && c.By == "" {
		return usage("say who has it learn: diembao learn --by WHO; or look first: diembao learn --what-if")
	}
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	var m learn.Model
	if !c.Forget {
		if m, err = p.Teach(ctx); err != nil {
			return err
		}
	}
	row := learnedRow{Corrections: m.Taught, Model: m.Version(), InForce: !c.WhatIf}
	if row.Moves, row.Read, err = p.WhatIf(ctx, m, whatIf); err != nil {
		return err
	}
	if !c.WhatIf {
		if err := p.Keep(ctx, m, c.By); err != nil {
			return err
		}
	}
	return h.learned(row)
}

func (h *house) learned(row learnedRow) error {
	if row.Moves == nil {
		row.Moves = []pipeline.Move{}
	}
	if h.JSON {
		return h.answer(row)
	}
	var rows [][]string
	for _, m := range row.Moves {
		rows = append(rows, []string{m.ID, m.Axis, m.From, m.To, m.Title})
	}
	if len(rows) > 0 {
		if err := h.table([]string{"id", "axis", "from", "to", "title"}, rows); err != nil {
			return err
		}
	}
	state := "in force"
	if !row.InForce {
		state = "nothing was changed"
	}
	_, err := fmt.Fprintf(h.out, "%d corrections, %d of %d verdicts would move, %s\n", row.Corrections, len(row.Moves), 2*row.Read, state)
	return err
}

// fit fits the model that ships from labelled sets.
func (c learnCmd) fit(h *house) error {
	rules, err := h.rules()
	if err != nil {
		return err
	}
	lessons, err := eval.Lessons(os.DirFS(c.From))
	if err != nil {
		return fmt.Errorf("reading what was labelled in %s: %w", c.From, err)
	}
	t := teacher(rules)
	bar := h.progress(-1, "folds")
	table, err := eval.CrossValidate(lessons, t, func(done, all int) { bar.ChangeMax(all); _ = bar.Set(done) })
	if err := errors.Join(err, bar.Close()); err != nil {
		return err
	}
	m, err := eval.FitModel(lessons, t)
	if err != nil {
		return err
	}
	if c.Out != "" {
		raw, err := m.Bytes()
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Out, append(raw, '\n'), 0o644); err != nil {
			return fmt.Errorf("writing the model to %s: %w", c.Out, err)
		}
	}
	if h.JSON {
		return h.answer(table)
	}
	return h.table([]string{"set", "read by", "items", "topics micro", "macro", "main", "tone accuracy", "macro", "commonest tone"}, tableOf(table))
}

func tableOf(t eval.Learned) [][]string {
	var out [][]string
	n := func(x float64) string { return fmt.Sprintf("%.3f", x) }
	for _, s := range t.Sets {
		for _, by := range []struct {
			name string
			f    eval.ReadFigures
		}{{"rules", s.Rules}, {"model", s.Model}} {
			out = append(out, []string{s.Set, by.name, fmt.Sprint(s.Items), n(by.f.Topics.MicroF1), n(by.f.Topics.MacroF1), n(by.f.Topics.Main), n(by.f.Tone.Accuracy), n(by.f.Tone.MacroF1), n(s.Commonest)})
		}
	}
	return out
}

func teacher(rules *pipeline.Rules) eval.Teacher {
	now := time.Now()
	return eval.Teacher{
		Axes:   rules.Axes(),
		Lesson: func(axis string, a news.Article) learn.Features { return rules.Lesson(axis, a, now) },
		With: func(m learn.Model) (func(news.Article) news.Reading, error) {
			taught, err := rules.Taught(m)
			if err != nil {
				return nil, err
			}
			return func(a news.Article) news.Reading {
				r, _ := pipeline.ReadOne(taught.Placed(a, now), taught, now)
				return r
			}, nil
		},
	}
}
