package web

import (
	"slices"
	"time"

	"diembao/internal/store"
)

// Keeping is how long what is kept, what goes next, and for how long the disk lasts.
type Keeping struct {
	Days     map[string]int // kind → days; 0: for ever
	Doomed   []store.Deletion
	Used     int64 // bytes under the data directory
	Free     int64 // bytes on the disk
	PerDay   int64 // bytes a day
	Evidence int64 // of these
	Measured float64
	Full     time.Time // when the disk is full at this pace; zero where it never is
}

// keepingPage shows it, with the legal holds and what was deleted before.
type keepingPage struct {
	K       Keeping
	Kinds   []keptKind
	Holds   []store.Hold
	Deleted []store.Deletion
	Share   float64 // of the disk that is used by us
}

type keptKind struct {
	ID, Label string
	Days      int
	Doomed    int // pieces
	Bytes     int64
}

const deletionsShown = 50

func (v *visit) keeping() error {
	if v.Keeping == nil {
		return v.absent("no-keeping")
	}
	k, err := v.Options.Keeping(v.ctx)
	if err != nil {
		return err
	}
	p := &keepingPage{K: k}
	for kind, days := range k.Days {
		x := keptKind{ID: kind, Label: v.words.Say("web.kept." + kind), Days: days}
		for _, d := range k.Doomed {
			if d.Kind == kind {
				x.Doomed, x.Bytes = x.Doomed+d.Pieces, x.Bytes+d.Bytes
			}
		}
		p.Kinds = append(p.Kinds, x)
	}
	order := []string{"page", "evidence", "clip", "letter", "log", "report"}
	slices.SortFunc(p.Kinds, func(a, b keptKind) int { return slices.Index(order, a.ID) - slices.Index(order, b.ID) })
	if all := k.Used + k.Free; all > 0 {
		p.Share = float64(k.Used) / float64(all)
	}
	if p.Holds, err = v.Store.Holds(v.ctx); err != nil {
		return err
	}
	if p.Deleted, err = v.Store.Deletions(v.ctx, deletionsShown); err != nil {
		return err
	}
	return v.show("keeping", v.words.Say("web.keeping"), p)
}
