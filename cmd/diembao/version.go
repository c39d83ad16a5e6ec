package main

import (
	"context"
	"fmt"
	"runtime/debug"

	"diembao/index"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

type versionCmd struct{}

func (versionCmd) Help() string { return "Example: diembao version --json" }

// Run prints the versions; the archive is only looked at where there is one.
func (versionCmd) Run(ctx context.Context, h *house) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		return usageError{err}
	}
	v := map[string]any{
		"program": programVersion(), "index": index.Version, "pack": pack.Version, "rules": rules.Version(), "models": []string{},
	}
	pending, err := store.Pending(ctx, store.Options{DSN: pack.Site.Store, Dir: h.Data})
	if err != nil {
		return fmt.Errorf("asking the archive for its version: %w", err)
	}
	v["store"] = map[string]any{"pending_migrations": append([]string{}, pending...)}
	if h.JSON {
		return h.answer(v)
	}
	return h.table([]string{"diembao", programVersion()}, [][]string{
		{"index", index.Version}, {"configuration", pack.Version}, {"rules", rules.Version()},
		{"store, migrations to run", fmt.Sprint(len(pending))},
	})
}

// programVersion is the release, or the revision the binary was built from.
func programVersion() string {
	if version != "dev" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return version + "-" + s.Value[:12]
		}
	}
	return version
}
