package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/eval"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/say"
	"diembao/internal/store"
)

// What becomes of an alert when the rules change.
const (
	firesNow   = "now"     // no other rules are tried
	staysSame  = "same"    // in both, at the same level and time
	altered    = "changed" // in both, at another level or time
	wouldFire  = "new"
	wouldCease = "gone"
)

// previewed is an incident that would have been alerted.
type previewed struct {
	ID      string        `json:"id"`
	Story   string        `json:"story"`
	Title   string        `json:"title"`
	What    string        `json:"what"` // now, same, changed, new, gone
	Level   int           `json:"level"`
	At      string        `json:"at"` // first at the least level asked for
	Score   float64       `json:"score"`
	Before  int           `json:"level_before,omitempty"` // of a changed one: by the rules in force
	Was     string        `json:"at_before,omitempty"`
	Reasons []news.Factor `json:"reasons"`
	URLs    []string      `json:"urls"`

	at time.Time
}

type previewAnswer struct {
	Days      int         `json:"days"`
	Level     int         `json:"level"`
	Articles  int         `json:"articles"`
	FiresNow  int         `json:"fires_now"`
	WouldFire *int        `json:"would_fire"` // null where no other rules were tried
	Alerts    []previewed `json:"alerts"`
}

// preview replays the archive's own articles by the rules in force and, where
// try names a configuration, by that.
func (h *house) preview(ctx context.Context, days, level int, try string) (previewAnswer, error) {
	p, err := h.reader(ctx)
	if err != nil {
		return previewAnswer{}, err
	}
	a := previewAnswer{Days: days, Level: level}
	now, articles, err := h.past(ctx, p, days, level)
	a.Articles, a.FiresNow = articles, len(now)
	if err != nil || try == "" {
		a.Alerts = now
		return a, err
	}
	pack, err := config.Load(try)
	if err != nil {
		return a, usageError{err}
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		return a, usageError{err}
	}
	other := &pipeline.Pipeline{Store: p.Store, Now: p.Now, Log: h.log}
	other.Use(rules)
	if err := other.Recall(ctx); err != nil {
		return a, fmt.Errorf("taking up what was learned: %w", err)
	}
	would, _, err := h.past(ctx, other, days, level)
	n := len(would)
	a.WouldFire, a.Alerts = &n, against(now, would)
	return a, err
}

// beforehand is how long before the days asked for the replay begins: stories
// and incidents of then may live on.
const beforehand = 14

// past replays the last days of an archive, in memory, and returns what would
// have been alerted in them, oldest first.
func (h *house) past(ctx context.Context, p *pipeline.Pipeline, days, level int) ([]previewed, int, error) {
	since := p.Now().AddDate(0, 0, -days)
	ids, err := p.Store.KeptSince(ctx, since.AddDate(0, 0, -beforehand))
	if err != nil || len(ids) == 0 {
		return []previewed{}, 0, err
	}
	words, err := p.Store.CorrectionsOf(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	rules, found := p.Rules(), map[string]*previewed{}
	r := replay(rules)
	read := r.Read
	r.Read = func(a news.Article, now time.Time) (news.Reading, []news.Mention) {
		reading, mentions := read(a, now)
		return rules.Corrected(reading, words[a.ID]), mentions
	}
	r.Heard = func(at time.Time, a eval.ReplayAlert) {
		if a.Level >= level && !at.Before(since) {
			note(found, at, a)
		}
	}
	bar := h.progress(int64(len(ids)), "articles")
	r.Progress = func(done int) { _ = bar.Set(done) }
	_, err = r.Play(switchedOn(rules.Pack), fromStore(ctx, p.Store, ids))
	if err := errors.Join(err, bar.Close()); err != nil {
		return nil, 0, fmt.Errorf("replaying the archive: %w", err)
	}
	out := []previewed{}
	for _, a := range found {
		out = append(out, *a)
	}
	slices.SortFunc(out, func(a, b previewed) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.ID, b.ID)) })
	return out, len(ids), nil
}

// note keeps when an incident first was an alert, and how grave it became.
func note(found map[string]*previewed, at time.Time, a eval.ReplayAlert) {
	x := found[a.Incident]
	if x == nil {
		x = &previewed{ID: a.Incident, Story: a.Story, Title: a.Title, What: firesNow, At: stamp(at), at: at}
		found[a.Incident] = x
	}
	x.Level, x.Score, x.Reasons, x.URLs = max(x.Level, a.Level), a.Score, a.Reasons, a.URLs
}

func switchedOn(pack config.Pack) (n int) {
	for _, o := range pack.Outlets {
		if o.On {
			n++
		}
	}
	return n
}

// fromStore reads articles out of the archive as the replay wants them.
func fromStore(ctx context.Context, s *store.Store, ids []string) iter.Seq2[[]eval.StreamItem, error] {
	return func(yield func([]eval.StreamItem, error) bool) {
		for part := range slices.Chunk(ids, 500) {
			articles, err := s.Articles(ctx, part)
			items := make([]eval.StreamItem, len(articles))
			for i, a := range articles {
				items[i] = eval.Archived(a)
			}
			if !yield(items, err) || err != nil {
				return
			}
		}
	}
}

// against holds what other rules would have alerted against what is alerted
// now. Alerts are of one event where they share an article.
func against(now, would []previewed) []previewed {
	out, met := []previewed{}, make([]bool, len(now))
	for _, w := range would {
		i := slices.IndexFunc(now, func(n previewed) bool { return n.ID == w.ID || shares(n.URLs, w.URLs) })
		switch {
		case i < 0:
			w.What = wouldFire
		case now[i].Level == w.Level && now[i].At == w.At:
			w.What, met[i] = staysSame, true
		default:
			w.What, met[i] = altered, true
			w.Before, w.Was = now[i].Level, now[i].At
		}
		out = append(out, w)
	}
	for i, n := range now {
		if !met[i] {
			n.What = wouldCease
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b previewed) int { return a.at.Compare(b.at) })
	return out
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(u string) bool { return slices.Contains(b, u) })
}

// tellPreview writes the preview for a person.
func (h *house) tellPreview(a previewAnswer, threats []config.Threat, w *say.Words) error {
	weekly := func(n int) string { return w.Decimal(float64(n)*7/float64(max(1, a.Days)), 2) }
	fmt.Fprintln(h.out, w.Say("preview.now", "Alerts", a.FiresNow, "Days", a.Days, "Level", a.Level, "Weekly", weekly(a.FiresNow), "Articles", a.Articles))
	if a.WouldFire != nil {
		of := map[string]int{}
		for _, x := range a.Alerts {
			of[x.What]++
		}
		fmt.Fprintln(h.out, w.Say("preview.would", "Alerts", *a.WouldFire, "Weekly", weekly(*a.WouldFire), "New", of[wouldFire], "Gone", of[wouldCease], "Changed", of[altered]))
	}
	if len(a.Alerts) == 0 {
		return nil
	}
	var lines [][]string
	for _, x := range a.Alerts {
		level := fmt.Sprint(x.Level)
		if x.What == altered && x.Before != x.Level {
			level = fmt.Sprintf("%d → %d", x.Before, x.Level)
		}
		lines = append(lines, []string{outcome(x.What, w), w.Moment(x.at), level, x.Title, strongest(x.Reasons, threats, w)})
	}
	fmt.Fprintln(h.out)
	return h.table(strings.Split(w.Say("preview.head"), "|"), lines)
}

// strongest names the three factors that speak most for an alert.
func strongest(reasons []news.Factor, threats []config.Threat, w *say.Words) string {
	f := slices.Clone(reasons)
	slices.SortStableFunc(f, func(a, b news.Factor) int { return cmp.Compare(b.Value*b.Weight, a.Value*a.Weight) })
	slices.SortStableFunc(f, func(a, b news.Factor) int { return cmp.Compare(namedThreat(b), namedThreat(a)) })
	var parts []string
	for _, x := range f[:min(3, len(f))] {
		name := x.Factor
		if w.Has("factor." + name) {
			name = w.Say("factor." + name)
		}
		if i := slices.IndexFunc(threats, func(t config.Threat) bool { return "threat:"+t.ID == x.Factor }); i >= 0 {
			parts = append(parts, config.In(w.Lang, threats[i].Name, threats[i].NameEN))
			continue
		}
		parts = append(parts, fmt.Sprintf("%s %s", name, w.Decimal(x.Value, 2)))
	}
	return strings.Join(parts, "; ")
}

// namedThreat is 1 of a factor that alone raises an alert.
func namedThreat(f news.Factor) int {
	if strings.HasPrefix(f.Factor, "threat:") {
		return 1
	}
	return 0
}

// outcome is what becomes of an alert, in words; nothing where no other rules
// are tried.
func outcome(what string, w *say.Words) string {
	if what == firesNow {
		return ""
	}
	return w.Say("preview." + what)
}

// firedDays is how far back the crisis rules are tried.
const firedDays = 90

// fired says how often the crisis rules would have fired on the archive.
func (h *house) fired(ctx context.Context, pack config.Pack, most int) (finding, error) {
	a, err := h.preview(ctx, firedDays, news.AlertLevel, "")
	if err != nil {
		return finding{}, err
	}
	f := finding{"crisis", a.FiresNow <= most, h.words(pack).Say("preview.fired", "Alerts", a.FiresNow, "Days", firedDays, "Articles", a.Articles)}
	if !f.OK {
		f.Says += "; " + h.words(pack).Say("preview.too_many", "Most", most)
	}
	return f, nil
}
