package pipeline

import (
	"net/url"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// isFilm reports whether an address is a film on YouTube. Its page is built by
// scripts and says no more than the channel's feed, which is the public way to
// it: the article is what the feed tells, and the page is not asked for.
func isFilm(address string) bool {
	u, err := url.Parse(address)
	if err != nil || news.Host(address) != "youtube.com" {
		return false
	}
	return u.Path == "/watch" && u.Query().Get("v") != "" || strings.HasPrefix(u.Path, "/shorts/")
}

// announcedHere reports whether a link may belong to an outlet: it lies on the
// outlet's site, or is a film that the outlet's own channel announces.
func announcedHere(o config.Outlet, l news.Link) bool {
	return onSite(o, l.URL) || isFilm(l.URL) && news.Host(l.Source) == news.Host(l.URL)
}

// film makes the article of a film of what its channel's feed says.
func (r *Rules) film(o config.Outlet, l news.Link, now time.Time) news.Article {
	a := news.Article{
		URL: l.URL, Canonical: news.Canonical(l.URL, r.Keys), Outlet: o.ID, Title: l.Title, Lead: l.Lead, Form: "video",
		Published: l.Published, FirstSeen: now, Via: news.Crawl,
		From: map[string]string{"title": "feed " + l.Source, "lead": "feed " + l.Source, "published": l.DateFrom, "form": "a film's address"},
	}
	a.ID = news.ID(a.Canonical)
	return a
}
