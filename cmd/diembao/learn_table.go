package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"diembao/internal/eval"
)

// printed prints what cross-validation found: figures by set, where verdicts
// are taken for one another, and how far confidence can be believed.
func (h *house) printed(t eval.Learned) error {
	if err := h.table([]string{"set", "read by", "items", "topics micro", "macro", "main", "tone", "macro", "scope", "risk 2+ F1"}, modelFigures(t)); err != nil {
		return err
	}
	for _, s := range t.Sets {
		if s.Model.Support["relevant"] == 0 {
			continue
		}
		if _, err := fmt.Fprintf(h.out, "\n%s, read by the model: what was labelled, and what was said\n", s.Set); err != nil {
			return err
		}
		if err := h.table([]string{"axis", "labelled", "items", "F1", "said otherwise"}, confusions(s)); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(h.out, "\nexpected calibration error of confidence"); err != nil {
		return err
	}
	return h.table([]string{"axis", "verdicts", "as it is", "with the line"}, trustOf(t))
}

func modelFigures(t eval.Learned) [][]string {
	var out [][]string
	n := func(x float64) string { return fmt.Sprintf("%.3f", x) }
	for _, s := range t.Sets {
		for _, by := range []struct {
			name   string
			f      eval.ReadFigures
			simple bool
		}{{"commonest", s.Commonest, true}, {"naive Bayes", s.Bayes, true}, {"rules", s.Rules, false}, {"model", s.Model, false}} {
			row := []string{s.Set, by.name, fmt.Sprint(s.Items), n(by.f.Topics.MicroF1), n(by.f.Topics.MacroF1), n(by.f.Topics.Main), n(by.f.Tone.Accuracy), n(by.f.Tone.MacroF1), n(by.f.Scope.Accuracy), n(by.f.Risk.F1At2)}
			if s.Set == "danes" { // tones, and nothing else
				row[3], row[4], row[5] = "", "", ""
			}
			if by.simple || s.Set == "danes" {
				row[8], row[9] = "", ""
			}
			out = append(out, row)
		}
	}
	return out
}

// confusions lists each class of the axes with what it was taken for, most
// often first; axes that say one thing of a text, and the main topic.
func confusions(s eval.LearnedSet) [][]string {
	var out [][]string
	for _, axis := range []struct {
		name      string
		classes   map[string]eval.Scores
		confusion map[string]map[string]int
	}{
		{"main topic", s.Model.Topics.Classes, s.Model.Topics.Confusion}, {"tone", s.Model.Tone.Classes, s.Model.Tone.Confusion},
		{"role", s.Model.Role.Classes, s.Model.Role.Confusion}, {"risk", nil, s.Model.Risk.Confusion},
	} {
		for _, class := range slices.Sorted(maps.Keys(axis.confusion)) {
			f1 := ""
			if c, ok := axis.classes[class]; ok {
				f1 = fmt.Sprintf("%.3f", c.F1)
			}
			n, others := takenFor(class, axis.confusion[class])
			if s.Set == "danes" && axis.name != "tone" {
				continue
			}
			out = append(out, []string{axis.name, class, fmt.Sprint(n), f1, others})
		}
	}
	return out
}

// takenFor tells what a class was taken for, four at most.
func takenFor(class string, said map[string]int) (n int, others string) {
	var names []string
	for name, k := range said {
		n += k
		if name != class {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(said[b], said[a]), cmp.Compare(a, b)) })
	for i, name := range names[:min(len(names), 4)] {
		if i > 0 {
			others += ", "
		}
		others += fmt.Sprintf("%s %d", cmp.Or(name, "nothing"), said[name])
	}
	return n, others
}

func trustOf(t eval.Learned) [][]string {
	var out [][]string
	for _, axis := range slices.Sorted(maps.Keys(t.Trust)) {
		f := t.Trust[axis]
		out = append(out, []string{axis, fmt.Sprint(f.Verdicts), fmt.Sprintf("%.3f", f.Before), fmt.Sprintf("%.3f", f.After)})
	}
	return out
}
