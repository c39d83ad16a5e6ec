package pipeline

import (
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/story"
)

// lobby is what newsrooms tell that is not ours by its own words and may yet
// turn out to be: reports of harm from the neighbourhood of our field, before
// one of them names the insurance or after the others did. They lie in stories
// of their own, among all the harm that is ours. As soon as an article of ours
// lies in the same story, the others belong where it does.
//
// It is bounded in time and number, and follows from the articles alone: after
// a restart it is filled again with those of the last days.
type lobby struct {
	stories *story.Stories
	held    map[string]waiter // by article
	ours    map[string]claim  // by story here
	swept   time.Time         // by the articles' clock
}

type waiter struct {
	article news.Article
	doc     story.Doc
}

// claim is an event here that an article of ours tells too.
type claim struct {
	story string    // of ours
	named time.Time // when an article of ours told it last
}

const (
	// patience is how long an article waits.
	patience = 72 * time.Hour
	// mostWaiting is how many wait at once: three days of all the Vietnamese press.
	mostWaiting = 6_000
	// lobbyJoin is how like they must be: more than articles that name the same
	// insurance, for here all the news of the day lies side by side.
	lobbyJoin = 0.25
	// event is how long before and after an article of ours others tell the same
	// event. What was told for longer is a matter of public debate, of which ours
	// is a part: taxes, housing.
	event = 48 * time.Hour
)

func newLobby() lobby {
	return lobby{
		stories: story.New(story.Options{Live: patience, Articles: mostWaiting, Join: lobbyJoin, Kin: 1}),
		held:    map[string]waiter{}, ours: map[string]claim{},
	}
}

// add lets an article wait, or returns the story of ours that it belongs to.
func (w *lobby) add(a news.Article, d story.Doc) (story.Placed, bool) {
	p := w.put(d)
	if c, ok := w.ours[p.Story]; ok && d.Time.Sub(c.named) <= event {
		p.Story, p.CopyOf = c.story, ""
		return p, true
	}
	w.held[a.ID] = waiter{a, d}
	w.sweep(d.Time)
	return p, false
}

// claim puts an article of ours among those that wait, if it tells of harm, and
// returns the ones that tell the same; they wait no more.
func (w *lobby) claim(d story.Doc, ours string) []waiter {
	if !d.Grave {
		return nil
	}
	p := w.put(beside(d))
	c, known := w.ours[p.Story]
	if first, _ := w.stories.Told(p.Story); !known && d.Time.Sub(first) > event {
		return nil
	}
	if !known {
		c.story = ours
	}
	c.named = d.Time
	w.ours[p.Story] = c
	w.sweep(d.Time)
	var out []waiter
	for _, id := range w.stories.Articles(p.Story) {
		if h, ok := w.held[id]; ok {
			out = append(out, h)
			delete(w.held, id)
		}
	}
	return out
}

// beside is an article of ours as it lies among those that wait.
func beside(d story.Doc) story.Doc {
	d.Story, d.CopyOf = "", ""
	return d
}

// put lays an article among those that wait. Of stories that grew together the
// claim on the one is that on both.
func (w *lobby) put(d story.Doc) story.Placed {
	p := w.stories.Add(d)
	for _, m := range p.Merged {
		c, ok := w.ours[m.From]
		if _, taken := w.ours[m.Into]; ok && !taken {
			w.ours[m.Into] = c
		}
		delete(w.ours, m.From)
	}
	return p
}

// follow keeps up with stories of ours that grew together.
func (w *lobby) follow(merged []story.Merged) {
	for _, m := range merged {
		for id, c := range w.ours {
			if c.story == m.From {
				c.story = m.Into
				w.ours[id] = c
			}
		}
	}
}

// sweep forgets, once an hour of the articles, those that waited long enough or
// whose stories have gone.
func (w *lobby) sweep(now time.Time) {
	if now.Sub(w.swept).Abs() < time.Hour {
		return
	}
	w.swept = now
	for id, h := range w.held {
		if !w.stories.Holds(id) || now.Sub(h.doc.Time) > patience {
			delete(w.held, id)
		}
	}
	for id := range w.ours {
		if len(w.stories.Articles(id)) == 0 {
			delete(w.ours, id)
		}
	}
}

// uneasy is the odds from which the wording of an article alone makes it one to
// keep in mind.
const uneasy = 0.5

// mayWait reports whether an article that is not ours may yet turn out to be: it
// is told in the words of a crisis or, where these are not loud, beside words of
// our field.
func (r *Rules) mayWait(a news.Article, reading news.Reading, now time.Time) bool {
	if reading.Tone == "positive" {
		return false
	}
	odds := r.crisis.Odds(a)
	return odds >= uneasy || odds >= 0 && near(r.matcher.Find(a, now))
}

// near reports whether title or lead holds words of our field.
func near(mentions []news.Mention) bool {
	return slices.ContainsFunc(mentions, func(m news.Mention) bool {
		return m.Where != news.Body && (m.What == "cue:kin" || m.What == "cue:bare" || m.What == "agency" || strings.HasPrefix(m.What, "topic:"))
	})
}
