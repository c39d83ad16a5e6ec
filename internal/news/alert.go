package news

import (
	"strings"
	"time"
)

// AlertLevel is the level from which an incident counts as an alert.
const AlertLevel = 2

// Alert is a line of the ledger: an incident when it first stood at AlertLevel
// or above, or one that people heard of elsewhere.
type Alert struct {
	Incident  string    // id; empty for one that was missed
	Row       int64     // number of a missed one
	Title     string    // of the incident, or as the person wrote it
	At        time.Time // first alerted; of a missed one when people heard of it
	Level     int       // when first alerted; 0 for a missed one
	Threat    string    // id of the named threat that raised it; empty
	Judgement Judgement
	Who, Why  string    // of the judgement
	Said      time.Time // when it was passed; zero where there is none
	Act       bool      // nobody judged it in words: what was done with it tells
}

// Judgement is what people made of an alert.
type Judgement string

// The judgements. Merged ones repeat another alert and count for nothing.
const (
	Unjudged Judgement = ""
	Rightly  Judgement = "true"
	Wrongly  Judgement = "false"
	TooLate  Judgement = "late" // true, but people knew before
	Missed   Judgement = "missed"
	Merged   Judgement = "merged"
)

// Threat is the id of the named threat among an incident's factors; empty
// where it was raised by its score.
func (i Incident) Threat() string {
	for _, f := range i.Reasons {
		if id, ok := strings.CutPrefix(f.Factor, "threat:"); ok && f.Value > 0 {
			return id
		}
	}
	return ""
}
