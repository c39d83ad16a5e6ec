package crisis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
)

// Retold is why a story tells the event of an incident that was over.
type Retold struct {
	Likeness float64  // of the words, 0..1
	Names    []string // people, places and sums that both hang on
	Quotes   []string // the words that speak most for it
}

// Over returns the incidents that a change may tell anew: those that faded or
// were closed within reopen_until, of another story and of a like kind. What
// a person called a false alarm is none of them.
func (r *Rules) Over(now time.Time, c Change, known []news.Incident) (out []news.Incident) {
	if c.Kind != Opened && c.Kind != Raised {
		return nil
	}
	for _, in := range known {
		over := in.State == news.Fading || in.State == news.Closed
		if over && in.Story != c.Incident.Story && alikeKinds(in.Kind, c.Incident.Kind) &&
			in.Opened.Before(c.Incident.Opened) && now.Sub(in.Updated) <= r.ReopenUntil {
			out = append(out, in)
		}
	}
	return out
}

// alikeKinds reports whether two incidents may be one by what they are called;
// other says nothing.
func alikeKinds(a, b news.Called) bool {
	return a.Value == b.Value || a.Value == otherwise || b.Value == otherwise
}

// Again opens an incident that was over because another story, to which c
// happened, tells its event anew. told is that story and the incident's own in
// one, as they are from now on.
func (r *Rules) Again(now time.Time, c Change, in news.Incident, told Tally, by Retold) Change {
	w := r.weigh(now, told)
	next := w.write(in, now, r.version)
	next.State, next.Level = c.Incident.State, max(in.Level, c.Incident.Level, w.level)
	return Change{Incident: next, Kind: Reopened, From: in.Level, Tell: r.told(next.Level), Joins: c.Incident.Story, Again: by,
		Why: "tái phát: " + by.words()}
}

// words are the reason in Vietnamese.
func (b Retold) words() string {
	parts := []string{fmt.Sprintf("giống sự việc cũ %.2f", b.Likeness)}
	if len(b.Names) > 0 {
		parts = append(parts, "cùng nêu "+strings.Join(b.Names[:min(3, len(b.Names))], ", "))
	}
	if len(b.Quotes) > 0 {
		parts = append(parts, "“"+strings.Join(b.Quotes, "”, “")+"”")
	}
	return strings.Join(parts, "; ")
}

// Together are two stories told as one.
func Together(into, from Tally) Tally {
	into.Articles = slices.Concat(into.Articles, from.Articles)
	into.Outlets = max(into.Outlets, from.Outlets)
	return into
}
