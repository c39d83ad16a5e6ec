package card

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// Reason is why the incident was flagged, as a press officer would say it.
type Reason struct {
	Factor string `json:"factor"`
	Text   string `json:"text"`
	Quote  *Quote `json:"quote"`
}

// mostReasons is how many reasons stand on the card; all stand below it.
const mostReasons = 3

// silent are factors that are no reason a person could act on.
var silent = []string{"bias", "wording", "copies", "doubt", "official"}

// alike are factors that say the same in other numbers: one of a row is told.
var alike = [][]string{{"risk", "blame", "severity"}, {"outlets", "central"}}

// why tells the strongest reasons. A named threat comes first: it alone was
// enough.
func (m *maker) why() []Reason {
	factors := slices.Clone(m.Incident.Reasons)
	slices.SortStableFunc(factors, func(a, b news.Factor) int {
		return cmp.Or(cmp.Compare(alone(b), alone(a)), cmp.Compare(b.Value*b.Weight, a.Value*a.Weight))
	})
	var out []Reason
	told, quoted := []string{}, map[string]bool{}
	for _, f := range factors {
		if len(out) == mostReasons || f.Value <= 0 || alone(f) == 0 && f.Value*f.Weight <= 0 || slices.Contains(silent, f.Factor) || again(f.Factor, told) {
			continue
		}
		if len(f.Articles) == 0 { // what only puzzles counts in part: no article can be shown for it
			continue
		}
		r := Reason{Factor: f.Factor, Text: m.because(f)}
		if q, ok := m.where(f); ok && !quoted[q.Text] {
			quoted[q.Text], r.Quote = true, &q
		}
		told, out = append(told, f.Factor), append(out, r)
	}
	return out
}

// alone is 1 for what weighs nothing in the sum because it is enough by itself.
func alone(f news.Factor) int {
	if strings.HasPrefix(f.Factor, "threat:") && f.Value > 0 {
		return 1
	}
	return 0
}

// again reports whether another factor of the same row was told.
func again(name string, told []string) bool {
	for _, row := range alike {
		if slices.Contains(row, name) && slices.ContainsFunc(told, func(t string) bool { return slices.Contains(row, t) }) {
			return true
		}
	}
	return false
}

// because puts a factor into words.
func (m *maker) because(f news.Factor) string {
	if id, ok := strings.CutPrefix(f.Factor, "threat:"); ok {
		if name, ok := m.Pack.Crisis.Threat(id, m.w.Lang); ok {
			return m.w.Say("card.why.threat", "Threat", name)
		}
	}
	names := m.papers(f.Articles)
	id := "card.why." + f.Factor
	if !m.w.Has(id) {
		return m.named("factor."+f.Factor, f.Factor)
	}
	return m.w.Say(id, "N", len(names), "Outlets", firsts(names, 4), "Share", m.w.Percent(f.Value),
		"Provinces", firsts(m.provinces(f.Quote), 4), "Burst", int(math.Round(1+3*f.Value)))
}

// papers are the distinct outlets of articles, in order.
func (m *maker) papers(ids []string) []string {
	var out []string
	for _, id := range ids {
		if a, ok := m.article(id); ok && !slices.Contains(out, m.outlet(a.Outlet)) {
			out = append(out, m.outlet(a.Outlet))
		}
	}
	return out
}

// provinces names the provinces of a factor's quote, a list of their ids.
func (m *maker) provinces(ids string) []string {
	var out []string
	for id := range strings.SplitSeq(ids, ", ") {
		if p, ok := m.Pack.ProvinceByID(id); ok {
			out = append(out, p.Name)
		}
	}
	return out
}

// where finds the article that holds a factor's quote; not all quotes are
// sentences of somebody's.
func (m *maker) where(f news.Factor) (Quote, bool) {
	if len(strings.Fields(f.Quote)) < 2 {
		return Quote{}, false
	}
	for _, id := range f.Articles {
		a, ok := m.article(id)
		if text := whole(a, f.Quote); ok && text != "" {
			return m.quote(a, short(text)), true
		}
	}
	return Quote{}, false
}

// whole is what a person reads around some words of an article: its headline, or
// the sentence of its lead or text; empty where it does not hold them.
func whole(a Article, words string) string {
	if strings.Contains(a.Title, words) {
		return a.Title
	}
	for _, text := range []string{a.Lead, a.Body} {
		if !strings.Contains(text, words) {
			continue
		}
		for _, s := range vi.Sentences(text) {
			if sentence := text[s.Start:s.End]; strings.Contains(sentence, words) {
				return strings.TrimSpace(sentence)
			}
		}
		return words // over the end of a sentence
	}
	return ""
}

// firsts lists the first n of names, and that there are more.
func firsts(names []string, n int) string {
	if len(names) > n {
		return strings.Join(names[:n], ", ") + "…"
	}
	return strings.Join(names, ", ")
}
