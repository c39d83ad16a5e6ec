package pipeline

import (
	"context"
	"fmt"
	"time"

	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/story"
)

// machine is who did what no person did.
const machine = news.Machine

// join merges two stories that grew towards one another. One incident goes on
// for both: nobody is told a second time of one event.
func join(ctx context.Context, tx *store.Tx, m story.Merged, now time.Time) error {
	w := store.Word{Who: machine, At: now, Why: fmt.Sprintf("giống nhau %.2f: %s", m.Similarity, quoted(m.Why))}
	if err := tx.JoinStories(ctx, m.From, m.Into, w); err != nil {
		return err
	}
	var both []news.Incident
	for _, id := range []string{m.From, m.Into} {
		found, err := tx.Incidents(ctx, store.IncidentFilter{Story: id})
		if err != nil {
			return err
		}
		both = append(both, incidents(found)...)
	}
	return inhibit(ctx, tx, crisis.Inhibit(both), m, w)
}

// inhibit lets one incident go on in the merged story and ends the others.
func inhibit(ctx context.Context, tx *store.Tx, in crisis.Inhibited, m story.Merged, w store.Word) error {
	if in.Stays == "" {
		return nil
	}
	for _, id := range in.Close {
		if err := tx.MergeIncident(ctx, id, store.Word{Who: w.Who, At: w.At, Why: in.Note}); err != nil {
			return err
		}
	}
	for _, id := range in.Away {
		if err := tx.MoveIncident(ctx, id, m.From); err != nil {
			return err
		}
	}
	return tx.MoveIncident(ctx, in.Stays, m.Into)
}

// quoted is the words that two stories share most.
func quoted(why []news.Reason) string {
	text := ""
	for i, r := range why {
		if i > 0 {
			text += ", "
		}
		text += "“" + r.Quote + "”"
	}
	return text
}
