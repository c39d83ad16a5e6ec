package story

import (
	"cmp"
	"slices"
	"time"

	"diembao/internal/news"
)

// Merged tells that two stories grew towards one another: all that was in From
// is in Into, the elder, from now on.
type Merged struct {
	From, Into string
	Similarity float64
	Why        []news.Reason
}

// pass is how often the stories that grew are held against the others.
const pass = time.Hour

// due reports whether an article opens a new hour of arrivals. The hours are
// those of the articles, so that a memory made anew merges when the old would.
func (s *Stories) due(seen time.Time) bool {
	return seen.Truncate(pass).After(s.clock.Truncate(pass))
}

// hourly merges where an hour of arrivals is over.
func (s *Stories) hourly(seen time.Time) []Merged {
	switch {
	case !s.due(seen):
		return nil
	case s.restored:
		s.grown = nil
		return nil
	}
	return s.merge()
}

// merge joins stories that grew since the last pass with those they grew like.
func (s *Stories) merge() []Merged {
	var out []Merged
	grown := s.grown
	s.grown = nil
	slices.SortFunc(grown, elder)
	for _, st := range slices.Compact(grown) {
		if s.live[st.id] != st || !s.ours(st) {
			continue
		}
		probe := st.probe()
		twin, similarity := s.nearest(probe, func(other *story) bool { return other != st && s.ours(other) && !related(st, other) })
		if twin == nil || similarity < s.opt.Merge {
			continue
		}
		into, from := st, twin
		if elder(twin, st) < 0 {
			into, from = twin, st
		}
		out = append(out, Merged{From: from.id, Into: into.id, Similarity: similarity,
			Why: s.why(probe, twin, Doc{Title: st.articles[0].title})})
		s.absorb(into, from)
	}
	return out
}

// related reports whether one story is a branch of the other: they were told
// apart where they were most alike.
func related(a, b *story) bool { return a.parent == b.id || b.parent == a.id }

// elder puts the story that was told first first.
func elder(a, b *story) int {
	return cmp.Or(a.first.Compare(b.first), cmp.Compare(a.id, b.id))
}

// ours reports whether the machine may merge a story: nobody closed it, and
// nobody put an article into it or out of another into it.
func (s *Stories) ours(st *story) bool {
	return st.held == 0 && s.unlocked(st)
}

// probe is a story as if it were one article, told when it was last told.
func (st *story) probe() *article {
	a := &article{words: st.sum, told: st.last}
	for _, v := range st.voices[max(0, len(st.voices)-recent):] {
		a.provinces = append(a.provinces, v.provinces...)
	}
	return a
}

// absorb moves everything of one story into another, in order of arrival: as
// if it had come there.
func (s *Stories) absorb(into, from *story) {
	arrived := func(a, b *article) int { return cmp.Compare(a.serial, b.serial) }
	if arrived(from.articles[len(from.articles)-1], into.articles[len(into.articles)-1]) > 0 {
		into.touched = from.touched
		s.oldest.remove(into)
		s.oldest.before(from, into)
	}
	for _, a := range from.articles {
		a.story = into
		into.span(a.told)
	}
	into.articles, into.voices = append(into.articles, from.articles...), append(into.voices, from.voices...)
	slices.SortFunc(into.articles, arrived)
	slices.SortFunc(into.voices, arrived)
	from.articles = nil
	for _, st := range s.live {
		if st.parent == from.id {
			st.parent = into.id
		}
	}
	s.speak(into)
	s.close(from)
}
