package pipeline

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/vi"
)

// Try reads the article at an address without storing anything.
func (p *Pipeline) Try(ctx context.Context, o config.Outlet, url string) (news.Article, error) {
	a, err := p.fetchArticle(ctx, o, news.Link{URL: url, Outlet: o.ID})
	if err != nil {
		return a, fmt.Errorf("reading %s: %w", url, err)
	}
	return a, nil
}

// FromHTML reads an article from a saved page. url is where it came from; if
// empty, the page must name its own address.
func (p *Pipeline) FromHTML(raw []byte, url string) (news.Article, error) {
	rules, now := p.Rules(), p.Now()
	text, charset := vi.Decode(raw, "")
	if url == "" {
		url = ownAddress(text)
	}
	if url == "" {
		return news.Article{}, errors.New("the page does not say where it is from; give its address, or save it with its <link rel=canonical>")
	}
	page := news.Page{URL: url, Final: url, Status: 200, Raw: raw, Body: text, Charset: charset, At: now}
	a, err := rules.extractor.Extract(page, now)
	if err != nil {
		return a, err
	}
	a.Canonical = news.Canonical(a.URL, rules.Keys)
	a.ID = news.ID(a.Canonical)
	a.Outlet = rules.whose(a.URL, "", a.Published, now)
	a.FirstSeen, a.Via = now, news.Import
	return a, nil
}

// savedFrom is the line that browsers write into pages they save.
var savedFrom = regexp.MustCompile(`<!-- saved from url=\(\d+\)(https?://\S+) -->`)

// ownAddress is where a saved page says it is from; empty where it does not.
func ownAddress(text string) string {
	if m := savedFrom.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		return "" // the extractor says what is wrong with it
	}
	for _, own := range []struct{ tag, attr string }{{`link[rel="canonical"]`, "href"}, {`meta[property="og:url"]`, "content"}} {
		if address := doc.Find(own.tag).AttrOr(own.attr, ""); news.Host(address) != "" {
			return address
		}
	}
	return ""
}

// Extract reads a page as Gather does, without an outlet's name: what
// `eval extract` measures.
func (r *Rules) Extract(page news.Page, now time.Time) (news.Article, error) {
	return r.extractor.Extract(page, now)
}
