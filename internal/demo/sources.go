package demo

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"time"
)

// SourcePath is the address that announces the paper's articles.
func (p *Paper) SourcePath() string {
	switch p.Source {
	case "rss":
		return "/rss/tin-moi.rss"
	case "sitemap":
		return "/sitemap-news.xml"
	}
	if p.Look == "cong" {
		return "/tintuc/Pages/danh-sach.aspx"
	}
	return "/tin-moi/"
}

// shown is how many articles a source announces at a time.
const shown = 40

// latest is the articles published by now, newest first, at most n. A page
// taken down stays announced: that is how crawlers meet soft 404s.
func (p *Paper) latest(now time.Time, n int) []*Article {
	var out []*Article
	for _, a := range slices.Backward(p.articles) {
		if !a.Published().After(now) && len(out) < n {
			out = append(out, a)
		}
	}
	return out
}

// source answers for whatever announces the paper's articles.
func (p *Paper) source(w http.ResponseWriter, r *http.Request, now time.Time) {
	if p.failing(w, r, now) {
		return
	}
	p.announce(w, r, now)
}

// announce answers with what the source announces at now.
func (p *Paper) announce(w http.ResponseWriter, r *http.Request, now time.Time) {
	if p.Fresh { // as a server does that makes each answer anew
		r = r.Clone(r.Context())
		r.Header.Del("If-None-Match")
	}
	switch p.Source {
	case "rss":
		p.markup(w, r, "application/rss+xml; charset=utf-8", p.feed(r.Host, now))
	case "sitemap":
		p.markup(w, r, "application/xml; charset=utf-8", p.sitemap(r.Host, now))
	default:
		p.listing(w, r, now)
	}
}

// markup sends v as XML.
func (p *Paper) markup(w http.ResponseWriter, r *http.Request, kind string, v any) {
	body, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, r, kind, append([]byte(xml.Header), body...))
}

type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Channel channel  `xml:"channel"`
}

type channel struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	Description string `xml:"description"`
	Items       []item `xml:"item"`
}

type item struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        string `xml:"guid"`
	Category    string `xml:"category,omitempty"`
	Description string `xml:"description"`
	PubDate     string `xml:"pubDate"`
}

// feed is the paper's RSS. Its descriptions begin with a picture, as the
// feeds of Vietnamese papers do.
func (p *Paper) feed(host string, now time.Time) rss {
	c := channel{Title: p.Name, Link: "http://" + host + "/", Description: p.Motto}
	for _, a := range p.latest(now, shown) {
		v := a.current(now)
		link := "http://" + host + a.Path
		c.Items = append(c.Items, item{
			Title: v.Title, Link: link, GUID: link, Category: v.Section,
			Description: `<a href="` + link + `"><img src="http://` + host + `/anh.svg"></a></br>` + v.Lead,
			PubDate:     p.feedDate(a.Published()),
		})
	}
	return rss{Version: "2.0", Channel: c}
}

// feedDate writes a time as the paper's feed does; "GMT+7" is what readers of
// feeds take for an unknown zone, seven hours off.
func (p *Paper) feedDate(t time.Time) string {
	if p.Dates == "gmt+7" {
		return t.Format("Mon, 02 Jan 2006 15:04:05 ") + "GMT+7"
	}
	return t.Format(time.RFC1123Z)
}

type sitemap struct {
	XMLName xml.Name     `xml:"urlset"`
	NS      string       `xml:"xmlns,attr"`
	News    string       `xml:"xmlns:news,attr"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc     string      `xml:"loc"`
	LastMod string      `xml:"lastmod"`
	News    sitemapNews `xml:"news:news"`
}

type sitemapNews struct {
	Name     string `xml:"news:publication>news:name"`
	Language string `xml:"news:publication>news:language"`
	Date     string `xml:"news:publication_date"`
	Title    string `xml:"news:title"`
}

// sitemap is the paper's news sitemap: the last two days, as the format asks.
func (p *Paper) sitemap(host string, now time.Time) sitemap {
	s := sitemap{NS: "http://www.sitemaps.org/schemas/sitemap/0.9", News: "http://www.google.com/schemas/sitemap-news/0.9"}
	for _, a := range p.latest(now, shown) {
		if now.Sub(a.Published()) > 48*time.Hour {
			continue
		}
		v := a.current(now)
		s.URLs = append(s.URLs, sitemapURL{
			Loc: "http://" + host + a.Path, LastMod: v.At.Format(time.RFC3339),
			News: sitemapNews{Name: p.Name, Language: "vi", Date: a.Published().Format(time.RFC3339), Title: v.Title},
		})
	}
	return s
}

// current is the text an announcement shows at now, whether or not the page
// still stands.
func (a *Article) current(now time.Time) Version {
	v, _ := a.At(now)
	return v
}

// listing sends the front page, a section's page, or the list of new texts.
func (p *Paper) listing(w http.ResponseWriter, r *http.Request, now time.Time) {
	section, only := strings.CutPrefix(strings.Trim(r.URL.Path, "/"), "chuyen-muc/")
	v := view{Paper: p, Now: now, Sections: p.sections(), Ours: p.ours(nil, now)}
	for i, a := range p.latest(now, len(p.articles)) {
		t := a.current(now)
		if only && slug(t.Section) != section {
			continue
		}
		path := a.Path
		if a.Alias != "" && i%4 == 3 {
			path = a.Alias // a portal links one page in two ways
		}
		if v.List = append(v.List, entry{Path: path, Version: t, Published: a.Published()}); len(v.List) == shown {
			break
		}
	}
	p.page(w, r, "list", v)
}
