package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"diembao/internal/lists"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/when"
)

// ImportList stores the rows of another's list: those with an address as
// imported articles, those from print, television and radio, and the posts of
// social networks with their reach, as clips entered by whoever brings the list. A row that is neither is told by its line.
func (p *Pipeline) ImportList(ctx context.Context, file string, l lists.List, by string) (Imported, error) {
	var done Imported
	var batch []news.Article
	for _, item := range l.Items {
		medium := lists.Medium(item.Medium)
		var why error
		switch {
		case webAddress(item.URL) != "":
			var a news.Article
			switch a, why = p.fromWords(rowOf(item)); {
			case why != nil:
			case p.Rules().Outlet(a.Outlet).Kind == "social":
				item.Outlet = a.Outlet
				if why = p.listedClip(ctx, item, "social", by, &done); ctx.Err() != nil {
					return done, ctx.Err()
				}
			default:
				a.Form = cmp.Or(medium, a.Form)
				batch = append(batch, a)
			}
		case medium == "print" || medium == "tv" || medium == "radio":
			if why = p.listedClip(ctx, item, medium, by, &done); ctx.Err() != nil {
				return done, ctx.Err()
			}
		default:
			why = fmt.Errorf("“%s” has no address; a piece without one needs a medium (print, television, radio)", item.Title)
		}
		if why != nil {
			done.Bad = append(done.Bad, BadLine{file, item.Line, why.Error()})
		}
		if len(batch) == importBatch {
			if err := p.putBatch(ctx, batch, &done); err != nil {
				return done, fmt.Errorf("storing %s up to line %d: %w", file, item.Line, err)
			}
			batch = batch[:0]
		}
	}
	if err := p.putBatch(ctx, batch, &done); err != nil {
		return done, fmt.Errorf("storing %s: %w", file, err)
	}
	return done, nil
}

func (p *Pipeline) listedClip(ctx context.Context, item lists.Item, medium, by string, done *Imported) error {
	a := news.Article{URL: webAddress(item.URL), Title: item.Title, Lead: item.Lead, Body: item.Body, Outlet: item.Outlet, Author: item.Author}
	if item.Published != "" {
		t, err := when.Parse(item.Published, p.Now())
		if err != nil {
			return fmt.Errorf("the date %q: %w", item.Published, err)
		}
		a.Published = t
	}
	c := store.Clip{Medium: medium, Page: item.Page, Issue: item.Issue, Programme: item.Programme, Reach: number(item.Reach), AddedBy: by, SeenBy: by}
	if c.Reach > 0 {
		c.ReachAt = p.Now() // a list does not say when it was counted
	}
	kept, err := p.AddClip(ctx, a, c)
	if err != nil {
		return err
	}
	done.Read++
	done.IDs = append(done.IDs, kept.Article.ID)
	if kept.New {
		done.New++
	} else {
		done.Known++
	}
	return nil
}

func rowOf(i lists.Item) row {
	return row{
		URL: webAddress(i.URL), Title: i.Title, Lead: i.Lead, Body: i.Body, Author: i.Author, Section: i.Section,
		Published: i.Published, Outlet: i.Outlet,
	}
}

// webAddress is an address as lists write it, with its scheme; empty for what is none.
func webAddress(s string) string {
	s = strings.TrimSpace(s)
	switch low := strings.ToLower(s); {
	case strings.HasPrefix(low, "http://"), strings.HasPrefix(low, "https://"):
		return s
	case strings.HasPrefix(low, "www."), !strings.ContainsAny(s, " ") && strings.Contains(s, ".") && strings.Contains(s, "/"):
		return "https://" + s
	}
	return ""
}

// number reads "12.300" or "12,300" as people group thousands; 0 for what is none.
func number(s string) int64 {
	n, err := strconv.ParseInt(strings.NewReplacer(".", "", ",", "", " ", "").Replace(strings.TrimSpace(s)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
