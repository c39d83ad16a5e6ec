package classify

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// findings reads what reports count besides the axes: the form, the series,
// events, figures claimed, officials quoted, good local models. A round-up is
// given a form alone: its items are other people's.
func (c *Classifier) findings(v *view, r *news.Reading) {
	c.form(v, r)
	if v.digest {
		return
	}
	v = v.opening()
	c.series(v, r)
	c.events(v, r)
	c.claims(v, r)
	c.said(v, r)
	c.models(v, r)
}

// mostRead is how many bytes of a part are searched for findings: more than a
// long article has, so that a whole book does not hold up the others.
const mostRead = 24 << 10

// opening is the view without what lies far into a very long text.
func (v *view) opening() *view {
	if len(v.a.Title) <= mostRead && len(v.a.Lead) <= mostRead && len(v.a.Body) <= mostRead {
		return v
	}
	o := &view{a: v.a, digest: v.digest, asks: v.asks, by: map[string][]news.Mention{}}
	for _, s := range []*string{&o.a.Title, &o.a.Lead, &o.a.Body} {
		*s = (*s)[:before(*s, mostRead)]
	}
	for _, m := range v.all {
		if m.End <= len(o.text(m.Where)) {
			o.all = append(o.all, m)
			o.by[m.What] = append(o.by[m.What], m)
		}
	}
	return o
}

// before is the last offset up to end at which a letter begins.
func before(s string, end int) int {
	end = min(end, len(s))
	for end > 0 && end < len(s) && !utf8.RuneStart(s[end]) {
		end--
	}
	return end
}

// longestSentence is how many bytes of a sentence on either side of a mention
// are looked at: a list without a full stop is no sentence.
const longestSentence = 800

// sentence returns the bounds of the sentence in which a mention begins.
func (v *view) sentence(m news.Mention) vi.Span {
	if v.sentences == nil {
		v.sentences = map[news.Part][]vi.Span{}
	}
	spans, cut := v.sentences[m.Where]
	if !cut {
		spans = vi.Sentences(v.text(m.Where))
		v.sentences[m.Where] = spans
	}
	i, _ := slices.BinarySearchFunc(spans, m.Start+1, func(s vi.Span, at int) int { return cmp.Compare(s.End, at) })
	if i == len(spans) {
		return vi.Span{Start: m.Start, End: m.End}
	}
	start, end := before(v.text(m.Where), max(spans[i].Start, m.Start-longestSentence)), before(v.text(m.Where), min(spans[i].End, m.End+longestSentence))
	return vi.Span{Start: min(start, m.Start), End: max(end, m.End)}
}

// order is how a reader meets the parts.
var order = map[news.Part]int{news.Title: 0, news.Lead: 1, news.Body: 2}

// inside returns the mentions of something within a stretch of a part.
func (v *view) inside(what string, where news.Part, s vi.Span) []news.Mention {
	var out []news.Mention
	all := v.by[what] // in reading order
	i, _ := slices.BinarySearchFunc(all, s.Start, func(m news.Mention, at int) int {
		return cmp.Or(cmp.Compare(order[m.Where], order[where]), cmp.Compare(m.Start, at))
	})
	for ; i < len(all) && all[i].Where == where && all[i].Start < s.End; i++ {
		if all[i].End <= s.End {
			out = append(out, all[i])
		}
	}
	return out
}

// insured reports whether a sentence names an insurance.
func (v *view) insured(where news.Part, s vi.Span) bool {
	for _, a := range anchors {
		if len(v.inside(a, where, s)) > 0 {
			return true
		}
	}
	return false
}

// longerAt reports whether a mention lies in a longer one of the same family:
// "hội nghị" in "hội nghị đối thoại".
func (v *view) longerAt(m news.Mention, family string) bool {
	for _, o := range v.all {
		if o.Where == m.Where && strings.HasPrefix(o.What, family) && o.Start <= m.Start && m.End <= o.End && o.End-o.Start > m.End-m.Start {
			return true
		}
	}
	return false
}

// provinceIn returns the province named in a sentence, the one nearest to a
// place in it; else the only one of the article.
func (v *view) provinceIn(where news.Part, s vi.Span, near int, r *news.Reading) string {
	best, far := "", math.MaxInt
	for _, m := range v.all {
		slug, ok := strings.CutPrefix(m.What, "province:")
		if !ok || m.Where != where || m.Start < s.Start || m.End > s.End {
			continue
		}
		if d := max(m.Start-near, near-m.End, 0); d < far {
			best, far = slug, d
		}
	}
	if best == "" && len(r.Provinces) == 1 {
		return r.Provinces[0]
	}
	return best
}

// longestQuote is how many bytes of a text a finding shows.
const longestQuote = 320

// shown returns a stretch of a text as a quote, cut between words where it is long.
func shown(s string) string {
	s = strings.Join(strings.Fields(s[:before(s, 4*longestQuote)]), " ")
	if len(s) <= longestQuote {
		return s
	}
	end := before(s, longestQuote)
	if i := strings.LastIndexByte(s[:end], ' '); i > 0 {
		end = i
	}
	return s[:end] + " …"
}

// written is a number as the press writes it, with a word that multiplies it:
// "1.234", "95,15", "1,2 triệu", "3 nghìn tỷ".
const written = `(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)(?:\s*(nghìn tỷ|nghìn tỉ|ngàn tỷ|ngàn tỉ|nghìn|ngàn|vạn|triệu|tỷ|tỉ))?`

// times is what a word multiplies a number by.
var times = map[string]float64{"": 1, "nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9, "nghìn tỷ": 1e12, "nghìn tỉ": 1e12, "ngàn tỷ": 1e12, "ngàn tỉ": 1e12}

// value reads a number that written has found.
func value(digits, word string) float64 {
	x, err := strconv.ParseFloat(strings.ReplaceAll(strings.ReplaceAll(digits, ".", ""), ",", "."), 64)
	if err != nil {
		return 0 // hundreds of digits
	}
	return x * times[word]
}

// given is a number at the end of what stands before a word: "1.000" in "tổ
// chức 1.000 lễ ra quân"; a day of the month is none.
var given = regexp.MustCompile(`(?:^|[^\p{L}\p{N}/.,-])` + written + `\s+(?:cuộc |buổi |đợt |lượt )?$`)

// farthestNumber is how many bytes before a word the number it belongs to may begin.
const farthestNumber = 64

// countBefore returns how many of a thing the words before it tell, 1 where none do.
func countBefore(s string) int {
	m := given.FindStringSubmatch(s[max(0, len(s)-farthestNumber):])
	if m == nil {
		return 1
	}
	n := value(m[1], m[2])
	if n < 1 || n > 1e7 || n != math.Trunc(n) {
		return 1
	}
	return int(n)
}
