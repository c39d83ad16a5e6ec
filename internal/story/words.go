package story

import (
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"diembao/internal/vi"
)

// How much a word weighs by where it stands.
const (
	inTitle   = 3
	inLead    = 1
	inBody    = 1
	bodyWords = 100 // whole bodies tell of too much else
	ofNames   = 3   // a pair of capitalised words names somebody or some place
	ofPairs   = 0.8 // other pairs repeat what their syllables said
	maxRuns   = 1500
)

// term is one word of a text: its slot in the vocabulary and its weight there.
type term struct {
	slot   uint32
	weight float32
}

// vector is the words of a text in order of first appearance, which makes sums
// over it the same on every machine.
type vector []term

// vocabulary numbers the words of the live articles and counts in how many of
// them each stands.
type vocabulary struct {
	slot     map[uint64]uint32
	hash     []uint64   // by slot
	articles []int32    // by slot: document frequency
	stories  [][]uint32 // by slot: the stories that hold the word, in no order
	free     []uint32
	total    int
	mark     []float32 // scratch, by slot
	text     vector    // scratch of read
	all      []uint64  // scratch of read
	logs     []float64 // log(i) up to total and a little more
}

func newVocabulary() vocabulary {
	return vocabulary{slot: make(map[uint64]uint32, 1<<15), logs: []float64{0, 0, math.Ln2}}
}

// number returns the slot of a word, new where it is not known.
func (v *vocabulary) number(hash uint64) uint32 {
	if n, ok := v.slot[hash]; ok {
		return n
	}
	var n uint32
	if len(v.free) > 0 {
		n = v.free[len(v.free)-1]
		v.free = v.free[:len(v.free)-1]
		v.hash[n], v.articles[n] = hash, 0
	} else {
		n = uint32(len(v.hash))
		v.hash = append(v.hash, hash)
		v.articles = append(v.articles, 0)
		v.stories = append(v.stories, nil)
		v.mark = append(v.mark, 0)
	}
	v.slot[hash] = n
	return n
}

// count adds (+1) or takes away (-1) an article; words of no article are forgotten.
func (v *vocabulary) count(text vector, by int32) {
	v.total += int(by)
	for len(v.logs) < v.total+3 {
		v.logs = append(v.logs, math.Log(float64(max(1, len(v.logs)))))
	}
	for _, t := range text {
		v.articles[t.slot] += by
	}
}

// drop forgets words that stand in no live article.
func (v *vocabulary) drop(text vector) {
	for _, t := range text {
		if v.articles[t.slot] == 0 {
			delete(v.slot, v.hash[t.slot])
			v.stories[t.slot] = nil
			v.free = append(v.free, t.slot)
			v.articles[t.slot] = -1 // so that a word twice in the list is dropped once
		}
	}
}

// rarity is the inverse document frequency of a word among the live articles,
// the asking one included.
func (v *vocabulary) rarity(slot uint32) float64 {
	return v.logs[v.total+1] - v.logs[v.articles[slot]+1] + 0.5
}

// read fills in what an article's words are.
func (v *vocabulary) read(a *article, d Doc) {
	r := reader{v: v, text: v.text[:0], all: v.all[:0]}
	r.part(d.Title, inTitle, math.MaxInt)
	a.headline = slices.Clone(r.all)
	r.part(d.Lead, inLead, math.MaxInt)
	before := len(r.all)
	r.part(d.Body, inBody, bodyWords)
	a.body = min(1, float64(len(r.all)-before)/bodyWords)
	for i := range r.text {
		t := &r.text[i]
		v.mark[t.slot] = 0
		t.weight = float32(1 + math.Log(float64(t.weight))) // ofPairs > 1/e keeps it positive
	}
	a.words, a.runs = slices.Clone(r.text), runs(r.all)
	v.text, v.all = r.text, r.all
}

// reader gathers the words of one document.
type reader struct {
	v    *vocabulary
	text vector
	all  []uint64 // hashes of all syllables in order
}

// part reads one part of the document: at most limit of its words count.
func (r *reader) part(s string, weight float32, limit int) {
	var before uint64
	wasName := false
	i := 0
	for t := range vi.EachToken(s) {
		h := hash(t.Text)
		r.all = append(r.all, h)
		if i < limit {
			name := named(s[t.Start:])
			r.add(h, weight)
			if before != 0 {
				if name && wasName {
					r.add(pair(before, h), ofNames*weight)
				} else {
					r.add(pair(before, h), ofPairs*weight)
				}
			}
			wasName = name
		}
		before = h
		if i++; len(r.all) > maxRuns && i > limit {
			return
		}
	}
}

// add counts a word; its first appearance gives it its place in the vector.
func (r *reader) add(h uint64, weight float32) {
	n := r.v.number(h)
	if at := r.v.mark[n]; at > 0 {
		r.text[int(at)-1].weight += weight
		return
	}
	r.text = append(r.text, term{n, weight})
	r.v.mark[n] = float32(len(r.text))
}

// named reports whether a word is written with a capital: part of a name, mostly.
func named(word string) bool {
	c, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(c)
}

// hash is FNV-1a, 64 bits.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// pair is the hash of two neighbours.
func pair(a, b uint64) uint64 { return mix(a*3 + b*7 + 1) }

// mix spreads the bits of h (the finaliser of SplitMix64, Steele et al. 2014).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
