package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/say"
	"diembao/internal/store"
	"diembao/internal/web"
)

type explainCmd struct {
	What string `arg:"" help:"An article's id or address, or a saved HTML file." placeholder:"URL|FILE|ID"`
	Diff bool   `help:"What each edit of the article changed, word by word."`

	Evidence bool   `help:"Write out what the server sent, once its digests are checked."`
	Out      string `help:"Where to." default:"." type:"path" placeholder:"DIR"`
}

func (explainCmd) Help() string {
	return "Example: diembao explain https://tuoitre.vn/bai-bao-20250807123929379.htm --json\n\nAn address that is not in the archive is asked for, politely, and read without being stored."
}

// field is one piece of an article and where it came from.
type field struct {
	Value any    `json:"value"`
	From  string `json:"from"`
}

type explained struct {
	Article  map[string]field        `json:"article"`
	Mentions []news.Mention          `json:"mentions"`
	Reading  map[string]news.Verdict `json:"reading"`
	Weights  map[string]float64      `json:"province_weights"` // slug → share of the text, the sum 1
	Rules    string                  `json:"rules"`
	Story    any                     `json:"story"`
	Versions []versionRow            `json:"versions"`
	Removals []removalRow            `json:"removals"`
	Clip     any                     `json:"clip,omitempty"`
	Evidence []evidenceRow           `json:"evidence"`
}

type storyRow struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Articles int    `json:"articles"`
	Outlets  int    `json:"outlets"`
	CopyOf   string `json:"copy_of,omitempty"`
}

// Run prints what the system reads in one article, and why.
func (c explainCmd) Run(ctx context.Context, h *house) error {
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	a, err := c.article(ctx, h, p)
	if err != nil {
		return err
	}
	reading, mentions, err := p.ReadWhole(ctx, a)
	if err != nil {
		return err
	}
	x := explained{Article: fields(a), Mentions: mentions, Reading: reading.Verdicts, Weights: reading.Weights, Rules: reading.Rules, Versions: []versionRow{}}
	if x.Mentions == nil {
		x.Mentions = []news.Mention{}
	}
	if err := x.archived(ctx, p.Store, a.ID, c.Diff, h.words(p.Rules().Pack)); err != nil {
		return err
	}
	out := ""
	if c.Evidence {
		out = c.Out
	}
	if x.Evidence, err = h.proofs(ctx, p.Store, a.ID, out); err != nil {
		return err
	}
	if h.JSON {
		return h.answer(x)
	}
	return h.page(a, reading, x, p.Rules().Pack)
}

// article finds what the person means: in the archive, in a file, on the web.
func (c explainCmd) article(ctx context.Context, h *house, p *pipeline.Pipeline) (news.Article, error) {
	if _, err := os.Stat(c.What); err == nil {
		return h.savedPage(p, c.What)
	} else if !errors.Is(err, fs.ErrNotExist) && !strings.Contains(c.What, "://") {
		return news.Article{}, fmt.Errorf("looking at %s: %w", c.What, err)
	}
	a, err := p.Store.Article(ctx, articleID(p, c.What))
	if errors.Is(err, store.ErrNotFound) && strings.Contains(c.What, "/") {
		a, err = p.Store.ArticleByURL(ctx, news.Canonical(c.What, p.Rules().Keys))
	}
	if err == nil {
		return a, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return a, err
	}
	if !strings.HasPrefix(c.What, "http://") && !strings.HasPrefix(c.What, "https://") {
		return a, usage("%q is neither an article's id nor a file nor an address; `diembao search` shows ids", c.What)
	}
	pack := p.Rules().Pack
	if p.Fetch, err = h.fetcher(pack, fetch.Config{}); err != nil {
		return a, err
	}
	o, ok := pack.OutletByHost(news.Host(c.What), time.Now())
	if !ok {
		o = config.Outlet{ID: news.Host(c.What)}
	}
	return p.Try(ctx, o, c.What)
}

// savedPage reads an article from an HTML file, by the address the page gives itself.
func (h *house) savedPage(p *pipeline.Pipeline, file string) (news.Article, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return news.Article{}, fmt.Errorf("reading %s: %w", file, err)
	}
	a, err := p.FromHTML(raw, "")
	if err != nil {
		return a, fmt.Errorf("reading %s as an article: %w", file, err)
	}
	return a, nil
}

// archived adds what only the archive knows: the story, the versions, whether
// the page was taken down, and what a person wrote of a clip.
func (x *explained) archived(ctx context.Context, s *store.Store, id string, diff bool, w *say.Words) error {
	at, err := s.StoryOf(ctx, id)
	if err == nil {
		st, _, err := s.Story(ctx, at.StoryID)
		if err != nil {
			return err
		}
		x.Story = storyRow{st.ID, st.Title, st.Articles, st.Outlets, at.CopyOf}
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return x.history(ctx, s, id, diff, w)
}

func fields(a news.Article) map[string]field {
	out := map[string]field{}
	add := func(name string, value any) { out[name] = field{value, a.From[name]} }
	add("id", a.ID)
	add("url", a.URL)
	add("outlet", a.Outlet)
	add("title", a.Title)
	add("lead", a.Lead)
	add("body", a.Body)
	add("author", a.Author)
	add("section", a.Section)
	add("form", a.Form)
	add("lang", a.Lang)
	add("published", stamp(a.Published))
	add("modified", stamp(a.Modified))
	add("first_seen", stamp(a.FirstSeen))
	add("via", string(a.Via))
	add("doubts", append([]string{}, a.Doubts...))
	return out
}

// page writes the explanation for a person, in the language of the installation.
func (h *house) page(a news.Article, r news.Reading, x explained, pack config.Pack) error {
	w := h.words(pack)
	outlet := a.Outlet
	if o, ok := pack.OutletByID(a.Outlet); ok {
		outlet = o.Name
	}
	fmt.Fprintf(h.out, "%s\n%s · %s · %s\n%s\n\n", a.Title, outlet, w.Moment(a.Published), a.ID, a.URL)
	if a.Lead != "" {
		fmt.Fprintf(h.out, "%s\n\n", a.Lead)
	}
	for _, axis := range web.InWords(r, w, pack) {
		fmt.Fprintf(h.out, "%s: %s  (%s)\n", axis.Label, axis.Value, w.Say("explain.sure", "Percent", w.Percent(axis.Sure)))
		for _, why := range axis.Reasons {
			fmt.Fprintf(h.out, "    %+.2f  %s%s\n", why.Weight, why.Rule, beside(why))
		}
	}
	fmt.Fprintln(h.out)
	if s, ok := x.Story.(storyRow); ok {
		fmt.Fprintf(h.out, "%s: %s (%s)\n", w.Say("web.story"), s.Title, w.Say("explain.told", "N", s.Articles, "Outlets", s.Outlets))
	}
	h.history(x)
	for _, e := range x.Evidence {
		fmt.Fprintf(h.out, "%s: %s %d, %s, SHA-256 %s\n", w.Say("explain.evidence"), e.Kind, e.Version, e.At, e.SHA256)
		for _, f := range e.Written {
			fmt.Fprintf(h.out, "    → %s\n", f)
		}
	}
	return h.origins(a, x, w)
}

// origins says where each part of the article came from, and by which rules it was read.
func (h *house) origins(a news.Article, x explained, w *say.Words) error {
	fmt.Fprintf(h.out, "%s:\n", w.Say("web.origins"))
	for _, name := range []string{"published", "author", "lead", "body"} {
		if from := a.From[name]; from != "" {
			fmt.Fprintf(h.out, "    %s ← %s\n", w.Say("explain."+name), from)
		}
	}
	for _, d := range a.Doubts {
		what, seen, _ := strings.Cut(d, ": ")
		if id := "doubt." + what; w.Has(id) {
			what = w.Say(id)
		}
		fmt.Fprintf(h.out, "    %s: %s %s\n", w.Say("explain.doubt"), what, seen)
	}
	_, err := fmt.Fprintf(h.out, "%s\n", w.Say("web.rules", "Rules", x.Rules))
	return err
}

// beside is where in the article a reason stands, and its words.
func beside(why web.Reason) string {
	out := ""
	if why.Where != "" {
		out = " (" + why.Where + ")"
	}
	if why.Quote != "" {
		out += "  “" + why.Quote + "”"
	}
	return out
}
