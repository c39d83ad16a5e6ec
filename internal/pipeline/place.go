package pipeline

import (
	"slices"
	"time"

	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/story"
)

// Places is where articles find their stories: the live stories of ours, and
// beside them what waits. It is not safe for concurrent use.
type Places struct {
	stories *story.Stories
	waiting lobby
}

// NewPlaces returns a memory without stories.
func NewPlaces() *Places {
	return &Places{stories: story.New(story.Options{}), waiting: newLobby()}
}

// Settled is an article that found its story, as it is then read.
type Settled struct {
	news.Article
	Reading news.Reading
	Placed  story.Placed
}

// Place finds the story of one article as read; nothing where it belongs to
// none: round-ups tell many events, and what is not ours tells another's. The
// article comes first, and behind it those that had waited for its story.
func (p *Places) Place(rules *Rules, a news.Article, r news.Reading, now time.Time) []Settled {
	named := r.BeforeJudge().Relevant
	d, ok := p.told(rules, a, &r, now)
	if !ok {
		return nil
	}
	return p.settle(rules, Settled{Article: a, Reading: r}, d, named, now)
}

// settle adds an article to its story and, if it is named ours by its own words,
// draws in those that had waited for it.
func (p *Places) settle(rules *Rules, s Settled, d story.Doc, named bool, now time.Time) []Settled {
	s.Placed = p.stories.Add(d)
	p.waiting.follow(s.Placed.Merged)
	out := []Settled{s}
	if !named {
		return out
	}
	for _, w := range p.waiting.claim(d, s.Placed.Story) {
		w.doc.Story = s.Placed.Story
		because := news.Reason{Rule: "cùng kể sự việc mà báo khác nêu tên bảo hiểm", Quote: s.Title, Weight: 1}
		r := rules.joined(w.article, because, nil, now)
		w.doc.Provinces, w.doc.Grave = r.Provinces, crisis.Grave(r)
		out = append(out, Settled{w.article, r, p.stories.Add(w.doc)})
	}
	return out
}

// told is an article as the story room is told of it; false where it has no story.
//
// A report of a live story of harm may name neither insurance nor agency and
// be read as irrelevant. Where it is very like such a story it joins, and r
// becomes what is read in it as an article of ours, with that as the reason.
// Where there is no such story yet, it may wait for one. What a language model
// settled moves no story.
func (p *Places) told(rules *Rules, a news.Article, r *news.Reading, now time.Time) (story.Doc, bool) {
	d := doc(a)
	if r.Digest {
		return d, false
	}
	heard := r.BeforeJudge()
	if !heard.Relevant {
		if !p.join(rules, a, &d, r, now) {
			return d, false
		}
		heard = *r
	}
	d.Provinces, d.Grave = heard.Provinces, crisis.Grave(heard)
	return d, true
}

// join lets an article that names no insurance join a story of harm.
func (p *Places) join(rules *Rules, a news.Article, d *story.Doc, r *news.Reading, now time.Time) bool {
	if elsewhere(*r) {
		return false
	}
	like, ok := p.stories.Like(*d)
	if !ok {
		if !rules.mayWait(a, *r, now) {
			return false
		}
		if like, ok = p.waiting.add(a, *d); !ok || !p.stories.Open(like.Story) {
			return false
		}
	}
	because := news.Reason{Rule: "rất giống sự việc đang theo dõi", Quote: p.stories.Title(like.Story), Weight: like.Similarity}
	*r = rules.joined(a, because, like.Why, now)
	d.Story, d.CopyOf = like.Story, like.CopyOf
	return true
}

// elsewhere reports whether something spoke against an article being ours:
// another country, a commercial insurer, a person.
func elsewhere(r news.Reading) bool {
	v := r.Verdicts["relevant"]
	return v.Value == "false" || slices.ContainsFunc(v.Reasons, func(why news.Reason) bool { return why.Weight < 0 })
}

// joined reads an article as one of ours because of the story it belongs to.
func (r *Rules) joined(a news.Article, because news.Reason, why []news.Reason, now time.Time) news.Reading {
	return r.classify.ReadAs(a, r.matcher.Find(a, now), r.Outlet(a.Outlet), append([]news.Reason{because}, why...))
}
