package eval

import (
	"slices"
	"time"

	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/story"
)

// join does to the tallies and the incidents what the store does when two
// stories are merged, and decides on the whole.
func (r *Replay) join(now time.Time, m story.Merged) error {
	m.From, m.Into = r.standing(m.From), r.standing(m.Into)
	if r.tallies[m.From] == nil || r.tallies[m.Into] == nil || m.From == m.Into {
		return nil // remembered from before the replay began, or one already
	}
	r.put(m.From, m.Into)
	for _, w := range r.watches {
		w.join(m)
	}
	return r.decide(now, m.Into)
}

// put makes one story part of another.
func (r *Replay) put(from, into string) {
	t := r.tallies[into]
	t.Articles = append(t.Articles, r.tallies[from].Articles...)
	slices.SortStableFunc(t.Articles, func(a, b crisis.Article) int { return a.FirstSeen.Compare(b.FirstSeen) })
	delete(r.tallies, from)
}

// join lets one incident go on for two stories that became one.
func (w *watch) join(m story.Merged) {
	var both []news.Incident
	for _, id := range slices.Concat(w.byStory[m.From], w.byStory[m.Into]) {
		both = append(both, w.incidents[id])
	}
	in := crisis.Inhibit(both)
	if in.Stays == "" {
		return
	}
	for _, id := range in.Close {
		i := w.incidents[id]
		i.State = news.Closed
		w.incidents[id] = i
	}
	for _, id := range in.Away {
		w.move(id, m.From)
	}
	w.move(in.Stays, m.Into)
}

// move lets an incident go on in another story.
func (w *watch) move(id, story string) {
	in := w.incidents[id]
	w.byStory[in.Story] = slices.DeleteFunc(w.byStory[in.Story], func(other string) bool { return other == id })
	in.Story = story
	w.incidents[id], w.byStory[story] = in, append(w.byStory[story], id)
}
