package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"diembao/internal/pipeline"
	"diembao/internal/report"
	"diembao/internal/when"
)

type reportCmd struct {
	Which  string `arg:"" enum:"weekly,daily,monthly,half-year" help:"weekly, daily, monthly or half-year."`
	Period string `help:"Which one: 2026-W28, 2026-07, 2026-H1, 06/07/2026, \"tuần trước\"; the last whole one if left out." placeholder:"P"`
	Format string `help:"html or text." enum:"html,text" default:"text"`
	Out    string `help:"Write to this file instead of stdout." type:"path" placeholder:"F"`
}

func (reportCmd) Help() string {
	return "Example: diembao report weekly --period 2026-W28 --format html --out tuan-28.html"
}

var reportKinds = map[string]when.Kind{"weekly": when.Weekly, "daily": when.Daily, "monthly": when.Monthly, "half-year": when.HalfYear}

// Run writes the coverage report of a period.
func (c reportCmd) Run(ctx context.Context, h *house) error {
	period, err := reportPeriod(c.Which, c.Period, time.Now())
	if err != nil {
		return err
	}
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	figures, err := p.Coverage(ctx, period.From, period.To, sayIn(p))
	if err != nil {
		return fmt.Errorf("counting %s: %w", period, err)
	}
	if h.JSON {
		return h.answer(figures)
	}
	raw, err := written(p, figures, c.Format)
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = h.out.Write(raw)
	} else {
		err = os.WriteFile(c.Out, raw, 0o644)
	}
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// reportPeriod reads a period of the kind that was asked for; without words it
// is the last one that has ended.
func reportPeriod(which, words string, now time.Time) (when.Period, error) {
	kind := reportKinds[which]
	if words == "" {
		return when.Of(kind, now).Prev(), nil
	}
	period, err := when.ParsePeriod(words, now)
	if err != nil {
		return period, usageError{err}
	}
	if period.Kind != kind {
		return when.Of(kind, period.From), nil
	}
	return period, nil
}

func written(p *pipeline.Pipeline, f report.Figures, format string) ([]byte, error) {
	words := sayIn(p)
	if format == "html" {
		return report.HTML(f, words)
	}
	return report.Text(f, words)
}
