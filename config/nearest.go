package config

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns the candidate that name was most likely meant to be: the
// one with the least edit distance, the first of equals. It reports false
// where none is near: more than a third of the letters would have to change.
func Nearest(name string, candidates []string) (string, bool) {
	best, least := "", -1
	for _, c := range candidates {
		if d := distance(strings.ToLower(name), strings.ToLower(c)); least < 0 || d < least {
			best, least = c, d
		}
	}
	if least < 0 || least > max(1, len([]rune(name))/3) {
		return "", false
	}
	return best, true
}

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour to make b of a (optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	var before []int
	last := make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row := make([]int, len(t)+1)
		row[0] = i
		for j := 1; j <= len(t); j++ {
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+differ(s[i-1], t[j-1]))
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(t)]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}

// suggest says what would be right in place of text: the nearest name, the
// whole list where it is short, or where to look for it.
func suggest(what, text string, names []string) string {
	const short = 12
	right := what
	if near, ok := Nearest(text, names); ok {
		right += fmt.Sprintf("; did you mean %q?", near)
	} else if len(names) > 0 && len(names) <= short {
		sorted := slices.Sorted(slices.Values(names))
		right += "; write one of " + strings.Join(sorted, ", ")
	}
	return right
}
