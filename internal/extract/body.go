package extract

import (
	"fmt"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"github.com/andybalholm/cascadia"
	htmldate "github.com/markusmobius/go-htmldate"
	trafilatura "github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// reading is a body text, who read it, and what speaks against it.
type reading struct {
	paras  []para
	from   string
	doubts []string
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
	spare := w.doc
	first := w.readeck()
	why := w.inDoubt(first.paras)
	if why == "" {
		return first
	}
	second := w.trafilatura(spare)
	share := agreement(first.paras, second.paras)
	best := first
	if size(first.paras) < shortText && size(second.paras) > 2*size(first.paras) {
		best = second
	}
	best.doubts = append(best.doubts, why)
	if share < agreed {
		best.doubts = append(best.doubts, fmt.Sprintf("%s: %.2f between %s and %s", DoubtAgreement, share, first.from, second.from))
	}
	return best
}

func (w *work) readeck() reading {
	p := readability.NewParser()
	p.KeepClasses, p.DisableJSONLD = true, true
	a, err := p.ParseAndMutate(w.doc, w.url)
	if err != nil || a.Node == nil {
		return reading{from: "readeck"}
	}
	return reading{paras: paragraphs(a.Node, junkBox), from: "readeck"}
}

func (w *work) trafilatura(doc *html.Node) reading {
	r, err := trafilatura.ExtractDocument(doc, trafilatura.Options{
		OriginalURL: w.url, ExcludeComments: true, HtmlDateOverride: &htmldate.Result{},
	})
	if err != nil || r.ContentNode == nil {
		return reading{from: "trafilatura"}
	}
	return reading{paras: paragraphs(r.ContentNode, junkBox), from: "trafilatura"}
}

// inDoubt says why a reading is not to be believed by itself; "" where it is.
func (w *work) inDoubt(ps []para) string {
	all, linked := 0, 0
	for _, p := range ps {
		all += letters(p.text)
		linked += p.linked
	}
	switch {
	case all < shortText:
		return fmt.Sprintf("%s: %d characters", DoubtShort, all)
	case float64(linked) > linkShare*float64(all):
		return fmt.Sprintf("%s: %d of 100 characters", DoubtLinks, 100*linked/all)
	}
	return ""
}

func size(ps []para) int {
	n := 0
	for _, p := range ps {
		n += letters(p.text)
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

// refuseArticle says whether what was read is an article at all.
func (w *work) refuseArticle(t reading) error {
	return nil
}
