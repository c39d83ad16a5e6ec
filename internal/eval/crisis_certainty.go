package eval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// draws is how often the scripts are drawn anew for a range.
const draws = 1000

// ranges are where 90 % of the recalls and of the false alarms a week fall when
// the scripts are drawn anew: ten streams of the same scripts are no ten times
// the evidence. Where no alarm was false, the upper end is the rate that would
// show none in one stream's weeks once in twenty times (a Poisson count).
func (t *trial) ranges(runs []seedRun) (recall, wrong [2]float64) {
	type script struct{ planted, found, wrong int }
	of, order := map[string]*script{}, []string{}
	see := func(id string) *script {
		if of[id] == nil {
			of[id] = &script{}
			order = append(order, id)
		}
		return of[id]
	}
	falseAlarms := 0
	for _, run := range runs {
		v := asShipped(run)
		for _, s := range run.stories {
			x := see(s.ID)
			if s.Crisis {
				x.planted++
				if _, ok := v.found[s.ID]; ok {
					x.found++
				}
			}
		}
		for _, w := range v.wrong {
			see(w.script).wrong++
			falseAlarms++
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	var recalls, rates []float64
	for range draws {
		var sum script
		for range order {
			x := of[order[rng.IntN(len(order))]]
			sum.planted, sum.found, sum.wrong = sum.planted+x.planted, sum.found+x.found, sum.wrong+x.wrong
		}
		recalls = append(recalls, part(sum.found, sum.planted))
		rates = append(rates, float64(sum.wrong)/t.weeks()/float64(len(runs)))
	}
	recall, wrong = middle90(recalls), middle90(rates)
	if falseAlarms == 0 {
		wrong[1] = rounded(-math.Log(0.05) / t.weeks())
	}
	return recall, wrong
}

func middle90(x []float64) [2]float64 {
	slices.Sort(x)
	return [2]float64{rounded(x[len(x)/20]), rounded(x[len(x)-1-len(x)/20])}
}

// Calibration is how far the highest score of a story is the probability that
// it is a crisis, over the stories that two newsrooms told. The share of crises
// is that of the composed streams, far above that of life.
type Calibration struct {
	Stories int             `json:"stories"`
	Crises  int             `json:"crises"`
	Brier   float64         `json:"brier"` // mean squared error; 0 is perfect
	ECE     float64         `json:"ece"`   // mean gap between score and share, by bin
	Bins    []CalibratedBin `json:"bins"`
}

// CalibratedBin is the stories with a score of a tenth.
type CalibratedBin struct {
	From    float64 `json:"from"`
	Stories int     `json:"stories"`
	Score   float64 `json:"mean_score"`
	Share   float64 `json:"share_of_crises"`
}

func calibrate(runs []seedRun) Calibration {
	var c Calibration
	var n, crises [10]int
	var sum [10]float64
	for _, run := range runs {
		for _, s := range run.scored {
			bin, is := min(9, int(10*s.score)), 0.0
			if s.crisis {
				is = 1
				crises[bin]++
				c.Crises++
			}
			n[bin]++
			sum[bin] += s.score
			c.Brier += (s.score - is) * (s.score - is)
			c.Stories++
		}
	}
	for i := range n {
		if n[i] == 0 {
			continue
		}
		b := CalibratedBin{float64(i) / 10, n[i], sum[i] / float64(n[i]), part(crises[i], n[i])}
		c.ECE += math.Abs(b.Score-b.Share) * part(n[i], c.Stories)
		b.Score, b.Share = rounded(b.Score), rounded(b.Share)
		c.Bins = append(c.Bins, b)
	}
	c.Brier, c.ECE = rounded(c.Brier/float64(max(1, c.Stories))), rounded(c.ECE)
	return c
}
