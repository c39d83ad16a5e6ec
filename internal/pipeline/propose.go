package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"diembao/config"
	"diembao/internal/discover"
	"diembao/internal/extract"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/vi"
)

// Proposal is how an outlet that nobody has entered could be read.
type Proposal struct {
	Outlet   config.Outlet
	Known    string   // id of an outlet of the configuration that has the same host; empty for none
	Reasons  []string // what each choice rests on, for whoever decides
	Articles []Sample // the newest it would collect
	Week     int      // links of the last seven days among those announced
}

// Sample is one link of a proposal and the article on it; Err says why there
// is none.
type Sample struct {
	Link    news.Link
	Article news.Article
	Err     error
}

// Where Vietnamese papers keep what they do not announce.
var (
	usualFeeds    = []string{"rss/home.rss", "rss/tin-moi-nhat.rss", "rss/tin-moi.rss", "rss/trang-chu.rss", "feed", "rss.xml"}
	usualSitemaps = []string{"sitemap-news.xml", "news-sitemap.xml", "sitemap.xml"}
)

const (
	feedsTried    = 8 // of a site's feeds
	feedsKept     = 5
	sitemapsTried = 3
	samples       = 5
)

// Propose looks at a site as politely as Gather does, stores nothing, and says
// how it could be read: its feeds, else its news sitemap, else its front page.
func (p *Pipeline) Propose(ctx context.Context, address string) (Proposal, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return Proposal{}, fmt.Errorf("%q is not the address of a site; write it as https://baoangiang.example", address)
	}
	front, err := p.Fetch.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return Proposal{}, fmt.Errorf("looking at the front page: %w", err)
	}
	offer, err := discover.Auto(front.Page)
	if err != nil {
		return Proposal{}, err
	}
	if final, err := url.Parse(front.Final); err == nil && final.Hostname() != "" {
		u = final
	}
	a := &asker{p: p, front: front.Page, offer: offer, base: u.Scheme + "://" + u.Host + "/"}
	a.Outlet = p.guess(u.Hostname(), offer.Name, &a.Proposal)
	if o, ok := p.Rules().Pack.OutletByHost(u.Hostname(), p.Now()); ok {
		a.Known = o.ID
	}
	for _, look := range []func(context.Context) error{a.feeds, a.sitemaps, a.listing} {
		if err := look(ctx); err != nil {
			return a.Proposal, err
		}
		if len(a.links) > 0 {
			break
		}
	}
	if len(a.links) == 0 {
		return a.Proposal, fmt.Errorf("%s shows no feed, no sitemap and no list of articles that can be read:\n  %s\nWrite its listing and `links` by hand", a.base, strings.Join(a.Reasons, "\n  "))
	}
	return a.Proposal, a.sample(ctx)
}

// asker gathers a proposal.
type asker struct {
	Proposal
	p     *Pipeline
	front news.Page
	offer discover.Offer
	base  string
	links []news.Link
}

func (a *Proposal) because(format string, args ...any) {
	a.Reasons = append(a.Reasons, fmt.Sprintf(format, args...))
}

// feeds tries the feeds that the front page announces, or a page that lists
// them, and keeps those that work.
func (a *asker) feeds(ctx context.Context) error {
	offered := a.offer.Feeds
	if len(offered) == 0 && len(a.offer.Pages) > 0 {
		list, err := a.p.Fetch.Get(ctx, fetch.Request{URL: a.offer.Pages[0].URL})
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			a.because("the page of feeds %s: %v", a.offer.Pages[0].URL, err)
		} else if more, err := discover.Auto(list.Page); err == nil {
			offered = more.Feeds
		}
	}
	kept := feedsKept
	if len(offered) == 0 {
		kept = 1
		for _, path := range usualFeeds {
			offered = append(offered, discover.Place{URL: a.base + path})
		}
	}
	for _, f := range offered[:min(len(offered), feedsTried)] {
		if len(a.Outlet.Feeds) == kept {
			break
		}
		if n, err := a.try(ctx, source{config.Source{URL: f.URL}, feed}); err != nil {
			return err
		} else if n > 0 {
			a.Outlet.Feeds = append(a.Outlet.Feeds, config.Source{URL: f.URL, Proven: true})
		}
	}
	return nil
}

// sitemaps tries the sitemaps that robots.txt and the front page announce,
// those of news first.
func (a *asker) sitemaps(ctx context.Context) error {
	offered, err := a.p.Fetch.Sitemaps(ctx, a.base)
	if err != nil {
		a.because("robots.txt: %v", err)
	}
	for _, s := range a.offer.Sitemaps {
		offered = append(offered, s.URL)
	}
	if len(offered) == 0 {
		for _, path := range usualSitemaps {
			offered = append(offered, a.base+path)
		}
	}
	slices.SortStableFunc(offered, func(x, y string) int { return cmp.Compare(newsFirst(x), newsFirst(y)) })
	offered = slices.Compact(offered)
	for _, s := range offered[:min(len(offered), sitemapsTried)] {
		n, err := a.try(ctx, source{config.Source{URL: s}, sitemap})
		if err != nil {
			return err
		}
		if n > 0 {
			a.Outlet.Sitemaps = []config.Source{{URL: s, Proven: true}}
			return nil
		}
	}
	return nil
}

func newsFirst(s string) int {
	if strings.Contains(strings.ToLower(s), "news") {
		return 0
	}
	return 1
}

// listing reads the front page itself, by the shape of its links.
func (a *asker) listing(ctx context.Context) error {
	s := config.Source{URL: a.front.Final}
	found, err := discover.Listing(a.front, s, a.Outlet.ID, a.p.Now())
	if err != nil {
		a.because("the front page as a list: %v", err)
		return ctx.Err()
	}
	a.because("no feed and no sitemap: %d article links on the front page, of the shape %s", len(found.Links), found.Shape)
	s.Proven = true
	a.Outlet.Listings = []config.Source{s}
	a.links = found.Links
	return ctx.Err()
}

// try asks one source and returns how many links of the site it announces.
// Only the end of the context is an error.
func (a *asker) try(ctx context.Context, s source) (int, error) {
	found, _, err := a.p.announced(ctx, a.Outlet, s, store.SourceState{})
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err != nil {
		a.because("%s does not work: %v", s.URL, err)
		return 0, nil
	}
	n := 0
	for _, l := range found.Links {
		if onSite(a.Outlet, l.URL) {
			a.links = append(a.links, l)
			n++
		}
	}
	a.because("%s announces %s", s.URL, plural(n, "article"))
	return n, nil
}

// sample reads the newest articles among the links.
func (a *asker) sample(ctx context.Context) error {
	week := a.p.Now().AddDate(0, 0, -7)
	seen := map[string]bool{}
	a.links = slices.DeleteFunc(a.links, func(l news.Link) bool {
		key := news.Canonical(l.URL, a.p.Rules().Keys)
		twice := seen[key]
		seen[key] = true
		if !twice && l.Published.After(week) {
			a.Week++
		}
		return twice
	})
	a.numbered()
	slices.SortStableFunc(a.links, func(x, y news.Link) int { return y.Published.Compare(x.Published) })
	for _, l := range a.links[:min(len(a.links), samples)] {
		article, err := a.p.Try(ctx, a.Outlet, l.URL)
		if err := ctx.Err(); err != nil {
			return err
		}
		a.Articles = append(a.Articles, Sample{l, article, err})
	}
	a.affixes()
	if slices.ContainsFunc(a.Articles, func(s Sample) bool { return s.Err == nil }) {
		a.Outlet.Proven, a.Outlet.On = true, true
		return nil
	}
	return errors.New("not one of its newest pages gave an article; the outlet needs a `layout`, or stands behind a gate: " + a.Articles[0].Err.Error())
}

// affixes learns what the site writes around every title.
func (a *asker) affixes() {
	var titles []string
	for _, s := range a.Articles {
		if s.Err == nil {
			titles = append(titles, s.Article.Title)
		}
	}
	if learned := extract.LearnAffixes(titles); len(learned) > 0 {
		a.Outlet.Affixes = learned
		a.because("affixes %q: nearly all titles begin or end so", learned)
	}
}

// numbered learns how the site numbers its articles.
func (a *asker) numbered() {
	urls := make([]string, len(a.links))
	for i, l := range a.links {
		urls[i] = l.URL
	}
	if re := news.LearnNumber(urls); re != nil {
		a.Outlet.Identity = re.String()
		a.because("identity %s: nearly all of %s end in a number of their own", re, plural(len(urls), "link"))
	}
}

var (
	www     = regexp.MustCompile(`^(?:www|m|mobile|amp)\.`)
	notSlug = regexp.MustCompile(`[^a-z0-9]+`)
)

// guess is an outlet as its host and name let it be supposed: who governs it
// is for a person to check.
func (p *Pipeline) guess(host, name string, why *Proposal) config.Outlet {
	host = www.ReplaceAllString(strings.ToLower(host), "")
	short, _, _ := strings.Cut(host, ".")
	o := config.Outlet{
		ID: strings.Trim(notSlug.ReplaceAllString(short, "-"), "-"), Name: cmp.Or(name, host), Licence: "bao", Level: "central", Kind: "press",
		Domains: []config.Domain{{Host: host}}, Schedule: config.Learned,
		Notes: "Đề xuất tự động ngày " + p.Now().In(config.VN).Format("02/01/2006") + "; cấp, loại và cơ quan chủ quản cần người kiểm tra.",
	}
	taken := func(id string) bool { _, ok := p.Rules().Pack.OutletByID(id); return ok }
	if o.ID == "" || taken(o.ID) {
		o.ID = strings.Trim(notSlug.ReplaceAllString(host, "-"), "-")
	}
	words := strings.ToLower(vi.Fold(name) + " " + host)
	if place, ok := p.place(name, short); ok {
		o.Level, o.Province = "local", place.ID
		why.because("level local, province %s: its name or address names %s", place.ID, place.Name)
	} else {
		why.because("level central: neither its name nor its address names a province")
	}
	portal := strings.HasSuffix(host, ".gov.vn") || strings.Contains(words, "cong thong tin")
	switch {
	case strings.HasSuffix(host, "baohiemxahoi.gov.vn") || strings.Contains(words, "bhxh"):
		o.Kind, o.Licence = "agency-portal", "cong-thong-tin"
	case portal && o.Province != "":
		o.Kind, o.Licence = "provincial-portal", "cong-thong-tin"
	case portal:
		o.Kind, o.Licence = "government-portal", "cong-thong-tin"
	case strings.Contains(words, "truyen hinh"), strings.Contains(words, "phat thanh"), strings.Contains(host, "tv."):
		o.Kind, o.Licence = "broadcaster", "dai"
	case strings.Contains(words, "tap chi"), strings.Contains(host, "tapchi"):
		o.Licence = "tap-chi"
	}
	why.because("kind %s, licence %s: by its name and address", o.Kind, o.Licence)
	return o
}

// place is the province that a site's name names, or that the first part of
// its host is made of, as in baoangiang.
func (p *Pipeline) place(name, short string) (config.Province, bool) {
	name = " " + strings.Join(words(vi.Fold(name)), " ") + " "
	var best config.Province
	for _, v := range p.Rules().Pack.Provinces {
		folded := vi.Fold(v.Name)
		closed := strings.ReplaceAll(folded, " ", "")
		named := strings.Contains(name, " "+folded+" ") && !v.NeedsCue
		if (named || len(closed) >= 6 && strings.HasSuffix(short, closed)) && len(v.Name) > len(best.Name) {
			best = v
		}
	}
	if best.Current != "" && best.Current != best.ID {
		if now, ok := p.Rules().Pack.ProvinceByID(best.Current); ok {
			return now, true
		}
	}
	return best, best.ID != ""
}

// words are the words of a folded text.
func words(folded string) []string {
	var out []string
	for _, t := range vi.Tokens(folded) {
		out = append(out, t.Text)
	}
	return out
}
