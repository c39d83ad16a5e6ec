package discover

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"diembao/config"
	"diembao/internal/news"
)

// Listing reads a section or front page: links under the source's CSS selector
// and matching its path expression where it has them; else those of the shape
// that the page's headlines have. The error wraps ErrNoLinks where nothing is
// left, or names the selector or expression that cannot be read.
func Listing(page news.Page, source config.Source, outlet string, now time.Time) (Found, error) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page.Body))
	if err != nil {
		return Found{}, fmt.Errorf("listing %s: read its HTML: %w", page.URL, err)
	}
	l := &listing{doc: doc, base: baseOf(doc, pageURL(page)), at: map[string]*anchor{}}
	if err := l.gather(source); err != nil {
		return Found{}, fmt.Errorf("listing %s: %w", page.URL, err)
	}
	var found Found
	if source.Links == "" && source.Match == "" {
		found.Shape = l.choose()
	}
	for _, a := range l.all {
		link := news.Link{URL: a.url, Outlet: outlet, Source: page.URL, Title: a.title()}
		card := l.card(a)
		link.Lead = lead(card, link.Title)
		link.Published, link.DateFrom = cardDate(card, now)
		found.Links = append(found.Links, link)
	}
	if len(found.Links) == 0 {
		return Found{}, fmt.Errorf("listing %s %w%s", page.URL, ErrNoLinks, sought(source))
	}
	return found, nil
}

func sought(s config.Source) string {
	switch {
	case s.Links != "":
		return fmt.Sprintf(" (looked for %q)", s.Links)
	case s.Match != "":
		return fmt.Sprintf(" (looked for paths like %q)", s.Match)
	}
	return ""
}

// listing is a page whose links are being chosen.
type listing struct {
	doc  *goquery.Document
	base *url.URL
	all  []*anchor // in the order of the page
	at   map[string]*anchor
}

// anchor is one address with all the links that lead to it.
type anchor struct {
	url, shape string
	nodes      []*html.Node
	heading    string // text of a link in or around a heading
	attr       string // title attribute
	text       string // longest text that is no paragraph
	alt        string // of a picture in the link
}

// title is the best name the page gives an address.
func (a *anchor) title() string {
	for _, s := range []string{a.heading, a.text, a.attr, a.alt} {
		if headline(s) {
			return s
		}
	}
	for _, s := range []string{a.heading, a.attr, a.text, a.alt} {
		if s != "" {
			return s
		}
	}
	return ""
}

// gather collects the page's links that can be articles of this site.
func (l *listing) gather(source config.Source) error {
	var match *regexp.Regexp
	var err error
	if source.Match != "" {
		if match, err = regexp.Compile(source.Match); err != nil {
			return fmt.Errorf("the expression %q cannot be read: %w", source.Match, err)
		}
	}
	links := l.doc.Find("a[href]")
	if source.Links != "" {
		m, err := parseSelector(source.Links)
		if err != nil {
			return fmt.Errorf("the selector %q cannot be read: %w", source.Links, err)
		}
		chosen := l.doc.FindMatcher(m)
		links = chosen.Filter("a[href]").AddSelection(chosen.Find("a[href]"))
	}
	home := news.Host(l.base.String())
	links.Each(func(_ int, s *goquery.Selection) {
		href, _ := s.Attr("href")
		address := absolute(l.base, href)
		u, err := url.Parse(address)
		if address == "" || err != nil || len(l.all) >= maxLinks || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
			return
		}
		if match != nil && !match.MatchString(u.RequestURI()) && !match.MatchString(u.Path) {
			return
		}
		if source.Links == "" && (!sameSite(home, news.Host(address)) || match == nil && gathers.MatchString(u.Path)) {
			return
		}
		l.add(u, s)
	})
	return nil
}

// gathers matches paths of pages that gather articles under long names, as
// articles have them: tags, running events, authors.
var gathers = regexp.MustCompile(`(?i)/(?:tags?|events?|topics?|su-kien|dong-su-kien|chu-de|chuyen-de|tu-khoa|authors?|tac-gia|search|tim-kiem|rss)(?:/|-?\d*\.|$)`)

// sameSite: one host is the other, or lies below it.
func sameSite(home, host string) bool {
	return host == home || strings.HasSuffix(host, "."+home) || strings.HasSuffix(home, "."+host)
}

func (l *listing) add(u *url.URL, s *goquery.Selection) {
	address := u.String()
	a := l.at[address]
	if a == nil {
		a = &anchor{url: address, shape: shapeOf(u)}
		l.at[address] = a
		l.all = append(l.all, a)
	}
	if len(a.nodes) < maxNodes {
		a.nodes = append(a.nodes, s.Nodes[0])
	}
	text := strings.TrimLeft(plain(s.Text(), maxLead), bullets)
	inside := s.Find("h1,h2,h3,h4,h5").First()
	switch {
	case inside.Length() > 0:
		a.heading = longer(a.heading, plain(inside.Text(), maxTitle))
	case s.Closest("h1,h2,h3,h4,h5").Length() > 0:
		a.heading = longer(a.heading, text)
	case len([]rune(text)) <= 200:
		a.text = longer(a.text, text)
	}
	a.attr = longer(a.attr, plain(s.AttrOr("title", ""), maxTitle))
	a.alt = longer(a.alt, plain(s.Find("img").AttrOr("alt", ""), maxTitle))
}

const (
	maxCard  = 500 // elements and texts in what a listing says about one article
	maxNodes = 8   // links to one article that are looked around
)

// bullets are what lists put before a headline.
const bullets = "#>»›•·▪■►+*-–— "

func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}

// choose keeps the links of the learned shapes and names the leading one.
func (l *listing) choose() string {
	shapes, leader := learn(l.all)
	kept := l.all[:0]
	for _, a := range l.all {
		if shapes[a.shape] {
			kept = append(kept, a)
		} else {
			delete(l.at, a.url)
		}
	}
	l.all = kept
	return leader
}

// card is the smallest box around a link that holds more than the link: what
// the listing says about this one article.
func (l *listing) card(a *anchor) *goquery.Selection {
	best := (*html.Node)(nil)
	for _, n := range a.nodes {
		for up, steps := n.Parent, 0; up != nil && steps < 5; up, steps = up.Parent, steps+1 {
			if up.Type != html.ElementNode || up.Data == "body" || !l.holdsOnly(up, a) {
				break
			}
			if best == nil || contains(up, best) {
				best = up
			}
		}
	}
	if best == nil {
		best = a.nodes[0]
	}
	return goquery.NewDocumentFromNode(best).Selection
}

// holdsOnly reports whether n has no link to another article of the listing,
// and is small enough to be about one.
func (l *listing) holdsOnly(n *html.Node, a *anchor) bool {
	steps := 0
	for d := range n.Descendants() {
		if steps++; steps > maxCard {
			return false
		}
		if d.Type != html.ElementNode || d.Data != "a" {
			continue
		}
		for _, at := range d.Attr {
			if at.Key != "href" {
				continue
			}
			if other := l.at[absolute(l.base, at.Val)]; other != nil && other != a {
				return false
			}
		}
	}
	return true
}

func contains(outer, inner *html.Node) bool {
	for ; inner != nil; inner = inner.Parent {
		if inner == outer {
			return true
		}
	}
	return false
}

// lead is the longest paragraph of a card that is not its title.
func lead(card *goquery.Selection, title string) string {
	best := ""
	card.Find(`p, [class*="sapo"], [class*="lead"], [class*="desc"], [class*="summary"], [class*="intro"], [class*="excerpt"]`).Each(func(_ int, s *goquery.Selection) {
		text := plain(s.Text(), maxLead)
		if text != title && !strings.HasPrefix(text, title) && len([]rune(text)) >= 40 {
			best = longer(best, text)
		}
	})
	return best
}

// cardDate reads the date a card shows.
func cardDate(card *goquery.Selection, now time.Time) (time.Time, string) {
	var stamps []stamp
	card.Find(`time, [data-time], [data-date], [datetime], [class*="time"], [class*="date"], [class*="ngay"]`).Each(func(_ int, s *goquery.Selection) {
		for _, name := range []string{"datetime", "data-time", "data-date", "title"} {
			stamps = append(stamps, stamp{"listing " + name, s.AttrOr(name, "")})
		}
		stamps = append(stamps, stamp{"listing", plain(s.Text(), 100)})
	})
	return readDate(now, stamps...)
}

// baseOf is where relative links start from: the page's base element, if any.
func baseOf(doc *goquery.Document, page *url.URL) *url.URL {
	if href, ok := doc.Find("base[href]").Attr("href"); ok {
		if u, err := page.Parse(strings.TrimSpace(href)); err == nil && u.Host != "" {
			return u
		}
	}
	return page
}
