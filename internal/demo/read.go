package demo

import (
	"fmt"
	"path"
	"sort"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"diembao/config"
)

// A paper is a txtar file. Its head is the paper's own particulars, a line
// each. Then every part is a text, named by day, time and slug:
//
//	-- 07 08:15 the-moi-cho-hoc-sinh --
//	title: …
//	lead: …
//	about: bhyt
//
//	First paragraph.
//
//	Second paragraph.
//
// A later part with the same slug is the same page after an edit (only what
// changes of the head need be said again); the word "gone" after the slug
// takes the page down. The part robots.txt is that file.

// readPaper reads one file.
func readPaper(name string, raw []byte) (*Paper, error) {
	arc := txtar.Parse(raw)
	paper := &Paper{ID: strings.TrimSuffix(path.Base(name), ".txtar"), byKey: map[string]*Article{}}
	if err := paper.head(string(arc.Comment)); err != nil {
		return nil, fmt.Errorf("demo: %s: %w", name, err)
	}
	bySlug := map[string]*Article{}
	for _, f := range arc.Files {
		if f.Name == "robots.txt" {
			paper.Robots = string(f.Data)
			continue
		}
		if err := paper.part(f, bySlug); err != nil {
			return nil, fmt.Errorf("demo: %s: %q: %w", name, f.Name, err)
		}
	}
	sort.SliceStable(paper.articles, func(i, k int) bool {
		return paper.articles[i].Published().Before(paper.articles[k].Published())
	})
	paper.address()
	return paper, nil
}

// head reads the paper's particulars.
func (p *Paper) head(text string) error {
	set := map[string]*string{
		"name": &p.Name, "motto": &p.Motto, "host": &p.Host, "governing-body": &p.GoverningBody,
		"licence": &p.Licence, "level": &p.Level, "kind": &p.Kind, "province": &p.Province,
		"look": &p.Look, "source": &p.Source, "dates": &p.Dates,
	}
	return headers(text, func(key, value string) (err error) {
		switch key {
		case "gate":
			p.Gate = value == "yes"
		case "fresh":
			p.Fresh = value == "yes"
		case "slow":
			p.Slow, err = time.ParseDuration(value)
		case "fails":
			when, as, _ := strings.Cut(value, " as ")
			p.FailsAs = as
			p.Fails, err = moment(when)
		default:
			to, ok := set[key]
			if !ok {
				return fmt.Errorf("a paper has no %q", key)
			}
			*to = value
		}
		return err
	})
}

// part reads one text, an edit or a taking down.
func (p *Paper) part(f txtar.File, bySlug map[string]*Article) error {
	words := strings.Fields(f.Name)
	if len(words) < 3 || len(words) > 4 {
		return fmt.Errorf(`a part is named "07 08:15 slug"`)
	}
	at, err := moment(words[0] + " " + words[1])
	if err != nil {
		return err
	}
	slug := words[2]
	a := bySlug[slug]
	if len(words) == 4 {
		if words[3] != "gone" || a == nil {
			return fmt.Errorf(`only "gone" may follow the slug of a page shown before`)
		}
		if len(strings.TrimSpace(string(f.Data))) > 0 {
			return fmt.Errorf("a page that is gone has no text")
		}
		a.Gone = at
		return nil
	}
	if a == nil {
		a = &Article{Outlet: p.ID, Slug: slug}
		bySlug[slug] = a
		p.articles = append(p.articles, a)
	}
	return a.version(at, string(f.Data))
}

// version reads a text and adds it to the article's.
func (a *Article) version(at time.Time, text string) error {
	v := Version{At: at}
	if n := len(a.Versions); n > 0 {
		v = a.Versions[n-1]
		v.At, v.Paragraphs = at, nil
	}
	head, body, _ := strings.Cut(text, "\n\n")
	if err := headers(head, func(key, value string) error { return a.set(&v, key, value) }); err != nil {
		return err
	}
	for _, para := range strings.Split(body, "\n\n") {
		if para = strings.Join(strings.Fields(para), " "); para != "" {
			v.Paragraphs = append(v.Paragraphs, para)
		}
	}
	if v.Title == "" || v.Lead == "" {
		return fmt.Errorf("a text needs a title and a lead")
	}
	if a.Kind == "" {
		return fmt.Errorf("a text needs a kind")
	}
	a.Versions = append(a.Versions, v)
	return nil
}

// set takes one line of a text's head.
func (a *Article) set(v *Version, key, value string) error {
	switch key {
	case "title":
		v.Title = value
	case "lead":
		v.Lead = value
	case "author":
		v.Author = value
	case "section":
		v.Section = value
	case "kind":
		a.Kind = value
	case "about":
		a.About = strings.Fields(value)
	case "tone":
		a.Tone = value
	case "role":
		a.Role = value
	case "place":
		a.Place = strings.Fields(value)
	case "story":
		a.Story = value
	case "copy":
		a.Copy = value
	case "charset":
		a.Charset = value
	default:
		return fmt.Errorf("a text has no %q", key)
	}
	return nil
}

// headers calls set for every "key: value" line.
func headers(text string, set func(key, value string) error) error {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			return fmt.Errorf(`%q is not a line "key: value"`, line)
		}
		if err := set(strings.TrimSpace(key), strings.TrimSpace(value)); err != nil {
			return err
		}
	}
	return nil
}

// moment reads "07 08:15" as a time of the week.
func moment(s string) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01 02 15:04", "2026-07 "+s, config.VN)
	if err != nil {
		return time.Time{}, fmt.Errorf(`%q is not a time of the week; write it as "07 08:15"`, s)
	}
	return t, nil
}

// copyTexts gives each copy the paragraphs of the text it was copied from,
// before its own: what papers do with an agency's text and a local sentence.
func (p *Press) copyTexts(paper *Paper) error {
	for _, a := range paper.articles {
		if a.Copy == "" {
			continue
		}
		from := p.find(a.Copy)
		if from == nil {
			return fmt.Errorf("demo: %s/%s copies %q, which nobody printed", a.Outlet, a.Slug, a.Copy)
		}
		if from.Copy != "" {
			return fmt.Errorf("demo: %s/%s copies a copy; name the original of %q", a.Outlet, a.Slug, a.Copy)
		}
		text := from.Versions[0].Paragraphs
		for i := range a.Versions {
			a.Versions[i].Paragraphs = append(text[:len(text):len(text)], a.Versions[i].Paragraphs...)
		}
	}
	return nil
}

// find returns the article named "outlet/slug", or nil.
func (p *Press) find(name string) *Article {
	outlet, slug, _ := strings.Cut(name, "/")
	for _, paper := range p.papers {
		if paper.ID != outlet {
			continue
		}
		for _, a := range paper.articles {
			if a.Slug == slug {
				return a
			}
		}
	}
	return nil
}
