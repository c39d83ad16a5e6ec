package alarms

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/say"
	"diembao/internal/vi"
)

// Told is an article of an incident as a silence sees it.
type Told struct {
	Title, Outlet     string
	Topics, Provinces []string
}

// Silenced returns the silence in force at now under which an incident falls.
// Incidents of the levels that the configuration names, and named threats, are
// told whatever anybody silenced.
func Silenced(silences []news.Silence, in news.Incident, told []Told, rules config.Silencing, now time.Time) (news.Silence, bool) {
	if rules.Level > 0 && in.Level >= rules.Level || rules.Threats && in.Threat() != "" {
		return news.Silence{}, false
	}
	i := slices.IndexFunc(silences, func(s news.Silence) bool {
		return s.Lapsed.IsZero() && !now.Before(s.From) && now.Before(s.Until) && fits(s, in, told)
	})
	if i < 0 {
		return news.Silence{}, false
	}
	return silences[i], true
}

// fits reports whether all that a silence names is true of the incident: of
// half of its articles at least, for one that strays in from elsewhere must
// not silence the others.
func fits(s news.Silence, in news.Incident, told []Told) bool {
	half := func(has func(Told) bool) bool {
		n := 0
		for _, t := range told {
			if has(t) {
				n++
			}
		}
		return n > 0 && 2*n >= len(told)
	}
	return (s.Story == "" || s.Story == in.Story) &&
		(s.Topic == "" || half(func(t Told) bool { return slices.Contains(t.Topics, s.Topic) })) &&
		(s.Province == "" || half(func(t Told) bool { return slices.Contains(t.Provinces, s.Province) })) &&
		(s.Outlet == "" || half(func(t Told) bool { return t.Outlet == s.Outlet })) &&
		(s.Words == "" || half(func(t Told) bool { return strings.Contains(syllables(t.Title), syllables(s.Words)) }))
}

// syllables are the words of a text in their one form, each between blanks.
func syllables(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range vi.Tokens(text) {
		b.WriteString(t.Text)
		b.WriteByte(' ')
	}
	return b.String()
}

// Wrong is what is wrong with a silence as it was entered: the last part of
// the id of the message that says so, "web.silences.wrong.", and of what.
type Wrong struct{ ID, Of string }

// Error says it in English.
func (w Wrong) Error() string { return say.In("en").Say(w.Message(), "Of", w.Of) }

// Message is the id of the message, with the value Of.
func (w Wrong) Message() string { return "web.silences.wrong." + w.ID }

// CheckSilence returns a Wrong where something is wrong with a silence as it was
// entered, or nil.
func CheckSilence(s news.Silence, pack config.Pack) error {
	longest := pack.Crisis.Silences.Longest
	_, topic := pack.TopicByID(s.Topic)
	_, province := pack.ProvinceByID(s.Province)
	_, outlet := pack.OutletByID(s.Outlet)
	switch {
	case s.Who == "":
		return Wrong{ID: "who"}
	case s.Why == "":
		return Wrong{ID: "why"}
	case s.Topic == "" && s.Province == "" && s.Outlet == "" && s.Story == "" && syllables(s.Words) == " ":
		return Wrong{ID: "nothing"}
	case !s.Until.After(s.From):
		return Wrong{ID: "backward"}
	case s.Until.Sub(s.From) > longest:
		return Wrong{"long", fmt.Sprintf("%.0f", longest.Hours()/24)}
	case s.Topic != "" && !topic:
		return Wrong{"topic", s.Topic}
	case s.Province != "" && !province:
		return Wrong{"province", s.Province}
	case s.Outlet != "" && !outlet:
		return Wrong{"outlet", s.Outlet}
	}
	return nil
}

// Matter says what a silence is about, the topic in a language.
func Matter(s news.Silence, pack config.Pack, lang string) string {
	var parts []string
	if t, ok := pack.TopicByID(s.Topic); ok {
		parts = append(parts, config.In(lang, t.Label, t.LabelEN))
	}
	if p, ok := pack.ProvinceByID(s.Province); ok {
		parts = append(parts, p.Name)
	}
	if o, ok := pack.OutletByID(s.Outlet); ok {
		parts = append(parts, o.Name)
	}
	if s.Story != "" {
		parts = append(parts, s.Story)
	}
	if s.Words != "" {
		parts = append(parts, "“"+s.Words+"”")
	}
	return strings.Join(parts, " · ")
}
