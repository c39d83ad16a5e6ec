package extract

import (
	"fmt"
	"log/slog"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"github.com/andybalholm/cascadia"
	htmldate "github.com/markusmobius/go-htmldate"
	trafilatura "github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// reading is a body text, who read it, and what speaks against it.
type reading struct {
	paras   []para
	from    string
	general bool // read by an engine, not by a layout
	list    bool // another engine read mostly links
	doubts  []string
	second  string  // who was asked for a second opinion; empty where nobody was
	agree   float64 // how far the two readings are one, 0 to 1
}

// origin says who read the body and how far a second opinion agreed.
func (r reading) origin() string {
	if r.second == "" {
		return r.from
	}
	return fmt.Sprintf("%s (%.2f in agreement with %s)", r.from, r.agree, r.second)
}

const (
	shortText = 400 // characters below which a body is in doubt
	linkShare = .35 // share of text in links above which a body is in doubt
	agreed    = .8  // overlap of two readings above which they are one
)

// bodyText reads the body: by rule; by readeck where no rule fits or the rule
// found little; by trafilatura too where readeck's text is in doubt.
func (w *work) bodyText() reading {
	if n := fullest(w.doc, w.rule.body); n != nil {
		for _, junk := range cascadia.QueryAll(n, w.rule.removal()) {
			if junk.Parent != nil {
				junk.Parent.RemoveChild(junk)
			}
		}
		r := reading{paras: paragraphs(n, junkBox), from: "rule " + w.rule.name}
		if size(r.paras) >= shortText/2 {
			return r
		}
	}
	return w.general()
}

// removal is the rule's selectors of what is no text; one that finds nothing
// where it has none.
func (r rule) removal() cascadia.Matcher {
	if r.remove == nil {
		return none{}
	}
	return r.remove
}

type none struct{}

func (none) Match(*html.Node) bool { return false }

// general reads the body with the engines.
func (w *work) general() reading {
	shown := strip(w.doc)
	first := w.readeck()
	why := inDoubt(first.paras, shown)
	if why == "" {
		return first
	}
	if data, from := w.embedded(); size(data.paras) >= leastBody && size(data.paras) > 2*max(size(first.paras), shown) {
		w.state = from
		return data
	}
	second := w.trafilatura()
	best, linked := first, linkedShare(first.paras) > linkShare
	share, other := agreement(first.paras, second.paras), second.from
	if share < agreed {
		if weight(second.paras) > weight(first.paras) {
			best, other = second, first.from
			best.list = linked
		}
		best.doubts = append(best.doubts, fmt.Sprintf("%s: %.2f between %s and %s", DoubtAgreement, share, first.from, second.from), why)
	} else if size(best.paras) < shortText {
		best.doubts = append(best.doubts, why) // two engines agree, but on little
	}
	best.second, best.agree = other, share
	return best
}

// weight is how much running text a reading holds, less what is not: of two
// readings that differ, the heavier one is the likelier.
func weight(ps []para) int {
	sum := 0
	for _, p := range ps {
		if l := p.n; prose(p) {
			sum += l
		} else {
			sum -= l + p.linked
		}
	}
	return sum
}

// strip takes out what the engines would only carry along, and counts the
// characters of running text in the page's paragraphs, wherever they stand.
func strip(n *html.Node) int {
	if n.DataAtom == atom.P {
		if l := textLen(n); l >= 80 && 3*linkedLen(n) < l {
			return l
		}
		return 0
	}
	sum := 0
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if carried[c.DataAtom] && c.Type == html.ElementNode {
			n.RemoveChild(c)
		} else {
			sum += strip(c)
		}
		c = next
	}
	return sum
}

// carried are elements that no engine takes text from. (Not form: ASP.NET puts
// the whole page into one.)
var carried = atoms("nav footer aside button select option input textarea link meta label")

func (w *work) readeck() reading {
	p := readability.NewParser()
	p.KeepClasses, p.DisableJSONLD, p.Logger = true, true, slog.New(slog.DiscardHandler)
	a, err := p.ParseAndMutate(w.doc, w.url)
	if err != nil || a.Node == nil {
		return reading{from: "readeck", general: true}
	}
	return reading{paras: paragraphs(a.Node, junkBox), from: "readeck", general: true}
}

func (w *work) trafilatura() reading {
	r, err := trafilatura.ExtractDocument(w.doc, trafilatura.Options{
		OriginalURL: w.url, ExcludeComments: true, HtmlDateOverride: &htmldate.Result{},
	})
	if err != nil || r.ContentNode == nil {
		return reading{from: "trafilatura", general: true}
	}
	return reading{paras: paragraphs(r.ContentNode, junkBox), from: "trafilatura", general: true}
}

// inDoubt says why a reading is not to be believed by itself; "" where it is.
// shown is how much running text the whole page has.
func inDoubt(ps []para, shown int) string {
	all, linked := size(ps), linkedShare(ps)
	switch {
	case all < shortText:
		return fmt.Sprintf("%s: %d characters", DoubtShort, all)
	case all*10 < shown*7:
		return fmt.Sprintf("%s: %d characters of %d", DoubtMissed, all, shown)
	case linked > linkShare:
		return fmt.Sprintf("%s: %.0f of 100 characters", DoubtLinks, 100*linked)
	}
	return ""
}

// linkedShare is the share of text that stands in links.
func linkedShare(ps []para) float64 {
	linked := 0
	for _, p := range ps {
		linked += p.linked
	}
	return float64(linked) / float64(max(size(ps), 1))
}

func size(ps []para) int {
	n := 0
	for _, p := range ps {
		n += p.n
	}
	return n
}

// agreement is the share of words, by place in runs of three, that two readings
// have in common (Dice's coefficient): 1 for one text, 0 for two.
func agreement(a, b []para) float64 {
	x, y := runs(a), runs(b)
	if len(x)+len(y) == 0 {
		return 1
	}
	both := 0
	for k := range x {
		if y[k] {
			both++
		}
	}
	return 2 * float64(both) / float64(len(x)+len(y))
}

func runs(ps []para) map[string]bool {
	out := map[string]bool{}
	for _, p := range ps {
		f := strings.Fields(p.text)
		for i := 0; i+3 <= len(f); i++ {
			out[strings.Join(f[i:i+3], " ")] = true
		}
	}
	return out
}
