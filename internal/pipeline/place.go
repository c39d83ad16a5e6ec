package pipeline

import (
	"diembao/internal/news"
	"diembao/internal/story"
)

// Place finds the story of one article as read; false where it belongs to
// none: round-ups tell many events, and what is not ours tells another's.
func Place(stories *story.Stories, a news.Article, r *news.Reading) (story.Placed, bool) {
	if !r.Relevant || r.Digest {
		return story.Placed{}, false
	}
	d := doc(a)
	d.Provinces = r.Provinces
	return stories.Add(d), true
}
