package extract

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// The lead (sapo) is the most telling paragraph of a Vietnamese article, and
// every general engine loses it on half of the pages, for it stands outside
// the body. A lead counts only where the page shows one.

const (
	shortestLead = 20   // characters without spaces
	longestLead  = 1200 // a longer one is the body
)

// shownLead finds the lead outside the body: by rule, or by an element named
// as leads are that stands by the headline or says what og:description says.
func (w *work) shownLead() (text, from string) {
	for _, sel := range w.rule.lead {
		if n := cascadia.Query(w.doc, sel); n != nil {
			if t := leadText(n); t != "" && !sameText(t, w.article.Title) {
				return t, "rule " + w.rule.name
			}
		}
	}
	if !w.vietnamese() {
		return "", "" // the sapo is a custom here; elsewhere a standfirst is an advertisement for the text
	}
	told := w.description()
	for _, s := range w.head.leads {
		t := leadText(s.node)
		if t == "" || sameText(t, w.article.Title) || aside(s.node) {
			continue
		}
		if alike(t, told) {
			return t, "element " + selectorOf(s.node) + ", as og:description"
		}
		byTitle := w.titleAt == 0 || s.at > w.titleAt && s.at < w.titleAt+80
		if byTitle && (s.called&calledSapo != 0 || told == "" && w.titleAt > 0) {
			return t, "element " + selectorOf(s.node)
		}
	}
	return "", ""
}

func leadText(n *html.Node) string {
	ps := paragraphs(n, nil)
	var kept []string
	for _, p := range ps {
		if p.linked*2 > p.n && len(ps) > 1 {
			continue // related links stand inside some systems' lead
		}
		kept = append(kept, p.text)
	}
	t := strings.Join(kept, " ")
	if l := letters(t); l < shortestLead || l > longestLead {
		return ""
	}
	return t
}

// description is what the page tells machines its lead is.
func (w *work) description() string {
	d, _ := w.head.one("og:description", "description", "twitter:description")
	d = unescape(d)
	for _, a := range w.head.ld {
		if len(a.lead) > len(d) {
			d = unescape(a.lead)
		}
	}
	return d
}

// alike reports whether two texts begin alike for most of the shorter:
// descriptions are cut, and "(Báo X) -" stands before one of the two.
func alike(a, b string) bool {
	x, y := squeeze(a), squeeze(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < shortestLead {
		return false
	}
	probe := x[:len(x)*8/10]
	return strings.HasPrefix(y, probe) || len(x) > 60 && strings.Contains(y, probe)
}

// splitLead takes the lead off the head of the body, where a page or an engine
// has it there: the same text, or without a known lead what og:description says.
func (w *work) splitLead(body []para, lead, from string) ([]para, string, string) {
	told := w.description()
	for i := range min(len(body), 3) {
		p := body[i]
		switch {
		case lead != "" && (sameText(p.text, lead) || alike(p.text, lead) && p.n <= letters(lead)*12/10):
			return append(body[:i:i], body[i+1:]...), lead, from
		case lead == "" && i < 2 && len(body) > 2 && p.n <= longestLead && letters(told) >= p.n*7/10 && alike(p.text, told):
			return append(body[:i:i], body[i+1:]...), p.text, "first paragraph, as og:description"
		}
	}
	return body, lead, from
}
