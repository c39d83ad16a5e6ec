package card

import (
	"slices"
	"strings"

	"diembao/internal/vi"
)

// sentenceLetters is how long a quoted sentence may be.
const sentenceLetters = 260

// happened is two sentences: what the first article of the harm begins with,
// and what the latest says. Where no article is known to tell of harm, the
// first and last of the story.
func (m *maker) happened() []Quote {
	told := originals(m.harm)
	if len(told) == 0 {
		told = originals(m.Articles)
	}
	if len(told) == 0 {
		return nil
	}
	first, last := told[0], told[len(told)-1]
	out := []Quote{m.quote(first, opening(first))}
	if said := opening(last); last.ID != first.ID && said != out[0].Text {
		out = append(out, m.quote(last, said))
	}
	return out
}

// agency is the last that the agency itself is quoted with; nil where no
// article tells that it spoke.
func (m *maker) agency() *Quote {
	for _, a := range slices.Backward(m.Articles) {
		if a.Reading.Role != "informant" {
			continue
		}
		said := opening(a)
		if len(a.Reading.Said) > 0 {
			said = short(a.Reading.Said[0].Name() + ": " + a.Reading.Said[0].Quote)
		}
		q := m.quote(a, said)
		return &q
	}
	return nil
}

// opening is the first sentence of the lead; the title where there is no lead.
func opening(a Article) string {
	for _, s := range vi.Sentences(a.Lead) {
		if text := strings.TrimSpace(a.Lead[s.Start:s.End]); text != "" {
			return short(text)
		}
	}
	return short(a.Title)
}

// short cuts a text at the last word within the bound.
func short(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= sentenceLetters {
		return string(r)
	}
	cut := string(r[:sentenceLetters])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}

// originals are the articles that are texts of their own, or whose original is
// not among them.
func originals(articles []Article) []Article {
	var out []Article
	for _, a := range articles {
		if a.CopyOf == "" || !slices.ContainsFunc(articles, func(b Article) bool { return b.ID == a.CopyOf }) {
			out = append(out, a)
		}
	}
	return out
}
