package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"diembao/internal/news"
	"diembao/internal/report"
	"diembao/internal/store"
)

// The half-year report counts alarms as the ledger does, month by month.
func TestReportCountsAsTheLedger(t *testing.T) {
	d := newDesk(t)
	s := d.store()
	word := store.Word{Who: "Lan", At: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
	err := s.Do(t.Context(), func(tx *store.Tx) error { return putAlarms(t.Context(), tx, word) })
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	var ledger struct {
		Months []struct {
			Month string
			All   report.Alarms
		}
		All struct{ All report.Alarms }
	}
	var counted struct{ Alarms report.Ledger }
	d.says(done, &ledger, "incidents", "--ledger")
	d.says(done, &counted, "report", "half-year", "--period", "2026-H1")
	if diff := cmp.Diff(ledger.All.All, counted.Alarms.All); diff != "" || counted.Alarms.All.Alerts != 4 {
		t.Errorf("in all the ledger and the report differ:\n%s", diff)
	}
	reported := map[string]report.Alarms{}
	for _, m := range counted.Alarms.Months {
		reported[m.Month.Format("2006-01")] = m
	}
	if len(reported) != 6 || reported["2026-03"].Any() {
		t.Errorf("the report has the months %v", reported)
	}
	for _, m := range ledger.Months {
		if diff := cmp.Diff(m.All, reported[m.Month], cmpopts.IgnoreFields(report.Alarms{}, "Month")); diff != "" {
			t.Errorf("in %s the ledger and the report differ:\n%s", m.Month, diff)
		}
	}
	if n := len(counted.Alarms.Alerts); n != 5 {
		t.Errorf("the report lists %d alarms", n)
	}
	d.says(done, &counted, "report", "weekly", "--period", "2026-W02")
	if a := counted.Alarms.All; a.Alerts != 1 || a.True != 1 {
		t.Errorf("the week of the first alarm counts %+v", a)
	}
}

// putAlarms enters four alerts, one of them judged by nobody, and one missed.
func putAlarms(ctx context.Context, tx *store.Tx, word store.Word) error {
	for i, a := range []struct {
		month   time.Month
		verdict news.Judgement
	}{{1, news.Rightly}, {2, news.Wrongly}, {2, news.TooLate}, {6, news.Unjudged}} {
		id, at := fmt.Sprint("i-", i), time.Date(2026, a.month, 5+i, 9, 0, 0, 0, time.UTC)
		in := news.Incident{ID: id, Story: fmt.Sprint("s-", i), Title: "Việc", Level: 2, State: news.Open, Opened: at, Updated: at}
		if err := tx.PutIncident(ctx, in); err != nil {
			return err
		}
		if a.verdict == news.Unjudged {
			continue
		}
		if err := tx.JudgeAlert(ctx, id, a.verdict, word); err != nil {
			return err
		}
	}
	_, err := tx.PutMissed(ctx, "Nghe qua điện thoại", time.Date(2026, 4, 30, 18, 0, 0, 0, time.UTC), word)
	return err
}
