package demo

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// gate is what a paper behind a cookie gate answers first: 200, a script of
// 177 bytes that sets the cookie D1N and loads the page again. A reader's
// browser passes; a crawler has met no article.
var gate = []byte(`<html><body><script>document.cookie="D1N=5b1f0c9a77e24d6c8e0a3b7d94f2c1d"+"; expires=Fri, 31-Dec-2099 23:59:59 GMT; path=/";window.location.reload(true);</script></body></html>
`)

// passed reports whether the request carries the gate's cookie.
func passed(r *http.Request) bool {
	_, err := r.Cookie("D1N")
	return err == nil
}

// notFound answers for a page that is not there: honestly, or, on papers of
// the look toa-soan, as a large real one does, with a soft 404: a redirect to
// a page that answers 200.
func (p *Paper) notFound(w http.ResponseWriter, r *http.Request) {
	if p.Look == "toa-soan" {
		http.Redirect(w, r, "/404.html", http.StatusFound)
		return
	}
	http.NotFound(w, r)
}

// failing answers for a source whose end has come, and reports whether it did.
func (p *Paper) failing(w http.ResponseWriter, r *http.Request, now time.Time) bool {
	if p.Fails.IsZero() || now.Before(p.Fails) {
		return false
	}
	switch p.FailsAs {
	case "html":
		send(w, r, "text/html; charset=utf-8", []byte(maintenance))
	case "empty":
		p.markup(w, r, "application/rss+xml; charset=utf-8", rss{Version: "2.0", Channel: channel{Title: p.Name, Link: "http://" + r.Host + "/", Description: p.Motto}})
	case "moved":
		http.Redirect(w, r, newHome+p.SourcePath(), http.StatusMovedPermanently)
	default:
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
	}
	return true
}

// newHome is where a paper's source lives once it has moved.
const newHome = "/trang-moi"

// maintenance is what a feed's address answers when somebody has put a page
// in the feed's place: HTML, status 200.
const maintenance = `<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Bảo trì</title></head>
<body><h1>Trang tin đang nâng cấp giao diện</h1><p>Mời bạn đọc quay lại sau ít ngày.</p></body></html>`

// tones are the five combining marks windows-1258 writes after their letter.
var tones = []rune{0x0300, 0x0301, 0x0303, 0x0309, 0x0323}

// windows1258 encodes text as old Vietnamese pages do: letters with their hat
// or horn as one byte, the tone as a byte of its own behind. A letter the
// code page lacks is an error.
func windows1258(text string) ([]byte, error) {
	enc := charmap.Windows1258
	var out []byte
	for _, r := range norm.NFC.String(text) {
		if b, ok := enc.EncodeRune(r); ok {
			out = append(out, b)
			continue
		}
		letter, tone := split(r)
		b, ok := enc.EncodeRune(letter)
		if !ok || tone == 0 {
			return nil, fmt.Errorf("windows-1258 has no %q", r)
		}
		t, _ := enc.EncodeRune(tone)
		out = append(out, b, t)
	}
	return out, nil
}

// split takes the tone off a letter: 'ế' → 'ê' and the acute.
func split(r rune) (letter, tone rune) {
	var rest []rune
	for _, m := range norm.NFD.String(string(r)) {
		if slices.Contains(tones, m) {
			tone = m
			continue
		}
		rest = append(rest, m)
	}
	return []rune(norm.NFC.String(string(rest)))[0], tone
}
