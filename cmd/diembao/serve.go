package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/store"
)

type serveCmd struct {
	Listen  string   `help:"Address of the web pages; this machine only." placeholder:"127.0.0.1:8080"`
	Store   string   `help:"sqlite, or postgres://user:password@host/database." placeholder:"DSN"`
	Roles   []string `help:"What this node does: web, crawl, read, mail." default:"web,crawl,read,mail"`
	Migrate string   `help:"dry-run: list what would be done to the archive's schema, and end." placeholder:"dry-run"`
}

func (serveCmd) Help() string {
	return "Example: diembao serve --listen 127.0.0.1:8080\n\nEverything: schedules, workers, web pages, mail. Needs a contact in the configuration before it asks the web."
}

var roles = []string{"web", "crawl", "read", "mail"}

// Run serves until it is interrupted.
func (c serveCmd) Run(ctx context.Context, h *house) error {
	for _, r := range c.Roles {
		if !slices.Contains(roles, r) {
			return usage("there is no role %q; the roles are %s", r, strings.Join(roles, ", "))
		}
	}
	if _, err := os.Stat(filepath.Join(h.Data, demoMark)); err == nil {
		return usage("%s holds a demo, whose papers and events are invented; name another directory with --data, or delete it", h.Data)
	}
	pack, err := h.pack()
	if err != nil {
		return err
	}
	if c.Store != "" {
		pack.Site.Store = c.Store
	}
	if c.Listen != "" {
		pack.Site.Listen = c.Listen
	}
	if c.Migrate != "" {
		return c.pending(ctx, h, pack)
	}
	s := &server{house: h, pack: pack, roles: c.Roles, now: time.Now, speed: 1}
	return s.run(ctx)
}

// pending lists the migrations that opening the archive would run.
func (c serveCmd) pending(ctx context.Context, h *house, pack config.Pack) error {
	if c.Migrate != "dry-run" {
		return usage("--migrate %q: write --migrate dry-run", c.Migrate)
	}
	list, err := store.Pending(ctx, store.Options{DSN: pack.Site.Store, Dir: h.Data})
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(map[string][]string{"pending": append([]string{}, list...)})
	}
	if len(list) == 0 {
		_, err = fmt.Fprintln(h.out, "nothing to do")
		return err
	}
	for _, m := range list {
		fmt.Fprintln(h.out, m)
	}
	return nil
}
