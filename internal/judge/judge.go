// Package judge asks a language model of the agency's own about articles that
// the rules and the learned model are unsure of, and for one paragraph on a
// story. It is optional, and its word is never the only one.
//
// # The rule
//
// The model is asked once of an article, with title, lead and the beginning of
// the body, for a value of each axis out of our own vocabularies and a quote
// for each. An answer that is not the JSON asked for, names an unknown axis or
// value, or quotes words that do not stand in what was sent is rejected as a
// whole, with a named reason. Of an answer that holds, on each axis:
//
//  1. Its word is added to the reasons, named judge:MODEL with the version of
//     the question and the day, and with the quote in the article's own
//     spelling: what is shown is cut from the article, not from the answer.
//  2. It settles the verdict only where the reading was in doubt (less sure
//     than the configured bound, relevance near its boundary, or phrases and
//     learned model at odds over tone or risk), and only in favour of a value for
//     which the rules or the learned model had a reason of their own: the tone or
//     the risk that either of them gave; a topic filed already or named by a phrase in
//     title or lead, as the main one; a role that a phrase in title or lead
//     speaks for; relevance where rules spoke both for and against it. Nothing
//     that follows from an axis is changed with it.
//  3. Harm that phrases heard stays: the tone and the risk that crises are
//     watched by (news.Reading.Tense and Alarm) are not touched, an agency read as blamed stays
//     blamed, an article whose phrases tell harm stays relevant.
//  4. Stories and incidents go by news.Reading.BeforeJudge, the reading without
//     what the model settled: it neither opens nor raises nor ends an incident.
//  5. A person's correction stands over it.
//
// So an article that says "ignore previous instructions" can at most have the
// wrong one of two values chosen that were both open before.
//
// # A paragraph on a story
//
// Every sentence cites the articles it comes from. A number or a name that
// does not stand in the articles cited gets the whole paragraph refused. That
// it is the machine's is written beside it wherever it is shown.
//
// # The way out
//
// One POST of the chat-completions protocol on net/http: the official client
// brings 40,000 lines, retries of its own and a way to configure itself from
// the environment, where this program must connect to one host and port alone,
// by the guard's dialer, and count every request against a budget.
package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options say which model is asked, and how.
type Options struct {
	URL     string                                                               // what stands before /chat/completions
	Model   string                                                               // as the server names it
	Key     string                                                               // empty where the server wants none
	Timeout time.Duration                                                        // for one whole answer
	Dial    func(ctx context.Context, network, address string) (net.Conn, error) // connects to the one server, whatever address is given
	Now     func() time.Time
	Log     *slog.Logger // hears of requests, never of keys or texts
}

// Judge asks one model. It is safe for concurrent use.
type Judge struct {
	o      Options
	url    string
	client *http.Client
}

var errRedirect = errors.New("the server redirects")

// New prepares to ask; it connects to nothing yet. A judge without a dialer is
// an error: there is one way out of this program, and it is not this room's.
func New(o Options) (*Judge, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the language model's address cannot be read; set judge.url to what stands before /chat/completions")
	}
	if o.Dial == nil {
		return nil, errors.New("the language model cannot be asked without the address guard's dialer")
	}
	return &Judge{o: o, url: strings.TrimRight(o.URL, "/") + "/chat/completions", client: &http.Client{
		Transport:     &http.Transport{DialContext: o.Dial, MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: 1, IdleConnTimeout: 30 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
	}}, nil
}

// Model names the model that is asked.
func (j *Judge) Model() string { return j.o.Model }

// Timeout is how long one answer may take.
func (j *Judge) Timeout() time.Duration { return j.o.Timeout }

// Close ends connections that are kept open.
func (j *Judge) Close() { j.client.CloseIdleConnections() }

// digest names a text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// Rejected is an answer that came and cannot be used.
type Rejected struct {
	Why  string // json, axis, value, quote, refusal, cut, empty, length, citation, number, name
	Says string // what of it, for a person
}

func (r *Rejected) Error() string { return "the model's answer is rejected (" + r.Why + "): " + r.Says }

func reject(why, says string, args ...any) *Rejected {
	return &Rejected{why, fmt.Sprintf(says, args...)}
}
