// Package config is what people decide: outlets, topics, provinces, units of
// the agency, the crisis rules, reports, and how this installation runs. The
// embedded pack for Viet Nam is the default; an overlay file changes single
// entries by id. Everything is plain data, read strictly: an unknown key, an
// unknown id or an impossible value is an error that names file, line, the
// wrong text and the nearest right one.
package config

import (
	"slices"
	"time"
)

// Pack is the whole configuration, after the overlay.
type Pack struct {
	Version   string // SHA-256 of all its sources, first 12 hexadecimal digits
	Site      Site
	Outlets   []Outlet
	Topics    Topics
	Provinces []Province
	Units     []Unit
	Crisis    Crisis
	Report    Report
	Calendar  Calendar
	Handling  Handling
	Model     []byte // what was learned here, in the form of learn.Model; none: the model that ships
}

// Site is how one installation runs; every field has a default but Contact.
type Site struct {
	Name     string   `yaml:"name"`     // shown in the page head and in letters
	Agency   string   `yaml:"agency"`   // who reads, e.g. "Bảo hiểm xã hội Việt Nam"
	Contact  string   `yaml:"contact"`  // mailto: or https: address in the user agent; required before the first outside request
	Language string   `yaml:"language"` // vi or en
	Listen   string   `yaml:"listen"`   // e.g. "127.0.0.1:8080"
	Hosts    []string `yaml:"hosts"`    // further host names the web server answers to
	Store    string   `yaml:"store"`    // "sqlite" or postgres://…
	Fetch    Fetch    `yaml:"fetch"`
	Mail     Mail     `yaml:"mail"`
	Jobs     []Job    `yaml:"jobs"` // the standing work

	Retention Retention `yaml:"retention"`
	Judge     Judge     `yaml:"judge"`

	Corrections int `yaml:"corrections_per_hour"` // of one person, at most; 0: as many as they like
}

// Retention is for how many days things are kept; 0: for ever. What belongs to
// an incident under legal hold is kept in any case.
type Retention struct {
	Page     int `yaml:"page"`     // texts of articles that do not concern us, since they came out
	Evidence int `yaml:"evidence"` // archived answers, since the newest of their article
	Clip     int `yaml:"clip"`     // files of clips entered by hand, since they were
	Letter   int `yaml:"letter"`   // letters that were sent or given up, since they were written
	Log      int `yaml:"log"`      // records of standing work
	Report   int `yaml:"report"`   // files of reports, since they were written
}

// Fetch is how the outside is asked.
type Fetch struct {
	Allow    []string      `yaml:"allow"`     // host:port exceptions from the address guard
	Proxy    string        `yaml:"proxy"`     // http:// address of a proxy; empty for none
	Pace     time.Duration `yaml:"pace"`      // least time between two requests to one host; 2s by default, Crawl-delay if longer
	Timeout  time.Duration `yaml:"timeout"`   // for one answer, body included
	MaxBytes int64         `yaml:"max_bytes"` // of a decompressed body
	Parallel int           `yaml:"parallel"`  // hosts asked at the same time
	OldTLS   []string      `yaml:"old_tls"`   // hosts that may use TLS 1.0 and old ciphers
}

// Mail is where letters go.
type Mail struct {
	SMTP     string   `yaml:"smtp"`     // host:port; empty: letters stay in the outbox
	TLS      string   `yaml:"tls"`      // starttls (default), tls, none
	User     string   `yaml:"user"`     // empty: no authentication
	Password string   `yaml:"password"` // or $NAME, read from the environment
	From     string   `yaml:"from"`
	Alerts   []string `yaml:"alerts"`  // who is told of incidents
	Reports  []string `yaml:"reports"` // who gets the weekly report
	Folder   string   `yaml:"folder"`  // where .eml copies are written; empty for none

	Groups    map[string][]string `yaml:"groups"`    // further people, by the name of their group, whom levels of incidents name
	Operators []string            `yaml:"operators"` // who is told that an outlet went dark, and that it is back
}

// Judge is a language model of the agency's own that is asked of hard cases and
// for summaries of stories, by the chat-completions protocol. It is off while
// URL is empty.
type Judge struct {
	URL       string        `yaml:"url"`       // what stands before /chat/completions, e.g. "http://10.0.0.5:8000/v1"; only its host and port are connected to
	Model     string        `yaml:"model"`     // as the server names it
	Key       string        `yaml:"key"`       // $NAME, read from the environment, or file:PATH; empty: the server wants none
	Requests  int           `yaml:"requests"`  // a day, at most
	Tokens    int           `yaml:"tokens"`    // a day, at most, questions and answers together
	Timeout   time.Duration `yaml:"timeout"`   // for one whole answer
	Below     float64       `yaml:"below"`     // a verdict less sure than this is a hard case, and open to the model's word
	Axes      []string      `yaml:"axes"`      // what makes a hard case: relevant, topics, tone, agency_role, risk
	Summaries bool          `yaml:"summaries"` // write a paragraph on stories with an incident or three articles
}

// Job is a piece of standing work and its schedule.
type Job struct {
	ID       string `yaml:"id"`
	Do       string `yaml:"do"`       // read, shelve, watch, notify, judge, report-weekly, report-daily, tidy
	Schedule string `yaml:"schedule"` // robfig/cron, with CRON_TZ=Asia/Ho_Chi_Minh where none is given
	Off      bool   `yaml:"off"`
}

// Outlet is who publishes: a paper, a broadcaster, a portal, a magazine.
type Outlet struct {
	ID            string        `yaml:"id"`
	Name          string        `yaml:"name"`
	GoverningBody string        `yaml:"governing_body"` // cơ quan chủ quản
	Licence       string        `yaml:"licence"`        // bao, tap-chi, dai, cong-thong-tin, trang-tong-hop, khac
	Level         string        `yaml:"level"`          // central, local: official, by governing body
	LevelVerified bool          `yaml:"level_verified"` // false: the list's word, not checked against the governing body
	Reach         string        `yaml:"reach"`          // national, local: the level it is read at
	Kind          string        `yaml:"kind"`           // press, broadcaster, agency-portal, magazine, government-portal, provincial-portal, social, aggregator
	Province      string        `yaml:"province"`       // slug; required for local ones
	Language      string        `yaml:"language"`       // vi by default
	From          Date          `yaml:"from"`           // validity; zero: always
	To            Date          `yaml:"to"`
	Predecessor   []string      `yaml:"predecessor"` // outlet ids
	Successor     string        `yaml:"successor"`   // outlet id
	Domains       []Domain      `yaml:"domains"`
	Feeds         []Source      `yaml:"feeds"`
	Sitemaps      []Source      `yaml:"sitemaps"`
	Listings      []Source      `yaml:"listings"`
	Layout        Layout        `yaml:"layout"`     // selectors, for pages the general rules read badly
	Layouts       []Layout      `yaml:"layouts"`    // those it had before, each with its dates, for pages saved then
	Affixes       []string      `yaml:"affixes"`    // what it writes before or behind every title, e.g. [Dân hỏi báo đáp]; taken off
	KeyParams     []string      `yaml:"key_params"` // query parameters that name an article, e.g. [ItemID]
	Identity      string        `yaml:"identity"`   // regular expression over the path; its one group is the number of the article, which stays when the title in the address is edited
	Schedule      string        `yaml:"schedule"`   // learned (default), or robfig/cron: the times at which it is visited
	Pace          time.Duration `yaml:"pace"`       // 0: the site's
	Trusted       bool          `yaml:"trusted"`    // one article of it may raise the fast path
	Render        bool          `yaml:"render"`     // pages without an article are built by their scripts, in a headless Chromium
	On            bool          `yaml:"on"`
	Proven        bool          `yaml:"proven"` // its sources were seen working
	Notes         string        `yaml:"notes"`
}

// Domain is a host name of an outlet, with the dates it was in use.
type Domain struct {
	Host string `yaml:"host"` // without www.
	From Date   `yaml:"from"`
	To   Date   `yaml:"to"`
}

// Source is one address that announces articles.
type Source struct {
	URL    string `yaml:"url"`
	Links  string `yaml:"links"` // CSS selector of article links, listings only
	Match  string `yaml:"match"` // regular expression that article paths match, listings only
	Proven bool   `yaml:"proven"`
	Off    bool   `yaml:"off"`
}

// Layout is CSS selectors for the parts of an article's page, as it was from
// one day to another.
type Layout struct {
	From    Date     `yaml:"from"`   // the first day pages looked so; none: always
	To      Date     `yaml:"to"`     // the last day; none: they still do
	Canary  string   `yaml:"canary"` // an article that is looked at every day: where the selectors no longer find its title, lead or body, the layout has changed
	Title   string   `yaml:"title"`
	Lead    string   `yaml:"lead"`
	Body    string   `yaml:"body"`
	Author  string   `yaml:"author"`
	Date    string   `yaml:"date"`
	Section string   `yaml:"section"`
	Remove  []string `yaml:"remove"` // taken out before the body is read
}

// Holds reports whether pages looked so on the day of t.
func (l Layout) Holds(t time.Time) bool {
	return (l.From.IsZero() || !t.Before(l.From.Time)) && (l.To.IsZero() || t.Before(l.To.AddDate(0, 0, 1)))
}

// Topics is what an article can be about, with the words that tell it.
type Topics struct {
	Anchors  map[string][]string `yaml:"anchors"` // insurance id → phrases that name it (bhxh, bhyt, bhtn)
	Agency   []string            `yaml:"agency"`  // phrases that name the agency
	Topics   []Topic             `yaml:"topics"`
	Exclude  []Exclusion         `yaml:"exclude"`  // what looks like ours and is not
	Digest   []string            `yaml:"digest"`   // title beginnings of round-ups
	Positive []string            `yaml:"positive"` // words of good news
	Roles    map[string][]string `yaml:"roles"`    // role → phrases near the agency's name
	Targets  map[string][]string `yaml:"targets"`  // target of blame → phrases that name it: hospital, employer, ministry, criminals
	Forms    []Sign              `yaml:"forms"`    // of article, in the order in which they are tried
	Events   []Sign              `yaml:"events"`   // direct communication: conferences, dialogues, launches
	Cues     map[string][]string `yaml:"cues"`     // named word lists the reading rules ask for: question, nationwide, case, …
}

// Topic is one of the 18 topics.
type Topic struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	LabelEN string   `yaml:"label_en"`
	Implies []string `yaml:"implies"` // insurance ids
	Strong  []string `yaml:"strong"`  // one is enough
	Weak    []string `yaml:"weak"`    // needs an anchor in the title or lead
	Not     []string `yaml:"not"`     // phrases in which a strong or weak one does not count
}

// Sign is a form of article or a kind of event that reports count, with what
// tells it.
type Sign struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	LabelEN string   `yaml:"label_en"`
	Opens   []string `yaml:"opens"`   // words that open a headline before a colon, or stand in it in brackets
	Paths   []string `yaml:"paths"`   // parts of the address, or the section: [y-kien]
	Phrases []string `yaml:"phrases"` // in the text
	Not     []string `yaml:"not"`     // phrases in which another one does not count
}

// Exclusion is a field that is not ours: commercial or foreign insurance.
type Exclusion struct {
	ID      string   `yaml:"id"`
	Phrases []string `yaml:"phrases"`
	Unless  []string `yaml:"unless"` // phrases that bring it back
}

// Province is a province or centrally-run city, of before or since July 2025.
type Province struct {
	ID       string   `yaml:"id"`        // slug, "an-giang"
	Name     string   `yaml:"name"`      // "An Giang"
	Type     string   `yaml:"type"`      // tinh, thanh-pho
	From     Date     `yaml:"from"`      // zero: before anything we read
	To       Date     `yaml:"to"`        // zero: still valid
	Current  string   `yaml:"current"`   // slug of today's unit; itself where it still stands
	Aliases  []string `yaml:"aliases"`   // "TP.HCM", "Sài Gòn"
	Not      []string `yaml:"not"`       // phrases in which the name is not the place: "Thái Bình Dương"
	NeedsCue bool     `yaml:"needs_cue"` // ambiguous: counts only after a word such as "tỉnh"
	Places   []string `yaml:"places"`    // districts, hospitals whose name settles the province
}

// Unit is an office of the agency.
type Unit struct {
	ID      string   `yaml:"id"` // "vss", "bhxh-an-giang", "bhxh-khu-vuc-20"
	Name    string   `yaml:"name"`
	Kind    string   `yaml:"kind"`   // centre, department, province, region, base
	Parent  string   `yaml:"parent"` // unit id
	Area    []string `yaml:"area"`   // province slugs
	From    Date     `yaml:"from"`
	To      Date     `yaml:"to"`
	Current string   `yaml:"current"` // today's successor
	Aliases []string `yaml:"aliases"`
}

// Crisis is how a story becomes an incident.
type Crisis struct {
	Lexicon     Lexicon            `yaml:"lexicon"`
	Weights     map[string]float64 `yaml:"weights"`      // factor → weight, "bias" among them
	Wording     Wording            `yaml:"wording"`      // learnt words for and against a crisis
	Levels      []CrisisLevel      `yaml:"levels"`       // 1, 2, 3
	Threats     []Threat           `yaml:"threats"`      // what one article of a trusted outlet is enough for
	Leaders     []string           `yaml:"leaders"`      // phrases that name the agency's leaders and staff
	Authorities []string           `yaml:"authorities"`  // phrases of police, prosecutors and inspectors at work
	Drills      []string           `yaml:"drills"`       // phrases by which an article tells of a drill: it names no threat
	Rumours     []string           `yaml:"rumours"`      // phrases that tell of a rumour, or of a thing that spreads
	Window      time.Duration      `yaml:"window"`       // how far back a story's articles count
	Kinds       []CrisisKind       `yaml:"kinds"`        // of incidents; the first is tried first
	Types       []CrisisType       `yaml:"types"`        // victim, accidental, preventable
	MinOutlets  int                `yaml:"min_outlets"`  // distinct independent negative outlets below which nothing is raised
	GateShare   float64            `yaml:"gate_share"`   // a gate asks for no more than this share of the outlets switched on, and never for fewer than two
	FadeAfter   time.Duration      `yaml:"fade_after"`   // of newsroom hours, 06:00 to 22:00
	CloseAfter  time.Duration      `yaml:"close_after"`  // of newsroom hours
	ReopenUntil time.Duration      `yaml:"reopen_until"` // a closed incident lives again as the same until then
	Silences    Silencing          `yaml:"silences"`
}

// Silencing is what people may silence, and for how long.
type Silencing struct {
	Longest time.Duration `yaml:"longest"` // a silence lasts so long at most
	Level   int           `yaml:"level"`   // incidents of this level and above are told all the same; 0: none
	Threats bool          `yaml:"threats"` // and so are named threats
	Remind  time.Duration `yaml:"remind"`  // its author is reminded so long before it ends
}

// Threat is a named danger: one of its deeds beside one of those it is about,
// in one sentence, none of its excuses near.
type Threat struct {
	ID     string   `yaml:"id"`
	Name   string   `yaml:"name"`
	NameEN string   `yaml:"name_en"`
	Level  int      `yaml:"level"` // raised at once
	What   []string `yaml:"what"`
	Whom   []string `yaml:"whom"`
	Unless []string `yaml:"unless"`
}

// CrisisKind is a sort of incident, and what tells it among the articles.
type CrisisKind struct {
	ID         string   `yaml:"id"`
	Name       string   `yaml:"name"`
	NameEN     string   `yaml:"name_en"`
	Means      string   `yaml:"means"`       // its criteria, in words
	Type       string   `yaml:"type"`        // what responsibility is thought of it where no sign tells: a CrisisType
	MinOutlets int      `yaml:"min_outlets"` // its own gate: newsrooms that must tell of harm; 0: as for all
	Threats    []string `yaml:"threats"`     // that are of this kind
	Topics     []string `yaml:"topics"`
	Targets    []string `yaml:"targets"` // of blame, where nobody of the agency is named
	Signs      []string `yaml:"signs"`   // phrases of title and lead that hardly another kind has
	What       []string `yaml:"what"`    // phrases of title and lead that others may have too
	Unless     []string `yaml:"unless"`  // a sentence with one of these tells of another kind
	Nobody     bool     `yaml:"nobody"`  // articles that blame an office or a person do not tell of it
}

// CrisisType is a cluster of responsibility of situational crisis communication
// theory (Coombs, Corporate Reputation Review 10, 2007): how much of the blame
// the public lays on the agency, apart from how grave the incident is.
type CrisisType struct {
	ID     string   `yaml:"id"` // victim, accidental, preventable
	Name   string   `yaml:"name"`
	NameEN string   `yaml:"name_en"`
	Means  string   `yaml:"means"`
	Signs  []string `yaml:"signs"` // phrases of title and lead
}

// Lexicon is words of bad news, by severity, and what turns them around.
type Lexicon struct {
	Negative     map[int][]string `yaml:"negative"` // severity 1..3 → phrases
	Negators     []string         `yaml:"negators"`
	Diminishers  []string         `yaml:"diminishers"`
	Intensifiers []string         `yaml:"intensifiers"`
}

// Wording is what `diembao learn crisis` found in stories that people judged:
// which words of title and lead speak for a crisis of ours, and which against.
type Wording struct {
	Bias  float64          `yaml:"bias"`
	Words map[int][]string `yaml:"words"` // tenths of weight → words and pairs of words
}

// CrisisLevel is what an incident of a level is and who hears of it.
type CrisisLevel struct {
	Level      int     `yaml:"level"`
	Name       string  `yaml:"name"`
	NameEN     string  `yaml:"name_en"`
	Means      string  `yaml:"means"`
	MeansEN    string  `yaml:"means_en"`
	MinScore   float64 `yaml:"min_score"`
	MinOutlets int     `yaml:"min_outlets"` // distinct independent outlets that tell the story
	Tell       string  `yaml:"tell"`        // alerts, reports, nobody

	Groups   []string `yaml:"groups"`    // groups of mail.groups that are told as well
	MayLower []string `yaml:"may_lower"` // who may lower an incident of this level; empty: anybody who signs
}

// Tells returns who is told of incidents of a level at once, each once: those
// of mail.alerts where the level says so, and those of its groups.
func (p Pack) Tells(level int) []string {
	var out []string
	for _, l := range p.Crisis.Levels {
		if l.Level != level {
			continue
		}
		if l.Tell == "alerts" {
			out = append(out, p.Site.Mail.Alerts...)
		}
		for _, g := range l.Groups {
			out = append(out, p.Site.Mail.Groups[g]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Report is what the periodic reports hold.
type Report struct {
	Title    string   `yaml:"title"`
	Sections []string `yaml:"sections"` // in order: figures, insurance, topics, provinces, tone, communication, incidents, alarms, stories, sources
	TopN     int      `yaml:"top_n"`
}

// Calendar is what is known beforehand to bring more articles than usual.
type Calendar struct {
	Peaks []Peak `yaml:"peaks"`
}

// Peak is a planned, harmless rise: a day of health insurance, a law coming
// into force, a conference. It is either yearly or from one day to another.
type Peak struct {
	ID     string   `yaml:"id"`
	Name   string   `yaml:"name"`
	Yearly Yearly   `yaml:"yearly"` // 07-01
	From   Date     `yaml:"from"`
	To     Date     `yaml:"to"`     // the same day where it is not given
	Before int      `yaml:"before"` // days of run-up
	After  int      `yaml:"after"`  // days of aftermath
	Times  float64  `yaml:"times"`  // how many times the usual number is expected
	Topics []string `yaml:"topics"` // empty: all
}
