package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"diembao/internal/store"
)

// gonePage is that an article's page was found taken down.
type gonePage struct {
	At, Back time.Time
	Seen     string
}

// proofRow is one piece of evidence of an article.
type proofRow struct {
	store.Evidence
	Number int    // in the list, from 1: its address
	What   string // in words
}

// origin says how one field of an article was found.
type origin struct{ Label, From string }

// clipView is what a person wrote down of a piece that no crawler reaches.
type clipView struct {
	store.Clip
	Medium, Lasts string
	TwinURL       string
	Reached       int
}

// removalsOf tells whether, and since when, the page is gone.
func (v *visit) removalsOf(p *articlePage) error {
	list, err := v.Store.Removals(v.ctx, p.A.ID)
	for _, r := range list {
		p.Gone = append(p.Gone, gonePage{r.At, r.Back, v.words.Tell(r.Evidence)})
	}
	slices.Reverse(p.Gone)
	return err
}

// proofsOf lists what was kept of the pages as they were seen.
func (v *visit) proofsOf(p *articlePage) error {
	all, err := v.Store.Evidence(v.ctx, []string{p.A.ID})
	for i, e := range all[p.A.ID] {
		p.Proofs = append(p.Proofs, proofRow{e, i + 1, v.words.Say("web.proof." + e.Kind)})
	}
	p.CanProve = v.Proof != nil
	return err
}

// fieldsFound is the order in which the origins of fields are told.
var fieldsFound = []string{"url", "title", "lead", "body", "author", "section", "tags", "published", "modified", "form", "lang"}

// originsOf tells how each field was found.
func (v *visit) originsOf(p *articlePage) error {
	for _, f := range fieldsFound {
		if from := p.A.From[f]; from != "" {
			p.Origins = append(p.Origins, origin{v.label.message("part."+f, v.label.message("web."+f, v.label.message("field."+f, f))), v.found(from)})
		}
	}
	return nil
}

// found says how a field was found; what a person wrote is told as that.
func (v *visit) found(from string) string {
	if by, ok := strings.CutPrefix(from, "entered by hand by "); ok {
		return v.words.Say("web.from-hand", "By", by)
	}
	return from
}

// clipOf tells what a person wrote down of it.
func (v *visit) clipOf(p *articlePage) error {
	clips, err := v.Store.Clips(v.ctx, []string{p.A.ID})
	if c, ok := clips[p.A.ID]; ok {
		x := v.clipView(c)
		p.Clip = &x
	}
	return err
}

func (v *visit) clipView(c store.Clip) clipView {
	x := clipView{Clip: c, Reached: int(c.Reach), Medium: v.words.Say("web.medium." + c.Medium)}
	if c.Length > 0 {
		x.Lasts = v.words.Span(c.Length)
	}
	if c.Twin != "" {
		x.TwinURL = "/article/" + c.Twin
	}
	return x
}

// proof hands out a piece of evidence as it lies in the archive, a WARC file by
// itself, or the page it holds. Its digests are checked first. The page is
// what strangers wrote: it is handed over as a file and never shown here.
func (v *visit) proof() error {
	if v.Proof == nil {
		return v.absent("no-proof")
	}
	id := v.r.PathValue("id")
	all, err := v.Store.Evidence(v.ctx, []string{id})
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || n < 1 || n > len(all[id]) {
		return v.lost()
	}
	e := all[id][n-1]
	proof, err := v.Options.Proof(e, all[id])
	if err != nil {
		return fmt.Errorf("reading the evidence %d of article %s: %w", n, id, err)
	}
	name := fmt.Sprintf("%s-v%d-%s", id, e.Version, e.Kind)
	switch v.r.PathValue("form") {
	case "warc":
		v.attach(name+".warc.gz", e.At, bytes.NewReader(proof.Member))
	case "page":
		v.attach(name+".html", e.At, bytes.NewReader(proof.Body))
	default:
		return v.lost()
	}
	return nil
}

// clipFile hands out a file that was entered with a clip.
func (v *visit) clipFile() (err error) {
	if v.ClipFile == nil {
		return v.absent("no-proof")
	}
	clips, err := v.Store.Clips(v.ctx, []string{v.r.PathValue("id")})
	if err != nil {
		return err
	}
	for _, f := range clips[v.r.PathValue("id")].Files {
		if f.SHA256 != v.r.PathValue("sha") {
			continue
		}
		in, err := v.ClipFile(f)
		if err != nil {
			return fmt.Errorf("opening %s of the clip: %w", f.Name, err)
		}
		v.attach(f.Name, time.Time{}, in)
		return errors.Join(in.Close())
	}
	return v.lost()
}

// attach hands a file over to be kept, whatever it is.
func (v *visit) attach(name string, at time.Time, body io.ReadSeeker) {
	v.w.Header().Set("Content-Type", "application/octet-stream")
	v.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": strings.Map(printable, name)}))
	v.w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	http.ServeContent(v.w, v.r, "", at, body)
}

// printable keeps what may stand in a file's name.
func printable(r rune) rune {
	if r < ' ' || strings.ContainsRune(`/\"`, r) {
		return '_'
	}
	return r
}
