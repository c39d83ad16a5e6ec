package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/vi"
)

// incidentForm is what a person can say of an incident, as its state allows.
type incidentForm struct {
	Who          string // who spoke last in this browser, or was typed now
	Why, To      string // typed now, where something was missing
	Action       string
	Open         bool   // it can be taken on, closed, called false
	Down         bool   // its level can be lowered
	May          string // who alone may lower it; empty: anybody who signs
	Again        bool   // it can be opened again
	Kinds, Types []sort // it can be called
}

// sort is something an incident can be called.
type sort struct {
	ID, Name string
	On       bool // it is
}

// handling puts the card and the form on an incident's page.
func (v *visit) handling(p *incidentPage, in store.IncidentState) error {
	if v.Card == nil {
		return nil
	}
	c, err := v.Card(v.ctx, in.ID, v.words.Lang)
	if err != nil {
		return err
	}
	p.Card, p.Drawn = &c, v.Hours != nil
	if !v.readOnly() {
		p.Act = v.incidentForm(in)
	}
	return nil
}

func (v *visit) incidentForm(in store.IncidentState) *incidentForm {
	f := &incidentForm{
		Who: v.spoke(), Action: "/incident/" + url.PathEscape(in.ID),
		Open: slices.Contains(living, in.State), Again: in.State != news.Open && in.State != news.Fading,
		Down: in.Level > 1 && slices.Contains(living, in.State), May: strings.Join(v.pack.Crisis.MayLower(in.Level), ", "),
	}
	if v.r.Method == http.MethodPost { // something was missing: nothing is typed twice
		f.Who, f.Why, f.To = v.r.PostFormValue("who"), v.r.PostFormValue("why"), v.r.PostFormValue("to")
	}
	for _, k := range v.pack.Crisis.Kinds {
		f.Kinds = append(f.Kinds, sort{k.ID, config.In(v.words.Lang, k.Name, k.NameEN), k.ID == in.Kind.Value})
	}
	for _, t := range v.pack.Crisis.Types {
		f.Types = append(f.Types, sort{t.ID, config.In(v.words.Lang, t.Name, t.NameEN), t.ID == in.Type.Value})
	}
	return f
}

// handlingCard is the card alone, to be printed or passed on.
func (v *visit) handlingCard() error {
	if v.Card == nil {
		return v.absent("no-card")
	}
	c, err := v.Card(v.ctx, v.r.PathValue("id"), v.words.Lang)
	if err != nil {
		return err
	}
	return v.show("handling-card", c.Title, &incidentPage{Card: &c, Drawn: v.Hours != nil})
}

// hours is the picture of the incident's story hour by hour.
func (v *visit) hours() error {
	if v.Hours == nil {
		return v.absent("no-card")
	}
	png, err := v.Hours(v.ctx, v.r.PathValue("id"), v.words.Lang)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/png")
	v.w.Header().Set("Cache-Control", "no-cache") // each hour has another
	if _, err := v.w.Write(png); err != nil {
		v.Log.Debug("the visitor left before the picture was written", "page", v.r.URL.Path, "error", err)
	}
	return nil
}

// speaker is the cookie that remembers who spoke last in a browser, so that at
// night a name is typed once.
const speaker = "who"

func (v *visit) spoke() string {
	c, err := v.r.Cookie(speaker)
	if err != nil {
		return ""
	}
	name, err := url.QueryUnescape(c.Value)
	if err != nil {
		return ""
	}
	return name
}

// remember keeps who spoke for the next form.
func (v *visit) remember(who string) {
	http.SetCookie(v.w, &http.Cookie{Name: speaker, Value: url.QueryEscape(who), Path: "/", MaxAge: 30 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// onIncident does what a person says of an incident, by the same way as the
// verbs do. Where something is missing the page comes back with what was typed.
func (v *visit) onIncident() error {
	id := v.r.PathValue("id")
	w, ok := v.word()
	err := error(lacks{"who", nil})
	if ok {
		err = v.Store.Do(v.ctx, func(tx *store.Tx) error { return v.say(tx, id, w) })
	}
	var l lacks
	if errors.As(err, &l) {
		status := http.StatusBadRequest
		if l.what == "may-not" {
			status = http.StatusForbidden
		}
		return v.incidentPage(status, v.words.Say("web.lacks."+l.what, l.of...))
	}
	v.remember(w.Who)
	if err != nil {
		return v.changed(err)
	}
	http.Redirect(v.w, v.r, (&url.URL{Path: "/incident/" + id, RawQuery: "said=1"}).String(), http.StatusSeeOther)
	return nil
}

// lacks is that a word cannot be taken as it is, with what is missing.
type lacks struct {
	what string // message web.lacks.…
	of   []any  // its named values
}

func (l lacks) Error() string { return "the form lacks something: " + l.what }

// states are the words that change what state an incident is in.
var states = map[string]news.State{"ack": news.Acked, "close": news.Closed, "false": news.False, "open": news.Open}

// reasoned are the words that are nothing without a reason.
var reasoned = []string{"false", "lower", "note"}

// say says one word of an incident.
func (v *visit) say(tx *store.Tx, id string, w store.Word) error {
	do, of, _ := strings.Cut(v.r.PostFormValue("do"), " ")
	to := strings.TrimSpace(v.r.PostFormValue("to"))
	switch {
	case slices.Contains(reasoned, do) && w.Why == "":
		return lacks{"why", []any{"Do", v.words.Say("web.act." + do)}}
	case states[do] != "":
		return tx.SetIncident(v.ctx, id, states[do], w)
	case do == "lower":
		return v.lower(tx, id, w)
	case do == "assign" && (to == "" || utf8.RuneCountInString(to) > nameLetters):
		return lacks{"to", nil}
	case do == "assign":
		return tx.AssignIncident(v.ctx, id, to, w)
	case do == "note", do == "asked":
		return tx.NoteIncident(v.ctx, id, do, w)
	case do == store.AxisKind || do == store.AxisType:
		return v.call(tx, id, do, w)
	case do == "done" && v.step(of):
		return tx.NoteIncident(v.ctx, id, "done "+of, w)
	case do == "undone" && (of == store.PaperAsked || v.step(of)):
		return v.undo(tx, id, of, w)
	}
	return lacks{"what", nil}
}

// undo takes back that a step is done.
func (v *visit) undo(tx *store.Tx, id, step string, w store.Word) error {
	err := tx.UndoStep(v.ctx, id, step, w)
	if errors.Is(err, store.ErrTaken) {
		return lacks{"undone", nil} // somebody was faster
	}
	return err
}

// lower takes an incident one level down, where the configuration lets this
// person.
func (v *visit) lower(tx *store.Tx, id string, w store.Word) error {
	in, err := tx.Incident(v.ctx, id)
	if err != nil {
		return err
	}
	if may := v.pack.Crisis.MayLower(in.Level); len(may) > 0 && !slices.ContainsFunc(may, func(who string) bool { return vi.Fold(who) == vi.Fold(w.Who) }) {
		return lacks{"may-not", []any{"Level", v.label.level(in.Level), "May", strings.Join(may, ", "), "Who", w.Who}}
	}
	if err = tx.LowerIncident(v.ctx, id, w); errors.Is(err, store.ErrTaken) {
		return lacks{"lowest", []any{"Level", v.label.level(in.Level)}}
	}
	return err
}

// call names the kind or the type of an incident.
func (v *visit) call(tx *store.Tx, id, axis string, w store.Word) error {
	value := v.r.PostFormValue(axis)
	if kind, blame := v.pack.Crisis.Called(value, value, "vi"); axis == store.AxisKind && kind == "" || axis == store.AxisType && blame == "" {
		return lacks{"what", nil}
	}
	return tx.CallIncident(v.ctx, id, axis, value, w)
}

// step reports whether the configuration has a step or deadline of an id.
func (v *visit) step(id string) bool {
	return slices.Contains(v.pack.Handling.StepIDs(), id)
}
