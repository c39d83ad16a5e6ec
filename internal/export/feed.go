package export

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"diembao/config"
	"diembao/internal/say"
)

// Feeds are the feeds that WriteFeed knows.
var Feeds = []string{"rss", "atom"}

// WriteFeed writes an answer as a feed; self is its own address, absolute. The
// same answer gives the same bytes: what changes with the clock alone is left
// out, so that a reader who asks again is told that nothing is new. A feed
// waits for what was asked: an answer that has only some of the words helps a
// person at the page, and gives an empty feed.
func WriteFeed(out io.Writer, feed string, a Answer, self string, w *say.Words) error {
	if a.Relaxed {
		a.Items, a.Publications, a.Originals = nil, 0, 0
	}
	var doc any
	switch feed {
	case "rss":
		doc = rss(a, self, w)
	case "atom":
		doc = atom(a, self, w)
	default:
		return fmt.Errorf("there is no feed %q; the feeds are rss and atom", feed)
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return fmt.Errorf("writing the feed: %w", err)
	}
	e := xml.NewEncoder(out)
	e.Indent("", " ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("writing the feed: %w", err)
	}
	return nil
}

// Newest is the time of the newest article of an answer; zero for none.
func (a Answer) Newest() (newest time.Time) {
	for _, i := range a.Items {
		if i.At.After(newest) {
			newest = i.At
		}
	}
	return newest
}

func (a Answer) title(w *say.Words) string {
	if a.InWords == "" {
		return w.Say("export.title")
	}
	return w.Say("export.title") + ": " + printable(a.InWords)
}

// subtitle counts both ways.
func (a Answer) subtitle(w *say.Words) string {
	return w.Say("export.counts", "Publications", a.Publications, "Originals", a.Originals)
}

type rssDoc struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Self        atomLink  `xml:"atom:link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Built       string    `xml:"lastBuildDate,omitempty"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	GUID        rssGUID  `xml:"guid"`
	Published   string   `xml:"pubDate,omitempty"`
	Creator     string   `xml:"dc:creator,omitempty"`
	Category    []string `xml:"category"`
	Description string   `xml:"description"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

func rss(a Answer, self string, w *say.Words) rssDoc {
	c := rssChannel{Title: a.title(w), Link: a.Address, Self: atomLink{self, "self", Types["rss"]}, Description: a.subtitle(w), Language: w.Lang, Built: mailTime(a.Newest())}
	for _, i := range a.Items {
		c.Items = append(c.Items, rssItem{
			Title: printable(i.Title), Link: i.link(), GUID: rssGUID{false, i.ID}, Published: mailTime(i.At), Creator: printable(i.Outlet),
			Category: i.Topics, Description: printable(Excerpt(i.Excerpt)),
		})
	}
	return rssDoc{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/", Channel: c}
}

type atomDoc struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	ID       string      `xml:"id"`
	Links    []atomLink  `xml:"link"`
	Updated  string      `xml:"updated"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	Title      string         `xml:"title"`
	ID         string         `xml:"id"`
	Links      []atomLink     `xml:"link"`
	Published  string         `xml:"published,omitempty"`
	Updated    string         `xml:"updated"`
	Author     string         `xml:"author>name"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

func atom(a Answer, self string, w *say.Words) atomDoc {
	d := atomDoc{Lang: w.Lang, Title: a.title(w), Subtitle: a.subtitle(w), ID: self,
		Links: []atomLink{{self, "self", Types["atom"]}, {a.Address, "alternate", "text/html"}}, Updated: a.Newest().In(config.VN).Format(time.RFC3339)}
	for _, i := range a.Items {
		at := i.At.In(config.VN).Format(time.RFC3339)
		e := atomEntry{Title: printable(i.Title), ID: "urn:diembao:" + i.ID, Links: []atomLink{{i.link(), "alternate", ""}}, Published: at, Updated: at,
			Author: printable(i.Outlet), Summary: printable(Excerpt(i.Excerpt))}
		for _, t := range i.Topics {
			e.Categories = append(e.Categories, atomCategory{t})
		}
		d.Entries = append(d.Entries, e)
	}
	return d
}

// link is where a reader of a feed goes: the paper's own page, or ours where
// that has no address of the web.
func (i Item) link() string {
	if i.URL != "" {
		return i.URL
	}
	return i.Page
}

// mailTime writes a time as RSS has it.
func mailTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(config.VN).Format(time.RFC1123Z)
}
