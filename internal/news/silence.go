package news

import "time"

// Silence holds back the letters about incidents of a kind that people expect,
// until a day. All of Topic, Province, Outlet, Story and Words that are given
// must fit. The incidents are stored and shown all the same.
type Silence struct {
	ID       int64
	Topic    string // id
	Province string // slug
	Outlet   string // id: of incidents that this outlet tells nearly alone
	Story    string // id
	Words    string // a phrase of the titles
	From     time.Time
	Until    time.Time
	Who, Why string
	Mail     string // of its author, who is reminded
	Made     time.Time
	Reminded time.Time // zero where the author was not reminded yet
	Lapsed   time.Time // when its end was told; zero while it stands
	EndedBy  string    // who ended it before its time; empty for nobody
	Held     int       // letters held back so far, one for each step of an incident
}

// HeldBack is a step of an incident that was not told for a silence.
type HeldBack struct {
	Silence  int64
	Incident string
	Title    string
	Level    int
	At       time.Time
}
