package web

import (
	"diembao/internal/news"
	"diembao/internal/store"
)

// A story is loud from so many outlets on; so many days back it is shown, and so
// many are.
const (
	loudFrom = 4
	loudDays = 30
	mostLoud = 5
)

// loudStory is a story that many papers tell and that raised no alarm.
type loudStory struct {
	ID, Title                       string
	Outlets, Publications, Negative int
}

// quietly are the loudest stories that are no incident: whoever trusts the list
// of incidents wants to see what it left out, and whoever doubts it, where.
func (v *visit) quietly(seen []store.IncidentState) ([]loudStory, error) {
	told := map[string]news.State{}
	for _, in := range seen {
		told[in.Story] = in.State
	}
	stories, err := v.Store.TopStories(v.ctx, store.Filter{From: v.now.AddDate(0, 0, -loudDays)}, 10*mostLoud)
	var out []loudStory
	for _, s := range stories {
		if told[s.ID] == "" && s.Outlets >= loudFrom && len(out) < mostLoud {
			out = append(out, loudStory{s.ID, s.Title, s.Outlets, s.Publications, s.Negative})
		}
	}
	return out, err
}
