package vi

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text in byte offsets.
type Span struct{ Start, End int }

// abbreviations end with a point that ends no sentence.
var abbreviations = words(`tp tx tt q p h pgs gs ts ths bs ks cn th st tr nxb sđt đt vd vs mr mrs ms dr ubnd ttg tw khcn tel no`)

// Sentences finds the sentences of s, without the white space around them.
// A line break ends a sentence: titles and list items have no full stop.
func Sentences(s string) []Span {
	var spans []Span
	start := 0
	flush := func(end int) {
		if sp := trim(s, start, end); sp.Start < sp.End {
			spans = append(spans, sp)
		}
		start = end
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\n' || r == '\r' || r == 0x2029:
			flush(i)
			i += size
		case r == '.' || r == '!' || r == '?' || r == '…':
			end := closing(s, i)
			if ends(s, start, i, end, r) {
				flush(end)
			}
			i = end
		default:
			i += size
		}
	}
	flush(len(s))
	return spans
}

func trim(s string, start, end int) Span {
	text := strings.TrimLeftFunc(s[start:end], unicode.IsSpace)
	start = end - len(text)
	return Span{start, start + len(strings.TrimRightFunc(text, unicode.IsSpace))}
}

// closing runs over further end marks and the quotes and brackets they close.
func closing(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !strings.ContainsRune(`.!?…"'”’»)]`, r) {
			break
		}
		i += size
	}
	return i
}

// ends decides whether the mark at dot, read with its company up to end,
// closes the sentence that began at start.
func ends(s string, start, dot, end int, mark rune) bool {
	rest := s[end:]
	r, _ := utf8.DecodeRuneInString(rest)
	if rest != "" && !unicode.IsSpace(r) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(rest, unicode.IsSpace))
	if unicode.IsLower(next) {
		return false
	}
	return mark != '.' || !shortened(s[start:dot])
}

// shortened reports whether the last word before a point is an abbreviation,
// an initial, or the number of a list item.
func shortened(before string) bool {
	at := strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	if at >= 0 {
		_, size := utf8.DecodeRuneInString(before[at:])
		at += size
	} else {
		at = 0
	}
	word := before[at:]
	if word == "" {
		return false
	}
	first, size := utf8.DecodeRuneInString(word)
	if unicode.IsNumber(first) {
		return strings.TrimSpace(before[:at]) == "" && len(word) <= 3
	}
	return unicode.IsUpper(first) && (size == len(word) || abbreviations[strings.ToLower(word)])
}
