package card

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	text "text/template"
	"time"

	"diembao/internal/say"
)

//go:embed *.tmpl
var files embed.FS

// Text writes the whole card, for a terminal.
func Text(out io.Writer, c Card, w *say.Words) error {
	t, err := text.New("").Funcs(words(w)).ParseFS(files, "*.text.tmpl")
	if err != nil {
		return fmt.Errorf("reading the card's templates: %w", err)
	}
	if err := t.ExecuteTemplate(out, "card.text.tmpl", c); err != nil {
		return fmt.Errorf("writing the card of incident %s: %w", c.ID, err)
	}
	return nil
}

// Brief writes what a letter holds of the card, as text and as HTML.
func Brief(c Card, w *say.Words) (plain, rich string, err error) {
	var a, b bytes.Buffer
	t, err := text.New("").Funcs(words(w)).ParseFS(files, "*.text.tmpl")
	if err != nil {
		return "", "", fmt.Errorf("reading the card's templates: %w", err)
	}
	h, err := template.New("").Funcs(words(w)).ParseFS(files, "*.html.tmpl")
	if err != nil {
		return "", "", fmt.Errorf("reading the card's templates: %w", err)
	}
	if err := t.ExecuteTemplate(&a, "brief", c); err != nil {
		return "", "", fmt.Errorf("writing the card of incident %s: %w", c.ID, err)
	}
	if err := h.ExecuteTemplate(&b, "brief.html.tmpl", c); err != nil {
		return "", "", fmt.Errorf("writing the card of incident %s: %w", c.ID, err)
	}
	return a.String(), b.String(), nil
}

// words is what the templates may call.
func words(w *say.Words) map[string]any {
	return map[string]any{
		"say": w.Say, "moment": w.Moment, "pct": w.Percent, "upper": strings.ToUpper,
		"clock": func(t, now time.Time) string { return Clock(w, t, now) },
		"usual": func(f Figures) string { return f.Against(w) },
	}
}

// Clock is the hour of a moment, with the day where it is another than today's.
func Clock(w *say.Words, t, now time.Time) string {
	if w.Date(t) == w.Date(now) {
		return w.Clock(t)
	}
	return w.Clock(t) + " " + w.Date(t)[:5]
}

// enoughDays is how long a history must be for a band to be shown of it.
const enoughDays = 14

// Against tells the topic's number of today beside the usual.
func (f Figures) Against(w *say.Words) string {
	switch {
	case f.Topic == "":
		return w.Say("card.none")
	case f.Days == 0:
		return w.Say("card.usual.unknown", "Topic", f.Topic, "Today", f.TopicToday)
	case f.Days < enoughDays:
		return w.Say("card.usual.short", "Topic", f.Topic, "Today", f.TopicToday, "Mean", w.Decimal(f.Mean, 1), "N", f.Days)
	}
	return w.Say("card.usual", "Topic", f.Topic, "Today", f.TopicToday, "Mean", w.Decimal(f.Mean, 1), "Low", f.Low, "High", f.High)
}
