package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var boxName = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:related|relate|tin-?lien-?quan|lien-?quan|xem-?them|read-?more|readmore|recommended|newsletter|sign-?up|subscribe|social|share|sharing|sharedaddy|comments?|disqus|advert(?:isement)?|ads?|banner|promo|sponsor(?:ed)?|taboola|outbrain|breadcrumbs?|pagination|toolbar|tags?|author-?bio|most-?read|trending|poll|widget)(?:$|[\s_-])`)

// junkBox tells a box inside the body that is not the article's: by its name,
// and only where it is small or mostly links, for some systems call the whole
// article "social-content".
func junkBox(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Aside, atom.Footer:
		return true
	case atom.Figure:
		return find(n, atom.Table) == nil && find(n, atom.Blockquote) == nil
	case atom.Div, atom.Section, atom.Ul, atom.Ol, atom.Span, atom.P, atom.Table:
	default:
		return false
	}
	if !boxName.MatchString(attr(n, "class")) && !boxName.MatchString(attr(n, "id")) {
		return false
	}
	l := textLen(n)
	return l < 300 || 2*linkedLen(n) > l
}

func linkedLen(n *html.Node) int {
	if n.DataAtom == atom.A {
		return textLen(n)
	}
	sum := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sum += linkedLen(c)
	}
	return sum
}

var (
	photoLine = regexp.MustCompile(`(?:^|[\s(\[.–-])(?:Ảnh|Nguồn ảnh|Ảnh minh họa|Ảnh minh hoạ|Đồ họa|Clip|Video)\s*(?::|minh họa|tư liệu|chụp)[^.]{0,60}\.?[)\]]?$`)
	cue       = regexp.MustCompile(`(?i)^(?:[>»•▪*\-–\s]*)(?:xem thêm|đọc thêm|tin liên quan|bài liên quan|mời (?:quý vị|bạn|độc giả)|read (?:more|also|next)|related(?: articles?| stories)?|see also|more:|advertisement|quảng cáo|sign up|subscribe|share this|follow us|continue reading|theo dõi .{0,40}(?:google news|zalo|facebook)|click (?:here|vào))(?:[\s:.]|$)`)
	arrows    = regexp.MustCompile(`^[>»]{1,4}\s*\S`)
)

// trim takes out of a body what no rule could name: the title and byline once
// more, captions set as paragraphs, links to other pieces, calls to read on.
func (w *work) trim(ps []para) []para {
	out := ps[:0:0]
	for i, p := range ps {
		if w.stray(ps, i) {
			continue
		}
		out = append(out, p)
	}
	return out
}

func (w *work) stray(ps []para, i int) bool {
	p := ps[i]
	l := letters(p.text)
	wholeLink := l > 0 && p.linked >= l*9/10
	edge := i < 3 || i >= len(ps)-3
	switch {
	case i < 3 && sameText(p.text, w.article.Title),
		edge && l < 60 && w.article.Author != "" && w.byline(p.text) == w.article.Author,
		l < 250 && photoLine.MatchString(p.text),
		wholeLink && (cue.MatchString(p.text) || arrows.MatchString(p.text)),
		l < 90 && cue.MatchString(p.text) && (p.linked > 0 || p.bold || p.heading || !strings.HasSuffix(p.text, ".")):
		return true
	case wholeLink && l > 15:
		return i+1 < len(ps) && linkOnly(ps[i+1]) || i > 0 && linkOnly(ps[i-1]) // a list of other pieces
	}
	return false
}

func linkOnly(p para) bool {
	l := letters(p.text)
	return l > 15 && p.linked >= l*9/10
}
