package main

import (
	"math"
	"os"
	"testing"

	"diembao/config"
	"diembao/internal/eval"
	"diembao/internal/pipeline"
)

// TestShippedModelIsReproduced fits the model anew from the labelled sets and
// compares every weight with what ships. Where phrases or labels changed, fit
// it anew: diembao learn --from DIR --out internal/classify/model.json
func TestShippedModelIsReproduced(t *testing.T) {
	const dir = "../../../shared/data"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: the labelled sets are not beside this project: ", err)
	}
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := eval.Lessons(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	anew, err := eval.FitModel(lessons, teacher(rules), nil)
	if err != nil {
		t.Fatal(err)
	}
	ships := rules.Model()
	for name, axis := range anew.Axes {
		other := ships.Axes[name]
		off, n := 0.0, 0
		for feature, row := range axis.Weights {
			for c, w := range row {
				was := 0.0
				if r, ok := other.Weights[feature]; ok {
					was = r[c]
				}
				off, n = max(off, math.Abs(w-was)), n+1
			}
		}
		t.Logf("%s: %d weights, at most %.2f apart", name, n, off)
		if off > 0.05 || len(axis.Weights) == 0 {
			t.Errorf("%s: a weight is %.2f from the model that ships: fit it anew with `diembao learn --from DIR --out internal/classify/model.json`", name, off)
		}
	}
}
