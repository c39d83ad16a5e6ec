package store

import (
	"context"
	"strings"
	"time"

	"diembao/internal/news"
)

// putAlert enters an incident into the ledger when it first stands at a level
// that is an alert.
func (tx *Tx) putAlert(ctx context.Context, in news.Incident) error {
	if in.Level < news.AlertLevel {
		return nil
	}
	_, err := tx.q.exec(ctx, `INSERT INTO alerts (incident_id, at, level, threat) VALUES ($1, $2, $3, $4) ON CONFLICT (incident_id) DO NOTHING`,
		in.ID, ms(in.Updated), in.Level, in.Threat())
	return err
}

// verdict begins the events in which a person judges an alert.
const verdict = "verdict-"

// retold is the event of an incident that another story told anew.
const retold = "retold"

// merged is the event of an incident whose story was merged into another's.
const merged = "merged"

// JudgeAlert keeps a person's word on an alert; the last one stands. ErrNotFound.
func (tx *Tx) JudgeAlert(ctx context.Context, incident string, j news.Judgement, w Word) error {
	in, err := tx.Incident(ctx, incident)
	if err == nil {
		err = tx.incidentEvent(ctx, in.Incident, verdict+string(j), w)
	}
	return failed("judge the alert of "+incident, err)
}

// PutMissed enters into the ledger what people heard of elsewhere, and returns its number.
func (tx *Tx) PutMissed(ctx context.Context, title string, heard time.Time, w Word) (int64, error) {
	id, err := tx.nextRow(ctx, 1)
	if err == nil {
		_, err = tx.q.exec(ctx, `INSERT INTO missed_alerts (id, at, title, who, why, noted) VALUES ($1, $2, $3, $4, $5, $6)`,
			id, ms(heard), title, w.Who, w.Why, ms(w.At))
	}
	return id, failed("enter a missed alert into the ledger", err)
}

// DropMissed takes a missed alert out of the ledger, for it was entered by
// mistake; ErrNotFound.
func (tx *Tx) DropMissed(ctx context.Context, id int64) error {
	n, err := tx.q.exec(ctx, `DELETE FROM missed_alerts WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return failed("take a missed alert out of the ledger", err)
}

// Alerts returns the ledger of [from, to), the newest first; a zero time bounds nothing.
func (v View) Alerts(ctx context.Context, from, to time.Time) ([]news.Alert, error) {
	w := where{}
	w.since(`at`, from)
	w.until(`at`, to)
	as, err := list(ctx, v.q, func(row scanner) (a news.Alert, err error) {
		var heard, said int64
		var judgement string
		err = row.Scan(&a.Incident, &a.Row, &a.Title, &heard, &a.Level, &a.Threat, &judgement, &a.Who, &a.Why, &said)
		a.At, a.Said, a.Judgement = at(heard), at(said), news.Judgement(judgement)
		return a, err
	}, `SELECT id, row, title, at, level, threat, judgement, who, why, said FROM (
		SELECT a.incident_id AS id, 0 AS row, i.title AS title, a.at AS at, a.level AS level, a.threat AS threat, '' AS judgement, '' AS who, '' AS why, 0 AS said
		FROM alerts a JOIN incidents i ON i.id = a.incident_id
		UNION ALL SELECT '', id, title, at, 0, '', 'missed', who, why, noted FROM missed_alerts) ledger`+w.sql()+` ORDER BY at DESC, id, row`, w.args...)
	if err != nil {
		return nil, failed("read the ledger of alerts", err)
	}
	return as, v.judge(ctx, as)
}

// judge fills in what people said of alerts or, where nobody did, what they
// did with them: whoever took one on, or saw it end, took it for true.
func (v View) judge(ctx context.Context, as []news.Alert) error {
	lines := map[string]*news.Alert{}
	var ids []string
	for i := range as {
		if as[i].Incident != "" {
			lines[as[i].Incident] = &as[i]
			ids = append(ids, as[i].Incident)
		}
	}
	err := among(ctx, v.q, func(row scanner) error {
		var id, did string
		var w Word
		var said int64
		if err := row.Scan(&id, &did, &w.Who, &w.Why, &said); err != nil {
			return err
		}
		w.At = at(said)
		heed(lines[id], did, w)
		return nil
	}, `SELECT incident_id, did, who, why, at FROM incident_events WHERE who <> '' AND incident_id IN ({ids}) ORDER BY id`, ids)
	return failed("read what people made of alerts", err)
}

// heed takes one step that a person took into account; they come in their order.
func heed(a *news.Alert, did string, w Word) {
	word, spoken := strings.CutPrefix(did, verdict)
	j := news.Judgement(word)
	switch {
	case spoken:
	case a.Judgement != news.Unjudged && !a.Act:
		return // a word weighs more than an act
	case did == merged:
		j = news.Merged
	case did == string(news.Open): // it was closed or called false by mistake
		j = news.Unjudged
	case did == string(news.False):
		j = news.Wrongly
	case did == string(news.Acked), did == string(news.Closed), strings.HasPrefix(did, "assign "):
		j = news.Rightly
	default:
		return
	}
	a.Judgement, a.Who, a.Why, a.Said, a.Act = j, w.Who, w.Why, w.At, !spoken
}
