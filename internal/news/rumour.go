package news

import "time"

// Truth is what is known of a claim.
type Truth string

// The truths of a claim.
const (
	Unproven Truth = "unproven"
	Untrue   Truth = "false"
	Proven   Truth = "true"
)

// Rumour is a claim that people keep in a register, so that nobody refutes it
// twice from scratch when it comes back.
type Rumour struct {
	ID        int64
	Claim     string // in one sentence, as it goes round
	Truth     Truth
	Document  string // name of what settles it: a decision, a press release
	URL       string // of that document
	FirstSeen time.Time
	SettledBy string    // who refuted or confirmed it
	Settled   time.Time // zero while it is unproven
	Who       string    // its author here
	Made      time.Time
	Ended     time.Time // no longer looked for since then; zero while it is
	Articles  int       // that repeat it
}

// RumourHit is an article that repeats a rumour.
type RumourHit struct {
	Rumour  int64
	Article string
	Share   float64 // of the claim found in one place, 0 to 1
	Where   Part
	Quote   string // that place
	Denied  bool   // the place denies it
}
