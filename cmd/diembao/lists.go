package main

import (
	"context"
	"fmt"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

type incidentsCmd struct {
	State []string `help:"Only these states: open, acked, fading, closed, false."`
	Level int      `help:"Only this level and above."`
	Limit int      `help:"At most so many." default:"100"`

	Ledger bool   `help:"What became of the alerts, level 2 and above: true, false, late, missed, with precision and recall by month."`
	Month  string `help:"Only this month's, of the ledger." placeholder:"2026-07"`
}

func (incidentsCmd) Help() string { return "Example: diembao incidents --state open --level 2 --json" }

type incidentRow struct {
	ID      string        `json:"id"`
	Story   string        `json:"story"`
	Title   string        `json:"title"`
	Level   int           `json:"level"`
	State   string        `json:"state"`
	Score   float64       `json:"score"`
	Opened  string        `json:"opened"`
	Updated string        `json:"updated"`
	Owner   string        `json:"owner"`
	Rules   string        `json:"rules"`
	Reasons []news.Factor `json:"reasons"`
	URLs    []string      `json:"urls"`
	Kind    news.Called   `json:"kind"`
	Type    news.Called   `json:"type"`
}

// Run lists the incidents, the newest first.
func (c incidentsCmd) Run(ctx context.Context, h *house) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	f := store.IncidentFilter{MinLevel: c.Level, Limit: c.Limit}
	for _, s := range c.State {
		switch state := news.State(s); state {
		case news.Open, news.Acked, news.Fading, news.Closed, news.False:
			f.States = append(f.States, state)
		default:
			return usage("there is no state %q; the states are open, acked, fading, closed, false", s)
		}
	}
	s, err := h.store(ctx, pack)
	if err != nil {
		return err
	}
	if c.Ledger {
		return h.ledger(ctx, s, h.words(pack), c.Month)
	}
	found, err := s.Incidents(ctx, f)
	if err != nil {
		return err
	}
	rows := []incidentRow{}
	for _, i := range found {
		rows = append(rows, incidentRow{
			i.ID, i.Story, i.Title, i.Level, string(i.State), i.Score, stamp(i.Opened), stamp(i.Updated), i.Owner, i.Rules,
			append([]news.Factor{}, i.Reasons...), append([]string{}, i.URLs...), i.Kind, i.Type,
		})
	}
	if h.JSON {
		return h.answer(rows)
	}
	w := h.words(pack)
	var lines [][]string
	for _, r := range found {
		kind, blame := pack.Crisis.Called(r.Kind.Value, r.Type.Value, pack.Site.Language)
		lines = append(lines, []string{r.ID, fmt.Sprint(r.Level), w.Say("state." + string(r.State)), kind, blame, w.Decimal(r.Score, 2), w.Moment(r.Opened), r.Title})
	}
	return h.table([]string{"ID", "LEVEL", "STATE", "KIND", "TYPE", "SCORE", "OPENED", "TITLE"}, lines)
}

type storiesCmd struct {
	Days  int `help:"Told within so many days." default:"7"`
	Least int `help:"With at least so many articles." default:"2"`
	Limit int `help:"At most so many." default:"50"`
}

func (storiesCmd) Help() string { return "Example: diembao stories --days 3 --least 5" }

type storyLine struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	First     string `json:"first"`
	Last      string `json:"last"`
	Articles  int    `json:"articles"`
	Originals int    `json:"originals"`
	Outlets   int    `json:"outlets"`
	Locked    bool   `json:"locked"`
	Parent    string `json:"parent,omitempty"` // the long story that it grew out of
}

// Run lists the stories, the most told first.
func (c storiesCmd) Run(ctx context.Context, h *house) error {
	_, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	found, err := s.Stories(ctx, store.StoryFilter{From: time.Now().AddDate(0, 0, -c.Days), MinArticles: c.Least, ByArticles: true, Limit: c.Limit})
	if err != nil {
		return err
	}
	rows, lines := []storyLine{}, [][]string{}
	for _, t := range found {
		rows = append(rows, storyLine{t.ID, t.Title, stamp(t.First), stamp(t.Last), t.Articles, t.Originals, t.Outlets, t.Locked, t.Parent})
		lines = append(lines, []string{t.ID, fmt.Sprint(t.Articles), fmt.Sprint(t.Outlets), t.Title})
	}
	if h.JSON {
		return h.answer(rows)
	}
	return h.table([]string{"ID", "ARTICLES", "OUTLETS", "TITLE"}, lines)
}

type outboxCmd struct {
	State []string `help:"Only these states: waiting, sending, sent, failed, dead."`
	Limit int      `help:"At most so many." default:"100"`
}

func (outboxCmd) Help() string { return "Example: diembao outbox --state waiting --json" }

type letterRow struct {
	Key       string `json:"key"`
	MessageID string `json:"message_id"`
	To        string `json:"to"`
	Subject   string `json:"subject"`
	Made      string `json:"made"`
	State     string `json:"state"`
	Sendings  int    `json:"sendings"`
	Next      string `json:"next"`
	Why       string `json:"why"`
}

// Run lists the letters of the outbox, the newest first.
func (c outboxCmd) Run(ctx context.Context, h *house) error {
	pack, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	found, err := s.Letters(ctx, store.LetterFilter{States: c.State, Limit: c.Limit})
	if err != nil {
		return err
	}
	rows, lines := []letterRow{}, [][]string{}
	for _, l := range found {
		rows = append(rows, letterRow{l.Key, l.MessageID, l.To, l.Subject, stamp(l.Made), l.State, l.Sendings, stamp(l.Next), l.Why})
		lines = append(lines, []string{l.State, h.words(pack).Moment(l.Made), l.To, l.Subject, l.Why})
	}
	if h.JSON {
		return h.answer(rows)
	}
	return h.table([]string{"STATE", "MADE", "TO", "SUBJECT", "WHY"}, lines)
}
