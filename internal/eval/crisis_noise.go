package eval

import (
	"time"

	"diembao/internal/news"
)

// Noises are what a run can be disturbed by: tone labels no better than those
// of a poor reader, or stories that fall apart.
var Noises = []string{"tone", "fragment"}

// The measure of noise.
const (
	sensitivity = 0.65 // share of negative articles still read as negative
	specificity = 0.88 // share of the others still not read as negative
	fragmented  = 0.30 // share of stories of which half the articles go astray
)

// disturb puts noise into the stages, always the same for the same articles.
func disturb(r *Replay, noise string) {
	place := r.Place
	switch noise {
	case "tone":
		r.Place = func(a news.Article, read news.Reading) []Settled {
			ours := read.Relevant
			if ours {
				mishear(a.ID, &read)
			}
			out := place(a, read)
			for i := range out {
				if i > 0 || !ours { // read anew because of its story
					mishear(out[i].ID, &out[i].Reading)
				}
			}
			return out
		}
	case "fragment":
		r.Place = func(a news.Article, read news.Reading) []Settled {
			out := place(a, read)
			for i, s := range out {
				if chance("breaks", s.Placed.Story) < fragmented && chance("astray", s.ID) < 0.5 {
					out[i].Placed.Story += "-astray"
				}
			}
			return out
		}
	}
}

// mishear turns the tone of some readings around.
func mishear(article string, r *news.Reading) {
	tone, _ := r.Tense()
	negative, luck := tone == "negative", chance("tone", article)
	switch {
	case negative && luck >= sensitivity:
		tone = "neutral"
	case !negative && luck >= specificity:
		tone = "negative"
	default:
		return
	}
	r.Tone = tone
	if r.Heard != "" {
		r.Heard = tone
	}
}

// sighting is an article of ours, for the rules that only count.
type sighting struct {
	at           time.Time
	url          string
	story, topic string
}

// sightings are all of a run, by time.
type sightings struct{ all []sighting }

// listen lets the stages tell of every article that has a story.
func (s *sightings) listen(r *Replay) {
	place := r.Place
	r.Place = func(a news.Article, read news.Reading) []Settled {
		out := place(a, read)
		for _, found := range out {
			seen := sighting{at: a.FirstSeen, url: found.URL, story: found.Placed.Story}
			if len(found.Reading.Topics) > 0 {
				seen.topic = found.Reading.Topics[0]
			}
			s.all = append(s.all, seen)
		}
		return out
	}
}
