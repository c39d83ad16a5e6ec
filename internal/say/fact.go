package say

import (
	"encoding/json"
	"math"
	"strings"
	"time"
)

// Fact is something that was seen, kept as the id of a message with its
// values rather than in the words of one language: whoever reads it later
// reads it in their own.
//
// What a value means is in its name: Span is a number of seconds, Share a
// number from 0 to 1, Time a moment as RFC 3339, What the last part of the id
// of a message that stands for it. Other numbers are written as numbers, text
// as it is.
type Fact struct {
	ID     string
	Values map[string]any
}

// factMark begins a kept fact; no evidence in plain words begins so.
const factMark = `{"fact":`

type keptFact struct {
	ID     string         `json:"fact"`
	Values map[string]any `json:"of,omitempty"`
}

// Seen makes a fact of a message and its values, given as pairs.
func Seen(id string, pairs ...any) Fact {
	f := Fact{ID: id, Values: map[string]any{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, value := pairs[i].(string), pairs[i+1]
		switch v := value.(type) {
		case time.Duration:
			value = v.Seconds()
		case time.Time:
			value = v.Format(time.RFC3339)
		}
		f.Values[name] = value
	}
	return f
}

// String is the form a fact is kept in, the same for the same fact.
func (f Fact) String() string {
	text, err := json.Marshal(keptFact(f))
	if err != nil { // only a value that is no data: a slip of who made the fact
		return f.ID
	}
	return string(text)
}

// Tell puts a kept fact into words; words kept as they were said come back
// unchanged.
func (w *Words) Tell(kept string) string {
	if !strings.HasPrefix(kept, factMark) {
		return kept
	}
	var f keptFact
	if err := json.Unmarshal([]byte(kept), &f); err != nil {
		return kept
	}
	var pairs []any
	for name, value := range f.Values {
		pairs = append(pairs, name, w.value(name, value))
	}
	return w.Say(f.ID, pairs...)
}

// value writes one value of a fact as its name asks.
func (w *Words) value(name string, value any) any {
	switch v := value.(type) {
	case float64:
		switch {
		case name == "Span":
			return w.Span(time.Duration(v * float64(time.Second)))
		case name == "Share":
			return w.Percent(v)
		case name == "Status":
			return w.plain(v)
		case v == math.Trunc(v):
			return int(v)
		}
		return w.Decimal(v, 1)
	case string:
		if name == "Time" {
			if t, err := time.Parse(time.RFC3339, v); err == nil {
				return w.Moment(t)
			}
		}
		if name == "What" && w.Has("seen.what."+v) {
			return w.Say("seen.what." + v)
		}
	}
	return value
}

// plain writes a number that is a name, such as an HTTP status: 1000, not 1.000.
func (w *Words) plain(n float64) string {
	return strings.NewReplacer(".", "", ",", "").Replace(w.Number(int(n)))
}

// Span writes a length of time in its largest unit that fits twice: 90 minutes
// stay minutes, 50 hours are two days.
func (w *Words) Span(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return w.Say("span.seconds", "N", int(math.Round(d.Seconds())))
	case d < 2*time.Hour:
		return w.Say("span.minutes", "N", int(math.Round(d.Minutes())))
	case d < 48*time.Hour:
		return w.Say("span.hours", "N", int(math.Round(d.Hours())))
	}
	return w.Say("span.days", "N", int(math.Round(d.Hours()/24)))
}
