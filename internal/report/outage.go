package report

import (
	"time"

	"diembao/internal/news"
	"diembao/internal/say"
)

// Outage is what the letters say to operators when an outlet can no longer be
// read, and when it can be read again.
type Outage struct {
	ID       string // of the outage: its letters share a thread
	Outlet   string // name
	State    string // in words
	Mend     string // what to do, in words
	Evidence string // what was seen
	From     time.Time
	Back     time.Time // zero while the outlet is dark
	At       time.Time // when the letter was written
	Expected float64   // articles that were to be expected meanwhile
	MadeUp   bool      // its list reached back: nothing was missed
	Agency   string
	Page     string // address of the page of outlets; empty where there is no web
}

// ComposeOutage writes the letter to one operator: one when an outlet goes
// dark and one when it is back, in one thread.
func ComposeOutage(o Outage, to, domain string, w *say.Words) (news.Letter, error) {
	body, err := text("outage.text.tmpl", o, w)
	if err != nil {
		return news.Letter{}, err
	}
	page, err := markup("outage.html.tmpl", o, w)
	if err != nil {
		return news.Letter{}, err
	}
	end := "dark"
	if !o.Back.IsZero() {
		end = "back"
	}
	key := "outage/" + o.ID + "/" + end + "/" + to
	return news.Letter{
		Key: key, MessageID: news.ID(key) + "@" + domain, Thread: o.ID + ".outage@" + domain, To: to,
		Subject: w.Say("outage.subject", "Outlet", oneLine(o.Outlet), "From", w.Moment(o.From)),
		Text:    string(body), HTML: string(page),
		Headers: map[string]string{"X-DiemBao-Outage": o.ID, "Auto-Submitted": "auto-generated"},
		Made:    o.At,
	}, nil
}
