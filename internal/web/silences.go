package web

import (
	"errors"
	"net/http"
	"net/mail"
	"strconv"
	"strings"

	"diembao/config"
	"diembao/internal/alarms"
	"diembao/internal/news"
	"diembao/internal/store"
)

// silencesPage is what is silenced, what was held back, and the form for more.
type silencesPage struct {
	Standing, Past []silenceRow
	Topics         []option
	Provinces      []option
	Outlets        []option
	Story          string
	Longest        int // days
	ReadOnly       bool
}

// silenceRow is a silence with what it held back.
type silenceRow struct {
	news.Silence
	Matter string
	Over   bool
	Steps  []news.HeldBack
}

// option is a choice of a form.
type option struct{ ID, Label string }

func (v *visit) silences() error {
	found, err := v.Store.Silences(v.ctx, true)
	if err != nil {
		return err
	}
	p := &silencesPage{Story: v.r.URL.Query().Get("story"), Longest: int(v.pack.Crisis.Silences.Longest.Hours() / 24), ReadOnly: v.readOnly()}
	for _, s := range found {
		steps, err := v.Store.HeldBack(v.ctx, s.ID)
		if err != nil {
			return err
		}
		row := silenceRow{s, alarms.Matter(s, v.pack, v.words.Lang), !v.now.Before(s.Until), steps}
		if row.Over {
			p.Past = append(p.Past, row)
		} else {
			p.Standing = append(p.Standing, row)
		}
	}
	p.choices(v.label, v.pack)
	return v.show("silences", v.words.Say("web.silences"), p)
}

// choices are what a silence can be about.
func (p *silencesPage) choices(l labels, pack config.Pack) {
	for _, t := range pack.Topics.Topics {
		p.Topics = append(p.Topics, option{t.ID, l.topic(t.ID)})
	}
	for _, x := range pack.Provinces {
		if x.To.IsZero() {
			p.Provinces = append(p.Provinces, option{x.ID, x.Name})
		}
	}
	for _, o := range pack.Outlets {
		if o.On {
			p.Outlets = append(p.Outlets, option{o.ID, o.Name})
		}
	}
}

// addSilence holds letters back from now on.
func (v *visit) addSilence() error {
	field := func(name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }
	days, err := strconv.Atoi(field("days"))
	w, ok := v.word()
	s := news.Silence{Topic: field("topic"), Province: field("province"), Outlet: field("outlet"), Story: field("story"), Words: field("words"),
		From: v.now, Until: v.now.AddDate(0, 0, days), Who: w.Who, Why: w.Why, Mail: field("mail"), Made: v.now}
	if _, wrong := mail.ParseAddress(s.Mail); s.Mail != "" && wrong != nil || err != nil || !ok || len(s.Words) > longestWord {
		return v.trouble(http.StatusBadRequest, "unsaid", "")
	}
	var wrong alarms.Wrong
	if errors.As(alarms.CheckSilence(s, v.pack), &wrong) {
		return v.trouble(http.StatusBadRequest, "unsaid", v.words.Say(wrong.Message(), "Of", wrong.Of))
	}
	return v.keptAt("/silences", v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.PutSilence(v.ctx, &s) }))
}

// endSilence lets letters come again.
func (v *visit) endSilence() error {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	w, ok := v.word()
	if !ok {
		return v.trouble(http.StatusBadRequest, "unsaid", "")
	}
	return v.keptAt("/silences", v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.EndSilence(v.ctx, id, w) }))
}

// hushed marks the incidents whose letters are held back, with since when.
func (v *visit) hushed(rows []incidentRow) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	held, err := v.Store.HeldNow(v.ctx, ids)
	for i := range rows {
		rows[i].Held = held[rows[i].ID].At
	}
	return err
}
