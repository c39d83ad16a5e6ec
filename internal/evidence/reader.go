package evidence

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
)

const (
	maxHead  = 64 << 10 // bytes of a record's named fields
	maxBlock = 1 << 30  // bytes of a record's block
	maxGap   = 64       // newlines between two records; two pairs belong there
)

// What can be wrong with a WARC file.
var (
	ErrNotWARC  = errors.New("this is no WARC record")
	ErrTorn     = errors.New("the file ends in the middle of a record")
	ErrTooLarge = errors.New("the record is larger than any page is")
	ErrDigest   = errors.New("the record is not what was written: its digest is another")
)

// Damage says where a file cannot be read on. What came before it stands.
type Damage struct {
	Offset int64 // of the record in the file, in bytes; of its gzip member where it has one
	Err    error // ErrNotWARC, ErrTorn, ErrTooLarge or the reader's own
}

// Error gives the place and the cause.
func (d *Damage) Error() string { return fmt.Sprintf("the record at byte %d: %v", d.Offset, d.Err) }

// Unwrap gives the cause.
func (d *Damage) Unwrap() error { return d.Err }

// Record is one record of a file. Its Block must be read before the next
// record is asked for; what is left of it is then passed over.
type Record struct {
	Version string // "1.1"
	Fields  Fields
	Length  int64     // of the block
	Block   io.Reader // ends early with ErrTorn where the file does
	Offset  int64     // of the record in the file; of its gzip member where it has one
}

// Reader reads the records of a WARC file from front to back in bounded
// memory: plain files, files of one gzip member a record, and files that are
// one gzip member as a whole. Versions 0.17 to 1.1 are read alike.
type Reader struct {
	in    *source
	zip   *gzip.Reader // the member being read; nil between members and in plain text
	spare *gzip.Reader
	inner *source // the text of members, one after the other
	text  *source // what is read: inner, or the file itself
	left  int64   // bytes of the block that were not read yet
	from  int64   // where the record at hand begins
	open  bool    // a record was given and not passed yet
	whole int64
	err   error
}

// NewReader reads from r.
func NewReader(r io.Reader) *Reader { return &Reader{in: newSource(r)} }

// Whole returns how many bytes of the file are whole records: up to where the
// last record that was passed ends.
func (r *Reader) Whole() int64 { return r.whole }

// Next passes what is left of the last record and returns the next. At the end
// of the file the error is io.EOF; any other is a *Damage, and stays.
func (r *Reader) Next() (*Record, error) {
	if r.err != nil {
		return nil, r.err
	}
	rec, err := r.next()
	if err != nil && !errors.Is(err, errEnd) {
		r.err = &Damage{r.from, torn(err)}
		return nil, r.err
	}
	if err != nil {
		r.err = io.EOF
		return nil, io.EOF
	}
	return rec, nil
}

// errEnd is the end of the file where it may end.
var errEnd = errors.New("the end of the file")

// torn gives an end that comes too early its name.
func torn(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrTorn
	}
	return err
}

func (r *Reader) next() (*Record, error) {
	if err := r.pass(); err != nil {
		return nil, err
	}
	if err := r.begin(); err != nil {
		return nil, err
	}
	return r.head()
}

// pass reads the last record to its end.
func (r *Reader) pass() error {
	if !r.open {
		return nil
	}
	if _, err := io.Copy(io.Discard, block{r}); err != nil {
		return err
	}
	r.open = false
	for range maxGap {
		c, err := r.text.peek(1)
		if len(c) == 0 && !errors.Is(err, io.EOF) {
			return err
		}
		if len(c) == 0 || (c[0] != '\r' && c[0] != '\n') {
			break
		}
		if _, err := r.text.ReadByte(); err != nil {
			return err
		}
	}
	if r.zip == nil {
		r.whole = r.in.n
	}
	return nil
}

// begin finds the next record: in the member at hand, in the next, or in plain
// text.
func (r *Reader) begin() error {
	for {
		if r.zip != nil {
			more, err := r.text.peek(1)
			if len(more) > 0 {
				return nil
			}
			if !errors.Is(err, io.EOF) { // the member's own check fails here
				return err
			}
			r.zip, r.whole = nil, r.in.n
		}
		r.from = r.in.n
		magic, err := r.in.peek(2)
		switch {
		case len(magic) == 0 && errors.Is(err, io.EOF):
			return errEnd
		case len(magic) == 0:
			return err
		case len(magic) == 1 && magic[0] == 0x1f:
			return io.ErrUnexpectedEOF
		case !bytes.Equal(magic, []byte{0x1f, 0x8b}):
			r.text = r.in
			return nil
		}
		if err := r.member(); err != nil {
			return err
		}
	}
}

// member opens the gzip member that begins here.
func (r *Reader) member() (err error) {
	if r.spare == nil {
		r.spare, err = gzip.NewReader(r.in)
	} else {
		err = r.spare.Reset(r.in)
	}
	if err != nil {
		return err
	}
	r.zip = r.spare
	r.zip.Multistream(false)
	if r.inner == nil {
		r.inner = newSource(r.zip)
	}
	r.inner.b.Reset(r.zip)
	r.text = r.inner
	return nil
}

// head reads version and named fields.
func (r *Reader) head() (*Record, error) {
	if start, _ := r.text.peek(5); !strings.HasPrefix("WARC/", string(start)) { // a short one is torn: its error comes again
		return nil, fmt.Errorf("%w: it begins with %q", ErrNotWARC, start)
	}
	room := maxHead
	line, err := r.text.line(&room)
	if err != nil {
		return nil, err
	}
	version, ok := strings.CutPrefix(line, "WARC/")
	if !ok || (version != "1.0" && version != "1.1" && version != "0.17" && version != "0.18") {
		return nil, fmt.Errorf("%w: it begins with %q", ErrNotWARC, line[:min(len(line), 40)])
	}
	rec := &Record{Version: version, Offset: r.from, Block: block{r}}
	for {
		line, err := r.text.line(&room)
		if err != nil {
			return nil, err
		}
		if line == "" {
			break
		}
		if rec.Fields, err = rec.Fields.read(line); err != nil {
			return nil, err
		}
	}
	if rec.Length, err = blockLength(rec.Fields.Get("Content-Length")); err != nil {
		return nil, err
	}
	r.left, r.open = rec.Length, true
	return rec, nil
}

// read adds a line of named fields; one that begins with a space goes on with
// the field before it.
func (f Fields) read(line string) (Fields, error) {
	if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
		if len(f) == 0 {
			return nil, fmt.Errorf("%w: it goes on with a field that has not begun", ErrNotWARC)
		}
		f[len(f)-1].Value += " " + strings.TrimSpace(line)
		return f, nil
	}
	name, value, ok := strings.Cut(line, ":")
	if !ok || name == "" {
		return nil, fmt.Errorf("%w: the line %q names no field", ErrNotWARC, line[:min(len(line), 40)])
	}
	return append(f, Field{name, strings.TrimSpace(value)}), nil
}

func blockLength(text string) (int64, error) {
	n, err := strconv.ParseUint(text, 10, 63)
	switch {
	case errors.Is(err, strconv.ErrRange), err == nil && n > maxBlock:
		return 0, fmt.Errorf("%w: Content-Length %s", ErrTooLarge, text[:min(len(text), 40)])
	case err != nil:
		return 0, fmt.Errorf("%w: Content-Length is %q", ErrNotWARC, text[:min(len(text), 40)])
	}
	return int64(n), nil
}

// block is the block of the record at hand.
type block struct{ r *Reader }

// Read reads no further than the block.
func (b block) Read(p []byte) (int, error) {
	if b.r.left == 0 {
		return 0, io.EOF
	}
	n, err := b.r.text.Read(p[:min(int64(len(p)), b.r.left)])
	if b.r.left -= int64(n); err != nil && b.r.left > 0 {
		return n, torn(err)
	}
	return n, nil
}

// source is a reader that knows how far it has come, and never reads further
// than it was asked to: a gzip member ends at its last byte.
type source struct {
	b *bufio.Reader
	n int64
}

func newSource(r io.Reader) *source { return &source{b: bufio.NewReaderSize(r, 32<<10)} }

// Read counts what it gives.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.b.Read(p)
	s.n += int64(n)
	return n, err
}

// ReadByte counts what it gives.
func (s *source) ReadByte() (byte, error) {
	c, err := s.b.ReadByte()
	if err == nil {
		s.n++
	}
	return c, err
}

func (s *source) peek(n int) ([]byte, error) { return s.b.Peek(n) }

// line reads up to the next newline and takes its length from room.
func (s *source) line(room *int) (string, error) {
	var out []byte
	for {
		part, err := s.b.ReadSlice('\n')
		s.n += int64(len(part))
		out = append(out, part...)
		if *room -= len(part); *room < 0 {
			return "", fmt.Errorf("%w: its named fields are longer than %d KiB", ErrTooLarge, maxHead>>10)
		}
		if err == nil {
			return string(bytes.TrimRight(out, "\r\n")), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
}

// hasDigest reports whether b has the digest that a record claims; claims in
// algorithms that are not known here are believed.
func hasDigest(b []byte, claim string) bool {
	name, want, _ := strings.Cut(claim, ":")
	var h hash.Hash
	switch strings.ToLower(name) {
	case "sha1":
		h = sha1.New()
	case "sha256", "sha-256":
		h = sha256.New()
	default:
		return true
	}
	h.Write(b)
	sum := h.Sum(nil)
	plain := base32.StdEncoding.EncodeToString(sum)
	return strings.EqualFold(want, plain) || strings.EqualFold(want, strings.TrimRight(plain, "=")) || strings.EqualFold(want, hex.EncodeToString(sum))
}

// Read returns the whole block, of at most most bytes, and holds it against
// the record's digest; ErrTooLarge, ErrTorn, ErrDigest.
func (r *Record) Read(most int64) ([]byte, error) {
	if r.Length > most {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, r.Length)
	}
	b, err := io.ReadAll(r.Block)
	if err != nil {
		return nil, err
	}
	if !hasDigest(b, r.Fields.Get("WARC-Block-Digest")) {
		return nil, ErrDigest
	}
	return b, nil
}
