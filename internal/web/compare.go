package web

import (
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// List is a person's own list of articles, CSV or XLSX, as it was uploaded.
type List struct {
	Name        string
	In          io.Reader
	SameOutlets bool // hold it against the outlets on the list alone
	Crawled     bool // count only what was gathered here
}

// ListError is what is wrong with a list, to be told to whoever brought it.
type ListError struct{ Err error }

func (e ListError) Error() string { return e.Err.Error() }

// Comparison is a list held against the archive.
type Comparison struct {
	From, To                                   time.Time // the period
	Both, MachineOnly, ListOnly                int
	Repeats, Outside, Imported, ReadIrrelevant int
	Estimate                                   Recapture
	Outlets                                    []ComparedOutlet
	Missing                                    []MissingRow // on the list alone
	Extra                                      []ExtraRow   // in the archive alone
}

// Recapture is how many articles there were in truth, by what both have.
type Recapture struct {
	Total, Low, High float64
	Few              bool // too little to estimate by
}

// ComparedOutlet is the comparison for one outlet.
type ComparedOutlet struct {
	ID                          string // or as the list names it
	Both, MachineOnly, ListOnly int
	Estimate                    Recapture
}

// MissingRow is what stands on the list alone; Why is a message's last part.
type MissingRow struct {
	Line                                int
	Title, URL, Outlet, ID, Why, Detail string
}

// ExtraRow is what only the archive has.
type ExtraRow struct {
	ID, Title, URL, Outlet string
	At                     time.Time
}

// compareUpload bounds a list, in bytes; compareShown what a page shows of each side.
const (
	compareUpload = 16 << 20
	compareShown  = 200
)

// comparePage is the form, and under it the comparison where there is one.
type comparePage struct {
	Wrong, Name string
	Done        bool
	C           Comparison
	Total       recaptured
	Outlets     []outletCompared
	Missing     []missingRow
	Cut         int // how many of a side are shown at most
	Notes       []string
}

type recaptured struct {
	Total, Low, High int
	Few              bool
}

type outletCompared struct {
	ComparedOutlet
	Name string
	E    recaptured
}

type missingRow struct {
	MissingRow
	Said, Name string
}

func (v *visit) compareForm() error {
	if v.Compare == nil {
		return v.absent("no-compare")
	}
	return v.show("compare", v.words.Say("web.compare"), &comparePage{})
}

// compareList answers with the comparison, as a page or as a file.
func (v *visit) compareList() error {
	if v.Compare == nil {
		return v.absent("no-compare")
	}
	again := func(wrong string) error {
		return v.write(http.StatusBadRequest, "compare", v.words.Say("web.compare"), &comparePage{Wrong: wrong})
	}
	in, head, err := v.r.FormFile("list")
	if e := (*http.MaxBytesError)(nil); errors.As(err, &e) {
		return again(v.words.Say("web.compare.too-large", "MB", compareUpload>>20))
	}
	if err != nil {
		return again(v.words.Say("web.compare.no-list"))
	}
	defer v.forget(v.r.MultipartForm)
	c, err := v.Options.Compare(v.ctx, List{head.Filename, in, v.r.FormValue("same") != "", v.r.FormValue("crawled") != ""})
	err = errors.Join(err, in.Close())
	if bad := (ListError{}); errors.As(err, &bad) {
		return again(bad.Error())
	}
	if err != nil {
		return err
	}
	if v.r.FormValue("as") == "csv" {
		return v.comparedFile(c)
	}
	return v.show("compare", v.words.Say("web.compare"), v.compared(head.Filename, c))
}

func (v *visit) compared(name string, c Comparison) *comparePage {
	p := &comparePage{Name: name, Done: true, C: c, Total: rounded(c.Estimate), Cut: compareShown}
	for _, o := range c.Outlets {
		p.Outlets = append(p.Outlets, outletCompared{o, v.label.outlet(o.ID), rounded(o.Estimate)})
	}
	for _, m := range c.Missing[:min(compareShown, len(c.Missing))] {
		p.Missing = append(p.Missing, missingRow{m, v.missed(m), v.label.outlet(m.Outlet)})
	}
	p.C.Extra = slices.Clone(c.Extra[:min(compareShown, len(c.Extra))])
	for i := range p.C.Extra {
		p.C.Extra[i].Outlet = v.label.outlet(p.C.Extra[i].Outlet)
	}
	for id, n := range map[string]int{"compare.not_ours": c.ReadIrrelevant, "compare.repeats": c.Repeats, "compare.outside": c.Outside} {
		if n > 0 {
			p.Notes = append(p.Notes, v.words.Say(id, "Count", n))
		}
	}
	return p
}

// missed says why the archive lacks a row of the list.
func (v *visit) missed(m MissingRow) string {
	if verdict, ok := strings.CutPrefix(m.Why, "link-"); ok {
		return v.words.Say("compare.why.link", "Verdict", verdict)
	}
	return v.words.Say("compare.why." + m.Why)
}

func rounded(r Recapture) recaptured {
	return recaptured{int(r.Total + .5), int(r.Low + .5), int(r.High + .5), r.Few}
}

// comparedFile writes what each side lacks as CSV that a spreadsheet opens
// rightly: with a byte-order mark, and no cell that it would compute.
func (v *visit) comparedFile(c Comparison) error {
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="doi-chieu.csv"`)
	if _, err := io.WriteString(v.w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(v.w)
	rows := [][]string{strings.Split(v.words.Say("web.compare.columns"), "|")}
	for _, m := range c.Missing {
		rows = append(rows, []string{v.words.Say("web.compare.list-only"), strconv.Itoa(m.Line), m.Title, m.URL, v.label.outlet(m.Outlet), "", v.missed(m)})
	}
	for _, e := range c.Extra {
		rows = append(rows, []string{v.words.Say("web.compare.machine-only"), "", e.Title, e.URL, v.label.outlet(e.Outlet), moment(v.words, e.At), ""})
	}
	for _, r := range rows {
		for i := range r {
			r[i] = inert(r[i])
		}
		if err := out.Write(r); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inert keeps a spreadsheet from taking text for a formula.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
