package store

import "context"

// NoteIncident records what a person did or learned about an incident: "note",
// "asked", "done verify". Nothing else about it changes; ErrNotFound.
func (tx *Tx) NoteIncident(ctx context.Context, id, did string, w Word) error {
	in, err := tx.Incident(ctx, id)
	if err != nil {
		return err
	}
	return failed("note what was done about the incident "+id, tx.incidentEvent(ctx, in.Incident, did, w))
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
