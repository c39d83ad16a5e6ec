package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"diembao/internal/eval"
	"diembao/internal/news"
	"diembao/internal/pipeline"
)

type evalCmd struct {
	Extract evalExtractCmd `cmd:"" help:"Text, lead, byline and date of saved pages."`
	Read    evalReadCmd    `cmd:"" help:"Readings against labels."`
	Search  evalSearchCmd  `cmd:"" help:"Ranking on a set in BEIR layout."`
	Stories evalStoriesCmd `cmd:"" help:"Stories against human clusters."`
	Bursts  evalBurstsCmd  `cmd:"" help:"Bursts in counts, on a set in NAB layout."`
	Crisis  evalCrisisCmd  `cmd:"" help:"Crises planted in a real stream: how many are heard of, how soon, and how many false alarms."`
}

// rules compiles the configuration: what is measured is what ships.
func (h *house) rules() (*pipeline.Rules, error) {
	pack, err := h.pack()
	if err != nil {
		return nil, err
	}
	r, err := pipeline.Compile(pack)
	if err != nil {
		return nil, usageError{err}
	}
	return r, nil
}

// answersTo opens the file for raw answers; nil where none is wanted.
func (h *house) answersTo(file string) (io.Writer, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, fmt.Errorf("making %s for the raw answers: %w", file, err)
	}
	h.closers = append(h.closers, f.Close)
	return f, nil
}

type evalExtractCmd struct {
	Dir string `arg:"" help:"Holds html/ and ground-truth.json." type:"existingdir"`
	Out string `help:"Raw answers, a JSON object a line." type:"path" placeholder:"PRED.jsonl"`
}

func (evalExtractCmd) Help() string {
	return "Example: diembao eval extract gold/vi --out answers.jsonl"
}

// Run prints the figures of extraction.
func (c evalExtractCmd) Run(_ context.Context, h *house) error {
	rules, err := h.rules()
	if err != nil {
		return err
	}
	out, err := h.answersTo(c.Out)
	if err != nil {
		return err
	}
	now := time.Now()
	bar := h.progress(-1, "pages")
	figures, err := eval.Extract(c.Dir, eval.ExtractOptions{
		Extract: func(p news.Page) (news.Article, error) { return rules.Extract(p, now) },
		Out:     out,
		Seen:    func(done, pages int) { bar.ChangeMax(pages); _ = bar.Set(done) },
	})
	if err := errors.Join(err, bar.Close()); err != nil {
		return fmt.Errorf("measuring extraction on %s: %w", c.Dir, err)
	}
	return h.answer(figures)
}

type evalReadCmd struct {
	Items  string `arg:"" help:"Items, a JSON object a line." type:"existingfile"`
	Labels string `arg:"" help:"Labels, a JSON object a line." type:"existingfile"`
	Out    string `help:"Raw answers as label rows." type:"path" placeholder:"PRED.jsonl"`
}

func (evalReadCmd) Help() string { return "Example: diembao eval read items.jsonl labels.jsonl" }

// Run prints the figures of reading.
func (c evalReadCmd) Run(_ context.Context, h *house) error {
	rules, err := h.rules()
	if err != nil {
		return err
	}
	out, err := h.answersTo(c.Out)
	if err != nil {
		return err
	}
	items, err := os.Open(c.Items)
	if err != nil {
		return err
	}
	defer items.Close()
	labels, err := os.Open(c.Labels)
	if err != nil {
		return err
	}
	defer labels.Close()
	now := time.Now()
	figures, err := eval.Read(items, labels, eval.ReadOptions{
		Read: func(a news.Article) news.Reading {
			r, _ := pipeline.ReadOne(rules.Placed(a, now), rules, now)
			return r
		},
		Out: out,
	})
	if err != nil {
		return fmt.Errorf("measuring reading on %s: %w", c.Items, err)
	}
	return h.answer(figures)
}

type evalStoriesCmd struct {
	File     string `arg:"" help:"Articles with their stories, a JSON object a line." type:"existingfile"`
	Distract string `help:"Items without a story to mix in (may be gzipped)." type:"existingfile" placeholder:"FILE"`
	Out      string `help:"Raw answers, a JSON object a line." type:"path" placeholder:"PRED.jsonl"`
}

func (evalStoriesCmd) Help() string {
	return "Example: diembao eval stories gold.jsonl --distract stream.jsonl.gz"
}

// Run prints the figures of stories.
func (c evalStoriesCmd) Run(_ context.Context, h *house) error {
	out, err := h.answersTo(c.Out)
	if err != nil {
		return err
	}
	gold, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer gold.Close()
	o := eval.StoriesOptions{Out: out}
	if c.Distract != "" {
		f, err := os.Open(c.Distract)
		if err != nil {
			return err
		}
		defer f.Close()
		if o.Distract, err = unzipped(f); err != nil {
			return fmt.Errorf("reading %s: %w", c.Distract, err)
		}
	}
	figures, err := eval.Stories(gold, o)
	if err != nil {
		return fmt.Errorf("measuring stories on %s: %w", c.File, err)
	}
	return h.answer(figures)
}

type evalSearchCmd struct {
	Dir string `arg:"" help:"Holds corpus.jsonl[.gz], queries.jsonl and qrels/test.tsv." type:"existingdir"`
	Out string `help:"Raw answers, a JSON object a line." type:"path" placeholder:"PRED.jsonl"`
}

func (evalSearchCmd) Help() string {
	return "Example: diembao eval search gold/clusters --out answers.jsonl"
}

// Run prints the figures of ranking.
func (c evalSearchCmd) Run(ctx context.Context, h *house) error {
	out, err := h.answersTo(c.Out)
	if err != nil {
		return err
	}
	bar := h.progress(-1, "documents")
	figures, err := eval.Search(ctx, c.Dir, eval.SearchOptions{Out: out, Progress: func(stage string, done, all int) {
		bar.Describe(stage)
		bar.ChangeMax(all)
		_ = bar.Set(done)
	}})
	if err := errors.Join(err, bar.Close()); err != nil {
		return fmt.Errorf("measuring search on %s: %w", c.Dir, err)
	}
	return h.answer(figures)
}

type evalBurstsCmd struct {
	Dir string `arg:"" help:"Holds realTweets/*.csv and combined_windows.json." type:"existingdir"`
	Out string `help:"Alarms, a JSON object a line." type:"path" placeholder:"PRED.jsonl"`
}

func (evalBurstsCmd) Help() string { return "Example: diembao eval bursts gold/nab" }

// Run prints the figures of burst detection.
func (c evalBurstsCmd) Run(_ context.Context, h *house) error {
	out, err := h.answersTo(c.Out)
	if err != nil {
		return err
	}
	figures, err := eval.Bursts(c.Dir, eval.BurstsOptions{Out: out})
	if err != nil {
		return fmt.Errorf("measuring bursts on %s: %w", c.Dir, err)
	}
	return h.answer(figures)
}
