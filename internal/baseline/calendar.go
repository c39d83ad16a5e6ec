package baseline

import (
	"slices"
	"sync"
	"time"

	"diembao/config"
	"diembao/internal/when"
)

// kind is what sort of day a day is.
type kind int

const (
	ordinary kind = iota
	holiday
	tet
)

// kinds remembers the kind of each day asked for, by its midnight: holidays are
// slow to tell, and every series asks for all days of its year.
var kinds sync.Map

// kindOf tells t's kind of day.
func kindOf(t time.Time) kind {
	day := when.StartOfDay(t).Unix()
	if k, ok := kinds.Load(day); ok {
		return k.(kind)
	}
	k := holiday
	switch when.Holiday(t) {
	case "":
		k = ordinary
	case "Tết Nguyên đán":
		k = tet
	}
	kinds.Store(day, k)
	return k
}

// Calendar is the peaks that are planned and harmless: the day of health
// insurance, a law that comes into force. The zero Calendar plans nothing.
type Calendar struct{ peaks []config.Peak }

// For is the calendar of one topic; an empty topic is that of the whole.
func For(c config.Calendar, topic string) Calendar {
	var out Calendar
	for _, p := range c.Peaks {
		if topic == "" || len(p.Topics) == 0 || slices.Contains(p.Topics, topic) {
			out.peaks = append(out.peaks, p)
		}
	}
	return out
}

// Peaks names the planned peaks that t falls in.
func (c Calendar) Peaks(t time.Time) []string {
	var names []string
	for _, p := range c.peaks {
		if in(p, t) {
			names = append(names, p.Name)
		}
	}
	return names
}

// times is how many times the usual number is planned for; the largest where
// peaks meet, 1 on other days.
func (c Calendar) times(t time.Time) float64 {
	most := 1.0
	for _, p := range c.peaks {
		if in(p, t) {
			most = max(most, p.Times)
		}
	}
	return most
}

// in reports whether t falls in a peak, with the days before and after it.
func in(p config.Peak, t time.Time) bool {
	day := when.StartOfDay(t)
	if p.Yearly == "" {
		to := p.To
		if to.IsZero() {
			to = p.From
		}
		return !day.Before(p.From.AddDate(0, 0, -p.Before)) && !day.After(to.AddDate(0, 0, p.After))
	}
	for year := day.Year() - 1; year <= day.Year()+1; year++ { // a peak may reach over New Year
		on := p.Yearly.In(year)
		if !day.Before(on.AddDate(0, 0, -p.Before)) && !day.After(on.AddDate(0, 0, p.After)) {
			return true
		}
	}
	return false
}
