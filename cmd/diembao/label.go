package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

type labelCmd struct {
	By        string `help:"Who labels." placeholder:"WHO"`
	Double    bool   `help:"A random sample: whoever else labels it sees the same articles, and nobody sees what another said."`
	Agreement bool   `help:"How far people agree with one another, and the machine with them."`
	Limit     int    `help:"How many articles at most." default:"20"`
	UndoAll   bool   `help:"Take back all that --by labelled since --since, as one act."`
	Since     string `help:"With --undo-all: a day, an hour, or a span before now such as 2h." placeholder:"T"`
}

func (labelCmd) Help() string {
	return `Example: diembao label --by "Lan"

The least certain articles come first. Each question is answered with one key; of several topics the main one
first, then Enter. What the machine read is shown only once you have answered. s passes over a question, n goes
on to the next article, u takes the last answer back, q stops. Every article is kept at once; the next call goes
on where this one stopped. Labels teach: diembao learn --what-if

Agreement is measured on a random sample: diembao label --double --by "Lan", the same by another, then
diembao label --agreement. Taking back: diembao label --undo-all --by "Lan" --since 2h`
}

// Run asks a person about articles, or tells how far people agree.
func (c labelCmd) Run(ctx context.Context, h *house) error {
	if c.Agreement {
		return h.agreement(ctx)
	}
	if c.By == "" {
		return usage("say who labels: diembao label --by WHO")
	}
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	if c.UndoAll {
		return c.undoAll(ctx, h, p)
	}
	queue, err := p.ToLabel(ctx, c.By, c.Double, c.Limit)
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(queued(queue))
	}
	w := h.words(p.Rules().Pack)
	if len(queue) == 0 {
		return ended(fmt.Fprintln(h.out, w.Say("label.none", "Who", c.By)))
	}
	t := &asking{h: h, p: p, w: w, keys: newKeys(h.in), by: c.By, double: c.Double}
	kept, err := t.all(ctx, queue)
	if many := (pipeline.TooManyLabels{}); errors.As(err, &many) {
		return usageError{many}
	}
	if err != nil {
		return err
	}
	return ended(fmt.Fprintf(h.out, "\n%s\n", w.Say("label.done", "N", kept, "Who", c.By)))
}

// undoAll takes back a storm of labels.
func (c labelCmd) undoAll(ctx context.Context, h *house, p *pipeline.Pipeline) error {
	since, err := sinceWhen(c.Since, time.Now())
	if err != nil {
		return errors.Join(usage("say since when: diembao label --undo-all --by WHO --since 2h"), err)
	}
	n := 0
	err = p.Store.Do(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.DropLabelsSince(ctx, c.By, since)
		return err
	})
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(map[string]any{"undone": n, "by": c.By, "since": stamp(since)})
	}
	return ended(fmt.Fprintln(h.out, h.words(p.Rules().Pack).Say("label.undone", "N", n, "Who", c.By)))
}

type queuedRow struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title"`
	Lead  string `json:"lead"`
}

func queued(as []news.Article) []queuedRow {
	out := []queuedRow{}
	for _, a := range as {
		out = append(out, queuedRow{a.ID, a.URL, a.Title, a.Lead})
	}
	return out
}
