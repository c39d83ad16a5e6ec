// Package vi holds what the whole house knows about Vietnamese text: one
// notion of a word, of its spelling, and of a sentence, shared by search and
// matching, and the reading of the encodings that came before Unicode.
//
// The same word is written in several ways: composed or decomposed, hoà or
// hòa, tỉ or tỷ, TP.HCM or TPHCM, with marks or without. Key gives the one
// marked form, Fold the unmarked one; Tokens cuts text into words in Key form
// and remembers where each stood.
package vi

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The six tones in the order of the columns of toned.
const (
	level = iota // ngang
	grave        // huyền
	hook         // hỏi
	tilde        // ngã
	acute        // sắc
	below        // nặng
)

// toned lists each vowel in its six tones.
var toned = [...]string{
	"aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị",
	"oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ",
}

// letter is what one rune is in Vietnamese spelling.
type letter struct {
	base  rune  // lower case, without tone: ế → ê; 0 if it is no letter of ours
	plain byte  // lower case, without any mark: ế → e
	tone  uint8 // level … below
	tones uint8 // of a vowel: 1 + its row in rows
}

// Vietnamese letters stand in two blocks; a table for each is faster than a map.
const (
	lowEnd    = 0x1B1
	highStart = 0x1EA0
	highEnd   = 0x1EFA
)

var (
	low  [lowEnd]letter
	high [highEnd - highStart]letter
	rows = func() (out [len(toned)][6]rune) {
		for i, row := range toned {
			out[i] = [6]rune([]rune(row))
		}
		return out
	}()
)

// compose is the way back from base and tone. A toneless letter of ours is in
// the low block.
func compose(base rune, tone uint8) rune { return rows[low[base].tones-1][tone] }

// vowel reports whether a toneless letter is one.
func vowel(base rune) bool { return strings.ContainsRune("aăâeêioôơuưy", base) }

func init() {
	for c := 'a'; c <= 'z'; c++ {
		set(c, letter{base: c, plain: byte(c)})
	}
	for _, d := range []rune{'đ', 'ð'} { // ð is a common slip for đ
		set(d, letter{base: 'đ', plain: 'd'})
	}
	for i, tones := range rows {
		plain := norm.NFD.String(string(tones[level]))[0]
		for tone, r := range tones {
			set(r, letter{tones[level], plain, uint8(tone), uint8(i + 1)})
		}
	}
}

// set files a lower-case rune and its capital.
func set(r rune, l letter) {
	for _, r := range []rune{r, unicode.ToUpper(r)} {
		if r >= highStart {
			high[r-highStart] = l
		} else {
			low[r] = l
		}
	}
}

// spelled tells what r is in Vietnamese spelling; base is 0 if nothing.
func spelled(r rune) letter {
	switch {
	case r >= 0 && r < lowEnd:
		return low[r]
	case r >= highStart && r < highEnd:
		return high[r-highStart]
	}
	return letter{}
}

// combining reports the marks that Vietnamese adds to a letter, standing alone.
func combining(r rune) bool {
	switch r {
	case 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323:
		return true
	}
	return false
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// NFC composes letters with their marks. Text that is composed already, as
// nearly all is, comes back as it was, without a copy.
func NFC(s string) string {
	if ascii(s) {
		return s
	}
	return norm.NFC.String(s)
}

// Marked reports whether s has any Vietnamese mark or đ, composed or not.
// A query that has none was typed without marks and is matched without them.
func Marked(s string) bool {
	for _, r := range s {
		if r < utf8.RuneSelf {
			continue
		}
		if l := spelled(r); l.base != 0 || combining(r) {
			return true
		}
	}
	return false
}

// Fold is s as typed by a hand without a Vietnamese keyboard: lower case,
// decomposed, combining marks dropped, đ → d. It keeps everything else.
func Fold(s string) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf && (s[i] < 'A' || s[i] > 'Z') {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for _, r := range s[i:] {
		if l := spelled(r); l.base != 0 {
			b.WriteByte(l.plain)
		} else if r < utf8.RuneSelf {
			b.WriteByte(byte(r))
		} else {
			foldForeign(&b, r)
		}
	}
	return b.String()
}

// foldForeign folds one rune that Vietnamese spelling does not know.
func foldForeign(b *strings.Builder, r rune) {
	for _, r := range norm.NFD.String(string(unicode.ToLower(r))) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
}
