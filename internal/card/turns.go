package card

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/say"
	"diembao/internal/vi"
)

// Turn is a moment at which the story or the incident changed: the first
// article, a new headline, province or figure, the agency's word, authorities
// at work, an edit, a page taken down, a level, a person's word.
type Turn struct {
	At      time.Time `json:"at"`
	Seen    time.Time `json:"seen"` // when this system learned of it
	What    string    `json:"what"` // first, angle, province, number, official, correction, authorities, leaders, edit, gone, level, person
	Text    string    `json:"text"`
	Outlet  string    `json:"outlet"`
	Article string    `json:"article"`
	Quote   string    `json:"quote"`
}

// Since tells in words what changed after a moment in what the press says: who
// joined in, and how the claim changed. The levels and what people did are no
// news to whoever gets the letter.
func (c Card) Since(last time.Time, w *say.Words) []string {
	var out, joined []string
	for _, o := range c.Outlets {
		if o.Seen.After(last) {
			joined = append(joined, o.Name)
		}
	}
	if len(joined) > 0 {
		out = append(out, w.Say("card.joined", "N", len(joined), "Outlets", strings.Join(joined, ", ")))
	}
	for _, t := range c.Turns {
		if t.Seen.After(last) && t.What != "level" && t.What != "person" {
			out = append(out, strings.TrimSpace(Clock(w, t.At, c.AsOf)+" "+t.Outlet+" – "+t.Text)+": “"+t.Quote+"”")
		}
	}
	return out
}

// turns tells how the claim changed, oldest first.
func (m *maker) turns() []Turn {
	var out []Turn
	seen := seen{provinces: map[string]bool{}, numbers: map[string]string{}, headlines: map[string]bool{}, official: map[bool]bool{}}
	for i, a := range originals(m.Articles) {
		for _, what := range m.news(&seen, a, i == 0) {
			out = append(out, Turn{At: a.At, Seen: a.FirstSeen, What: what[0], Text: what[1], Outlet: m.outlet(a.Outlet), Article: a.ID, Quote: a.Title})
		}
	}
	out = append(out, m.enter("authorities")...)
	out = append(out, m.enter("leaders")...)
	out = append(append(out, m.edits()...), m.life()...)
	slices.SortStableFunc(out, func(a, b Turn) int { return a.At.Compare(b.At) })
	return out
}

// news is what an article brings that none before it did: pairs of what sort it
// is and how to say it. Only harm told in other words, of other places or with
// other figures changes the claim.
func (m *maker) news(seen *seen, a Article, first bool) (out [][2]string) {
	provinces, numbers, angle := seen.take(a)
	switch {
	case first:
		return [][2]string{{"first", m.w.Say("card.turn.first")}}
	case corrects(a):
		return [][2]string{{"correction", m.w.Say("card.turn.correction")}}
	case m.speaks(a) && !seen.official[m.own(a)]:
		seen.official[m.own(a)] = true
		out = append(out, [2]string{"official", m.w.Say(map[bool]string{false: "card.turn.official", true: "card.turn.portal"}[m.own(a)])})
	}
	if !a.Harm {
		return out
	}
	for _, p := range provinces {
		out = append(out, [2]string{"province", m.w.Say("card.turn.province", "Province", m.province(p))})
	}
	for _, n := range numbers {
		out = append(out, [2]string{"number", m.w.Say("card.turn.number", "Number", n)})
	}
	if angle && len(out) == 0 {
		out = append(out, [2]string{"angle", m.w.Say("card.turn.angle")})
	}
	return out
}

// corrects reports whether an article stands under the heading that the press
// law gives corrections.
func corrects(a Article) bool {
	title := vi.Key(a.Title)
	return strings.HasPrefix(title, "đính chính") || strings.HasPrefix(title, "cải chính") || strings.HasPrefix(title, "thông tin cải chính")
}

// enter is the first article that a factor rests on: from then on the leaders
// or the authorities are part of the story.
func (m *maker) enter(factor string) []Turn {
	f := m.factor(factor)
	for _, a := range m.Articles {
		if slices.Contains(f.Articles, a.ID) {
			return []Turn{{At: a.At, Seen: a.FirstSeen, What: factor, Text: m.w.Say("card.turn." + factor), Outlet: m.outlet(a.Outlet), Article: a.ID, Quote: short(f.Quote)}}
		}
	}
	return nil
}

// edits are headlines changed and pages taken down by their own papers.
func (m *maker) edits() []Turn {
	var out []Turn
	for _, e := range m.Edits {
		a, _ := m.article(e.Article)
		out = append(out, Turn{At: e.At, Seen: e.At, What: "edit", Text: m.w.Say("card.turn.edit", "Was", e.Was), Outlet: m.outlet(a.Outlet), Article: e.Article, Quote: e.Now})
	}
	for _, g := range m.Gone {
		a, _ := m.article(g.Article)
		out = append(out, Turn{At: g.At, Seen: g.At, What: "gone", Text: m.w.Say("card.turn.gone"), Outlet: m.outlet(a.Outlet), Article: g.Article, Quote: a.Title})
	}
	return out
}

// life is what the rules and people did: levels, and every person's word.
func (m *maker) life() []Turn {
	var out []Turn
	for _, e := range m.Life {
		did, rest, _ := strings.Cut(e.Did, " ")
		t := Turn{At: e.At, Seen: e.At, What: "level", Quote: m.given(e)}
		switch {
		case e.Who != "":
			t.What, t.Text = "person", strings.TrimSpace(e.Who+": "+m.named("did."+did, did)+" "+m.object(did, rest))
		case did == "opened" || did == "raised" || did == "lowered" || did == "reopened":
			name, _ := m.level(e.Level)
			t.Text, t.Quote = m.w.Say("card.turn.level", "Did", m.named("did."+did, did), "Level", name), ""
		case did == "retold":
			t.Text = m.named("did."+did, did)
		default:
			t.Text, t.Quote = m.w.Say("card.turn.rules", "Did", m.named("did."+did, did)), ""
		}
		out = append(out, t)
	}
	return out
}

// given is the reason that was given for a step: a person's in the person's own
// words, the machine's in the reader's language.
func (m *maker) given(e Event) string {
	if e.Who != "" && e.Who != news.Machine {
		return e.Why
	}
	text, _ := m.w.Retell(e.Why, func(name string) string { return name })
	return text
}

// object names what a person's word was about: a person, a step, a kind.
func (m *maker) object(did, what string) string {
	switch did {
	case "kind":
		return m.kindName(what)
	case "type":
		return m.typeName(what)
	case "done", "undone":
		if what == "asked" {
			return "“" + m.named("did.asked", what) + "”"
		}
		return m.stepName(what)
	}
	return what
}

// seen is what the articles told up to now.
type seen struct {
	provinces map[string]bool
	numbers   map[string]string // unit → the last number
	headlines map[string]bool   // pairs of syllables
	official  map[bool]bool     // the agency spoke in the press; on a page of its own
}

// most provinces an article may name and still be about them.
const aboutProvinces = 3

// take takes an article in and returns what is new in it: provinces, figures of
// its headline that differ from those before, whether the headline tells it in other words.
func (s *seen) take(a Article) (provinces, numbers []string, angle bool) {
	places := a.Reading.Current
	if len(places) == 0 {
		places = a.Reading.Provinces
	}
	for _, p := range places {
		if !s.provinces[p] && len(places) <= aboutProvinces {
			s.provinces[p] = true
			provinces = append(provinces, p)
		}
	}
	for _, n := range figure.FindAllStringSubmatch(a.Title, -1) {
		unit, number := vi.Key(n[2]), n[1]
		if was, ok := s.numbers[unit]; ok && was != number {
			numbers = append(numbers, was+" → "+number+" "+n[2])
		}
		s.numbers[unit] = number
	}
	return provinces, numbers, s.angle(a.Title)
}

// figure is a number of what is counted in such stories.
var figure = regexp.MustCompile(`(?i)(\d[\d.,]*\d|\d)\s*(tỷ đồng|tỉ đồng|tỷ|tỉ|triệu đồng|người bệnh|bệnh nhân|người|lượt|trường hợp|hồ sơ|thẻ|cán bộ|bị can)(?:[^\p{L}]|$)`)

// otherWords is the share of a headline's pairs of syllables that were told
// before, below which it tells the story in other words.
const otherWords = 0.15

func (s *seen) angle(title string) bool {
	pairs := pairsOf(title)
	known := 0
	for _, p := range pairs {
		if s.headlines[p] {
			known++
		}
		s.headlines[p] = true
	}
	return len(pairs) > 0 && float64(known) < otherWords*float64(len(pairs))
}

// pairsOf are the pairs of neighbouring syllables of a text.
func pairsOf(text string) []string {
	tokens := vi.Tokens(text)
	var out []string
	for i := 1; i < len(tokens); i++ {
		out = append(out, tokens[i-1].Text+" "+tokens[i].Text)
	}
	return out
}
