package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/say"
)

// Alert is what the letter about an incident says.
type Alert struct {
	Incident news.Incident
	Rose     bool   // the level rose; otherwise the incident is new
	From     int    // the level before
	Means    string // what the level means, in words
	Outlets  int    // distinct outlets that tell the story
	Articles []Item // oldest first
	Claims   []Claim
	Changed  []string      // what is new since the letter before, in words
	Card     string        // what is to be known and done: the handling card as text
	CardHTML template.HTML // the same as HTML, safe as the card's own templates made it
	Hours    string        // how much was told when, in words; what the picture shows
	Picture  []byte        // the same as PNG; nil where there is none
	Page     string        // address of the incident's page; empty where there is no web
	Agency   string

	pictured template.URL // cid: of the picture
}

// Pictured is where the letter's page finds its picture.
func (a Alert) Pictured() template.URL { return a.pictured }

// The articles a letter lists: the first and the last, within what mail
// programs show whole.
const (
	firstListed = 3
	lastListed  = 17
)

// Listed are the articles that the letter lists.
func (a Alert) Listed() []Item {
	if len(a.Articles) <= firstListed+lastListed {
		return a.Articles
	}
	return append(slices.Clone(a.Articles[:firstListed]), a.Articles[len(a.Articles)-lastListed:]...)
}

// Unlisted is how many articles the letter leaves to the page.
func (a Alert) Unlisted() int { return len(a.Articles) - len(a.Listed()) }

// Claim is a claim of the register that the incident's articles repeat.
type Claim struct {
	Claim, Truth  string // the truth in words
	Document, URL string // what settles it; empty where nothing does
	Articles      int    // that repeat it
}

// Item is one article in a letter.
type Item struct {
	Title, Lead, Outlet, URL, Tone, At string
}

// Compose writes the letter about an incident to one person. The key names the
// cause and the recipient, so that the same letter is never written twice; all
// letters of one incident share a thread.
func Compose(a Alert, to, domain string, w *say.Words) (news.Letter, error) {
	i := a.Incident
	cause := fmt.Sprintf("%s/%d/%d", i.ID, i.Level, i.Updated.UnixMilli())
	id := news.ID(cause+"/"+to) + "@" + domain
	var pictures []news.Picture
	if a.Picture != nil {
		pictures = []news.Picture{{ID: "hours." + id, Alt: a.Hours, PNG: a.Picture}}
		a.pictured = template.URL("cid:" + pictures[0].ID) // of our own making
	}
	body, err := text("alert.text.tmpl", a, w)
	if err != nil {
		return news.Letter{}, err
	}
	page, err := markup("alert.html.tmpl", a, w)
	if err != nil {
		return news.Letter{}, err
	}
	return news.Letter{
		Key:       cause + "/" + to,
		MessageID: id,
		Thread:    Thread(i.ID, domain),
		To:        to,
		Subject:   Subject(i, w),
		Text:      string(body),
		HTML:      string(page),
		Pictures:  pictures,
		Headers: map[string]string{
			"X-DiemBao-Incident": i.ID,
			"X-DiemBao-Level":    fmt.Sprint(i.Level),
			"Auto-Submitted":     "auto-generated",
		},
		Made: i.Updated,
	}, nil
}

// Thread names the thread that all letters about an incident belong to.
func Thread(incident, domain string) string { return news.ID(incident) + ".incident@" + domain }

// Subject names the incident and nothing that changes with its life, so that
// mail programs keep its letters in one thread.
func Subject(i news.Incident, w *say.Words) string {
	return w.Say("alert.subject", "Title", oneLine(i.Title))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Post is the letter that carries a written report. cause names the report, so
// that it is sent once.
func Post(cause, to, subject, text, html, from string, made time.Time) news.Letter {
	return news.Letter{
		Key:       "report/" + cause + "/" + to,
		MessageID: news.ID("report/"+cause+"/"+to) + "@" + Domain(from),
		To:        to, Subject: oneLine(subject), Text: text, HTML: html,
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
		Made:    made,
	}
}

// Domain is the right half of Message-IDs: the sender's, so that they are unique.
func Domain(from string) string {
	if _, domain, ok := strings.Cut(strings.TrimSuffix(from, ">"), "@"); ok && domain != "" {
		return domain
	}
	return "diembao.localhost"
}
