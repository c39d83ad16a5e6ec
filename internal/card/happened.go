package card

import (
	"slices"
	"strings"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// sentenceLetters is how long a quoted sentence may be.
const sentenceLetters = 220

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
	first, last := told[0], m.latest(told)
	out := []Quote{m.quote(first, opening(first))}
	if said := opening(last); last.ID != first.ID && said != out[0].Text {
		out = append(out, m.quote(last, said))
	}
	return out
}

// latest is the last of articles; of those that hold the agency's word another
// where there is one, for that word stands beside it.
func (m *maker) latest(articles []Article) Article {
	for _, a := range slices.Backward(articles) {
		if !m.speaks(a) {
			return a
		}
	}
	return articles[len(articles)-1]
}

// corrected is the last correction that a paper of the story printed, by its
// headline; nil where none did.
func (m *maker) corrected() *Quote {
	for _, a := range slices.Backward(m.Articles) {
		if corrects(a) {
			q := m.quote(a, short(a.Title))
			return &q
		}
	}
	return nil
}

// agency is the last that the agency itself said in the press or on a portal of
// its own; nil where no article tells that it spoke.
func (m *maker) agency() *Quote {
	for _, a := range slices.Backward(m.Articles) {
		if !m.speaks(a) {
			continue
		}
		q := m.quote(a, opening(a))
		if said, ok := ofAgency(a.Reading.Said); ok {
			q.Who, q.Text = said.Name(), short(said.Quote)
		}
		return &q
	}
	return nil
}

// speaks reports whether an article holds the agency's own word.
func (m *maker) speaks(a Article) bool {
	_, quoted := ofAgency(a.Reading.Said)
	return a.Reading.Role == "informant" || m.own(a) || quoted
}

// own reports whether an article stands on a portal of the agency.
func (m *maker) own(a Article) bool {
	o, _ := m.Pack.OutletByID(a.Outlet)
	return o.Kind == "agency-portal"
}

// ofAgency is the first that somebody of the agency is quoted with.
func ofAgency(said []news.Said) (news.Said, bool) {
	for _, s := range said {
		if office := vi.Fold(s.Office); strings.Contains(office, "bhxh") || strings.Contains(office, "bao hiem xa hoi") {
			return s, true
		}
	}
	return news.Said{}, false
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
	here := ids(articles)
	var out []Article
	for _, a := range articles {
		if a.CopyOf == "" || !here[a.CopyOf] {
			out = append(out, a)
		}
	}
	return out
}

func ids(articles []Article) map[string]bool {
	out := make(map[string]bool, len(articles))
	for _, a := range articles {
		out[a.ID] = true
	}
	return out
}
