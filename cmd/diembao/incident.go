package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

type incidentCmd struct {
	Show   incidentShowCmd   `cmd:"" help:"Its handling card."`
	Ack    incidentAckCmd    `cmd:"" help:"Somebody looks after it: no more letters unless it rises."`
	Assign incidentAssignCmd `cmd:"" help:"Give it to a person."`
	Close  incidentCloseCmd  `cmd:"" help:"It is over; new harm within 14 days opens it again."`
	False  incidentFalseCmd  `cmd:"" help:"A false alarm: the rules leave it alone for ever."`
	Open   incidentOpenCmd   `cmd:"" help:"Open it again: what was acknowledged, closed or called false by mistake."`
	Kind   incidentKindCmd   `cmd:"" help:"What sort of incident it is, whatever the rules say."`
	Type   incidentTypeCmd   `cmd:"" help:"How much of the blame lies on the agency, whatever the rules say."`
	Note   incidentNoteCmd   `cmd:"" help:"A note in its history."`
	Asked  incidentAskedCmd  `cmd:"" help:"A paper has asked: deadlines that run from its request begin."`
	Done   incidentDoneCmd   `cmd:"" help:"A step or deadline of its handling card is done."`
	Undo   incidentUndoCmd   `cmd:"" help:"Take back that a step or deadline is done; both words stay in the history."`

	Lower   incidentLowerCmd   `cmd:"" help:"One level down; stands until twice as many articles tell of it."`
	Verdict incidentVerdictCmd `cmd:"" help:"Whether its alert was true, false or late; for the ledger."`
	Missed  incidentMissedCmd  `cmd:"" help:"What should have had an alert and had none; for the ledger."`
}

// byWhom is who says something, and why.
type byWhom struct {
	ID  string `arg:"" help:"An incident's id, as diembao incidents shows it." placeholder:"INCIDENT"`
	By  string `help:"Who says so." placeholder:"WHO" required:""`
	Why string `help:"Why." placeholder:"TEXT"`
}

type (
	incidentAckCmd   struct{ byWhom }
	incidentCloseCmd struct{ byWhom }
	incidentFalseCmd struct{ byWhom }
)

type incidentAssignCmd struct {
	ID  string `arg:"" help:"An incident's id, as diembao incidents shows it." placeholder:"INCIDENT"`
	To  string `arg:"" help:"Who looks after it." placeholder:"PERSON"`
	By  string `help:"Who says so." placeholder:"WHO" required:""`
	Why string `help:"Why." placeholder:"TEXT"`
}

// standsIn tells where a person's word on an incident is kept.
const standsIn = "\n\nWhat people say of an incident stands in its history."

func (incidentAckCmd) Help() string {
	return "Example: diembao incident ack i-s-98d1dcd9b3070000 --by \"Lan\" --why \"đã gọi Gia Lai\"" + standsIn
}

func (incidentAssignCmd) Help() string {
	return "Example: diembao incident assign i-s-98d1dcd9b3070000 \"Minh\" --by \"Lan\"" + standsIn
}

func (incidentCloseCmd) Help() string {
	return "Example: diembao incident close i-s-98d1dcd9b3070000 --by \"Lan\" --why \"đã chi trả đủ\"" + standsIn
}

func (incidentFalseCmd) Help() string {
	return "Example: diembao incident false i-s-98d1dcd9b3070000 --by \"Lan\" --why \"bảo hiểm nhân thọ\"" + standsIn
}

func (c incidentAckCmd) Run(ctx context.Context, h *house) error {
	return c.set(ctx, h, news.Acked)
}

func (c incidentCloseCmd) Run(ctx context.Context, h *house) error {
	return c.set(ctx, h, news.Closed)
}

func (c incidentFalseCmd) Run(ctx context.Context, h *house) error {
	return c.set(ctx, h, news.False)
}

func (c byWhom) set(ctx context.Context, h *house, state news.State) error {
	return h.onIncident(ctx, c.ID, func(tx *store.Tx, id string) error {
		return tx.SetIncident(ctx, id, state, store.Word{Who: c.By, Why: c.Why, At: time.Now()})
	})
}

func (c incidentAssignCmd) Run(ctx context.Context, h *house) error {
	return h.onIncident(ctx, c.ID, func(tx *store.Tx, id string) error {
		return tx.AssignIncident(ctx, id, c.To, store.Word{Who: c.By, Why: c.Why, At: time.Now()})
	})
}

// onIncident does something to an incident and shows it as it then is.
func (h *house) onIncident(ctx context.Context, id string, do func(*store.Tx, string) error) error {
	_, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	err = s.Do(ctx, func(tx *store.Tx) error { return do(tx, id) })
	if errors.Is(err, store.ErrNotFound) {
		return usage("there is no incident %q; `diembao incidents` lists them", id)
	}
	if err != nil {
		return err
	}
	in, err := s.Incident(ctx, id)
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(map[string]any{"id": in.ID, "state": in.State, "level": in.Level, "owner": in.Owner, "title": in.Title})
	}
	_, err = fmt.Fprintf(h.out, "%s: %s, level %d, owner %q: %s\n", in.ID, in.State, in.Level, in.Owner, in.Title)
	return err
}
