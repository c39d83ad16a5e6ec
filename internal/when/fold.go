package when

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// foldMarks lowers s and drops Vietnamese marks, so that "Thứ Bảy" and
// "thu bay" are one word. (Floor 0 rooms do not import each other; this is
// the whole of what date words need.)
func foldMarks(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ':
			b.WriteByte('d')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
