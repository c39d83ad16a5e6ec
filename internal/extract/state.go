package extract

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"diembao/internal/news"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Pages that scripts build carry their article as data: JSON-LD's articleBody,
// the state that Next.js and Nuxt leave for the browser, or an AMP twin.

const (
	shellText  = 1500    // characters shown above which a page is no empty shell
	maxState   = 8 << 20 // bytes of one script's state
	stateDepth = 40      // nested objects and lists
	stateNodes = 200_000 // objects and lists looked at
)

// holdsState reports whether a script is data that a page is built from.
func holdsState(n *html.Node) bool {
	if n.FirstChild == nil || len(n.FirstChild.Data) > maxState {
		return false
	}
	switch attr(n, "id") {
	case "__NEXT_DATA__", "__NUXT_DATA__", "__APOLLO_STATE__":
		return true
	}
	return strings.EqualFold(strings.TrimSpace(attr(n, "type")), "application/json") || stateScript.MatchString(n.FirstChild.Data[:min(len(n.FirstChild.Data), 200)])
}

var stateScript = regexp.MustCompile(`^\s*(?:window|self|globalThis)\.__?[A-Z][A-Z_]*(?:STATE|DATA|NUXT|PROPS)_*\s*=\s*[{\[]`)

// openStates reads the states of a page that shows little, as one more object
// of its JSON-LD: the one article whose title the page bears.
func (w *work) openStates() {
	if len(w.head.states) == 0 || textUpTo(w.doc, shellText) >= shellText {
		return
	}
	title, _ := w.titleOf()
	var best ld
	for _, raw := range w.head.states {
		s := stateReader{title: title}
		s.read(raw)
		if letters(s.best.body) > letters(best.body) {
			best = s.best
		}
	}
	if best.body != "" {
		w.head.ld = append(w.head.ld, best)
	}
}

// stateReader looks for the article in a state.
type stateReader struct {
	title string
	best  ld
	seen  int
}

// The names under which content systems keep what an article is made of.
var (
	stateBody   = []string{"articlebody", "body", "content", "contenthtml", "bodyhtml", "htmlcontent", "detail", "detailcontent", "fulltext", "html", "noidung"}
	stateTitle  = []string{"title", "headline", "name", "tieude"}
	stateLead   = []string{"sapo", "lead", "summary", "description", "excerpt", "tomtat"}
	statePub    = []string{"publishedat", "publishdate", "datepublished", "publishedtime", "publishtime", "published", "createdat", "ngaydang"}
	stateMod    = []string{"updatedat", "datemodified", "modifiedat", "modifieddate", "lastmodified"}
	stateAuthor = []string{"author", "authorname", "byline", "tacgia"}
)

func (s *stateReader) read(raw string) {
	start := strings.IndexAny(raw, "{[")
	if start < 0 {
		return
	}
	var v any
	// What stands after the value (a semicolon, more script) is not read; a
	// state that does not parse is passed over like a page without one.
	if json.NewDecoder(strings.NewReader(raw[start:])).Decode(&v) == nil {
		s.walk(v, 0)
	}
}

func (s *stateReader) walk(v any, depth int) {
	if s.seen++; depth > stateDepth || s.seen > stateNodes {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			s.walk(x, depth+1)
		}
	case map[string]any:
		s.take(v)
		for _, key := range sortedKeys(v) {
			s.walk(v[key], depth+1)
		}
	}
}

// take keeps an object that is an article by its parts and by its title: lists
// of other articles stand in the same state.
func (s *stateReader) take(o map[string]any) {
	body, title := part(o, stateBody), text(part(o, stateTitle))
	if letters(body) < leastBody || s.title != "" && !sameText(title, s.title) {
		return
	}
	if letters(body) <= letters(s.best.body) {
		return
	}
	s.best = ld{types: []string{"NewsArticle"}, headline: title, lead: plainOf(part(o, stateLead)), body: body,
		published: text(part(o, statePub)), modified: text(part(o, stateMod)), from: "embedded state"}
	if name := text(part(o, stateAuthor)); name != "" {
		s.best.authors = []string{name}
	}
}

// part is the longest text an object has under one of some names; a list of
// texts counts as its paragraphs.
func part(o map[string]any, names []string) string {
	longest := ""
	for _, key := range sortedKeys(o) {
		if !slices.Contains(names, strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(key))) {
			continue
		}
		v := ""
		switch x := o[key].(type) {
		case string:
			v = x
		case []any:
			v = "<p>" + strings.Join(texts(x), "</p><p>") + "</p>"
		}
		if len(v) > len(longest) {
			longest = v
		}
	}
	return longest
}

func sortedKeys(o map[string]any) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// embedded reads the body that the page carries as data, the longest one.
func (w *work) embedded() (reading, ld) {
	var best reading
	var from ld
	for _, a := range w.head.ld {
		if ps := bodyParagraphs(a.body); size(ps) > size(best.paras) {
			best, from = reading{paras: ps, from: firstOf(a.from, "JSON-LD articleBody"), general: true}, a
		}
	}
	return best, from
}

// bodyParagraphs reads a body kept as markup or as plain text.
func bodyParagraphs(body string) []para {
	if body == "" {
		return nil
	}
	if !strings.Contains(body, "<") {
		body = "<p>" + strings.Join(strings.Split(html.EscapeString(body), "\n"), "</p><p>") + "</p>"
	}
	at := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(body), at)
	if err != nil {
		return nil // nested too deeply for the parser: no article's text
	}
	for _, n := range nodes {
		at.AppendChild(n)
	}
	survey(at, families{}) // takes out scripts and what is hidden
	return paragraphs(at, junkBox)
}

func plainOf(markup string) string {
	var out []string
	for _, p := range bodyParagraphs(markup) {
		out = append(out, p.text)
	}
	return strings.Join(out, " ")
}

var ampLink = regexp.MustCompile(`(?i)<link\b[^>]*\brel=["']?amphtml["']?[^>]*>`)
var hrefOf = regexp.MustCompile(`(?i)\bhref=["']([^"'>]+)["']`)

// AMP returns the address of a page's AMP twin on the same site, which is
// built without scripts; empty where it names none.
func AMP(page news.Page) string {
	if !strings.Contains(page.Body, "amphtml") { // most pages have none, and looking closely is slow
		return ""
	}
	tag := ampLink.FindString(page.Body[:min(len(page.Body), 256<<10)])
	m := hrefOf.FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	base, err := url.Parse(firstOf(page.Final, page.URL))
	if err != nil {
		return ""
	}
	twin, err := base.Parse(html.UnescapeString(strings.TrimSpace(m[1])))
	if err != nil || !sameSite(twin, base) || twin.String() == base.String() {
		return ""
	}
	return twin.String()
}
