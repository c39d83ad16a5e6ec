package extract

import (
	"regexp"
	"slices"
	"strings"
)

// between are the signs that stand between a title and an outlet's affix.
var between = regexp.MustCompile(`\s+[|»–—\-]+\s+`)

// leastTitles is how many titles must share an affix before it is believed.
const leastTitles = 3

// LearnAffixes returns what an outlet writes before or behind its titles, as
// in "… | Dân hỏi, báo đáp": the piece that all but at most one of several
// different titles begin or end with. With fewer than three titles nothing is
// learned.
func LearnAffixes(titles []string) []string {
	titles = slices.Compact(slices.Sorted(slices.Values(titles)))
	ends := map[string]int{}
	for _, t := range titles {
		parts := between.Split(t, -1)
		if len(parts) < 2 {
			continue
		}
		first, last := strings.TrimSpace(parts[0]), strings.TrimSpace(parts[len(parts)-1])
		ends[last]++
		if first != last {
			ends[first]++
		}
	}
	var out []string
	for piece, n := range ends {
		if n >= leastTitles && n >= len(titles)-1 && len([]rune(piece)) <= 60 {
			out = append(out, piece)
		}
	}
	slices.Sort(out)
	return out
}

// withoutAffixes takes an outlet's own affixes off both ends of a title; a
// title that is nothing else stays.
func withoutAffixes(title string, affixes []string) string {
	for _, a := range affixes {
		if at := between.FindAllStringIndex(title, -1); len(at) > 0 {
			first, last := at[0], at[len(at)-1]
			switch {
			case strings.EqualFold(strings.TrimSpace(title[last[1]:]), a):
				title = strings.TrimSpace(title[:last[0]])
			case strings.EqualFold(strings.TrimSpace(title[:first[0]]), a):
				title = strings.TrimSpace(title[first[1]:])
			}
		}
	}
	return title
}
