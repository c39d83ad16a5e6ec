package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"diembao/internal/judge"
	"diembao/internal/store"
)

// paragraph is what a language model wrote of a story: shown as the machine's,
// with the articles that each sentence cites.
type paragraph struct {
	Model     string
	At        time.Time
	Sentences []citing
	Articles  int // cited
}

// citing is a sentence and the articles it comes from.
type citing struct {
	Text  string
	Cites []cited
}

// cited is an article under the number it has in the paragraph.
type cited struct {
	N          int
	ID, Outlet string
}

// summary is the newest paragraph on a story; nil where there is none. Of
// articles that are no longer kept no link is shown.
func (v *visit) summary(story string) (*paragraph, error) {
	if story == "" {
		return nil, nil
	}
	j, err := v.Store.LastAnswer(v.ctx, store.JudgeStory, story)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var said judge.Summary
	if err := json.Unmarshal([]byte(j.Answer), &said); err != nil {
		return nil, fmt.Errorf("reading the paragraph on the story %s: %w", story, err)
	}
	var order []string
	for _, s := range said {
		for _, id := range s.Articles {
			if !slices.Contains(order, id) {
				order = append(order, id)
			}
		}
	}
	known, err := v.Store.Articles(v.ctx, order)
	if err != nil {
		return nil, err
	}
	outlet := map[string]string{}
	for _, a := range known {
		outlet[a.ID] = v.label.outlet(a.Outlet)
	}
	p := &paragraph{Model: j.Model, At: j.At, Articles: len(order)}
	for _, s := range said {
		line := citing{Text: s.Text}
		for _, id := range s.Articles {
			if name, ok := outlet[id]; ok {
				line.Cites = append(line.Cites, cited{slices.Index(order, id) + 1, id, name})
			}
		}
		p.Sentences = append(p.Sentences, line)
	}
	return p, nil
}
