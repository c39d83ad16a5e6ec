// Package rumour finds claims of a register again in articles, in other words.
//
// A claim and every place of an article (the title, the lead, two sentences of
// the body) become their content syllables and the pairs of these that stand
// side by side. The share of the claim's pairs and syllables that a place
// holds, pairs counting more, says how much of the claim is there: containment
// (Broder 1997), not likeness, for a place says other things too. A claim that
// names a number, a day or a rate is another claim with another number, and one
// that takes something away is not repeated by a place that takes nothing away.
package rumour

import (
	"regexp"
	"slices"
	"strings"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// Least is the share from which a place repeats a claim.
const Least = 0.62

// Fewest is how many content syllables a claim must have: a shorter one would
// be found everywhere.
const Fewest = 6

const pairsCount = 0.6 // how much of the share the pairs make

// Register is the claims that are looked for. It is safe for concurrent use.
type Register struct{ claims []claim }

type claim struct {
	id      int64
	words   place
	numbers []string
}

// place is a stretch of text made ready.
type place struct {
	where     news.Part
	text      string
	syllables map[string]bool
	pairs     map[[2]string]bool
}

// Compile makes the claims that stand ready.
func Compile(rumours []news.Rumour) *Register {
	r := &Register{}
	for _, x := range rumours {
		if x.Ended.IsZero() && Long(x.Claim) {
			words := ready("", x.Claim)
			r.claims = append(r.claims, claim{x.ID, words, numbers(words)})
		}
	}
	return r
}

// Long reports whether a claim says enough to be found again.
func Long(claim string) bool { return len(ready("", claim).syllables) >= Fewest }

// Empty reports whether there is nothing to look for.
func (r *Register) Empty() bool { return len(r.claims) == 0 }

// Find returns the claims that an article repeats, each with its best place.
func (r *Register) Find(a news.Article) []news.RumourHit {
	if r.Empty() {
		return nil
	}
	var out []news.RumourHit
	if !r.likely(a) {
		return nil
	}
	all := places(a)
	for _, c := range r.claims {
		best, most := -1, 0.0
		for i, p := range all {
			if s := c.share(p); s > most {
				best, most = i, s
			}
		}
		if most >= Least {
			p := all[best]
			out = append(out, news.RumourHit{Rumour: c.id, Article: a.ID, Share: most, Where: p.where, Quote: p.text, Denied: denies(p.text)})
		}
	}
	return out
}

// unlikely is the share of a claim's syllables below which no place of an
// article can hold enough of it: what lacks a syllable lacks its pairs, too.
const unlikely = 0.4

// likely reports whether the article as a whole has the syllables of a claim:
// most have not, and are passed over without a look at each place.
func (r *Register) likely(a news.Article) bool {
	whole := map[string]bool{}
	for _, part := range []string{a.Title, a.Lead, a.Body} {
		for _, s := range content(part) {
			whole[s] = true
		}
	}
	return slices.ContainsFunc(r.claims, func(c claim) bool { return held(c.words.syllables, whole) >= unlikely })
}

// places are the title, the lead, and the body by twos of sentences.
func places(a news.Article) []place {
	out := []place{ready(news.Title, a.Title), ready(news.Lead, a.Lead)}
	for _, paragraph := range strings.Split(a.Body, "\n") {
		spans := vi.Sentences(paragraph)
		for i, s := range spans {
			end := spans[min(i+1, len(spans)-1)].End
			if i == len(spans)-1 && i > 0 {
				break // it stands in the one before
			}
			out = append(out, ready(news.Body, paragraph[s.Start:end]))
		}
	}
	return out
}

func ready(where news.Part, text string) place {
	p := place{where: where, text: text, syllables: map[string]bool{}, pairs: map[[2]string]bool{}}
	last := ""
	for _, s := range content(text) {
		p.syllables[s] = true
		if last != "" {
			p.pairs[[2]string{last, s}] = true
		}
		last = s
	}
	return p
}

// share is how much of a claim a place holds; 0 where it names another number,
// or takes nothing away where the claim does.
func (c claim) share(p place) float64 {
	for _, n := range c.numbers {
		if !p.syllables[n] {
			return 0
		}
	}
	if c.words.takes() && !p.takes() {
		return 0
	}
	return pairsCount*held(c.words.pairs, p.pairs) + (1-pairsCount)*held(c.words.syllables, p.syllables)
}

func held[K comparable](of, in map[K]bool) float64 {
	n := 0
	for k := range of {
		if in[k] {
			n++
		}
	}
	return float64(n) / float64(max(1, len(of)))
}

// taking are the syllables by which something is not, no longer, or forbidden.
var taking = []string{vi.Key("không"), vi.Key("chưa"), vi.Key("hết"), vi.Key("mất"), vi.Key("cấm"), vi.Key("bỏ"), vi.Key("dừng"), vi.Key("ngừng"), vi.Key("cắt"), vi.Key("vỡ"), vi.Key("khỏi")}

func (p place) takes() bool {
	return slices.ContainsFunc(taking, func(s string) bool { return p.syllables[s] })
}

func numbers(p place) (out []string) {
	for s := range p.syllables {
		if s[0] >= '0' && s[0] <= '9' {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

// short names stand for their long ones.
var short = map[string][]string{
	"bhxh": {"bảo", "hiểm", "xã", "hội"}, "bhyt": {"bảo", "hiểm", "y", "tế"}, "bhtn": {"bảo", "hiểm", "thất", "nghiệp"},
	"cccd": {"căn", "cước", "công", "dân"}, "nld": {"người", "lao", "động"}, "nlđ": {"người", "lao", "động"},
}

// empty syllables tell no claim from another.
var empty = func() map[string]bool {
	out := map[string]bool{}
	for _, s := range strings.Fields("là và của bị được sẽ các những cho từ có ở tại với về này đã đang một thì mà như khi để do vì theo trong trên ra vào lại cũng đó ấy phải rằng thông tin tin đồn nói") {
		out[vi.Key(s)] = true
	}
	return out
}()

// content is the syllables of a text that tell something, short names written out.
func content(text string) (out []string) {
	for _, t := range vi.Tokens(text) {
		if long, ok := short[t.Text]; ok {
			for _, s := range long {
				out = append(out, vi.Key(s))
			}
		} else if !empty[t.Text] {
			out = append(out, t.Text)
		}
	}
	return out
}

// denial is how papers say that something is not so.
var denial = regexp.MustCompile(`(?i)bác bỏ|phủ nhận|cải chính|đính chính|tin giả|thất thiệt|bịa đặt|sai sự thật|không đúng sự thật|không chính xác|không có chuyện|không có chủ trương|không có việc|chưa có chủ trương|chưa có quy định|xuyên tạc`)

func denies(text string) bool { return denial.MatchString(text) }
