package eval

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"

	"diembao/internal/learn"
	"diembao/internal/news"
)

// Teacher is what is taught: it shows what it sees of a text, says which
// questions are learned, and reads with another model in its head.
type Teacher struct {
	Axes    map[string]learn.Options
	Lesson  func(axis string, a news.Article) learn.Features
	Classes func(axis, value string) []string // that a value is an example of
	With    func(learn.Model) (func(news.Article) news.Reading, error)
}

// Learned is a table: simple baselines, the rules and the model in
// cross-validation, by set; and how far the model's confidence can be believed.
type Learned struct {
	Sets  []LearnedSet       `json:"sets"`
	Trust map[string]Trusted `json:"trust"` // axis →
}

// LearnedSet is one set's figures.
type LearnedSet struct {
	Set       string      `json:"set"`
	Items     int         `json:"items"`
	Commonest ReadFigures `json:"commonest"` // always the commonest main topic and tone
	Bayes     ReadFigures `json:"bayes"`     // naive Bayes, one topic each
	Rules     ReadFigures `json:"rules"`
	Model     ReadFigures `json:"model"`
}

// Trusted is the expected calibration error of an axis before and after the
// line was laid through its chances, each fold's line fitted to the others.
type Trusted struct {
	Verdicts int        `json:"verdicts"`
	Before   float64    `json:"before"`
	After    float64    `json:"after"`
	Line     learn.Line `json:"line"`
}

// folds is how many parts cross-validation has.
const folds = 5

// FitModel fits every axis to the lessons; how far it can be believed is what
// cross-validation found.
func FitModel(lessons []Lesson, t Teacher, trust map[string]Trusted) (learn.Model, error) {
	m := learn.Model{From: Sets, Samples: len(lessons), Axes: map[string]learn.Axis{}}
	for _, name := range slices.Sorted(maps.Keys(t.Axes)) {
		axis, err := learn.Fit(samples(lessons, name, t), t.Axes[name])
		if err != nil {
			return m, fmt.Errorf("fitting %s: %w", name, err)
		}
		m.Axes[name] = axis
		if found, ok := trust[name]; ok {
			if m.Trust == nil {
				m.Trust = map[string]learn.Line{}
			}
			m.Trust[name] = found.Line
		}
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
		var classes []string
		for _, value := range l.Label.values(axis) {
			classes = append(classes, t.Classes(axis, value)...)
		}
		if len(classes) > 0 {
			out = append(out, learn.Sample{Features: t.Lesson(axis, l.Article), Classes: classes, Weight: l.Weight})
		}
	}
	return out
}

// values are what a label says of a learned axis.
func (l Label) values(axis string) []string {
	switch axis {
	case "topics":
		return l.Topics
	case "tone":
		return []string{l.Tone}
	case "risk":
		return []string{strconv.Itoa(l.Risk)}
	}
	return nil
}

// CrossValidate reads every real lesson with a model that was not fitted to it,
// nor to any text of its week: stories do not span the folds.
func CrossValidate(lessons []Lesson, t Teacher, seen func(done, all int)) (Learned, error) {
	plain, err := t.With(learn.Model{})
	if err != nil {
		return Learned{}, err
	}
	x := newCrossing()
	for f := range folds {
		var rest, held []Lesson
		for _, l := range lessons {
			switch {
			case l.Set == madeUp || fold(l) != f:
				rest = append(rest, l)
			default:
				held = append(held, l)
			}
		}
		m, err := FitModel(rest, t, nil)
		if err != nil {
			return Learned{}, err
		}
		taught, err := t.With(m)
		if err != nil {
			return Learned{}, err
		}
		simple := newSimple(rest, t)
		for _, l := range held {
			x.note("rules", l, labelOf(l.Label.ID, plain(l.Article)))
			for name, said := range simple.say(l, t) {
				x.note(name, l, said)
			}
			r := taught(l.Article)
			said := labelOf(l.Label.ID, r)
			if l.ToneOnly { // none of ours: the reader would leave it to the rules
				said.Tone = likeliest(m.Axes["tone"], t.Lesson("tone", l.Article))
			} else {
				x.believe(f, l, said, r, t)
			}
			x.note("model", l, said)
		}
		seen(f+1, folds)
	}
	return x.table()
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
