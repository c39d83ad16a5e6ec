package pipeline

import (
	"context"
	"encoding/json"
	"fmt"

	"diembao/config"
	"diembao/internal/judge"
	"diembao/internal/news"
	"diembao/internal/store"
)

// judgeAxes are the questions that a language model is asked of an article.
func (r *Rules) judgeAxes() []judge.Axis {
	topics := make([]judge.Value, len(r.Pack.Topics.Topics))
	for i, t := range r.Pack.Topics.Topics {
		topics[i] = judge.Value{ID: t.ID, Means: t.Label}
	}
	return judge.Axes([]string{"relevant", "topics", "tone", "agency_role", "risk"}, topics)
}

// opinions are what the configured language model has said of articles, as they
// stand today, by id. Nobody is asked: what was answered once is kept. While
// the judge is off nothing counts that it ever said.
func (p *Pipeline) opinions(ctx context.Context, arts []news.Article) (map[string]judge.Opinion, error) {
	rules := p.Rules()
	if !rules.Pack.Site.Judge.On() {
		return nil, nil
	}
	ids, axes := make([]string, len(arts)), rules.judgeAxes()
	for i, a := range arts {
		ids[i] = a.ID
	}
	kept, err := p.Store.AskedOf(ctx, store.JudgeArticle, rules.Pack.Site.Judge.Model, judge.CaseVersion(axes), ids)
	if err != nil {
		return nil, err
	}
	out := map[string]judge.Opinion{}
	for _, a := range arts {
		o, err := standing(a, axes, kept[a.ID])
		if err != nil {
			return nil, err
		}
		out[a.ID] = o
	}
	return out, nil
}

// standing is the opinion that was given of an article as its text stands.
func standing(a news.Article, axes []judge.Axis, kept []store.Asked) (o judge.Opinion, err error) {
	if len(kept) == 0 {
		return o, nil
	}
	q, err := judge.Case(a, axes)
	if err != nil {
		return o, err
	}
	for _, j := range kept {
		if j.State != store.Answered || j.Digest != q.Digest() {
			continue
		}
		o = judge.Opinion{Model: j.Model, Prompt: j.Prompt, At: j.At.In(config.VN)}
		if err := json.Unmarshal([]byte(j.Answer), &o.Says); err != nil {
			return o, fmt.Errorf("reading what %s said of %s: %w", j.Model, a.ID, err)
		}
	}
	return o, nil
}

// weighed lays an opinion beside what was read in an article.
func (r *Rules) weighed(a news.Article, reading news.Reading, mentions []news.Mention, o judge.Opinion) news.Reading {
	if len(o.Says) == 0 {
		return reading
	}
	return judge.Weigh(reading, mentions, o, r.Pack.Site.Judge.Below, func(because []news.Reason) news.Reading {
		return r.classify.ReadAs(a, mentions, r.Outlet(a.Outlet), because)
	})
}

// ReadWhole reads one article as Read would today: by the rules, with what the
// language model has said of it, and with people's corrections over both.
func (p *Pipeline) ReadWhole(ctx context.Context, a news.Article) (news.Reading, []news.Mention, error) {
	rules := p.Rules()
	opinions, err := p.opinions(ctx, []news.Article{a})
	if err != nil {
		return news.Reading{}, nil, err
	}
	words, err := p.Store.CorrectionsOf(ctx, []string{a.ID})
	if err != nil {
		return news.Reading{}, nil, err
	}
	r, mentions := ReadOne(a, rules, p.Now())
	return rules.Corrected(rules.weighed(a, r, mentions, opinions[a.ID]), words[a.ID]), mentions, nil
}
