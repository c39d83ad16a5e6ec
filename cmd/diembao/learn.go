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
	From string `help:"Fit the model that ships anew, from the labelled sets in this directory." placeholder:"DIR" type:"existingdir"`
	Out  string `help:"Where the model goes, with --from." placeholder:"FILE" type:"path"`
}

func (learnCmd) Help() string {
	return "Example: diembao learn --from ../shared/data --out internal/classify/model.json"
}

// Run fits the model from labelled sets.
func (c learnCmd) Run(ctx context.Context, h *house) error {
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
	m, err := eval.FitModel(lessons, t, nil)
	if err != nil {
		return err
	}
	raw, err := m.Bytes()
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := os.WriteFile(c.Out, append(raw, '\n'), 0o644); err != nil {
			return err
		}
	}
	return h.answer(table)
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
