package pipeline

import (
	"context"
	"fmt"
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

// correctionWeight is how much a person's correction counts beside one label.
const correctionWeight = 2

// Teach fits the model that ships to people's standing corrections of topics
// and tone, and returns it with how many there were. Undone ones leave no trace.
func (p *Pipeline) Teach(ctx context.Context) (learn.Model, error) {
	shipped, err := classify.Shipped()
	if err != nil {
		return learn.Model{}, err
	}
	lessons, n, err := p.corrections(ctx)
	if err != nil {
		return learn.Model{}, err
	}
	taught := learn.Model{From: shipped.From, Samples: shipped.Samples, Taught: n, Axes: maps.Clone(shipped.Axes)}
	for _, name := range slices.Sorted(maps.Keys(lessons)) {
		o := p.Rules().Axes()[name]
		prior := shipped.Axes[name]
		o.Prior, o.Least = &prior, 1
		if taught.Axes[name], err = learn.Fit(lessons[name], o); err != nil {
			return learn.Model{}, fmt.Errorf("learning %s from %d corrections: %w", name, n, err)
		}
	}
	raw, err := taught.Bytes()
	if err != nil {
		return learn.Model{}, err
	}
	return learn.Parse(raw)
}

// corrections are the standing ones as lessons, by axis, and how many.
func (p *Pipeline) corrections(ctx context.Context) (map[string][]learn.Sample, int, error) {
	standing, err := p.Store.Standing(ctx)
	if err != nil {
		return nil, 0, err
	}
	rules, now, n := p.Rules(), p.Now(), 0
	out := map[string][]learn.Sample{}
	for _, c := range standing {
		if _, learned := rules.Axes()[c.Axis]; !learned || c.Value == "" {
			continue
		}
		a, err := p.Store.Article(ctx, c.ArticleID)
		if err != nil {
			return nil, 0, err
		}
		out[c.Axis] = append(out[c.Axis], learn.Sample{Features: rules.Lesson(c.Axis, a, now), Classes: strings.Split(c.Value, ","), Weight: correctionWeight})
		n++
	}
	return out, n, nil
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
