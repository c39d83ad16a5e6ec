package judge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// most is how long an answer may be, with all that the protocol puts around it.
const most = 1 << 20

// Prompt is what is sent: instructions of ours, then text of strangers.
type Prompt struct {
	System string
	User   string
	Answer int // tokens that the answer may have
}

// Tokens is what the question and a full answer cost at worst: in Vietnamese a
// token is seldom shorter than two bytes.
func (p Prompt) Tokens() int { return (len(p.System)+len(p.User))/2 + p.Answer }

// Version names the instructions: another wording is another question.
func (p Prompt) Version() string { return digest(p.System) }

// Digest names what was asked about.
func (p Prompt) Digest() string { return digest(p.User) }

// Reply is what the model said.
type Reply struct {
	Text   string
	Tokens int // as the server counts them; 0 where it does not say
}

// Fault is a request that brought no answer.
type Fault struct {
	Code   string        // busy, key, server, request, redirect, timeout, unreachable, broken, too-large, protocol
	Status int           // of HTTP; 0 where there was none
	Rest   time.Duration // how long the server asks to be left alone; 0 where it does not say
	Says   string        // what happened and what to do; holds neither key nor text
}

func (f *Fault) Error() string { return "asking the language model: " + f.Says }

// wire is the part of the protocol that is used.
type wire struct {
	Choices []struct {
		Message struct {
			Content *string `json:"content"`
			Refusal string  `json:"refusal"`
		} `json:"message"`
		Finish string `json:"finish_reason"`
	} `json:"choices"`
	Usage struct {
		Total int `json:"total_tokens"`
	} `json:"usage"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Ask sends one question and waits for the whole answer. The error is a *Fault
// where none came, *Rejected where the model would not answer, and ctx's own
// where the caller gave up.
func (j *Judge) Ask(ctx context.Context, p Prompt) (Reply, error) {
	began := j.o.Now()
	reply, err := j.exchange(ctx, p)
	var fault *Fault
	switch {
	case errors.As(err, &fault):
		j.o.Log.WarnContext(ctx, "the language model gave no answer", "model", j.o.Model, "fault", fault.Code, "status", fault.Status, "took", j.o.Now().Sub(began))
	case err == nil:
		j.o.Log.DebugContext(ctx, "the language model answered", "model", j.o.Model, "tokens", reply.Tokens, "took", j.o.Now().Sub(began))
	}
	return reply, err
}

func (j *Judge) exchange(parent context.Context, p Prompt) (Reply, error) {
	ctx, cancel := context.WithTimeout(parent, j.o.Timeout)
	defer cancel()
	resp, err := j.send(ctx, p)
	if err == nil {
		defer resp.Body.Close()
		if fault := j.refused(resp); fault != nil {
			return Reply{}, fault
		}
		var raw []byte
		if raw, err = io.ReadAll(io.LimitReader(resp.Body, most+1)); err == nil {
			return read(raw)
		}
	}
	if parent.Err() != nil {
		return Reply{}, parent.Err()
	}
	return Reply{}, j.broken(ctx, err)
}

func (j *Judge) send(ctx context.Context, p Prompt) (*http.Response, error) {
	// No response_format: servers differ in which they know and refuse the
	// others; what comes back is checked in any case.
	body, err := json.Marshal(map[string]any{
		"model": j.o.Model, "temperature": 0, "max_tokens": p.Answer, "stream": false,
		"messages": []message{{"system", p.System}, {"user", p.User}},
	})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, j.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if j.o.Key != "" {
		req.Header.Set("Authorization", "Bearer "+j.o.Key)
	}
	return j.client.Do(req)
}

// broken names what went wrong on the way.
func (j *Judge) broken(ctx context.Context, err error) *Fault {
	switch {
	case errors.Is(err, errRedirect):
		return &Fault{Code: "redirect", Says: "the server redirects elsewhere, which is not followed; set judge.url to the final address"}
	case ctx.Err() != nil:
		return &Fault{Code: "timeout", Says: fmt.Sprintf("no whole answer within %s; see whether the server is loaded, or raise judge.timeout", j.o.Timeout)}
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return &Fault{Code: "unreachable", Says: fmt.Sprintf("%v; see whether the server at judge.url runs", err)}
	}
	return &Fault{Code: "broken", Says: fmt.Sprintf("the answer broke off: %v; see the server's own log", err)}
}

// Innocent reports whether the fault would have met any question.
func (f *Fault) Innocent() bool {
	return f.Code == "busy" || f.Code == "key" || f.Code == "redirect" || f.Code == "unreachable"
}

// refused is the fault that an answer's status tells; nil where there is none.
func (j *Judge) refused(resp *http.Response) *Fault {
	f := &Fault{Status: resp.StatusCode, Rest: j.rest(resp.Header.Get("Retry-After"))}
	switch s := resp.StatusCode; {
	case s == http.StatusOK:
		return nil
	case s == http.StatusTooManyRequests, s == http.StatusServiceUnavailable:
		f.Code, f.Says = "busy", fmt.Sprintf("the server is busy (%d) and is left alone for a while", s)
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		f.Code, f.Says = "key", fmt.Sprintf("the server refuses the key (%d); put a valid one where judge.key says", s)
	case s >= 500:
		f.Code, f.Says = "server", fmt.Sprintf("the server failed (%d); see its own log", s)
	default:
		f.Code, f.Says = "request", fmt.Sprintf("the server does not take the request (%d); see whether judge.url ends before /chat/completions and judge.model is a model it has", s)
	}
	return f
}

// longest is how long a server may ask to be left alone.
const longest = 24 * time.Hour

// rest reads a Retry-After: seconds, or a date.
func (j *Judge) rest(text string) time.Duration {
	var d time.Duration
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		d = time.Duration(min(max(n, 0), int(longest/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		d = at.Sub(j.o.Now())
	}
	return min(max(d, 0), longest)
}

// read takes the model's words out of the protocol.
func read(raw []byte) (Reply, error) {
	if len(raw) > most {
		return Reply{}, &Fault{Code: "too-large", Status: http.StatusOK, Says: fmt.Sprintf("the answer is longer than %d bytes; see whether this is a chat-completions server", most)}
	}
	var w wire
	if err := json.Unmarshal(raw, &w); err != nil || len(w.Choices) == 0 {
		return Reply{}, &Fault{Code: "protocol", Status: http.StatusOK, Says: "the answer is not of the chat-completions protocol; see whether judge.url ends before /chat/completions"}
	}
	reply := Reply{Tokens: max(0, w.Usage.Total)}
	c := w.Choices[0]
	switch {
	case c.Message.Refusal != "" || c.Finish == "content_filter":
		return reply, reject("refusal", "the model would not answer")
	case c.Finish == "length":
		return reply, reject("cut", "the answer was cut off")
	case c.Message.Content == nil || strings.TrimSpace(*c.Message.Content) == "":
		return reply, reject("empty", "the model said nothing")
	}
	reply.Text = strings.ToValidUTF8(*c.Message.Content, string(utf8.RuneError))
	return reply, nil
}

// object is the one JSON object of an answer, put into v. Models think aloud
// between <think> and </think> and like to fence what they write; anything
// else around it is not what was asked for.
func object(text string, v any) *Rejected {
	text = strings.TrimSpace(text)
	if after, ok := strings.CutPrefix(text, "<think>"); ok {
		_, text, _ = strings.Cut(after, "</think>")
		text = strings.TrimSpace(text)
	}
	if inner, ok := strings.CutPrefix(text, "```"); ok {
		inner, _ = strings.CutSuffix(strings.TrimSpace(inner), "```")
		text = strings.TrimSpace(strings.TrimPrefix(inner, "json"))
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return reject("json", "not the JSON asked for: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return reject("json", "words after the JSON")
	}
	return nil
}
