package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/lists"
	"diembao/internal/news"
	"diembao/internal/vi"
)

func isOPML(file string) bool { return strings.EqualFold(filepath.Ext(file), ".opml") }

// proposal is an outlet that an OPML file names, as it could be written into
// diembao.yaml.
type proposal struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Host   string   `json:"host"`
	Known  bool     `json:"known"`  // the configuration has the outlet; Feeds are all it would have
	Feeds  []string `json:"feeds"`  // those it has come first
	Fresh  int      `json:"fresh"`  // feeds the configuration lacks
	Folder string   `json:"folder"` // of the OPML file
}

// propose prints what to write into the configuration for the outlets of OPML
// files. Nothing is changed: level, kind and governing body are for a person
// to settle.
func (c importCmd) propose(h *house) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	var feeds []lists.Feed
	for _, file := range c.Files {
		if !isOPML(file) {
			return usage("%s: import OPML files by themselves; they name outlets, not articles", file)
		}
		in, _, err := h.open(file)
		if err != nil {
			return err
		}
		part, err := lists.OPML(in)
		if err := errors.Join(err, in.Close()); err != nil {
			return usage("%s: %w", file, err)
		}
		feeds = append(feeds, part...)
	}
	found := proposals(feeds, pack)
	if h.JSON {
		return h.answer(found)
	}
	return h.overlayOf(found)
}

// proposals gathers the feeds by outlet.
func proposals(feeds []lists.Feed, pack config.Pack) []proposal {
	out := []proposal{}
	for _, f := range feeds {
		host := news.Host(first(f.Site, f.URL))
		if host == "" {
			continue
		}
		i := slices.IndexFunc(out, func(p proposal) bool { return p.Host == host })
		o, known := pack.OutletByHost(host, time.Now())
		if known {
			i = slices.IndexFunc(out, func(p proposal) bool { return p.ID == o.ID })
		}
		if i < 0 {
			p := proposal{ID: idOf(host), Name: first(f.Title, host), Host: host, Folder: f.Folder, Feeds: []string{}}
			if known {
				p.ID, p.Name, p.Known = o.ID, o.Name, true
				for _, s := range o.Feeds {
					p.Feeds = append(p.Feeds, s.URL)
				}
			}
			out, i = append(out, p), len(out)
		}
		if !slices.Contains(out[i].Feeds, f.URL) {
			out[i].Feeds = append(out[i].Feeds, f.URL)
			out[i].Fresh++
		}
	}
	return out
}

// idOf makes an outlet's id of its host: bao-mau.example → bao-mau-example.
func idOf(host string) string {
	host, _, _ = strings.Cut(host, ":")
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, vi.Fold(host)), "-")
}

// overlayOf writes proposals as they stand in diembao.yaml.
func (h *house) overlayOf(found []proposal) error {
	fmt.Fprintln(h.out, "# Viết vào diembao.yaml sau khi xem lại level, kind, governing_body; rồi `diembao check`.\noutlets:")
	known := 0
	for _, p := range found {
		if p.Fresh == 0 {
			known++
			continue
		}
		fmt.Fprintf(h.out, "  - id: %s\n", p.ID)
		if !p.Known {
			fmt.Fprintf(h.out, "    name: %q\n    licence: khac\n    level: central\n    kind: press\n    domains:\n      - host: %s\n    on: false\n", p.Name, p.Host)
		}
		fmt.Fprintln(h.out, "    feeds:")
		for _, f := range p.Feeds {
			fmt.Fprintf(h.out, "      - url: %q\n", f)
		}
	}
	_, err := fmt.Fprintf(h.errs, "%d outlets in the file, %d with nothing new\n", len(found), known)
	return err
}
