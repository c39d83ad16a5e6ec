package pipeline

import (
	"context"
	"fmt"
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

// Pair is two who spoke of the same articles; the machine is one of them where
// With is empty.
type Pair struct {
	Who, With, Axis string
	Units           [][]string // what both said of each article
}

// Agreement pairs what people said blind: with one another and with what the
// machine reads today, axis by axis. Of several values the main one counts.
// unseen is how many labels are left out because their maker saw the machine's
// answer first.
func (p *Pipeline) Agreement(ctx context.Context) (pairs []Pair, unseen int, err error) {
	labels, err := p.Store.Labels(ctx)
	if err != nil {
		return nil, 0, err
	}
	said := map[[2]string]map[string]string{} // who, axis → article → value
	machine := map[string]news.Reading{}
	for _, l := range labels {
		if !l.Blind {
			unseen++
			continue
		}
		k := [2]string{l.Who, l.Axis}
		if said[k] == nil {
			said[k] = map[string]string{}
		}
		said[k][l.ArticleID] = foremost(l.Value)
		if _, ok := machine[l.ArticleID]; !ok {
			a, err := p.Store.Article(ctx, l.ArticleID)
			if err != nil {
				return nil, 0, err
			}
			machine[l.ArticleID], _ = ReadOne(a, p.Rules(), p.Now())
		}
	}
	for _, axis := range LabelAxes {
		var people []string
		for k := range said {
			if k[1] == axis {
				people = append(people, k[0])
			}
		}
		slices.Sort(people)
		for i, who := range people {
			mine := said[[2]string{who, axis}]
			for _, with := range people[i+1:] {
				pairs = append(pairs, pair(who, with, axis, mine, said[[2]string{with, axis}]))
			}
			of := map[string]string{}
			for id := range mine {
				of[id] = foremost(Said(machine[id], axis))
			}
			pairs = append(pairs, pair(who, "", axis, mine, of))
		}
	}
	return pairs, unseen, nil
}

func pair(who, with, axis string, a, b map[string]string) Pair {
	p := Pair{Who: who, With: with, Axis: axis}
	var ids []string
	for id := range a {
		if _, ok := b[id]; ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		p.Units = append(p.Units, []string{a[id], b[id]})
	}
	return p
}

// foremost is the first of several values.
func foremost(value string) string {
	first, _, _ := strings.Cut(value, ",")
	return strings.TrimSpace(first)
}

// KeepLabels keeps what a person said of an article.
func (p *Pipeline) KeepLabels(ctx context.Context, labels []store.Label) error {
	return p.Store.Do(ctx, func(tx *store.Tx) error { return tx.PutLabels(ctx, labels) })
}
