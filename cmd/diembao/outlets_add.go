package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/pipeline"
)

type outletsAddCmd struct {
	URL string `arg:"" help:"The site's front page, or its host alone." placeholder:"URL"`
}

func (outletsAddCmd) Help() string {
	return "Example: diembao outlets add https://baoangiang.com.vn\n\nLooks at the site as politely as the crawler does, stores nothing, and writes an entry for diembao.yaml with the newest articles it would collect."
}

type proposalRow struct {
	ID       string      `json:"id"`
	Name     string      `json:"name"`
	Level    string      `json:"level"`
	Kind     string      `json:"kind"`
	Province string      `json:"province"`
	YAML     string      `json:"yaml"`
	Known    string      `json:"known_as,omitempty"`
	Reasons  []string    `json:"reasons"`
	Week     int         `json:"links_7d"`
	Articles []sampleRow `json:"articles"`
}

type sampleRow struct {
	URL       string `json:"url"`
	Title     string `json:"title"`
	Lead      string `json:"lead"`
	Published string `json:"published"`
	Words     int    `json:"words"`
	Error     string `json:"error,omitempty"`
}

// Run proposes an outlet.
func (c outletsAddCmd) Run(ctx context.Context, h *house) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		return usageError{err}
	}
	fetcher, err := h.fetcher(pack, fetch.Config{})
	if err != nil {
		return err
	}
	p := &pipeline.Pipeline{Fetch: fetcher, Now: time.Now, Log: h.log}
	p.Use(rules)
	found, err := p.Propose(ctx, c.URL)
	if err != nil && found.Outlet.ID == "" {
		return err
	}
	row, bad := propose(found)
	if bad != nil {
		return bad
	}
	if h.JSON {
		if bad := h.answer(row); bad != nil {
			return bad
		}
		return err
	}
	if bad := h.showProposal(row); bad != nil {
		return bad
	}
	return err
}

func propose(f pipeline.Proposal) (proposalRow, error) {
	text, err := config.Entry(f.Outlet)
	o := f.Outlet
	row := proposalRow{ID: o.ID, Name: o.Name, Level: o.Level, Kind: o.Kind, Province: o.Province, YAML: string(text), Known: f.Known, Reasons: f.Reasons, Week: f.Week, Articles: []sampleRow{}}
	for _, s := range f.Articles {
		a := sampleRow{URL: s.Link.URL, Title: s.Article.Title, Lead: s.Article.Lead, Published: stamp(s.Article.Published), Words: len(strings.Fields(s.Article.Body))}
		if s.Err != nil {
			a.Title, a.Published, a.Error = s.Link.Title, stamp(s.Link.Published), s.Err.Error()
		}
		row.Articles = append(row.Articles, a)
	}
	return row, err
}

// showProposal writes the entry as it can be copied, everything else as comments.
func (h *house) showProposal(r proposalRow) error {
	var b strings.Builder
	for _, why := range r.Reasons {
		b.WriteString("# " + strings.ReplaceAll(why, "\n", " ") + "\n")
	}
	if r.Known != "" {
		fmt.Fprintf(&b, "# The configuration knows this host: id %s. Change that entry instead of adding one.\n", r.Known)
	}
	fmt.Fprintf(&b, "# Links of the last seven days: %d\n\n%s\n# The newest articles it would collect:\n", r.Week, r.YAML)
	for _, a := range r.Articles {
		if a.Error != "" {
			fmt.Fprintf(&b, "#\n#   %s\n#   %s\n#   no article: %s\n", a.Title, a.URL, strings.ReplaceAll(a.Error, "\n", " "))
			continue
		}
		fmt.Fprintf(&b, "#\n#   %s  %s\n#   %s\n#   %s\n#   %d words\n", clock(a.Published), a.Title, a.URL, a.Lead, a.Words)
	}
	_, err := h.out.Write([]byte(b.String()))
	return err
}
