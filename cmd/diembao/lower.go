package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"diembao/internal/store"
	"diembao/internal/vi"
)

type incidentLowerCmd struct{ byWhom }

func (incidentLowerCmd) Help() string {
	return "Example: diembao incident lower i-s-98d1dcd9b3070000 --by \"Lan\" --why \"đã chi trả, báo đã đính chính\"\n\n" +
		"One level down. The word stands until twice as many articles tell of it. Who may do so is written in the configuration, crisis.levels, may_lower."
}

// Run takes an incident one level down.
func (c incidentLowerCmd) Run(ctx context.Context, h *house) error {
	if strings.TrimSpace(c.Why) == "" {
		return usage("say why: whoever was told of the higher level will ask")
	}
	pack, err := h.pack()
	if err != nil {
		return err
	}
	return h.onIncident(ctx, c.ID, func(tx *store.Tx, id string) error {
		in, err := tx.Incident(ctx, id)
		if err != nil {
			return err
		}
		if may := pack.Crisis.MayLower(in.Level); len(may) > 0 && !slices.ContainsFunc(may, func(who string) bool { return vi.Fold(who) == vi.Fold(c.By) }) {
			return usage("of level %d only %s may say so, not %q; ask them, or change crisis.levels, may_lower, in the configuration", in.Level, strings.Join(may, ", "), c.By)
		}
		err = tx.LowerIncident(ctx, id, store.Word{Who: c.By, Why: c.Why, At: time.Now()})
		if errors.Is(err, store.ErrTaken) {
			return usage("%s stands at the lowest level; `diembao incident close` or `false` ends it", id)
		}
		return err
	})
}
