package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"diembao/internal/lists"
	"diembao/internal/pipeline"
	"diembao/internal/say"
	"diembao/internal/store"
	"diembao/internal/when"
)

type compareCmd struct {
	File        string            `arg:"" help:"A list of addresses or titles, CSV or XLSX; - is standard input." placeholder:"LIST.csv"`
	From        string            `help:"From this day (default: the list's first)." placeholder:"DAY"`
	To          string            `help:"Up to and with this day (default: the list's last)." placeholder:"DAY"`
	Map         map[string]string `help:"Columns by their headers: title=Tiêu đề,url=Link (or url=#3)." mapsep:"," placeholder:"COLUMN=HEADER"`
	Sheet       string            `help:"Sheet of an XLSX list (default: the first with a list)."`
	SameOutlets bool              `help:"Hold it against the outlets on the list alone."`
	Crawled     bool              `help:"Count only what was gathered here, not what was imported."`
	Limit       int               `help:"Show so many of what one side lacks (JSON shows all)." default:"20"`
}

func (compareCmd) Help() string {
	return "Example: diembao compare danh-sach-thang-8.csv --same-outlets\n\n" +
		"How many articles there were in truth is told by capture and recapture (Chapman 1951), from what both have. The list must have been made without this system's help."
}

type compareAnswer struct {
	From        string              `json:"from"`
	To          string              `json:"to"` // the first moment after the period
	List        int                 `json:"list"`
	Repeats     int                 `json:"repeats"`
	Outside     int                 `json:"outside_period"`
	Machine     int                 `json:"machine"`
	Imported    int                 `json:"machine_imported"`
	Both        int                 `json:"both"`
	MachineOnly int                 `json:"machine_only"`
	ListOnly    int                 `json:"list_only"`
	NotOurs     int                 `json:"list_only_read_as_irrelevant"`
	Estimate    pipeline.Estimate   `json:"estimate"`
	Method      string              `json:"method"`
	Outlets     []compareOutletRow  `json:"outlets"`
	Missing     []compareMissingRow `json:"missing"`
	Extra       []compareExtraRow   `json:"extra"`
}

type compareOutletRow struct {
	Outlet      string            `json:"outlet"`
	List        int               `json:"list"`
	Machine     int               `json:"machine"`
	Both        int               `json:"both"`
	MachineOnly int               `json:"machine_only"`
	ListOnly    int               `json:"list_only"`
	Estimate    pipeline.Estimate `json:"estimate"`
}

type compareMissingRow struct {
	Line   int    `json:"line"`
	Title  string `json:"title"`
	URL    string `json:"url"`
	Outlet string `json:"outlet"`
	ID     string `json:"id,omitempty"`
	Why    string `json:"why"`
	Detail string `json:"detail"`
}

type compareExtraRow struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	URL       string `json:"url"`
	Outlet    string `json:"outlet"`
	Published string `json:"published"`
}

// method names the estimator in answers.
const method = "capture-recapture, Chapman (1951); variance Seber (1970); log-normal 95 % interval Chao (1989)"

// Run holds the list against the archive.
func (c compareCmd) Run(ctx context.Context, h *house) error {
	o := pipeline.CompareOptions{SameOutlets: c.SameOutlets, Crawled: c.Crawled}
	for text, into := range map[*string]*time.Time{&c.From: &o.From, &c.To: &o.To} {
		if *text == "" {
			continue
		}
		period, err := when.ParsePeriod(*text, time.Now())
		if err != nil {
			return usage("%q: %w", *text, err)
		}
		if *into = period.From; into == &o.To {
			*into = period.To
		}
	}
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	l, err := h.list(c.File, lists.Options{Map: c.Map, Sheet: c.Sheet})
	if err != nil {
		return err
	}
	found, err := p.Compare(ctx, l, o)
	if err != nil {
		return err
	}
	if h.JSON {
		return h.answer(compared(found))
	}
	return c.tell(h, found, h.words(p.Rules().Pack))
}

func compared(c pipeline.Compared) compareAnswer {
	a := compareAnswer{
		From: stamp(c.From), To: stamp(c.To), List: c.List, Repeats: c.Repeats, Outside: c.Outside, Machine: c.Machine, Imported: c.Imported,
		Both: c.Both, MachineOnly: c.MachineOnly, ListOnly: c.ListOnly, NotOurs: c.NotOurs, Estimate: c.Estimate, Method: method,
		Outlets: []compareOutletRow{}, Missing: []compareMissingRow{}, Extra: []compareExtraRow{},
	}
	for _, r := range c.Outlets {
		a.Outlets = append(a.Outlets, compareOutletRow{r.Outlet, r.List, r.Machine, r.Both, r.Machine - r.Both, r.List - r.Both, r.Estimate})
	}
	for _, m := range c.Missing {
		a.Missing = append(a.Missing, compareMissingRow{m.Line, m.Title, m.URL, m.OutletID, m.ID, m.Why, m.Detail})
	}
	for _, e := range c.Extra {
		a.Extra = append(a.Extra, compareExtraRow{e.ID, e.Title, e.URL, e.Outlet, stamp(store.When(e.Article))})
	}
	return a
}

// tell writes the comparison for a person.
func (c compareCmd) tell(h *house, x pipeline.Compared, w *say.Words) error {
	if !x.From.IsZero() {
		fmt.Fprintln(h.out, w.Say("report.period", "From", when.Date(x.From), "To", when.Date(x.To.Add(-time.Second))))
	}
	fmt.Fprintf(h.out, "%s\n\n", w.Say("compare.total", "Low", round(x.Estimate.Low), "High", round(x.Estimate.High), "Total", round(x.Estimate.Total)))
	lines := [][]string{comparedLine(w.Say("compare.all"), x.List, x.Machine, x.Both, x.Estimate)}
	for _, r := range x.Outlets {
		lines = append(lines, comparedLine(r.Outlet, r.List, r.Machine, r.Both, r.Estimate))
	}
	if err := h.table(strings.Split(w.Say("compare.head"), "|"), lines); err != nil {
		return err
	}
	for _, n := range []struct {
		key string
		n   int
	}{{"compare.few", few(x.Estimate)}, {"compare.imported", x.Imported}, {"compare.not_ours", x.NotOurs}, {"compare.repeats", x.Repeats}, {"compare.outside", x.Outside}} {
		if n.n > 0 {
			fmt.Fprintln(h.out, w.Say(n.key, "Count", n.n))
		}
	}
	fmt.Fprintf(h.out, "\n%s\n", w.Say("compare.missing", "Count", x.ListOnly))
	for _, m := range x.Missing[:min(c.Limit, len(x.Missing))] {
		why := w.Say("compare.why." + strings.TrimPrefix(m.Why, "link-"))
		if strings.HasPrefix(m.Why, "link-") {
			why = w.Say("compare.why.link", "Verdict", strings.TrimPrefix(m.Why, "link-"))
		}
		fmt.Fprintf(h.out, "  %d  %s\n     %s: %s\n", m.Line, first(m.Title, m.URL), why, m.Detail)
	}
	fmt.Fprintf(h.out, "\n%s\n", w.Say("compare.extra", "Count", x.MachineOnly))
	for _, e := range x.Extra[:min(c.Limit, len(x.Extra))] {
		fmt.Fprintf(h.out, "  %s  %s  %s\n", when.Date(store.When(e.Article)), e.Outlet, e.Title)
	}
	return nil
}

func comparedLine(name string, list, machine, both int, e pipeline.Estimate) []string {
	total, interval := round(e.Total), fmt.Sprintf("%s–%s", round(e.Low), round(e.High))
	if e.Few {
		total, interval = "–", "–"
	}
	return []string{name, fmt.Sprint(both), fmt.Sprint(machine - both), fmt.Sprint(list - both), total, interval}
}

// few is 1 where the estimate stands on too little.
func few(e pipeline.Estimate) int {
	if e.Few {
		return 1
	}
	return 0
}

func round(n float64) string { return fmt.Sprintf("%.0f", math.Round(n)) }

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
