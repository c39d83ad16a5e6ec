// Package internal is the tour of the house; it holds no code.
//
// # Bird's eye
//
// diembao is one Go binary that follows the press and says what it found.
// Links come in from feeds, sitemaps and listing pages; a link becomes a page,
// a page an article, an article a reading (which insurance, which topic, whom
// it matters to, in what tone, who is blamed), readings become stories,
// stories incidents, and incidents letters. The store holds all of it; the
// index and every report can be made again from the store at any time.
//
//	links ─▶ page ─▶ article ─▶ mentions ─▶ reading ─▶ story ─▶ incident ─▶ letter
//	 discover fetch   extract     match      classify   story    crisis     notify
//	└────────── Gather ────────┘└──────────── Read ───────────┘└── Watch ─┘
//	                                          └─▶ index (Shelve)
//
// Open internal/pipeline first: four methods in one file are the machine.
//
// # Map of rooms
//
// Floor 0, nothing of ours below:
//
//	news      the words: Link, Page, Article, Mention, Reading, Story, Incident, Letter
//	when      dates read from text, periods, weeks, lunar calendar, Tết, working days
//	vi        Vietnamese text: encodings, tone placement, folding, syllables, sentences
//	say       message files vi and en; numbers and dates in words
//	learn     linear models: fitted to what people labelled, and why they say so
//	config    what people decide: outlets, topics, provinces, units, crisis, reports, the site
//
// Floor 1, no room imports its neighbour:
//
//	index     full-text search for Vietnamese on Bleve; knows nothing of articles
//	index/bench measures it beside SQLite FTS5 and PostgreSQL on a made archive
//	discover  feeds, sitemaps and listing pages to links
//	fetch     polite HTTP on colly: robots, pace, bounds, charset, address guard
//	render    pages that only scripts build, through a caged Chromium
//	pulse     how an outlet publishes: what an hour should bring, when to ask again, its state
//	extract   page to article
//	lists     other people's lists: CSV and XLSX clip lists, OPML
//	match     our names, provinces and organisations to mentions with quotes
//	classify  mentions to a reading, with reasons
//	judge     a language model's word on hard cases and stories; never the only one
//	story     which event an article tells; copies of one text
//	crisis    Decide: which stories are incidents, of what level, and why
//	rumour    claims of the register, found again in articles
//	alarms    what became of alerts, by month; silences
//	card      the handling card of an incident: what happened, what to do, by when
//	baseline  how many articles are usual, and how surprising a number is
//	chart     the pictures that letters carry
//	report    a period's figures to HTML and text
//	export    the answer to a search as CSV, XLSX, DOCX, JSON Lines, RSS, Atom
//	evidence  what was seen, as it was seen: WARC files and their digests
//	store     the only SQL: SQLite or PostgreSQL, one set of statements
//	jobs      which work runs when, once, retried: River and robfig/cron
//
// Floor 2, rooms that never know one another and meet in the store:
//
//	pipeline  Gather, Read, Shelve, Watch; Prove keeps what Gather saw
//	notify    empties the outbox by e-mail
//	web       a file per page
//	eval      gold sets to figures
//	demo      a small press on loopback
//
// Floor 3: cmd/diembao, the only wiring, one file per verb.
//
// # What is absent, and kept absent by floors_test.go
//
//   - No room imports a neighbour on its own floor or anything above it.
//   - match, classify, story, crisis, card, chart, alarms, rumour, baseline, report, extract and pulse have no network, no
//     files, no database, no randomness and no clock: `now` comes in as a
//     value, and the same input gives the same output, byte for byte.
//   - Only store speaks SQL; only jobs knows River; only index knows Bleve;
//     only fetch knows colly.
//   - Only pipeline calls match and classify together: what is measured and
//     previewed is what ships.
//   - What a language model says is one more reason in a reading: stories and
//     incidents go by the reading before it.
//   - Nothing is sent before it is written down: Watch fills the outbox,
//     notify empties it.
//
// # Marks
//
// A mark is a named cursor over "changed since" in the store. Read follows
// articles, Shelve follows readings. Moving the mark `read` back has the whole
// archive read anew by today's rules, without asking the web. A job only wakes
// a worker; the mark decides what there is to do.
package internal
