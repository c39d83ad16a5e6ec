package web

import (
	"errors"
	"slices"
	"strings"
	"time"

	"diembao/internal/store"
	"diembao/internal/when"
)

// storySize bounds how many articles of a story one page lists.
const storySize = 500

// storyPage is one event and the articles that tell it.
type storyPage struct {
	Repeats   []claimRow // claims of the register
	S         store.StoryState
	Parent    *storyLink  // the long story that it grew out of
	Merged    *storyLink  // the story that took it in
	Branches  []storyLink // stories that grew out of it
	Days      []storyDay  // the newest first
	Tones     []tally
	Outlets   []tally
	Incidents []incidentRow
	Events    []storyEvent
	Summary   *paragraph // by a language model; nil where there is none
	Cut       bool
	Act       *storyForm // nil where nothing can be said here
}

// storyDay is a day in the life of a story.
type storyDay struct {
	Day   time.Time
	Cards []card
}

// tally is how many articles have a value.
type tally struct {
	Value, Label, URL string
	Count             int
	Share             float64 // of the most
}

// storyEvent is what a person did to a story.
type storyEvent struct {
	Did, Who, Why string
	At            time.Time
}

func (v *visit) story() error {
	id := v.r.PathValue("id")
	s, members, err := v.Store.Story(v.ctx, id)
	if err != nil {
		return err
	}
	list, next, err := v.Store.Newest(v.ctx, store.Filter{Story: id, All: true}, storySize, "")
	if err != nil {
		return err
	}
	p := &storyPage{S: s, Cut: next != "", Tones: v.tally(list, "tone", func(e store.Entry) string { return e.Reading.Tone }),
		Outlets: v.tally(list, "outlet", func(e store.Entry) string { return e.Outlet })}
	cards, err := v.entries(list)
	if err != nil {
		return err
	}
	joined(cards, members)
	p.Days = days(cards)
	if err := v.kin(p); err != nil {
		return err
	}
	if p.Repeats, err = v.repeatsOf(cards); err != nil {
		return err
	}
	incidents, err := v.Store.Incidents(v.ctx, store.IncidentFilter{Story: id})
	if err != nil {
		return err
	}
	p.Incidents = v.incidentRows(incidents)
	if p.Summary, err = v.summary(id); err != nil {
		return err
	}
	events, err := v.Store.StoryEvents(v.ctx, id)
	if err != nil {
		return err
	}
	for _, e := range events {
		p.Events = append(p.Events, storyEvent{v.label.message("story."+first(strings.Fields(e.Did)), e.Did), e.Who, v.label.why(e.Who, e.Why), e.At})
	}
	if err := v.storyForm(p, cards); err != nil {
		return err
	}
	return v.show("story", s.Title, p)
}

// joined says of each card why its article is in the story.
func joined(cards []card, members []store.StoryArticle) {
	of := map[string]store.StoryArticle{}
	for _, m := range members {
		of[m.ID] = m
	}
	for i := range cards {
		m := of[cards[i].ID]
		cards[i].Held = m.Held
		for _, r := range m.Why {
			if r.Rule == "words" { // of a copy the card says that it is one
				cards[i].Why = append(cards[i].Why, r.Quote)
			}
		}
	}
}

// kin looks up the stories that this one grew out of, went into, and that grew out of it.
func (v *visit) kin(p *storyPage) error {
	var err error
	if p.Parent, err = v.storyCalled(p.S.Parent); err != nil {
		return err
	}
	if p.Merged, err = v.storyCalled(p.S.Merged); err != nil {
		return err
	}
	branches, err := v.Store.Branches(v.ctx, p.S.ID)
	for _, b := range branches {
		if b.Merged == "" {
			p.Branches = append(p.Branches, storyLink{b.ID, b.Title, b.Articles, b.Originals, b.Outlets})
		}
	}
	return err
}

// storyCalled is a link to a story; nil where it has no id or is not kept.
func (v *visit) storyCalled(id string) (*storyLink, error) {
	if id == "" {
		return nil, nil
	}
	s, _, err := v.Store.Story(v.ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &storyLink{s.ID, s.Title, s.Articles, s.Originals, s.Outlets}, err
}

func days(cards []card) []storyDay {
	var out []storyDay
	for _, c := range cards {
		day := when.StartOfDay(c.At)
		if len(out) == 0 || !out[len(out)-1].Day.Equal(day) {
			out = append(out, storyDay{Day: day})
		}
		out[len(out)-1].Cards = append(out[len(out)-1].Cards, c)
	}
	return out
}

// tally counts the articles by a value, most first.
func (v *visit) tally(list []store.Entry, field string, of func(store.Entry) string) []tally {
	var out []tally
	for _, e := range list {
		value := of(e)
		if value == "" {
			continue
		}
		i := slices.IndexFunc(out, func(t tally) bool { return t.Value == value })
		if i < 0 {
			i = len(out)
			out = append(out, tally{Value: value, Label: v.label.of(field, value), URL: question{}.with("story", e.Story).with(field, value).address()})
		}
		out[i].Count++
	}
	slices.SortStableFunc(out, func(a, b tally) int { return b.Count - a.Count })
	for i := range out {
		out[i].Share = float64(out[i].Count) / float64(out[0].Count)
	}
	return out
}
