package pipeline

import (
	"context"
	"fmt"
	"time"

	"diembao/internal/store"
)

// TooMany is the answer to somebody who corrects faster than a person reads.
type TooMany struct {
	Who  string
	Most int // in an hour
}

func (t TooMany) Error() string {
	return fmt.Sprintf("%s has corrected %d verdicts within an hour, as many as one person may: wait, or raise corrections_per_hour in diembao.yaml; if this is a storm, undo it: diembao correct --undo-all --by %q --since 1h", t.Who, t.Most, t.Who)
}

// Correct keeps a person's word and returns its number; TooMany where the
// person has corrected as much within the hour as the site allows.
func (p *Pipeline) Correct(ctx context.Context, c store.Correction) (number int64, err error) {
	most := p.Rules().Pack.Site.Corrections
	err = p.Store.Do(ctx, func(tx *store.Tx) error {
		n, err := tx.CorrectionsSince(ctx, c.Who, c.At.Add(-time.Hour))
		if err != nil {
			return err
		}
		if most > 0 && n >= most {
			return TooMany{c.Who, most}
		}
		number, err = tx.PutCorrection(ctx, c)
		return err
	})
	return number, err
}

// askedFaster is how many articles a person may label in the time of one
// correction: who is asked answers sooner than who goes looking.
const askedFaster = 4

// TooManyLabels is the answer to somebody who labels faster than a person reads.
type TooManyLabels struct {
	Who  string
	Most int // articles in an hour
}

func (t TooManyLabels) Error() string {
	return fmt.Sprintf("%s has labelled %d articles within an hour, as many as one person may: wait, or raise corrections_per_hour in diembao.yaml; if this is a storm, take it back: diembao label --undo-all --by %q --since 1h", t.Who, t.Most, t.Who)
}

// KeepLabels keeps what a person said of one article; TooManyLabels where the
// person has labelled as much within the hour as the site allows.
func (p *Pipeline) KeepLabels(ctx context.Context, labels []store.Label) error {
	most := p.Rules().Pack.Site.Corrections * askedFaster
	return p.Store.Do(ctx, func(tx *store.Tx) error {
		n, err := tx.LabelledSince(ctx, labels[0].Who, labels[0].At.Add(-time.Hour))
		if err != nil {
			return err
		}
		if most > 0 && n >= most {
			return TooManyLabels{labels[0].Who, most}
		}
		return tx.PutLabels(ctx, labels)
	})
}
