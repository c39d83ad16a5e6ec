package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// pendingFolder lies in the folder of evidence and holds what waits for its
// article to be read: one plain WARC file a piece, named after it.
const pendingFolder = "pending"

// A piece's file name holds nothing that a web server has a say in.
var pendingName = regexp.MustCompile(`^([0-9a-z-]{1,64})\.([0-9]{1,9})\.(page|gone)\.warc$`)

func (p Piece) file() string { return fmt.Sprintf("%s.%d.%s.warc", p.ArticleID, p.Version, p.Kind) }

// Pend lays an exchange aside until its article is read. It is cheap, and may
// be called inside the transaction that stores the article: what is laid aside
// for a transaction that never was is cleared by [Open]. A piece laid aside
// already is replaced. What was laid aside outlives the process, not the
// machine: it is no more than a page that can be asked for again.
func (a *Archive) Pend(p Piece, x Exchange) error {
	name := filepath.Join(a.o.Dir, pendingFolder, p.file())
	if !pendingName.MatchString(p.file()) {
		return fmt.Errorf("laying aside the evidence of article %q: that is no article's id", p.ArticleID)
	}
	response, request := drafts(p, x)
	part := name + ".part"
	err := os.WriteFile(part, append(response.bytes(), request.bytes()...), 0o600)
	if err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		return fmt.Errorf("laying aside the evidence of %s: %w", x.URL, err)
	}
	return nil
}

// Pending lists what was laid aside and neither kept nor dropped.
func (a *Archive) Pending() ([]Piece, error) {
	entries, err := os.ReadDir(filepath.Join(a.o.Dir, pendingFolder))
	if err != nil {
		return nil, fmt.Errorf("looking at the evidence laid aside: %w", err)
	}
	var out []Piece
	for _, e := range entries {
		if m := pendingName.FindStringSubmatch(e.Name()); m != nil {
			version, err := strconv.Atoi(m[2])
			if err != nil {
				return nil, err // nine digits are a number
			}
			out = append(out, Piece{m[1], version, m[3]})
		}
	}
	return out, nil
}

// Drop forgets what was laid aside for pieces; of those for which nothing was
// it says nothing.
func (a *Archive) Drop(pieces ...Piece) error {
	var errs []error
	for _, p := range pieces {
		err := os.Remove(filepath.Join(a.o.Dir, pendingFolder, p.file()))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("clearing evidence laid aside: %w", err))
		}
	}
	return errors.Join(errs...)
}

// clearParts removes what a process that died was writing.
func (a *Archive) clearParts() error {
	parts, err := filepath.Glob(filepath.Join(a.o.Dir, pendingFolder, "*.part"))
	for _, p := range parts {
		err = errors.Join(err, os.Remove(p))
	}
	return err
}

// laidAside reads the two records of a piece.
func (a *Archive) laidAside(p Piece) (response, request draft, err error) {
	name := filepath.Join(a.o.Dir, pendingFolder, p.file())
	f, err := os.Open(name)
	if err != nil {
		return response, request, fmt.Errorf("opening evidence laid aside: %w", err)
	}
	defer f.Close() // it was only read
	r := NewReader(f)
	for _, d := range []*draft{&response, &request} {
		rec, err := r.Next()
		if err == nil {
			d.block, err = rec.Read(maxBlock)
		}
		if err != nil {
			return response, request, fmt.Errorf("reading evidence laid aside in %s: %w", name, torn(err))
		}
		for _, f := range rec.Fields {
			if f.Name != "Content-Length" {
				d.fields = append(d.fields, f)
			}
		}
	}
	return response, request, nil
}
