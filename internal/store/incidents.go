package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"diembao/internal/news"
)

// IncidentState is an incident and who looks after it.
type IncidentState struct {
	news.Incident
	Owner string // the person it was given to; empty for nobody
}

// IncidentEvent is one step in the life of an incident.
type IncidentEvent struct {
	At    time.Time
	Did   string // opened, raised, lowered, ack, assign, close, false, fading, reopened…
	Level int
	State news.State
	Score float64
	Who   string // empty: the rules
	Why   string
}

const incidentColumns = `id, story_id, title, level, state, score, rules, opened, updated, owner, reasons, urls, kind, type, lowered`

// PutIncident keeps an incident as the rules see it now and records an event
// where it is new or its level or state changed. Its story and owner stay, and so does what a
// person called it while the rules were thinking.
func (tx *Tx) PutIncident(ctx context.Context, in news.Incident) error {
	doing := "keep the incident " + in.ID
	was, err := list(ctx, tx.q, readIncident, `SELECT `+incidentColumns+` FROM incidents WHERE id = $1`, in.ID)
	if err != nil {
		return failed(doing, err)
	}
	if len(was) > 0 {
		in.Kind, in.Type = spoken(was[0].Kind, in.Kind), spoken(was[0].Type, in.Type)
	}
	reasons, err := toJSON(in.Reasons)
	if err != nil {
		return failed(doing, err)
	}
	urls, err := toJSON(in.URLs)
	if err != nil {
		return failed(doing, err)
	}
	kind, err := toJSON(in.Kind)
	if err != nil {
		return failed(doing, err)
	}
	blame, err := toJSON(in.Type)
	if err != nil {
		return failed(doing, err)
	}
	_, err = tx.q.exec(ctx, `INSERT INTO incidents (`+incidentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, $12, $13, $14)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, level = excluded.level,
		state = excluded.state, score = excluded.score, rules = excluded.rules, opened = excluded.opened,
		updated = excluded.updated, reasons = excluded.reasons, urls = excluded.urls, kind = excluded.kind, type = excluded.type, lowered = excluded.lowered`,
		in.ID, in.Story, in.Title, in.Level, string(in.State), in.Score, in.Rules, ms(in.Opened), ms(in.Updated), reasons, urls, kind, blame, in.Lowered)
	if did := stepOf(was, in); err == nil && did != "" {
		err = tx.incidentEvent(ctx, in, did, Word{At: in.Updated})
	}
	if err == nil {
		err = tx.putAlert(ctx, in)
	}
	return failed(doing, err)
}

// spoken is what a person said, or else what the rules say now.
func spoken(stands, now news.Called) news.Called {
	if stands.By != "" {
		return stands
	}
	return now
}

// stepOf names what the rules did to an incident; empty where nothing that
// belongs into its history.
func stepOf(was []IncidentState, in news.Incident) string {
	switch {
	case len(was) == 0:
		return "opened"
	case was[0].State != in.State && in.State == news.Open && was[0].State != news.Acked:
		return "reopened"
	case was[0].State != in.State:
		return string(in.State)
	case was[0].Level < in.Level:
		return "raised"
	case was[0].Level > in.Level:
		return "lowered"
	}
	return ""
}

// SetIncident changes the state of an incident by a person's word; ErrNotFound.
func (tx *Tx) SetIncident(ctx context.Context, id string, state news.State, w Word) error {
	return tx.changeIncident(ctx, id, string(state), w, func(in *IncidentState) { in.State = state })
}

// AssignIncident gives an incident to a person.
func (tx *Tx) AssignIncident(ctx context.Context, id, owner string, w Word) error {
	return tx.changeIncident(ctx, id, "assign "+owner, w, func(in *IncidentState) { in.Owner = owner })
}

// LowerIncident takes an incident one level down by a person's word, which the
// rules let stand until twice as many articles tell of it; ErrTaken where it
// stands at the lowest level.
func (tx *Tx) LowerIncident(ctx context.Context, id string, w Word) error {
	in, err := tx.Incident(ctx, id)
	if err == nil && in.Level <= 1 {
		err = fmt.Errorf("it stands at the lowest level: %w", ErrTaken)
	}
	if err == nil {
		_, err = tx.q.exec(ctx, `UPDATE incidents SET level = $2, lowered = $3 WHERE id = $1`, id, in.Level-1, max(1, len(in.URLs)))
	}
	if err != nil {
		return failed("lower the incident "+id, err)
	}
	return tx.changeIncident(ctx, id, "lowered", w, func(*IncidentState) {})
}

// MergeIncident closes an incident whose story was merged into that of another.
func (tx *Tx) MergeIncident(ctx context.Context, id string, w Word) error {
	return tx.changeIncident(ctx, id, merged, w, func(in *IncidentState) { in.State = news.Closed })
}

// RetellIncident records that another story told the event of an incident anew,
// and why that is thought.
func (tx *Tx) RetellIncident(ctx context.Context, in news.Incident, w Word) error {
	return failed("record that the incident "+in.ID+" is told anew", tx.incidentEvent(ctx, in, retold, Word{Why: w.Why, At: w.At}))
}

// MoveIncident lets an incident go on in another story; ErrNotFound.
func (tx *Tx) MoveIncident(ctx context.Context, id, story string) error {
	n, err := tx.q.exec(ctx, `UPDATE incidents SET story_id = $2 WHERE id = $1`, id, story)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return failed("move the incident "+id+" to the story "+story, err)
}

// The axes that an incident is called something on.
const (
	AxisKind = "kind"
	AxisType = "type"
)

// CallIncident lets a person name the kind or the type of an incident; the
// rules leave it so. ErrNotFound.
func (tx *Tx) CallIncident(ctx context.Context, id, axis, value string, w Word) error {
	in, err := tx.Incident(ctx, id)
	if err != nil {
		return err
	}
	doing := "call the incident " + id + " something"
	if axis != AxisKind && axis != AxisType {
		return failed(doing, fmt.Errorf("an incident has a %s and a %s, no %q", AxisKind, AxisType, axis))
	}
	called, err := toJSON(news.Called{Value: value, By: w.Who, Why: []news.Reason{{Rule: "người nói", Quote: w.Why, Weight: 1}}})
	if err != nil {
		return failed(doing, err)
	}
	_, err = tx.q.exec(ctx, `UPDATE incidents SET `+axis+` = $2, updated = $3 WHERE id = $1`, id, called, ms(w.At))
	if err == nil {
		err = tx.incidentEvent(ctx, in.Incident, axis+" "+value, w)
	}
	return failed(doing, err)
}

func (tx *Tx) changeIncident(ctx context.Context, id, did string, w Word, change func(*IncidentState)) error {
	in, err := tx.Incident(ctx, id)
	if err != nil {
		return err
	}
	change(&in)
	_, err = tx.q.exec(ctx, `UPDATE incidents SET state = $2, owner = $3, updated = $4 WHERE id = $1`, id, string(in.State), in.Owner, ms(w.At))
	if err == nil {
		err = tx.incidentEvent(ctx, in.Incident, did, w)
	}
	return failed("change the incident "+id, err)
}

func (tx *Tx) incidentEvent(ctx context.Context, in news.Incident, did string, w Word) error {
	id, err := tx.nextRow(ctx, 1)
	if err != nil {
		return err
	}
	_, err = tx.q.exec(ctx, `INSERT INTO incident_events (id, incident_id, at, did, level, state, score, who, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, in.ID, ms(w.At), did, in.Level, string(in.State), in.Score, w.Who, w.Why)
	return err
}

// IncidentFilter says which incidents are asked for.
type IncidentFilter struct {
	From, To time.Time // opened in [From, To); zero: open
	States   []news.State
	MinLevel int
	Story    string
	Limit    int // 0: 100
}

// Incidents lists incidents, the last opened first.
func (v View) Incidents(ctx context.Context, f IncidentFilter) ([]IncidentState, error) {
	w := where{}
	w.since(`opened`, f.From)
	w.until(`opened`, f.To)
	if f.MinLevel > 0 {
		w.add(`level >= {}`, f.MinLevel)
	}
	if f.Story != "" {
		w.add(`story_id = {}`, f.Story)
	}
	states := make([]string, len(f.States))
	for i, s := range f.States {
		states[i] = string(s)
	}
	w.in(`state IN ({…})`, states)
	is, err := list(ctx, v.q, readIncident, `SELECT `+incidentColumns+` FROM incidents`+w.sql()+` ORDER BY opened DESC, id`+w.limit(f.Limit, 100), w.args...)
	return is, failed("list the incidents", err)
}

// OpenIncidents lists the incidents that the rules still look at (all but the
// closed and the false), with those closed or found false since a time, which
// they may open again or must leave alone; oldest first.
func (v View) OpenIncidents(ctx context.Context, closedSince time.Time) ([]IncidentState, error) {
	is, err := list(ctx, v.q, readIncident, `SELECT `+incidentColumns+` FROM incidents
		WHERE state NOT IN ('closed', 'false') OR updated >= $1 ORDER BY opened, id`, ms(closedSince))
	return is, failed("list the open incidents", err)
}

// Incident returns an incident; ErrNotFound.
func (v View) Incident(ctx context.Context, id string) (IncidentState, error) {
	in, err := first(ctx, v.q, readIncident, `SELECT `+incidentColumns+` FROM incidents WHERE id = $1`, id)
	return in, failed("look up the incident "+strconv.Quote(id), err)
}

// LastIncidentEvent is the number of the last step in the life of any
// incident; it grows with each.
func (v View) LastIncidentEvent(ctx context.Context) (int64, error) {
	n, err := first(ctx, v.q, scan[int64], `SELECT coalesce(max(id), 0) FROM incident_events`)
	return n, failed("look for the last event of an incident", err)
}

// IncidentEvents returns the life of an incident, oldest step first.
func (v View) IncidentEvents(ctx context.Context, id string) ([]IncidentEvent, error) {
	es, err := list(ctx, v.q, func(row scanner) (e IncidentEvent, err error) {
		var t int64
		var state string
		err = row.Scan(&t, &e.Did, &e.Level, &state, &e.Score, &e.Who, &e.Why)
		e.At, e.State = at(t), news.State(state)
		return e, err
	}, `SELECT at, did, level, state, score, who, why FROM incident_events WHERE incident_id = $1 ORDER BY id`, id)
	return es, failed("read the life of the incident "+id, err)
}

func readIncident(row scanner) (in IncidentState, err error) {
	var opened, updated int64
	var state, reasons, urls, kind, blame string
	err = row.Scan(&in.ID, &in.Story, &in.Title, &in.Level, &state, &in.Score, &in.Rules, &opened, &updated, &in.Owner, &reasons, &urls, &kind, &blame, &in.Lowered)
	if err != nil {
		return in, err
	}
	in.State, in.Opened, in.Updated = news.State(state), at(opened), at(updated)
	if err := fromJSON(reasons, &in.Reasons); err != nil {
		return in, err
	}
	if err := fromJSON(urls, &in.URLs); err != nil {
		return in, err
	}
	if err := fromJSON(kind, &in.Kind); err != nil {
		return in, err
	}
	return in, fromJSON(blame, &in.Type)
}
