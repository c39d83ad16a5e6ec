// Package match finds what is ours in a text: the three insurances, the agency
// and its offices, topics, provinces, blame, words of bad news. It knows only
// phrases: a phrase is found as whole syllables WITH their marks, in one pass
// for the whole vocabulary, and each find is a news.Mention with its quote and
// the rule that found it. What the mentions mean together is for classify.
//
// Phrases are those of the pack. "bhyt" in a phrase finds "bảo hiểm y tế" too;
// "miễn phí … bhyt" finds the two sides with up to six words between them in
// one sentence. Within one meaning the longest phrase wins.
//
// What a mention's What says:
//
//	bhxh bhyt bhtn agency        a name of an insurance, of the agency
//	topic:ID hint:ID             a strong, a weak phrase of a topic
//	exclude:ID unless:ID         what looks like ours and is not; what brings it back
//	province:ID unit:ID          a province as named; an office of the agency
//	namesake:ID                  a firm that bears a province's name
//	crisis:N:PHRASE              a word of bad news of severity N; N is 0 where it is negated
//	form:ID opens:ID event:ID    a phrase, an opening mark of a form; a kind of event
//	digest positive diminisher intensifier role:ID target:ID cue:ID
package match

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/vi"
)

// Matcher finds the phrases of one pack. It is safe for concurrent use.
type Matcher struct {
	trie    *trie
	entries []entry
	gaps    []gap
	units   []config.Unit
	areas   map[string][]int // province slug → indexes of units that cover it
	ids     map[string]int   // unit id → its index
}

// New compiles the phrases of a pack.
func New(pack config.Pack) (*Matcher, error) {
	m := &Matcher{trie: newTrie(), units: pack.Units, areas: map[string][]int{}, ids: map[string]int{}}
	b := &builder{m: m, places: map[string]bool{}, units: map[string]int32{}}
	if err := b.vocabulary(pack); err != nil {
		return nil, err
	}
	return m, nil
}

// Find returns the mentions in title, lead and body, in the order a reader
// meets them. Offices are resolved to those of the day the article was
// published, or of now where that is unknown.
func (m *Matcher) Find(a news.Article, now time.Time) []news.Mention {
	day := a.Published
	if day.IsZero() {
		day = now
	}
	var out []news.Mention
	for _, p := range []struct {
		where news.Part
		text  string
	}{{news.Title, a.Title}, {news.Lead, a.Lead}, {news.Body, a.Body}} {
		if p.text != "" {
			out = m.part(p.where, p.text, day, out)
		}
	}
	return out
}

// text is one part of an article, cut into words.
type text struct {
	where  news.Part
	s      string
	tokens []vi.Token
	ids    []uint32
	caps   bool // written in capitals throughout: they tell nothing
}

func (m *Matcher) part(where news.Part, s string, day time.Time, out []news.Mention) []news.Mention {
	t := &text{where: where, s: s, tokens: vi.Tokens(s)}
	t.ids = make([]uint32, len(t.tokens))
	for i, tok := range t.tokens {
		t.ids[i] = m.trie.words[tok.Text]
	}
	t.caps = shouted(s)
	hits := m.trie.scan(t.ids, make([]hit, 0, 32))
	found := m.judge(t, hits, day)
	slices.SortStableFunc(found, func(a, b find) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to), strings.Compare(a.what, b.what))
	})
	return append(out, t.mentions(found)...)
}

// find is a hit that counts.
type find struct {
	from, to   int // words
	what, rule string
}

// judge tells the hits that count from those that do not.
func (m *Matcher) judge(t *text, hits []hit, day time.Time) []find {
	var finds []find
	var nots []find
	var negs []hit
	var places, halves, harms []hit
	for _, h := range hits {
		e := &m.entries[h.entry]
		if e.office && t.insured(h.from) {
			continue
		}
		switch e.kind {
		case plain:
			if e.caps != nil && !t.asWritten(h, e.caps) {
				continue
			}
			if e.turns {
				if !t.name(h) {
					harms = append(harms, h)
				}
				continue
			}
			finds = append(finds, find{h.from, h.to, e.what, e.rule})
		case opening:
			if h.from == 0 && t.where == news.Title {
				finds = append(finds, find{h.from, h.to, e.what, e.rule})
			}
		case not:
			nots = append(nots, find{from: h.from, to: h.to, what: e.what})
		case negator:
			negs = append(negs, h)
		case place:
			places = append(places, h)
		case half:
			halves = append(halves, h)
		}
	}
	finds = append(finds, m.bridged(t, halves)...)
	for _, h := range hits {
		if e := &m.entries[h.entry]; e.kind == crisis {
			finds = append(finds, m.bad(t, h, negs))
		}
	}
	for _, h := range harms {
		finds = append(finds, m.harm(t, h, harms, negs))
	}
	provinces := m.provinces(t, places)
	finds = append(longest(finds, nots), provinces...)
	return append(finds, m.offices(t, hits, finds, day)...)
}

// bridged joins the two sides of phrases with a gap: each right side with the
// nearest left side before it. Halves come in reading order.
func (m *Matcher) bridged(t *text, halves []hit) []find {
	var out []find
	lefts := map[int][2]hit{} // gap → the last left sides, the latest first
	for _, h := range halves {
		e := &m.entries[h.entry]
		seen, ok := lefts[e.gap]
		if !e.right {
			if !ok {
				seen[0] = h
			}
			lefts[e.gap] = [2]hit{h, seen[0]}
			continue
		}
		if !ok {
			continue
		}
		for _, l := range seen {
			if h.from >= l.to && h.from-l.to <= farthest && !t.broken(l.to-1, h.from) {
				g := m.gaps[e.gap]
				out = append(out, find{l.from, h.to, g.what, g.rule})
				break
			}
		}
	}
	return out
}

// longest drops a find inside a longer one of the same meaning, and one that
// begins in a phrase in which its meaning does not count.
func longest(finds, nots []find) []find {
	denied := map[string][]find{} // meaning → phrases, in reading order
	for _, n := range nots {
		denied[n.what] = append(denied[n.what], n)
	}
	slices.SortStableFunc(finds, func(a, b find) int {
		return cmp.Or(strings.Compare(family(a.what), family(b.what)), cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	out := finds[:0]
	for i, f := range finds {
		if i > 0 && len(out) > 0 {
			last := out[len(out)-1]
			if family(last.what) == family(f.what) && f.to <= last.to {
				continue
			}
		}
		if !within(denied[f.what], f) {
			out = append(out, f)
		}
	}
	return out
}

// longestPhrase is more words than any phrase of a pack has.
const longestPhrase = 24

// within reports whether a find begins inside one of the phrases.
func within(phrases []find, f find) bool {
	i, _ := slices.BinarySearchFunc(phrases, f.from-longestPhrase, func(n find, from int) int { return cmp.Compare(n.from, from) })
	for ; i < len(phrases) && phrases[i].from <= f.from; i++ {
		if n := phrases[i]; f.from < n.to && (n.from < f.from || n.to > f.to) {
			return true
		}
	}
	return false
}

// family is the meaning within which the longest phrase wins: all words of bad
// news are one family, every other meaning is its own.
func family(what string) string {
	if strings.HasPrefix(what, "crisis:") {
		return "crisis"
	}
	return what
}

// reach is how many words to the left a negator turns a word of bad news around.
const reach = 4

// bad is a word of bad news, of severity 0 where a negator stands before it in
// the same sentence: "không để xảy ra trục lợi", "phòng, chống trục lợi".
func (m *Matcher) bad(t *text, h hit, negs []hit) find {
	e := &m.entries[h.entry]
	i, _ := slices.BinarySearchFunc(negs, h.from-longestPhrase, func(n hit, from int) int { return cmp.Compare(n.from, from) })
	for ; i < len(negs) && negs[i].from < h.from; i++ {
		n := negs[i]
		if n.to <= h.from && h.from-n.to <= reach && !t.broken(n.to-1, h.from) {
			_, phrase, _ := strings.Cut(strings.TrimPrefix(e.what, "crisis:"), ":")
			return find{n.from, h.to, "crisis:0:" + phrase, e.rule + ", bị phủ định bởi “" + t.words(n.from, n.to) + "”"}
		}
	}
	return find{h.from, h.to, e.what, e.rule}
}

// near is how many words to the left a negator turns an everyday word of harm
// around: "không phải xếp hàng", "hết cảnh chờ đợi".
const near = 2

// harm is an everyday word of harm, turned around by a negator right before it
// that is itself no part of harm: in "hết thuốc, phải vay" nothing is turned.
func (m *Matcher) harm(t *text, h hit, harms, negs []hit) find {
	e := &m.entries[h.entry]
	for _, n := range negs {
		if n.to > h.from || h.from-n.to > near || t.broken(n.to-1, h.from) || t.comma(n.to-1, h.from) {
			continue
		}
		if !slices.ContainsFunc(harms, func(o hit) bool { return o.from <= n.from && n.to <= o.to }) {
			return find{n.from, h.to, "crisis:0:" + t.words(h.from, h.to), e.rule + ", bị phủ định bởi “" + t.words(n.from, n.to) + "”"}
		}
	}
	return find{h.from, h.to, e.what, e.rule}
}

// name reports whether a hit is part of a name: "Cạn" in "Bắc Cạn" lacks nothing.
func (t *text) name(h hit) bool {
	return !t.caps && h.from > 0 && t.capital(h.from) && t.capital(h.from-1)
}

// comma reports whether a comma stands between word i and word j.
func (t *text) comma(i, j int) bool {
	for ; i < j; i++ {
		if strings.Contains(t.between(i), ",") {
			return true
		}
	}
	return false
}

// words returns the text of words [from, to) as written.
func (t *text) words(from, to int) string { return t.s[t.tokens[from].Start:t.tokens[to-1].End] }

// between returns what stands between word i and the next.
func (t *text) between(i int) string {
	if i < 0 || i+1 >= len(t.tokens) {
		return ""
	}
	return t.s[t.tokens[i].End:t.tokens[i+1].Start]
}

// broken reports whether a sentence or clause ends between word i and word j.
func (t *text) broken(i, j int) bool {
	for ; i < j && i+1 < len(t.tokens); i++ {
		g := t.between(i)
		if strings.ContainsAny(g, ";!?\n") || strings.HasPrefix(g, ". ") || strings.HasPrefix(g, "...") || strings.HasPrefix(g, "…") {
			return true
		}
	}
	return false
}

// capital reports whether word i is written with a capital.
func (t *text) capital(i int) bool {
	if i < 0 || i >= len(t.tokens) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t.s[t.tokens[i].Start:])
	return unicode.IsUpper(r)
}

// asWritten reports whether the words that the pack writes with a capital have
// one in the text; a name of one word must stand alone: "Mỹ" is not found in
// "Mỹ Linh" nor in a text all in capitals.
func (t *text) asWritten(h hit, caps []bool) bool {
	if t.caps {
		return false
	}
	for i, upper := range caps {
		if upper && !t.capital(h.from+i) {
			return false
		}
	}
	if len(caps) > 1 {
		return true
	}
	opens := h.from == 1 && !surnames[t.tokens[0].Text] // "Người Pháp …": the capital opens the text
	return (opens || !(t.glued(h.from-1) && t.capital(h.from-1))) && !(t.glued(h.to-1) && t.capital(h.to))
}

// shouted reports whether a text of some length is in capitals throughout.
func shouted(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		if unicode.IsUpper(r) {
			upper++
		} else if unicode.IsLower(r) {
			if lower++; lower > 40 {
				return false
			}
		}
	}
	return upper > 12 && upper > 4*lower
}

// neighbours is how many bytes a quote shows on either side, at most.
const neighbours = 40

// mentions turns finds into mentions of the text.
func (t *text) mentions(finds []find) []news.Mention {
	out := make([]news.Mention, len(finds))
	for i, f := range finds {
		start, end := t.tokens[f.from].Start, t.tokens[f.to-1].End
		out[i] = news.Mention{What: f.what, Where: t.where, Start: start, End: end, Quote: t.quote(f.from, f.to), Rule: f.rule}
	}
	return out
}

// quote returns the words with some of their neighbours, cut between words and
// never across a paragraph.
func (t *text) quote(from, to int) string {
	lo, hi := from, to-1
	for lo > 0 && t.tokens[from].Start-t.tokens[lo-1].Start <= neighbours && !strings.Contains(t.between(lo-1), "\n") {
		lo--
	}
	for hi+1 < len(t.tokens) && t.tokens[hi+1].End-t.tokens[to-1].End <= neighbours && !strings.Contains(t.between(hi), "\n") {
		hi++
	}
	return t.s[t.tokens[lo].Start:t.tokens[hi].End]
}
