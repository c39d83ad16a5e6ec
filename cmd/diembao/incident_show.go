package main

import (
	"context"
	"errors"

	"diembao/internal/card"
	"diembao/internal/store"
)

type incidentShowCmd struct {
	ID string `arg:"" help:"An incident's id, as diembao incidents shows it." placeholder:"INCIDENT"`
}

func (incidentShowCmd) Help() string {
	return "Example: diembao incident show i-s-98d1dcd9b3070000\n\nThe handling card: what happened, what to do, who must answer by when, why it was flagged, who spreads it."
}

// Run prints the handling card.
func (c incidentShowCmd) Run(ctx context.Context, h *house) error {
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	pack := p.Rules().Pack
	made, err := p.Card(ctx, c.ID, pack.Site.Language)
	if errors.Is(err, store.ErrNotFound) {
		return usage("there is no incident %q; `diembao incidents` lists them", c.ID)
	}
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(made)
	}
	return card.Text(h.out, made, h.words(pack))
}
