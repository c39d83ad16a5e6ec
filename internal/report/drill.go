package report

import (
	"html"
	"strings"

	"diembao/internal/news"
	"diembao/internal/say"
)

// Drill marks a letter of an exercise so that nobody can take it for a real
// one: in the subject, above the text and above the page.
func Drill(l news.Letter, w *say.Words) news.Letter {
	banner := w.Say("drill.banner")
	l.Subject = w.Say("drill.subject") + " " + l.Subject
	l.Text = banner + "\n\n" + l.Text
	if before, after, ok := strings.Cut(l.HTML, "<body"); ok {
		tag, rest, _ := strings.Cut(after, ">")
		l.HTML = before + "<body" + tag + `><p style="margin:0 0 16px;padding:8px 12px;background:#8a5300;color:#ffffff;font-weight:700">` + html.EscapeString(banner) + "</p>" + rest
	}
	headers := map[string]string{"X-DiemBao-Drill": "yes"}
	for k, v := range l.Headers {
		headers[k] = v
	}
	l.Headers = headers
	return l
}
