package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"diembao/internal/judge"
	"diembao/internal/news"
	"diembao/internal/store"
)

const (
	summaryFrom  = 3   // articles of a story, where it has no incident
	summaryTried = 100 // stories looked at
)

// basis is what a paragraph on a story rests on.
type basis struct {
	Level     int            `json:"level"`     // of its incident; 0 without one
	Originals int            `json:"originals"` // texts that are no copies
	Sent      map[string]int `json:"sent"`      // id → version
}

// material reports whether a story is another than the one written of: its
// incident rose, half as many texts have come again, or a text that was sent
// was edited or left the story.
func (b basis) material(before basis, now map[string]int) bool {
	grown := b.Originals - before.Originals
	if b.Level > before.Level || grown > 0 && 2*grown >= before.Originals {
		return true
	}
	for id, version := range before.Sent {
		if now[id] != version {
			return true
		}
	}
	return false
}

// stories asks for paragraphs on the stories of the last days: those that have
// an incident, the gravest first, or those that are told widely without one.
func (a *asking) stories(ctx context.Context, grave bool) error {
	if !a.site.Summaries {
		return nil
	}
	now := a.p.Now()
	open, err := a.p.Store.OpenIncidents(ctx, now)
	if err != nil {
		return err
	}
	level := map[string]int{}
	for _, in := range open {
		level[in.Story] = max(level[in.Story], in.Level)
	}
	list, err := a.p.Store.Stories(ctx, store.StoryFilter{From: now.Add(-judgeSince), Limit: summaryTried})
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(s store.StoryState) bool {
		return grave != (level[s.ID] > 0) || !grave && s.Articles < summaryFrom
	})
	slices.SortStableFunc(list, func(x, y store.StoryState) int { return cmp.Compare(level[y.ID], level[x.ID]) })
	for _, s := range list {
		if err := a.story(ctx, s.ID, level[s.ID]); err != nil {
			return err
		}
	}
	return nil
}

// story asks for a paragraph on one story, where it changed since the last.
func (a *asking) story(ctx context.Context, id string, level int) error {
	_, members, err := a.p.Store.Story(ctx, id)
	if err != nil {
		return err
	}
	var originals []news.Article
	versions := map[string]int{}
	for _, m := range members {
		if m.CopyOf == "" && m.Via != news.Import && m.Via != news.Backfill {
			originals, versions[m.ID] = append(originals, m.Article), m.Version
		}
	}
	if len(originals) == 0 {
		return nil
	}
	sources := judge.Sources(originals)
	prompt, err := judge.Story(sources)
	if err != nil {
		return err
	}
	b := basis{Level: level, Originals: len(originals), Sent: map[string]int{}}
	for _, s := range sources {
		b.Sent[s.ID] = s.Version
	}
	q := question{Question: store.Question{Kind: store.JudgeStory, Subject: id, Model: a.site.Model, Prompt: prompt.Version(), Digest: prompt.Digest()}, prompt: prompt}
	if same, err := a.written(ctx, q, b, versions); err != nil || same {
		return err
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return err
	}
	q.basis = string(raw)
	q.read = func(answer string) (any, error) { return judge.ReadStory(answer, sources) }
	return a.ask(ctx, q)
}

// written reports whether the last paragraph on a story, or the last attempt at
// one, is still of the story as it is.
func (a *asking) written(ctx context.Context, q question, b basis, versions map[string]int) (bool, error) {
	asked, err := a.p.Store.AskedOf(ctx, q.Kind, q.Model, q.Prompt, []string{q.Subject})
	if err != nil {
		return false, err
	}
	for _, j := range slices.Backward(asked[q.Subject]) {
		if j.State != store.Answered && j.State != store.Rejected {
			continue // ask decides whether it is asked again
		}
		var before basis
		if err := json.Unmarshal([]byte(j.Basis), &before); err != nil {
			return false, fmt.Errorf("reading what the paragraph rests on: %w", err)
		}
		return j.Digest == q.Digest || !b.material(before, versions), nil
	}
	return false, nil
}
