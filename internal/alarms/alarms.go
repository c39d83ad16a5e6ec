// Package alarms counts what became of alerts: how many of them were true
// (precision), and how many of the things worth an alert had one (recall).
//
// Precision is of the alerts that people judged; those nobody judged yet are
// counted apart. Recall can only be of what people know of: the alerts they
// found true, and what they entered as missed. A crisis that nobody entered is
// in no figure, so the recall here is an upper bound.
package alarms

import (
	"cmp"
	"slices"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// Figures count alerts by what people made of them.
type Figures struct {
	Alerts   int // raised here; without the merged and the missed
	True     int
	Late     int // true, but people knew before
	False    int
	Missed   int // entered by hand
	Unjudged int
}

// Precision is the share of true and late ones among the alerts judged; known
// is false where none is.
func (f Figures) Precision() (share float64, known bool) {
	return part(f.True+f.Late, f.True+f.Late+f.False)
}

// Recall is the share of what was worth an alert that had one, be it late.
func (f Figures) Recall() (share float64, known bool) {
	return part(f.True+f.Late, f.True+f.Late+f.Missed)
}

// InTime is the same for alerts that came before people knew.
func (f Figures) InTime() (share float64, known bool) {
	return part(f.True, f.True+f.Late+f.Missed)
}

func part(n, of int) (float64, bool) { return float64(n) / float64(max(1, of)), of > 0 }

// Month is the figures of one month, in the time of Viet Nam.
type Month struct {
	First   time.Time // its first midnight
	All     Figures
	Threats Figures // of those raised by a named threat, on one article; nobody knows which missed ones would have been
}

// Months counts a ledger by month, the newest first, and in all.
func Months(alerts []news.Alert) (months []Month, all Month) {
	byMonth := map[time.Time]*Month{}
	for _, a := range alerts {
		at := a.At.In(config.VN)
		first := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, config.VN)
		m := byMonth[first]
		if m == nil {
			m = &Month{First: first}
			byMonth[first] = m
		}
		m.add(a)
		all.add(a)
	}
	for _, m := range byMonth {
		months = append(months, *m)
	}
	slices.SortFunc(months, func(a, b Month) int { return cmp.Compare(b.First.Unix(), a.First.Unix()) })
	return months, all
}

func (m *Month) add(a news.Alert) {
	m.All.add(a.Judgement)
	if a.Threat != "" {
		m.Threats.add(a.Judgement)
	}
}

func (f *Figures) add(j news.Judgement) {
	if j != news.Merged && j != news.Missed {
		f.Alerts++
	}
	switch j {
	case news.Rightly:
		f.True++
	case news.TooLate:
		f.Late++
	case news.Wrongly:
		f.False++
	case news.Missed:
		f.Missed++
	case news.Unjudged:
		f.Unjudged++
	}
}
