// Package discover turns what sources announce into links: feeds (RSS, Atom,
// JSON Feed), sitemaps and listing pages, and it finds a site's feeds and
// sitemaps in its front page. It asks nobody; it reads pages that fetch
// brought, already decoded and bounded.
//
// Dates are read from the words as they stand in the source, never by a feed
// library: those read Vietnamese dates hours or months wrong, silently.
package discover

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"diembao/internal/news"
	"diembao/internal/vi"
	"diembao/internal/when"
)

// What is wrong with a source that cannot be read.
var (
	ErrHTML     = errors.New("is an HTML page where a feed or sitemap was expected; the address may have moved or a gate stands before it")
	ErrEntities = errors.New("declares entities of its own, as attacks do and feeds need not; refused")
	ErrDeep     = errors.New("nests elements deeper than any feed does; refused")
	ErrUnknown  = errors.New("is neither a feed nor a sitemap")
	ErrNoLinks  = errors.New("shows no article links; its layout may have changed")
)

const (
	maxLinks = 50000 // of one source; also the sitemap protocol's own bound
	maxLead  = 2000  // runes of a lead
	maxTitle = 500   // runes of a title
)

// Found is what a source announced.
type Found struct {
	Links    []news.Link
	Sitemaps []Child // the files of a sitemap index
	Lost     int     // announced items that could not be read
	Damage   string  // what was broken, in words; empty for a sound source
	Shape    string  // of article addresses, where a listing's links were chosen by shape
}

// Child is one file of a sitemap index.
type Child struct {
	URL      string
	Modified time.Time // zero where the index does not say
}

// pageURL is where a page's relative addresses start from.
func pageURL(p news.Page) *url.URL {
	for _, raw := range []string{p.Final, p.URL} {
		if u, err := url.Parse(raw); err == nil && u.Host != "" {
			return u
		}
	}
	return &url.URL{}
}

// absolute resolves an announced address; "" where it is not one of the web.
func absolute(base *url.URL, raw string) string {
	u, err := base.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return ""
	}
	u.Fragment = ""
	return u.String()
}

// stamp is a date as a source wrote it, with the name of where it stood.
type stamp struct{ where, words string }

// readDate takes the first stamp that can be a date of publication, and says
// which words it was read from.
func readDate(now time.Time, stamps ...stamp) (time.Time, string) {
	for _, s := range stamps {
		words := strings.TrimSpace(s.words)
		if words == "" || len(words) > 200 {
			continue
		}
		if t, err := when.Parse(words, now); err == nil {
			return t, fmt.Sprintf("%s %q", s.where, words)
		}
	}
	return time.Time{}, ""
}

// plain makes one line of plain text of what feeds put into titles and
// descriptions: HTML, often escaped twice.
func plain(s string, limit int) string {
	s = strings.ToValidUTF8(s, "")
	for range 3 {
		next := strip(s)
		if next == s {
			break
		}
		s = next
	}
	s = strings.TrimSpace(vi.NFC(s))
	if r := []rune(s); len(r) > limit {
		s = strings.TrimSpace(string(r[:limit])) + "…"
	}
	return s
}

// strip takes one layer of tags and entities off, and folds white space.
func strip(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return strings.Join(strings.Fields(s), " ")
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for hidden := ""; ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			if hidden == "" {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			if n := string(name); n == "script" || n == "style" {
				hidden = n
			}
			b.WriteString(gap(string(name)))
		case html.EndTagToken:
			name, _ := z.TagName()
			if string(name) == hidden {
				hidden = ""
			}
			b.WriteString(gap(string(name)))
		case html.SelfClosingTagToken:
			b.WriteByte(' ')
		}
	}
}

// gap is the space a tag leaves: none within a line, so that Ô<b>n</b> stays whole.
func gap(tag string) string {
	switch tag {
	case "a", "b", "i", "u", "em", "strong", "span", "font", "sup", "sub", "mark", "small":
		return ""
	}
	return " "
}
