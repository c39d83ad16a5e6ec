package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"diembao/internal/classify"
	"diembao/internal/learn"
	"diembao/internal/news"
	"diembao/internal/store"
)

// Lesson is what the learned model would see of an article on an axis.
func (r *Rules) Lesson(axis string, a news.Article, now time.Time) learn.Features {
	return r.classify.Lesson(axis, a, r.matcher.Find(a, now))
}

// Classes are the classes of an axis that a value is an example of; none where
// it teaches nothing.
func (r *Rules) Classes(axis, value string) []string { return r.classify.Classes(axis, value) }

// Axes are the questions that are learned.
func (r *Rules) Axes() map[string]learn.Options { return r.classify.Axes() }

// Model is the one in force.
func (r *Rules) Model() learn.Model { return r.classify.Model() }

// Taught returns the same rules with another model in force.
func (r *Rules) Taught(m learn.Model) (*Rules, error) {
	raw, err := m.Bytes()
	if err != nil {
		return nil, err
	}
	return r.with(raw)
}

// with returns the same rules with a written model in force; none: what ships.
func (r *Rules) with(raw []byte) (*Rules, error) {
	other := *r
	other.Pack.Model = raw
	var err error
	other.classify, err = classifyWith(other.Pack)
	return &other, err
}

// correctionWeight is how much a person's correction counts beside one label:
// who corrects has gone looking.
const correctionWeight = 2

// Lessons are what people taught, by axis, and who they are.
type Lessons struct {
	Corrections int            `json:"corrections"`
	Labels      int            `json:"labels"`
	Disputed    int            `json:"disputed"` // verdicts on which people disagree: they teach nothing
	People      map[string]int `json:"people"`   // who → lessons
	samples     map[string][]learn.Sample
}

// Teach fits the model that ships to what people said:
// corrections that stand, and labels on which all who gave one agree. It
// returns the model and what taught it. What was undone leaves no trace.
func (p *Pipeline) Teach(ctx context.Context) (learn.Model, Lessons, error) {
	shipped, err := classify.Shipped()
	if err != nil {
		return learn.Model{}, Lessons{}, err
	}
	lessons, err := p.Lessons(ctx)
	if err != nil {
		return learn.Model{}, lessons, err
	}
	taught := learn.Model{From: shipped.From, Samples: shipped.Samples, Taught: lessons.Corrections + lessons.Labels, Axes: maps.Clone(shipped.Axes), Trust: shipped.Trust}
	for _, name := range slices.Sorted(maps.Keys(lessons.samples)) {
		o := p.Rules().Axes()[name]
		prior := shipped.Axes[name]
		o.Prior, o.Least = &prior, 1
		if taught.Axes[name], err = learn.Fit(lessons.samples[name], o); err != nil {
			return learn.Model{}, lessons, fmt.Errorf("learning %s from %d corrections and %d labels: %w", name, lessons.Corrections, lessons.Labels, err)
		}
	}
	raw, err := taught.Bytes()
	if err != nil {
		return learn.Model{}, lessons, err
	}
	m, err := learn.Parse(raw)
	return m, lessons, err
}

// Lessons gathers what people taught.
func (p *Pipeline) Lessons(ctx context.Context) (Lessons, error) {
	l := Lessons{People: map[string]int{}, samples: map[string][]learn.Sample{}}
	standing, err := p.Store.Standing(ctx)
	if err != nil {
		return l, err
	}
	labels, err := p.Store.Labels(ctx)
	if err != nil {
		return l, err
	}
	axes, corrected := p.Rules().Axes(), map[[2]string]bool{} // article and axis
	for _, c := range standing {
		corrected[[2]string{c.ArticleID, c.Axis}] = true
		if _, learned := axes[c.Axis]; !learned {
			continue
		}
		if l.Corrections, err = p.lesson(ctx, &l, c.ArticleID, c.Axis, c.Value, correctionWeight, []string{c.Who}, l.Corrections); err != nil {
			return l, err
		}
	}
	for group := range byVerdict(labels) {
		first := group[0]
		if _, learned := axes[first.Axis]; !learned || corrected[[2]string{first.ArticleID, first.Axis}] {
			continue // of a correction the word that stands says it
		}
		if slices.ContainsFunc(group, func(x store.Label) bool { return x.Value != first.Value }) {
			l.Disputed++
			continue
		}
		var who []string
		for _, x := range group {
			who = append(who, x.Who)
		}
		if l.Labels, err = p.lesson(ctx, &l, first.ArticleID, first.Axis, first.Value, float64(len(group)), who, l.Labels); err != nil {
			return l, err
		}
	}
	return l, nil
}

// byVerdict hands on, together, the labels of one axis of an article; they come
// in that order.
func byVerdict(labels []store.Label) iter.Seq[[]store.Label] {
	return func(yield func([]store.Label) bool) {
		for i := 0; i < len(labels); {
			j := i + 1
			for j < len(labels) && labels[j].ArticleID == labels[i].ArticleID && labels[j].Axis == labels[i].Axis {
				j++
			}
			if !yield(labels[i:j]) {
				return
			}
			i = j
		}
	}
}

// lesson takes up one verdict that people gave, where its article is still kept
// and the configuration knows its values, and returns n, counted on.
func (p *Pipeline) lesson(ctx context.Context, l *Lessons, id, axis, value string, weight float64, who []string, n int) (int, error) {
	rules := p.Rules()
	known, several := rules.Values(axis)
	values := strings.Split(value, ",")
	if !several {
		values = []string{value}
	}
	classes := rules.Classes(axis, value)
	if len(classes) == 0 || slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(known, v) }) {
		return n, nil
	}
	a, err := p.Store.Article(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return n, nil
	}
	if err != nil {
		return n, err
	}
	l.samples[axis] = append(l.samples[axis], learn.Sample{Features: rules.Lesson(axis, a, p.Now()), Classes: classes, Weight: weight})
	for _, w := range who {
		l.People[w]++
	}
	return n + 1, nil
}

// Keep puts a model in force here and, at their next reading, on other nodes.
// A model without a version is the one that ships.
func (p *Pipeline) Keep(ctx context.Context, m learn.Model, who string) error {
	kept := store.Model{Version: m.Version(), Made: p.Now(), Who: who}
	if kept.Version != "" {
		raw, err := m.Bytes()
		if err != nil {
			return err
		}
		kept.Body = string(raw)
	}
	if err := p.Store.Do(ctx, func(tx *store.Tx) error { return tx.PutModel(ctx, kept) }); err != nil {
		return err
	}
	return p.Recall(ctx)
}

// Recall takes up the model that is in force in the archive.
func (p *Pipeline) Recall(ctx context.Context) error {
	p.one.Lock()
	defer p.one.Unlock()
	return p.recall(ctx)
}

// recall takes up the model that is in force in the archive, where it is another.
func (p *Pipeline) recall(ctx context.Context) error {
	version, err := p.Store.ModelVersion(ctx)
	if err != nil || version == p.taught {
		return err
	}
	m, err := p.Store.Model(ctx)
	if err != nil {
		return err
	}
	rules, err := p.Rules().with([]byte(m.Body))
	if err != nil {
		return err
	}
	p.Use(rules)
	p.taught = version
	return nil
}
