package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"diembao/internal/news"
)

const silenceColumns = `id, topic, province, outlet, story, words, since, until, who, why, mail, made, reminded, lapsed, ended_by`

// PutSilence keeps a new silence and fills in its ID.
func (tx *Tx) PutSilence(ctx context.Context, s *news.Silence) error {
	id, err := tx.nextRow(ctx, 1)
	if err == nil {
		s.ID = id
		_, err = tx.q.exec(ctx, `INSERT INTO silences (`+silenceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, '')`,
			s.ID, s.Topic, s.Province, s.Outlet, s.Story, s.Words, ms(s.From), ms(s.Until), s.Who, s.Why, s.Mail, ms(s.Made))
	}
	return failed("keep a silence", err)
}

// EndSilence ends a silence before its time, by a person's word; ErrNotFound
// where none with this number stands. Its end is told like any other.
func (tx *Tx) EndSilence(ctx context.Context, id int64, w Word) error {
	n, err := tx.q.exec(ctx, `UPDATE silences SET until = $2, ended_by = $3 WHERE id = $1 AND lapsed = 0 AND until > $2`, id, ms(w.At), w.Who)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return failed("end the silence "+strconv.FormatInt(id, 10), err)
}

// SilenceReminded records that the author of a silence was reminded; taken
// tells that somebody else has done so.
func (tx *Tx) SilenceReminded(ctx context.Context, id int64, now time.Time) error {
	return tx.silenceStep(ctx, id, "reminded", now)
}

// SilenceLapsed records that the end of a silence was told.
func (tx *Tx) SilenceLapsed(ctx context.Context, id int64, now time.Time) error {
	return tx.silenceStep(ctx, id, "lapsed", now)
}

// silenceStep sets a time once; ErrTaken where it is set already.
func (tx *Tx) silenceStep(ctx context.Context, id int64, step string, now time.Time) error {
	n, err := tx.q.exec(ctx, `UPDATE silences SET `+step+` = $2 WHERE id = $1 AND `+step+` = 0`, id, ms(now))
	if err == nil && n == 0 {
		err = ErrTaken
	}
	return failed(fmt.Sprintf("record that the silence %d was %s", id, step), err)
}

// PutHeldBack records a step of an incident that was not told for a silence.
func (tx *Tx) PutHeldBack(ctx context.Context, h news.HeldBack) error {
	_, err := tx.q.exec(ctx, `INSERT INTO held_back (silence_id, incident_id, at, title, level) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (silence_id, incident_id, at) DO NOTHING`, h.Silence, h.Incident, ms(h.At), h.Title, h.Level)
	return failed("record what a silence held back", err)
}

// Silences lists the silences whose end has not been told yet, the next to end
// first; with all of them, also those of the past, these last.
func (v View) Silences(ctx context.Context, all bool) ([]news.Silence, error) {
	w := where{}
	if !all {
		w.add(`lapsed = 0`)
	}
	ss, err := list(ctx, v.q, readSilence, `SELECT `+silenceColumns+`, (SELECT count(*) FROM held_back h WHERE h.silence_id = silences.id) FROM silences`+w.sql()+
		` ORDER BY CASE WHEN lapsed = 0 THEN 0 ELSE 1 END, CASE WHEN lapsed = 0 THEN until ELSE -until END, id`, w.args...)
	return ss, failed("list the silences", err)
}

// HeldBack lists what a silence held back, oldest first.
func (v View) HeldBack(ctx context.Context, silence int64) ([]news.HeldBack, error) {
	hs, err := list(ctx, v.q, readHeld, `SELECT silence_id, incident_id, at, title, level FROM held_back WHERE silence_id = $1 ORDER BY at, incident_id`, silence)
	return hs, failed("list what a silence held back", err)
}

// HeldNow returns, of incidents, what silences that stand hold back: the last step of each.
func (v View) HeldNow(ctx context.Context, incidents []string) (map[string]news.HeldBack, error) {
	out := map[string]news.HeldBack{}
	err := among(ctx, v.q, func(row scanner) error {
		h, err := readHeld(row)
		out[h.Incident] = h
		return err
	}, `SELECT h.silence_id, h.incident_id, h.at, h.title, h.level FROM held_back h JOIN silences s ON s.id = h.silence_id
		WHERE s.lapsed = 0 AND h.incident_id IN ({ids}) ORDER BY h.at`, incidents)
	return out, failed("look up what is held back", err)
}

func readHeld(row scanner) (h news.HeldBack, err error) {
	var t int64
	err = row.Scan(&h.Silence, &h.Incident, &t, &h.Title, &h.Level)
	h.At = at(t)
	return h, err
}

func readSilence(row scanner) (s news.Silence, err error) {
	var from, until, made, reminded, lapsed int64
	err = row.Scan(&s.ID, &s.Topic, &s.Province, &s.Outlet, &s.Story, &s.Words, &from, &until, &s.Who, &s.Why, &s.Mail, &made, &reminded, &lapsed, &s.EndedBy, &s.Held)
	s.From, s.Until, s.Made, s.Reminded, s.Lapsed = at(from), at(until), at(made), at(reminded), at(lapsed)
	return s, err
}
