package store

import (
	"context"
	"slices"
	"time"
)

// StoryEvent is what a person did to a story.
type StoryEvent struct {
	Story    string
	Did      string // move, merge, lock, unlock; join is the machine's merge
	Who, Why string
	At       time.Time
}

// Word is who says something, why and when.
type Word struct {
	Who, Why string
	At       time.Time
}

// MoveArticle puts an article into a story by a person's word; no reading
// moves it again. The article counts as read anew, so that the index follows.
func (tx *Tx) MoveArticle(ctx context.Context, articleID, storyID string, w Word) error {
	touched := map[string]bool{}
	if err := tx.place(ctx, Placement{ArticleID: articleID, StoryID: storyID}, 1, touched); err != nil {
		return failed("move the article "+articleID+" to the story "+storyID, err)
	}
	if err := tx.recount(ctx, touched); err != nil {
		return err
	}
	if err := tx.touchArticle(ctx, articleID); err != nil {
		return err
	}
	return tx.storyEvent(ctx, storyID, "move "+articleID, w)
}

// MergeStories moves all articles of one story into another, by a person's
// word; the emptied story stays, for its address may be known to people.
func (tx *Tx) MergeStories(ctx context.Context, from, into string, w Word) error {
	return tx.mergeStories(ctx, from, into, 1, "merge ", w)
}

// JoinStories is MergeStories by the machine's word: people may still part the
// articles. ErrHeld where a person has put an article into one of the stories,
// or closed it.
func (tx *Tx) JoinStories(ctx context.Context, from, into string, w Word) error {
	held, err := first(ctx, tx.q, scan[int], `SELECT count(*) FROM stories s WHERE s.id IN ($1, $2) AND (s.locked = 1
		OR EXISTS (SELECT 1 FROM story_articles sa WHERE sa.story_id = s.id AND sa.held = 1))`, from, into)
	if err == nil && held > 0 {
		err = ErrHeld
	}
	if err != nil {
		return failed("merge the story "+from+" into "+into, err)
	}
	return tx.mergeStories(ctx, from, into, 0, "join ", w)
}

func (tx *Tx) mergeStories(ctx context.Context, from, into string, held int, did string, w Word) error {
	ids, err := list(ctx, tx.q, scan[string], `UPDATE story_articles SET story_id = $2, held = $3 WHERE story_id = $1 RETURNING article_id`, from, into, held)
	if err == nil {
		_, err = tx.q.exec(ctx, `UPDATE stories SET merged_into = $2 WHERE id = $1`, from, into)
	}
	if err == nil {
		_, err = tx.q.exec(ctx, `UPDATE stories SET parent = CASE WHEN id = CAST($2 AS text) THEN '' ELSE CAST($2 AS text) END WHERE parent = $1`, from, into)
	}
	if err != nil {
		return failed("merge the story "+from+" into "+into, err)
	}
	slices.Sort(ids) // the same numbers on every engine
	for _, id := range ids {
		if err := tx.touchArticle(ctx, id); err != nil {
			return err
		}
	}
	if err := tx.recount(ctx, map[string]bool{from: true, into: true}); err != nil {
		return err
	}
	return tx.storyEvent(ctx, into, did+from, w)
}

// Branches lists the stories that grew out of a story, the oldest first.
func (v View) Branches(ctx context.Context, id string) ([]StoryState, error) {
	ss, err := list(ctx, v.q, readStory, `SELECT `+storyColumns+` FROM stories WHERE parent = $1 ORDER BY first_at, id`, id)
	return ss, failed("list what grew out of the story "+id, err)
}

// LockStory closes a story to the machine, or opens it again.
func (tx *Tx) LockStory(ctx context.Context, id string, locked bool, w Word) error {
	n, err := tx.q.exec(ctx, `UPDATE stories SET locked = $2 WHERE id = $1`, id, flag(locked))
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return failed("lock the story "+id, err)
	}
	did := "unlock"
	if locked {
		did = "lock"
	}
	return tx.storyEvent(ctx, id, did, w)
}

// StoryEvents returns what people did to a story, oldest first.
func (v View) StoryEvents(ctx context.Context, id string) ([]StoryEvent, error) {
	es, err := list(ctx, v.q, func(row scanner) (e StoryEvent, err error) {
		var t int64
		err = row.Scan(&e.Story, &e.Did, &e.Who, &e.Why, &t)
		e.At = at(t)
		return e, err
	}, `SELECT story_id, did, who, why, at FROM story_events WHERE story_id = $1 ORDER BY id`, id)
	return es, failed("read what people did to the story "+id, err)
}

func (tx *Tx) storyEvent(ctx context.Context, story, did string, w Word) error {
	id, err := tx.nextRow(ctx, 1)
	if err == nil {
		_, err = tx.q.exec(ctx, `INSERT INTO story_events (id, story_id, did, who, why, at) VALUES ($1, $2, $3, $4, $5, $6)`,
			id, story, did, w.Who, w.Why, ms(w.At))
	}
	return failed("record what was done to the story "+story, err)
}
