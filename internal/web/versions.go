package web

import (
	"slices"
	"strings"
	"time"

	"diembao/internal/store"
	"diembao/internal/vi"
)

// edition is one text an article had, and how it differs from the one before.
type edition struct {
	Number         int
	Since          time.Time
	Parts          []changedPart
	Added, Removed int // words
}

// changedPart is a part of the text whose words changed.
type changedPart struct {
	Label   string
	Changes []change
}

// change is a run of words: Did is "", "ins" or "del"; "gap" stands for words
// that stayed and are not shown.
type change struct{ Did, Text string }

// maxCompared bounds, in bytes, what is compared word by word; no article is
// longer.
const maxCompared = 1 << 20

func (v *visit) versionsOf(p *articlePage) error {
	texts, err := v.Store.Versions(v.ctx, p.A.ID)
	if err != nil {
		return err
	}
	for i, t := range texts {
		e := edition{Number: t.Number, Since: t.Since}
		if i > 0 {
			v.compare(&e, texts[i-1].Text, t.Text)
		}
		p.Versions = append(p.Versions, e)
	}
	slices.Reverse(p.Versions)
	return nil
}

func (v *visit) compare(e *edition, was, is store.Text) {
	for _, part := range []struct{ id, was, is string }{{"title", was.Title, is.Title}, {"lead", was.Lead, is.Lead}, {"body", was.Body, is.Body}} {
		if part.was == part.is {
			continue
		}
		changes := difference(part.was, part.is)
		for _, c := range changes {
			switch c.Did {
			case "ins":
				e.Added += len(strings.Fields(c.Text))
			case "del":
				e.Removed += len(strings.Fields(c.Text))
			}
		}
		e.Parts = append(e.Parts, changedPart{v.words.Say("part." + part.id), shorten(changes)})
	}
}

// difference compares two texts word by word.
func difference(was, is string) []change {
	if len(was)+len(is) > maxCompared {
		return []change{{"del", was}, {"ins", is}}
	}
	var out []change
	for _, e := range vi.Diff(was, is) {
		out = append(out, change{map[vi.Op]string{vi.Inserted: "ins", vi.Deleted: "del"}[e.Op], e.Text})
	}
	return out
}

// around is how many letters of what stayed are shown beside a change.
const around = 90

// shorten leaves out long runs that stayed.
func shorten(changes []change) []change {
	var out []change
	for i, c := range changes {
		r := []rune(c.Text)
		if c.Did != "" || len(r) <= 3*around {
			out = append(out, c)
			continue
		}
		if i > 0 {
			out = append(out, change{"", string(r[:around])})
		}
		out = append(out, change{Did: "gap"})
		if i < len(changes)-1 {
			out = append(out, change{"", string(r[len(r)-around:])})
		}
	}
	return out
}
