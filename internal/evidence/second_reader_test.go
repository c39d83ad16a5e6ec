package evidence

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/base32"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What follows reads WARC files by the letter of ISO 28500:2017 (WARC/1.1) and
// knows nothing of the code it judges. Numbers in brackets are clauses.

// stdRecord is one record: its fields by lower-case name, its block, and where
// its gzip member lies.
type stdRecord struct {
	fields     map[string][]string
	block      []byte
	start, end int
}

func (r stdRecord) get(name string) string {
	if v := r.fields[strings.ToLower(name)]; len(v) > 0 {
		return v[0]
	}
	return ""
}

var (
	stdToken = regexp.MustCompile("^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$")                                                 // [4] token
	stdDate  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$`)                                   // [5.4]
	stdID    = regexp.MustCompile(`^<urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}>$`)                          // [5.2] a URI in brackets
	stdTypes = regexp.MustCompile(`^(warcinfo|response|resource|request|metadata|revisit|conversion|continuation)$`) // [5.5]
)

// stdRead reads a file of one gzip member a record [Annex D.2].
func stdRead(t *testing.T, file string) []stdRecord {
	t.Helper()
	raw, err := os.ReadFile(file)
	must(t, err)
	var out []stdRecord
	for at := 0; at < len(raw); {
		in := bytes.NewReader(raw[at:])
		zip, err := gzip.NewReader(in)
		must(t, err)
		zip.Multistream(false)
		text, err := io.ReadAll(zip)
		must(t, err)
		end := len(raw) - in.Len()
		r := stdParse(t, text)
		r.start, r.end = at, end
		out = append(out, r)
		at = end
	}
	stdCheck(t, out)
	return out
}

// stdParse: version CRLF *named-field CRLF block CRLF CRLF [4].
func stdParse(t *testing.T, text []byte) stdRecord {
	t.Helper()
	head, rest, ok := strings.Cut(string(text), "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	if !ok || lines[0] != "WARC/1.1" {
		t.Fatalf("no record of WARC/1.1: %.60q", text)
	}
	r := stdRecord{fields: map[string][]string{}}
	for _, l := range lines[1:] {
		name, value, ok := strings.Cut(l, ":")
		if !ok || !stdToken.MatchString(name) {
			t.Fatalf("no named field: %q", l)
		}
		r.fields[strings.ToLower(name)] = append(r.fields[strings.ToLower(name)], strings.Trim(value, " \t"))
	}
	n, err := strconv.Atoi(r.get("Content-Length"))
	if err != nil || len(rest) != n+4 || rest[n:] != "\r\n\r\n" {
		t.Fatalf("Content-Length %q, %d bytes follow, the end is %.10q", r.get("Content-Length"), len(rest), rest[max(0, len(rest)-10):])
	}
	r.block = []byte(rest[:n])
	return r
}

// stdCheck holds what every record must have [5] and what each type must [6].
func stdCheck(t *testing.T, rs []stdRecord) {
	t.Helper()
	ids := map[string]stdRecord{}
	for i, r := range rs {
		for name, v := range r.fields {
			if len(v) > 1 && name != "warc-concurrent-to" { // [5.1]
				t.Errorf("record %d: %s stands %d times", i, name, len(v))
			}
		}
		for name, form := range map[string]*regexp.Regexp{"WARC-Record-ID": stdID, "WARC-Date": stdDate, "WARC-Type": stdTypes} {
			if !form.MatchString(r.get(name)) {
				t.Errorf("record %d: %s is %q", i, name, r.get(name))
			}
		}
		if len(r.block) > 0 && r.get("Content-Type") == "" { // [5.6]
			t.Errorf("record %d has no Content-Type", i)
		}
		if want := stdSHA1(r.block); r.get("WARC-Block-Digest") != want { // [5.8]
			t.Errorf("record %d: block digest %s, want %s", i, r.get("WARC-Block-Digest"), want)
		}
		if _, twice := ids[r.get("WARC-Record-ID")]; twice {
			t.Errorf("record %d: its id stands twice", i)
		}
		ids[r.get("WARC-Record-ID")] = r
		stdType(t, i, r, ids)
	}
	if len(rs) > 0 && rs[0].get("WARC-Type") != "warcinfo" { // [6.2] should
		t.Errorf("the file begins with a %s", rs[0].get("WARC-Type"))
	}
}

func stdType(t *testing.T, i int, r stdRecord, ids map[string]stdRecord) {
	t.Helper()
	_, body, _ := bytes.Cut(r.block, []byte("\r\n\r\n"))
	switch r.get("WARC-Type") {
	case "warcinfo":
		if r.get("Content-Type") != "application/warc-fields" || r.get("WARC-Target-URI") != "" {
			t.Errorf("record %d is a poor warcinfo: %v", i, r.fields)
		}
		return
	case "response":
		if r.get("Content-Type") != "application/http;msgtype=response" || r.get("WARC-Payload-Digest") != stdSHA1(body) { // [6.3], [5.9]
			t.Errorf("record %d is a poor response: %v", i, r.fields)
		}
	case "request":
		if _, ok := ids[r.get("WARC-Concurrent-To")]; !ok || !bytes.HasPrefix(r.block, []byte("GET ")) {
			t.Errorf("record %d is a poor request: %v", i, r.fields)
		}
	case "revisit": // [6.7.2]
		before := ids[r.get("WARC-Refers-To")]
		if r.get("WARC-Profile") != "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest" || len(body) > 0 ||
			r.get("WARC-Payload-Digest") == "" || r.get("WARC-Payload-Digest") != before.get("WARC-Payload-Digest") ||
			r.get("WARC-Refers-To-Target-URI") != before.get("WARC-Target-URI") || r.get("WARC-Refers-To-Date") != before.get("WARC-Date") {
			t.Errorf("record %d is a poor revisit: %v of %v", i, r.fields, before.fields)
		}
	}
	if r.get("WARC-Target-URI") == "" { // [5.11]
		t.Errorf("record %d has no target", i)
	}
	if info := ids[r.get("WARC-Warcinfo-ID")]; info.get("WARC-Type") != "warcinfo" { // [5.13]
		t.Errorf("record %d names no warcinfo", i)
	}
}

func stdSHA1(b []byte) string {
	sum := sha1.Sum(b)
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// day0 is when these tests play: a Monday noon in Viet Nam.
var day0 = time.Date(2026, 3, 2, 5, 0, 0, 123e6, time.UTC)

// page is an invented answer about article n.
func page(n int) Exchange {
	body := "<!DOCTYPE html><title>Bài số " + strconv.Itoa(n) + "</title><p>Ông Lò Văn Mẫu nhận lương hưu tại xã Bản Thử.</p>" + strings.Repeat("<p>Đoạn thêm.</p>", n%50)
	return Exchange{
		URL: "https://bao-thu.example/bai-" + strconv.Itoa(n) + ".htm", At: day0.Add(time.Duration(n) * time.Second), Peer: "192.0.2.7",
		Via:   []string{"https://bao-thu.example/b/" + strconv.Itoa(n)},
		Sent:  map[string][]string{"User-Agent": {"DiemBao/thu (+mailto:a@b.example)"}, "Accept": {"text/html"}, "Host": {"bao-thu.example"}},
		Proto: "HTTP/2.0", Status: "200 OK",
		Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}, "Content-Encoding": {"br"}, "Content-Length": {"77"},
			"Set-Cookie": {"a=1", "b=2"}, "X-Odd": {"một\r\nWARC-Type: response"}},
		Body: []byte(body),
	}
}

// piece is what page n is evidence of.
func piece(n int) Piece {
	return Piece{"00000000000000" + strconv.FormatInt(int64(n%256+256), 16)[1:], n/256 + 1, Page}
}

// opened opens an archive whose clock stands at day0, with nothing listed.
func opened(t testing.TB, dir string, listed map[string]int64, change ...func(*Options)) (*Archive, []Place, []string) {
	t.Helper()
	o := Options{Dir: dir, Now: func() time.Time { return day0 }, Listed: listed, Info: Fields{{"software", "diembao test"}}}
	for _, c := range change {
		c(&o)
	}
	a, found, notes, err := Open(o)
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	return a, found, notes
}

// keep lays pages aside, keeps them and clears up.
func keep(t testing.TB, a *Archive, ns ...int) []Place {
	t.Helper()
	var batch []Wanted
	for _, n := range ns {
		must(t, a.Pend(piece(n), page(n)))
		batch = append(batch, Wanted{Piece: piece(n)})
	}
	kept, lost, err := a.Keep(batch)
	must(t, err)
	if len(lost) > 0 || len(kept) != len(ns) {
		t.Fatalf("kept %d of %d, lost %v", len(kept), len(ns), lost)
	}
	for _, w := range batch {
		must(t, a.Drop(w.Piece))
	}
	return kept
}

// listing says how far files are listed by places.
func listing(places ...Place) map[string]int64 {
	out := map[string]int64{}
	for _, p := range places {
		out[p.File] = max(out[p.File], p.Offset+p.Length)
	}
	return out
}
