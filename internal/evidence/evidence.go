// Package evidence keeps what was seen on the web, as it was seen, in files
// that any archive can read: WARC/1.1 (ISO 28500:2017), one gzip member for
// each record.
//
// An answer is first laid aside ([Archive.Pend]), for nobody knows yet whether
// the article on it concerns us, and later kept ([Archive.Keep]) or dropped
// ([Archive.Drop]). What is kept is two records side by side, the response and
// the request that brought it, and a [Place] that says where they lie and what
// their SHA-256 is. The caller lists the places; a file may therefore be
// longer than what is listed of it when the process dies, and [Open] then
// finds the whole records again and cuts off the torn one. Nothing is lost and
// nothing stands twice.
//
// A response is kept as the program read it: transfer and content coding are
// undone, header names are in their usual spelling and sorted. Headers that no
// longer fit the body stand there as X-Archive-Orig-…, and the warcinfo record
// of every file says so.
//
// The digests in the records are SHA-1, as readers of WARC files expect them.
// What proves a record is the SHA-256 in its Place.
package evidence

import "time"

// What an exchange is evidence of.
const (
	Page = "page" // the text of a version of an article
	Gone = "gone" // that the article was taken down
)

// Piece names one thing to be proved.
type Piece struct {
	ArticleID string
	Version   int
	Kind      string // Page or Gone
}

// Exchange is one answer of a web server and the request that brought it.
type Exchange struct {
	URL    string              // the address that answered
	Via    []string            // the addresses that led there, in order
	At     time.Time           // when the answer was complete
	Peer   string              // IP address of the server; empty where it is not known
	Sent   map[string][]string // headers of the request
	Proto  string              // of the answer, e.g. "HTTP/2.0"
	Status string              // of the answer, e.g. "200 OK"
	Header map[string][]string // of the answer, as received
	Body   []byte              // without transfer and content coding
	Cut    bool                // Body is only a beginning
}

// Place says where the evidence of a Piece lies.
type Place struct {
	ArticleID string
	Version   int
	Kind      string
	Record    string    // WARC-Record-ID of the response
	Refers    string    // record that holds the payload, where this one repeats it (a revisit)
	URL       string    // the address that answered
	At        time.Time // when the answer was complete
	File      string    // relative to the data directory, with slashes
	Offset    int64     // of the response's member in File
	Length    int64     // of that member and the request's
	SHA256    string    // of these bytes of File, hexadecimal
	Payload   string    // SHA-256 of the page itself, hexadecimal
}

// Piece names what the place holds.
func (p Place) Piece() Piece { return Piece{p.ArticleID, p.Version, p.Kind} }
