package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"diembao/internal/alarms"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/when"
)

// ledgerPage is what became of the alerts, by month and one by one.
type ledgerPage struct {
	Months   []ledgerMonth
	All      ledgerMonth
	Period   string // the month shown; empty for all
	Alerts   []ledgerRow
	ReadOnly bool
	Now      string // as a form writes it
}

type ledgerMonth struct {
	Name, URL                 string
	F                         alarms.Figures
	Precision, Recall, InTime string
	Threats                   int
	ThreatsRight              string
}

// ledgerRow is an alert with what was said of it.
type ledgerRow struct {
	news.Alert
	Threat, Verdict string
}

func (v *visit) alarms() error {
	var period when.Period
	month := v.r.URL.Query().Get("month")
	if month != "" {
		var err error
		if period, err = when.ParsePeriod(month, v.now); err != nil {
			return v.trouble(http.StatusBadRequest, "unsaid", month)
		}
	}
	alerts, err := v.Store.Alerts(v.ctx, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	months, all := alarms.Months(alerts)
	p := &ledgerPage{All: v.month(all, ""), ReadOnly: v.readOnly(), Now: v.now.In(when.VN).Format("2006-01-02T15:04")}
	for _, m := range months {
		p.Months = append(p.Months, v.month(m, m.First.Format("2006-01")))
	}
	if month != "" {
		p.Period = period.From.Format("01/2006")
	}
	for _, a := range alerts {
		if month == "" || period.Contains(a.At) {
			p.Alerts = append(p.Alerts, v.alertRow(a))
		}
	}
	return v.show("ledger", v.words.Say("web.ledger"), p)
}

func (v *visit) month(m alarms.Month, id string) ledgerMonth {
	share := func(x float64, known bool) string {
		if !known {
			return "–"
		}
		return v.words.Percent(x)
	}
	out := ledgerMonth{F: m.All, Precision: share(m.All.Precision()), Recall: share(m.All.Recall()), InTime: share(m.All.InTime()),
		Threats: m.Threats.Alerts, ThreatsRight: share(m.Threats.Precision())}
	if id != "" {
		out.Name, out.URL = m.First.Format("01/2006"), "/ledger?month="+id
	}
	return out
}

func (v *visit) alertRow(a news.Alert) ledgerRow {
	row := ledgerRow{Alert: a, Verdict: "none"}
	if a.Judgement != news.Unjudged {
		row.Verdict = string(a.Judgement)
	}
	if a.Threat != "" {
		row.Threat = v.label.factor("threat:" + a.Threat)
	}
	return row
}

// judgeAlert keeps a person's verdict on an alert.
func (v *visit) judgeAlert() error {
	j := news.Judgement(v.r.PostFormValue("verdict"))
	w, ok := v.word()
	if !ok || j != news.Rightly && j != news.Wrongly && j != news.TooLate {
		return v.trouble(http.StatusBadRequest, "unsaid", "")
	}
	return v.keptAt("/ledger", v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.JudgeAlert(v.ctx, v.r.PathValue("id"), j, w) }))
}

// addMissed enters what should have had an alert.
func (v *visit) addMissed() error {
	title := strings.TrimSpace(v.r.PostFormValue("title"))
	heard, err := time.ParseInLocation("2006-01-02T15:04", v.r.PostFormValue("at"), when.VN)
	w, ok := v.word()
	if !ok || err != nil || title == "" || utf8.RuneCountInString(title) > longestWord || heard.After(v.now) {
		return v.trouble(http.StatusBadRequest, "unsaid", "")
	}
	return v.keptAt("/ledger", v.Store.Do(v.ctx, func(tx *store.Tx) error {
		_, err := tx.PutMissed(v.ctx, title, heard, w)
		return err
	}))
}

// dropMissed takes a mistaken entry out again.
func (v *visit) dropMissed() error {
	row, err := strconv.ParseInt(v.r.PathValue("row"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	return v.keptAt("/ledger", v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.DropMissed(v.ctx, row) }))
}

// longestWord bounds what a person writes into one field.
const longestWord = 500

// word is who says something and why, as a form has it; ok is false where
// nobody does.
func (v *visit) word() (w store.Word, ok bool) {
	w = store.Word{Who: strings.TrimSpace(v.r.PostFormValue("who")), Why: strings.TrimSpace(v.r.PostFormValue("why")), At: v.now}
	return w, w.Who != "" && utf8.RuneCountInString(w.Who) <= nameLetters && utf8.RuneCountInString(w.Why) <= longestWord
}

// keptAt leads to a page after a change, or tells why there was none.
func (v *visit) keptAt(page string, err error) error {
	if err != nil {
		return v.changed(err)
	}
	http.Redirect(v.w, v.r, (&url.URL{Path: page}).String(), http.StatusSeeOther)
	return nil
}
