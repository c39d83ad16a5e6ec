package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/pipeline"
)

type crawlCmd struct {
	Outlet []string      `help:"Only these outlets (ids); switched-off ones too." placeholder:"ID"`
	Once   bool          `help:"One round, then end (the default while nothing else is asked for)."`
	Every  time.Duration `help:"Go round again after so long, until interrupted." placeholder:"15m"`
}

func (crawlCmd) Help() string {
	return "Example: diembao crawl --outlet vnexpress --outlet tuoitre --once"
}

type crawlRow struct {
	Outlet   string `json:"outlet"`
	Sources  int    `json:"sources"`
	Failed   int    `json:"failed_sources"`
	Links    int    `json:"new_links"`
	Pages    int    `json:"pages"`
	Articles int    `json:"new_articles"`
	Edited   int    `json:"edited"`
	Bad      int    `json:"no_article"`
	Error    string `json:"error,omitempty"`
}

// Run gathers from the outlets, reads what came and puts it into the index.
func (c crawlCmd) Run(ctx context.Context, h *house) error {
	if c.Once && c.Every > 0 {
		return usage("--once and --every contradict each other; leave one out")
	}
	pack, err := h.pack()
	if err != nil {
		return err
	}
	outlets, err := chosen(pack, c.Outlet)
	if err != nil {
		return err
	}
	fetcher, err := h.fetcher(pack, fetch.Config{})
	if err != nil {
		return err
	}
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	p.Fetch = fetcher
	lean()
	h.browser(p, outlets)
	if err := h.evidence(ctx, p, pack); err != nil {
		return err
	}
	for {
		if err := h.round(ctx, p, outlets, pack.Site.Fetch.Parallel); err != nil || c.Every == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(c.Every):
		}
	}
}

// chosen are the outlets named, or all that are switched on.
func chosen(pack config.Pack, ids []string) ([]config.Outlet, error) {
	var out []config.Outlet
	for _, id := range ids {
		o, ok := pack.OutletByID(id)
		if !ok {
			var all []string
			for _, o := range pack.Outlets {
				all = append(all, o.ID)
			}
			if near, ok := config.Nearest(id, all); ok {
				return nil, usage("there is no outlet %q; did you mean %q?", id, near)
			}
			return nil, usage("there is no outlet %q; `diembao outlets --all` lists them", id)
		}
		out = append(out, o)
	}
	for _, o := range pack.Outlets {
		if len(ids) == 0 && o.On {
			out = append(out, o)
		}
	}
	return out, nil
}

// round gathers once from each outlet, several hosts at a time; an outlet that
// fails is told and stops no other.
func (h *house) round(ctx context.Context, p *pipeline.Pipeline, outlets []config.Outlet, parallel int) error {
	rows := make([]crawlRow, len(outlets))
	errs := make([]error, len(outlets))
	bar := h.progress(int64(len(outlets)), "outlets")
	err := p.CatchUp(ctx, func(ctx context.Context) error {
		var g errgroup.Group
		g.SetLimit(max(1, parallel))
		for i, o := range outlets {
			g.Go(func() error {
				got, err := p.Gather(ctx, o)
				rows[i] = crawlRow{o.ID, got.Sources, got.Failed, got.Links, got.Pages, got.Articles, got.Edited, got.Bad, ""}
				if err != nil {
					rows[i].Error, errs[i] = err.Error(), err
				}
				return bar.Add(1)
			})
		}
		return g.Wait()
	})
	if err := errors.Join(err, bar.Close(), errors.Join(errs...)); err != nil {
		return err
	}
	if h.JSON {
		return h.answer(rows)
	}
	var lines [][]string
	for _, r := range rows {
		lines = append(lines, []string{r.Outlet, fmt.Sprint(r.Sources), fmt.Sprint(r.Failed), fmt.Sprint(r.Links), fmt.Sprint(r.Pages), fmt.Sprint(r.Articles), fmt.Sprint(r.Edited), fmt.Sprint(r.Bad)})
	}
	return h.table([]string{"OUTLET", "SOURCES", "FAILED", "NEW LINKS", "PAGES", "NEW", "EDITED", "NO ARTICLE"}, lines)
}
