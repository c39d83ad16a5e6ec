package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"diembao/internal/eval"
	"diembao/internal/pipeline"
)

type agreementRow struct {
	Axis    string   `json:"axis"`
	People  []string `json:"people"`
	Items   int      `json:"items"` // that two or more labelled
	Same    int      `json:"same"`  // on which all agree
	Alpha   *float64 `json:"alpha"` // null where nothing can be said
	Pairs   int      `json:"machine_items"`
	Machine *float64 `json:"machine_alpha"` // of the machine with the people
}

// agreement prints Krippendorff's alpha of people with one another, and beside
// it that of the machine with them.
func (h *house) agreement(ctx context.Context) error {
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	all, chosen, err := p.Agreement(ctx)
	if err != nil {
		return err
	}
	rows := []agreementRow{}
	for _, a := range all {
		rows = append(rows, agreed(a))
	}
	if h.JSON {
		return h.answer(map[string]any{"agreement": rows, "not_blind": chosen})
	}
	w := h.words(p.Rules().Pack)
	if len(rows) == 0 {
		return ended(fmt.Fprintln(h.out, w.Say("label.nothing_blind", "N", chosen)))
	}
	head := []string{w.Say("label.axis"), w.Say("label.people"), w.Say("label.items"), w.Say("label.same"), w.Say("label.alpha"), w.Say("label.machine_alpha")}
	var lines [][]string
	for _, r := range rows {
		lines = append(lines, []string{axisName(w, r.Axis), strings.Join(r.People, ", "), strconv.Itoa(r.Items), strconv.Itoa(r.Same), alphaText(r.Alpha), alphaText(r.Machine)})
	}
	return h.table(head, lines)
}

func agreed(a pipeline.Agreement) agreementRow {
	r := agreementRow{Axis: a.Axis, People: a.People, Items: len(a.Units), Pairs: len(a.Machine)}
	for _, unit := range a.Units {
		same := true
		for _, v := range unit {
			same = same && v == unit[0]
		}
		if same {
			r.Same++
		}
	}
	if x, ok := eval.Alpha(a.Units); ok {
		r.Alpha = &x
	}
	if x, ok := eval.Alpha(a.Machine); ok {
		r.Machine = &x
	}
	return r
}

func alphaText(x *float64) string {
	if x == nil {
		return "–"
	}
	return fmt.Sprintf("%.3f", *x)
}

// ended leaves out how much was written.
func ended(_ int, err error) error { return err }
