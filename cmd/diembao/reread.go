package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diembao/internal/pipeline"
	"diembao/internal/say"
	"diembao/internal/store"
)

// sayIn returns the words of the installation's language.
func sayIn(p *pipeline.Pipeline) *say.Words { return say.In(p.Rules().Pack.Site.Language) }

type rereadCmd struct{}

func (rereadCmd) Help() string {
	return "Example: diembao reread\n\nReads the whole archive anew by today's rules, without asking the web. Stories and incidents keep their ids; people's corrections stand."
}

type caughtUp struct {
	Read int     `json:"read"`
	Put  int     `json:"indexed"`
	Secs float64 `json:"seconds"`
}

// Run moves the mark `read` back to the beginning and catches up.
func (rereadCmd) Run(ctx context.Context, h *house) error {
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	err = p.Store.Do(ctx, func(tx *store.Tx) error {
		mark, err := tx.Mark(ctx, store.MarkRead)
		if err != nil {
			return err
		}
		return tx.MoveMark(ctx, store.MarkRead, mark, 0)
	})
	if err != nil {
		return fmt.Errorf("moving the mark back: %w", err)
	}
	return h.catchUp(ctx, p)
}

type reindexCmd struct{}

func (reindexCmd) Help() string {
	return "Example: diembao reindex\n\nBuilds the index anew from the archive, beside the one in use, and swaps them."
}

// Run builds the index anew.
func (reindexCmd) Run(ctx context.Context, h *house) error {
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	if p.Index == nil {
		return errors.New("a running server keeps the index of this data directory; stop it first")
	}
	began := time.Now()
	n, err := p.Reindex(ctx)
	if err != nil {
		return err
	}
	return h.told(caughtUp{Put: n, Secs: time.Since(began).Seconds()})
}

// catchUp reads and indexes what is left to do, and tells it.
func (h *house) catchUp(ctx context.Context, p *pipeline.Pipeline) error {
	began := time.Now()
	read, put, err := follow(ctx, p)
	if err != nil {
		return err
	}
	return h.told(caughtUp{read, put, time.Since(began).Seconds()})
}

// follow reads what changed and, where this process keeps the index, takes it
// in there; it returns how many articles that were.
func follow(ctx context.Context, p *pipeline.Pipeline) (read, put int, err error) {
	if read, err = p.Read(ctx); err != nil || p.Index == nil {
		return read, 0, err
	}
	put, err = p.Shelve(ctx)
	return read, put, err
}

func (h *house) told(c caughtUp) error {
	if h.JSON {
		return h.answer(c)
	}
	_, err := fmt.Fprintf(h.out, "read %d, indexed %d, in %.1f s\n", c.Read, c.Put, c.Secs)
	return err
}
