package alarms

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
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

// CheckSilence says what is wrong with a silence as it was entered; nil where
// nothing is.
func CheckSilence(s news.Silence, pack config.Pack) error {
	longest := pack.Crisis.Silences.Longest
	switch {
	case s.Who == "":
		return errors.New("say who wants it")
	case s.Why == "":
		return errors.New("say why: whoever is not told will ask")
	case s.Topic == "" && s.Province == "" && s.Outlet == "" && s.Story == "" && syllables(s.Words) == " ":
		return errors.New("say what is to be silent: a topic, a province, an outlet, a story or words")
	case !s.Until.After(s.From):
		return errors.New("its end is not after its beginning")
	case s.Until.Sub(s.From) > longest:
		return fmt.Errorf("a silence lasts %.0f days at most; silence it anew when it has ended", longest.Hours()/24)
	}
	if _, ok := pack.TopicByID(s.Topic); s.Topic != "" && !ok {
		return fmt.Errorf("there is no topic %q", s.Topic)
	}
	if _, ok := pack.ProvinceByID(s.Province); s.Province != "" && !ok {
		return fmt.Errorf("there is no province %q", s.Province)
	}
	if _, ok := pack.OutletByID(s.Outlet); s.Outlet != "" && !ok {
		return fmt.Errorf("there is no outlet %q", s.Outlet)
	}
	return nil
}

// Matter says in words what a silence is about.
func Matter(s news.Silence, pack config.Pack) string {
	var parts []string
	if t, ok := pack.TopicByID(s.Topic); ok {
		parts = append(parts, t.Label)
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
