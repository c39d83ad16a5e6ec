package evidence

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The named fields of a record that are ours: WARC allows further ones.
const (
	fieldArticle = "DiemBao-Article"
	fieldVersion = "DiemBao-Version"
	fieldKind    = "DiemBao-Kind"
	fieldPayload = "DiemBao-Payload-SHA256" // hexadecimal: SHA-1 proves little today
	fieldVia     = "DiemBao-Via"            // addresses that redirected to the target, in order
)

// sameAsBefore is the profile of revisit records whose payload is known.
const sameAsBefore = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

// Field is one named field of a record.
type Field struct{ Name, Value string }

// Fields are the named fields of a record, in their order.
type Fields []Field

// Get returns the first field of a name, in whatever case it is written.
func (f Fields) Get(name string) string {
	for _, x := range f {
		if strings.EqualFold(x.Name, name) {
			return x.Value
		}
	}
	return ""
}

// with returns the fields with one more, or with none where the value is empty.
func (f Fields) with(name, value string) Fields {
	if value == "" {
		return f
	}
	return append(f, Field{name, value})
}

// draft is a record to be written.
type draft struct {
	fields Fields // without Content-Length
	block  []byte
}

// bytes is the record as it stands in a file, before compression.
func (d draft) bytes() []byte {
	var b bytes.Buffer
	b.Grow(len(d.block) + 1024)
	b.WriteString("WARC/1.1\r\n")
	for _, f := range d.fields {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, oneLine(f.Value))
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", len(d.block))
	b.Write(d.block)
	b.WriteString("\r\n\r\n")
	return b.Bytes()
}

// oneLine keeps what came from outside from beginning a field of its own.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == 0 {
			return ' '
		}
		return r
	}, s)
}

// drafts are the two records of an exchange, the response first.
func drafts(p Piece, x Exchange) (response, request draft) {
	id, at := newID(), stamp(x.At)
	head := httpHead(x)
	response.block = append(head, x.Body...)
	response.fields = Fields{
		{"WARC-Type", "response"}, {"WARC-Record-ID", id}, {"WARC-Date", at}, {"WARC-Target-URI", x.URL},
		{"Content-Type", "application/http;msgtype=response"},
		{"WARC-Block-Digest", digest(response.block)}, {"WARC-Payload-Digest", digest(x.Body)},
		{fieldPayload, sha256Of(x.Body)},
	}.with("WARC-IP-Address", x.Peer).with("WARC-Protocol", protocol(x.Proto)).with(fieldVia, strings.Join(x.Via, " "))
	if x.Cut {
		response.fields = response.fields.with("WARC-Truncated", "length")
	}
	response.fields = append(response.fields, Field{fieldArticle, p.ArticleID}, Field{fieldVersion, strconv.Itoa(p.Version)}, Field{fieldKind, p.Kind})

	request.block = httpRequest(x)
	request.fields = Fields{
		{"WARC-Type", "request"}, {"WARC-Record-ID", newID()}, {"WARC-Date", at}, {"WARC-Target-URI", x.URL},
		{"WARC-Concurrent-To", id}, {"Content-Type", "application/http;msgtype=request"},
		{"WARC-Block-Digest", digest(request.block)},
	}
	return response, request
}

// revisit makes of a response the record that repeats an earlier one: its
// headers, and a pointer to the payload.
func revisit(response draft, before Place) draft {
	_, body := splitHTTP(response.block)
	head := response.block[:len(response.block)-len(body)]
	out := draft{block: head}
	for _, f := range response.fields {
		switch f.Name {
		case "WARC-Type":
			f.Value = "revisit"
		case "WARC-Block-Digest":
			f.Value = digest(head)
		}
		out.fields = append(out.fields, f)
	}
	out.fields = append(out.fields, Field{"WARC-Profile", sameAsBefore}, Field{"WARC-Refers-To", before.Record},
		Field{"WARC-Refers-To-Target-URI", before.URL}, Field{"WARC-Refers-To-Date", stamp(before.At)})
	return out
}

// protocol names the version of HTTP as WARC files do.
func protocol(proto string) string {
	if proto == "HTTP/2.0" {
		return "h2"
	}
	return strings.ToLower(proto)
}

// newID makes a record id: a random UUID (RFC 9562, version 4) as a URN.
func newID() string {
	var u [16]byte
	rand.Read(u[:]) // never fails
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// digest is the SHA-1 of b as WARC files write it.
func digest(b []byte) string {
	sum := sha1.Sum(b)
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// stamp writes a time as WARC-Date: UTC, to the millisecond.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
