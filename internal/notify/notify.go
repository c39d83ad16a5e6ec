package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"diembao/internal/store"
)

// waits is how long to wait before a letter is tried again after its first,
// second … failure; the last goes on for ever, for no letter is lost.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// batch is how many letters one run takes up.
const batch = 50

// Sent counts what one run did.
type Sent struct{ Sent, Failed, Dead int }

// Run hands over the letters that are due and records what became of each. A
// letter that fails stops no other. The error is the store's.
func Run(ctx context.Context, s *store.Store, post Post, now func() time.Time, log *slog.Logger) (Sent, error) {
	var done Sent
	if !post.Ready() {
		return done, nil
	}
	due, err := s.LettersDue(ctx, now(), batch)
	if err != nil {
		return done, fmt.Errorf("emptying the outbox: %w", err)
	}
	for _, l := range due {
		if err := one(ctx, s, post, l, now, log, &done); err != nil {
			return done, fmt.Errorf("emptying the outbox, letter %s: %w", l.MessageID, err)
		}
	}
	return done, nil
}

// one sends a letter: claimed and written down, then sent, then recorded.
func one(ctx context.Context, s *store.Store, post Post, l store.LetterState, now func() time.Time, log *slog.Logger, done *Sent) error {
	raw, unwritten := post.Render(l.Letter)
	var send string
	err := s.Do(ctx, func(tx *store.Tx) (err error) {
		send, err = tx.LetterSending(ctx, l.Key, now(), string(raw))
		return err
	})
	if errors.Is(err, store.ErrTaken) {
		return nil // another node has it
	}
	if err != nil {
		return err
	}
	if l.Sendings > 0 {
		log.Warn("a letter is tried again", "message_id", l.MessageID, "to", l.To, "tries", l.Sendings+1, "before", l.Why)
	}
	if send == "" {
		err = Permanent{unwritten} // no bytes could be made of it, now or ever
	} else {
		err = post.Deliver(ctx, l.Letter, []byte(send))
	}
	// The server may have taken the letter just as ctx ended: the record of it
	// must still be made, or the letter would be sent again.
	return record(context.WithoutCancel(ctx), s, l, err, now(), log, done)
}

// record writes down what became of a letter.
func record(ctx context.Context, s *store.Store, l store.LetterState, err error, now time.Time, log *slog.Logger, done *Sent) error {
	if err == nil {
		done.Sent++
		return s.Do(ctx, func(tx *store.Tx) error { return tx.LetterSent(ctx, l.Key, now) })
	}
	next := now.Add(waits[min(l.Sendings, len(waits)-1)])
	var never Permanent
	if errors.As(err, &never) {
		done.Dead++
		next = time.Time{}
		log.Error("a letter cannot be delivered; see `diembao outbox --state dead`", "message_id", l.MessageID, "to", l.To, "error", err)
	} else {
		done.Failed++
		log.Warn("a letter waits for another try", "message_id", l.MessageID, "to", l.To, "next", next, "error", err)
	}
	return s.Do(ctx, func(tx *store.Tx) error { return tx.LetterFailed(ctx, l.Key, err.Error(), next, now) })
}
