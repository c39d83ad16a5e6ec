package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// head is what a page says of itself, gathered in one walk.
type head struct {
	title     string              // <title>
	h1        string              // the first
	lang      string              // <html lang>
	meta      map[string][]string // by name, property or itemprop, in lower case
	canonical string              // <link rel=canonical>
	states    []string            // data that scripts would build the page from
	ld        []ld                // the articles of its JSON-LD, the likeliest first
	crumbs    []string            // breadcrumbs of its JSON-LD, without the home page
	refresh   bool                // sends on by <meta http-equiv=refresh>
	families  []int               // content systems whose marks it bears, in the order met
	h1At      int                 // place of the h1 among all elements; 0 where there is none
	leads     []spot              // elements named as leads are
	dates     []spot              // elements named as dates are
	authors   []spot              // elements named as bylines are
	titles    []spot              // headings, and elements named as titles are
	tags      []string            // the words of its rel=tag links
}

// survey reads the head of doc and takes out what no reader sees: scripts,
// styles, comments. One walk, for it is paid on every page.
func survey(doc *html.Node, fs families) head {
	s := surveyor{fs: fs, seen: map[int]bool{}, calls: map[string]called{}, h: head{meta: map[string][]string{}}}
	s.walk(doc)
	return s.h
}

// spot is an element and its place among all elements of the page.
type spot struct {
	node   *html.Node
	at     int
	called called
}

type surveyor struct {
	fs    families
	seen  map[int]bool
	calls map[string]called // what names met before say; pages repeat them
	at    int
	h     head
}

func (s *surveyor) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if s.keep(c) {
			s.walk(c)
		} else {
			n.RemoveChild(c)
		}
		c = next
	}
}

// keep notes what n tells; false where n is to be taken out.
func (s *surveyor) keep(n *html.Node) bool {
	switch n.Type {
	case html.CommentNode:
		return false
	case html.ElementNode:
	default:
		return true
	}
	s.at++
	switch n.DataAtom {
	case atom.Script:
		if strings.EqualFold(strings.TrimSpace(attr(n, "type")), "application/ld+json") && n.FirstChild != nil {
			s.h.readLD(n.FirstChild.Data)
		} else if holdsState(n) && len(s.h.states) < 8 {
			s.h.states = append(s.h.states, n.FirstChild.Data)
		}
		return false
	case atom.Style, atom.Noscript, atom.Iframe, atom.Svg, atom.Template, atom.Object, atom.Embed:
		return false
	case atom.Html:
		s.h.lang = attr(n, "lang")
	case atom.Title:
		if s.h.title == "" {
			s.h.title = line(n)
		}
	case atom.H1:
		if s.h.h1 == "" {
			s.h.h1, s.h.h1At = line(n), s.at
		}
	case atom.H2, atom.H3:
		s.h.titles = named(s.h.titles, spot{n, s.at, calledTitle}, calledTitle)
	case atom.Meta:
		s.h.readMeta(n)
	case atom.Link:
		s.h.readLink(n)
	case atom.Time:
		s.h.dates = append(s.h.dates, spot{n, s.at, calledDate})
	}
	return s.names(n)
}

func (h *head) readMeta(n *html.Node) {
	content := tidy(attr(n, "content"))
	for _, key := range []string{"name", "property", "itemprop"} {
		if k := strings.ToLower(attr(n, key)); k != "" && content != "" {
			h.meta[k] = append(h.meta[k], content)
		}
	}
	h.refresh = h.refresh || strings.EqualFold(attr(n, "http-equiv"), "refresh")
}

func (h *head) readLink(n *html.Node) {
	switch strings.ToLower(attr(n, "rel")) {
	case "canonical":
		h.canonical = firstOf(h.canonical, strings.TrimSpace(attr(n, "href")))
	}
}

// names notes n under what its class, id and attributes call it.
func (s *surveyor) names(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "class":
			for c := range strings.FieldsSeq(a.Val) {
				s.mark(s.fs.byClass[c])
			}
			s.part(n, a.Val)
		case "id":
			s.mark(s.fs.byID[a.Val])
			s.part(n, a.Val)
		case "itemprop", "data-role", "data-field", "data-slot", "rel":
			s.mark(s.fs.byAttr[a.Key][a.Val])
			s.part(n, a.Val)
		case "style":
			if hiddenStyle.MatchString(a.Val) && textLen(n) < 2000 {
				return false
			}
		}
	}
	return true
}

func (s *surveyor) mark(systems []int) {
	for _, i := range systems {
		if !s.seen[i] {
			s.seen[i] = true
			s.h.families = append(s.h.families, i)
		}
	}
}

var hiddenStyle = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*hidden`)

// called is what a class, id or role says an element is; several may be true.
type called uint8

const (
	calledLead called = 1 << iota
	calledSapo        // a lead by a word that means nothing else
	calledDate
	calledAuthor
	calledTitle
)

var (
	sapoWords   = []string{"sapo", "chapeau", "chappeau", "standfirst", "trichdan", "tomtat", "tom-tat", "article-summary", "article-desc", "article__desc", "article-lead", "article__lead", "article-intro"}
	leadWords   = []string{"lead", "summary", "desc", "description", "intro", "dek", "subtitle", "sub-title"}
	dateWords   = []string{"date", "time", "ngay"}
	titleWords  = []string{"title", "tieude", "tieu-de", "headline"}
	authorWords = []string{"author", "byline", "tacgia", "tac-gia", "reporter"}
)

// callOf reads a class, id or role. Plain searches: this runs on every element.
func callOf(name string) called {
	name = strings.ToLower(name)
	var c called
	if holds(name, sapoWords) {
		c |= calledLead | calledSapo
	} else if holds(name, leadWords) && slices.ContainsFunc(strings.FieldsFunc(name, apart), func(t string) bool { return slices.Contains(leadWords, t) }) {
		c |= calledLead
	}
	if holds(name, dateWords) {
		c |= calledDate
	}
	if holds(name, authorWords) {
		c |= calledAuthor
	}
	if holds(name, titleWords) {
		c |= calledTitle
	}
	return c
}

func apart(r rune) bool { return r == ' ' || r == '_' || r == '-' }

func holds(name string, words []string) bool {
	for _, w := range words {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// maxNamed bounds the lists of named elements: list pages have thousands.
const maxNamed = 100

func (s *surveyor) part(n *html.Node, name string) {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Meta, atom.Link, atom.Img, atom.Input, atom.Time:
		return
	}
	if name == "tag" && n.DataAtom == atom.A {
		if t := line(n); t != "" && len(s.h.tags) < maxNamed {
			s.h.tags = append(s.h.tags, t)
		}
		return
	}
	c, ok := s.calls[name]
	if !ok {
		c = callOf(name)
		s.calls[name] = c
	}
	if c == 0 {
		return
	}
	at := spot{n, s.at, c}
	s.h.leads = named(s.h.leads, at, calledLead)
	s.h.dates = named(s.h.dates, at, calledDate)
	s.h.authors = named(s.h.authors, at, calledAuthor)
	s.h.titles = named(s.h.titles, at, calledTitle)
}

func named(list []spot, at spot, as called) []spot {
	if at.called&as == 0 || len(list) >= maxNamed || len(list) > 0 && list[len(list)-1].node == at.node {
		return list
	}
	return append(list, at)
}

// one returns the first value of the first of these meta names that has one.
func (h *head) one(names ...string) (value, name string) {
	for _, n := range names {
		for _, v := range h.meta[n] {
			if v != "" {
				return v, n
			}
		}
	}
	return "", ""
}
