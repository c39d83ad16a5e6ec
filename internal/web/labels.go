package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/say"
	"diembao/internal/store"
)

// labels name the values of a reading in the reader's language.
type labels struct {
	words *say.Words
	pack  config.Pack
}

// of names a value of a field; a value nobody has named stands for itself.
func (l labels) of(field, value string) string {
	switch field {
	case "outlet":
		return l.outlet(value)
	case "province", "provinces":
		if p, ok := l.pack.ProvinceByID(value); ok {
			return p.Name
		}
	case "topic", "topics":
		return l.topic(value)
	case "unit", "units":
		if u, ok := l.pack.UnitByID(value); ok {
			return u.Name
		}
	case "month":
		if y, m, ok := strings.Cut(value, "-"); ok {
			return m + "/" + y
		}
	default:
		return l.message(field+"."+value, value)
	}
	return value
}

// either names values of which one is enough.
func (l labels) either(field, values string) string {
	list := strings.Split(values, either)
	for i, v := range list {
		list[i] = l.of(field, v)
	}
	return strings.Join(list, " / ")
}

func (l labels) message(id, otherwise string) string {
	if l.words.Has(id) {
		return l.words.Say(id)
	}
	return otherwise
}

func (l labels) outlet(id string) string {
	if o, ok := l.pack.OutletByID(id); ok {
		return o.Name
	}
	return id
}

func (l labels) topic(id string) string {
	t, ok := l.pack.TopicByID(id)
	switch {
	case !ok:
		return id
	case l.words.Lang == "en" && t.LabelEN != "":
		return t.LabelEN
	}
	return t.Label
}

// field names a field of the index.
func (l labels) field(name string) string { return l.message("field."+name, name) }

// level names an incident's level as the configuration does.
func (l labels) level(level int) string {
	for _, c := range l.pack.Crisis.Levels {
		if c.Level == level {
			return config.In(l.words.Lang, c.Name, c.NameEN)
		}
	}
	return l.message("level."+strconv.Itoa(level), strconv.Itoa(level))
}

// factor names what spoke for an incident; a threat is named by the configuration.
func (l labels) factor(name string) string {
	if id, ok := strings.CutPrefix(name, "threat:"); ok {
		if name, ok := l.pack.Crisis.Threat(id, l.words.Lang); ok {
			return name
		}
	}
	return l.message("factor."+name, name)
}

// rule says why a rule read as it did. What a topic, a form or an event is
// called in Vietnamese is named as the configuration names it.
func (l labels) rule(said string) string {
	text, _ := l.words.Retell(said, l.labelled)
	return text
}

// why is the reason that was given for a step: a person's in the person's own
// words, the machine's in the reader's language.
func (l labels) why(who, said string) string {
	if who == "" || who == news.Machine {
		return l.rule(said)
	}
	return said
}

// labelled names in the reader's language what bears a Vietnamese label.
func (l labels) labelled(label string) string {
	for _, t := range l.pack.Topics.Topics {
		if t.Label == label {
			return config.In(l.words.Lang, t.Label, t.LabelEN)
		}
	}
	for _, s := range slices.Concat(l.pack.Topics.Forms, l.pack.Topics.Events) {
		if s.Label == label {
			return config.In(l.words.Lang, s.Label, s.LabelEN)
		}
	}
	return label
}

// did names a step in the life of an incident: "assign Hoa" is a deed and what it is about.
func (l labels) did(did string) string {
	what, of, _ := strings.Cut(did, " ")
	switch what {
	case store.AxisKind:
		name, _ := l.pack.Crisis.Called(of, "", l.words.Lang)
		of = cmp.Or(name, of)
	case store.AxisType:
		_, name := l.pack.Crisis.Called("", of, l.words.Lang)
		of = cmp.Or(name, of)
	case "undone":
		of = l.message("did."+of, of)
	}
	return strings.TrimSpace(l.message("did."+what, what) + " " + of)
}
