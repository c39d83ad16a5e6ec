package evidence

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"diembao/config"
)

// Options say where evidence is kept and what its files say of themselves.
type Options struct {
	Dir      string           // made where it is missing, for its owner alone
	Prefix   string           // of file names; "diembao" by default
	MaxBytes int64            // from which on a file is followed by the next; 1 GiB by default
	Now      func() time.Time // names files and turns the day, in Viet Nam
	Info     Fields           // what the files say of themselves: software, operator, user agent
	Listed   map[string]int64 // how far each file (by Place.File) is listed, in bytes
}

// Archive writes evidence. One process at a time may have a folder's; its
// methods may be called by many goroutines.
type Archive struct {
	o    Options
	mu   sync.Mutex
	file *os.File // the newest; nil until something is kept
	name string   // of file
	size int64    // of file
	info string   // record id of file's warcinfo
	zip  *gzip.Writer
}

// Open opens the folder of evidence. It looks at every file that is longer
// than is listed of it, as they are after the process has died: whole exchanges
// come back to be listed, and a record that breaks off at the end is cut off.
// Damage of another kind is left as it is, with what stands before it listed;
// notes tell of both. Errors are the disk's.
func Open(o Options) (a *Archive, unlisted []Place, notes []string, err error) {
	if o.Prefix == "" {
		o.Prefix = "diembao"
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 1 << 30
	}
	a = &Archive{o: o, zip: gzip.NewWriter(io.Discard)}
	if err := os.MkdirAll(filepath.Join(o.Dir, pendingFolder), 0o700); err != nil {
		return nil, nil, nil, fmt.Errorf("making the folder of evidence: %w", err)
	}
	if err := a.clearParts(); err != nil {
		return nil, nil, nil, fmt.Errorf("clearing what was begun in %s: %w", o.Dir, err)
	}
	files, err := a.files()
	if err != nil {
		return nil, nil, nil, err
	}
	for _, f := range files {
		found, note, sound, err := a.mend(f)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("looking for what was not listed of %s: %w", f.name, err)
		}
		unlisted = append(unlisted, found...)
		if note != "" {
			notes = append(notes, f.name+": "+note)
		}
		if !sound {
			continue
		}
		if own := a.own(files); len(own) > 0 && own[len(own)-1] == f {
			if err := a.resume(f.name); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	return a, unlisted, notes, nil
}

// Wanted is a piece to be kept and what is held of its article already.
type Wanted struct {
	Piece
	Before []Place
}

// Keep moves what was laid aside for pieces into the newest file: all of them
// or, with an error, none. It returns when they are on the disk. What cannot be
// read of what was laid aside is in lost, and stops nothing. What was laid
// aside stays until it is dropped, for the places have to be listed first.
func (a *Archive) Keep(batch []Wanted) (kept []Place, lost []Piece, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.turn(); err != nil {
		return nil, nil, err
	}
	begin := a.size
	for _, w := range batch {
		response, request, err := a.laidAside(w.Piece)
		if errors.Is(err, ErrTorn) || errors.Is(err, ErrDigest) || errors.Is(err, ErrNotWARC) {
			lost = append(lost, w.Piece)
			continue
		}
		var p Place
		if err == nil {
			p, err = a.add(w, response, request)
		}
		if err != nil {
			return nil, nil, errors.Join(fmt.Errorf("keeping evidence in %s: %w", a.name, err), a.back(begin))
		}
		kept = append(kept, p)
	}
	if err := a.file.Sync(); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("keeping evidence in %s: %w", a.name, err), a.back(begin))
	}
	return kept, lost, nil
}

// add writes the records of one piece.
func (a *Archive) add(w Wanted, response, request draft) (Place, error) {
	p := Place{ArticleID: w.ArticleID, Version: w.Version, Kind: w.Kind, File: a.path(a.name), Offset: a.size,
		URL: response.fields.Get("WARC-Target-URI"), Record: response.fields.Get("WARC-Record-ID"), Payload: response.fields.Get(fieldPayload)}
	var err error
	if p.At, err = time.Parse(time.RFC3339, response.fields.Get("WARC-Date")); err != nil {
		return p, fmt.Errorf("the date of the evidence of article %s: %w", w.ArticleID, err)
	}
	for _, b := range w.Before {
		if b.Payload == p.Payload && b.Refers == "" {
			response, p.Refers = revisit(response, b), b.Record
			break
		}
	}
	digest := sha256.New()
	for _, d := range []draft{response, request} {
		d.fields = d.fields.with("WARC-Warcinfo-ID", a.info)
		if err := a.write(d, digest); err != nil {
			return p, err
		}
	}
	p.Length, p.SHA256 = a.size-p.Offset, hex.EncodeToString(digest.Sum(nil))
	return p, nil
}

// write appends one record as a gzip member of its own.
func (a *Archive) write(d draft, also io.Writer) error {
	var member bytes.Buffer
	a.zip.Reset(&member)
	if _, err := a.zip.Write(d.bytes()); err != nil {
		return err
	}
	if err := a.zip.Close(); err != nil {
		return err
	}
	if _, err := a.file.WriteAt(member.Bytes(), a.size); err != nil {
		return err
	}
	a.size += int64(member.Len())
	_, err := also.Write(member.Bytes())
	return err
}

// back takes away what a batch that failed has written. A file that cannot
// even be shortened is left behind; [Open] mends it.
func (a *Archive) back(to int64) error {
	err := a.file.Truncate(to)
	if a.size = to; err != nil {
		err = errors.Join(err, a.file.Close())
		a.file = nil
	}
	return err
}

// Close lets go of the newest file.
func (a *Archive) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return nil
	}
	f := a.file
	a.file = nil
	return f.Close()
}

// turn makes sure that there is a file to write to: the newest, while it is of
// today and not full.
func (a *Archive) turn() error {
	now := a.o.Now()
	if a.file != nil && a.size < a.o.MaxBytes && sameDay(a.name, now) {
		return nil
	}
	if a.file != nil {
		if err := a.file.Close(); err != nil {
			return fmt.Errorf("closing the full file of evidence %s: %w", a.name, err)
		}
		a.file = nil
	}
	files, err := a.files()
	if err != nil {
		return err
	}
	serial := 1
	if own := a.own(files); len(own) > 0 {
		serial = own[len(own)-1].serial + 1
	}
	return a.begin(fmt.Sprintf("%s-%s-%05d%s", a.o.Prefix, now.UTC().Format(nameTime), serial, suffix), now)
}

// begin makes a new file with its warcinfo record.
func (a *Archive) begin(name string, now time.Time) error {
	f, err := os.OpenFile(filepath.Join(a.o.Dir, name), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("beginning a file of evidence: %w", err)
	}
	a.file, a.name, a.size = f, name, 0
	d := a.warcinfo(name, now)
	a.info = d.fields.Get("WARC-Record-ID")
	err = a.write(d, io.Discard)
	if err == nil {
		err = errors.Join(f.Sync(), syncDir(a.o.Dir))
	}
	if err != nil {
		a.file = nil
		return errors.Join(fmt.Errorf("beginning the file of evidence %s: %w", name, err), f.Close(), os.Remove(f.Name()))
	}
	return nil
}

// warcinfo says how the records of a file came about.
func (a *Archive) warcinfo(name string, now time.Time) draft {
	var b strings.Builder
	for _, f := range append(append(Fields{}, a.o.Info...),
		Field{"format", "WARC File Format 1.1"},
		Field{"conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"},
		Field{"description", "Answers as the program read them: transfer and content coding undone, header names in canonical spelling and sorted; " +
			"headers that no longer fit the body are renamed " + origin + "*."}) {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, oneLine(f.Value))
	}
	block := []byte(b.String())
	return draft{Fields{{"WARC-Type", "warcinfo"}, {"WARC-Record-ID", newID()}, {"WARC-Date", stamp(now)}, {"WARC-Filename", name},
		{"Content-Type", "application/warc-fields"}, {"WARC-Block-Digest", digest(block)}}, block}
}

// resume goes on writing to the newest file.
func (a *Archive) resume(name string) error {
	f, err := os.OpenFile(filepath.Join(a.o.Dir, name), os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("going on with the file of evidence %s: %w", name, err)
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("going on with the file of evidence %s: %w", name, err), f.Close())
	}
	first, err := NewReader(f).Next()
	if err != nil {
		return f.Close() // not even a warcinfo: the next file begins anew
	}
	a.file, a.name, a.size, a.info = f, name, info.Size(), first.Fields.Get("WARC-Record-ID")
	return nil
}

const (
	nameTime = "20060102150405" // UTC
	suffix   = ".warc.gz"
)

// named is a file of the folder: <prefix>-<time>-<serial>.warc.gz.
type named struct {
	name   string
	prefix string
	serial int
	size   int64
}

// files lists the files of the folder in the order of their serials, those of
// other prefixes among them: they are of this folder when it lay elsewhere.
func (a *Archive) files() ([]named, error) {
	entries, err := os.ReadDir(a.o.Dir)
	if err != nil {
		return nil, fmt.Errorf("looking at the files of evidence: %w", err)
	}
	var out []named
	for _, e := range entries {
		m := fileName.FindStringSubmatch(e.Name())
		if m == nil || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, fmt.Errorf("looking at the files of evidence: %w", err)
		}
		serial, err := strconv.Atoi(m[3])
		if err != nil {
			return nil, fmt.Errorf("the serial of %s: %w", e.Name(), err)
		}
		out = append(out, named{e.Name(), m[1], serial, info.Size()})
	}
	slices.SortStableFunc(out, func(a, b named) int { return a.serial - b.serial })
	return out, nil
}

var fileName = regexp.MustCompile(`^(.+)-([0-9]{14})-([0-9]{5,9})\.warc\.gz$`)

// own are the files of this archive's prefix.
func (a *Archive) own(files []named) (out []named) {
	for _, f := range files {
		if f.prefix == a.o.Prefix {
			out = append(out, f)
		}
	}
	return out
}

// sameDay reports whether a file was begun on the day of now, in Viet Nam.
func sameDay(name string, now time.Time) bool {
	m := fileName.FindStringSubmatch(name)
	if m == nil {
		return false
	}
	begun, err := time.Parse(nameTime, m[2])
	return err == nil && begun.In(config.VN).Format(time.DateOnly) == now.In(config.VN).Format(time.DateOnly)
}

// path names a file as places do.
func (a *Archive) path(name string) string { return path.Join(filepath.Base(a.o.Dir), name) }

// syncDir makes sure that a new name in a folder outlives the machine.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
