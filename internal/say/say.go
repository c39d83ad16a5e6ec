// Package say puts things into words: the messages of vi.yaml and en.yaml,
// numbers, dates and spans of time as Vietnamese (or English) readers write
// them. Whatever a user reads goes through here; nothing here knows what it
// is talking about.
package say

import (
	"embed"
	"fmt"
	"math"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

//go:embed vi.yaml en.yaml
var files embed.FS

var bundle = open()

// vn is the time zone every date is shown in.
var vn = time.FixedZone("+07", 7*60*60)

func open() *i18n.Bundle {
	b := i18n.NewBundle(language.Vietnamese)
	b.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	for _, f := range []string{"vi.yaml", "en.yaml"} {
		if _, err := b.LoadMessageFileFS(files, f); err != nil {
			panic(fmt.Sprintf("say: the embedded %s does not parse: %v", f, err)) // a build fault, held by a test
		}
	}
	return b
}

// Words speaks one language.
type Words struct {
	Lang    string // "vi" or "en"
	loc     *i18n.Localizer
	printer *message.Printer
}

// In returns the words of a language; anything but "en" is Vietnamese.
func In(lang string) *Words {
	tag := language.Vietnamese
	if lang == "en" {
		tag = language.English
	} else {
		lang = "vi"
	}
	return &Words{Lang: lang, loc: i18n.NewLocalizer(bundle, lang), printer: message.NewPrinter(tag)}
}

// Say returns message id with the named values filled in, given as pairs:
// Say("found", "N", 3). A value named "N" that is an int chooses the plural
// and is written as a number. An unknown id comes back in ⟨⟩, to be seen.
func (w *Words) Say(id string, pairs ...any) string {
	c := &i18n.LocalizeConfig{MessageID: id}
	if len(pairs) > 0 {
		data := make(map[string]any, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			name := fmt.Sprint(pairs[i])
			data[name] = pairs[i+1]
			if n, ok := pairs[i+1].(int); ok {
				if name == "N" {
					c.PluralCount = n
				}
				data[name] = w.Number(n)
			}
		}
		c.TemplateData = data
	}
	s, err := w.loc.Localize(c)
	if err != nil && s == "" {
		return "⟨" + id + "⟩"
	}
	return s
}

// Has reports whether message id exists.
func (w *Words) Has(id string) bool {
	s, err := w.loc.Localize(&i18n.LocalizeConfig{MessageID: id})
	return err == nil || s != ""
}

// Number writes n with the language's grouping: 10.500 in Vietnamese.
func (w *Words) Number(n int) string { return w.printer.Sprint(number.Decimal(n)) }

// Percent writes a share between 0 and 1 with one decimal: 12,5 %.
func (w *Words) Percent(share float64) string {
	return w.printer.Sprint(number.Decimal(math.Round(share*1000)/10, number.MaxFractionDigits(1))) + " %"
}

// Decimal writes x with the given number of decimals.
func (w *Words) Decimal(x float64, digits int) string {
	return w.printer.Sprint(number.Decimal(x, number.MaxFractionDigits(digits), number.MinFractionDigits(digits)))
}

// Date writes the day of t in Viet Nam as dd/mm/yyyy; empty for the zero time.
func (w *Words) Date(t time.Time) string { return format(t, "02/01/2006") }

// Clock writes the hour and minute of t in Viet Nam.
func (w *Words) Clock(t time.Time) string { return format(t, "15:04") }

// Moment writes t in Viet Nam as "15:04 02/01/2006".
func (w *Words) Moment(t time.Time) string { return format(t, "15:04 02/01/2006") }

func format(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(vn).Format(layout)
}

// Weekday names the day of t in Viet Nam: "Thứ Hai", "Monday".
func (w *Words) Weekday(t time.Time) string {
	return w.Say(fmt.Sprintf("weekday.%d", t.In(vn).Weekday()))
}

// Ago says how long before now t was, in the largest unit that fits; a time
// more than a week back or ahead of now is written as a date.
func (w *Words) Ago(t, now time.Time) string {
	if t.IsZero() {
		return w.Say("ago.unknown")
	}
	switch d := now.Sub(t); {
	case d < -time.Minute || d > 7*24*time.Hour:
		return w.Date(t)
	case d < time.Minute:
		return w.Say("ago.now")
	case d < time.Hour:
		return w.Say("ago.minutes", "N", int(d.Minutes()))
	case d < 24*time.Hour:
		return w.Say("ago.hours", "N", int(d.Hours()))
	default:
		return w.Say("ago.days", "N", int(d.Hours()/24))
	}
}
