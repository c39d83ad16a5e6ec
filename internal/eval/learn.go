package eval

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"diembao/internal/learn"
	"diembao/internal/news"
)

// Teacher is what is taught: it shows what it sees of a text, says which
// questions are learned, and reads with another model in its head.
type Teacher struct {
	Axes   map[string]learn.Options
	Lesson func(axis string, a news.Article) learn.Features
	With   func(learn.Model) (func(news.Article) news.Reading, error)
}

// Learned is a table: the rules beside the model in cross-validation, by set.
type Learned struct {
	Sets []LearnedSet `json:"sets"`
}

// LearnedSet is one set's figures.
type LearnedSet struct {
	Set       string      `json:"set"`
	Items     int         `json:"items"`
	Rules     ReadFigures `json:"rules"`
	Model     ReadFigures `json:"model"`
	Commonest float64     `json:"commonest_tone"` // macro-F1 of always saying the commonest tone
}

// folds is how many parts cross-validation has.
const folds = 5

// FitModel fits every axis to the lessons.
func FitModel(lessons []Lesson, t Teacher) (learn.Model, error) {
	m := learn.Model{From: Sets, Samples: len(lessons), Axes: map[string]learn.Axis{}}
	for _, name := range slices.Sorted(maps.Keys(t.Axes)) {
		axis, err := learn.Fit(samples(lessons, name, t), t.Axes[name])
		if err != nil {
			return m, fmt.Errorf("fitting %s: %w", name, err)
		}
		m.Axes[name] = axis
	}
	raw, err := m.Bytes()
	if err != nil {
		return m, err
	}
	return learn.Parse(raw)
}

// samples are the lessons of one axis: relevant texts, and for tone those
// that were labelled for nothing else.
func samples(lessons []Lesson, axis string, t Teacher) []learn.Sample {
	var out []learn.Sample
	for _, l := range lessons {
		if !l.Label.Relevant || l.ToneOnly && axis != "tone" {
			continue
		}
		classes := l.Label.Topics
		if axis == "tone" {
			classes = []string{l.Label.Tone}
		}
		if len(classes) > 0 {
			out = append(out, learn.Sample{Features: t.Lesson(axis, l.Article), Classes: classes, Weight: l.Weight})
		}
	}
	return out
}

// CrossValidate reads every lesson with a model that was not fitted to it, nor
// to any text of its week: stories do not span the folds.
func CrossValidate(lessons []Lesson, t Teacher, seen func(done, all int)) (Learned, error) {
	plain, err := t.With(learn.Model{})
	if err != nil {
		return Learned{}, err
	}
	rules, model := map[string][]readPair{}, map[string][]readPair{}
	for f := range folds {
		var rest, held []Lesson
		for _, l := range lessons {
			if fold(l) == f {
				held = append(held, l)
			} else {
				rest = append(rest, l)
			}
		}
		m, err := FitModel(rest, t)
		if err != nil {
			return Learned{}, err
		}
		taught, err := t.With(m)
		if err != nil {
			return Learned{}, err
		}
		for _, l := range held {
			rules[l.Set] = append(rules[l.Set], readPair{gold: l.Label, said: labelOf(l.Label.ID, plain(l.Article))})
			said := labelOf(l.Label.ID, taught(l.Article))
			if l.ToneOnly { // none of ours: the reader would leave it to the rules
				said.Tone = likeliest(m.Axes["tone"], t.Lesson("tone", l.Article))
			}
			model[l.Set] = append(model[l.Set], readPair{gold: l.Label, said: said})
		}
		seen(f+1, folds)
	}
	var out Learned
	for _, set := range []string{"dev", "own", "danes"} {
		if len(rules[set]) > 0 {
			out.Sets = append(out.Sets, LearnedSet{Set: set, Items: len(rules[set]), Rules: readFigures(rules[set]), Model: readFigures(model[set]), Commonest: commonest(rules[set])})
		}
	}
	return out, nil
}

func likeliest(a learn.Axis, f learn.Features) string {
	chance, best := a.Chances(f.Sight()), 0
	for i := range chance {
		if chance[i] > chance[best] {
			best = i
		}
	}
	return a.Classes[best]
}

// fold deals lessons by the week they came out, and by name where that is unknown.
func fold(l Lesson) int {
	key := l.Article.ID
	if at := l.Article.Published; !at.IsZero() && l.Set != "danes" {
		year, week := at.ISOWeek()
		key = fmt.Sprint(year, week)
	}
	h := fnv.New32a()
	h.Write([]byte(key))
	return int(h.Sum32() % folds)
}

// commonest is the macro-F1 of always saying the commonest tone.
func commonest(pairs []readPair) float64 {
	count := map[string]int{}
	for _, p := range pairs {
		if p.gold.Relevant {
			count[p.gold.Tone]++
		}
	}
	top, n := "", 0
	for _, tone := range tones {
		if n += count[tone]; count[tone] > count[top] {
			top = tone
		}
	}
	said := make([]readPair, 0, len(pairs))
	for _, p := range pairs {
		p.said.Tone = top
		said = append(said, p)
	}
	return readFigures(said).Tone.MacroF1
}
