package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// mend looks at what a file holds beyond what is listed of it. sound says that
// the file may be written on.
func (a *Archive) mend(f named) (found []Place, note string, sound bool, err error) {
	listed := a.o.Listed[a.path(f.name)]
	if f.size <= listed {
		if f.size < listed {
			note = fmt.Sprintf("it is %d bytes long and %d are listed of it: something has shortened it; bring it back from a backup", f.size, listed)
		}
		return nil, note, f.size == listed, nil
	}
	file, err := os.OpenFile(filepath.Join(a.o.Dir, f.name), os.O_RDWR, 0o600)
	if err != nil {
		return nil, "", false, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	found, whole, why := a.exchanges(file, f, listed)
	switch {
	case why != nil && !errors.Is(why, ErrTorn):
		return found, fmt.Sprintf("%v; it is left as it is, and a new file is begun", why), false, nil
	case whole == f.size:
		return found, "", true, nil
	case whole == 0:
		return nil, "not even its first record was whole; it was removed", false, os.Remove(file.Name())
	}
	note = fmt.Sprintf("the last %d bytes broke off and were cut off", f.size-whole)
	return found, note, true, errors.Join(file.Truncate(whole), file.Sync())
}

// exchanges reads the whole exchanges that a file holds from a byte on. whole
// is where the last of them ends, and why what comes after it cannot be read.
func (a *Archive) exchanges(file io.ReaderAt, f named, from int64) (found []Place, whole int64, why error) {
	r := NewReader(io.NewSectionReader(file, from, f.size-from))
	var response, complete *Place
	last := from // where the record before the one at hand ends
	for {
		rec, err := r.Next()                          // passes the record before, and so knows where that ends
		if complete != nil && from+r.Whole() > last { // the request's member ended, and ended well
			complete.Length = from + r.Whole() - complete.Offset
			if complete.SHA256, why = sumOf(file, complete.Offset, complete.Length); why != nil {
				return found, whole, why
			}
			found, response = append(found, *complete), nil
		}
		complete, last = nil, from+r.Whole()
		if response == nil {
			whole = from + r.Whole()
		}
		if errors.Is(err, io.EOF) {
			return found, whole, nil
		}
		if err != nil {
			return found, whole, err
		}
		p, err := placeOf(rec)
		switch {
		case err != nil:
			return found, whole, err
		case p != nil:
			p.File, p.Offset = a.path(f.name), from+rec.Offset
			response = p
		case response != nil && rec.Fields.Get("WARC-Concurrent-To") == response.Record:
			complete = response
		}
	}
}

// placeOf reads of a response of ours what its place says; nil for other
// records. Every record is held against its digest.
func placeOf(rec *Record) (*Place, error) {
	block, err := rec.Read(maxBlock)
	if err != nil {
		return nil, err
	}
	get := rec.Fields.Get
	kind := get("WARC-Type")
	if get(fieldArticle) == "" || (kind != "response" && kind != "revisit") {
		return nil, nil
	}
	p := &Place{ArticleID: get(fieldArticle), Kind: get(fieldKind), Record: get("WARC-Record-ID"), Refers: get("WARC-Refers-To"),
		URL: get("WARC-Target-URI"), Payload: get(fieldPayload)}
	if p.Version, err = strconv.Atoi(get(fieldVersion)); err != nil {
		return nil, fmt.Errorf("%w: %s is %q", ErrNotWARC, fieldVersion, get(fieldVersion))
	}
	if p.At, err = time.Parse(time.RFC3339, get("WARC-Date")); err != nil {
		return nil, fmt.Errorf("%w: WARC-Date is %q", ErrNotWARC, get("WARC-Date"))
	}
	if _, body := splitHTTP(block); kind == "response" && sha256Of(body) != p.Payload {
		return nil, ErrDigest
	}
	return p, nil
}

func sha256Of(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// sumOf is the SHA-256 of a part of a file.
func sumOf(file io.ReaderAt, offset, length int64) (string, error) {
	h := sha256.New()
	n, err := io.Copy(h, io.NewSectionReader(file, offset, length))
	if err == nil && n < length {
		err = ErrTorn
	}
	return hex.EncodeToString(h.Sum(nil)), err
}
