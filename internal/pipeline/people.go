package pipeline

import (
	"context"
	"errors"
	"fmt"

	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/story"
)

// ErrFounder says that the articles to be split off give their story its name.
var ErrFounder = errors.New("the first article of a story gives it its name; split the others off instead")

// Split takes articles out of their story into one of their own, by a person's
// word, and returns its id.
func (p *Pipeline) Split(ctx context.Context, articles []string, w store.Word) (string, error) {
	id, title := "", ""
	err := p.Store.Do(ctx, func(tx *store.Tx) error {
		for _, a := range articles {
			at, err := tx.StoryOf(ctx, a)
			if err != nil {
				return err
			}
			if id == "" && at.StoryID != story.ID(a) {
				art, err := tx.Article(ctx, a)
				if err != nil {
					return err
				}
				id, title = story.ID(a), art.Title
			}
		}
		if id == "" {
			return ErrFounder
		}
		if err := tx.PutStories(ctx, []news.Story{{ID: id, Title: title, First: w.At, Last: w.At}}); err != nil {
			return err
		}
		for _, a := range articles {
			if err := tx.MoveArticle(ctx, a, id, w); err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

// Move puts an article into a story by a person's word; store.ErrNotFound.
func (p *Pipeline) Move(ctx context.Context, article, into string, w store.Word) error {
	return p.Store.Do(ctx, func(tx *store.Tx) error {
		if _, err := tx.Article(ctx, article); err != nil {
			return err
		}
		if _, _, err := tx.Story(ctx, into); err != nil {
			return err
		}
		return tx.MoveArticle(ctx, article, into, w)
	})
}

// Merge moves one story into another by a person's word and returns the id of
// the one that stays. Where both have an incident the elder goes on, whichever
// story was named first, and the younger is closed: one event, one incident.
func (p *Pipeline) Merge(ctx context.Context, from, into string, w store.Word) (string, error) {
	err := p.Store.Do(ctx, func(tx *store.Tx) error {
		for _, id := range []string{from, into} {
			if _, _, err := tx.Story(ctx, id); err != nil {
				return err
			}
		}
		ours, err := living(ctx, tx, from)
		if err != nil {
			return err
		}
		theirs, err := living(ctx, tx, into)
		if err != nil {
			return err
		}
		if len(ours) > 0 && (len(theirs) == 0 || ours[0].Opened.Before(theirs[0].Opened)) {
			from, into, ours, theirs = into, from, theirs, ours
		}
		if err := tx.MergeStories(ctx, from, into, w); err != nil {
			return err
		}
		for _, in := range ours {
			closed := store.Word{Who: w.Who, At: w.At, Why: fmt.Sprintf("nhập vào %s: %s", theirs[0].ID, w.Why)}
			if err := tx.MergeIncident(ctx, in.ID, closed); err != nil {
				return err
			}
		}
		return nil
	})
	return into, err
}

// living are the incidents of a story that are neither closed nor false, the eldest first.
func living(ctx context.Context, tx *store.Tx, id string) ([]store.IncidentState, error) {
	found, err := tx.Incidents(ctx, store.IncidentFilter{Story: id, States: []news.State{news.Open, news.Acked, news.Fading}})
	for i, j := 0, len(found)-1; i < j; i, j = i+1, j-1 {
		found[i], found[j] = found[j], found[i]
	}
	return found, err
}
