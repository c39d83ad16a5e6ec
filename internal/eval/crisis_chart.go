package eval

import (
	"bytes"
	_ "embed" // the picture's template
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

//go:embed crisis_chart.svg.tmpl
var crisisChart string

// Chart draws the figures as SVG that needs nothing but itself and no colour:
// recall and delay of each threshold against alarms a week, the rules sold
// today beside it, and how far a score is a probability.
func (f CrisisFigures) Chart() ([]byte, error) {
	recall, delay := f.recallPanel(), f.delayPanel()
	picture := struct {
		Figures CrisisFigures
		Panels  []panel
		Lines   []line
		Legend  []mark
	}{f, []panel{recall, delay, f.calibrationPanel()}, recall.Lines, legend(len(recall.Lines))}
	t, err := template.New("chart").Funcs(template.FuncMap{"px": px, "row": row, "add": func(a, b float64) float64 { return a + b }}).Parse(crisisChart)
	if err != nil {
		return nil, fmt.Errorf("reading the template of the chart: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, picture); err != nil {
		return nil, fmt.Errorf("drawing the chart: %w", err)
	}
	return b.Bytes(), nil
}

// px writes a place in the picture.
func px(x float64) string { return fmt.Sprintf("%.1f", x) }

// panel is one of the pictures, in its own units from its top left corner.
type panel struct {
	X, Y           float64 // in the whole
	Title          string
	XName, YName   string
	XTicks, YTicks []tick
	Lines          []line
	Marks          []mark
	Guides         []line // what is no measurement: a bound, a diagonal
}

// Wide and High are the same for all panels.
func (panel) Wide() float64 { return panelWide }
func (panel) High() float64 { return panelHigh }

const (
	panelWide = 340.0
	panelHigh = 260.0
)

type tick struct {
	At    float64
	Label string
}

// line is a curve; Kind is its stroke.
type line struct {
	Kind, Name string
	Points     points
}

// mark is a point. Shape says what was counted, Fill by which rule.
type mark struct {
	X, Y        float64
	Shape, Fill string
	Label       string
}

// scale turns a figure into a place along an axis.
type scale func(float64) float64

func across(low, high float64) scale {
	return func(x float64) float64 { return panelWide * (x - low) / (high - low) }
}

func upward(low, high float64) scale {
	return func(y float64) float64 { return panelHigh * (high - min(y, high)) / (high - low) }
}

// Alarms a week stand on a logarithmic axis, for the rules sold today cry a
// hundred times as often; rarer than the least stands at its beginning.
const (
	rarest   = 0.01
	mostOft  = 10.0
	latest   = 4.0 // times the third article's delay; what is later stands at the top
	oneMonth = "1 in 4 weeks"
)

// told are the thresholds that the curve names.
var told = []float64{0.3, 0.8, 0.9, 0.95}

func perWeek(x float64) float64 {
	return across(math.Log10(rarest), math.Log10(mostOft))(math.Log10(min(max(x, rarest), mostOft)))
}

func weekTicks() (out []tick) {
	for _, x := range []float64{0.01, 0.03, 0.1, 0.3, 1, 3, 10} {
		label := fmt.Sprint(x)
		if x == rarest {
			label = "≤ " + label
		}
		out = append(out, tick{perWeek(x), label})
	}
	return out
}

func ticks(at scale, values ...float64) (out []tick) {
	for _, v := range values {
		out = append(out, tick{at(v), fmt.Sprint(v)})
	}
	return out
}

// recallPanel is recall against alarms a week.
func (f CrisisFigures) recallPanel() panel {
	return f.againstAlarms(panel{X: 70, Y: 70, Title: "Crises found", YName: "recall",
		YTicks: ticks(upward(0, 1), 0, 0.2, 0.4, 0.6, 0.8, 1)}, func(r Rates) (float64, bool) { return upward(0, 1)(r.Recall), true })
}

// delayPanel is the delay against alarms a week.
func (f CrisisFigures) delayPanel() panel {
	p := f.againstAlarms(panel{X: 510, Y: 70, Title: "How late", YName: "median delay ÷ the third article's",
		YTicks: ticks(upward(0, latest), 0, 1, 2, 3, 4)}, func(r Rates) (float64, bool) {
		if r.Ratio == nil {
			return 0, false // most were missed
		}
		return upward(0, latest)(*r.Ratio), true
	})
	third := upward(0, latest)(1)
	p.Guides = append(p.Guides, line{"guide", "third article", points{{0, third}, {panelWide, third}}})
	return p
}

// againstAlarms draws the curves, the shipped threshold and the rules that count.
func (f CrisisFigures) againstAlarms(p panel, up func(Rates) (float64, bool)) panel {
	p.XName, p.XTicks = "alarms a week on no crisis, and on real articles alone", weekTicks()
	bound := perWeek(bearable)
	p.Guides = []line{{"guide", oneMonth, points{{bound, 0}, {bound, panelHigh}}}}
	p.Lines = []line{{"clean", "the score, threshold moved", along(f.Curve, up)}}
	for _, n := range f.Noise {
		p.Lines = append(p.Lines, line{"noise-" + n.Noise, "the same, noise: " + n.Noise, along(n.Curve, up)})
	}
	for _, c := range f.Curve {
		if y, ok := up(c.Rates); ok && slices.Contains(told, c.Threshold) {
			p.Marks = append(p.Marks, mark{perWeek(c.all()), y, "threshold", "", fmt.Sprintf("%.2f", c.Threshold)})
		}
	}
	for _, v := range f.Volume {
		if y, ok := up(v.Rates); ok {
			p.Marks = append(p.Marks, mark{perWeek(v.all()), y, v.On, stroked(v.Rule), fmt.Sprint(v.K)})
		}
	}
	if y, ok := up(f.Rates); ok {
		p.Marks = append(p.Marks, mark{perWeek(f.all()), y, "shipped", "", fmt.Sprintf("ships: %.2f", f.Threshold)})
	}
	return p
}

// stroked tells rules apart on paper: one is hollow, one grey, one black.
func stroked(rule string) string {
	switch {
	case strings.HasPrefix(rule, "today"):
		return "hollow"
	case strings.HasPrefix(rule, "EARS"):
		return "black"
	}
	return "grey"
}

// row is where a line of the legend stands, from its top.
func row(i int) float64 { return 22 * float64(i) }

// legend names the marks, below so many lines.
func legend(below int) []mark {
	names := []mark{{Shape: "shipped", Label: "the threshold that ships"},
		{Shape: "total", Fill: "hollow", Label: "today ÷ 7-day mean ≥ k, all articles"},
		{Shape: "total", Fill: "grey", Label: "24 h > 7-day mean + k·sd, all articles"},
		{Shape: "total", Fill: "black", Label: "EARS C2, all articles"},
		{Shape: "topic", Fill: "hollow", Label: "the same three on each topic"},
		{Shape: "story", Fill: "grey", Label: "24 h ≥ k articles of a story"}}
	for i := range names {
		names[i].X, names[i].Y = 523, 436+row(below+i)
	}
	return names
}

// calibrationPanel is the share of crises against the score, by tenths.
func (f CrisisFigures) calibrationPanel() panel {
	x, y := across(0, 1), upward(0, 1)
	p := panel{X: 70, Y: 430, Title: fmt.Sprintf("Is the score a probability? Brier %.3f, ECE %.3f", f.Calibration.Brier, f.Calibration.ECE),
		XName: "highest score of a story, mean of a tenth", YName: "share of crises",
		XTicks: ticks(x, 0, 0.2, 0.4, 0.6, 0.8, 1), YTicks: ticks(y, 0, 0.2, 0.4, 0.6, 0.8, 1),
		Guides: []line{{"guide", "", points{{0, panelHigh}, {panelWide, 0}}}}}
	var path points
	for _, b := range f.Calibration.Bins {
		path = append(path, [2]float64{x(b.Score), y(b.Share)})
		p.Marks = append(p.Marks, mark{x(b.Score), y(b.Share), "bin", "", fmt.Sprint(b.Stories)})
	}
	p.Lines = []line{{"thin", "", path}}
	return p
}

type points [][2]float64

// String is the points as an SVG polyline has them.
func (p points) String() string {
	var b strings.Builder
	for _, at := range p {
		fmt.Fprintf(&b, "%.1f,%.1f ", at[0], at[1])
	}
	return strings.TrimSpace(b.String())
}

// along is the way of a curve; thresholds without a delay are left out.
func along(curve []Point, up func(Rates) (float64, bool)) (out points) {
	for _, c := range curve {
		if y, ok := up(c.Rates); ok {
			out = append(out, [2]float64{perWeek(c.all()), y})
		}
	}
	return out
}
