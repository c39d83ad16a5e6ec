package index

import (
	"strings"

	"diembao/internal/vi"
)

// What the keys of the Telex method do to the letters before them.
var (
	telexTones = map[rune]rune{'s': '\u0301', 'f': '\u0300', 'r': '\u0309', 'x': '\u0303', 'j': '\u0323'}
	telexTwice = map[rune]rune{'a': 'â', 'e': 'ê', 'o': 'ô', 'd': 'đ'}
	telexHorns = map[rune]rune{'a': 'ă', 'o': 'ơ', 'u': 'ư'}
)

// untelex composes a syllable that was typed by the Telex method where nothing
// composed it: "hieemr" is hiểm. The keys for marks may stand behind their
// letter or at the end. ok is false where the word is no such syllable.
func untelex(typed string) (key string, ok bool) {
	var out []rune
	tone := rune(0)
	for _, c := range typed {
		if c < 'a' || c > 'z' {
			return "", false
		}
		switch {
		case telexTones[c] != 0 && strings.ContainsFunc(string(out), vowel):
			tone = telexTones[c]
		case telexTwice[c] != 0 && swap(out, c, telexTwice[c]):
		case c == 'w':
			out = horn(out)
		case c == 'o' && len(out) > 0 && out[len(out)-1] == 'ư':
			out = append(out, 'ơ')
		default:
			out = append(out, c)
		}
	}
	if tone != 0 {
		for i := len(out) - 1; i >= 0; i-- {
			if vowel(out[i]) {
				out = append(out[:i+1], append([]rune{tone}, out[i+1:]...)...)
				break
			}
		}
	}
	key = vi.Key(string(out))
	return key, key != typed && vi.Marked(key) && vi.IsSyllable(key)
}

func vowel(r rune) bool { return strings.ContainsRune("aeiouyâăêôơư", r) }

// swap puts a letter in place of the last of its kind.
func swap(out []rune, from, to rune) bool {
	for i := len(out) - 1; i >= 0; i-- {
		if out[i] == from {
			out[i] = to
			return true
		}
	}
	return false
}

// horn is what the key w does: uo becomes ươ, the last of a, o, u gets its
// mark, and without one it is ư itself.
func horn(out []rune) []rune {
	for i := len(out) - 1; i >= 0; i-- {
		to := telexHorns[out[i]]
		switch {
		case out[i] == 'ơ' || out[i] == 'ư' || out[i] == 'ă':
			return out
		case to == 0:
			continue
		case out[i] == 'o' && i > 0 && out[i-1] == 'u':
			out[i-1] = 'ư'
		}
		out[i] = to
		return out
	}
	return append(out, 'ư')
}
