package notify

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// part is a body of a letter, as a mail program finds it.
type part struct {
	header textproto.MIMEHeader
	body   []byte
}

// parts opens a letter the way a mail program does: bodies within bodies, each
// under its own boundary.
func parts(t *testing.T, kind string, body io.Reader) (kinds []string, out []part) {
	t.Helper()
	media, values, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	kinds = []string{media}
	for r := multipart.NewReader(body, values["boundary"]); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			return kinds, out
		}
		if err != nil {
			t.Fatalf("%s: %v", media, err)
		}
		if within := p.Header.Get("Content-Type"); strings.HasPrefix(within, "multipart/") {
			k, o := parts(t, within, p)
			kinds, out = append(kinds, k...), append(out, o...)
			continue
		}
		raw, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, part{p.Header, raw})
	}
}

// A letter with a picture is plain text first, then the page and what it shows;
// its bytes follow from it alone.
func TestALetterShowsItsPicture(t *testing.T) {
	picture := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{0, 255, 7}, 999)...)
	l := news.Letter{Key: "i1/2/truc", MessageID: "m1@bhxh.example", To: "truc@bhxh.example", Subject: "Sự việc", Text: "4 bài từ 19:00.",
		HTML: `<img src="cid:hours.m1@bhxh.example" alt="4 bài từ 19:00.">`, Made: time.Date(2026, 7, 8, 22, 40, 0, 0, config.VN),
		Pictures: []news.Picture{{ID: "hours.m1@bhxh.example", Alt: "4 bài từ 19:00.", PNG: picture}}}
	post := Post{Mail: config.Mail{From: "diembao@bhxh.example"}}
	raw, err := post.Render(l)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := post.Render(l); err != nil || !bytes.Equal(raw, again) {
		t.Fatalf("the same letter gives other bytes: %v", err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kinds, got := parts(t, m.Header.Get("Content-Type"), m.Body)
	if strings.Join(kinds, " ") != "multipart/related multipart/alternative" || len(got) != 3 {
		t.Fatalf("the letter is %v with %d bodies:\n%.900s", kinds, len(got), raw)
	}
	for i, want := range []string{"text/plain", "text/html", "image/png"} {
		if kind := got[i].header.Get("Content-Type"); !strings.HasPrefix(kind, want) {
			t.Errorf("body %d is %s, want %s", i, kind, want)
		}
	}
	shown, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\r", "", "\n", "").Replace(string(got[2].body)))
	if err != nil || !bytes.Equal(shown, picture) {
		t.Errorf("the picture came out as %d bytes, %v", len(shown), err)
	}
	if id, how := got[2].header.Get("Content-ID"), got[2].header.Get("Content-Disposition"); id != "<hours.m1@bhxh.example>" || !strings.HasPrefix(how, "inline") {
		t.Errorf("the picture is %s, %s", id, how)
	}
	if strings.Count(string(raw), "boundary=") != 2 || !strings.Contains(string(raw), "boundary=diembao-") {
		t.Errorf("its boundaries are not its own:\n%.400s", raw)
	}
}
