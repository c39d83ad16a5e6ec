package baseline

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// shared reads a reference table that is handed out beside the repository.
func shared(t *testing.T, name string) []map[string]string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "bursts")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED: no reference tables beside the repository: %v", err)
	}
	return table(t, filepath.Join(dir, name))
}

// table reads a CSV file with a heading.
func table(t *testing.T, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("reading %s: %d rows, %v", file, len(rows), err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func column(t *testing.T, rows []map[string]string, name string) []float64 {
	t.Helper()
	var out []float64
	for _, r := range rows {
		out = append(out, number(t, r[name]))
	}
	return out
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const equal = 1e-9

// The reference tables of EARS, day for day and alarm for alarm.
func TestAberrationsEqualTheReference(t *testing.T) {
	for name, rows := range map[string][]map[string]string{
		"own":       table(t, "testdata/ears.csv"),
		"reference": nil,
	} {
		t.Run(name, func(t *testing.T) {
			if rows == nil {
				rows = shared(t, "golden_ears_surveillance1.20.3.csv")
			}
			compared := 0
			for i, got := range Aberrations(column(t, rows, "x")) {
				for c, a := range []Aberration{got.C1, got.C2, got.C3} {
					name := fmt.Sprintf("C%d", c+1)
					bound := rows[i][name+"_ub"]
					if bound == "NA" {
						if a.Known {
							t.Errorf("day %d: %s is known, want nothing to compare with", i+1, name)
						}
						continue
					}
					compared++
					if want := number(t, bound); math.Abs(a.Bound-want) > equal || a.Alarm != (rows[i][name+"_alarm"] == "1") {
						t.Errorf("day %d: %s bound %v alarm %t, want %v %s", i+1, name, a.Bound, a.Alarm, want, rows[i][name+"_alarm"])
					}
				}
			}
			if compared < 30 {
				t.Errorf("only %d bounds were compared", compared)
			}
		})
	}
}

// The settings the reference table was made with are not written in it: four
// years and a bound at .99 follow from its figures, as does that it drops a
// trend of p-value .616 and keeps one of .604.
var reference = Farrington{Years: 4, Half: 3, Periods: 10, Skip: 26, Outlier: 2.58, TrendP: 0.61, Quantile: 0.99}

func TestFarringtonEqualsTheReference(t *testing.T) {
	series := column(t, shared(t, "golden_farrington_input.csv"), "y")
	for _, row := range shared(t, "golden_farringtonFlexible_surveillance1.20.3.csv") {
		week := int(number(t, row["t"])) - 1
		got, err := reference.At(series, week)
		if err != nil {
			t.Fatal(err)
		}
		if want := number(t, row["expected"]); math.Abs(got.Mean-want) > equal {
			t.Errorf("week %d: mean %v, want %v (trend %t)", week+1, got.Mean, want, got.Trend)
		}
		if float64(got.Bound) != number(t, row["ub"]) || got.Alarm != (row["alarm"] == "1") {
			t.Errorf("week %d: bound %d alarm %t, want %s %s", week+1, got.Bound, got.Alarm, row["ub"], row["alarm"])
		}
	}
}

// The recommended settings on a made series with a season, a trend and one
// outbreak in its past; the figures were worked out by another program, in NumPy
// and SciPy.
func TestFarringtonFlexible(t *testing.T) {
	var series []float64
	for i := range 280 {
		y := 4 + i*7919%11 + i/60
		if i%52 >= 10 && i%52 < 20 {
			y += 6
		}
		if i == 188 {
			y += 25
		}
		series = append(series, float64(y))
	}
	for week, want := range map[int]Forecast{
		264: {Mean: 12.872861211626239, Phi: 1.0950837942294436, Bound: 24},
		268: {Mean: 14.180764677768638, Phi: 1.0802754088323725, Bound: 25},
		272: {Mean: 19.137386256428968, Phi: 1.069360816905909, Bound: 32},
		279: {Mean: 16.838961069909104, Phi: 1.0899774373901432, Bound: 29},
	} {
		got, err := Flexible.At(series, week)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Mean-want.Mean) > equal || math.Abs(got.Phi-want.Phi) > equal || got.Bound != want.Bound || !got.Trend || got.Alarm {
			t.Errorf("week %d: %+v, want %+v with a trend and no alarm", week, got, want)
		}
		series[week] = float64(want.Bound) + 1
		if got, err := Flexible.At(series, week); err != nil || !got.Alarm {
			t.Errorf("week %d with one above its bound: %+v, %v", week, got, err)
		}
	}
	if _, err := Flexible.At(series, 262); err == nil {
		t.Error("a week without five years before it was judged")
	}
	if got, err := Flexible.At(make([]float64, 280), 270); err == nil && (got.Alarm || math.IsNaN(got.Mean)) {
		t.Errorf("five years of nothing: %+v", got)
	}
}
