package store

import (
	"context"
	"fmt"
)

// NoteIncident records what a person did or learned about an incident: "note",
// "asked", "done verify". Nothing else about it changes; ErrNotFound.
func (tx *Tx) NoteIncident(ctx context.Context, id, did string, w Word) error {
	in, err := tx.Incident(ctx, id)
	if err != nil {
		return err
	}
	return failed("note what was done about the incident "+id, tx.incidentEvent(ctx, in.Incident, did, w))
}

// PaperAsked is the word that a paper asked; it is taken back as a step is.
const PaperAsked = "asked"

// UndoStep takes back that a step or deadline is done, or that a paper asked.
// Both words stay in the history; the last of them counts. ErrTaken where it
// does not stand as done, ErrNotFound where there is no such incident.
func (tx *Tx) UndoStep(ctx context.Context, id, step string, w Word) error {
	stands := "done " + step
	if step == PaperAsked {
		stands = PaperAsked
	}
	said, err := list(ctx, tx.q, scan[string], `SELECT did FROM incident_events
		WHERE incident_id = $1 AND did IN ($2, $3) ORDER BY id DESC LIMIT 1`, id, stands, "undone "+step)
	if err == nil {
		_, err = tx.Incident(ctx, id)
	}
	if err == nil && (len(said) == 0 || said[0] != stands) {
		err = fmt.Errorf("it does not stand as done: %w", ErrTaken)
	}
	if err != nil {
		return failed("take back the step "+step+" of the incident "+id, err)
	}
	return tx.NoteIncident(ctx, id, "undone "+step, w)
}

// WordsOn returns what people said of incidents, by id, oldest first.
func (v View) WordsOn(ctx context.Context, ids []string) (map[string][]IncidentEvent, error) {
	out := map[string][]IncidentEvent{}
	err := among(ctx, v.q, func(row scanner) error {
		var id string
		var e IncidentEvent
		var t int64
		err := row.Scan(&id, &t, &e.Did, &e.Level, &e.State, &e.Score, &e.Who, &e.Why)
		e.At = at(t)
		out[id] = append(out[id], e)
		return err
	}, `SELECT incident_id, at, did, level, state, score, who, why FROM incident_events
		WHERE who <> '' AND incident_id IN ({ids}) ORDER BY id`, ids)
	return out, failed("read what people said of incidents", err)
}

// RemovalsOf returns the removals of articles, by id, oldest first.
func (v View) RemovalsOf(ctx context.Context, ids []string) (map[string][]Removal, error) {
	out := map[string][]Removal{}
	err := among(ctx, v.q, func(row scanner) error {
		r, err := readRemoval(row)
		out[r.ArticleID] = append(out[r.ArticleID], r)
		return err
	}, `SELECT `+removalColumns+` FROM removals r WHERE r.article_id IN ({ids}) ORDER BY r.at`, ids)
	return out, failed("look up removals", err)
}
