package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

type (
	incidentOpenCmd  struct{ byWhom }
	incidentAskedCmd struct{ byWhom }
)

func (incidentOpenCmd) Help() string {
	return "Example: diembao incident open i-s-98d1dcd9b3070000 --by \"Lan\" --why \"bấm nhầm\"" + standsIn
}

func (c incidentOpenCmd) Run(ctx context.Context, h *house) error { return c.set(ctx, h, news.Open) }

func (incidentAskedCmd) Help() string {
	return "Example: diembao incident asked i-s-98d1dcd9b3070000 --by \"Lan\" --why \"Báo Sông Xanh gửi câu hỏi\"" + standsIn
}

func (c incidentAskedCmd) Run(ctx context.Context, h *house) error {
	return c.note(ctx, h, "asked", c.Why)
}

// note records what was done or learned.
func (c byWhom) note(ctx context.Context, h *house, did, why string) error {
	return h.onIncident(ctx, c.ID, func(tx *store.Tx, id string) error {
		return tx.NoteIncident(ctx, id, did, store.Word{Who: c.By, Why: why, At: time.Now()})
	})
}

type incidentNoteCmd struct {
	ID   string `arg:"" help:"An incident's id, as diembao incidents shows it." placeholder:"INCIDENT"`
	Text string `arg:"" help:"The note."`
	By   string `help:"Who says so." placeholder:"WHO" required:""`
}

func (incidentNoteCmd) Help() string {
	return "Example: diembao incident note i-s-98d1dcd9b3070000 \"bệnh viện xác nhận 48 người\" --by \"Lan\"" + standsIn
}

func (c incidentNoteCmd) Run(ctx context.Context, h *house) error {
	return byWhom{ID: c.ID, By: c.By}.note(ctx, h, "note", c.Text)
}

type incidentDoneCmd struct {
	ID   string `arg:"" help:"An incident's id, as diembao incidents shows it." placeholder:"INCIDENT"`
	Step string `arg:"" help:"The step or deadline, by its id in the configuration." placeholder:"STEP"`
	By   string `help:"Who says so." placeholder:"WHO" required:""`
	Why  string `help:"What came of it." placeholder:"TEXT"`
}

func (incidentDoneCmd) Help() string {
	return "Example: diembao incident done i-s-98d1dcd9b3070000 verify --by \"Lan\" --why \"đã gọi Nghệ An\"" + standsIn
}

// step is one of the configuration's, or it is said which there are.
func (h *house) step(id string) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	if steps := pack.Handling.StepIDs(); !slices.Contains(steps, id) {
		slices.Sort(steps)
		return usage("there is no step %q; the steps are %s", id, strings.Join(slices.Compact(steps), ", "))
	}
	return nil
}

type incidentUndoCmd struct{ incidentDoneCmd }

func (incidentUndoCmd) Help() string {
	return "Example: diembao incident undo i-s-98d1dcd9b3070000 verify --by \"Lan\" --why \"bấm nhầm\"\n\nThe step asked takes back that a paper asked." + standsIn
}

func (c incidentUndoCmd) Run(ctx context.Context, h *house) error {
	if c.Step != store.PaperAsked {
		if err := h.step(c.Step); err != nil {
			return err
		}
	}
	return h.onIncident(ctx, c.ID, func(tx *store.Tx, id string) error {
		err := tx.UndoStep(ctx, id, c.Step, store.Word{Who: c.By, Why: c.Why, At: time.Now()})
		if errors.Is(err, store.ErrTaken) {
			return usage("%s does not stand as done on %s; `diembao incident show` tells what does", c.Step, id)
		}
		return err
	})
}

func (c incidentDoneCmd) Run(ctx context.Context, h *house) error {
	if err := h.step(c.Step); err != nil {
		return err
	}
	return byWhom{ID: c.ID, By: c.By}.note(ctx, h, "done "+c.Step, c.Why)
}

// calls is a word on what an incident is called.
type calls struct {
	ID    string `arg:"" help:"An incident's id, as diembao incidents shows it." placeholder:"INCIDENT"`
	Value string `arg:"" help:"What it is, by its id in the configuration." placeholder:"ID"`
	By    string `help:"Who says so." placeholder:"WHO" required:""`
	Why   string `help:"Why." placeholder:"TEXT"`
}

type (
	incidentKindCmd struct{ calls }
	incidentTypeCmd struct{ calls }
)

func (incidentKindCmd) Help() string {
	return "Example: diembao incident kind i-s-98d1dcd9b3070000 denied-care --by \"Lan\" --why \"gốc là từ chối thẻ\"" + standsIn
}

func (incidentTypeCmd) Help() string {
	return "Example: diembao incident type i-s-98d1dcd9b3070000 accidental --by \"Lan\" --why \"lỗi đường truyền\"" + standsIn
}

func (c incidentKindCmd) Run(ctx context.Context, h *house) error {
	return c.call(ctx, h, store.AxisKind, func(p config.Pack) (ids []string) {
		for _, k := range p.Crisis.Kinds {
			ids = append(ids, k.ID)
		}
		return ids
	})
}

func (c incidentTypeCmd) Run(ctx context.Context, h *house) error {
	return c.call(ctx, h, store.AxisType, func(p config.Pack) (ids []string) {
		for _, t := range p.Crisis.Types {
			ids = append(ids, t.ID)
		}
		return ids
	})
}

func (c calls) call(ctx context.Context, h *house, axis string, known func(config.Pack) []string) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	if ids := known(pack); !slices.Contains(ids, c.Value) {
		return usage("there is no %s %q; choose one of %s", axis, c.Value, strings.Join(ids, ", "))
	}
	return h.onIncident(ctx, c.ID, func(tx *store.Tx, id string) error {
		if err := tx.CallIncident(ctx, id, axis, c.Value, store.Word{Who: c.By, Why: c.Why, At: time.Now()}); err != nil {
			return fmt.Errorf("calling the incident a %s: %w", c.Value, err)
		}
		return nil
	})
}
