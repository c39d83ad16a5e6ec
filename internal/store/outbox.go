package store

import (
	"context"
	"time"

	"diembao/internal/news"
)

// The states of a letter: waiting → sending → sent; sending → waiting after a
// failure that is worth another try, or dead after one that is not.
const (
	LetterWaiting = "waiting"
	LetterSending = "sending"
	LetterSent    = "sent"
	LetterDead    = "dead"
)

// LetterLost is how long a letter may stand in "sending" before its sender is
// taken for dead and it is sent once more: longer than any SMTP dialogue.
const LetterLost = 10 * time.Minute

// LetterState is a letter in the outbox.
type LetterState struct {
	news.Letter
	State    string
	Sendings int       // transmissions begun; more than 1 is told to the log
	Next     time.Time // when it is due
	Changed  time.Time // when its state last changed
	Why      string    // the last failure, in words
	Raw      string    // the bytes of its first transmission; the same ever after
}

const letterColumns = `id, message_id, thread, recipient, subject, plain, html, headers, made,
	state, sendings, next_at, changed, why, raw, pictures`

// PutLetter writes a letter down to be sent. A letter with a known key is not
// written again; written tells.
func (tx *Tx) PutLetter(ctx context.Context, l news.Letter) (written bool, err error) {
	headers, err := toJSON(l.Headers)
	if err != nil {
		return false, failed("write the letter "+l.Key, err)
	}
	pictures := ""
	if len(l.Pictures) > 0 {
		if pictures, err = toJSON(l.Pictures); err != nil {
			return false, failed("write the letter "+l.Key, err)
		}
	}
	n, err := tx.q.exec(ctx, `INSERT INTO letters (`+letterColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', 0, $9, $9, '', '', $10) ON CONFLICT (id) DO NOTHING`,
		l.Key, l.MessageID, l.Thread, l.To, l.Subject, l.Text, l.HTML, headers, ms(l.Made), pictures)
	return n == 1, failed("write the letter "+l.Key, err)
}

// LettersDue returns the letters to be sent at now, oldest first: those that
// wait, and those whose sender died in the middle.
func (v View) LettersDue(ctx context.Context, now time.Time, limit int) ([]LetterState, error) {
	ls, err := list(ctx, v.q, readLetter, `SELECT `+letterColumns+` FROM letters
		WHERE (state = 'waiting' AND next_at <= $1) OR (state = 'sending' AND changed <= $2)
		ORDER BY made, id LIMIT $3`, ms(now), ms(now.Add(-LetterLost)), limit)
	return ls, failed("list the letters due", err)
}

// LetterSending must be committed before the first byte goes out. It claims
// the letter, counts the transmission and returns the bytes to send: raw the
// first time, and what was sent then every later time. ErrTaken where another
// node has claimed it or it was sent.
func (tx *Tx) LetterSending(ctx context.Context, key string, now time.Time, raw string) (send string, err error) {
	rows, err := list(ctx, tx.q, scan[string], `UPDATE letters SET state = 'sending', sendings = sendings + 1, changed = $2,
		raw = CASE WHEN raw = '' THEN $3 ELSE raw END
		WHERE id = $1 AND (state = 'waiting' OR (state = 'sending' AND changed <= $4)) RETURNING raw`,
		key, ms(now), raw, ms(now.Add(-LetterLost)))
	if err == nil && len(rows) == 0 {
		err = ErrTaken
	}
	if err != nil {
		return "", failed("begin to send the letter "+key, err)
	}
	return rows[0], nil
}

// LetterSent records that the mail server has taken a letter.
func (tx *Tx) LetterSent(ctx context.Context, key string, now time.Time) error {
	return tx.setLetter(ctx, key, LetterSent, "", time.Time{}, now)
}

// LetterFailed records that a letter did not go out, why in words, and when to
// try again; a zero next gives it up.
func (tx *Tx) LetterFailed(ctx context.Context, key, why string, next, now time.Time) error {
	if next.IsZero() {
		return tx.setLetter(ctx, key, LetterDead, why, next, now)
	}
	return tx.setLetter(ctx, key, LetterWaiting, why, next, now)
}

// LetterAgain has a dead letter sent once more, by a person's wish; ErrNotFound.
func (tx *Tx) LetterAgain(ctx context.Context, key string, now time.Time) error {
	n, err := tx.q.exec(ctx, `UPDATE letters SET state = 'waiting', next_at = $2, changed = $2 WHERE id = $1 AND state = 'dead'`, key, ms(now))
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return failed("send the dead letter "+key+" again", err)
}

func (tx *Tx) setLetter(ctx context.Context, key, state, why string, next, now time.Time) error {
	n, err := tx.q.exec(ctx, `UPDATE letters SET state = $2, why = $3, next_at = $4, changed = $5
		WHERE id = $1 AND state = 'sending'`, key, state, why, ms(next), ms(now))
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return failed("record that the letter "+key+" is "+state, err)
}

// LetterFilter says which letters are asked for.
type LetterFilter struct {
	States []string
	To     string
	Thread string
	Limit  int // 0: 100
}

// Letters lists letters, the newest first.
func (v View) Letters(ctx context.Context, f LetterFilter) ([]LetterState, error) {
	w := where{}
	w.in(`state IN ({…})`, f.States)
	if f.To != "" {
		w.add(`recipient = {}`, f.To)
	}
	if f.Thread != "" {
		w.add(`thread = {}`, f.Thread)
	}
	ls, err := list(ctx, v.q, readLetter, `SELECT `+letterColumns+` FROM letters`+w.sql()+` ORDER BY made DESC, id`+w.limit(f.Limit, 100), w.args...)
	return ls, failed("list the letters", err)
}

// Letter returns a letter by its key; ErrNotFound.
func (v View) Letter(ctx context.Context, key string) (LetterState, error) {
	l, err := first(ctx, v.q, readLetter, `SELECT `+letterColumns+` FROM letters WHERE id = $1`, key)
	return l, failed("look up the letter "+key, err)
}

func readLetter(row scanner) (l LetterState, err error) {
	var made, next, changed int64
	var headers, pictures string
	err = row.Scan(&l.Key, &l.MessageID, &l.Thread, &l.To, &l.Subject, &l.Text, &l.HTML, &headers, &made,
		&l.State, &l.Sendings, &next, &changed, &l.Why, &l.Raw, &pictures)
	if err != nil {
		return l, err
	}
	l.Made, l.Next, l.Changed = at(made), at(next), at(changed)
	if err := fromJSON(pictures, &l.Pictures); err != nil {
		return l, err
	}
	return l, fromJSON(headers, &l.Headers)
}
