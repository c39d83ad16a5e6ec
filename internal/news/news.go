// Package news holds the words of this house: what a press officer would call
// a link, a page, an article, a mention, a reading, a story, an incident and a
// letter. The types are plain values, made in one room and never changed in
// another; they know no database, no network and no clock.
package news

import "time"

// Link is one address that a source announced, with what it said about it.
type Link struct {
	URL       string    // as announced, absolute
	Outlet    string    // id of the outlet whose source announced it
	Source    string    // the feed, sitemap or listing page it was seen in
	Title     string    // plain text, NFC; empty if the source gave none
	Lead      string    // plain text, NFC
	Published time.Time // zero where the source gave no readable date
	DateFrom  string    // the words the date was read from, e.g. `feed pubDate "Sat, 07 Mar 2026 08:01:53 GMT+7"`
}

// Page is one answer of a web server, already decoded.
type Page struct {
	URL     string              // as asked
	Final   string              // after redirects
	Status  int                 // HTTP status
	Header  map[string][]string // canonical header names
	Raw     []byte              // the body as sent, after content-encoding
	Body    string              // the body as UTF-8, NFC
	Charset string              // what Raw was read as, e.g. "utf-8", "windows-1258"
	At      time.Time           // when it was received
}

// Article is one published text. Its ID follows from its Canonical address
// alone, so that the same article gets the same ID on every machine.
type Article struct {
	ID        string // ID(Canonical)
	URL       string // the address people open
	Canonical string // the identity: see Canonical
	Outlet    string // outlet id
	Title     string
	Lead      string // the sapo
	Body      string // paragraphs separated by "\n", without the lead
	Author    string // the byline, cleaned
	Section   string
	Tags      []string
	Form      string    // news, video, photo, infographic; empty where unknown
	Lang      string    // "vi", "en"; empty where unknown
	Published time.Time // zero where unknown
	Modified  time.Time // zero where unknown
	FirstSeen time.Time // when this system first met it
	Via       Via
	Version   int               // 1 for the first text seen, +1 for each edit
	From      map[string]string // field → where its value came from
	Doubts    []string          // why the extraction may be wrong; empty where it is trusted
}

// Via tells by which door an article came in.
type Via string

// The doors. Only what came in by Crawl may start an incident.
const (
	Crawl    Via = "crawl"
	Import   Via = "import"
	Backfill Via = "backfill"
	Clip     Via = "clip"
)

// Part names a piece of an article's text.
type Part string

// The parts, in the order a reader meets them.
const (
	Title Part = "title"
	Lead  Part = "lead"
	Body  Part = "body"
)

// Mention is a thing of ours found in a text.
type Mention struct {
	What  string `json:"what"`  // "bhxh", "bhyt", "bhtn", "province:an-giang", "unit:bhxh-an-giang", "topic:pension", "crisis:3:khởi tố"
	Where Part   `json:"where"` // the part it stands in
	Start int    `json:"start"` // byte offset in that part
	End   int    `json:"end"`   // byte offset after it
	Quote string `json:"quote"` // the words as written, with some of their neighbours
	Rule  string `json:"rule"`  // the rule that found it, as a press officer would name it
}

// Reason is why a verdict was given: the words, the rule, what it weighed.
type Reason struct {
	Rule   string  `json:"rule"`
	Where  Part    `json:"where,omitempty"`
	Quote  string  `json:"quote,omitempty"`
	Weight float64 `json:"weight"`
}

// Verdict is what the system holds of one axis of an article.
type Verdict struct {
	Value      any      `json:"value"` // bool, string, int or []string, as the axis has it
	Confidence float64  `json:"confidence"`
	Reasons    []Reason `json:"reasons"`
	Before     any      `json:"before,omitempty"` // the value that a language model settled otherwise; nil where none did
}

// The insurances.
const (
	BHXH = "bhxh" // social insurance
	BHYT = "bhyt" // health insurance
	BHTN = "bhtn" // unemployment insurance
)

// Reading is what the system understands of one article, by one set of rules.
// The plain fields repeat the values of Verdicts, for counting.
type Reading struct {
	Rules     string             // version of the rules that gave it
	Relevant  bool               // about Vietnamese public social, health or unemployment insurance
	Uncertain bool               // relevance was close: kept as if relevant, shown for labelling first
	Insurance []string           // subset of BHXH, BHYT, BHTN
	Topics    []string           // topic ids, main one first, at most 3
	Scope     string             // national, local, none
	Provinces []string           // slugs, as the text names them
	Current   []string           // today's provinces for Provinces
	Weights   map[string]float64 // province of Provinces → how much of the text is about it; the sum is 1
	Units     []string           // units of the agency, ids
	Tone      string             // negative, neutral, positive
	Heard     string             // the tone as phrases alone hear it: quicker to hear harm, and what crises are watched by
	Role      string             // of the agency: blamed, enforcer, victim, informant, none
	Target    string             // of blame: agency, fund, policy, ministry, hospital, employer, criminals, none
	Digest    bool
	Unusual   bool   // no everyday news of the field explains it
	Risk      int    // 0..3
	Feared    *int   // the risk as phrases alone hear it, where Risk is another
	Level     string // of the outlet, official: central, local
	Reach     string // of the outlet, as read: national, local
	Form      string // news, report, interview, opinion, qa, photo, video, infographic
	Series    Series
	Events    []Event
	Models    []Model
	Claims    []Claim
	Said      []Said // of officials
	Verdicts  map[string]Verdict
}

// Heard names the verdict on Reading.Heard.
const Heard = "heard"

// Tense returns the tone that crises are watched by, and how sure it is.
func (r Reading) Tense() (string, float64) {
	if r.Heard != "" {
		return r.Heard, r.Verdicts[Heard].Confidence
	}
	return r.Tone, r.Verdicts["tone"].Confidence
}

// BeforeJudge is the reading as it was before a language model settled anything:
// what stories and incidents go by.
func (r Reading) BeforeJudge() Reading {
	for axis, v := range r.Verdicts {
		switch before := v.Before.(type) {
		case bool:
			r.Relevant = before // of what is true or false the model settles relevance alone
		case []string:
			r.Topics = before
		case int:
			r.Risk = before
		case string:
			switch axis {
			case "tone":
				r.Tone = before
			case "agency_role":
				r.Role = before
			}
		}
	}
	return r
}

// Alarm returns the risk that crises are watched by.
func (r Reading) Alarm() int {
	if r.Feared != nil {
		return *r.Feared
	}
	return r.Risk
}

// Story is one event and the articles that tell it.
type Story struct {
	ID        string
	Title     string // of the founding article
	First     time.Time
	Last      time.Time
	Articles  int // publications
	Originals int // texts that are not copies
	Outlets   int

	Parent string // the long story that it grew out of; empty for most
	Merged string // the story that it was merged into: it is empty, and its address leads there
}

// State is where an incident stands in its life.
type State string

// The states of an incident.
const (
	Open   State = "open"
	Acked  State = "acked"
	Fading State = "fading"
	Closed State = "closed"
	False  State = "false"
)

// Factor is one number that spoke for or against an incident.
type Factor struct {
	Factor   string   `json:"factor"`
	Value    float64  `json:"value"`
	Weight   float64  `json:"weight"`
	Articles []string `json:"articles,omitempty"` // ids
	Quote    string   `json:"quote,omitempty"`
}

// Incident is a story that may become, or is, a crisis.
type Incident struct {
	ID      string
	Story   string
	Title   string
	Level   int // 1 watch, 2 alert, 3 crisis
	State   State
	Score   float64 // probability by the rules
	Rules   string  // version of the crisis rules
	Opened  time.Time
	Updated time.Time
	Reasons []Factor
	URLs    []string // of the articles known at Updated, oldest first
	Kind    Called   // what sort of incident it is: a kind of the crisis configuration
	Type    Called   // how much of the blame the public lays on the agency: victim, accidental, preventable
	Lowered int      // so many addresses told of it when a person lowered its level; 0: nobody did
}

// Calmed reports whether a person's lower level stands: until twice as many
// articles tell of the incident as when it was lowered.
func (i Incident) Calmed(articles int) bool { return i.Lowered > 0 && articles < 2*i.Lowered }

// Machine is who did what no person did, in the histories of stories and incidents.
const Machine = "diembao"

// Called is what an incident is called on one axis, who called it so, and why.
type Called struct {
	Value string   `json:"value"`
	By    string   `json:"by,omitempty"` // the person who said so; empty: the rules
	Why   []Reason `json:"why,omitempty"`
}

// Quote is the words that speak most for it; empty where none do.
func (c Called) Quote() string {
	for _, r := range c.Why {
		if r.Quote != "" {
			return r.Quote
		}
	}
	return ""
}

// Letter is a message written down to be sent.
type Letter struct {
	Key       string // unique cause and recipient: a second letter with the same key is never written
	MessageID string // RFC 5322, without angle brackets; stable over retries
	Thread    string // Message-ID of the thread's root; empty for a letter that stands alone
	To        string
	Subject   string
	Text      string
	HTML      string
	Pictures  []Picture // that HTML shows
	Headers   map[string]string
	Made      time.Time
}

// Picture is one that a letter's HTML shows by src="cid:ID".
type Picture struct {
	ID  string // RFC 2392, without angle brackets
	Alt string // what it shows, in words
	PNG []byte
}
