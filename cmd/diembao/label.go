package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"diembao/internal/eval"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

type labelCmd struct {
	By        string `help:"Who labels." placeholder:"WHO"`
	Double    bool   `help:"A random sample, without the machine's answers: whoever else labels it sees the same articles."`
	Agreement bool   `help:"How far people agree with one another and with the machine."`
	Limit     int    `help:"How many articles at most." default:"20"`
}

func (labelCmd) Help() string {
	return `Example: diembao label --by "Lan"

The least certain articles come first. Each question is answered with one key and Enter: the number of a value
(several topics: 2,5, the main one first), Enter alone for the machine's own answer, s to pass over the question,
n for the next article, q to stop. Every article is kept at once; the next call goes on where this one stopped.

Agreement is measured on what two people label blind: diembao label --double --by "Lan", the same by another,
then diembao label --agreement.`
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
	queue, err := p.ToLabel(ctx, c.By, c.Double, c.Limit)
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(queued(queue))
	}
	if len(queue) == 0 {
		_, err := fmt.Fprintln(h.out, "nothing is left to label: every article of ours has your word")
		return err
	}
	t := &asking{h: h, p: p, in: bufio.NewScanner(h.in), by: c.By, blind: c.Double}
	kept := 0
	for i, a := range queue {
		fmt.Fprintf(h.out, "\n[%d/%d] %s\n%s · %s\n", i+1, len(queue), a.Title, p.Rules().Outlet(a.Outlet).Name, a.URL)
		if a.Lead != "" {
			fmt.Fprintln(h.out, a.Lead)
		}
		labels, more := t.article(a)
		if len(labels) > 0 {
			if err := p.KeepLabels(ctx, labels); err != nil {
				return err
			}
			kept++
		}
		if !more {
			break
		}
	}
	if err := t.in.Err(); err != nil {
		return fmt.Errorf("reading the answers: %w", err)
	}
	_, err = fmt.Fprintf(h.out, "\n%d articles labelled by %s\n", kept, c.By)
	return err
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

// asking is one person at the terminal.
type asking struct {
	h     *house
	p     *pipeline.Pipeline
	in    *bufio.Scanner
	by    string
	blind bool
}

// What an answer may be besides a value.
var (
	errPass = errors.New("pass over the question")
	errNext = errors.New("the next article")
	errQuit = errors.New("stop")
)

// article asks of one article, axis by axis; what is not ours is asked nothing
// more. more is false where the person stops.
func (t *asking) article(a news.Article) (labels []store.Label, more bool) {
	reading, _ := pipeline.ReadOne(a, t.p.Rules(), time.Now())
	for _, axis := range pipeline.LabelAxes {
		value, err := t.ask(axis, pipeline.Said(reading, axis))
		switch {
		case errors.Is(err, errQuit):
			return labels, false
		case errors.Is(err, errNext):
			return labels, true
		case errors.Is(err, errPass):
			continue
		}
		labels = append(labels, store.Label{ArticleID: a.ID, Axis: axis, Who: t.by, Value: value, Blind: t.blind, At: time.Now()})
		if axis == "relevant" && value == "false" {
			break
		}
	}
	return labels, true
}

// ask puts one question until it has an answer.
func (t *asking) ask(axis, machine string) (string, error) {
	values, several := t.p.Rules().Values(axis)
	var offers []string
	for i, v := range values {
		offers = append(offers, fmt.Sprintf("%d %s", i+1, v))
	}
	fmt.Fprintf(t.h.out, "  %s: %s\n", axis, strings.Join(offers, "  "))
	for {
		if t.blind {
			fmt.Fprint(t.h.out, "  > ")
		} else {
			fmt.Fprintf(t.h.out, "  [%s] > ", machine)
		}
		if !t.in.Scan() {
			return "", errQuit
		}
		value, err := t.answer(strings.TrimSpace(t.in.Text()), values, several, machine)
		if err == nil || errors.Is(err, errPass) || errors.Is(err, errNext) || errors.Is(err, errQuit) {
			return value, err
		}
		fmt.Fprintln(t.h.out, " ", err)
	}
}

func (t *asking) answer(key string, values []string, several bool, machine string) (string, error) {
	switch key {
	case "q":
		return "", errQuit
	case "n":
		return "", errNext
	case "s":
		return "", errPass
	case "":
		if !t.blind {
			return machine, nil
		}
		return "", fmt.Errorf("a number from 1 to %d, s, n or q", len(values))
	}
	var chosen []string
	for k := range strings.SplitSeq(key, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(k))
		if err != nil || n < 1 || n > len(values) || len(chosen) > 0 && !several {
			return "", fmt.Errorf("a number from 1 to %d, s, n or q", len(values))
		}
		chosen = append(chosen, values[n-1])
	}
	return strings.Join(chosen, ","), nil
}

type agreementRow struct {
	Axis  string   `json:"axis"`
	Who   string   `json:"who"`
	With  string   `json:"with"`
	Items int      `json:"items"`
	Same  int      `json:"same"`
	Alpha *float64 `json:"alpha"` // null where nothing can be said
}

// agreement prints Krippendorff's alpha of people with one another and with the machine.
func (h *house) agreement(ctx context.Context) error {
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	pairs, unseen, err := p.Agreement(ctx)
	if err != nil {
		return err
	}
	rows := []agreementRow{}
	var lines [][]string
	for _, q := range pairs {
		r := agreementRow{Axis: q.Axis, Who: q.Who, With: q.With, Items: len(q.Units)}
		if r.With == "" {
			r.With = "machine"
		}
		for _, u := range q.Units {
			if u[0] == u[1] {
				r.Same++
			}
		}
		alpha := "–"
		if x, ok := eval.Alpha(q.Units); ok {
			r.Alpha, alpha = &x, fmt.Sprintf("%.3f", x)
		}
		rows = append(rows, r)
		lines = append(lines, []string{r.Axis, r.Who, r.With, strconv.Itoa(r.Items), strconv.Itoa(r.Same), alpha})
	}
	if h.JSON {
		return h.answer(map[string]any{"agreement": rows, "not_blind": unseen})
	}
	if len(rows) == 0 {
		return ended(fmt.Fprintf(h.out, "no article was labelled blind yet (%d labels were made seeing the machine's answer and measure nothing): diembao label --double --by WHO\n", unseen))
	}
	return h.table([]string{"AXIS", "WHO", "WITH", "ITEMS", "SAME", "ALPHA"}, lines)
}

// ended leaves out how much was written.
func ended(_ int, err error) error { return err }
