package fetch

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// acceptEncoding names what decompress undoes, and nothing else.
const acceptEncoding = "gzip, br"

// readBody reads an answer's whole body, decompressed, and gives TooLarge
// rather than a part where it is longer than limit. Pictures, films and
// documents are refused before they are read. Of a redirect nothing is read,
// of an error and of a robots.txt only the beginning.
func readBody(resp *http.Response, kind Kind, limit int64) ([]byte, error) {
	switch s := resp.StatusCode; {
	case s >= 300 && s < 400:
		return nil, nil
	case kind == robotsKind:
		return readPart(resp, maxRobots)
	case s >= 400:
		return readPart(resp, maxTrifle)
	}
	if t := mediaType(resp.Header); foreign(t) {
		return nil, fail(NotText, "the answer is %s, not a page", t)
	}
	if resp.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	return readWhole(resp, limit)
}

// Plain reads the body of an archived answer as Get reads that of a live one:
// content coding undone, at most limit bytes, pictures and the like refused.
// The error is an *Error.
func Plain(url string, resp *http.Response, limit int64) ([]byte, error) {
	b, err := readBody(resp, Page, limit)
	if err != nil {
		e := *named(context.Background(), err, 0)
		e.URL = url
		return nil, &e
	}
	return b, nil
}

func tooLarge(limit int64) *Error {
	return fail(TooLarge, "the answer is longer than %d KiB once decompressed; nothing of it was kept", limit>>10)
}

func readWhole(resp *http.Response, limit int64) ([]byte, error) {
	wire := &bounded{r: resp.Body, left: limit, limit: limit} // empty gzip members add nothing and never end
	plain, err := decompress(wire, resp.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, err
	}
	plain = &bounded{r: plain, left: limit, limit: limit}
	head := bufio.NewReaderSize(plain, 4096)
	start, _ := head.Peek(512) // its error comes again with the read
	if bytes.HasPrefix(start, []byte("\x1f\x8b")) {
		return readZipped(head, limit)
	}
	if t := http.DetectContentType(start); foreign(t) {
		return nil, fail(NotText, "the answer says %q and is %s", resp.Header.Get("Content-Type"), t)
	}
	return slurp(head)
}

// readZipped reads a body that is itself a gzip file, as sitemap.xml.gz is.
func readZipped(r io.Reader, limit int64) ([]byte, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fail(BadAnswer, "the answer is a broken gzip file: %w", err)
	}
	head := bufio.NewReader(&bounded{r: z, left: limit, limit: limit})
	start, _ := head.Peek(512) // its error comes again with the read
	if t := http.DetectContentType(start); foreign(t) {
		return nil, fail(NotText, "the answer is a gzip file that holds %s", t)
	}
	return slurp(head)
}

// scratch is where bodies are gathered before it is known how long they are.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// slurp reads all of r and returns it in a slice no longer than it is: bodies
// are kept until they are stored.
func slurp(r io.Reader) ([]byte, error) {
	b := scratch.Get().(*bytes.Buffer)
	b.Reset()
	_, err := b.ReadFrom(r)
	var whole []byte
	if err == nil {
		whole = append(make([]byte, 0, b.Len()), b.Bytes()...)
	}
	if b.Cap() <= 1<<20 {
		scratch.Put(b)
	}
	return whole, err
}

// readPart reads at most n bytes and leaves the rest. What breaks off after
// something was read is kept: an error page is evidence as far as it goes.
func readPart(resp *http.Response, n int64) ([]byte, error) {
	plain, err := decompress(io.LimitReader(resp.Body, n), resp.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(plain, n))
	if err != nil && len(b) == 0 {
		return nil, err
	}
	return b, nil
}

// bounded passes bytes on until there are too many.
type bounded struct {
	r           io.Reader
	left, limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, tooLarge(b.limit)
	}
	return n, err
}

// decompress undoes one content coding. Two on top of each other are refused:
// no browser is sent such a page, and bombs are.
func decompress(r io.Reader, coding string) (io.Reader, error) {
	var out io.Reader
	var err error
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip":
		out, err = gzip.NewReader(r)
	case "br":
		return brotli.NewReader(r), nil
	case "deflate":
		return inflate(r)
	default:
		return nil, fail(BadAnswer, "the answer is encoded as %q, which was not asked for", clip(coding, 40))
	}
	if err == io.EOF { // nothing was sent, encoded or not
		return bytes.NewReader(nil), nil
	}
	return out, err
}

// inflate reads "deflate" as RFC 9110 means it, in zlib's wrapping, and as
// some servers send it, bare.
func inflate(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	start, err := b.Peek(2)
	if err == io.EOF && len(start) == 0 {
		return b, nil
	}
	if len(start) == 2 && start[0]&0x0f == 8 && (int(start[0])<<8|int(start[1]))%31 == 0 {
		return zlib.NewReader(b)
	}
	return flate.NewReader(b), nil
}

func mediaType(h http.Header) string {
	t, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// foreign reports whether a media type is certainly no text. application/
// octet-stream and unknown types are not: servers say so of pages and feeds.
func foreign(t string) bool {
	family, _, _ := strings.Cut(t, "/")
	switch family {
	case "image":
		return !strings.HasPrefix(t, "image/svg")
	case "video", "audio", "font":
		return true
	}
	for _, doc := range []string{"application/pdf", "application/zip", "application/msword", "application/vnd.ms-", "application/vnd.openxmlformats",
		"application/x-rar", "application/x-7z", "application/ogg", "application/wasm", "application/postscript", "application/java", "application/vnd.android"} {
		if strings.HasPrefix(t, doc) {
			return true
		}
	}
	return false
}

var (
	metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})`)
	xmlEncoding = regexp.MustCompile(`(?i)^(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]{2,40})["']`)
)

// declared is the charset an answer claims: by a UTF-16 byte order mark, in its
// header, in its XML prolog, or in a meta element of its first 4 KiB.
func declared(h http.Header, raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return "utf-16le"
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return "utf-16be"
	}
	if _, p, err := mime.ParseMediaType(h.Get("Content-Type")); err == nil && p["charset"] != "" {
		return strings.ToLower(p["charset"])
	}
	start := raw[:min(len(raw), 4096)]
	for _, re := range []*regexp.Regexp{xmlEncoding, metaCharset} {
		if m := re.FindSubmatch(start); m != nil {
			return strings.ToLower(string(m[1]))
		}
	}
	return ""
}
