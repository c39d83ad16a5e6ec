package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"diembao/internal/notify"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

type retentionCmd struct {
	DryRun bool `help:"Tell what would be deleted, and delete nothing."`
	Log    bool `help:"Tell what was deleted before, the newest first."`
}

func (retentionCmd) Help() string {
	return "Example: diembao retention --dry-run\n\nDeletes what the configuration no longer keeps (retention: days for each kind) and no legal hold protects, and writes it down. The server does so every night."
}

type deletionRow struct {
	At     string `json:"at"`
	Kind   string `json:"kind"`
	What   string `json:"what"`
	Pieces int    `json:"pieces"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256,omitempty"`
	Why    string `json:"why"`
}

type forecastRow struct {
	Days     float64 `json:"days"`             // that were measured
	PerDay   int64   `json:"bytes_per_day"`    // all
	Evidence int64   `json:"evidence_per_day"` // of these
	Used     int64   `json:"used"`
	Free     int64   `json:"free"`           // of the disk
	Full     string  `json:"full,omitempty"` // empty where nothing grows
}

type retentionAnswer struct {
	DryRun   bool          `json:"dry_run"`
	Deleted  []deletionRow `json:"deleted"`
	Forecast forecastRow   `json:"forecast"`
}

// Run deletes what need not be kept, or tells what that is.
func (c retentionCmd) Run(ctx context.Context, h *house) error {
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	var list []store.Deletion
	if c.Log {
		list, err = p.Store.Deletions(ctx, 1000)
	} else {
		list, err = p.Retain(ctx, h.Data, notify.FileName, c.DryRun)
	}
	if err != nil {
		return err
	}
	a := retentionAnswer{DryRun: c.DryRun, Deleted: []deletionRow{}}
	for _, d := range list {
		a.Deleted = append(a.Deleted, deletionRow{stamp(d.At), d.Kind, d.What, d.Pieces, d.Bytes, d.SHA256, d.Why})
	}
	if a.Forecast, err = h.forecast(ctx, p); err != nil {
		return err
	}
	return h.retained(a)
}

func (h *house) forecast(ctx context.Context, p *pipeline.Pipeline) (forecastRow, error) {
	g, err := p.Growth(ctx, h.Data)
	if err != nil {
		return forecastRow{}, err
	}
	f := forecastRow{Days: g.Days, PerDay: int64(g.PerDay()), Evidence: int64(g.Evidence), Used: g.Used}
	if f.Free, err = freeBytes(h.Data); err != nil {
		return f, err
	}
	f.Full = stamp(g.Full(f.Free, time.Now()))
	return f, nil
}

// freeBytes is the room left on the disk of a directory.
func freeBytes(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("looking at the disk of %s: %w", dir, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

func (h *house) retained(a retentionAnswer) error {
	if h.JSON {
		return h.answer(a)
	}
	var lines [][]string
	for _, d := range a.Deleted {
		lines = append(lines, []string{d.Kind, fmt.Sprint(d.Pieces), megabytes(d.Bytes), d.Why, d.What})
	}
	if err := h.table([]string{"KIND", "PIECES", "SIZE", "WHY", "WHAT"}, lines); err != nil {
		return err
	}
	_, err := fmt.Fprintf(h.out, "\n%s\n", a.Forecast.words())
	return err
}

func (f forecastRow) words() string {
	full := "it will not be full in this century"
	if f.Full != "" {
		full = "full about " + f.Full
	}
	return fmt.Sprintf("%s used, %s a day (%s of it evidence, measured over %.0f days), %s free: %s",
		megabytes(f.Used), megabytes(f.PerDay), megabytes(f.Evidence), f.Days, megabytes(f.Free), full)
}

// megabytes writes a size as people compare them.
func megabytes(n int64) string {
	if n > 0 && n < 1e6 {
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
