package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var asideName = regexp.MustCompile(`(?i)related|relate|sidebar|side-bar|comment|popular|most|footer|menu|other|lien-?quan|lienquan|tin-?khac|cung-?chuyen|same|recommend|widget|banner|popup|modal|breaking|ticker|list-?news|news-?list|box-cate`)

// aside reports whether n stands in a part of the page that is not the
// article: a side column, a footer, a list of other pieces, a comment.
func aside(n *html.Node) bool {
	for depth := 0; n != nil && depth < 9; n, depth = n.Parent, depth+1 {
		switch n.DataAtom {
		case atom.Aside, atom.Footer, atom.Nav, atom.Li:
			return true
		case atom.Body, atom.Html, atom.Article, atom.Main:
			return false
		}
		if asideName.MatchString(attr(n, "class")) || asideName.MatchString(attr(n, "id")) {
			return true
		}
	}
	return false
}

// headlineAt is the place of the headline: the h1 where it is the title, for on
// many provincial pages the h1 is the name of the paper, else the first element
// that says what the title says. 0 where none does.
func (w *work) headlineAt() int {
	if sameText(w.head.h1, w.article.Title) {
		return w.head.h1At
	}
	want := letters(w.article.Title)
	for _, s := range w.head.titles {
		if l := textLen(s.node); l >= want*8/10 && l <= want*12/10 && sameText(line(s.node), w.article.Title) {
			return s.at
		}
	}
	return w.head.h1At
}

// nearest orders spots by their distance from the headline, those after it
// first: a page's clock stands above the headline, the article's date below.
func nearest(spots []spot, titleAt int) []spot {
	out := slices.Clone(spots)
	distance := func(s spot) int {
		if s.at < titleAt {
			return 1<<20 + titleAt - s.at
		}
		return s.at - titleAt
	}
	slices.SortStableFunc(out, func(a, b spot) int { return distance(a) - distance(b) })
	return out
}

// selectorOf names n as a person would look it up: tag and first class or id.
func selectorOf(n *html.Node) string {
	if id := attr(n, "id"); id != "" {
		return n.Data + "#" + id
	}
	if c, _, _ := strings.Cut(strings.TrimSpace(attr(n, "class")), " "); c != "" {
		return n.Data + "." + c
	}
	return n.Data
}
