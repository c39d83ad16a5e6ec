package classify

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// mostUnits is how many offices the body alone may name.
const mostUnits = 3

// unitsOf names the offices of the agency that an article tells of, as they
// stood on its day, with today's successor in the reason. Headline and lead
// come first; where they name none the body may, but for the centre, whose
// name stands in every other text.
func (c *Classifier) unitsOf(v *view, r *news.Reading) {
	var t tally
	for _, inBody := range []bool{false, true} {
		if inBody && len(r.Units) > 0 {
			break
		}
		for _, m := range v.all {
			id, ok := strings.CutPrefix(m.What, "unit:")
			if !ok || (m.Where == news.Body) != inBody || slices.Contains(r.Units, id) {
				continue
			}
			if u, known := c.unit(id); known && (!inBody || u.Kind != "centre" && u.Kind != "department" && len(r.Units) < mostUnits) {
				r.Units = append(r.Units, id)
				t.add(1, then(m.Rule, u)+c.now(u), m)
			}
		}
		c.baseOffices(v, r, &t, inBody)
	}
	if len(r.Units) > 0 {
		r.Verdicts["units"] = t.verdict(r.Units, 0.85)
	}
}

func (c *Classifier) unit(id string) (config.Unit, bool) {
	i := slices.IndexFunc(c.units, func(u config.Unit) bool { return u.ID == id })
	if i < 0 {
		return config.Unit{}, false
	}
	return c.units[i], true
}

// then adds to the name an office was found by what it was on that day.
func then(rule string, u config.Unit) string {
	if rule == "đơn vị: "+u.Name {
		return rule
	}
	return rule + ", khi ấy là " + u.Name
}

// now says which office does an office's work today; nothing where it does so itself.
func (c *Classifier) now(u config.Unit) string {
	heirs := c.heirs(u)
	if len(heirs) == 0 || u.To.IsZero() {
		return ""
	}
	return "; nay là " + strings.Join(heirs, " và ")
}

// heirs are the names of the offices that do an office's work today: its
// successor, or, where its area was cut up, those of today's provinces.
func (c *Classifier) heirs(u config.Unit) []string {
	if now, ok := c.unit(u.Current); ok {
		return []string{now.Name}
	}
	var names []string
	for _, slug := range u.Area {
		for _, heir := range c.units {
			if heir.Kind == "province" && heir.To.IsZero() && slices.Contains(heir.Area, slug) && !slices.Contains(names, heir.Name) {
				names = append(names, heir.Name)
			}
		}
	}
	return names
}

// office is the provincial or regional office that a province had on a day.
func (c *Classifier) office(slug string, day time.Time) (config.Unit, bool) {
	i := slices.IndexFunc(c.units, func(u config.Unit) bool {
		return (u.Kind == "province" || u.Kind == "region") && slices.Contains(u.Area, slug) && config.Covers(u.From, u.To, day)
	})
	if i < 0 {
		return config.Unit{}, false
	}
	return c.units[i], true
}

// baseOffice is an office below the provincial one: "BHXH cơ sở Cầu Ván", and
// until 2025 "BHXH huyện Cầu Ván", "BHXH quận 3".
var baseOffice = regexp.MustCompile(`(?:BHXH|[Bb]ảo hiểm xã hội)\s+(?:cơ sở|huyện|quận|thị xã)\s+(?:\d{1,2}|(?:\p{Lu}[\p{L}’']*\s?){1,4})`)

// baseOffices takes an office below the provincial one for the provincial one
// it belongs to; who leads it is named in the reason. Where nothing tells the
// province it belongs to none.
func (c *Classifier) baseOffices(v *view, r *news.Reading, t *tally, inBody bool) {
	for _, part := range []news.Part{news.Title, news.Lead, news.Body} {
		if (part == news.Body) != inBody {
			continue
		}
		text := v.text(part)
		for _, at := range baseOffice.FindAllStringIndex(text[:before(text, mostRead)], mostUnits) {
			m := news.Mention{Where: part, Start: at[0], End: at[1], Quote: strings.TrimSpace(text[at[0]:at[1]])}
			if slices.ContainsFunc(t.reasons, func(known news.Reason) bool { return known.Quote == m.Quote }) {
				continue
			}
			parent, ok := c.office(v.provinceIn(part, v.sentence(m), m.Start, r), day(v.a))
			if !ok {
				continue
			}
			if !slices.Contains(r.Units, parent.ID) {
				r.Units = append(r.Units, parent.ID)
			}
			t.add(1, "đơn vị cơ sở: "+m.Quote+", thuộc "+parent.Name+c.now(parent), m)
		}
	}
}
