package discover

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"

	"diembao/internal/news"
)

// Offer is what a front page says of its own sources.
type Offer struct {
	Feeds    []Place // announced feeds first, then links that look like feeds
	Pages    []Place // pages that list feeds, as many papers have
	Sitemaps []Place
	Home     string // the address the page calls its own
	Name     string // what the site calls itself
}

// Place is one address and the words that stand by it.
type Place struct{ URL, Title string }

var (
	feedPath = regexp.MustCompile(`(?i)(?:\.rss$|/rss/[^/]+|/feed/?$|/feeds?/[^/]+|atom\.xml$|rss\.xml$|/rss2?\.(?:aspx|ashx|php)\?)`)
	feedList = regexp.MustCompile(`(?i)/(?:rss|feeds?|kenh-rss|dich-vu-rss)(?:\.\w{2,5})?/?$`)
)

// Auto finds the feeds and sitemaps that a site's front page announces.
func Auto(page news.Page) (Offer, error) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page.Body))
	if err != nil {
		return Offer{}, fmt.Errorf("front page %s: read its HTML: %w", page.URL, err)
	}
	base := baseOf(doc, pageURL(page))
	o := Offer{Home: absolute(base, doc.Find(`link[rel="canonical"]`).AttrOr("href", "")), Name: nameOf(doc)}
	seen := map[string]bool{}
	put := func(list *[]Place, address, title string) {
		if address != "" && !seen[address] {
			seen[address] = true
			*list = append(*list, Place{URL: address, Title: plain(title, maxTitle)})
		}
	}
	doc.Find("link[href]").Each(func(_ int, s *goquery.Selection) {
		rel, kind := strings.ToLower(s.AttrOr("rel", "")), strings.ToLower(s.AttrOr("type", ""))
		address := absolute(base, s.AttrOr("href", ""))
		switch {
		case strings.Contains(rel, "sitemap"):
			put(&o.Sitemaps, address, s.AttrOr("title", ""))
		case strings.Contains(rel, "alternate") && isFeedType(kind):
			put(&o.Feeds, address, s.AttrOr("title", ""))
		}
	})
	home := news.Host(base.String())
	doc.Find("a[href]").Each(func(_ int, s *goquery.Selection) {
		address := absolute(base, s.AttrOr("href", ""))
		u, err := url.Parse(address)
		if err != nil || !sameSite(home, news.Host(address)) {
			return
		}
		switch {
		case feedPath.MatchString(u.RequestURI()):
			put(&o.Feeds, address, s.Text())
		case feedList.MatchString(u.Path):
			put(&o.Pages, address, s.Text())
		case strings.Contains(strings.ToLower(u.Path), "sitemap") && strings.HasSuffix(u.Path, ".xml"):
			put(&o.Sitemaps, address, s.Text())
		}
	})
	return o, nil
}

// nameOf is what a front page calls its site: in so many words, or the part of
// its title before the boasting begins.
func nameOf(doc *goquery.Document) string {
	if name := plain(doc.Find(`meta[property="og:site_name"]`).AttrOr("content", ""), maxTitle); name != "" {
		return name
	}
	title := plain(doc.Find("title").First().Text(), maxTitle)
	for _, bar := range []string{" | ", " - ", " – ", " — ", ": "} {
		if name, _, ok := strings.Cut(title, bar); ok && strings.TrimSpace(name) != "" {
			return strings.TrimSpace(name)
		}
	}
	return title
}

func isFeedType(kind string) bool {
	for _, t := range []string{"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"} {
		if strings.HasPrefix(kind, t) {
			return true
		}
	}
	return false
}

// parseSelector reads a CSS selector and, unlike goquery, says what is wrong.
func parseSelector(s string) (goquery.Matcher, error) { return cascadia.Compile(s) }
