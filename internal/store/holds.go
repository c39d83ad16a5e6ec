package store

import (
	"context"
	"fmt"
	"time"
)

// Hold is that nothing of an incident may be deleted, whatever its age.
type Hold struct {
	Incident string
	By, Why  string
	At       time.Time
	Opened   time.Time // when the incident was opened
	Title    string    // of the incident
	Articles int       // that are held
}

// PutHold puts an incident under legal hold: the articles of its story, now
// and later, with their texts, evidence and clips, and its letters. ErrTaken
// where it is held already, ErrNotFound where there is no such incident.
func (tx *Tx) PutHold(ctx context.Context, incident string, w Word) error {
	in, err := tx.Incident(ctx, incident)
	if err != nil {
		return err
	}
	doing := "hold the incident " + incident
	n, err := tx.q.exec(ctx, `INSERT INTO holds (incident_id, who, why, at) VALUES ($1, $2, $3, $4) ON CONFLICT (incident_id) DO NOTHING`,
		incident, w.Who, w.Why, ms(w.At))
	if err == nil && n == 0 {
		return fmt.Errorf("%s: it is held already: %w", doing, ErrTaken)
	}
	if err == nil {
		err = tx.Hold(ctx)
	}
	if err == nil {
		err = tx.incidentEvent(ctx, in.Incident, "hold", w)
	}
	return failed(doing, err)
}

// LiftHold ends a legal hold; ErrNotFound where there is none.
func (tx *Tx) LiftHold(ctx context.Context, incident string, w Word) error {
	in, err := tx.Incident(ctx, incident)
	if err != nil {
		return err
	}
	doing := "lift the hold on the incident " + incident
	_, err = tx.q.exec(ctx, `DELETE FROM held_articles WHERE incident_id = $1`, incident)
	if err == nil {
		var n int64
		if n, err = tx.q.exec(ctx, `DELETE FROM holds WHERE incident_id = $1`, incident); err == nil && n == 0 {
			return fmt.Errorf("%s: there is none: %w", doing, ErrNotFound)
		}
	}
	if err == nil {
		err = tx.incidentEvent(ctx, in.Incident, "lift", w)
	}
	return failed(doing, err)
}

// Hold adds to the held articles what has come to the stories of held
// incidents. It is called before anything is deleted; an article that left its
// story meanwhile stays held.
func (tx *Tx) Hold(ctx context.Context) error {
	_, err := tx.q.exec(ctx, `INSERT INTO held_articles (incident_id, article_id)
		SELECT h.incident_id, sa.article_id FROM holds h JOIN incidents i ON i.id = h.incident_id
		JOIN story_articles sa ON sa.story_id = i.story_id WHERE 1 = 1 ON CONFLICT (incident_id, article_id) DO NOTHING`)
	return failed("hold the articles of incidents", err)
}

// Holds lists the legal holds, oldest first.
func (v View) Holds(ctx context.Context) ([]Hold, error) {
	hs, err := list(ctx, v.q, func(row scanner) (h Hold, err error) {
		var since, opened int64
		err = row.Scan(&h.Incident, &h.By, &h.Why, &since, &opened, &h.Title, &h.Articles)
		h.At, h.Opened = at(since), at(opened)
		return h, err
	}, `SELECT h.incident_id, h.who, h.why, h.at, i.opened, i.title,
		(SELECT count(*) FROM held_articles a WHERE a.incident_id = h.incident_id)
		FROM holds h JOIN incidents i ON i.id = h.incident_id ORDER BY h.at, h.incident_id`)
	return hs, failed("list the legal holds", err)
}

// Held returns which of the articles belong to an incident under legal hold.
func (v View) Held(ctx context.Context, ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	err := among(ctx, v.q, func(row scanner) error {
		id, err := scan[string](row)
		out[id] = true
		return err
	}, `SELECT article_id FROM held_articles WHERE article_id IN ({ids})`, ids)
	return out, failed("look up what is held", err)
}
