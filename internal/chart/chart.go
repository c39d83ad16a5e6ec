// Package chart draws the pictures that letters carry: PNG, readable on a phone,
// on a light or a dark ground. The same figures give the same bytes.
package chart

import (
	"fmt"
	"math"
	"time"

	"github.com/go-analyze/charts"
)

// Hours is what is drawn of a story hour by hour, named in the reader's
// language. Bad and Rest are equally long.
type Hours struct {
	From      time.Time // the first hour, in the zone its labels are to show
	Bad, Rest []int     // publications of negative tone, and all others
	Usual     float64   // publications an hour on a usual day; 0: not known, no line
	Title     string
	BadName   string
	RestName  string
	UsualName string
}

// The size in points of a letter's text; twice as many are drawn, so that a
// phone's fine screen shows clear letters.
const (
	Width  = 600
	Height = 220
	fine   = 2
)

// The colours of the letter.
const (
	badColor   = "#b3362f"
	restColor  = "#9fb4c9"
	usualColor = "#1b2430"
	inkColor   = "#1b2430"
)

// PNG draws the hours as stacked columns, with the usual as a line across, Width
// by Height points wide and high.
func (h Hours) PNG() ([]byte, error) {
	bars := charts.NewSeriesListGeneric([][]float64{floats(h.Bad), floats(h.Rest)}, charts.ChartTypeBar)
	bars[0].Name, bars[1].Name = h.BadName, h.RestName
	colors := []charts.Color{charts.ColorFromHex(badColor), charts.ColorFromHex(restColor)}
	if h.Usual > 0 {
		line := charts.NewSeriesListGeneric([][]float64{level(h.Usual, len(h.Bad))}, charts.ChartTypeLine)
		line[0].Name = h.UsualName
		bars, colors = append(bars, line...), append(colors, charts.ColorFromHex(usualColor))
	}
	p, err := charts.Render(h.option(bars, colors))
	if err != nil {
		return nil, fmt.Errorf("drawing the hours of a story: %w", err)
	}
	png, err := p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("writing the picture of a story's hours: %w", err)
	}
	return png, nil
}

func (h Hours) option(series charts.GenericSeriesList, colors []charts.Color) charts.ChartOption {
	text := charts.NewFontStyleWithSize(11 * fine)
	text.FontColor = charts.ColorFromHex(inkColor)
	title := text
	title.FontSize = 12 * fine
	return charts.ChartOption{
		OutputFormat: charts.ChartOutputPNG, Width: Width * fine, Height: Height * fine,
		Theme:      charts.GetTheme(charts.ThemeLight).WithSeriesColors(colors),
		Padding:    charts.NewBoxEqual(10 * fine),
		Title:      charts.TitleOption{Text: h.Title, FontStyle: title},
		Legend:     charts.LegendOption{FontStyle: text, Symbol: charts.SymbolSquare, Offset: charts.OffsetStr{Left: charts.PositionRight}},
		XAxis:      charts.XAxisOption{Labels: h.labels(), LabelFontStyle: text, LabelCount: len(h.Bad)},
		YAxis:      []charts.YAxisOption{{LabelFontStyle: text, Min: charts.Ptr(0.0), Max: charts.Ptr(h.top()), Unit: h.step()}},
		SeriesList: series, StackSeries: charts.Ptr(true), BarMargin: charts.Ptr(0.0),
		FillArea: charts.Ptr(false),
		Symbol:   charts.Symbol{Shape: charts.SymbolNone}, LineStrokeWidth: 1.5 * fine,
		ValueFormatter: func(f float64) string { return fmt.Sprintf("%.0f", f) },
	}
}

// every is how many hours apart the labels stand: closer ones touch.
const every = 3

func (h Hours) labels() []string {
	out := make([]string, len(h.Bad))
	for i := range out {
		if hour := h.From.Add(time.Duration(i) * time.Hour).Hour(); hour%every == 0 {
			out[i] = fmt.Sprintf("%dh", hour)
		}
	}
	return out
}

// least is the height of the picture in publications: one article an hour is to
// look like one.
const least = 4

func (h Hours) top() float64 {
	top := max(least, h.Usual)
	for i := range h.Bad {
		top = max(top, float64(h.Bad[i]+h.Rest[i]))
	}
	return math.Ceil(top)
}

// step is how far apart the lines across stand: one publication, or what the
// library finds readable where that would be too many lines.
func (h Hours) step() float64 {
	if h.top() <= 2*least {
		return 1
	}
	return 0
}

func floats(counts []int) []float64 {
	out := make([]float64, len(counts))
	for i, n := range counts {
		out[i] = float64(n)
	}
	return out
}

// level is one value n times.
func level(value float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = value
	}
	return out
}
