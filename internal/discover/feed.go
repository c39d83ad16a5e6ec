package discover

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"diembao/internal/news"
)

const maxDepth = 500 // nested elements; gofeed walks them on the stack

// Feed reads an RSS, Atom or JSON feed. A feed that breaks off, or in which
// one item is broken, gives the items that are whole, and Damage says what was
// lost. Errors wrap ErrHTML, ErrEntities, ErrDeep or ErrUnknown.
func Feed(page news.Page, outlet string, now time.Time) (Found, error) {
	body := strings.TrimLeft(page.Body, "\ufeff \t\r\n")
	if err := suspect(body); err != nil {
		return Found{}, fmt.Errorf("feed %s %w", page.URL, err)
	}
	body = neutral(body)
	var found Found
	feed, err := gofeed.NewParser().ParseString(body)
	if err != nil {
		feed, found.Lost = salvage(body)
		if len(feed.Items) == 0 {
			return Found{}, fmt.Errorf("feed %s %w: %w", page.URL, ErrUnknown, err)
		}
		found.Damage = fmt.Sprintf("the feed is broken (%v); %d items were saved, %d lost", err, len(feed.Items), found.Lost)
	}
	base, seen := pageURL(page), map[string]bool{}
	for _, item := range feed.Items {
		link := news.Link{URL: itemURL(base, item), Outlet: outlet, Source: page.URL}
		if link.URL == "" {
			found.Lost++
			continue
		}
		if seen[link.URL] || len(found.Links) == maxLinks {
			continue
		}
		seen[link.URL] = true
		link.Title, link.Lead = plain(item.Title, maxTitle), plain(description(item), maxLead)
		link.Published, link.DateFrom = readDate(now, feedDates(feed.FeedType, item)...)
		found.Links = append(found.Links, link)
	}
	return found, nil
}

// suspect names what is no feed or sitemap and must not be parsed as one.
func suspect(body string) error {
	start := strings.ToLower(body[:min(len(body), 4096)])
	switch root := strings.Index(start, "<html"); {
	case strings.HasPrefix(start, "<!doctype html"), root >= 0 && !strings.ContainsAny(start[:root], "[{") && !feedRoot.MatchString(start[:root]):
		return ErrHTML
	case body == "":
		return ErrUnknown
	}
	if strings.Contains(strings.ToLower(preamble(body)), "<!entity") {
		return ErrEntities
	}
	if body[0] == '<' && depth(body) > maxDepth {
		return ErrDeep
	}
	return nil
}

var feedRoot = regexp.MustCompile(`<(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex)\b`)

// preamble is what stands before the first element.
func preamble(body string) string {
	for i := 0; i+1 < len(body); i++ {
		if c := body[i+1] | 0x20; body[i] == '<' && c >= 'a' && c <= 'z' {
			return body[:i]
		}
	}
	return body
}

// depth is how deep elements nest, counted roughly and without a stack:
// comments and CDATA are passed over, names are not compared.
func depth(body string) (deepest int) {
	level := 0
	for i := strings.IndexByte(body, '<'); i >= 0; {
		rest := body[i:]
		end := 1
		switch {
		case strings.HasPrefix(rest, "<![CDATA["):
			end = after(rest, "]]>")
		case strings.HasPrefix(rest, "<!--"):
			end = after(rest, "-->")
		case strings.HasPrefix(rest, "</"):
			level = max(level-1, 0)
		case !strings.HasPrefix(rest, "<!") && !strings.HasPrefix(rest, "<?"):
			if end = after(rest, ">"); !strings.HasSuffix(rest[:end], "/>") {
				level++
				deepest = max(deepest, level)
			}
		}
		next := strings.IndexByte(rest[end:], '<')
		if next < 0 {
			break
		}
		i += end + next
	}
	return deepest
}

func after(s, mark string) int {
	if i := strings.Index(s, mark); i >= 0 {
		return i + len(mark)
	}
	return len(s)
}

var prolog = regexp.MustCompile(`^<\?xml[^>]*\?>`)

// neutral drops the XML prolog: the page is decoded already, whatever charset
// the prolog names.
func neutral(body string) string { return prolog.ReplaceAllString(body, "") }

var (
	feedTag  = regexp.MustCompile(`(?i)<(rss|feed|rdf:rdf)\b[^>]*>`)
	itemTag  = regexp.MustCompile(`<(item|entry)[\s>]`)
	noParser = &gofeed.Feed{}
)

// salvage parses a broken feed item by item, each within the feed's own root
// element, and counts those that cannot be read.
func salvage(body string) (*gofeed.Feed, int) {
	root := feedTag.FindStringSubmatch(body)
	if root == nil || len(root[0]) > 4096 {
		return noParser, 0
	}
	open, shut := root[0]+"<channel>", "</channel></"+root[1]+">"
	if strings.EqualFold(root[1], "feed") {
		open, shut = root[0], "</"+root[1]+">"
	}
	saved, lost := &gofeed.Feed{}, 0
	for _, item := range items(body) {
		one, err := gofeed.NewParser().ParseString(open + item + shut)
		if err != nil || len(one.Items) == 0 {
			lost++
			continue
		}
		saved.FeedType = one.FeedType
		saved.Items = append(saved.Items, one.Items...)
	}
	return saved, lost
}

// items cuts the item or entry elements out of a feed; the last may be cut off.
func items(body string) []string {
	var out []string
	for len(out) < maxLinks {
		at := itemTag.FindStringSubmatchIndex(body)
		if at == nil {
			return out
		}
		body = body[at[0]:]
		end := len(body) // or where the next begins, should this one never be closed
		if next := itemTag.FindStringIndex(body[1:]); next != nil {
			end = next[0] + 1
		}
		end = after(body[:end], "</"+body[1:1+at[3]-at[2]]+">")
		out = append(out, body[:end])
		body = body[end:]
	}
	return out
}

func itemURL(base *url.URL, item *gofeed.Item) string {
	for _, raw := range append([]string{item.Link}, item.Links...) {
		if strings.TrimSpace(raw) != "" {
			return absolute(base, raw)
		}
	}
	if strings.HasPrefix(item.GUID, "http") {
		return absolute(base, item.GUID)
	}
	return ""
}

// description is what an item says of itself; film channels say it in
// media:group, beside the picture.
func description(item *gofeed.Item) string {
	for _, text := range []string{item.Description, item.Content} {
		if strings.TrimSpace(text) != "" {
			return text
		}
	}
	for _, group := range append(item.Extensions["media"]["group"], item.Extensions["media"]["description"]...) {
		for _, d := range append(group.Children["description"], group) {
			if strings.TrimSpace(d.Value) != "" {
				return d.Value
			}
		}
	}
	return ""
}

// feedDates lists an item's dates as written, under the names of its format.
// gofeed gives the second where the first is missing.
func feedDates(kind string, item *gofeed.Item) []stamp {
	published, updated := "feed pubDate", "feed dc:date"
	switch kind {
	case "atom":
		published, updated = "feed published", "feed updated"
	case "json":
		published, updated = "feed date_published", "feed date_modified"
	}
	if item.Published == item.Updated {
		return []stamp{{updated, item.Updated}}
	}
	return []stamp{{published, item.Published}, {updated, item.Updated}}
}
