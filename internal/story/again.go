package story

import (
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
)

// Again is how like a story is to one that was over before it began.
type Again struct {
	Likeness float64       // cosine of the words' TF-IDF weights, 0..1: the time between takes nothing off
	Names    []string      // people, places, works and sums that both stories hang on and few others tell, as written
	Near     bool          // both name a province
	Apart    bool          // each hangs on names that the other does not, or both name provinces, none the same
	Why      []news.Reason // the words that speak most for it, as they stand in the new story's first article
}

// How like a story must be to one that was over for it to be the same event,
// where both hang on a name, where both name a province, and where neither. Of
// 114 invented stories the two halves are as like as .15, .2 and .4 in 97, 92 and
// two thirds of 100 cases; no two such stories of 6,441 pairs hang on the same
// name, and none in the same province is as like as .2. Without a name or a
// province stories of other writers were as like as .34.
const (
	againNamed = 0.15
	againNear  = 0.2
	againBare  = 0.4
)

// Same reports whether both tell one event. Two hospitals that turn patients
// away within a week are two events, however alike the words.
func (a Again) Same() bool {
	switch {
	case a.Apart:
		return false
	case len(a.Names) > 0:
		return a.Likeness >= againNamed
	case a.Near:
		return a.Likeness >= againNear
	}
	return a.Likeness >= againBare
}

// Retell compares the articles of a story with those of one told before it; the
// words' rarity is that among all articles given, those of other stories first
// of all. Names that everything is told of, such as those of provinces, are in
// everyday. Copies, round-ups and what is not ours are for the caller to leave out.
func Retell(now, before, others []Doc, everyday []string) Again {
	var a Again
	if len(now) == 0 || len(before) == 0 {
		return a
	}
	var strange bool
	a.Names, strange = both(now, before, others, everyday)
	here, there := provinces(now), provinces(before)
	a.Near = slices.ContainsFunc(here, func(p string) bool { return slices.Contains(there, p) })
	a.Apart = strange || !a.Near && len(here) > 0 && len(there) > 0
	s := New(Options{})
	for _, d := range others {
		s.words.count(s.read(d, d.Time).words, 1)
	}
	ours, theirs := s.whole(now), s.whole(before)
	a.Likeness = s.words.cosine(ours, theirs)
	a.Why = s.why(&article{words: ours}, &story{sum: theirs}, now[0])
	return a
}

// whole is the words of a story's articles, which count from now on.
func (s *Stories) whole(docs []Doc) vector {
	var all []*article
	for _, d := range docs {
		a := s.read(d, d.Time)
		s.words.count(a.words, 1)
		all = append(all, a)
	}
	return s.words.sum(all)
}

func provinces(docs []Doc) (out []string) {
	for _, d := range docs {
		out = append(out, d.Provinces...)
	}
	return out
}

// days is how long after a story was last told the names are asked for: until
// then papers tell one event by the names of all who had to do with it.
const days = 48 * time.Hour

// strangers reports whether an article comes days after a story and hangs on
// other names: the same thing happened to somebody else.
func (s *Stories) strangers(a *article, d Doc, st *story) bool {
	if between(a.told, st) < days {
		return false
	}
	ours := s.rare(d.Title + ".\n" + d.Lead)
	known := 0
	for _, v := range st.voices[max(0, len(st.voices)-recent):] {
		theirs := s.rare(v.title)
		known += len(theirs)
		if slices.ContainsFunc(theirs, func(key string) bool { return slices.Contains(ours, key) }) {
			return false
		}
	}
	return len(ours) > 0 && known > 0
}

// rare are the names of a text that few live articles have.
func (s *Stories) rare(text string) (out []string) {
	for _, m := range marks(text) {
		one, two, _ := strings.Cut(m.key, " ")
		slot, ok := s.words.slot[pair(hash(one), hash(two))]
		if !ok || rareNames*int(s.words.articles[slot]) <= max(s.words.total, 10*rareNames) {
			out = append(out, m.key)
		}
	}
	return out
}
