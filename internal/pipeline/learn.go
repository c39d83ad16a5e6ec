package pipeline

import (
	"time"

	"diembao/internal/learn"
	"diembao/internal/news"
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
	other := *r
	other.Pack.Model = raw
	if other.classify, err = classifyWith(other.Pack); err != nil {
		return nil, err
	}
	return &other, nil
}
