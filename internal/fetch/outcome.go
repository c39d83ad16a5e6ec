package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"
)

// Code names how a request ended. Codes are stable: they are stored, counted
// and shown. A Code is an error too, so that errors.Is(err, TooLarge) asks.
type Code string

// The ends of a request.
const (
	OK            Code = "ok"
	Unchanged     Code = "unchanged"        // 304: as it was last time
	Empty         Code = "empty"            // 200 without a body
	Blocked       Code = "blocked"          // 401, 403, 429, a captcha, a cookie-setting script
	Gone          Code = "gone"             // 404, 410
	SoftGone      Code = "soft-gone"        // 200, but the page says, or its address shows, that nothing is there
	Held          Code = "held"             // the host asked to be left alone for longer than we wait; see RetryAt
	NoRobots      Code = "robots-unknown"   // robots.txt cannot be read now, so nothing may be asked
	Forbidden     Code = "robots"           // robots.txt forbids the address
	Guarded       Code = "guard"            // private, loopback or otherwise not a public address
	BadAddress    Code = "bad-address"      // not an http or https address
	BadAnswer     Code = "bad-answer"       // the answer breaks the protocol or its own encoding
	NotText       Code = "not-text"         // a picture, a PDF, a film
	TooLarge      Code = "too-large"        // body or headers beyond the bound
	TooManyHops   Code = "redirects"        // more than maxHops redirects
	Timeout       Code = "timeout"          // no whole answer in time
	NoName        Code = "no-dns"           // the host name does not resolve
	BadTLS        Code = "tls"              // no secure connection could be agreed on
	Unreachable   Code = "unreachable"      // refused, reset, no route
	ServerTrouble Code = "server-error"     // 5xx
	Refused       Code = "request-rejected" // another 4xx
	Cancelled     Code = "cancelled"        // the caller's context ended
)

// Error makes a Code a target of errors.Is.
func (c Code) Error() string { return string(c) }

// Error is a request that brought no page, with evidence in words.
type Error struct {
	Code    Code
	URL     string    // as asked
	Detail  string    // what was seen and what to do, in English
	Status  int       // HTTP status; 0 where there was no answer
	RetryAt time.Time // when the host may be asked again, where it said so
	Err     error     // the cause, where there is one
}

// Error gives the address and the evidence.
func (e *Error) Error() string { return fmt.Sprintf("fetch %s: %s", e.URL, e.Detail) }

// Unwrap lets errors.Is find the code and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Code}
	}
	return []error{e.Code, e.Err}
}

// CodeOf returns the code in err: OK for nil, "" where there is none.
func CodeOf(err error) Code {
	if err == nil {
		return OK
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// fail makes an Error that does not know its address yet; finish adds it.
func fail(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Detail: err.Error(), Err: errors.Unwrap(err)}
}

// named gives an error from the network its name. parent is the caller's
// context: its end is the caller's doing, not the server's.
func named(parent context.Context, err error, timeout time.Duration) *Error {
	var known *Error
	switch {
	case errors.As(err, &known):
		return known
	case parent.Err() != nil:
		return fail(Cancelled, "stopped before an answer came: %w", parent.Err())
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return fail(Timeout, "no whole answer within %s; the server is slow or trickles: %w", timeout, err)
	}
	if e := connection(err); e != nil {
		return e
	}
	return fail(BadAnswer, "the answer cannot be read: %w", err)
}

// connection names what can go wrong before there is an answer.
func connection(err error) *Error {
	var dns *net.DNSError
	var op *net.OpError
	var timeout net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fail(NoName, "the name %s does not exist; the site may have moved or closed: %w", dns.Name, err)
	case errors.As(err, &dns):
		return fail(NoName, "the name server gave no answer for %s: %w", dns.Name, err)
	case isTLS(err):
		return fail(BadTLS, "no secure connection: %w; an old server can be named under old_tls", err)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fail(Timeout, "the connection timed out: %w", err)
	case strings.Contains(err.Error(), "headers exceeded"), strings.Contains(err.Error(), "header list larger"):
		return fail(TooLarge, "the answer's headers are larger than %d KiB", maxHeader>>10)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fail(Unreachable, "the server refuses connections: %w", err)
	case errors.As(err, &op):
		return fail(Unreachable, "the server cannot be reached: %w", err)
	}
	return nil
}

func isTLS(err error) bool {
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var verify *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	return errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &verify) ||
		errors.As(err, &authority) || errors.As(err, &name) || strings.Contains(err.Error(), "tls: ") ||
		strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// judge names the end of a complete answer; nil for a page to be read.
func judge(t *trip, a *Answer, now time.Time) *Error {
	retry, said := retryAfter(a.Header, now)
	until := ""
	if said != "" {
		until = "; " + said
	}
	e := func(code Code, why string) *Error {
		return &Error{Code: code, Status: a.Status, Detail: why + until, RetryAt: retry}
	}
	status := fmt.Sprintf("the server answered %d %s", a.Status, http.StatusText(a.Status))
	gate := gateOf(a)
	switch s := a.Status; {
	case gate != "":
		return e(Blocked, gate)
	case s == http.StatusUnauthorized, s == http.StatusForbidden, s == http.StatusTooManyRequests,
		s == http.StatusProxyAuthRequired, s == http.StatusUnavailableForLegalReasons:
		return e(Blocked, status)
	case s == http.StatusNotFound, s == http.StatusGone:
		return e(Gone, status)
	case s == http.StatusRequestTimeout:
		return e(Timeout, status)
	case s >= 500:
		return e(ServerTrouble, status)
	case s >= 400:
		return e(Refused, status)
	case s != http.StatusOK && s != http.StatusNonAuthoritativeInfo:
		return e(BadAnswer, status+", which brings no page")
	case len(bytes.TrimSpace(a.Raw)) == 0:
		return e(Empty, "the server answered 200 with an empty page")
	}
	if why := softGone(t, a); why != "" {
		return e(SoftGone, why)
	}
	return nil
}
