package pipeline

import (
	"slices"
	"time"

	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/story"
)

// Place finds the story of one article as read; false where it belongs to
// none: round-ups tell many events, and what is not ours tells another's. The
// reading may change with the story, see told.
func Place(stories *story.Stories, rules *Rules, a news.Article, r *news.Reading, now time.Time) (story.Placed, bool) {
	d, ok := told(stories, rules, a, r, now)
	if !ok {
		return story.Placed{}, false
	}
	return stories.Add(d), true
}

// told is an article as the story room is told of it; false where it has no story.
//
// A report of a live story of harm may name neither insurance nor agency and
// be read as irrelevant. Where it is very like such a story it joins, and r
// becomes what is read in it as an article of ours, with that as the reason.
// What a language model settled moves no story.
func told(stories *story.Stories, rules *Rules, a news.Article, r *news.Reading, now time.Time) (story.Doc, bool) {
	d := doc(a)
	if r.Digest {
		return d, false
	}
	heard := r.BeforeJudge()
	if !heard.Relevant {
		p, ok := stories.Like(d)
		if !ok || elsewhere(*r) {
			return d, false
		}
		*r = rules.joined(a, p, stories.Title(p.Story), now)
		d.Story, d.CopyOf, heard = p.Story, p.CopyOf, *r
	}
	d.Provinces, d.Grave = heard.Provinces, crisis.Grave(heard)
	return d, true
}

// elsewhere reports whether something spoke against an article being ours:
// another country, a commercial insurer.
func elsewhere(r news.Reading) bool {
	return slices.ContainsFunc(r.Verdicts["relevant"].Reasons, func(why news.Reason) bool { return why.Weight < 0 })
}

// joined reads an article as one of ours because of the story it belongs to.
func (r *Rules) joined(a news.Article, p story.Placed, title string, now time.Time) news.Reading {
	because := news.Reason{Rule: "rất giống sự việc đang theo dõi", Quote: title, Weight: p.Similarity}
	return r.classify.ReadAs(a, r.matcher.Find(a, now), r.Outlet(a.Outlet), append([]news.Reason{because}, p.Why...))
}
