package card

import (
	"slices"
	"time"

	"diembao/internal/say"
)

// Hours are the publications of the story hour by hour, up to the card's own.
type Hours struct {
	From  time.Time `json:"from"`     // the beginning of the first hour
	Bad   []int     `json:"negative"` // publications of negative tone
	Rest  []int     `json:"others"`
	Usual float64   `json:"usual"` // publications on the story's topic in an hour of a day like this; 0: not known
}

// A picture of the last day is seen at a glance; one of a few hours still shows
// how fast it goes.
const (
	mostHours  = 24
	fewestHour = 12
)

// hours counts the story by the hour; of one that has been silent since, the
// hours of its end.
func (m *maker) hours() Hours {
	last, n := m.Now.Truncate(time.Hour), fewestHour // Viet Nam is whole hours from UTC
	for _, a := range slices.Backward(m.Articles) {
		if a.At.After(m.Now) { // dated tomorrow
			continue
		}
		if m.Now.Sub(a.At) >= fewestHour*time.Hour {
			last = a.At.Truncate(time.Hour)
		}
		break
	}
	if len(m.Articles) > 0 {
		n = min(max(int(last.Sub(m.Articles[0].At.Truncate(time.Hour)).Hours())+1, n), mostHours)
	}
	h := Hours{From: last.Add(time.Duration(1-n) * time.Hour), Bad: make([]int, n), Rest: make([]int, n)}
	for _, a := range m.Articles {
		if i := int(a.At.Sub(h.From) / time.Hour); !a.At.Before(h.From) && i < n {
			if a.Reading.Tone == "negative" {
				h.Bad[i]++
			} else {
				h.Rest[i]++
			}
		}
	}
	if m.Usual.Days >= enoughDays {
		h.Usual = m.Usual.Mean / 24
	}
	return h
}

// Tell says in words what a picture of the hours shows.
func (h Hours) Tell(w *say.Words) string {
	most, at, all := 0, 0, 0
	for i := range h.Bad {
		n := h.Bad[i] + h.Rest[i]
		all += n
		if n > most {
			most, at = n, i
		}
	}
	if all == 0 {
		return w.Say("card.hours.none", "From", w.Moment(h.From))
	}
	hour := func(i int) string { return w.Clock(h.From.Add(time.Duration(i) * time.Hour)) }
	out := w.Say("card.hours.told", "All", all, "From", w.Moment(h.From), "To", hour(len(h.Bad)), "Most", most, "Bad", h.Bad[at], "At", hour(at), "Next", hour(at+1))
	if h.Usual > 0 {
		out += " " + w.Say("card.hours.usual", "Usual", w.Decimal(24*h.Usual, 1))
	}
	return out
}
