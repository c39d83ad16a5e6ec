package store

import (
	"context"
	"time"
)

// Model is what was learned from people's corrections, and who had it learned.
type Model struct {
	Version string // by its bytes; empty: what ships is in force again
	Made    time.Time
	Who     string
	Body    string // as learn.Model writes it; empty with an empty version
}

// PutModel puts a model in force. Those before it are kept, as a record.
func (tx *Tx) PutModel(ctx context.Context, m Model) error {
	id, err := tx.nextRow(ctx, 1)
	if err != nil {
		return err
	}
	_, err = tx.q.exec(ctx, `INSERT INTO models (id, version, made, who, body) VALUES ($1, $2, $3, $4, $5)`, id, m.Version, ms(m.Made), m.Who, m.Body)
	return failed("keep a learned model", err)
}

// ModelVersion names the model in force; empty where the one that ships is.
func (v View) ModelVersion(ctx context.Context) (string, error) {
	version, err := first(ctx, v.q, scan[string], `SELECT coalesce((SELECT version FROM models ORDER BY id DESC LIMIT 1), '')`)
	return version, failed("look up which model is in force", err)
}

// Model returns the model in force; ErrNotFound where none was ever learned.
func (v View) Model(ctx context.Context) (Model, error) {
	m, err := first(ctx, v.q, func(row scanner) (m Model, err error) {
		var made int64
		err = row.Scan(&m.Version, &made, &m.Who, &m.Body)
		m.Made = at(made)
		return m, err
	}, `SELECT version, made, who, body FROM models ORDER BY id DESC LIMIT 1`)
	return m, failed("look up the learned model", err)
}

// Standing returns every correction that stands, oldest first.
func (v View) Standing(ctx context.Context) ([]Correction, error) {
	cs, err := list(ctx, v.q, readCorrection, `SELECT `+correctionColumns+` FROM corrections WHERE undone = 0 ORDER BY id`)
	return cs, failed("list the corrections", err)
}
