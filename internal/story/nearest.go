package story

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"diembao/internal/news"
	"diembao/internal/vi"
)

const (
	compared = 8    // stories compared exactly
	common5  = 0.05 // words in more than this share of articles lead to no candidates
	commonN  = 64   // … once there are so many articles with them
)

// nearest returns the live story most like the article among those allowed, and how like.
func (s *Stories) nearest(a *article, allowed func(*story) bool) (*story, float64) {
	var best *story
	var most float64
	if len(a.words) == 0 {
		return nil, 0
	}
	for _, c := range s.candidates(a, allowed) {
		if sim := s.similarity(a, c); sim > most {
			best, most = c, sim
		}
	}
	return best, most
}

// candidates are the stories that share most weight of telling words with the article.
func (s *Stories) candidates(a *article, allowed func(*story) bool) []*story {
	often := int32(max(commonN, int(common5*float64(s.words.total))))
	var found []*story
	for _, t := range a.words {
		if s.words.articles[t.slot] > often {
			continue
		}
		w := s.words.rarity(t.slot) * float64(t.weight)
		for _, slot := range s.words.stories[t.slot] {
			if s.score[slot] == 0 {
				found = append(found, s.slots[slot])
			}
			s.score[slot] += w * w
		}
	}
	best := make([]*story, 0, compared+1)
	for _, st := range found {
		if len(best) == compared && s.score[st.slot] < s.score[best[compared-1].slot] || !allowed(st) {
			continue // time only takes away: it could not come among the best
		}
		s.score[st.slot] *= s.decay(between(a.told, st))
		best = insert(best, st, compared, func(x, y *story) bool {
			a, b := s.score[x.slot], s.score[y.slot]
			return a > b || a == b && x.id < y.id
		})
	}
	for _, st := range found {
		s.score[st.slot] = 0
	}
	return best
}

// similarity is the cosine of the article's words and the story's, less by the
// time between them and by provinces that differ.
func (s *Stories) similarity(a *article, st *story) float64 {
	return s.words.cosine(a.words, st.sum) * s.decay(between(a.told, st)) * places(a, st)
}

// between is the time from an article to the nearest moment a story was told.
func between(told time.Time, st *story) time.Duration {
	switch {
	case told.Before(st.first):
		return st.first.Sub(told)
	case told.After(st.last):
		return told.Sub(st.last)
	}
	return 0
}

// elsewhere is what is left of a likeness where both name provinces and none
// is the same: the province's offices write alike of different events.
const elsewhere = 0.75

func places(a *article, st *story) float64 {
	if len(a.provinces) == 0 {
		return 1
	}
	named := false
	for _, v := range st.voices[max(0, len(st.voices)-recent):] {
		for _, p := range v.provinces {
			if slices.Contains(a.provinces, p) {
				return 1
			}
			named = true
		}
	}
	if named {
		return elsewhere
	}
	return 1
}

// cosine compares two texts by the TF-IDF weights of their words.
func (v *vocabulary) cosine(a, b vector) float64 {
	var aa, bb, ab float64
	for i, t := range a {
		v.mark[t.slot] = float32(i + 1)
		w := v.rarity(t.slot) * float64(t.weight)
		aa += w * w
	}
	for _, t := range b {
		r := v.rarity(t.slot)
		w := r * float64(t.weight)
		bb += w * w
		if at := v.mark[t.slot]; at > 0 {
			ab += w * r * float64(a[int(at)-1].weight)
		}
	}
	for _, t := range a {
		v.mark[t.slot] = 0
	}
	if ab == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}

// sum adds up the words of articles.
func (v *vocabulary) sum(articles []*article) vector {
	if len(articles) == 1 {
		return articles[0].words
	}
	out := make(vector, 0, 2*len(articles[0].words))
	for _, a := range articles {
		for _, t := range a.words {
			if at := v.mark[t.slot]; at > 0 {
				out[int(at)-1].weight += t.weight
				continue
			}
			out = append(out, t)
			v.mark[t.slot] = float32(len(out))
		}
	}
	for _, t := range out {
		v.mark[t.slot] = 0
	}
	return out
}

// list and unlist keep the stories that hold a word.
func (v *vocabulary) list(word, story uint32) {
	v.stories[word] = append(v.stories[word], story)
}

func (v *vocabulary) unlist(word, story uint32) {
	list := v.stories[word]
	if at := slices.Index(list, story); at >= 0 {
		list[at] = list[len(list)-1]
		v.stories[word] = list[:len(list)-1]
	}
}

// why names the words that speak most for a placing, as they stand in the document.
func (s *Stories) why(a *article, st *story, d Doc) []news.Reason {
	shared := map[uint64]float64{}
	for _, t := range a.words {
		s.words.mark[t.slot] = t.weight
	}
	for _, t := range st.sum {
		if w := s.words.mark[t.slot]; w > 0 {
			r := s.words.rarity(t.slot)
			shared[s.words.hash[t.slot]] = r * r * float64(w) * float64(t.weight)
		}
	}
	for _, t := range a.words {
		s.words.mark[t.slot] = 0
	}
	return strongest(d, shared)
}

// strongest quotes the three neighbouring word pairs of title and lead that
// weigh most in what is shared.
func strongest(d Doc, shared map[uint64]float64) []news.Reason {
	var out []news.Reason
	for _, part := range []struct {
		where news.Part
		text  string
	}{{news.Title, d.Title}, {news.Lead, d.Lead}} {
		tokens := vi.Tokens(part.text)
		for i := 1; i < len(tokens); i++ {
			h := pair(hash(tokens[i-1].Text), hash(tokens[i].Text))
			if w := shared[h]; w > 0 {
				quote := part.text[tokens[i-1].Start:tokens[i].End]
				out = append(out, news.Reason{Rule: "words", Where: part.where, Quote: quote, Weight: w})
				delete(shared, h)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b news.Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	out = out[:min(3, len(out))]
	for i := range out {
		out[i].Weight = math.Round(out[i].Weight*100) / 100
	}
	if len(out) == 0 {
		out = append(out, news.Reason{Rule: "words", Quote: fmt.Sprintf("%s…", d.Title)})
	}
	return out
}
