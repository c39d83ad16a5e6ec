package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	page := news.Page{URL: url, Final: url, Status: 200, Raw: raw, Body: text, Charset: charset, At: now}
	a, err := rules.extractor.Extract(page, now)
	if err != nil {
		return a, err
	}
	if a.URL == "" {
		return a, errors.New("the page does not say where it is from; give its address, or save it with its <link rel=canonical>")
	}
	a.Canonical = news.Canonical(a.URL, rules.Keys)
	a.ID = news.ID(a.Canonical)
	a.Outlet = rules.whose(a.URL, "", a.Published, now)
	a.FirstSeen, a.Via = now, news.Import
	return a, nil
}

// Extract reads a page as Gather does, without an outlet's name: what
// `eval extract` measures.
func (r *Rules) Extract(page news.Page, now time.Time) (news.Article, error) {
	return r.extractor.Extract(page, now)
}
