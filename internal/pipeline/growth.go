package pipeline

import (
	"cmp"
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

// Growth is how much an installation writes a day, measured over the last
// month or, where it is younger, since it began.
type Growth struct {
	Days     float64 // that were measured
	Evidence float64 // bytes a day
	Rest     float64 // bytes a day of archive and index, by the share of the articles that came in these days
	Used     int64   // bytes under the data directory
}

// PerDay is what is written a day.
func (g Growth) PerDay() float64 { return g.Evidence + g.Rest }

// Full says when free bytes will be used up; zero where nothing grows.
func (g Growth) Full(free int64, now time.Time) time.Time {
	days := float64(free) / cmp.Or(g.PerDay(), 1e-9)
	if days > 100*365 {
		return time.Time{}
	}
	return now.Add(time.Duration(days * float64(day)))
}

// Growth measures the data directory.
func (p *Pipeline) Growth(ctx context.Context, data string) (Growth, error) {
	var g Growth
	now := p.Now()
	totals, err := p.Store.Totals(ctx)
	if err != nil || totals.Articles == 0 {
		return g, err
	}
	first, late, err := p.Store.Arrived(ctx, now.AddDate(0, 0, -30))
	if err != nil {
		return g, err
	}
	g.Days = min(30, max(1, now.Sub(first).Hours()/24))
	grown, err := p.Store.EvidenceGrowth(ctx, now.AddDate(0, 0, -30))
	if err != nil {
		return g, err
	}
	used, err := sizes(data)
	g.Used = used[""] + used[keptEvidence]
	g.Evidence = float64(grown) / g.Days
	g.Rest = float64(used[""]) * float64(late) / float64(totals.Articles) / g.Days
	return g, err
}

// sizes adds up the files of a data directory: evidence, and the rest under "".
func sizes(data string) (map[string]int64, error) {
	out := map[string]int64{}
	err := filepath.WalkDir(data, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return goneAlready(err)
		}
		info, err := e.Info()
		if err != nil {
			return goneAlready(err) // the index drops files as it goes
		}
		rel, err := filepath.Rel(data, name)
		if top, _, _ := strings.Cut(filepath.ToSlash(rel), "/"); top == keptEvidence {
			out[top] += info.Size()
		} else {
			out[""] += info.Size()
		}
		return err
	})
	return out, err
}
