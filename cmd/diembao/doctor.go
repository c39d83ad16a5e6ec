package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/index"
	"diembao/internal/pipeline"
	"diembao/internal/pulse"
	"diembao/internal/store"
)

type doctorCmd struct{}

func (doctorCmd) Help() string {
	return "Example: diembao doctor --json\n\nTells how this installation is doing and where it may connect to. It changes nothing and asks nobody; `check --mail` speaks to the mail server."
}

// diagnosis is the answer of doctor.
type diagnosis struct {
	Program      string         `json:"program"`
	Data         string         `json:"data"`
	Disk         *forecastRow   `json:"disk,omitempty"`
	Store        *storeState    `json:"store,omitempty"`
	Index        indexState     `json:"index"`
	Marks        []markState    `json:"marks"`
	Outlets      map[string]int `json:"outlets"` // by state, those that are on
	Sources      map[string]int `json:"sources"` // by state
	Letters      map[string]int `json:"letters"` // that were not sent yet, by state
	Judge        *judgeState    `json:"judge,omitempty"`
	Server       string         `json:"server,omitempty"`
	Destinations []destination  `json:"destinations"`
	Findings     []finding      `json:"findings"`
}

type storeState struct {
	Engine    string `json:"engine"`
	Schema    int64  `json:"schema"`
	Links     int    `json:"links"`
	Articles  int    `json:"articles"`
	Relevant  int    `json:"relevant"`
	Uncertain int    `json:"uncertain"`
	Stories   int    `json:"stories"`
	Incidents int    `json:"incidents"`
	First     string `json:"first,omitempty"`
	Last      string `json:"last,omitempty"`
}

type indexState struct {
	State     string `json:"state"` // ok, absent, served, stale, unreadable
	Documents int    `json:"documents"`
	Why       string `json:"why,omitempty"`
}

type markState struct {
	Name   string `json:"name"`
	At     int64  `json:"at"`
	End    int64  `json:"end"`
	Behind int64  `json:"behind"`
}

// Run looks at everything and mends nothing.
func (doctorCmd) Run(ctx context.Context, h *house) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		return usageError{err}
	}
	d := diagnosis{Program: programVersion(), Data: h.Data, Marks: []markState{}, Outlets: map[string]int{}, Sources: map[string]int{}, Letters: map[string]int{}}
	d.Destinations = destinations(pack)
	d.Server = h.served()
	d.find("configuration", true, "version %s, rules %s", pack.Version, rules.Version())
	d.Findings = append(d.Findings, contact(pack), outlets(pack), judgeCheck(pack.Site.Judge))
	if err := h.examine(ctx, pack, rules, &d); err != nil {
		return err
	}
	if h.JSON {
		return errors.Join(h.answer(d), d.verdict())
	}
	return h.tellDiagnosis(d)
}

func (d *diagnosis) find(what string, ok bool, says string, args ...any) {
	d.Findings = append(d.Findings, finding{what, ok, fmt.Sprintf(says, args...)})
}

// served is the address of a server that runs on this data directory.
func (h *house) served() string {
	raw, err := os.ReadFile(filepath.Join(h.Data, serving))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(raw))
}

// examine looks at what the data directory holds. An archive that cannot be
// opened is a finding, not an end.
func (h *house) examine(ctx context.Context, pack config.Pack, rules *pipeline.Rules, d *diagnosis) error {
	if _, err := os.Stat(filepath.Join(h.Data, store.File)); errors.Is(err, fs.ErrNotExist) && !strings.Contains(pack.Site.Store, "://") {
		d.find("archive", true, "none yet in %s", h.Data)
		d.Index.State = "absent"
		return nil
	}
	o := store.Options{DSN: pack.Site.Store, Dir: h.Data, Log: h.log, ReadOnly: true}
	s, err := h.storeWith(ctx, o)
	if err != nil {
		d.find("archive", false, "%v", err)
		return nil
	}
	p := &pipeline.Pipeline{Store: s, Now: time.Now, Log: h.log}
	p.Use(rules)
	state, found, err := h.examineJudge(ctx, p)
	d.Judge, d.Findings = state, append(d.Findings, found...)
	return errors.Join(err, h.examineStore(ctx, p, d), h.examineIndex(ctx, p, d), h.examinePress(ctx, p, pack, d), h.examineDisk(ctx, p, d))
}

func (h *house) examineStore(ctx context.Context, p *pipeline.Pipeline, d *diagnosis) error {
	t, err := p.Store.Totals(ctx)
	if err != nil {
		return err
	}
	has, knows, err := p.Store.Version(ctx)
	if err != nil {
		return err
	}
	d.Store = &storeState{p.Store.Engine(), has, t.Links, t.Articles, t.Relevant, t.Uncertain, t.Stories, t.Incidents, stamp(t.First), stamp(t.Last)}
	d.find("archive", true, "%s, schema %d of %d: %d links, %d articles, %d relevant, %d stories, %d incidents", p.Store.Engine(), has, knows, t.Links, t.Articles, t.Relevant, t.Stories, t.Incidents)
	for _, state := range []string{store.LetterWaiting, store.LetterSending, store.LetterDead} {
		letters, err := p.Store.Letters(ctx, store.LetterFilter{States: []string{state}, Limit: 100000})
		if err != nil {
			return err
		}
		d.Letters[state] = len(letters)
	}
	d.find("letters", d.Letters[store.LetterDead] == 0, "%d waiting, %d being sent, %d given up", d.Letters[store.LetterWaiting], d.Letters[store.LetterSending], d.Letters[store.LetterDead])
	return nil
}

// examineIndex looks at the index, unless a server keeps it, and at the marks.
func (h *house) examineIndex(ctx context.Context, p *pipeline.Pipeline, d *diagnosis) error {
	articles, readings, err := p.Store.LastSeq(ctx)
	if err != nil {
		return err
	}
	read, err := p.Store.Mark(ctx, store.MarkRead)
	if err != nil {
		return err
	}
	d.mark(store.MarkRead, read, articles)
	n, shelved, err := p.ExamineIndex(filepath.Join(h.Data, "index"))
	d.Index = indexState{State: "ok", Documents: n}
	switch {
	case err == nil:
		d.mark(store.MarkShelve, shelved, readings)
		d.find("index", true, "%d documents", n)
		return nil
	case errors.Is(err, fs.ErrNotExist):
		d.Index.State, d.Index.Why = "absent", "it is built when the archive is next searched or served"
	case errors.Is(err, pipeline.ErrIndexBusy):
		d.Index.State, d.Index.Why = "served", "another process keeps it, and it follows the archive"
	case errors.Is(err, index.ErrRebuild):
		d.Index.State, d.Index.Why = "stale", err.Error()
	default:
		d.Index.State, d.Index.Why = "unreadable", err.Error()+"; `diembao reindex` builds it anew"
	}
	d.find("index", d.Index.State != "unreadable", "%s: %s", d.Index.State, d.Index.Why)
	return nil
}

// mark notes how far a reader is behind. That is no fault: whoever serves or
// crawls next catches up.
func (d *diagnosis) mark(name string, at, end int64) {
	m := markState{name, at, end, max(0, end-at)}
	d.Marks = append(d.Marks, m)
	says := "at the end"
	if m.Behind > 0 {
		says = fmt.Sprintf("behind: at %d of %d", at, end)
	}
	d.find("mark "+name, true, "%s", says)
}

// examinePress counts outlets and sources by their states.
func (h *house) examinePress(ctx context.Context, p *pipeline.Pipeline, pack config.Pack, d *diagnosis) error {
	health, err := p.Store.Health(ctx, time.Now().AddDate(0, 0, -7))
	if err != nil {
		return err
	}
	by := map[string]store.Health{}
	for _, x := range health {
		by[x.Outlet] = x
	}
	for _, o := range pack.Outlets {
		if !o.On {
			continue
		}
		x := by[o.ID]
		state, _ := x.State()
		d.Outlets[state]++
		for _, s := range x.Sources {
			d.Sources[s.State]++
		}
	}
	d.find("outlets by state", true, "%s", tally(d.Outlets))
	d.find("sources by state", d.Sources[pulse.Blocked]+d.Sources[pulse.Dead]+d.Sources[pulse.Layout] == 0, "%s", tally(d.Sources))
	return nil
}

func tally(of map[string]int) string {
	var out []string
	for _, state := range slices.Sorted(maps.Keys(of)) {
		out = append(out, fmt.Sprintf("%d %s", of[state], state))
	}
	if out == nil {
		return "none asked yet"
	}
	return strings.Join(out, ", ")
}

func (h *house) examineDisk(ctx context.Context, p *pipeline.Pipeline, d *diagnosis) error {
	f, err := h.forecast(ctx, p)
	if err != nil {
		return err
	}
	d.Disk = &f
	d.find("disk", f.PerDay == 0 || f.Free > 30*f.PerDay, "%s", f.words())
	return nil
}

// verdict is the error of an installation in which something is to be mended.
func (d *diagnosis) verdict() error {
	bad := 0
	for _, f := range d.Findings {
		if !f.OK {
			bad++
		}
	}
	if bad == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d findings are to be mended", bad, len(d.Findings))
}

func (h *house) tellDiagnosis(d diagnosis) error {
	if d.Server != "" {
		d.find("server", true, "%s", d.Server)
	}
	var lines [][]string
	for _, f := range d.Findings {
		mark := "ok"
		if !f.OK {
			mark = "!!"
		}
		lines = append(lines, []string{mark, f.What, f.Says})
	}
	if err := h.table([]string{"", "WHAT", "SAYS"}, lines); err != nil {
		return err
	}
	fmt.Fprintln(h.out)
	lines = nil
	for _, x := range d.Destinations {
		hosts := strings.Join(x.Hosts, " ")
		if len(x.Hosts) > 3 {
			hosts = howMany(len(x.Hosts), "host")
		}
		lines = append(lines, []string{x.What, hosts, x.Says})
	}
	return errors.Join(h.table([]string{"CONNECTS TO", "WHERE", "HOW"}, lines), d.verdict())
}
