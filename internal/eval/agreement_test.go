package eval

import (
	"math"
	"strings"
	"testing"
)

// The worked examples of Krippendorff (2011): A and B with two observers, C
// with four and missing values ("." here).
func TestAlphaAsPublished(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []string
		want float64
	}{
		{"A", []string{"0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"}, 0.095},
		{"B", []string{"a a b b d c c c e d d a", "b a b b b c c c e d d d"}, 0.692},
		{"C", []string{
			"1 2 3 3 2 1 4 1 2 . . .",
			"1 2 3 3 2 2 4 1 2 5 . 3",
			". 3 3 3 2 3 4 2 2 5 1 .",
			"1 2 3 3 2 4 4 1 2 5 1 .",
		}, 0.743},
	} {
		units := make([][]string, len(strings.Fields(c.rows[0])))
		for _, row := range c.rows {
			for i, v := range strings.Fields(row) {
				if v != "." {
					units[i] = append(units[i], v)
				}
			}
		}
		if got, ok := Alpha(units); !ok || math.Abs(got-c.want) > 0.0005 {
			t.Errorf("example %s: alpha %.4f (%v), published %.3f", c.name, got, ok, c.want)
		}
	}
}

func TestAlphaOfLittle(t *testing.T) {
	for _, units := range [][][]string{nil, {{"a"}, {"b"}}, {{"a", "a"}, {"a", "a"}}} {
		if got, ok := Alpha(units); ok {
			t.Errorf("alpha of %v is %v: nothing can be said", units, got)
		}
	}
	if got, ok := Alpha([][]string{{"a", "a"}, {"b", "b"}}); !ok || got != 1 {
		t.Errorf("full agreement is %v", got)
	}
	if got, ok := Alpha([][]string{{"a", "b"}, {"b", "a"}}); !ok || got >= 0 {
		t.Errorf("systematic disagreement is %v", got)
	}
}
