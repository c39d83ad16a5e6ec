package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
	"diembao/internal/vi"
	"diembao/internal/when"
)

type clipCmd struct {
	Add  clipAddCmd  `cmd:"" help:"Enter a piece from print, television, radio or a social network."`
	List clipListCmd `cmd:"" help:"The clips entered, the newest first."`
}

type clipAddCmd struct {
	Medium    string        `arg:"" help:"print, tv, radio or social." enum:"print,tv,radio,social"`
	Title     string        `required:"" help:"The headline, or the first words that were said."`
	Outlet    string        `help:"The outlet's id or name; for a post, its link tells." placeholder:"ID"`
	By        string        `required:"" help:"Who enters it." placeholder:"WHO"`
	Date      string        `help:"When it came out (default: now), e.g. '23/11/2026 19:05'." placeholder:"DATE"`
	Summary   string        `help:"What it says, in a few lines."`
	Text      string        `help:"A text file with the whole wording; with it the web text is found by what it says." type:"existingfile" placeholder:"FILE"`
	Author    string        `help:"The byline; for a post, the page or person."`
	Page      string        `help:"Print: the page."`
	Issue     string        `help:"Print: the number of the issue."`
	Programme string        `help:"Television, radio: the programme."`
	Length    time.Duration `help:"Television, radio: how long, e.g. 2m30s."`
	Link      string        `help:"A post's address." placeholder:"URL"`
	Reach     int64         `help:"A post: people reached or reactions, as shown."`
	ReachAt   string        `help:"When it showed that (default: now)." placeholder:"DATE"`
	SeenBy    string        `help:"Who saw or heard it (default: --by)." placeholder:"WHO"`
	Note      string        `help:"Anything else."`
	File      []string      `help:"A scan, picture, sound or film; kept with its digest." type:"existingfile"`
}

func (clipAddCmd) Help() string {
	return "Example: diembao clip add print --outlet nhandan --title 'Chính sách bảo hiểm xã hội' --date 23/11/2026 --page 3 --by 'trực ban'\n\n" +
		"A clip whose text the archive has gathered from the web becomes that text's copy: nothing counts twice. A post may begin a story and never counts as a newsroom."
}

// clipRow is a clip as answers have it.
type clipRow struct {
	ID        string           `json:"id"`
	Medium    string           `json:"medium"`
	Outlet    string           `json:"outlet,omitempty"`
	Title     string           `json:"title,omitempty"`
	Page      string           `json:"page,omitempty"`
	Issue     string           `json:"issue,omitempty"`
	Programme string           `json:"programme,omitempty"`
	Aired     string           `json:"aired,omitempty"`
	Length    string           `json:"length,omitempty"`
	Link      string           `json:"link,omitempty"`
	Reach     int64            `json:"reach,omitempty"`
	ReachAt   string           `json:"reach_at,omitempty"`
	SeenBy    string           `json:"seen_by"`
	Note      string           `json:"note,omitempty"`
	Twin      string           `json:"twin,omitempty"`
	TwinWhy   string           `json:"twin_why,omitempty"`
	Files     []store.ClipFile `json:"files"`
	AddedBy   string           `json:"added_by"`
	Added     string           `json:"added"`
	Relevant  *bool            `json:"relevant,omitempty"` // as read just now
}

// Run keeps the clip, reads it and puts it into the index.
func (c clipAddCmd) Run(ctx context.Context, h *house) error {
	now := time.Now()
	at, err := dateOr(c.Date, "--date", now)
	if err != nil {
		return err
	}
	clip, err := c.clip(at, now)
	if err != nil {
		return err
	}
	a := news.Article{Outlet: c.Outlet, URL: c.Link, Title: c.Title, Lead: c.Summary, Author: c.Author, Published: at}
	if c.Text != "" {
		raw, err := os.ReadFile(c.Text)
		if err != nil {
			return fmt.Errorf("reading the wording: %w", err)
		}
		a.Body = decoded(raw)
	}
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	for _, name := range c.File {
		f, err := h.keepFile(name)
		if err != nil {
			return err
		}
		clip.Files = append(clip.Files, f)
	}
	kept, err := p.AddClip(ctx, a, clip)
	if err != nil {
		return usageError{err}
	}
	return h.clipped(ctx, p, kept.Article, kept.Clip)
}

// clip checks what belongs to which medium.
func (c clipAddCmd) clip(at, now time.Time) (store.Clip, error) {
	out := store.Clip{
		Medium: c.Medium, Page: c.Page, Issue: c.Issue, Programme: c.Programme, Length: c.Length, Reach: c.Reach,
		SeenBy: c.SeenBy, Note: c.Note, AddedBy: c.By,
	}
	if out.SeenBy == "" {
		out.SeenBy = c.By
	}
	switch {
	case c.Medium == "print" && c.Page+c.Issue == "":
		return out, usage("a printed piece is found again by --page or --issue; write one of them")
	case (c.Medium == "tv" || c.Medium == "radio") && c.Programme == "":
		return out, usage("a broadcast is found again by its programme: write --programme")
	case c.Medium == "social" && c.Link == "" && len(c.File) == 0:
		return out, usage("a post needs its --link or a screenshot: --file")
	}
	if c.Medium == "tv" || c.Medium == "radio" {
		out.Aired = at
	}
	if c.Reach > 0 {
		var err error
		if out.ReachAt, err = dateOr(c.ReachAt, "--reach-at", now); err != nil {
			return out, err
		}
	}
	return out, nil
}

// dateOr reads a date that a person wrote, now where there is none.
func dateOr(text, flag string, now time.Time) (time.Time, error) {
	if text == "" {
		return now, nil
	}
	t, err := when.Parse(text, now)
	if err != nil {
		return t, usage("%s %q: write it as '23/11/2026 19:05': %w", flag, text, err)
	}
	return t, nil
}

func (h *house) keepFile(name string) (store.ClipFile, error) {
	in, err := os.Open(name)
	if err != nil {
		return store.ClipFile{}, fmt.Errorf("opening %s: %w", name, err)
	}
	f, err := pipeline.KeepClipFile(h.Data, name, in)
	return f, errors.Join(err, in.Close())
}

// clipped reads the new clip and tells what became of it.
func (h *house) clipped(ctx context.Context, p *pipeline.Pipeline, a news.Article, c store.Clip) error {
	if _, _, err := follow(ctx, p); err != nil {
		return err
	}
	r, err := p.Store.Reading(ctx, a.ID)
	if err != nil {
		return err
	}
	row := clipOf(c)
	row.Outlet, row.Title, row.Link, row.Relevant = a.Outlet, a.Title, a.URL, &r.Relevant
	if h.JSON {
		return h.answer(row)
	}
	fmt.Fprintf(h.out, "%s  %s\n%s\n", a.ID, a.Title, row.words())
	if !r.Relevant && !r.Uncertain {
		fmt.Fprintln(h.out, h.words(p.Rules().Pack).Say("clip.irrelevant"))
	}
	return nil
}

func clipOf(c store.Clip) clipRow {
	r := clipRow{
		ID: c.ArticleID, Medium: c.Medium, Page: c.Page, Issue: c.Issue, Programme: c.Programme, Aired: stamp(c.Aired),
		Reach: c.Reach, ReachAt: stamp(c.ReachAt), SeenBy: c.SeenBy, Note: c.Note, Twin: c.Twin, TwinWhy: c.TwinWhy,
		Files: append([]store.ClipFile{}, c.Files...), AddedBy: c.AddedBy, Added: stamp(c.Added),
	}
	if c.Length > 0 {
		r.Length = c.Length.String()
	}
	return r
}

// words tells a clip on one line.
func (r clipRow) words() string {
	var parts []string
	for _, p := range []struct{ name, value string }{
		{"", r.Medium}, {"issue ", r.Issue}, {"page ", r.Page}, {"", r.Programme}, {"at ", r.Aired}, {"", r.Length},
		{"seen by ", r.SeenBy}, {"entered by ", r.AddedBy}, {"same text as ", r.TwinWhy},
	} {
		if p.value != "" {
			parts = append(parts, p.name+p.value)
		}
	}
	if r.Reach > 0 {
		parts = append(parts, fmt.Sprintf("reach %d at %s", r.Reach, r.ReachAt))
	}
	for _, f := range r.Files {
		parts = append(parts, fmt.Sprintf("%s (SHA-256 %.12s…)", f.Name, f.SHA256))
	}
	return strings.Join(parts, " · ")
}

type clipListCmd struct {
	Days  int `help:"Entered within so many days." default:"30"`
	Limit int `help:"At most so many." default:"100"`
}

func (clipListCmd) Help() string { return "Example: diembao clip list --days 7 --json" }

// Run lists the clips.
func (c clipListCmd) Run(ctx context.Context, h *house) error {
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	clips, err := p.Store.ClipsSince(ctx, time.Now().AddDate(0, 0, -c.Days), c.Limit)
	if err != nil {
		return err
	}
	rows, lines := []clipRow{}, [][]string{}
	for _, x := range clips {
		a, err := p.Store.Article(ctx, x.ArticleID)
		if err != nil {
			return err
		}
		r := clipOf(x)
		r.Outlet, r.Title, r.Link = a.Outlet, a.Title, a.URL
		rows, lines = append(rows, r), append(lines, []string{r.ID, r.Medium, r.Outlet, h.words(p.Rules().Pack).Moment(store.When(a)), r.Title})
	}
	if h.JSON {
		return h.answer(rows)
	}
	return h.table([]string{"ID", "MEDIUM", "OUTLET", "OUT", "TITLE"}, lines)
}

// decoded reads a text file in whatever encoding it was saved.
func decoded(raw []byte) string {
	text, _ := vi.Decode(raw, "")
	return text
}
