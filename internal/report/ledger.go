package report

import (
	"time"

	"diembao/internal/say"
)

// Alarms is what became of the alerts of a month, or of the whole period, as
// the ledger counts them. A share is nil where nothing is known.
type Alarms struct {
	Month     time.Time `json:"month,omitzero"` // its first midnight in Viet Nam; zero for the period
	Alerts    int       `json:"alerts"`         // raised here; without the merged and the missed
	True      int       `json:"true"`
	Late      int       `json:"late"` // true, but people knew before
	False     int       `json:"false"`
	Unjudged  int       `json:"unjudged"`
	Missed    int       `json:"missed"` // entered by hand
	Precision *float64  `json:"precision"`
	Recall    *float64  `json:"recall"`
	InTime    *float64  `json:"recall_in_time"`
}

// verdicts are in the order in which the picture stacks them.
var verdicts = []string{"true", "late", "false", "none", "missed"}

// of is how many have a verdict.
func (a Alarms) of(verdict string) int {
	return map[string]int{"true": a.True, "late": a.Late, "false": a.False, "none": a.Unjudged, "missed": a.Missed}[verdict]
}

// Any reports whether there was an alert, or should have been one.
func (a Alarms) Any() bool { return a.Alerts+a.Missed > 0 }

// Alarmed is one alert, or one that was missed, with what people made of it.
type Alarmed struct {
	Title   string    `json:"title"`
	At      time.Time `json:"at"`
	Level   int       `json:"level"`   // 0 where it was missed
	Verdict string    `json:"verdict"` // true, late, false, missed, merged; none where nobody judged
	Who     string    `json:"by"`
}

// Ledger is the ledger of alarms of a period.
type Ledger struct {
	All    Alarms    `json:"all"`
	Months []Alarms  `json:"months"` // the oldest first, quiet ones among them
	Alerts []Alarmed `json:"alerts"` // the oldest first
}

// month is the longest period that tells of its alarms in one line.
const month = 31 * 24 * time.Hour

// Long reports whether the period has months to compare.
func (f Figures) Long() bool { return f.To.Sub(f.From) > month }

// alarmColumn is a month in the picture of alarms: blocks on one another, in
// the units of the picture.
type alarmColumn struct {
	Alarms
	X, Wide, Middle int
	Top             int // where the number above the column stands
	Blocks          []alarmBlock
}

type alarmBlock struct {
	Verdict string
	Y, High int
}

// The picture of alarms has its floor at 120, as that of the days, and is 100
// high; five alerts at least fill it, so that one looks like one.
const (
	alarmWide  = 420
	alarmFloor = 120
	alarmHigh  = 100
	alarmMost  = 5
)

// alarmColumns draws the months: what was right at the bottom, what was missed on top.
func alarmColumns(months []Alarms) []alarmColumn {
	most := alarmMost
	for _, m := range months {
		most = max(most, m.Alerts+m.Missed)
	}
	var out []alarmColumn
	for i, m := range months {
		c := alarmColumn{Alarms: m, X: i * alarmWide / len(months), Wide: min(45, alarmWide*2/3/len(months))}
		c.Middle = c.Wide / 2
		n := 0
		for _, v := range verdicts {
			if m.of(v) == 0 {
				continue
			}
			foot := n * alarmHigh / most
			n += m.of(v)
			high := n*alarmHigh/most - foot
			c.Blocks = append(c.Blocks, alarmBlock{Verdict: v, Y: alarmFloor - foot - high, High: high})
		}
		c.Top = alarmFloor - n*alarmHigh/most - 4
		out = append(out, c)
	}
	return out
}

// known says a share that may be unknown.
func known(share *float64, w *say.Words) string {
	if share == nil {
		return "–"
	}
	return w.Percent(*share)
}
