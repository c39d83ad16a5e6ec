package learn_test

import (
	"bytes"
	"math"
	"testing"

	"diembao/internal/learn"
)

var weather = learn.Options{Classes: []string{"dry", "wet"}, Exclusive: true, Penalty: 0.1, Least: 1}

func sample(class string, seen ...string) learn.Sample {
	f := learn.Features{}
	for _, s := range seen {
		f[s] = 1
	}
	return learn.Sample{Features: f, Classes: []string{class}}
}

func days() []learn.Sample {
	return []learn.Sample{
		sample("wet", "cloud", "wind"), sample("wet", "cloud"), sample("wet", "cloud", "cold"),
		sample("dry", "sun"), sample("dry", "sun", "wind"), sample("dry", "cold"),
	}
}

// chance is the probability of wet.
func chance(a learn.Axis, seen ...string) float64 {
	return a.Chances(sample("wet", seen...).Features.Sight())[1]
}

func TestFitTellsClassesApart(t *testing.T) {
	a, err := learn.Fit(days(), weather)
	if err != nil {
		t.Fatal(err)
	}
	if wet, dry := chance(a, "cloud"), chance(a, "sun"); wet < 0.8 || dry > 0.2 {
		t.Errorf("cloud gives %.2f, sun %.2f of wet", wet, dry)
	}
	why := a.Why(sample("wet", "cloud", "wind").Features.Sight(), "wet", 1)
	if len(why) != 1 || why[0].Feature != "cloud" || why[0].Weight <= 0 {
		t.Errorf("why wet: %v", why)
	}
}

// TestFitFindsTheOptimum compares with a case that can be solved by hand: one
// feature that always stands, no penalty worth the name, two of three true.
// The optimum says two thirds.
func TestFitFindsTheOptimum(t *testing.T) {
	o := learn.Options{Classes: []string{"a", "b"}, Penalty: 1e-3, Least: 1}
	a, err := learn.Fit([]learn.Sample{sample("a", "x"), sample("a", "x"), sample("b", "x")}, o)
	if err != nil {
		t.Fatal(err)
	}
	got := a.Chances(learn.Features{"x": 1}.Sight())
	if math.Abs(got[0]-2.0/3) > 0.01 || math.Abs(got[1]-1.0/3) > 0.01 {
		t.Errorf("chances %.3f, want 2/3 and 1/3", got)
	}
}

func TestSameSamplesSameBytes(t *testing.T) {
	var first []byte
	for range 5 {
		a, err := learn.Fit(days(), weather)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := learn.Model{Axes: map[string]learn.Axis{"weather": a}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = raw
		} else if !bytes.Equal(first, raw) {
			t.Fatalf("the same samples gave\n%s\nand\n%s", first, raw)
		}
	}
}

// TestPriorMovesLittle teaches one contrary day: what it says of its own
// feature moves, what it does not speak of stays.
func TestPriorMovesLittle(t *testing.T) {
	before, err := learn.Fit(days(), weather)
	if err != nil {
		t.Fatal(err)
	}
	o := weather
	o.Prior, o.Penalty = &before, 1
	after, err := learn.Fit([]learn.Sample{sample("wet", "sun", "fog")}, o)
	if err != nil {
		t.Fatal(err)
	}
	if chance(after, "fog") <= chance(before, "fog") {
		t.Errorf("fog was learned as wet, and gives %.2f after %.2f", chance(after, "fog"), chance(before, "fog"))
	}
	if got, want := chance(after, "cloud"), chance(before, "cloud"); got != want {
		t.Errorf("cloud gives %.3f after %.3f, though nobody spoke of it", got, want)
	}
}

func TestRefusals(t *testing.T) {
	if _, err := learn.Fit(nil, weather); err == nil {
		t.Error("nothing was learned from, and no error")
	}
	if _, err := learn.Fit([]learn.Sample{sample("snow", "cloud")}, weather); err == nil {
		t.Error("a class that the options do not name was taken")
	}
	for _, raw := range []string{"", "{", `{"axes":{"tone":{"classes":["a","b"],"bias":[1]}}}`, `{"axes":{"tone":{"classes":["a"],"bias":[1],"weights":{"x":[1,2]}}}}`} {
		if _, err := learn.Parse([]byte(raw)); err == nil {
			t.Errorf("%q was read as a model", raw)
		}
	}
}
