package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var boxName = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:related|relate|tin-?lien-?quan|lien-?quan|xem-?them|read-?more|readmore|recommended|newsletter|sign-?up|subscribe|social|share|sharing|sharedaddy|comments?|disqus|advert(?:isement)?|ads?|banner|promo|sponsor(?:ed)?|taboola|outbrain|breadcrumbs?|pagination|toolbar|tags?|author-?bio|most-?read|trending|poll|widget)(?:$|[\s_-])`)

// junkBox tells a box inside the body that is not the article's: by its name,
// and only where it is small or mostly links, for some systems call the whole
// article "social-content".
func junkBox(n *html.Node) bool {
	switch tagOf(n) {
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
// What an engine found is also cut at both ends to where the prose begins and ends.
func (w *work) trim(t reading) []para {
	ps := t.paras
	if t.general {
		ps = ps[w.prologue(ps):]
		ps = ps[:w.epilogue(ps)]
	}
	lists := linkedShare(ps) > linkShare/2 // much of this page is links: they may be what it says
	gallery := 4*count(ps, underPicture) > len(ps)
	out := ps[:0:0]
	for i := range ps {
		spared := lists && linkOnly(ps[i]) && !cue.MatchString(ps[i].text)
		if spared || !w.stray(ps, i) && (gallery || !underPicture(ps[i])) {
			out = append(out, ps[i])
		}
	}
	return out
}

func (w *work) stray(ps []para, i int) bool {
	p := ps[i]
	l := p.n
	wholeLink := l > 0 && p.linked >= l*9/10
	edge := i < 3 || i >= len(ps)-3
	switch {
	case i < 3 && sameText(p.text, w.article.Title),
		edge && l < 60 && w.article.Author != "" && w.byline(p.text) == w.article.Author,
		l < 250 && isPhotoLine(p.text),
		wholeLink && !p.item && l > 15,
		wholeLink && (cue.MatchString(p.text) || arrows.MatchString(p.text)),
		l < 90 && (p.linked > 0 || p.bold || p.heading || !ends(p.text)) && cue.MatchString(p.text):
		return true
	case wholeLink && l > 15:
		return i+1 < len(ps) && linkOnly(ps[i+1]) && i > 0 && linkOnly(ps[i-1]) // a list of other pieces
	}
	return false
}

// isPhotoLine tells a caption by its credit: "… Ảnh: Minh Anh".
func isPhotoLine(s string) bool {
	return holds(s, []string{"Ảnh", "ảnh", "Đồ họa", "Clip", "Video"}) && photoLine.MatchString(s)
}

// underPicture tells a caption by its place: a scrap of text, no sentence, right
// after a picture. Where every fourth paragraph is one, it is what the page says.
func underPicture(p para) bool {
	return p.picture && p.n < 120 && !p.heading && !p.item && !ends(p.text)
}

func count(ps []para, is func(para) bool) int {
	n := 0
	for _, p := range ps {
		if is(p) {
			n++
		}
	}
	return n
}

func linkOnly(p para) bool {
	return p.n > 15 && p.linked >= p.n*9/10
}

// ends reports whether s ends as a sentence does.
func ends(s string) bool {
	s = strings.TrimRight(s, "\"'”’»)]」』 ")
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…:。！？", last)
}

// prose reports whether p reads as running text.
func prose(p para) bool {
	l := p.n
	return l >= 60 && ends(p.text) && 2*p.linked < l && !tailCue.MatchString(p.text)
}

// prologue counts the paragraphs before the text begins: sign-in words, the
// address, the title once more, dates.
func (w *work) prologue(ps []para) int {
	skipped, limit := 0, min(400, size(ps)/8)
	for i, p := range ps[:min(len(ps), 15)] {
		l := p.n
		if prose(p) || l >= 120 && 2*p.linked < l || skipped+l > limit {
			return i
		}
		skipped += l
	}
	return 0
}

var tailCue = regexp.MustCompile(`(?i)^(?:follow\b|sign up|subscribe|copyright|©|\(c\)|all rights reserved|tags?\s*:|filed under|first published|posted (?:on|in|by)|updated\b|published\b|image \d+ of|image(?: credit)?:|advert|post (?:a )?comment|comments?\b|tell us|get .{0,40}(?:delivered|in your inbox)|want more|more from|don.t miss|you may also|you might|recommended|(?:email|contact|reach) .{0,60}(?:@| at )|have (?:a|you got a) |got a |quảng cáo|từ khóa|chủ đề|bình luận|ý kiến)|all rights reserved|contributed to this (?:report|story|article)|news tip|on (?:twitter|facebook|instagram)(?: at)?[ .@]`)

// epilogue returns where the text ends: behind it stand tags, calls to follow,
// rights, other pieces. A text that would lose more than a fifth is no prose (a
// calendar, a price list): only what is certain goes.
func (w *work) epilogue(ps []para) int {
	whole, cut, end := size(ps), 0, len(ps)
	for end > 0 && after(ps[end-1]) {
		end--
		cut += ps[end].n
	}
	if 5*cut <= whole {
		return end
	}
	for end = len(ps); end > 0 && certain(ps[end-1]); {
		end--
	}
	return end
}

// after reports whether p may stand behind the text.
func after(p para) bool {
	l := p.n
	return certain(p) || l < 60 && !ends(p.text) && !p.item
}

// certain reports whether p cannot be the text's own end.
func certain(p para) bool {
	l := p.n
	return l < 400 && tailCue.MatchString(p.text) || 2*p.linked > l && l > 15
}
