package eval

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/when"
)

// CrisisFigures are the figures of `eval crisis`. Numbers of several seeds are
// pooled: a crisis planted in ten streams counts ten times. Minutes run from the
// onset; a miss is infinite and null says that the middle one was missed.
type CrisisFigures struct {
	Seeds      int      `json:"seeds"`
	Onsets     string   `json:"onsets"`
	From       string   `json:"from"` // days, both included
	To         string   `json:"to"`
	Weeks      float64  `json:"weeks"`       // of one stream
	Moved      float64  `json:"moved_weeks"` // the clock of the stream, so that Tết lies in it
	Background int      `json:"background"`  // real articles in a stream
	Scripts    int      `json:"scripts"`
	Strangers  []string `json:"unknown_outlets"` // script, article: told by an outlet that nobody would have collected

	Threshold     float64       `json:"threshold"` // of level 2, as it ships
	Rates                       // at it
	RecallRange   [2]float64    `json:"recall_90"`                // 5 % to 95 %, the scripts drawn anew
	FalseRange    [2]float64    `json:"false_alarms_per_week_90"` // the same; without any: up to what one stream's weeks can rule out
	BySeed        []SeedRates   `json:"by_seed"`
	Kinds         []Group       `json:"kinds"`   // the worst first
	Targets       []Group       `json:"targets"` // who is blamed: policy is policy anger
	Strata        []Group       `json:"strata"`  // by onset; one may be of several
	Unseen        []string      `json:"strata_without_crises"`
	Threats       threatFigures `json:"threats"`
	PolicyAnger   calledFigures `json:"policy_anger"` // how well the kind is named; its recall stands in targets
	Missed        []ScriptCount `json:"missed"`       // crises, and in how many streams
	FalseOn       []ScriptCount `json:"false_on"`     // benign scripts, and how many alarms
	BackgroundAll []RealAlarm   `json:"background_alerts"`
	Curve         []Point       `json:"curve"`
	Bounded       *Point        `json:"bounded"` // the best threshold at no more than a quarter of an alarm a week, false and of the background; null where none is so quiet
	Calibration   Calibration   `json:"calibration"`
	Volume        []VolumeRates `json:"volume_rules"`
	Noise         []NoiseRates  `json:"noise,omitempty"`
}

// Rates are the main figures of a set of alarms.
type Rates struct {
	Planted           int      `json:"crises"`
	Found             int      `json:"found"`
	Recall            float64  `json:"recall"`
	Benign            int      `json:"benign"`
	False             int      `json:"false_alarms"`
	FalsePerWeek      float64  `json:"false_alarms_per_week"`
	BackgroundPerWeek float64  `json:"background_alerts_per_week"` // of real articles: for a person to judge
	Minutes           *float64 `json:"median_minutes_to_alert"`
	ThirdMinutes      *float64 `json:"median_third_article_minutes"`
	Ratio             *float64 `json:"ratio_to_third_article"`
	ByThird           float64  `json:"share_alerted_by_third_article"`
}

// all is the false alarms and those of the background, a week.
func (r Rates) all() float64 { return r.FalsePerWeek + r.BackgroundPerWeek }

// SeedRates are those of one stream.
type SeedRates struct {
	Seed int `json:"seed"`
	Rates
}

// Group is the crises of one kind.
type Group struct {
	Name    string   `json:"name"`
	Planted int      `json:"crises"`
	Scripts int      `json:"scripts"` // different stories among them: the same in ten streams is no ten
	Found   int      `json:"found"`
	Recall  float64  `json:"recall"`
	Minutes *float64 `json:"median_minutes_to_alert"`
	Ratio   *float64 `json:"ratio_to_third_article"`
}

// few is the number of different stories below which the next one missed moves
// a recall by more than five points.
const few = 20

// Few reports whether the group holds too few different stories to tell a rate.
func (g Group) Few() bool { return g.Scripts < few }

// ScriptCount is a script and how often something happened to it.
type ScriptCount struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	N    int    `json:"n"`
}

// RealAlarm is an alarm on real articles alone.
type RealAlarm struct {
	At    string   `json:"at"` // in the first stream that has it
	Level int      `json:"level"`
	Score float64  `json:"score"`
	Title string   `json:"title"`
	URLs  []string `json:"urls"`
	Seeds int      `json:"seeds"` // streams that have it
}

// Point is a threshold of level 2 with what it brings.
type Point struct {
	Threshold float64 `json:"threshold"`
	Rates
}

// VolumeRates are those of a rule that only counts.
type VolumeRates struct {
	volumeRule
	Rates
}

// NoiseRates are those of a disturbed run. Same is the best threshold at no more
// alarms a week, false and of the background, than the clean run has as it ships.
type NoiseRates struct {
	Noise   string  `json:"noise"`
	Shipped Rates   `json:"shipped"`
	Same    *Point  `json:"same_alarms"` // null where no threshold is so quiet
	Bounded *Point  `json:"bounded"`     // as in CrisisFigures
	Curve   []Point `json:"curve"`
}

// bearable is the most alarms a week, false and of the background, that people
// go on looking at.
const bearable = 0.25

// best is the threshold with the highest recall, of equals the quietest, at no
// more than so many alarms a week.
func best(curve []Point, alarms float64) (found *Point) {
	for _, p := range curve {
		if p.all() <= alarms && (found == nil || p.Recall > found.Recall || p.Recall == found.Recall && p.all() < found.all()) {
			found = &p
		}
	}
	return found
}

func (t *trial) figures(runs []seedRun) CrisisFigures {
	f := CrisisFigures{
		Seeds: t.Seeds, Onsets: t.Onsets, From: t.from.Format(time.DateOnly), To: t.to.AddDate(0, 0, -1).Format(time.DateOnly),
		Weeks: rounded(t.weeks()), Moved: t.moved.Hours() / (7 * 24), Background: len(t.background), Scripts: len(t.scripts), Strangers: t.strangers, Threshold: t.threshold(),
		Rates: t.rates(runs, asShipped), Curve: t.curve(runs), Calibration: calibrate(runs),
	}
	f.RecallRange, f.FalseRange = t.ranges(runs)
	f.Bounded = best(f.Curve, bearable)
	for i := range runs {
		f.BySeed = append(f.BySeed, SeedRates{runs[i].seed, t.rates(runs[i:i+1], asShipped)})
		f.Threats.add(runs[i].threats)
		f.PolicyAnger.add(runs[i])
	}
	f.Kinds = groups(runs, func(s planted) []string { return []string{s.Kind} })
	f.Targets = groups(runs, func(s planted) []string { return []string{cmp.Or(s.Target, "none")} })
	f.Strata = groups(runs, strata)
	f.Unseen = unseen(f.Strata)
	f.Missed, f.FalseOn = tallies(runs)
	f.BackgroundAll = realAlarms(runs)
	for i, rule := range volumeRules() {
		f.Volume = append(f.Volume, VolumeRates{rule, t.rates(runs, func(r seedRun) verdict { return r.volume[i] })})
	}
	return f
}

func (t *trial) noiseFigures(noise string, runs []seedRun, clean CrisisFigures) NoiseRates {
	n := NoiseRates{Noise: noise, Shipped: t.rates(runs, asShipped), Curve: t.curve(runs)}
	n.Same, n.Bounded = best(n.Curve, clean.all()), best(n.Curve, bearable)
	return n
}

// threshold is that of level 2, as it ships.
func (t *trial) threshold() float64 {
	i := slices.IndexFunc(t.Rules.Levels, func(l config.CrisisLevel) bool { return l.Level == 2 })
	if i < 0 {
		return 0
	}
	return t.Rules.Levels[i].MinScore
}

func asShipped(r seedRun) verdict { return r.levels[shipped] }

func (t *trial) curve(runs []seedRun) []Point {
	var out []Point
	for _, th := range thresholds() {
		out = append(out, Point{float64(th) / 1000, t.rates(runs, func(r seedRun) verdict { return r.levels[th] })})
	}
	return out
}

// rates pools the verdicts of some runs.
func (t *trial) rates(runs []seedRun, of func(seedRun) verdict) Rates {
	var r Rates
	var d delays
	background, early := 0, 0
	for _, run := range runs {
		v := of(run)
		r.False += len(v.wrong)
		background += len(v.background)
		for _, s := range run.stories {
			if !s.Crisis {
				r.Benign++
				continue
			}
			if d.add(s, v) {
				early++
			}
		}
	}
	r.Planted, r.Found, r.Recall = len(d.alarm), d.found, rounded(part(d.found, len(d.alarm)))
	r.FalsePerWeek = rounded(float64(r.False) / t.weeks() / float64(len(runs)))
	r.BackgroundPerWeek = rounded(float64(background) / t.weeks() / float64(len(runs)))
	r.Minutes, r.ThirdMinutes, r.Ratio = median(d.alarm), median(d.third), d.ratio()
	r.ByThird = rounded(part(early, len(d.third)))
	return r
}

// delays are those of crises from their onsets, in minutes.
type delays struct {
	alarm, third []float64
	found        int
}

// add adds a crisis and reports whether it was heard of by its third article.
func (d *delays) add(s planted, v verdict) bool {
	after, ok := v.delay(s)
	alarm := math.Inf(1)
	if ok {
		d.found++
		alarm = after.Minutes()
	}
	d.alarm = append(d.alarm, alarm)
	third, has := s.third()
	if !has {
		return false
	}
	d.third = append(d.third, third.Sub(s.onset()).Minutes())
	return ok && !v.found[s.ID].at.After(third)
}

// ratio is the median delay over that of the third article.
func (d delays) ratio() *float64 {
	a, b := median(d.alarm), median(d.third)
	if a == nil || b == nil || *b == 0 {
		return nil
	}
	return number(*a / *b)
}

// median is nil where there is nothing, or the middle is infinite.
func median(x []float64) *float64 {
	if len(x) == 0 {
		return nil
	}
	x = slices.Sorted(slices.Values(x))
	m := (x[(len(x)-1)/2] + x[len(x)/2]) / 2
	if math.IsInf(m, 1) {
		return nil
	}
	return number(m)
}

func number(x float64) *float64 { x = rounded(x); return &x }

func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }

func part(n, of int) float64 { return float64(n) / float64(max(1, of)) }

// groups are the crises by name, as the rules that ship hear of them.
func groups(runs []seedRun, names func(planted) []string) []Group {
	of, scripts := map[string]*delays{}, map[string]map[string]bool{}
	for _, run := range runs {
		for _, s := range run.stories {
			if !s.Crisis {
				continue
			}
			for _, name := range names(s) {
				if of[name] == nil {
					of[name], scripts[name] = &delays{}, map[string]bool{}
				}
				scripts[name][s.ID] = true
				of[name].add(s, asShipped(run))
			}
		}
	}
	out := []Group{}
	for name, d := range of {
		out = append(out, Group{name, len(d.alarm), len(scripts[name]), d.found, rounded(part(d.found, len(d.alarm))), median(d.alarm), d.ratio()})
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Or(cmp.Compare(a.Recall, b.Recall), strings.Compare(a.Name, b.Name)) })
	return out
}

// everyStratum is all that an onset can be.
var everyStratum = []string{"working hours", "night", "sunday", "holiday", "tet"}

// unseen are the strata in which no crisis broke, so that nobody takes silence
// for a good figure.
func unseen(have []Group) []string {
	out := []string{}
	for _, name := range everyStratum {
		if !slices.ContainsFunc(have, func(g Group) bool { return g.Name == name }) {
			out = append(out, name)
		}
	}
	return out
}

// strata are what is special about an onset; "working hours" where nothing is.
func strata(s planted) []string {
	var out []string
	at := s.onset().In(vietnam)
	if clock := at.Sub(when.StartOfDay(at)); clock < minutes(5.5*60) || clock >= minutes(18.5*60) {
		out = append(out, "night")
	}
	if at.Weekday() == time.Sunday {
		out = append(out, "sunday")
	}
	switch when.Holiday(at) {
	case "":
	case tetHoliday:
		out = append(out, "tet")
	default:
		out = append(out, "holiday")
	}
	if out == nil {
		return []string{"working hours"}
	}
	return out
}

// tallies name the crises missed and the benign scripts that alarmed, the worst first.
func tallies(runs []seedRun) (missed, wrong []ScriptCount) {
	kinds, m, w := map[string]string{}, map[string]int{}, map[string]int{}
	for _, run := range runs {
		v := asShipped(run)
		for _, s := range run.stories {
			kinds[s.ID] = s.Kind
			if _, ok := v.found[s.ID]; s.Crisis && !ok {
				m[s.ID]++
			}
		}
		for _, x := range v.wrong {
			w[x.script]++
		}
	}
	return sorted(m, kinds), sorted(w, kinds)
}

func sorted(n map[string]int, kinds map[string]string) []ScriptCount {
	out := []ScriptCount{}
	for id, k := range n {
		out = append(out, ScriptCount{id, kinds[id], k})
	}
	slices.SortFunc(out, func(a, b ScriptCount) int { return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.ID, b.ID)) })
	return out
}

// realAlarms are the alarms on real articles of all streams.
func realAlarms(runs []seedRun) []RealAlarm {
	out, at := []RealAlarm{}, map[string]int{}
	for _, run := range runs {
		for _, a := range asShipped(run).background {
			i, known := at[a.incident]
			if !known {
				i = len(out)
				at[a.incident] = i
				out = append(out, RealAlarm{At: a.at.In(vietnam).Format(time.RFC3339), Level: a.level, Score: a.score, Title: a.title, URLs: a.urls})
			}
			out[i].Seeds++
		}
	}
	slices.SortStableFunc(out, func(a, b RealAlarm) int { return strings.Compare(a.At, b.At) })
	return out
}
