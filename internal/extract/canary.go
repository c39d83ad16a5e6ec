package extract

import (
	"fmt"
	"strings"

	"diembao/internal/news"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Canary looks at a page whose article is known to be there, and returns which
// of title, lead and body the layout of the outlet no longer finds on it. The
// general engines are not asked: they may read a page whose layout has changed,
// and nobody would notice until the day they misread one. An outlet without a
// layout of its own has nothing to lose.
func (x *Extractor) Canary(page news.Page) ([]string, error) {
	doc, err := html.Parse(strings.NewReader(page.Body))
	if err != nil {
		return nil, fmt.Errorf("reading the canary %s: %w", page.URL, err)
	}
	o := x.outletAt(news.Host(firstOf(page.Final, page.URL)))
	for _, r := range o.rules {
		if r.holds(page.At) {
			return r.lost(doc), nil
		}
	}
	return nil, nil
}

// lost names the parts that have a selector and are not found by it.
func (r rule) lost(doc *html.Node) []string {
	var out []string
	for _, part := range []struct {
		name  string
		sel   cascadia.SelectorGroup
		least int // characters
	}{{"title", r.title, 1}, {"lead", r.lead, 1}, {"body", r.body, leastBody}} {
		if part.sel == nil {
			continue
		}
		if n := fullest(doc, part.sel); n == nil || textLen(n) < part.least {
			out = append(out, part.name)
		}
	}
	return out
}
