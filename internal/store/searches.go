package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Search is a search that somebody saved under a name.
type Search struct {
	ID     string // from its owner and its first name; it stays
	Name   string
	Owner  string // empty where nobody said
	Query  string // the whole state of the search, as its address has it
	Shared bool
	Made   time.Time
}

const searchColumns = `id, name, owner, query, shared, made`

// PutSearch saves a search and fills in its ID; ErrTaken where its owner has
// another of that name.
func (tx *Tx) PutSearch(ctx context.Context, s *Search) error {
	doing := "save the search " + s.Name
	if err := tx.searchNameFree(ctx, *s); err != nil {
		return failed(doing, err)
	}
	for try := 0; ; try++ { // a search that was renamed keeps the id of its first name
		sum := sha256.Sum256([]byte(clean(s.Owner) + "\x00" + clean(s.Name) + strings.Repeat("\x00", try)))
		s.ID = hex.EncodeToString(sum[:8])
		n, err := tx.q.exec(ctx, `INSERT INTO searches (`+searchColumns+`) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
			s.ID, s.Name, s.Owner, s.Query, flag(s.Shared), ms(s.Made))
		if err != nil || n > 0 {
			return failed(doing, err)
		}
	}
}

// ChangeSearch gives the search of that ID another name, query or sharing;
// owner and address stay. ErrTaken, ErrNotFound.
func (tx *Tx) ChangeSearch(ctx context.Context, s Search) error {
	err := tx.searchNameFree(ctx, s)
	if err == nil {
		var n int64
		n, err = tx.q.exec(ctx, `UPDATE searches SET name = $2, query = $3, shared = $4 WHERE id = $1`, s.ID, s.Name, s.Query, flag(s.Shared))
		if err == nil && n == 0 {
			err = ErrNotFound
		}
	}
	return failed("change the search "+s.ID, err)
}

// searchNameFree fails with ErrTaken where the owner has another search of
// that name, whose id it then writes into the message.
func (tx *Tx) searchNameFree(ctx context.Context, s Search) error {
	taken, err := list(ctx, tx.q, scan[string], `SELECT id FROM searches WHERE owner = $1 AND name = $2 AND id <> $3`, clean(s.Owner), clean(s.Name), s.ID)
	if err == nil && len(taken) > 0 {
		err = fmt.Errorf("there is a search of that name, %s: %w", taken[0], ErrTaken)
	}
	return err
}

// RemoveSearch forgets a saved search; ErrNotFound.
func (tx *Tx) RemoveSearch(ctx context.Context, id string) error {
	n, err := tx.q.exec(ctx, `DELETE FROM searches WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return failed("remove the search "+id, err)
}

// Search returns a saved search; ErrNotFound.
func (v View) Search(ctx context.Context, id string) (Search, error) {
	s, err := first(ctx, v.q, readSearch, `SELECT `+searchColumns+` FROM searches WHERE id = $1`, id)
	return s, failed("look up the search "+id, err)
}

// Searches lists the saved searches by name.
func (v View) Searches(ctx context.Context) ([]Search, error) {
	ss, err := list(ctx, v.q, readSearch, `SELECT `+searchColumns+` FROM searches ORDER BY name, owner, id`)
	return ss, failed("list the saved searches", err)
}

func readSearch(row scanner) (s Search, err error) {
	var shared int
	var made int64
	err = row.Scan(&s.ID, &s.Name, &s.Owner, &s.Query, &shared, &made)
	s.Shared, s.Made = shared == 1, at(made)
	return s, err
}
