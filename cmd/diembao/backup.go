package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"diembao/internal/store"
)

type backupCmd struct {
	File         string `arg:"" help:"File to write; it must not exist." type:"path"`
	WithEvidence bool   `help:"Pack the evidence files, too, not only their list."`
}

func (backupCmd) Help() string {
	return "Example: diembao backup sao-luu-2026-07-12.tar.gz\n\nA consistent copy, made while others go on working. Only its owner may read it."
}

// Run writes a backup.
func (c backupCmd) Run(ctx context.Context, h *house) error {
	_, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	files, err := h.evidenceFiles()
	if err != nil {
		return err
	}
	m, err := s.Backup(ctx, c.File, store.BackupOptions{Overlay: h.overlay(), Evidence: files, WithEvidence: c.WithEvidence, Now: time.Now()})
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(m)
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return fmt.Errorf("looking at the backup just written: %w", err)
	}
	_, err = fmt.Fprintf(h.out, "%s: %d tables, %.1f MB\n", c.File, len(m.Rows), float64(info.Size())/1e6)
	return err
}

type restoreCmd struct {
	File string `arg:"" help:"A backup." type:"existingfile"`
}

func (restoreCmd) Help() string {
	return "Example: diembao restore sao-luu-2026-07-12.tar.gz --data ./data-moi\n\nInto an empty data directory alone. Every digest is verified first, every table counted after; the index is built anew."
}

// Run restores a backup, proves it and builds the index.
func (c restoreCmd) Run(ctx context.Context, h *house) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	_, counts, err := store.Restore(ctx, c.File, store.Options{DSN: pack.Site.Store, Dir: h.Data, Log: h.log})
	if err != nil {
		return err
	}
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	n, err := p.Shelve(ctx)
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(map[string]any{"tables": counts, "indexed": n})
	}
	var lines [][]string
	for _, t := range counts {
		lines = append(lines, []string{t.Table, fmt.Sprint(t.Before), fmt.Sprint(t.After)})
	}
	if err := h.table([]string{"TABLE", "IN THE BACKUP", "NOW"}, lines); err != nil {
		return err
	}
	_, err = fmt.Fprintf(h.out, "%d articles indexed anew\n", n)
	return err
}
