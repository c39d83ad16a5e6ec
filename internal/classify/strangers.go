package classify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"diembao/internal/vi"
)

// strangers returns where two capitalised words in a row stand that are no
// Vietnamese syllables: "Mavious Redmond", "Borgo Virgilio".
func strangers(s string) (start, end int, ok bool) {
	tokens := vi.Tokens(s)
	for i := 1; i < len(tokens); i++ {
		a, b := tokens[i-1], tokens[i]
		if s[a.End:b.Start] == " " && foreignWord(s, a) && foreignWord(s, b) {
			return a.Start, b.End, true
		}
	}
	return 0, 0, false
}

// foreignWord reports whether a word with a capital cannot be a Vietnamese
// syllable; abbreviations are nothing of the kind.
func foreignWord(s string, t vi.Token) bool {
	first, size := utf8.DecodeRuneInString(s[t.Start:])
	rest := s[t.Start+size : t.End]
	if !unicode.IsUpper(first) || strings.IndexFunc(rest, unicode.IsLower) < 0 {
		return false
	}
	return !vi.Marked(t.Text) && !syllable(t.Text)
}

var (
	onsets = []string{"ngh", "ng", "nh", "gh", "gi", "kh", "ph", "qu", "th", "tr", "ch", "b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", ""}
	codas  = []string{"ng", "nh", "ch", "c", "m", "n", "p", "t", ""}
)

// syllable reports whether a word without marks has the shape of a Vietnamese
// syllable: an onset, one to three vowels, a coda.
func syllable(w string) bool {
	for _, o := range onsets {
		rest, ok := strings.CutPrefix(w, o)
		if !ok {
			continue
		}
		for _, c := range codas {
			if core, ok := strings.CutSuffix(rest, c); ok && vowels(core) {
				return true
			}
		}
	}
	return w == "gi"
}

func vowels(s string) bool { return s != "" && len(s) <= 3 && strings.Trim(s, "aeiouy") == "" }
