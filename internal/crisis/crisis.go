// Package crisis decides which stories are incidents, of what level, and why.
//
// A story is weighed by a logistic score over named factors, whose weights
// stand in crisis.yaml: how many independent newsrooms tell of harm for which
// the agency, its funds, its services or its rules are blamed, how many of them
// are read nationwide, in how many provinces, how much of the coverage is
// negative, how grave it is, who is named and who acts, how fast it spreads.
// Gates stand beside the score: no number of articles of one newsroom, and no
// number of copies of one text, makes an incident. One article of a trusted
// outlet is enough for a named threat alone.
//
// Round-ups and articles that are not ours are never counted. An article that
// came in by another door than the crawl, or was published more than a day
// before it was first seen, belongs to its story and never starts or raises an
// incident.
//
// # The life of an incident
//
//	         gates and score, or a threat
//	(story) ───────────────────────────────▶ open ◀──────────────┐
//	                                          │ │ ▲               │
//	                    a person acknowledges │ │ │ a level more,  │ harm told anew,
//	                                          ▼ │ │ harm told anew │ within reopen_until
//	                                       acked│ │               │
//	                   fade_after quiet hours │ ▼ │               │
//	                                          └▶fading            │
//	                   close_after quiet hours   │                │
//	                                             ▼                │
//	                                           closed ────────────┘
//	                                             │ harm told anew, later
//	                                             ▼
//	                                           a new incident: i-<story>-2
//
//	any ── a person says so ──▶ false, and the rules let it rest for ever
//
// Harm told anew is told by the incident's own story or, where that was
// forgotten, by another one of the same event: then the two become one (Again).
//
// Quiet hours are newsroom hours, 06:00 to 22:00 in Viet Nam: a night without
// news is not the end of a story. A level only rises while an incident lives;
// what ebbs is its state. A person may lower it, and that word stands until
// twice as many articles tell the story. That is the hysteresis: a score that swings about a
// threshold tells nobody twice.
package crisis

import (
	"time"

	"diembao/internal/news"
)

// Hit is a word of the crisis lexicon found in an article.
type Hit struct {
	Severity int // 1..3
	Where    news.Part
	Quote    string
}

// Article is what the watch knows of one article.
type Article struct {
	ID, URL     string
	Title, Lead string
	Outlet      string // id
	Kind        string // of the outlet, as in config.Outlet
	Reach       string // national, local
	Level       string // official: central, local
	Trusted     bool   // of the outlet
	Provinces   []string
	Topics      []string
	Relevant    bool
	Digest      bool
	Tone        string // negative, neutral, positive
	Role        string // of the agency: blamed, enforcer, victim, informant, none
	Target      string // of blame
	Risk        int    // 0..3
	Routine     bool   // explains itself as everyday news of the field
	Confidence  float64
	Hits        []Hit
	CopyOf      string // id of the original; empty for a text of its own
	Rumour      int64  // number of a claim of the register that it repeats without denying it; 0: none
	Via         news.Via
	Published   time.Time // zero where unknown
	FirstSeen   time.Time

	text text // of title and lead; See fills it
}

// Tally is a story with all that is known of its articles.
type Tally struct {
	Story    string
	Title    string
	Outlets  int // switched on in this installation; 0: not known, gates stand as written
	Articles []Article

	Surprise Aside // how unusual the volume of its topic and place is, 0 to 1
	Likeness Aside // to what people judged before: 1 like a true alert, -1 like a false one
}

// Aside is a factor of a story that its own articles do not tell: whoever knows
// the days before it hands it in, with the words that explain it.
type Aside struct {
	Value    float64
	Articles []string // ids
	Quote    string
}

// Kind names a step in the life of an incident.
type Kind string

// The steps. Opened, Raised and Reopened, and Updated from level 2 on, are told to people.
const (
	Opened   Kind = "opened"
	Raised   Kind = "raised"
	Reopened Kind = "reopened"
	Updated  Kind = "updated"  // a new province, or the agency has spoken
	Grown    Kind = "grown"    // more articles, nothing new
	Returned Kind = "returned" // it was fading and is told again
	Faded    Kind = "faded"
	Ended    Kind = "closed"
)

// Change is one step to be stored: the incident as it is now.
type Change struct {
	Incident news.Incident
	Kind     Kind
	From     int    // the level before; 0 where there was no incident
	Tell     bool   // people are to be told
	Why      string // one clause in Vietnamese for the incident's history
	Joins    string // of an incident reopened because another story tells its event anew: that story, from now on part of its own
	Again    Retold // … and what makes it the same event
}

// ID is the id of the first incident of a story.
func ID(story string) string { return "i-" + story }
