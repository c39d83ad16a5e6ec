package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"diembao/internal/say"
	"diembao/internal/store"
	"diembao/internal/vi"
)

// versionRow is one text an article had.
type versionRow struct {
	Number  int         `json:"number"`
	Since   string      `json:"since"`
	Title   string      `json:"title"`
	Changes []changeRow `json:"changes,omitempty"` // against the version before; with --diff alone
}

// changeRow is a part of the text whose words changed.
type changeRow struct {
	Part  string    `json:"part"` // title, lead, body
	Edits []editRow `json:"edits"`
}

type editRow struct {
	Did  string `json:"did"` // same, deleted, inserted
	Text string `json:"text"`
}

var did = map[vi.Op]string{vi.Same: "same", vi.Deleted: "deleted", vi.Inserted: "inserted"}

// removalRow tells that the page was found gone.
type removalRow struct {
	At       string `json:"at"`
	Code     string `json:"code"`
	Evidence string `json:"evidence"`
	Back     string `json:"back,omitempty"` // when it was there again
}

// history adds the versions, the removals and the clip of an article.
func (x *explained) history(ctx context.Context, s *store.Store, id string, diff bool, w *say.Words) error {
	versions, err := s.Versions(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	for i, v := range versions {
		r := versionRow{Number: v.Number, Since: stamp(v.Since), Title: v.Title}
		if diff && i > 0 {
			r.Changes = changes(versions[i-1].Text, v.Text)
		}
		x.Versions = append(x.Versions, r)
	}
	removals, err := s.Removals(ctx, id)
	if err != nil {
		return err
	}
	x.Removals = []removalRow{}
	for _, r := range removals {
		x.Removals = append(x.Removals, removalRow{stamp(r.At), r.Code, w.Tell(r.Evidence), stamp(r.Back)})
	}
	clips, err := s.Clips(ctx, []string{id})
	if c, ok := clips[id]; ok {
		x.Clip = clipOf(c)
	}
	return err
}

// changes compares two versions part by part; a part that stayed is left out.
func changes(was, is store.Text) []changeRow {
	var out []changeRow
	for _, p := range []struct{ name, was, is string }{{"title", was.Title, is.Title}, {"lead", was.Lead, is.Lead}, {"body", was.Body, is.Body}} {
		if p.was == p.is {
			continue
		}
		c := changeRow{Part: p.name}
		for _, e := range vi.Diff(p.was, p.is) {
			c.Edits = append(c.Edits, editRow{did[e.Op], e.Text})
		}
		out = append(out, c)
	}
	return out
}

// history tells a person how the article changed, and whether it is gone.
func (h *house) history(x explained) {
	colour := isTerminal(h.out)
	for _, v := range x.Versions {
		if v.Number > 1 {
			fmt.Fprintf(h.out, "%-12s %d, %s\n", "version", v.Number, v.Since)
		}
		for _, c := range v.Changes {
			fmt.Fprintf(h.out, "  %-10s %s\n", c.Part, marked(c.Edits, colour))
		}
	}
	for _, r := range x.Removals {
		fmt.Fprintf(h.out, "%-12s %s (%s)", "removed", r.At, r.Evidence)
		if r.Back != "" {
			fmt.Fprintf(h.out, ", back %s", r.Back)
		}
		fmt.Fprintln(h.out)
	}
	if c, ok := x.Clip.(clipRow); ok {
		fmt.Fprintf(h.out, "%-12s %s\n", "clip", c.words())
	}
}

// around is how many characters of what stayed are shown beside a change.
const around = 60

// marked writes edits as [-taken out-]{+put in+}, in red and green on a
// terminal; long runs that stayed are cut to their ends.
func marked(edits []editRow, colour bool) string {
	signs := map[string][2]string{"deleted": {"[-", "-]"}, "inserted": {"{+", "+}"}}
	if colour {
		signs = map[string][2]string{"deleted": {"\x1b[31m[-", "-]\x1b[0m"}, "inserted": {"\x1b[32m{+", "+}\x1b[0m"}}
	}
	var b strings.Builder
	for i, e := range edits {
		text := e.Text
		if r := []rune(text); e.Did == "same" && len(r) > 3*around {
			text = " … "
			if i > 0 {
				text = string(r[:around]) + text
			}
			if i < len(edits)-1 {
				text += string(r[len(r)-around:])
			}
		}
		b.WriteString(signs[e.Did][0] + text + signs[e.Did][1])
	}
	return strings.ReplaceAll(b.String(), "\n", "\n             ")
}
