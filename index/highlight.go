package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"diembao/internal/vi"
)

// passageLength is about how many bytes of text a passage has.
const passageLength = 320

// highlight fills titles and passages of the hits from their texts.
func (s *seeker) highlight(ctx context.Context) error {
	if s.idx.opts.Text == nil || len(s.result.Hits) == 0 {
		return nil
	}
	ids := make([]string, len(s.result.Hits))
	for i, h := range s.result.Hits {
		ids[i] = h.ID
	}
	texts, err := s.idx.opts.Text(ctx, ids)
	if err != nil {
		return fmt.Errorf("read texts to highlight: %w", err)
	}
	l := newLight(s.p.root, &s.matcher)
	for i := range s.result.Hits {
		h := &s.result.Hits[i]
		t := texts[h.ID]
		h.Title = Marked{t.Title, l.marks(t.Title, vi.Tokens(t.Title))}
		h.Passage = l.passage(t.Lead, t.Body)
	}
	return nil
}

// light knows which words of a text to mark.
type light struct {
	keys     map[string]bool // with marks
	folded   map[string]bool // without
	prefixes []string
	fuzzies  []string
	phrases  []*phrase
}

func newLight(n node, m *matcher) *light {
	l := &light{keys: map[string]bool{}, folded: map[string]bool{}}
	l.add(n, m)
	return l
}

func (l *light) add(n node, m *matcher) {
	switch n := n.(type) {
	case words:
		for _, u := range m.others.units(n.list, m.marked) {
			l.unit(u, m)
		}
	case *phrase:
		l.phrases = append(l.phrases, n)
	case prefix:
		form, _ := m.loose(n.word, n.title)
		l.prefixes = append(l.prefixes, form)
	case fuzzy:
		form, _ := m.loose(n.word, n.title)
		l.fuzzies = append(l.fuzzies, form)
	case and:
		for _, p := range n.parts {
			l.add(p, m)
		}
	case or:
		for _, p := range n.parts {
			l.add(p, m)
		}
	}
}

// unit lights words; those of a name only beside each other, so that "bảo hiểm
// xã hội" lights no commune (xã).
func (l *light) unit(u unit, m *matcher) {
	for _, o := range u.others {
		l.phrases = append(l.phrases, &phrase{list: o.list})
	}
	if len(u.others) > 0 && len(u.list) > 1 {
		for i := range u.list[1:] {
			l.phrases = append(l.phrases, &phrase{list: u.list[i : i+2]})
		}
		return
	}
	for _, w := range u.list {
		if m.marked {
			l.keys[w.key] = true
		}
		if !m.marked || m.any || w.key == w.folded {
			l.folded[w.folded] = true
		}
	}
}

// lit says of each token whether to mark it.
func (l *light) lit(text string, tokens []vi.Token) []bool {
	out := make([]bool, len(tokens))
	for i, t := range tokens {
		out[i] = l.word(t.Text)
	}
	for _, p := range l.phrases {
		for _, place := range p.find(text, tokens) {
			for i := place.Start; i < place.End; i++ {
				out[i] = out[i] || p.near == 0 || p.has(tokens[i].Text)
			}
		}
	}
	return out
}

func (p *phrase) has(key string) bool {
	folded := vi.Fold(key)
	return slices.ContainsFunc(p.list, func(w word) bool { return w.key == key || !p.marked() && w.folded == folded })
}

func (l *light) word(key string) bool {
	if l.keys[key] {
		return true
	}
	folded := vi.Fold(key)
	if l.folded[folded] {
		return true
	}
	as := func(typed string) string { // the form in which a part of a word was looked up
		if vi.Marked(typed) {
			return key
		}
		return folded
	}
	return slices.ContainsFunc(l.prefixes, func(p string) bool { return strings.HasPrefix(as(p), p) }) ||
		slices.ContainsFunc(l.fuzzies, func(f string) bool { return oneOff(f, as(f)) })
}

// oneOff reports whether a and b differ by at most one letter.
func oneOff(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	switch len(y) - len(x) {
	case 0:
		return i == len(x) || slices.Equal(x[i+1:], y[i+1:])
	case 1:
		return slices.Equal(x[i:], y[i+1:])
	}
	return false
}

// marks gives the stretches of text to mark; neighbours run together.
func (l *light) marks(text string, tokens []vi.Token) []vi.Span {
	var out []vi.Span
	for i, on := range l.lit(text, tokens) {
		if !on {
			continue
		}
		t := tokens[i]
		if n := len(out); n > 0 && strings.TrimSpace(text[out[n-1].End:t.Start]) == "" {
			out[n-1].End = t.End
		} else {
			out = append(out, vi.Span{Start: t.Start, End: t.End})
		}
	}
	return out
}

// passage picks the sentence that tells most of the query and what follows it.
func (l *light) passage(lead, body string) Marked {
	best, most, from := "", -1., vi.Span{}
	for _, part := range []string{lead, body} {
		for _, sentence := range vi.Sentences(part) {
			if n := l.worth(part[sentence.Start:sentence.End]); n > most {
				best, most, from = part, n, sentence
			}
		}
	}
	text := l.cut(best, from)
	return Marked{text, l.marks(text, vi.Tokens(text))}
}

// worth counts the different words marked in a sentence, neighbours more.
func (l *light) worth(sentence string) float64 {
	tokens := vi.Tokens(sentence)
	seen, n := map[string]bool{}, 0.
	before := false
	for i, on := range l.lit(sentence, tokens) {
		if on && !seen[tokens[i].Text] {
			seen[tokens[i].Text] = true
			n++
			if before {
				n += .5
			}
		}
		before = on
	}
	return n
}

// cut takes about passageLength bytes of text from the sentence on: whole if
// it is short, else around its first mark.
func (l *light) cut(text string, sentence vi.Span) string {
	start := sentence.Start
	if sentence.End-sentence.Start > passageLength {
		if marks := l.marks(text[start:sentence.End], vi.Tokens(text[start:sentence.End])); len(marks) > 0 {
			start += max(0, marks[0].Start-passageLength/4)
		}
	}
	end := min(len(text), start+passageLength)
	start, end = wordEdge(text, start, sentence.Start), wordEdge(text, end, start)
	out := strings.Join(strings.Fields(text[start:end]), " ")
	if start > sentence.Start {
		out = "… " + out
	}
	if end < len(text) && !strings.HasSuffix(out, ".") {
		out += " …"
	}
	return out
}

// wordEdge moves at back to the start of a word, not before least.
func wordEdge(text string, at, least int) int {
	if at >= len(text) {
		return len(text)
	}
	for at > least && !utf8.RuneStart(text[at]) {
		at--
	}
	if space := strings.LastIndexAny(text[least:at], " \n\t"); space >= 0 && text[at] != ' ' && at > least {
		return least + space + 1
	}
	return at
}
