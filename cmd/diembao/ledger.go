package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"diembao/internal/alarms"
	"diembao/internal/news"
	"diembao/internal/say"
	"diembao/internal/store"
	"diembao/internal/when"
)

type incidentVerdictCmd struct {
	ID      string `arg:"" help:"An incident's id, as diembao incidents shows it." placeholder:"INCIDENT"`
	Verdict string `arg:"" help:"true, false, or late: true, but you knew before." enum:"true,false,late"`
	By      string `help:"Who says so." placeholder:"WHO" required:""`
	Why     string `help:"Why." placeholder:"TEXT"`
}

func (incidentVerdictCmd) Help() string {
	return "Example: diembao incident verdict i-s-98d1dcd9b3070000 late --by \"Lan\" --why \"phóng viên gọi từ 8 giờ\"\n\n" +
		"The verdict goes into the ledger and leaves the incident as it is; a false alarm that is to rest for ever is `diembao incident false`."
}

// Run judges an alert.
func (c incidentVerdictCmd) Run(ctx context.Context, h *house) error {
	return h.onIncident(ctx, c.ID, func(tx *store.Tx, id string) error {
		return tx.JudgeAlert(ctx, id, news.Judgement(c.Verdict), store.Word{Who: c.By, Why: c.Why, At: time.Now()})
	})
}

type incidentMissedCmd struct {
	Title  string `help:"What it was." placeholder:"TEXT"`
	At     string `help:"When you heard of it: \"2026-07-06 08:00\", or 8:00 of today." placeholder:"TIME"`
	By     string `help:"Who says so." placeholder:"WHO"`
	Why    string `help:"How you heard of it." placeholder:"TEXT"`
	Remove int64  `help:"Take this one out again, by its number in the ledger." placeholder:"N"`
}

func (incidentMissedCmd) Help() string {
	return "Example: diembao incident missed --title \"Nghỉ việc tập thể ở Suối Đá\" --at 8:00 --by \"Lan\" --why \"qua điện thoại\"\n\n" +
		"What should have had an alert and had none: without it the ledger's recall is worth nothing."
}

// Run enters what was missed, or takes it out again.
func (c incidentMissedCmd) Run(ctx context.Context, h *house) error {
	_, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	if c.Remove != 0 {
		err := s.Do(ctx, func(tx *store.Tx) error { return tx.DropMissed(ctx, c.Remove) })
		if errors.Is(err, store.ErrNotFound) {
			return usage("the ledger has no missed alert number %d; `diembao incidents --ledger` lists them", c.Remove)
		}
		return err
	}
	if c.Title == "" || c.By == "" || c.At == "" {
		return usage("say what was missed, when you heard of it and who says so: --title TEXT --at TIME --by WHO")
	}
	now := time.Now()
	heard, err := heardAt(c.At, now)
	if err != nil {
		return err
	}
	var row int64
	err = s.Do(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.PutMissed(ctx, c.Title, heard, store.Word{Who: c.By, Why: c.Why, At: now})
		return err
	})
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(map[string]any{"number": row, "title": c.Title, "at": stamp(heard)})
	}
	_, err = fmt.Fprintf(h.out, "%d: %s, %s\n", row, stamp(heard), c.Title)
	return err
}

// heardAt reads a moment of the past; a clock alone is of today.
func heardAt(text string, now time.Time) (time.Time, error) {
	if _, err := time.Parse("15:04", text); err == nil {
		text = now.In(when.VN).Format(time.DateOnly) + " " + text
	}
	t, err := when.Parse(text, now)
	if err != nil {
		return t, usage("--at %q: %w", text, err)
	}
	if t.After(now) {
		return t, usage("--at %q is still to come", text)
	}
	return t, nil
}

type ledgerAnswer struct {
	Months []ledgerMonth `json:"months"`
	All    ledgerMonth   `json:"all"`
	Alerts []ledgerRow   `json:"alerts"`
	Note   string        `json:"note"`
}

type ledgerMonth struct {
	Month   string        `json:"month,omitempty"` // 2026-07
	All     ledgerFigures `json:"all"`
	Threats ledgerFigures `json:"named_threats"`
}

type ledgerFigures struct {
	Alerts    int      `json:"alerts"`
	True      int      `json:"true"`
	Late      int      `json:"late"`
	False     int      `json:"false"`
	Missed    int      `json:"missed"`
	Unjudged  int      `json:"unjudged"`
	Precision *float64 `json:"precision"`
	Recall    *float64 `json:"recall"`
	InTime    *float64 `json:"recall_in_time"`
}

type ledgerRow struct {
	Incident string `json:"incident,omitempty"`
	Number   int64  `json:"number,omitempty"` // of a missed one
	Title    string `json:"title"`
	At       string `json:"at"`
	Level    int    `json:"level"`
	Threat   string `json:"threat"`
	Verdict  string `json:"verdict"` // true, late, false, missed, merged; empty where nobody judged
	Act      bool   `json:"by_act"`  // taken from what was done with the incident
	By       string `json:"by"`
	Why      string `json:"why"`
}

// ledger shows what became of alerts, by month.
func (h *house) ledger(ctx context.Context, s *store.Store, w *say.Words, month string) error {
	var from, to time.Time
	if month != "" {
		p, err := when.ParsePeriod(month, time.Now())
		if err != nil {
			return usage("--month %q: %w", month, err)
		}
		from, to = p.From, p.To
	}
	alerts, err := s.Alerts(ctx, from, to)
	if err != nil {
		return err
	}
	months, all := alarms.Months(alerts)
	if h.JSON {
		return h.answer(ledgerOf(alerts, months, all, w))
	}
	lines := [][]string{}
	for _, m := range months {
		lines = append(lines, monthLine(m.First.Format("01/2006"), m, w))
	}
	lines = append(lines, monthLine(w.Say("ledger.all"), all, w))
	if err := h.table(strings.Split(w.Say("ledger.head"), "|"), lines); err != nil {
		return err
	}
	fmt.Fprintf(h.out, "\n%s\n\n", w.Say("ledger.note"))
	lines = nil
	for _, a := range alerts {
		lines = append(lines, []string{alertName(a), w.Moment(a.At), fmt.Sprint(a.Level), w.Say("verdict." + verdictOf(a)), a.Who, a.Title})
	}
	return h.table(strings.Split(w.Say("ledger.alerts"), "|"), lines)
}

func ledgerOf(alerts []news.Alert, months []alarms.Month, all alarms.Month, w *say.Words) ledgerAnswer {
	a := ledgerAnswer{Months: []ledgerMonth{}, Alerts: []ledgerRow{}, Note: w.Say("ledger.note")}
	for _, m := range months {
		a.Months = append(a.Months, ledgerMonth{m.First.Format("2006-01"), figuresOf(m.All), figuresOf(m.Threats)})
	}
	a.All = ledgerMonth{All: figuresOf(all.All), Threats: figuresOf(all.Threats)}
	for _, x := range alerts {
		a.Alerts = append(a.Alerts, ledgerRow{x.Incident, x.Row, x.Title, stamp(x.At), x.Level, x.Threat, string(x.Judgement), x.Act, x.Who, x.Why})
	}
	return a
}

func figuresOf(f alarms.Figures) ledgerFigures {
	known := func(share float64, ok bool) *float64 {
		if !ok {
			return nil
		}
		return &share
	}
	return ledgerFigures{f.Alerts, f.True, f.Late, f.False, f.Missed, f.Unjudged, known(f.Precision()), known(f.Recall()), known(f.InTime())}
}

func monthLine(name string, m alarms.Month, w *say.Words) []string {
	pct := func(share float64, ok bool) string {
		if !ok {
			return "–"
		}
		return w.Percent(share)
	}
	f := m.All
	return []string{name, fmt.Sprint(f.Alerts), fmt.Sprint(f.True), fmt.Sprint(f.Late), fmt.Sprint(f.False), fmt.Sprint(f.Missed), fmt.Sprint(f.Unjudged),
		pct(f.Precision()), pct(f.Recall()), pct(f.InTime()), fmt.Sprint(m.Threats.Alerts), pct(m.Threats.Precision())}
}

// alertName is the incident's id, or the number of what was missed.
func alertName(a news.Alert) string {
	if a.Incident == "" {
		return fmt.Sprint(a.Row)
	}
	return a.Incident
}

// verdictOf is what people made of an alert, as the messages name it.
func verdictOf(a news.Alert) string {
	if a.Judgement == news.Unjudged {
		return "none"
	}
	return string(a.Judgement)
}
