// Package extract reads a page as an article: title, lead, body, byline,
// dates, section, tags, each with where it came from. The layouts of outlets
// and of content systems come first, a general engine (readeck's readability)
// next, and where that is in doubt a second one (trafilatura) is asked; how far
// they agree is told in Article.Doubts. Related boxes, advertisements, captions
// and comments are never text. It is a clean room: the same page, outlets and
// now give the same article.
package extract

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"

	"golang.org/x/net/html"
)

// Extractor reads pages by the layouts of known outlets. It is safe for use by
// many goroutines.
type Extractor struct {
	families families
	outlets  map[string]outlet // by host
	keys     news.Rules
}

// outlet is what extraction needs of a config.Outlet.
type outlet struct {
	ID, Name, Language string
	rules              []rule   // of today first, then of former days
	affixes            []string // of its titles
}

// New compiles the layouts of outlets. The error names the outlet and the
// selector that cannot be read.
func New(outlets []config.Outlet) (*Extractor, error) {
	fs, err := readFamilies(familiesYAML)
	if err != nil {
		return nil, err
	}
	x := &Extractor{families: fs, outlets: map[string]outlet{}}
	for _, o := range outlets {
		var rules []rule
		for _, l := range append([]config.Layout{o.Layout}, o.Layouts...) {
			r, err := compile(o.ID, l)
			if err != nil {
				return nil, err
			}
			if !r.empty() {
				rules = append(rules, r)
			}
		}
		for _, d := range o.Domains {
			host := strings.TrimPrefix(strings.ToLower(d.Host), "www.")
			x.outlets[host] = outlet{ID: o.ID, Name: o.Name, Language: o.Language, rules: rules, affixes: o.Affixes}
			if len(o.KeyParams) > 0 {
				x.keys.Keys = append(x.keys.Keys, news.KeyRule{Host: host, Params: o.KeyParams})
			}
		}
	}
	return x, nil
}

// outletAt finds the outlet of a host or of the nearest domain above it.
func (x *Extractor) outletAt(host string) outlet {
	for h := host; h != ""; {
		if o, ok := x.outlets[h]; ok {
			return o
		}
		_, rest, ok := strings.Cut(h, ".")
		if !ok || !strings.Contains(rest, ".") {
			break
		}
		h = rest
	}
	name, _, _ := strings.Cut(host, ":")
	return x.outlets[name]
}

// Extract reads the article of a page. now bounds the dates that are believed.
// ID, URL, Canonical and Outlet follow from the address; Via, Version and
// FirstSeen are left to the caller. Where the page holds no article the error
// is one of ErrEmpty, ErrBlocked, ErrGone, ErrNotArticle, ErrNotHTML,
// ErrTooLarge, with what was seen.
func (x *Extractor) Extract(page news.Page, now time.Time) (news.Article, error) {
	if err := refuseAnswer(page); err != nil {
		return news.Article{}, fmt.Errorf("reading %s: %w", page.URL, err)
	}
	doc, err := html.Parse(strings.NewReader(page.Body))
	if err != nil {
		return news.Article{}, fmt.Errorf("reading %s: %w: %v", page.URL, ErrTooLarge, err) // the parser refuses only what is nested too deeply
	}
	w := x.begin(page, doc, now)
	w.openStates()
	if err := refuseDocument(doc, w.head); err != nil {
		return news.Article{}, fmt.Errorf("reading %s: %w", page.URL, err)
	}
	if err := w.readArticle(); err != nil {
		return news.Article{}, fmt.Errorf("reading %s: %w", page.URL, err)
	}
	return w.article, nil
}

// work is the reading of one page.
type work struct {
	doc     *html.Node
	head    head
	url     *url.URL
	host    string
	now     time.Time
	seen    time.Time // when the page was received; now where nobody says
	outlet  outlet
	rule    rule // of the outlet or its content system; empty where none fits
	state   ld   // the data the body was read from, where the page shows none
	titleAt int  // place of the headline among the page's elements; 0 where it is not shown
	article news.Article
}

func (x *Extractor) begin(page news.Page, doc *html.Node, now time.Time) *work {
	w := &work{doc: doc, now: now, seen: page.At, article: news.Article{URL: firstOf(page.Final, page.URL), From: map[string]string{}}}
	if w.seen.IsZero() {
		w.seen = now
	}
	w.head = survey(doc, x.families)
	u, err := url.Parse(w.article.URL)
	if err != nil {
		u = &url.URL{} // an address that came from a saved file; text is read all the same
	}
	w.url, w.host = u, news.Host(w.article.URL)
	w.outlet = x.outletAt(w.host)
	w.article.Outlet = w.outlet.ID
	w.identify(x.keys)
	w.rule = x.ruleFor(w)
	return w
}

// ruleFor picks the layout of the day the page was received: the outlet's own
// where it finds a body on this page, else the first content system whose marks and body are there.
func (x *Extractor) ruleFor(w *work) rule {
	for _, r := range w.outlet.rules {
		if r.holds(w.seen) && (r.body == nil || fits(w.doc, r)) {
			return r
		}
	}
	for _, i := range w.head.families {
		if f := x.families.list[i]; (f.general || w.vietnamese() || f.serves(w.host)) && f.holds(w.seen) && fits(w.doc, f.rule) {
			return f.rule
		}
	}
	return rule{}
}

// leastBody is how much text a layout must find to be believed, in characters.
const leastBody = 150

func fits(doc *html.Node, r rule) bool {
	n := fullest(doc, r.body)
	return n != nil && textLen(n) >= leastBody
}

// identify sets the addresses. rel=canonical is believed where it stays on the
// site and names a page, not the home page.
func (w *work) identify(keys news.Rules) {
	if c, err := w.url.Parse(w.head.canonical); err == nil && w.head.canonical != "" && sameSite(c, w.url) && len(strings.Trim(c.Path, "/")) > 0 {
		w.article.URL = c.String()
		w.article.From["url"] = "link rel=canonical"
	}
	w.article.Canonical = news.Canonical(w.article.URL, keys)
	w.article.ID = news.ID(w.article.Canonical)
}

// sameSite reports whether c is on the host of page or a domain above or below
// it: an AMP or mobile host, not a syndication partner.
func sameSite(c, page *url.URL) bool {
	a, b := news.Host(c.String()), news.Host(page.String())
	return a != "" && b != "" && (a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a)) && (c.Scheme == "http" || c.Scheme == "https")
}

func (w *work) address() string { return w.article.URL }

func (w *work) doubt(what, seen string) {
	if seen != "" {
		what += ": " + seen
	}
	w.article.Doubts = append(w.article.Doubts, what)
}

// readArticle fills the article. What is read off the whole page comes first:
// the engines take the page apart.
func (w *work) readArticle() error {
	a := &w.article
	a.Title, a.From["title"] = w.titleOf()
	w.titleAt = w.headlineAt()
	a.Author, a.From["author"] = w.authorOf()
	a.Section, a.From["section"] = w.sectionOf()
	a.Tags, a.From["tags"] = w.tagsOf()
	pub := w.published()
	a.Published, a.From["published"] = pub.here(), pub.from
	mod := w.modified(a.Published)
	a.Modified, a.From["modified"] = mod.here(), mod.from
	lead, leadFrom := w.shownLead()
	t := w.bodyText()
	if a.Author == "" {
		a.Author, a.From["author"] = w.signature(t.paras)
	}
	body := w.trim(t)
	if lead == "" && w.state.lead != "" {
		lead, leadFrom = w.state.lead, t.from
	}
	body, a.Lead, a.From["lead"] = w.splitLead(body, lead, leadFrom)
	a.Body, a.From["body"] = join(body), t.origin()
	a.Form, a.From["form"] = w.formOf(letters(a.Body))
	a.Lang, a.From["lang"] = w.langOf()
	w.tellDoubts(pub, t)
	for k, v := range a.From {
		if v == "" {
			delete(a.From, k)
		}
	}
	return w.refuseArticle(t, pub.known())
}

func (w *work) tellDoubts(pub dated, t reading) {
	if w.article.Title == "" {
		w.doubt(DoubtNoTitle, "")
	}
	switch {
	case !pub.known():
		w.doubt(DoubtNoDate, "")
	case pub.DayOnly:
		w.doubt(DoubtDay, pub.from)
	}
	w.article.Doubts = append(w.article.Doubts, t.doubts...)
}
