package report

import (
	"fmt"
	"time"

	"diembao/internal/news"
	"diembao/internal/say"
)

// Silence is what the letters about a silence say: to its author before it
// ends, and to all who were not told when it has ended.
type Silence struct {
	news.Silence
	Matter string // what it is about, in words
	Over   bool   // it has ended
	Steps  []news.HeldBack
	At     time.Time // when the letter was written
	Page   string    // address of the page of silences; empty where there is no web
	Agency string
}

// ComposeSilence writes the reminder, or the summary of what was held back, to
// one person. There is one of each for a silence and a recipient.
func ComposeSilence(s Silence, to, domain string, w *say.Words) (news.Letter, error) {
	body, err := text("silence.text.tmpl", s, w)
	if err != nil {
		return news.Letter{}, err
	}
	page, err := markup("silence.html.tmpl", s, w)
	if err != nil {
		return news.Letter{}, err
	}
	step, subject := "reminder", "silence.subject.reminder"
	if s.Over {
		step, subject = "over", "silence.subject.over"
	}
	key := fmt.Sprintf("silence/%d/%s/%s", s.ID, step, to)
	return news.Letter{
		Key: key, MessageID: news.ID(key) + "@" + domain, Thread: fmt.Sprintf("%d.silence@%s", s.ID, domain), To: to,
		Subject: w.Say(subject, "Matter", oneLine(s.Matter), "Held", len(s.Steps)),
		Text:    string(body), HTML: string(page),
		Headers: map[string]string{"X-DiemBao-Silence": fmt.Sprint(s.ID), "Auto-Submitted": "auto-generated"},
		Made:    s.At,
	}, nil
}
