package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"diembao/internal/jobs"
	"diembao/internal/report"
	"diembao/internal/store"
	"diembao/internal/when"
)

// reportJob writes the last whole period as files and as letters to those who
// get reports. Done again for the same period it writes the files anew and no
// letter twice.
func (s *server) reportJob(which string) jobs.Handler {
	return func(ctx context.Context, _ string) error {
		period := when.Of(reportKinds[which], s.now()).Prev()
		figures, err := s.pipeline.Coverage(ctx, period.From, period.To, sayIn(s.pipeline))
		if err != nil {
			return fmt.Errorf("counting %s: %w", period, err)
		}
		html, err := report.HTML(figures, sayIn(s.pipeline))
		if err != nil {
			return err
		}
		text, err := report.Text(figures, sayIn(s.pipeline))
		if err != nil {
			return err
		}
		dir := filepath.Join(s.Data, "reports")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("making the folder of reports: %w", err)
		}
		name := filepath.Join(dir, which+"-"+period.String())
		if err := errors.Join(os.WriteFile(name+".html", html, 0o600), os.WriteFile(name+".txt", text, 0o600)); err != nil {
			return fmt.Errorf("writing the report %s: %w", name, err)
		}
		return s.post(ctx, which+"/"+period.String(), figures, period, string(text), string(html))
	}
}

// post writes the letters that carry a report.
func (s *server) post(ctx context.Context, cause string, f report.Figures, period when.Period, text, html string) error {
	return s.pipeline.Store.Do(ctx, func(tx *store.Tx) error {
		for _, to := range s.pack.Site.Mail.Reports {
			l := report.Post(cause, to, f.Title+" "+period.Range(), text, html, s.pack.Site.Mail.From, s.now())
			if _, err := tx.PutLetter(ctx, l); err != nil {
				return err
			}
		}
		return s.queue.Enqueue(ctx, tx.Raw(), jobs.Job{Kind: "notify"})
	})
}
