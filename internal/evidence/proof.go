package evidence

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Proof is what lies at a place, held against every digest there is of it.
type Proof struct {
	Place
	Member  []byte // the bytes of the file: two gzip members, a WARC file by themselves
	Fields  Fields // of the response
	Head    []byte // status line and headers of the answer
	Request []byte
	Body    []byte // the page; nil where Refers says which record holds it
}

// Prove reads what lies at a place under the data directory. It fails where
// one digest is not as listed: the bytes of the file (SHA-256), the blocks of
// both records (SHA-1) and the page (SHA-256); errors wrap ErrDigest or
// ErrTorn.
func Prove(data string, p Place) (Proof, error) {
	proof, err := prove(data, p)
	if err != nil {
		return proof, fmt.Errorf("the evidence of article %s, version %d, at byte %d of %s: %w", p.ArticleID, p.Version, p.Offset, p.File, err)
	}
	return proof, nil
}

func prove(data string, p Place) (Proof, error) {
	out := Proof{Place: p}
	if !filepath.IsLocal(filepath.FromSlash(p.File)) || p.Length < 0 || p.Length > maxBlock {
		return out, fmt.Errorf("%w: no file of evidence has such a place", ErrNotWARC)
	}
	f, err := os.Open(filepath.Join(data, filepath.FromSlash(p.File)))
	if err != nil {
		return out, fmt.Errorf("%w; it lies on the machine that collected the article, or is in a backup made --with-evidence", err)
	}
	defer f.Close() // it was only read
	out.Member, err = io.ReadAll(io.NewSectionReader(f, p.Offset, p.Length))
	switch {
	case err != nil:
		return out, err
	case int64(len(out.Member)) < p.Length:
		return out, ErrTorn
	case sha256Of(out.Member) != p.SHA256:
		return out, ErrDigest
	}
	return out, out.records()
}

// records reads the two records of the member.
func (p *Proof) records() error {
	r := NewReader(bytes.NewReader(p.Member))
	rec, err := r.Next()
	if err != nil {
		return torn(err)
	}
	p.Fields = rec.Fields
	block, err := rec.Read(maxBlock)
	if err != nil {
		return err
	}
	p.Head, p.Body = splitHTTP(block)
	if p.Refers != "" {
		p.Body = nil
	} else if sha256Of(p.Body) != p.Payload {
		return ErrDigest
	}
	if rec, err = r.Next(); err != nil {
		return torn(err)
	}
	p.Request, err = rec.Read(maxBlock)
	return err
}
