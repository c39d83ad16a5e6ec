package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"diembao/internal/news"
	"diembao/internal/store"
)

// LabelAxes are what a person is asked of an article, in this order.
var LabelAxes = []string{"relevant", "topics", "scope", "tone", "agency_role", "risk"}

// Values are what an axis may say, and whether it may say several.
func (r *Rules) Values(name string) (values []string, several bool) {
	a := axes(r.Pack)[name]
	return a.values, a.list
}

// Said is what a reading says of an axis, as a correction would write it.
func Said(reading news.Reading, axis string) string {
	switch axis {
	case "relevant":
		return strconv.FormatBool(reading.Relevant)
	case "topics":
		return strings.Join(reading.Topics, ",")
	case "scope":
		return reading.Scope
	case "tone":
		return reading.Tone
	case "agency_role":
		return reading.Role
	case "risk":
		return strconv.Itoa(reading.Risk)
	}
	return fmt.Sprint(reading.Verdicts[axis].Value)
}

// doubtful is how many of the newest unlabelled articles are weighed to find
// the most uncertain ones.
const doubtful = 500

// ToLabel returns the articles a person should label next: the least certain
// first; blind asks for the random sample that two people share instead.
func (p *Pipeline) ToLabel(ctx context.Context, who string, blind bool, limit int) ([]news.Article, error) {
	ids, err := p.Store.ToDouble(ctx, who, limit)
	if !blind {
		ids, err = p.Store.ToLabel(ctx, who, doubtful)
	}
	if err != nil {
		return nil, err
	}
	type asked struct {
		a    news.Article
		sure float64
	}
	var all []asked
	for _, id := range ids {
		a, err := p.Store.Article(ctx, id)
		if err != nil {
			return nil, err
		}
		r, err := p.Store.Reading(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, asked{a, least(r.Reading)})
	}
	if !blind {
		slices.SortStableFunc(all, func(x, y asked) int {
			switch {
			case x.sure < y.sure:
				return -1
			case x.sure > y.sure:
				return 1
			}
			return 0
		})
	}
	out := make([]news.Article, 0, min(limit, len(all)))
	for _, x := range all[:min(limit, len(all))] {
		out = append(out, x.a)
	}
	return out, nil
}

// least is the confidence of the least certain verdict that is asked for.
func least(r news.Reading) float64 {
	sure := 1.0
	if r.Uncertain {
		sure = 0
	}
	for _, axis := range LabelAxes {
		if v, ok := r.Verdicts[axis]; ok {
			sure = min(sure, v.Confidence)
		}
	}
	return sure
}

// Agreement is how far people agree on an axis, and the machine with them.
// Units list what was said of one article; of several values the main one counts.
type Agreement struct {
	Axis    string
	People  []string   // by name
	Units   [][]string // what people said, of articles that two or more labelled
	Machine [][]string // what one person and the machine said, a unit each
}

// Agreement compares, axis by axis, what people said of the random sample, with
// one another and with what the machine reads today. Labels of articles that
// were chosen because the machine doubted measure nothing; chosen is how many
// those are.
func (p *Pipeline) Agreement(ctx context.Context) (all []Agreement, chosen int, err error) {
	labels, err := p.Store.Labels(ctx)
	if err != nil {
		return nil, 0, err
	}
	said := map[string]map[string][]store.Label{} // axis → article → labels, by person
	machine := map[string]news.Reading{}
	for _, l := range labels {
		if !l.Blind {
			chosen++
			continue
		}
		if _, ok := machine[l.ArticleID]; !ok {
			a, err := p.Store.Article(ctx, l.ArticleID)
			if errors.Is(err, store.ErrNotFound) {
				continue // it is kept no more
			}
			if err != nil {
				return nil, 0, err
			}
			machine[l.ArticleID], _ = ReadOne(a, p.Rules(), p.Now())
		}
		if said[l.Axis] == nil {
			said[l.Axis] = map[string][]store.Label{}
		}
		said[l.Axis][l.ArticleID] = append(said[l.Axis][l.ArticleID], l)
	}
	for _, axis := range LabelAxes {
		if len(said[axis]) > 0 {
			all = append(all, agreement(axis, said[axis], machine))
		}
	}
	return all, chosen, nil
}

func agreement(axis string, said map[string][]store.Label, machine map[string]news.Reading) Agreement {
	a := Agreement{Axis: axis}
	for _, id := range slices.Sorted(maps.Keys(said)) {
		var unit []string
		for _, l := range said[id] {
			unit = append(unit, foremost(l.Value))
			a.Machine = append(a.Machine, []string{foremost(l.Value), foremost(Said(machine[id], axis))})
			if !slices.Contains(a.People, l.Who) {
				a.People = append(a.People, l.Who)
			}
		}
		if len(unit) > 1 {
			a.Units = append(a.Units, unit)
		}
	}
	slices.Sort(a.People)
	return a
}

// foremost is the first of several values.
func foremost(value string) string {
	first, _, _ := strings.Cut(value, ",")
	return strings.TrimSpace(first)
}
