package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"diembao/internal/say"
)

// words is what the templates may call.
func words(w *say.Words) map[string]any {
	return map[string]any{
		"say":    w.Say,
		"n":      w.Number,
		"date":   w.Date,
		"moment": w.Moment,
		"change": func(c Count) string { return change(c, w) },
		"share":  func(part, whole int) string { return share(part, whole, w) },
		"bar":    bar,
		"most":   most,
		"tall":   tall,
		"height": height,
		"pad":    pad,
		"upper":  strings.ToUpper,
		"minus":  func(a, b int) int { return a - b },
		"col":    func(i, of int) int { return i * 700 / max(of, 1) },
		"colw":   func(of int) int { return max(4, 700*3/4/max(of, 1)) },
		"up":     func(h int) int { return 120 - h },
		"upl":    func(h int) int { return 116 - h },
		"level":  func(l int) string { return w.Say(fmt.Sprintf("level.%d", l)) },
		"last":   func(to time.Time) time.Time { return to.Add(-time.Second) },
		"day":    func(t time.Time) string { return w.Date(t)[:5] },
		"rows":   func(title string, counts []Count) table { return table{title, counts} },
		"sec":    func(v view, name string) section { return section{v, name} },
		"factor": func(f string) string { return factor(f, w) },
		"dec":    func(x float64) string { return w.Decimal(x, 2) },
		"pct":    w.Percent,
		"tenths": func(x float64) string { return w.Decimal(x, 1) },
		"whole":  func(x float64) string { return w.Number(int(math.Round(x))) },
		"dark":   func(days []Day) bool { return slices.ContainsFunc(days, func(d Day) bool { return d.DarkHours > 0 }) },
		"cut":    func(s string) string { return Excerpt(s) },

		"dated":    dated,
		"columns":  alarmColumns,
		"verdicts": func() []string { return verdicts },
		"month":    func(t time.Time) string { return w.Date(t)[3:] },
		"known":    func(share *float64) string { return known(share, w) },
	}
}

// factor names what spoke for an incident; of a named threat the configuration
// knows the name, and its quote stands beside it.
func factor(f string, w *say.Words) string {
	if strings.HasPrefix(f, "threat:") {
		return w.Say("factor.threat")
	}
	return named("factor."+f, f, w)
}

// named says message id, or name itself where there is no such message: a new
// factor in the configuration is shown by its own name.
func named(id, name string, w *say.Words) string {
	if w.Has(id) {
		return w.Say(id)
	}
	return name
}

type table struct {
	Title string
	Rows  []Count
}

// Weighted reports whether the rows are counted by share, too.
func (t table) Weighted() bool {
	return slices.ContainsFunc(t.Rows, func(c Count) bool { return c.Weight > 0 })
}

type section struct {
	view
	Name string
}

// change says how a count moved against the period before; "–" where there
// was nothing to compare with.
func change(c Count, w *say.Words) string {
	if c.Before == 0 {
		return "–"
	}
	p := float64(c.Publications-c.Before) / float64(c.Before)
	sign := "+"
	if p < 0 {
		sign = "−"
	}
	return sign + w.Percent(math.Abs(p))
}

func share(part, whole int, w *say.Words) string {
	if whole == 0 {
		return "–"
	}
	return w.Percent(float64(part) / float64(whole))
}

// most is the largest count of a table, at least 1.
func most(counts []Count) int {
	m := 1
	for _, c := range counts {
		m = max(m, c.Publications)
	}
	return m
}

// bar is a row's length in percent of the longest.
func bar(c Count, most int) int { return c.Publications * 100 / most }

func tall(days []Day) int {
	m := 1
	for _, d := range days {
		m = max(m, d.Publications)
	}
	return m
}

// dated reports whether a day of so many has room for its date in the picture:
// every day of two weeks, the Mondays of three months, the first of a month.
func dated(day time.Time, of int) bool {
	switch {
	case of <= 14:
		return true
	case of <= 92:
		return day.Weekday() == time.Monday
	}
	return day.Day() == 1
}

// height is a column's height of 100 units, at least 1 where there is anything.
func height(n, tall int) int {
	if n == 0 {
		return 0
	}
	return max(1, n*100/tall)
}

// pad fills s with spaces to the right up to n letters, for the text tables.
func pad(n int, s string) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}

// ExcerptLen is how many letters of a text letters, feeds and exports may hold.
const ExcerptLen = 300

// Excerpt cuts a text at the last word that ends within ExcerptLen letters.
func Excerpt(s string) string {
	if utf8.RuneCountInString(s) <= ExcerptLen {
		return s
	}
	r := []rune(s)[:ExcerptLen-1]
	cut := string(r)
	if i := strings.LastIndexAny(cut, " \n"); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:–-") + "…"
}
