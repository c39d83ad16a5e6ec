package web

import "diembao/index"

// facetFields are counted beside every answer, in this order.
var facetFields = []string{"level", "insurance", "tone", "topic", "province", "outlet", index.FacetMonth}

// shown is how many values of a facet are seen before "more" is opened.
const shown = 7

// facet is one field with the values that the answer has.
type facet struct {
	Name, Label string
	First, More []value
}

// value is one value of a facet, with the address that keeps it or lets it go.
type value struct {
	Label     string
	Count     int // publications
	Originals int
	URL       string
	NotURL    string // keeps the value out; empty where that makes no sense
	On        bool
	Attribute string // the value itself, for its colour
}

// chip is a filter in force and the address without it.
type chip struct {
	Field, Label, URL string
	Not               bool
}

func (v *visit) facets(q question, counts, originals map[string][]index.Count) []facet {
	var out []facet
	for _, name := range facetFields {
		f := facet{Name: name, Label: v.label.field(name)}
		different := map[string]int{}
		for _, c := range originals[name] {
			different[c.Value] = c.Count
		}
		for i, c := range counts[name] {
			x := v.value(q, name, c)
			x.Originals = different[c.Value]
			if i < shown {
				f.First = append(f.First, x)
			} else {
				f.More = append(f.More, x)
			}
		}
		if len(f.First) > 0 {
			out = append(out, f)
		}
	}
	return out
}

func (v *visit) value(q question, field string, c index.Count) value {
	out := value{Label: v.label.of(field, c.Value), Count: c.Count, Attribute: c.Value}
	if field == index.FacetMonth {
		if from, to, ok := month(c.Value); ok {
			out.On = q.From == from && q.To == to
			out.URL = q.in(from, to).address()
			if out.On {
				out.URL = q.in("", "").address()
			}
		}
		return out
	}
	out.On = q.has(field, c.Value)
	if out.On {
		out.URL = q.less(field, c.Value).address()
		return out
	}
	out.URL, out.NotURL = q.with(field, c.Value).address(), q.with(without+field, c.Value).address()
	return out
}

// chips are the filters in force.
func (v *visit) chips(q question) []chip {
	var out []chip
	for _, field := range filters {
		for _, name := range []string{field, without + field} {
			for _, value := range q.values[name] {
				out = append(out, chip{v.label.field(field), v.label.either(field, value), q.less(name, value).address(), name != field})
			}
		}
	}
	if q.From != "" {
		out = append(out, chip{v.words.Say("web.from"), v.day(q.From), q.in("", q.To).address(), false})
	}
	if q.To != "" {
		out = append(out, chip{v.words.Say("web.to"), v.day(q.To), q.in(q.From, "").address(), false})
	}
	return out
}

// day names a day of an address, or the span that stands there.
func (v *visit) day(s string) string {
	if t := start(s); !t.IsZero() {
		return v.words.Date(t)
	}
	return s
}
