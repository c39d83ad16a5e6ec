package eval

import (
	"hash/fnv"
	"strings"

	"diembao/internal/story"
	"diembao/internal/vi"
)

// CopyFigures are how many texts that were taken over are known for copies.
// Every article of the set is followed by a copy of itself, altered the way
// newsrooms alter what they take; which sentences and words are altered follows
// from the text alone, so that every run alters the same.
type CopyFigures struct {
	Dropped30   float64 `json:"recall_dropped_30"`  // of sentences; more words to the readers are added
	Dropped50   float64 `json:"recall_dropped_50"`  // the same, half of the sentences
	Boilerplate float64 `json:"recall_boilerplate"` // a beginning and an end of the paper's own
	Headline    float64 `json:"recall_headline"`    // a title of its own, 30 % of sentences dropped
	Words       float64 `json:"recall_words"`       // one word in twenty is another
	OthersTaken float64 `json:"others_taken"`       // share of articles that are no copy of any other, and were called one
}

// alteration is what a newsroom did to a text that it took.
type alteration struct {
	drop     float64 // share of sentences left out
	words    float64 // share of words that are others
	own      bool    // words of its own before and after
	headline bool    // a title of its own
}

// Copies measures how copies are found among the articles of a set.
func copyFigures(items []StoryItem, o story.Options) CopyFigures {
	recall := func(a alteration) float64 {
		found, asked := copiesFound(items, o, a)
		return share(found, asked)
	}
	return CopyFigures{
		Dropped30:   recall(alteration{drop: .3, own: true}),
		Dropped50:   recall(alteration{drop: .5, own: true}),
		Boilerplate: recall(alteration{own: true}),
		Headline:    recall(alteration{drop: .3, headline: true}),
		Words:       recall(alteration{words: .05}),
		OthersTaken: othersTaken(items, o),
	}
}

// copiesFound lets every article be followed by its altered copy and counts the
// copies that are known for what they are.
func copiesFound(items []StoryItem, o story.Options, how alteration) (found, asked int) {
	s := story.New(o)
	for _, it := range items {
		own := s.Add(it.doc())
		c := s.Add(how.copy(it))
		asked++
		if c.CopyOf != "" && (c.CopyOf == it.ID || c.CopyOf == own.CopyOf) {
			found++
		}
	}
	return found, asked
}

// trueCopy is the share of the shorter text's runs from which two articles of
// the set are taken for copies by hand: nobody labelled them.
const trueCopy = 0.75

// othersTaken is how many articles of the set were called copies of another
// although less than trueCopy of the shorter stands in the longer.
func othersTaken(items []StoryItem, o story.Options) float64 {
	s := story.New(o)
	taken, asked := 0, 0
	for _, it := range items {
		p := s.Add(it.doc())
		if p.CopyOf != "" && p.Similarity >= trueCopy {
			continue
		}
		asked++
		if p.CopyOf != "" {
			taken++
		}
	}
	return share(taken, asked)
}

// doc is an item as it arrives.
func (it StoryItem) doc() story.Doc {
	return story.Doc{ID: it.ID, Title: it.Title, Lead: it.Summary, Body: it.Body, Time: it.at}
}

const (
	ownHead = "Bạn đọc thân mến, sau đây là nội dung chi tiết mà tòa soạn tổng hợp được trong ngày hôm nay. "
	ownCoda = " Mời bạn đọc theo dõi thêm các tin tức mới nhất trên trang của chúng tôi và gửi ý kiến về hòm thư bạn đọc để được giải đáp."
	ownWord = "khác"
)

// copy is an article as a second newsroom publishes it.
func (how alteration) copy(it StoryItem) story.Doc {
	d := it.doc()
	d.ID += "-copy"
	d.Lead, d.Body = how.text(it.Summary), how.text(it.Body)
	if how.own {
		d.Lead, d.Body = ownHead+d.Lead, d.Body+ownCoda
	}
	if how.headline {
		d.Title = "Thông tin mới nhất bạn đọc cần biết hôm nay"
	}
	return d
}

// text leaves out sentences and changes words.
func (how alteration) text(s string) string {
	var b strings.Builder
	for _, at := range vi.Sentences(s) {
		sentence := s[at.Start:at.End]
		if chance(sentence) < how.drop {
			continue
		}
		for i, w := range strings.Fields(sentence) {
			if chance(sentence, w, string(rune(i))) < how.words {
				w = ownWord
			}
			b.WriteString(w + " ")
		}
	}
	return b.String()
}

// chance is a number from 0 to 1 that a text always draws.
func chance(text ...string) float64 {
	h := fnv.New64a()
	for _, t := range text {
		h.Write([]byte(t)) // never fails
	}
	x := h.Sum64() // FNV alone is uneven in its high bits for short texts
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return float64((x^x>>31)>>11) / (1 << 53)
}
