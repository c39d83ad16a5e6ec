package evidence

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// zipped is a gzip member.
func zipped(parts ...string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for _, p := range parts {
		io.WriteString(z, p) // into memory
	}
	z.Close()
	return b.String()
}

// record is a plain record with a block.
func record(block string, fields ...string) string {
	return "WARC/1.0\r\n" + strings.Join(append(fields, fmt.Sprintf("Content-Length: %d", len(block)), "", ""), "\r\n") + block + "\r\n\r\n"
}

// all reads a file to its end and gives the blocks.
func all(r *Reader) (blocks []string, err error) {
	for {
		rec, err := r.Next()
		if err != nil {
			return blocks, err
		}
		b, err := rec.Read(1 << 20)
		if err != nil {
			return blocks, err
		}
		blocks = append(blocks, string(b))
	}
}

func TestReaderReadsWhatOthersWrite(t *testing.T) {
	a, b, empty := record("một"), record("hai", "WARC-Type: response", "X-Long: a", " b"), record("")
	loose := strings.ReplaceAll(record("ba"), "\r\n", "\n")
	for name, c := range map[string]struct{ text, want string }{
		"plain":                       {a + b + empty, "một|hai|"},
		"a member a record":           {zipped(a) + zipped(b) + zipped(empty), "một|hai|"},
		"one member":                  {zipped(a, b, empty), "một|hai|"},
		"plain after members":         {zipped(a) + b, "một|hai"},
		"newlines without returns":    {loose + loose, "ba|ba"},
		"nothing":                     {"", ""},
		"no newlines at the end":      {strings.TrimRight(a+b, "\r\n"), "một|hai"},
		"a member of nothing":         {zipped() + zipped(a), "một"},
		"a record of nothing but end": {record(""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := NewReader(strings.NewReader(c.text))
			got, err := all(r)
			if strings.Join(got, "|") != c.want || err != io.EOF || r.Whole() != int64(len(c.text)) {
				t.Errorf("read %q, error %v, %d of %d bytes whole", got, err, r.Whole(), len(c.text))
			}
		})
	}
	r := NewReader(strings.NewReader(zipped(a) + zipped(b)))
	r.Next()
	rec, err := r.Next() // the first block was not read
	if err != nil || rec.Fields.Get("warc-type") != "response" || rec.Fields.Get("x-long") != "a b" || rec.Offset != int64(len(zipped(a))) || rec.Version != "1.0" {
		t.Errorf("record %+v, error %v", rec, err)
	}
}

func TestReaderRefusesWhatIsWrong(t *testing.T) {
	whole := record("nội dung")
	damaged := []byte(zipped(whole))
	damaged[len(damaged)-7] ^= 1 // the checksum
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"a page":                          {"<!DOCTYPE html><p>Không phải WARC", ErrNotWARC},
		"five letters alone":              {"WARC/", ErrTorn},
		"a page of lines":                 {"<!DOCTYPE html>\n<p>Không phải WARC\n", ErrNotWARC},
		"a later version":                 {"WARC/9.9\r\nContent-Length: 0\r\n\r\n\r\n\r\n", ErrNotWARC},
		"no length":                       {"WARC/1.1\r\nWARC-Type: response\r\n\r\n", ErrNotWARC},
		"a negative length":               {"WARC/1.1\r\nContent-Length: -1\r\n\r\n", ErrNotWARC},
		"a length beyond numbers":         {"WARC/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", ErrTooLarge},
		"a length beyond pages":           {"WARC/1.1\r\nContent-Length: 4000000000000\r\n\r\n", ErrTooLarge},
		"a length with words":             {"WARC/1.1\r\nContent-Length: 12abc\r\n\r\n", ErrNotWARC},
		"a line without a colon":          {"WARC/1.1\r\nmột hai ba\r\n\r\n", ErrNotWARC},
		"a field that has not begun":      {"WARC/1.1\r\n  goes on\r\n\r\n", ErrNotWARC},
		"a head without end":              {"WARC/1.1\r\n" + strings.Repeat("A: b\r\n", 20000), ErrTooLarge},
		"a line without end":              {"WARC/1.1\r\nA: " + strings.Repeat("b", 1<<20), ErrTooLarge},
		"a bomb of a line":                {zipped("WARC/1.1\r\nA: ", strings.Repeat("b", 64<<20)), ErrTooLarge},
		"a block that is cut":             {whole[:len(whole)-8], ErrTorn},
		"a member that is cut":            {zipped(whole)[:20], ErrTorn},
		"a member whose end is cut":       {zipped(whole)[:len(zipped(whole))-3], ErrTorn},
		"a gzip header that is cut":       {"\x1f\x8b\x08", ErrTorn},
		"half of gzip's sign":             {zipped(whole) + "\x1f", ErrTorn},
		"no gzip after its sign":          {"\x1f\x8bnhững chữ khác", gzip.ErrHeader},
		"a checksum that is wrong":        {string(damaged), gzip.ErrChecksum},
		"a block that is another":         {record("abc", "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), ErrDigest},
		"something between two records":   {whole + "xyz\n" + whole, ErrNotWARC},
		"a block longer than it was said": {strings.Replace(whole, "Content-Length: ", "Content-Length: 0", 1) + "\n\n\nx\n", ErrNotWARC},
	} {
		t.Run(name, func(t *testing.T) {
			r := NewReader(strings.NewReader(c.text))
			_, err := all(r)
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if _, again := r.Next(); again == nil {
				t.Error("it reads on after an error")
			}
		})
	}
}

// A record that is larger than memory is passed over in little of it.
func TestReaderIsBounded(t *testing.T) {
	big := strings.Repeat("0", 200<<20)
	text := zipped("WARC/1.1\r\nContent-Length: 209715200\r\n\r\n", big, "\r\n\r\n") + zipped(record("sau"))
	big = ""
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := NewReader(strings.NewReader(text))
	rec, err := r.Next()
	must(t, err)
	if _, err := rec.Read(10 << 20); !errors.Is(err, ErrTooLarge) {
		t.Errorf("reading 200 MiB with room for 10: %v", err)
	}
	next, err := r.Next()
	must(t, err)
	if b, err := next.Read(10); err != nil || string(b) != "sau" {
		t.Errorf("%q, %v", b, err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("passing a large record took %d bytes", used)
	}
}

func TestResponses(t *testing.T) {
	http := "Content-Type: application/http; msgtype=response"
	for name, c := range map[string]struct {
		block, body string
		status      int
	}{
		"plain":                       {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>một", "<p>một", 200},
		"newlines alone":              {"HTTP/1.0 404 Not Found\nServer: x\n\n<p>hai", "<p>hai", 404},
		"no words after the number":   {"HTTP/2.0 200\r\n\r\nba", "ba", 200},
		"chunks":                      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nxin c\r\n4\r\nhào\r\n0\r\n\r\n", "xin chào", 200},
		"chunks that are undone":      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>đã gỡ", "<p>đã gỡ", 200},
		"headers without an end":      {"HTTP/1.1 301 Moved\r\nLocation: /b", "", 301},
		"a length that is not so":     {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbốn năm", "bốn năm", 200},
		"no answer":                   {"GET / HTTP/1.1\r\n\r\n", "", 0},
		"no number":                   {"HTTP/1.1 ngon\r\n\r\n", "", 0},
		"nothing":                     {"", "", 0},
		"a header without end":        {"HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 1<<20), "", 0},
		"headers without end":         {"HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 1<<17), "", 0},
		"a header that cannot be one": {"HTTP/1.1 200 OK\r\n: x\r\nhai ba\r\n\r\nx", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			rec, err := NewReader(strings.NewReader(record(c.block, "WARC-Type: response", http))).Next()
			must(t, err)
			got, err := rec.Response()
			if c.status == 0 {
				if err == nil {
					t.Errorf("read as %+v", got)
				}
				return
			}
			must(t, err)
			body, err := io.ReadAll(got.Body)
			if got.StatusCode != c.status || string(body) != c.body || err != nil {
				t.Errorf("status %d, body %q, error %v", got.StatusCode, body, err)
			}
		})
	}
	rec, err := NewReader(strings.NewReader(record("x", "WARC-Type: resource", http))).Next()
	must(t, err)
	if _, err := rec.Response(); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("a resource was read as a response: %v", err)
	}
}

// FuzzReader holds that whatever stands in a file, reading ends, in bounds,
// with an error that names a place within the file or with its end.
func FuzzReader(f *testing.F) {
	a := record("một", "WARC-Type: response", "Content-Type: application/http")
	answer := record("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "WARC-Type: response", "Content-Type: application/http")
	for _, s := range []string{a, zipped(a) + zipped(answer), zipped(a, answer), answer, "\x1f\x8b", zipped(a)[:30], "WARC/1.1\r\n\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := NewReader(bytes.NewReader(raw))
		last := int64(0)
		for {
			rec, err := r.Next()
			if r.Whole() < last || r.Whole() > int64(len(raw)) {
				t.Fatalf("whole went from %d to %d of %d", last, r.Whole(), len(raw))
			}
			last = r.Whole()
			var d *Damage
			if err == io.EOF || errors.As(err, &d) && d.Offset >= 0 && d.Offset <= int64(len(raw)) {
				return
			}
			must(t, err)
			if resp, err := rec.Response(); err == nil {
				if n, _ := io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)); n > rec.Length {
					t.Fatalf("a body of %d bytes in a block of %d", n, rec.Length)
				}
			}
		}
	})
}

// FuzzMend holds that opening a folder with any file in it neither fails nor
// lists what cannot be proved.
func FuzzMend(f *testing.F) {
	data := f.TempDir()
	a, _, _ := opened(f, filepath.Join(data, "evidence"), nil)
	p := keep(f, a, 1)[0]
	raw, err := os.ReadFile(filepath.Join(data, p.File))
	must(f, err)
	f.Add(raw)
	f.Add(raw[:len(raw)-5])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		data := t.TempDir()
		must(t, os.MkdirAll(filepath.Join(data, "evidence"), 0o700))
		must(t, os.WriteFile(filepath.Join(data, p.File), raw, 0o600))
		b, found, _ := opened(t, filepath.Join(data, "evidence"), nil)
		for _, p := range append(found, keep(t, b, 2)...) {
			_, err := Prove(data, p)
			must(t, err)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	a, _, _ := opened(b, filepath.Join(b.TempDir(), "evidence"), nil)
	x := big()
	var batch []Wanted
	for n := range 200 {
		must(b, a.Pend(piece(n), x))
		batch = append(batch, Wanted{Piece: piece(n)})
	}
	kept, _, err := a.Keep(batch)
	must(b, err)
	raw, err := os.ReadFile(filepath.Join(a.o.Dir, filepath.Base(kept[0].File)))
	must(b, err)
	b.SetBytes(int64(200 * len(x.Body)))
	b.ResetTimer()
	for range b.N {
		r := NewReader(bytes.NewReader(raw))
		for {
			rec, err := r.Next()
			if err == io.EOF {
				break
			}
			must(b, err)
			_, err = rec.Read(1 << 20)
			must(b, err)
		}
	}
}
