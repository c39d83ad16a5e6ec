package learn_test

import (
	"math"
	"testing"

	"diembao/internal/learn"
)

// boasts are verdicts of a model that says 90 and is right 6 times of 10, and
// says 60 and is right 5 times of 10.
func boasts() []learn.Verdict {
	var out []learn.Verdict
	for i := range 100 {
		out = append(out, learn.Verdict{Chance: 0.9, Right: i%10 < 6}, learn.Verdict{Chance: 0.6, Right: i%10 < 5})
	}
	return out
}

func TestTrustTakesBoastsDown(t *testing.T) {
	line, err := learn.Trust(boasts())
	if err != nil {
		t.Fatal(err)
	}
	for chance, want := range map[float64]float64{0.9: 0.6, 0.6: 0.5} {
		if got := line.At(chance); math.Abs(got-want) > 0.02 {
			t.Errorf("a chance of %.1f is right %.2f of the time, the line says %.2f", chance, want, got)
		}
	}
	if got := line.At(1); math.IsNaN(got) || got > 0.99 {
		t.Errorf("a chance of 1 gives %v", got)
	}
}

func TestMiscalibration(t *testing.T) {
	if got, want := learn.Miscalibration(boasts()), (0.3+0.1)/2; math.Abs(got-want) > 1e-9 {
		t.Errorf("%.4f, want %.4f: half the verdicts boast by .3, half by .1", got, want)
	}
	if got := learn.Miscalibration(nil); got != 0 {
		t.Errorf("no verdict is off by %v", got)
	}
}

// A model without a line believes itself.
func TestSure(t *testing.T) {
	m := learn.Model{Trust: map[string]learn.Line{"tone": {Slope: 0.5}}}
	if m.Sure("risk", 0.8) != 0.8 || m.Sure("tone", 0.8) >= 0.8 {
		t.Errorf("risk %v, tone %v", m.Sure("risk", 0.8), m.Sure("tone", 0.8))
	}
}
