// Package demo is a small press of its own: a dozen invented papers, portals
// and magazines whose week, from Monday 6 July to Sunday 12 July 2026, lies in
// text files under press/. It is served on loopback (or through a
// RoundTripper, without a network) on a clock, so that feeds, listings and
// pages grow as they would in a real week, and it has the faults of the real
// press: edited pages, an old encoding, soft 404s, a cookie gate, dead feeds,
// a robots.txt that means it.
//
// Every paper, person, company and event in it is invented; the provinces are
// real names.
package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"time"

	"diembao/config"
)

//go:embed press/*.txtar
var files embed.FS

// Press is the papers of the demo and their week.
type Press struct {
	Wait   func(time.Duration) // lets a slow paper's answer take so long by the demo's clock; nil: nobody waits
	papers []*Paper
	byHost map[string]*Paper
}

// Paper is one outlet: how it presents itself, how it announces its articles,
// what is wrong with it, and what it prints.
type Paper struct {
	ID            string // outlet id, the name of its file
	Name          string
	Motto         string
	Host          string // e.g. "thoi-bao-song-hong.localhost"
	GoverningBody string
	Licence       string // as config.Outlet.Licence
	Level         string // central, local
	Kind          string // as config.Outlet.Kind
	Province      string // slug, local ones only
	Look          string // the page template: toa-soan, nhat-bao, dia-phuong, cong
	Source        string // what announces its articles: rss, sitemap, listing
	Dates         string // how its feed writes dates: "" for RFC 1123 with +0700, "gmt+7" for the trap of that name
	Robots        string // its robots.txt; empty: it has none
	Gate          bool   // pages want a cookie that only a script sets
	Fails         time.Time
	FailsAs       string        // what its source answers from Fails on: "500", "html", "empty" or "moved"
	Slow          time.Duration // how long its source takes to answer, by the demo's clock
	Fresh         bool          // its source never says that nothing changed

	articles []*Article // by first publication
	byKey    map[string]*Article
}

// Article is one text of the week and what a careful reader makes of it: the
// expected facts that tests hold against the pipeline.
type Article struct {
	Outlet   string // id of its paper
	Slug     string
	Path     string // path and query as the paper's own source announces it
	Alias    string // another address of the same page; empty for none
	Versions []Version
	Gone     time.Time // when the page was taken down; zero: never
	Charset  string    // of the page; empty: UTF-8
	Copy     string    // "outlet/slug" of the text it was copied from
	Kept     string    // why no polite crawler ever reads the page: "robots", "gate", "gone"; empty: it can

	Kind  string   // what a press officer would call it: policy, guide, event, arrears, scam, sport …
	About []string // bhxh, bhyt, bhtn; empty: not relevant
	Tone  string   // negative, neutral, positive; empty where not relevant
	Role  string   // of the agency: blamed, enforcer, victim, informant, none
	Place []string // province slugs
	Story string   // key shared by the articles that tell one event; empty: stands alone
}

// Version is an article's text from a moment on.
type Version struct {
	At         time.Time
	Title      string
	Lead       string
	Author     string
	Section    string
	Paragraphs []string // "## " begins a heading, "[Ảnh: …]" is a picture with its caption
}

// Relevant reports whether the article is about one of the three insurances.
func (a *Article) Relevant() bool { return len(a.About) > 0 }

// Published returns when the article first appeared.
func (a *Article) Published() time.Time { return a.Versions[0].At }

// At returns the text shown at t, and whether there is one.
func (a *Article) At(t time.Time) (Version, bool) {
	for _, v := range slices.Backward(a.Versions) {
		if !v.At.After(t) {
			return v, a.Gone.IsZero() || a.Gone.After(t)
		}
	}
	return Version{}, false
}

// Open reads the press that is built into the program. An error names the
// file and the part that cannot be read.
func Open() (*Press, error) { return read(files, "press") }

// Start is the first moment of the week, Monday 6 July 2026, 00:00 +07:00.
func (p *Press) Start() time.Time { return monday }

// End is the moment after the week, Monday 13 July 2026, 00:00 +07:00.
func (p *Press) End() time.Time { return monday.AddDate(0, 0, 7) }

// Papers returns the outlets, in the order of their ids.
func (p *Press) Papers() []*Paper { return p.papers }

// Articles returns everything printed in the week, by time.
func (p *Press) Articles() []*Article {
	var all []*Article
	for _, paper := range p.papers {
		all = append(all, paper.articles...)
	}
	sort.SliceStable(all, func(i, k int) bool { return all[i].Published().Before(all[k].Published()) })
	return all
}

// URL returns an article's address on a press that listens on port.
func (p *Press) URL(a *Article, port int) string {
	for _, paper := range p.papers {
		if paper.ID == a.Outlet {
			return fmt.Sprintf("http://%s:%d%s", paper.Host, port, a.Path)
		}
	}
	return ""
}

// monday is when the week begins.
var monday = time.Date(2026, 7, 6, 0, 0, 0, 0, config.VN)

// read builds a press from the txtar files of a folder.
func read(fsys fs.FS, dir string) (*Press, error) {
	names, err := fs.Glob(fsys, dir+"/*.txtar")
	if err != nil {
		return nil, fmt.Errorf("demo: list the papers: %w", err)
	}
	p := &Press{byHost: map[string]*Paper{}}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("demo: read a paper: %w", err)
		}
		paper, err := readPaper(name, raw)
		if err != nil {
			return nil, err
		}
		p.papers = append(p.papers, paper)
		p.byHost[paper.Host] = paper
	}
	for _, paper := range p.papers {
		if err := p.copyTexts(paper); err != nil {
			return nil, err
		}
	}
	return p, nil
}
