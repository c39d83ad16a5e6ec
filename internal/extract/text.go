package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// para is a paragraph of a page's text and how much of it is links.
type para struct {
	text    string
	n       int  // its characters, spaces aside
	linked  int  // characters that stand in links
	heading bool // h1 to h6
	item    bool // a list item
	bold    bool // wholly bold
	picture bool // the first text after a picture
}

// reader gathers the paragraphs below a node, in reading order.
type reader struct {
	out     []para
	buf     strings.Builder
	linked  int
	strong  int
	heading bool
	item    bool
	picture bool
	skip    func(*html.Node) bool
}

// paragraphs reads the text below n: what a reader sees, one entry a
// paragraph. Captions, pictures, controls and what skip refuses are left out.
func paragraphs(n *html.Node, skip func(*html.Node) bool) []para {
	r := &reader{skip: skip}
	r.walk(n, inline{})
	r.flush()
	return r.out
}

// inline is what the ancestors say of a piece of text.
type inline struct{ link, strong bool }

func (r *reader) walk(n *html.Node, in inline) {
	tag := tagOf(n)
	switch n.Type {
	case html.TextNode:
		r.write(n.Data, in)
		return
	case html.ElementNode:
		if tag == atom.Img || tag == atom.Figure {
			r.flush()
			r.picture = true
		}
		if unread[tag] || isCaption(n) || r.skip != nil && r.skip(n) {
			return
		}
	case html.CommentNode, html.DoctypeNode:
		return
	}
	block := n.Type == html.ElementNode && blocks[tag]
	if block {
		r.flush()
		r.heading = r.heading || isHeading(tag)
		r.item = tag == atom.Li
	}
	switch tag {
	case atom.Br:
		r.flush()
	case atom.Td, atom.Th:
		r.buf.WriteByte(' ')
	case atom.A:
		in.link = true
	case atom.B, atom.Strong:
		in.strong = true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c, in)
	}
	if block {
		r.flush()
		r.heading, r.item = false, false
	}
}

func (r *reader) write(s string, in inline) {
	r.buf.WriteString(s)
	if in.link || in.strong {
		l := letters(s)
		if in.link {
			r.linked += l
		}
		if in.strong {
			r.strong += l
		}
	}
}

func (r *reader) flush() {
	if r.buf.Len() > 0 {
		if text := tidy(r.buf.String()); text != "" {
			l := letters(text)
			r.out = append(r.out, para{text: text, n: l, picture: r.picture, linked: min(r.linked, l), heading: r.heading, item: r.item, bold: l > 0 && r.strong >= l})
			r.picture = false
		}
		r.buf.Reset()
	}
	r.linked, r.strong = 0, 0
}

// unread are elements whose text is never a part of the article.
var unread = atoms("script style noscript template svg iframe object embed button select option textarea input figcaption nav audio video canvas map math head dialog")

// blocks are elements that begin a paragraph.
var blocks = atoms("address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody tfoot thead tr ul")

func atoms(names string) map[atom.Atom]bool {
	m := map[atom.Atom]bool{}
	for _, n := range strings.Fields(names) {
		m[atom.Lookup([]byte(n))] = true
	}
	delete(m, 0)
	return m
}

// tagOf is n's tag. The engines make elements that have a name but no atom.
func tagOf(n *html.Node) atom.Atom {
	if n.DataAtom == 0 && n.Type == html.ElementNode {
		return atom.Lookup([]byte(n.Data))
	}
	return n.DataAtom
}

func isHeading(tag atom.Atom) bool {
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

var captionClass = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:caption|captions|figcaption|picture-caption|imgcaption|pcaption|tplcaption|photocms_caption|desc_cation|image_desc|image-?credit|photo-?credit|credit-?line)(?:$|[\s_-])`)

// captionHints spare most classes the expression above.
var captionHints = []string{"caption", "cation", "credit", "desc"}

// isCaption tells the words under a picture: a caption element or class, or a
// layout table that holds a picture and little else.
func isCaption(n *html.Node) bool {
	if tagOf(n) == atom.Caption {
		return false // a data table's own title
	}
	if c := strings.ToLower(attr(n, "class")); c != "" && holds(c, captionHints) && captionClass.MatchString(c) {
		return true
	}
	return tagOf(n) == atom.Table && find(n, atom.Img) != nil && textLen(n) < 400
}

// tidy makes one line of s: NFC, single spaces, no invisible signs.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00ad' || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060' || r == '\ufeff' || r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// letters counts what is not space, in characters.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// textLen counts the characters of readable text below n, spaces aside.
func textLen(n *html.Node) int {
	if n.Type == html.TextNode {
		return letters(n.Data)
	}
	if n.Type == html.CommentNode || n.Type == html.ElementNode && unread[n.DataAtom] {
		return 0
	}
	sum := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sum += textLen(c)
	}
	return sum
}

// textUpTo is textLen that stops counting at about enough.
func textUpTo(n *html.Node, enough int) int {
	if n.Type == html.TextNode || n.Type == html.CommentNode || unread[n.DataAtom] {
		return textLen(n)
	}
	sum := 0
	for c := n.FirstChild; c != nil && sum < enough; c = c.NextSibling {
		sum += textUpTo(c, enough-sum)
	}
	return sum
}

// line returns the text below n as one line.
func line(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && unread[n.DataAtom] {
			return
		}
		if blocks[n.DataAtom] || n.DataAtom == atom.Br {
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return tidy(b.String())
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// find returns the first element of that kind below n.
func find(n *html.Node, a atom.Atom) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == a {
			return c
		}
		if got := find(c, a); got != nil {
			return got
		}
	}
	return nil
}

func join(ps []para) string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.text
	}
	return strings.Join(lines, "\n")
}

func firstOf(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}
