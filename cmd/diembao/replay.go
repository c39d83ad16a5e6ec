package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diembao/config"
	"diembao/internal/eval"
	"diembao/internal/news"
	"diembao/internal/pipeline"
)

type replayCmd struct {
	Streams  []string `arg:"" name:"stream" optional:"" help:"Articles, a JSON object a line (may be gzipped); - is standard input."`
	Alerts   string   `help:"Where the alerts go, a JSON object a line." type:"path" placeholder:"OUT.jsonl"`
	Readings string   `help:"Where it goes how each article of ours was read, a JSON object a line." type:"path" placeholder:"OUT.jsonl"`

	Archive bool   `help:"Instead of streams, the archive's own articles of ours: what fires by the rules in force."`
	Days    int    `help:"Of so many days up to today; with --archive." default:"90"`
	With    string `help:"A changed configuration, held against the one in force; with --archive." type:"path" placeholder:"NEW.yaml"`
	Level   int    `help:"This level and above; with --archive." default:"2"`
}

func (replayCmd) Help() string {
	return "Example: diembao replay thang-8.jsonl.gz thang-9.jsonl.gz --alerts canh-bao.jsonl\n\n" +
		"What today's rules would have warned of, and when. The clock is that of the articles; nothing is stored or sent.\n\n" +
		"Before a rule goes live: diembao replay --archive --with moi.yaml. What people split or merged by hand is not replayed, their corrections are."
}

// Run replays the streams and writes what would have been told.
func (c replayCmd) Run(ctx context.Context, h *house) error {
	if c.Archive == (len(c.Streams) > 0) || c.With != "" && !c.Archive || c.Days < 1 || c.Level < 1 {
		return usage("name streams, or say --archive; --days and --level are 1 and more, --with goes with --archive")
	}
	if c.Archive {
		return c.fromArchive(ctx, h)
	}
	rules, err := h.rules()
	if err != nil {
		return err
	}
	alerts, err := h.answersTo(c.Alerts)
	if err != nil {
		return err
	}
	readings, err := h.answersTo(c.Readings)
	if err != nil {
		return err
	}
	streams, err := h.streams(c.Streams)
	if err != nil {
		return err
	}
	r := replay(rules)
	bar := h.progress(-1, "articles")
	r.Alerts, r.Readings, r.Progress = alerts, readings, func(done int) { _ = bar.Set(done) }
	figures, err := r.Run(streams...)
	if err := errors.Join(err, bar.Close()); err != nil {
		return fmt.Errorf("replaying: %w", err)
	}
	if h.JSON {
		return h.answer(figures)
	}
	_, err = fmt.Fprintf(h.out, "%d articles in %.1f weeks, %d of them ours, in %d stories; %d incidents: level 1 %d, level 2 %d, level 3 %d; %d lines unread; %.0f articles a second\n",
		figures.Articles, figures.Weeks, figures.Relevant, figures.Stories, figures.Incidents,
		figures.Alerts[1], figures.Alerts[2], figures.Alerts[3], figures.Bad, figures.PerSecond)
	return err
}

// fromArchive shows what fires on the archive's own articles, and what would.
func (c replayCmd) fromArchive(ctx context.Context, h *house) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	a, err := h.preview(ctx, c.Days, c.Level, c.With)
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(a)
	}
	return h.tellPreview(a, pack.Crisis.Threats, h.words(pack))
}

// replay is the stages that ship, in memory.
func replay(rules *pipeline.Rules) *eval.Replay {
	places := pipeline.NewPlaces()
	return &eval.Replay{
		Outlet: func(a news.Article) config.Outlet {
			return rules.Outlet(rules.Placed(a, a.Published).Outlet)
		},
		Read: func(a news.Article, now time.Time) (news.Reading, []news.Mention) {
			return pipeline.ReadOne(a, rules, now)
		},
		Place: func(a news.Article, r news.Reading) (out []eval.Settled) {
			for _, s := range places.Place(rules, a, r, a.FirstSeen) {
				out = append(out, eval.Settled(s))
			}
			return out
		},
		Decide: rules.Crises().Decide,
		Again:  &eval.Again{Window: rules.Crises().Window, Over: rules.Crises().Over, Retold: rules.Retold},
		Around: pipeline.NewAround(rules.Pack),
		Keys:   rules.Keys,
	}
}
