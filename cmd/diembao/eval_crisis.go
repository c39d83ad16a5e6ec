package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"diembao/internal/eval"
	"diembao/internal/pipeline"
)

type evalCrisisCmd struct {
	Dirs                  []string `arg:"" name:"dir" help:"Holds invented stories, a JSON file each." type:"existingdir"`
	Stream                []string `help:"Real articles to plant them in, a JSON object a line (may be gzipped); may be given several times." required:"" type:"existingfile" placeholder:"FILE"`
	Seeds                 int      `help:"How many streams to compose." default:"10"`
	Onsets                string   `help:"When the stories break: ${enum}." enum:"any,day,night,sunday,holiday,tet" default:"any"`
	BackgroundOutletsOnly bool     `help:"Plant only articles of outlets that the stream has too."`
	Noise                 []string `help:"Measure once more with ${enum}: tone labels of a poor reader, stories that fall apart." enum:"tone,fragment"`
	Out                   string   `help:"Planted stories and alerts, a JSON object a line." type:"path" placeholder:"ALERTS.jsonl"`
	Chart                 string   `help:"Draw recall and delay against alarms a week, the rules sold today beside them, and the calibration." type:"path" placeholder:"FILE.svg"`
}

func (evalCrisisCmd) Help() string {
	return "Example: diembao eval crisis gold/stories --stream thang-8.jsonl.gz --seeds 3 --onsets night --chart duong-cong.svg\n\n" +
		"Invented crises and benign bursts are planted in a real stream, once a seed, and replayed by the rules that ship: " +
		"how many crises reach level 2, how soon, how often it is a false alarm; and the same for rules that only count. " +
		"The same seeds give the same figures. A story is as in internal/eval/testdata/replay. " +
		"With tet the clock of the stream is moved by whole weeks, so that Tết lies in it.\n\n" +
		"The chart is black and white: a line for the score while its threshold moves, with a ring where it ships; a mark for each rule that only counts; " +
		"below, the share of crises among stories against their score. With --noise the noisy runs are broken lines."
}

// Run prints the figures of crises.
func (c evalCrisisCmd) Run(_ context.Context, h *house) error {
	if c.Chart != "" && !strings.HasSuffix(c.Chart, ".svg") {
		return usage("--chart %q: the chart is an SVG; name a file that ends in .svg", c.Chart)
	}
	rules, err := h.rules()
	if err != nil {
		return err
	}
	out, err := h.answersTo(c.Out)
	if err != nil {
		return err
	}
	streams, err := h.streams(c.Stream)
	if err != nil {
		return err
	}
	bar := h.progress(-1, "articles")
	figures, err := eval.Crisis(c.Dirs, streams, eval.CrisisOptions{
		Stages: func() *eval.Replay { return replay(rules) }, Rules: rules.Pack.Crisis, Known: follows(rules),
		Seeds: c.Seeds, Onsets: c.Onsets, BackgroundOutletsOnly: c.BackgroundOutletsOnly, Noise: c.Noise, Out: out,
		Progress: func(stage string, done, all int) {
			bar.Describe(stage)
			bar.ChangeMax(all)
			_ = bar.Set(done)
		},
	})
	if err := errors.Join(err, bar.Close()); err != nil {
		return fmt.Errorf("measuring crises on %s: %w", strings.Join(c.Dirs, ", "), err)
	}
	if err := c.draw(figures); err != nil {
		return err
	}
	if h.JSON {
		return h.answer(figures)
	}
	return h.crises(figures)
}

// draw writes the chart, where one is asked for.
func (c evalCrisisCmd) draw(f eval.CrisisFigures) error {
	if c.Chart == "" {
		return nil
	}
	picture, err := f.Chart()
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Chart, picture, 0o644); err != nil {
		return fmt.Errorf("writing the chart: %w", err)
	}
	return nil
}

// follows reports whether the configuration has an outlet, by its address or its name.
func follows(rules *pipeline.Rules) func(outlet, domain string) bool {
	have := map[string]bool{}
	for _, o := range rules.Pack.Outlets {
		have[strings.ToLower(o.Name)] = true
		for _, d := range o.Domains {
			have[d.Host] = true
		}
	}
	return func(outlet, domain string) bool { return have[domain] || have[strings.ToLower(outlet)] }
}

// streams opens files of articles, unpacked where they are gzipped.
func (h *house) streams(files []string) ([]io.Reader, error) {
	var out []io.Reader
	for _, file := range files {
		in, _, err := h.open(file)
		if err != nil {
			return nil, err
		}
		h.closers = append(h.closers, in.Close)
		text, err := unzipped(in)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		out = append(out, text)
	}
	return out, nil
}

// crises shows the figures to people.
func (h *house) crises(f eval.CrisisFigures) error {
	return errors.Join(h.crisesInWords(f), h.crisisGroups(f), h.crisisCurve(f), h.crisisNoise(f), h.realAlarms(f))
}

func (h *house) crisesInWords(f eval.CrisisFigures) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d streams of %.1f weeks, %s to %s, %d real articles in each; %d scripts, onsets: %s\n",
		f.Seeds, f.Weeks, f.From, f.To, f.Background, f.Scripts, f.Onsets)
	if f.Moved != 0 {
		fmt.Fprintf(&b, "the clock of the stream was moved by %.0f weeks\n", f.Moved)
	}
	for _, s := range f.Strangers {
		fmt.Fprintf(&b, "unknown outlet in %s\n", s)
	}
	fmt.Fprintf(&b, "\nlevel 2: %d of %d crises, recall %.3f (90 %%: %.3f to %.3f); %.3f false alarms a week (90 %%: %.3f to %.3f), %.3f on real articles alone\n",
		f.Found, f.Planted, f.Recall, f.RecallRange[0], f.RecallRange[1], f.FalsePerWeek, f.FalseRange[0], f.FalseRange[1], f.BackgroundPerWeek)
	fmt.Fprintf(&b, "median %s minutes from onset, the third article %s: ratio %s; %.2f alerted by the third article\n",
		figure(f.Minutes), figure(f.ThirdMinutes), figure(f.Ratio), f.ByThird)
	fmt.Fprintf(&b, "named threats: %d fired, %d crises, %d benign, %d on real articles; precision %s\n",
		f.Threats.Fired, f.Threats.Crisis, f.Threats.Benign, f.Threats.Background, figure(f.Threats.Precision))
	fmt.Fprintf(&b, "policy anger: %d of %d such crises heard of are called so, and %d others\n", f.PolicyAnger.Called, f.PolicyAnger.Found, f.PolicyAnger.Wrong)
	fmt.Fprintf(&b, "calibration over %d stories: Brier %.3f, ECE %.3f\n\n", f.Calibration.Stories, f.Calibration.Brier, f.Calibration.ECE)
	_, err := io.WriteString(h.out, b.String())
	return err
}

// crisisGroups shows who was heard of and who was not.
func (h *house) crisisGroups(f eval.CrisisFigures) error {
	var seeds, kinds [][]string
	for _, s := range f.BySeed {
		seeds = append(seeds, append([]string{fmt.Sprint(s.Seed)}, rates(s.Rates)...))
	}
	for _, k := range f.Kinds {
		if k.Recall < 1 {
			kinds = append(kinds, group(k))
		}
	}
	return errors.Join(
		h.part(append([]string{"seed"}, ratesHead...), seeds),
		h.part(append([]string{"onset"}, groupHead...), groupsOf(f.Strata)),
		h.strataInWords(f),
		h.part(append([]string{"blamed"}, groupHead...), groupsOf(f.Targets)),
		h.part(append([]string{"kind not always found"}, groupHead...), kinds),
		h.part([]string{"missed", "kind", "streams"}, countsOf(f.Missed)),
		h.part([]string{"false alarm on", "kind", "alarms"}, countsOf(f.FalseOn)))
}

// strataInWords says which onsets the figures say little or nothing of.
func (h *house) strataInWords(f eval.CrisisFigures) error {
	var lines []string
	for _, g := range f.Strata {
		if g.Few() {
			lines = append(lines, fmt.Sprintf("%s: few different stories (%d); one more missed moves its recall by %.0f points\n", g.Name, g.Scripts, math.Ceil(100/float64(g.Scripts))))
		}
	}
	for _, name := range f.Unseen {
		lines = append(lines, fmt.Sprintf("%s: no crisis broke then\n", name))
	}
	if len(lines) == 0 {
		return nil
	}
	_, err := fmt.Fprintln(h.out, strings.Join(lines, ""))
	return err
}

// crisisCurve shows what other thresholds and other rules would have brought.
func (h *house) crisisCurve(f eval.CrisisFigures) error {
	var bins, curve, volume [][]string
	for _, b := range f.Calibration.Bins {
		bins = append(bins, []string{fmt.Sprintf("%.1f", b.From), fmt.Sprint(b.Stories), fmt.Sprintf("%.2f", b.Score), fmt.Sprintf("%.2f", b.Share)})
	}
	for _, p := range f.Curve {
		curve = append(curve, append(append([]string{fmt.Sprintf("%.3f", p.Threshold)}, rates(p.Rates)...), stroke(p.FalsePerWeek+p.BackgroundPerWeek)))
	}
	for _, v := range f.Volume {
		volume = append(volume, append([]string{v.Rule, v.On, fmt.Sprint(v.K)}, rates(v.Rates)...))
	}
	return errors.Join(
		h.part([]string{"score", "stories", "mean", "share of crises"}, bins),
		h.part(append(append([]string{"threshold"}, ratesHead...), "alarms a week, false and real"), curve),
		h.part(append([]string{"rule that counts", "on", "k"}, ratesHead...), volume))
}

func (h *house) crisisNoise(f eval.CrisisFigures) error {
	const bound = "at most 1 alarm in 4 weeks"
	err := h.part(append([]string{"best threshold"}, ratesHead...), bounded(nil, bound, f.Bounded))
	for _, n := range f.Noise {
		rows := [][]string{append([]string{"as shipped"}, rates(n.Shipped)...)}
		rows = bounded(rows, "as few alarms as without noise", n.Same)
		rows = bounded(rows, bound, n.Bounded)
		err = errors.Join(err, h.part(append([]string{"noise: " + n.Noise}, ratesHead...), rows))
	}
	return err
}

// realAlarms lists the alarms that a person must judge.
func (h *house) realAlarms(f eval.CrisisFigures) error {
	var rows [][]string
	for _, a := range f.BackgroundAll {
		rows = append(rows, []string{a.At, fmt.Sprint(a.Level), fmt.Sprintf("%.2f", a.Score), fmt.Sprint(a.Seeds), a.Title})
	}
	return h.part([]string{"real articles alone", "level", "score", "streams", "title"}, rows)
}

// part is a table with an empty line behind it; nothing where it has no rows.
func (h *house) part(head []string, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	if err := h.table(head, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintln(h.out)
	return err
}

var (
	ratesHead = []string{"crises", "found", "recall", "false/week", "real/week", "minutes", "ratio"}
	groupHead = []string{"crises", "stories", "found", "recall", "minutes", "ratio"}
)

func rates(r eval.Rates) []string {
	return []string{fmt.Sprint(r.Planted), fmt.Sprint(r.Found), fmt.Sprintf("%.3f", r.Recall),
		fmt.Sprintf("%.3f", r.FalsePerWeek), fmt.Sprintf("%.3f", r.BackgroundPerWeek), figure(r.Minutes), figure(r.Ratio)}
}

func group(g eval.Group) []string {
	return []string{g.Name, fmt.Sprint(g.Planted), fmt.Sprint(g.Scripts), fmt.Sprint(g.Found), fmt.Sprintf("%.3f", g.Recall), figure(g.Minutes), figure(g.Ratio)}
}

// bounded adds a threshold, where there is one.
func bounded(rows [][]string, name string, p *eval.Point) [][]string {
	if p == nil {
		return rows
	}
	return append(rows, append([]string{fmt.Sprintf("%s: %.3f", name, p.Threshold)}, rates(p.Rates)...))
}

func groupsOf(all []eval.Group) (rows [][]string) {
	for _, g := range all {
		rows = append(rows, group(g))
	}
	return rows
}

func countsOf(all []eval.ScriptCount) (rows [][]string) {
	for _, t := range all {
		rows = append(rows, []string{t.ID, t.Kind, fmt.Sprint(t.N)})
	}
	return rows
}

// figure is a number that may be missing: most were missed.
func figure(x *float64) string {
	if x == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f", *x)
}

// stroke draws alarms a week as a bar: a sign for a twentieth.
func stroke(perWeek float64) string { return strings.Repeat("▪", min(60, int(20*perWeek+0.5))) }
