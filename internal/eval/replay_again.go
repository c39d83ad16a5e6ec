package eval

import (
	"time"

	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/story"
)

// Again is how it is seen that a story tells the event of an incident anew that
// was over: the two steps that ship.
type Again struct {
	Window time.Duration // stories without an article for so long are not among those told at the time
	Over   func(now time.Time, c crisis.Change, known []news.Incident) []news.Incident
	Retold func(now time.Time, c crisis.Change, told crisis.Tally, over []news.Incident, before map[string]crisis.Tally, others []crisis.Tally) (crisis.Change, crisis.Tally, bool)
}

// retold makes of a change that of an incident that was over, where the story
// tells its event anew, and joins the stories.
func (r *Replay) retold(w *watch, now time.Time, c crisis.Change) crisis.Change {
	if w.again == nil {
		return c
	}
	var known []news.Incident
	for _, in := range w.incidents {
		known = append(known, in)
	}
	over := w.again.Over(now, c, known)
	if len(over) == 0 {
		return c
	}
	before := map[string]crisis.Tally{}
	for _, in := range over {
		if t := r.tallies[in.Story]; t != nil {
			before[in.Story] = *t
		}
	}
	again, _, ok := w.again.Retold(now, c, *r.tallies[c.Incident.Story], over, before, r.live(now, w.again.Window))
	if ok {
		r.joinAgain(w, c, again)
	}
	return again
}

// live are the stories with an article since a while.
func (r *Replay) live(now time.Time, window time.Duration) (out []crisis.Tally) {
	for _, t := range r.tallies {
		if now.Sub(t.Articles[len(t.Articles)-1].FirstSeen) <= window {
			out = append(out, *t)
		}
	}
	return out
}

// standing is the story that a story is part of by now.
func (r *Replay) standing(id string) string {
	for {
		into, ok := r.joined[id]
		if !ok {
			return id
		}
		id = into
	}
}

// joinAgain makes the story of a change part of that of an incident that was
// over, for all watches; an incident that it had ends.
func (r *Replay) joinAgain(w *watch, c, again crisis.Change) {
	from, into := c.Incident.Story, again.Incident.Story
	r.put(from, into)
	r.joined[from] = into
	for _, other := range r.watches {
		if other != w {
			other.join(story.Merged{From: from, Into: into})
		}
	}
	if young, ok := w.incidents[c.Incident.ID]; ok {
		young.State = news.Closed
		w.incidents[young.ID] = young
	}
}
