package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

// articlePage is one article with all that is known of it.
type articlePage struct {
	A           news.Article
	Outlet      string
	OutletURL   string
	Original    string // the address to follow; empty where it is not one of the web
	LevelLabel  string
	Title       []stretch
	Lead        []stretch
	Body        [][]stretch
	Marked      bool
	Times       []moments
	Doubts      []string
	Axes        []Axis
	Rules       string
	Uncertain   bool
	Relevant    bool
	Read        bool
	Corrections []correction
	Story       *storyLink
	CopyOf      *copied
	Copies      []copied
	Versions    []edition
	Similar     []card
	Gone        []gonePage // the newest first
	Proofs      []proofRow
	CanProve    bool
	Origins     []origin
	Clip        *clipView
	Repeats     []claimRow // claims of the register
}

// moments is a time of an article and where it came from.
type moments struct {
	Label, From string
	At          time.Time
}

// storyLink is the story an article is part of.
type storyLink struct {
	ID, Title                    string
	Articles, Originals, Outlets int
}

// correction is a person's word on a reading.
type correction struct {
	Axis, Value, Who, Why string
	At, Undone            time.Time
}

func (v *visit) article() error {
	a, err := v.Store.Article(v.ctx, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := &articlePage{
		A: a, Outlet: v.label.outlet(a.Outlet), OutletURL: question{}.with("outlet", a.Outlet).address(), Original: webAddress(a.URL),
		Times: v.times(a), Doubts: v.doubts(a.Doubts),
	}
	v.text(p)
	for _, step := range []func(*articlePage) error{v.readingOf, v.correctionsOf, v.storyOf, v.versionsOf, v.similarTo, v.removalsOf, v.proofsOf, v.originsOf, v.clipOf} {
		if err := step(p); err != nil {
			return err
		}
	}
	if p.Repeats, err = v.repeats(a.ID); err != nil {
		return err
	}
	return v.show("article", a.Title, p)
}

// webAddress is an address a browser may be sent to; the press's pages could
// name any scheme, javascript: among them.
func webAddress(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// times are when an article was published, changed and first seen.
func (v *visit) times(a news.Article) []moments {
	var out []moments
	add := func(id string, t time.Time, from string) {
		if !t.IsZero() {
			out = append(out, moments{v.words.Say("web." + id), v.found(from), t})
		}
	}
	add("published", a.Published, a.From["published"])
	add("modified", a.Modified, a.From["modified"])
	add("first-seen", a.FirstSeen, v.label.message("via."+string(a.Via), string(a.Via)))
	return out
}

func (v *visit) doubts(list []string) []string {
	var out []string
	for _, d := range list {
		what, seen, _ := strings.Cut(d, ": ")
		said := v.label.message("doubt."+what, what)
		if v.words.Lang == "en" && seen != "" { // what was seen is told in English
			said += " (" + seen + ")"
		}
		out = append(out, said)
	}
	return out
}

// text fills in title, lead and body, with what was found in them marked.
func (v *visit) text(p *articlePage) {
	var found []news.Mention
	if v.ReadOne != nil {
		_, found = v.ReadOne(p.A)
	}
	for i := range found {
		found[i].Rule = v.label.rule(found[i].Rule)
	}
	p.Marked = len(found) > 0
	p.Title = mark(p.A.Title, 0, len(p.A.Title), in(found, news.Title))
	p.Lead = mark(p.A.Lead, 0, len(p.A.Lead), in(found, news.Lead))
	for _, s := range paragraphs(p.A.Body) {
		p.Body = append(p.Body, mark(p.A.Body, s.Start, s.End, in(found, news.Body)))
	}
}

func (v *visit) readingOf(p *articlePage) error {
	r, err := v.Store.Reading(v.ctx, p.A.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Read, p.Relevant, p.Uncertain, p.Rules = true, r.Relevant, r.Uncertain, r.Rules
	p.Axes = v.label.axes(r.Reading)
	if r.Level != "" {
		p.LevelLabel = v.label.of("level", r.Level)
	}
	return nil
}

func (v *visit) correctionsOf(p *articlePage) error {
	list, err := v.Store.Corrections(v.ctx, p.A.ID)
	for _, c := range list {
		p.Corrections = append(p.Corrections, correction{v.label.message("axis."+c.Axis, c.Axis), v.label.of(c.Axis, c.Value), c.Who, c.Why, c.At, c.Undone})
	}
	return err
}

// storyOf tells which story the article is part of, and whose text it repeats.
func (v *visit) storyOf(p *articlePage) error {
	copies, err := v.Store.CopiesOf(v.ctx, []string{p.A.ID})
	if err != nil {
		return err
	}
	for _, c := range copies[p.A.ID] {
		p.Copies = append(p.Copies, copied{c.ID, v.label.outlet(c.Outlet), c.At})
	}
	at, err := v.Store.StoryOf(v.ctx, p.A.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s, members, err := v.Store.Story(v.ctx, at.StoryID)
	if err != nil {
		return err
	}
	p.Story = &storyLink{s.ID, s.Title, s.Articles, s.Originals, s.Outlets}
	if i := slices.IndexFunc(members, func(m store.StoryArticle) bool { return m.ID == at.CopyOf }); at.CopyOf != "" && i >= 0 {
		p.CopyOf = &copied{at.CopyOf, v.label.outlet(members[i].Outlet), store.When(members[i].Article)}
	}
	return nil
}

// similarSize is how many similar articles are shown.
const similarSize = 5

// similarTo finds what else tells of the same. The page does without where the
// index is just being built.
func (v *visit) similarTo(p *articlePage) error {
	if v.Similar == nil {
		return nil
	}
	hits, err := v.Options.Similar(v.ctx, p.A.ID, similarSize)
	if err != nil {
		v.Log.Warn("an article is shown without similar ones", "article", p.A.ID, "error", err)
		return nil
	}
	p.Similar, err = v.hits(hits, true)
	return err
}
