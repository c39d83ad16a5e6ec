package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/eval"
	"diembao/internal/learn"
	"diembao/internal/news"
	"diembao/internal/pipeline"
)

type learnCmd struct {
	By     string `help:"Who has it learn." placeholder:"WHO"`
	WhatIf bool   `help:"Show which of the newest articles would be read otherwise, and change nothing."`
	With   string `help:"With --what-if: by this configuration instead of the one in force." placeholder:"NEW.yaml" type:"existingfile"`
	Since  string `help:"With --what-if: articles since then (a day, an hour, a span such as 720h), 10,000 at most." placeholder:"T"`
	Limit  int    `help:"How many moves are shown; 0: all." default:"40"`
	Forget bool   `help:"Put the model that ships in force again."`
	From   string `help:"Fit the model that ships anew, from the labelled sets in this directory." placeholder:"DIR" type:"existingdir"`
	Out    string `help:"With --from: write the model there." placeholder:"FILE" type:"path"`
}

func (learnCmd) Help() string {
	return `Example: diembao learn --what-if
         diembao learn --what-if --with new.yaml --since 720h
         diembao learn --by "Lan"

Teaches the model of topics, tone and risk what people corrected and labelled. A correction counts twice a label;
verdicts on which two labellers disagree teach nothing; what was undone leaves no trace.
Articles read from now on are read by it; "diembao reread" reads the old ones anew. A correction itself
stands whatever the model says.

--what-if tries it first on the last 10,000 articles, in memory, and tells what would move, from what to
what and because of which words. With --with it tries a configuration in the same way: new phrases, words
of bad news, threats, outlets' levels. NEW.yaml stands in the place of diembao.yaml.

diembao learn --from DIR fits the model that ships anew and prints it beside the rules, cross-validated.`
}

type learnedRow struct {
	pipeline.Lessons
	Model   string `json:"model"`
	With    string `json:"with,omitempty"` // the configuration that was tried
	InForce bool   `json:"in_force"`
	pipeline.Moved
}

// Run teaches the model, or shows what teaching it, or a configuration, would move.
func (c learnCmd) Run(ctx context.Context, h *house) error {
	switch {
	case c.From != "":
		return c.fit(h)
	case !c.WhatIf && (c.With != "" || c.Since != ""):
		return usage("--with and --since go with --what-if: a configuration comes into force in diembao.yaml, and with diembao reread for what is read already")
	case !c.WhatIf && c.By == "":
		return usage("say who has it learn: diembao learn --by WHO; or look first: diembao learn --what-if")
	}
	t := pipeline.Trial{Most: pipeline.LastArticles}
	if c.Since != "" {
		var err error
		if t.Since, err = sinceWhen(c.Since, time.Now()); err != nil {
			return usageError{err}
		}
	}
	if c.With != "" {
		return c.configured(ctx, h, t)
	}
	return c.taught(ctx, h, t)
}

// taught is what people's corrections teach.
func (c learnCmd) taught(ctx context.Context, h *house, t pipeline.Trial) error {
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	var m learn.Model
	var by pipeline.Lessons
	if !c.Forget {
		if m, by, err = p.Teach(ctx); err != nil {
			return err
		}
	}
	other, err := p.Rules().Taught(m)
	if err != nil {
		return err
	}
	row := learnedRow{Lessons: by, Model: m.Version(), InForce: !c.WhatIf}
	if row.Moved, err = h.tried(ctx, p, other, t); err != nil {
		return err
	}
	if !c.WhatIf {
		if err := p.Keep(ctx, m, c.By); err != nil {
			return err
		}
	}
	return h.learned(row, c.Limit)
}

// configured is what another configuration would change.
func (c learnCmd) configured(ctx context.Context, h *house, t pipeline.Trial) error {
	pack, err := config.Load(c.With)
	if err != nil {
		return usageError{err}
	}
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	other, err := p.Changed(pack)
	if err != nil {
		return usageError{err}
	}
	row := learnedRow{With: c.With, Model: p.Rules().Model().Version()}
	if row.Moved, err = h.tried(ctx, p, other, t); err != nil {
		return err
	}
	return h.learned(row, c.Limit)
}

// tried reads the newest articles by other rules, with a bar that tells how far it is.
func (h *house) tried(ctx context.Context, p *pipeline.Pipeline, other *pipeline.Rules, t pipeline.Trial) (pipeline.Moved, error) {
	bar := h.progress(int64(t.Most), "articles")
	t.Told = func(read int) { _ = bar.Set(read) }
	moved, err := p.WhatIf(ctx, other, t)
	return moved, errors.Join(err, bar.Exit())
}

func (h *house) learned(row learnedRow, limit int) error {
	all := len(row.Moves)
	if limit > 0 {
		row.Moves = row.Moves[:min(limit, all)]
	}
	if h.JSON {
		return h.answer(row)
	}
	var rows [][]string
	for _, m := range row.Moves {
		rows = append(rows, []string{m.Published.In(config.VN).Format("02/01/2006"), m.ID, m.Axis, orDash(m.From), orDash(m.To), why(m.Because), m.Title})
	}
	if len(rows) > 0 {
		if err := h.table([]string{"day", "id", "axis", "from", "to", "because of", "title"}, rows); err != nil {
			return err
		}
	}
	if all > len(row.Moves) {
		fmt.Fprintf(h.out, "… and %d more: --limit 0\n", all-len(row.Moves))
	}
	h.totals(row.Moved)
	state := "in force"
	if !row.InForce {
		state = "nothing was changed"
	}
	what := taughtBy(row.Lessons)
	if row.With != "" {
		what = row.With
	}
	_, err := fmt.Fprintf(h.out, "%s: %d verdicts of %d articles would move, of %d read; %s\n", what, all, row.Articles, row.Read, state)
	return err
}

// taughtBy says what taught the model, and who.
func taughtBy(l pipeline.Lessons) string {
	what := fmt.Sprintf("%d corrections, %d labels", l.Corrections, l.Labels)
	var who []string
	for _, name := range slices.Sorted(maps.Keys(l.People)) {
		who = append(who, fmt.Sprintf("%s %d", name, l.People[name]))
	}
	if len(who) > 0 {
		what += " (" + strings.Join(who, ", ") + ")"
	}
	if l.Disputed > 0 {
		what += fmt.Sprintf(", %d disputed and left out", l.Disputed)
	}
	return what
}

// totals tells how many verdicts move on each axis and what topics win and lose.
func (h *house) totals(m pipeline.Moved) {
	for _, axis := range slices.Sorted(maps.Keys(m.Axes)) {
		fmt.Fprintf(h.out, "%-12s %d\n", axis, m.Axes[axis])
	}
	for _, id := range slices.Sorted(maps.Keys(m.Topics)) {
		fmt.Fprintf(h.out, "%-12s %s +%d −%d\n", "topic", id, m.Topics[id].Won, m.Topics[id].Lost)
	}
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// why tells what one side of a move has and the other lacks.
func why(b pipeline.Because) string {
	sign, words := "+ ", b.Phrase
	if b.Gone {
		sign = "− "
	}
	if words == "" {
		words = b.Quote
	}
	if b.Rule == "" {
		return "–"
	}
	if words == "" {
		return sign + b.Rule
	}
	return sign + b.Rule + " “" + words + "”"
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
	m, err := eval.FitModel(lessons, t, table.Trust)
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
	return h.printed(table)
}

func teacher(rules *pipeline.Rules) eval.Teacher {
	now := time.Now()
	return eval.Teacher{
		Axes:    rules.Axes(),
		Classes: rules.Classes,
		Lesson:  func(axis string, a news.Article) learn.Features { return rules.Lesson(axis, a, now) },
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
