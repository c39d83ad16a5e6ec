package evidence

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// origin marks headers that were true of the answer on its way and are not of
// the body as it is kept.
const origin = "X-Archive-Orig-"

// httpHead is status line and headers of an answer, up to the empty line.
func httpHead(x Exchange) []byte {
	var b bytes.Buffer
	status := x.Status
	if status == "" {
		status = "200 OK"
	}
	fmt.Fprintf(&b, "HTTP/1.1 %s\r\n", oneLine(status))
	length := strconv.Itoa(len(x.Body))
	for _, name := range slices.Sorted(maps.Keys(x.Header)) {
		for _, v := range x.Header[name] {
			if worn(name, v, length) {
				fmt.Fprintf(&b, "%s%s: %s\r\n", origin, name, oneLine(v))
			} else if name != "Content-Length" {
				fmt.Fprintf(&b, "%s: %s\r\n", name, oneLine(v))
			}
		}
	}
	fmt.Fprintf(&b, "Content-Length: %s\r\n\r\n", length)
	return b.Bytes()
}

// worn reports whether a header no longer fits the body.
func worn(name, value, length string) bool {
	switch name {
	case "Content-Encoding", "Transfer-Encoding":
		return true
	case "Content-Length":
		return value != length
	}
	return false
}

// httpRequest is a request as HTTP/1.1 writes it.
func httpRequest(x Exchange) []byte {
	var b bytes.Buffer
	target, host := x.URL, ""
	if u, err := url.Parse(x.URL); err == nil {
		target, host = u.RequestURI(), u.Host
	}
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\n", oneLine(target), oneLine(host))
	for _, name := range slices.Sorted(maps.Keys(x.Sent)) {
		for _, v := range x.Sent[name] {
			if name != "Host" {
				fmt.Fprintf(&b, "%s: %s\r\n", name, oneLine(v))
			}
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// splitHTTP parts a block of our own making into head and body.
func splitHTTP(block []byte) (head, body []byte) {
	head, body, ok := bytes.Cut(block, []byte("\r\n\r\n"))
	if !ok {
		return block, nil
	}
	return head, body
}

// maxHTTPHead bounds the headers of an archived answer.
const maxHTTPHead = 256 << 10

// ErrNoAnswer says that a record holds no HTTP answer.
var ErrNoAnswer = errors.New("the record holds no HTTP answer")

// Response reads the block of a response record as an HTTP answer. Its body is
// the rest of the block, without transfer coding where there is one; content
// coding is the caller's to undo. Headers are bounded, the body is not.
func (r *Record) Response() (*http.Response, error) {
	media, _, _ := strings.Cut(r.Fields.Get("Content-Type"), ";")
	if r.Fields.Get("WARC-Type") != "response" || !strings.EqualFold(strings.TrimSpace(media), "application/http") {
		return nil, ErrNoAnswer
	}
	raw, err := headOf(bufio.NewReader(r.Block))
	if err != nil {
		return nil, err
	}
	text := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw.head)))
	line, err := text.ReadLine()
	if err != nil {
		return nil, fmt.Errorf("%w: its first line cannot be read: %w", ErrNoAnswer, err)
	}
	proto, status, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(strings.TrimSpace(status), " ")
	number, err := strconv.Atoi(code)
	if err != nil || !strings.HasPrefix(proto, "HTTP/") || number < 100 || number > 999 {
		return nil, fmt.Errorf("%w: it begins with %q", ErrNoAnswer, line[:min(len(line), 40)])
	}
	header, err := text.ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: its headers cannot be read: %w", ErrNoAnswer, err)
	}
	return &http.Response{Proto: proto, Status: strings.TrimSpace(status), StatusCode: number, Header: http.Header(header),
		ContentLength: -1, Body: io.NopCloser(unchunked(raw.rest, http.Header(header)))}, nil
}

type parted struct {
	head []byte
	rest *bufio.Reader
}

// headOf reads up to the empty line that ends the headers.
func headOf(b *bufio.Reader) (parted, error) {
	var head []byte
	for {
		line, err := b.ReadSlice('\n')
		head = append(head, line...)
		switch {
		case len(head) > maxHTTPHead:
			return parted{}, fmt.Errorf("%w: its headers are longer than %d KiB", ErrTooLarge, maxHTTPHead>>10)
		case errors.Is(err, io.EOF):
			return parted{append(head, "\r\n\r\n"...), b}, nil // headers alone, as of a HEAD request
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return parted{}, err
		case err == nil && len(bytes.TrimRight(line, "\r\n")) == 0:
			return parted{head, b}, nil
		}
	}
}

// unchunked undoes chunks where there are any: many archives keep the header
// and have undone the coding.
func unchunked(b *bufio.Reader, h http.Header) io.Reader {
	if !strings.Contains(strings.ToLower(h.Get("Transfer-Encoding")), "chunked") {
		return b
	}
	start, _ := b.Peek(18) // its error comes again with the read
	size, _, ok := bytes.Cut(start, []byte("\n"))
	size, _, _ = bytes.Cut(bytes.TrimSpace(size), []byte(";"))
	if _, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 63); !ok || err != nil {
		return b
	}
	return httputil.NewChunkedReader(b)
}
