package eval

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"diembao/internal/baseline"
)

// BurstsFigures are the figures of `eval bursts`.
type BurstsFigures struct {
	NAB           float64        `json:"nab_standard_loso"` // 0: no alarms; 100: every window at its first row, nothing else
	Found         int            `json:"found"`
	Windows       int            `json:"windows"`
	FalsePerWeek  float64        `json:"false_positives_per_series_week"`
	Series        []BurstsSeries `json:"series"`
	Thresholds    int            `json:"thresholds"` // tried
	RefractoryHrs float64        `json:"refractory_hours"`
}

// BurstsSeries is what came of one series.
type BurstsSeries struct {
	Series    string  `json:"series"`
	Threshold float64 `json:"threshold"` // learned on the others
	Found     int     `json:"found"`
	Windows   int     `json:"windows"`
	False     int     `json:"false"`
}

// BurstsAnswer is one alarm, as written with --out.
type BurstsAnswer struct {
	Series string  `json:"series"`
	At     string  `json:"at"` // as the file writes it
	Score  float64 `json:"score"`
}

// BurstsOptions are how to run Bursts.
type BurstsOptions struct {
	Out io.Writer // raw answers as JSON Lines; nil for none
}

// burstThresholds are those tried: a rise seen once in ten bins to one in ten thousand.
func burstThresholds() []float64 {
	var out []float64
	for i := 20; i <= 80; i++ {
		out = append(out, float64(i)/20)
	}
	return out
}

// Bursts runs the rank detector over dir/realTweets/*.csv, bin for bin, and
// scores its alarms against dir/combined_windows.json. The threshold for a
// series is the one that is best on all the others.
func Bursts(dir string, opts BurstsOptions) (BurstsFigures, error) {
	series, err := readNAB(dir)
	if err != nil {
		return BurstsFigures{}, err
	}
	thresholds := burstThresholds()
	scores := make([][]float64, len(series))
	results := make([][]nabResult, len(series)) // series, threshold
	for i, s := range series {
		scores[i] = burstScores(s)
		for _, th := range thresholds {
			results[i] = append(results[i], s.judge(alarms(s, scores[i], th)))
		}
	}
	f := BurstsFigures{Thresholds: len(thresholds), RefractoryHrs: baseline.Refractory.Hours()}
	raw, weeks, wrong := 0.0, 0.0, 0
	for i, s := range series {
		best := bestWithout(results, i)
		r := results[i][best]
		raw += r.score
		wrong += r.false
		weeks += s.at[len(s.at)-1].Sub(s.at[s.probation()]).Hours() / (7 * 24)
		f.Found += r.found
		f.Windows += len(s.windows)
		f.Series = append(f.Series, BurstsSeries{s.name, thresholds[best], r.found, len(s.windows), r.false})
		if err := writeAlarms(opts.Out, s, scores[i], thresholds[best]); err != nil {
			return f, err
		}
	}
	f.NAB = math.Round(100*nabNormal(raw, f.Windows)) / 100
	f.FalsePerWeek = math.Round(1000*float64(wrong)/weeks) / 1000
	return f, nil
}

// burstScores runs the detector through a series.
func burstScores(s nabSeries) []float64 {
	r := baseline.NewRank(step(s.at))
	out := make([]float64, len(s.values))
	for i, v := range s.values {
		out[i] = r.Add(v)
	}
	return out
}

// step is the usual time between two rows.
func step(at []time.Time) time.Duration {
	gaps := make([]time.Duration, 0, len(at))
	for i := 1; i < len(at); i++ {
		gaps = append(gaps, at[i].Sub(at[i-1]))
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// alarms are the rows that reach the threshold, none of them within the
// refractory period of the one before.
func alarms(s nabSeries, scores []float64, threshold float64) []int {
	var out []int
	for i, score := range scores {
		if score >= threshold && (len(out) == 0 || s.at[i].Sub(s.at[out[len(out)-1]]) >= baseline.Refractory) {
			out = append(out, i)
		}
	}
	return out
}

// bestWithout is the index of the threshold that serves all series but one
// best; of equals the middle one, which is farthest from being wrong.
func bestWithout(results [][]nabResult, left int) int {
	var best []int
	most := math.Inf(-1)
	for th := range results[left] {
		sum := 0.0
		for i := range results {
			if i != left {
				sum += results[i][th].score
			}
		}
		switch {
		case sum > most:
			best, most = []int{th}, sum
		case sum == most:
			best = append(best, th)
		}
	}
	return best[len(best)/2]
}

func writeAlarms(out io.Writer, s nabSeries, scores []float64, threshold float64) error {
	if out == nil {
		return nil
	}
	enc := json.NewEncoder(out)
	for _, i := range alarms(s, scores, threshold) {
		a := BurstsAnswer{Series: s.name, At: s.at[i].Format(time.DateTime), Score: math.Round(scores[i]*1000) / 1000}
		if err := enc.Encode(a); err != nil {
			return fmt.Errorf("writing the raw answers: %w", err)
		}
	}
	return nil
}

// readNAB reads the series of realTweets with their windows.
func readNAB(dir string) ([]nabSeries, error) {
	file := filepath.Join(dir, "combined_windows.json")
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the labelled windows: %w; name the directory that holds combined_windows.json and realTweets", err)
	}
	var labels map[string][][2]string
	if err := json.Unmarshal(raw, &labels); err != nil {
		return nil, fmt.Errorf("reading the labelled windows %s: %w", file, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "realTweets", "*.csv"))
	if err != nil {
		return nil, err
	}
	if len(files) < 2 {
		return nil, fmt.Errorf("%s holds %d series; two are needed, for the threshold of one is learned on the others", filepath.Join(dir, "realTweets"), len(files))
	}
	var out []nabSeries
	for _, f := range files {
		s, err := readNABSeries(f)
		if err == nil {
			windows, ok := labels["realTweets/"+filepath.Base(f)]
			if !ok {
				err = fmt.Errorf("%s names no windows for it", file)
			} else {
				err = s.label(windows)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("reading series %s: %w", f, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// readNABSeries reads one file of rows "timestamp,value".
func readNABSeries(file string) (nabSeries, error) {
	f, err := os.Open(file)
	if err != nil {
		return nabSeries{}, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nabSeries{}, err
	}
	s := nabSeries{name: strings.TrimSuffix(filepath.Base(file), ".csv")}
	for i, row := range rows[min(1, len(rows)):] {
		at, err1 := time.Parse(time.DateTime, row[0])
		v, err2 := strconv.ParseFloat(row[1], 64)
		if err := errors.Join(err1, err2); err != nil {
			return s, fmt.Errorf("row %d: %w", i+2, err)
		}
		if n := len(s.at); n > 0 && at.Before(s.at[n-1]) {
			return s, fmt.Errorf("row %d: rows are not in order of time", i+2)
		}
		s.at, s.values = append(s.at, at), append(s.values, v)
	}
	if len(s.at) < 2 {
		return s, errors.New("it has less than two rows")
	}
	return s, nil
}

// label finds the rows of the windows.
func (s *nabSeries) label(windows [][2]string) error {
	for _, w := range windows {
		from, err1 := time.Parse("2006-01-02 15:04:05.999999", w[0])
		to, err2 := time.Parse("2006-01-02 15:04:05.999999", w[1])
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("a window: %w", err)
		}
		first, _ := slices.BinarySearchFunc(s.at, from, time.Time.Compare)
		end, _ := slices.BinarySearchFunc(s.at, to.Add(time.Nanosecond), time.Time.Compare)
		if first >= end {
			return fmt.Errorf("no row lies in the window from %s to %s", w[0], w[1])
		}
		s.windows = append(s.windows, nabWindow{first, end - 1})
	}
	return nil
}
