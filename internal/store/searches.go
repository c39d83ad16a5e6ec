package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// Search is a search that somebody saved under a name.
type Search struct {
	ID     string // follows from owner and name
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
	sum := sha256.Sum256([]byte(clean(s.Owner) + "\x00" + clean(s.Name)))
	s.ID = hex.EncodeToString(sum[:8])
	n, err := tx.q.exec(ctx, `INSERT INTO searches (`+searchColumns+`) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
		s.ID, s.Name, s.Owner, s.Query, flag(s.Shared), ms(s.Made))
	if err == nil && n == 0 {
		err = fmt.Errorf("there is a search of that name: %w", ErrTaken)
	}
	return failed("save the search "+s.Name, err)
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
