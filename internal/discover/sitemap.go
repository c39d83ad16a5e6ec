package discover

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"diembao/internal/news"
)

// Sitemap reads a sitemap, a news sitemap, a sitemap index, or a plain list of
// addresses; a feed that is announced as a sitemap is read as a feed. A file
// that breaks off gives what stood before, and Damage says so. Errors wrap
// ErrHTML, ErrEntities, ErrDeep or ErrUnknown.
func Sitemap(page news.Page, outlet string, now time.Time) (Found, error) {
	body := strings.TrimLeft(page.Body, "\ufeff \t\r\n")
	if err := suspect(body); err != nil {
		return Found{}, fmt.Errorf("sitemap %s %w", page.URL, err)
	}
	s := sitemap{now: now, base: pageURL(page), seen: map[string]bool{}, link: news.Link{Outlet: outlet, Source: page.URL}}
	if body[0] != '<' {
		s.list(body)
	} else if feedTag.MatchString(body[:min(len(body), 4096)]) {
		return Feed(page, outlet, now)
	} else {
		s.read(xml.NewDecoder(strings.NewReader(neutral(body))))
	}
	if len(s.found.Links)+len(s.found.Sitemaps) == 0 && (s.found.Damage != "" || !s.rooted) {
		return Found{}, fmt.Errorf("sitemap %s %w", page.URL, ErrUnknown)
	}
	return s.found, nil
}

// sitemap is a sitemap being read, one entry at a time.
type sitemap struct {
	now    time.Time
	base   *url.URL
	seen   map[string]bool
	link   news.Link // what all links have in common
	found  Found
	rooted bool // an element of the protocol was seen
}

// entry is one <url> or <sitemap>.
type entry struct{ loc, lastmod, title, published string }

func (s *sitemap) read(d *xml.Decoder) {
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for len(s.found.Links)+len(s.found.Sitemaps) < maxLinks {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			s.found.Damage = fmt.Sprintf("the sitemap is broken (%v); %d entries stood before", err, len(s.found.Links)+len(s.found.Sitemaps))
			return
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "urlset", "sitemapindex":
			s.rooted = true
		case "url", "sitemap":
			e, whole := readEntry(d, start.Name.Local)
			if !whole {
				s.found.Lost++
				continue // the next token says what is wrong
			}
			s.take(start.Name.Local, e)
		}
	}
	s.found.Damage = fmt.Sprintf("the sitemap holds more than %d entries; the rest was left", maxLinks)
}

// readEntry reads up to the end of an entry; false where it breaks off.
func readEntry(d *xml.Decoder, name string) (e entry, whole bool) {
	var field *string
	for {
		tok, err := d.Token()
		if err != nil {
			return e, false
		}
		switch t := tok.(type) {
		case xml.StartElement:
			field = e.field(t.Name)
		case xml.CharData:
			if field != nil && len(*field) < 4096 {
				*field += string(t)
			}
		case xml.EndElement:
			if t.Name.Local == name {
				return e, true
			}
			field = nil
		}
	}
}

// field is where an element's text belongs. Pictures and films have a loc and
// a title of their own.
func (e *entry) field(n xml.Name) *string {
	if strings.Contains(n.Space, "image") || strings.Contains(n.Space, "video") {
		return nil
	}
	inNews := strings.Contains(n.Space, "news")
	switch {
	case n.Local == "loc":
		return &e.loc
	case n.Local == "lastmod":
		return &e.lastmod
	case n.Local == "title" && inNews:
		return &e.title
	case n.Local == "publication_date" && inNews:
		return &e.published
	}
	return nil
}

func (s *sitemap) take(kind string, e entry) {
	address := absolute(s.base, e.loc)
	if address == "" {
		s.found.Lost++
		return
	}
	if s.seen[address] {
		return
	}
	s.seen[address] = true
	if kind == "sitemap" {
		at, _ := readDate(s.now, stamp{"", e.lastmod})
		s.found.Sitemaps = append(s.found.Sitemaps, Child{URL: address, Modified: at})
		return
	}
	link := s.link
	link.URL, link.Title = address, plain(e.title, maxTitle)
	link.Published, link.DateFrom = readDate(s.now, stamp{"sitemap news:publication_date", e.published}, stamp{"sitemap lastmod", e.lastmod})
	s.found.Links = append(s.found.Links, link)
}

// list reads a sitemap of plain lines, one address each.
func (s *sitemap) list(body string) {
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if len(s.found.Links) == maxLinks || !strings.HasPrefix(line, "http") {
			break
		}
		s.rooted = true
		s.take("url", entry{loc: line})
	}
}
