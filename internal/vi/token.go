package vi

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Token is one word of a text: a Vietnamese syllable, a word of another
// language, or a number. Dates with slashes and grouped numbers are one token.
type Token struct {
	Text       string // in Key form
	Start, End int    // byte offsets in the text it was cut from
}

// Tokens cuts s into words. Offsets are into s as it was given, composed or not.
func Tokens(s string) []Token {
	tokens := make([]Token, 0, len(s)/5+1)
	for t := range EachToken(s) {
		tokens = append(tokens, t)
	}
	return tokens
}

// EachToken is Tokens one by one, for who may need only the first.
func EachToken(s string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		c := cutter{s: s}
		for t, ok := c.next(); ok && yield(t); t, ok = c.next() {
		}
	}
}

// Key is the one marked form of a text: composed, lower case, tones placed
// alike, i/y settled, numbers ungrouped (1.500.000 → 1500000), TP.HCM as tphcm.
// What stands between the words is kept. Key(Key(s)) == Key(s).
func Key(s string) string {
	s = NFC(s)
	c := cutter{s: s}
	var b strings.Builder
	copied := 0
	for {
		t, ok := c.next()
		if !ok {
			break
		}
		if gap := s[copied:t.Start]; b.Len() > 0 || lowerNFC(gap) != gap || t.Text != s[t.Start:t.End] {
			if b.Len() == 0 {
				b.Grow(len(s))
				b.WriteString(s[:copied])
			}
			b.WriteString(lowerNFC(gap))
			b.WriteString(t.Text)
		}
		copied = t.End
	}
	rest := lowerNFC(s[copied:])
	if b.Len() == 0 {
		return s[:copied] + rest
	}
	b.WriteString(rest)
	return b.String()
}

// cutter walks a text word by word.
type cutter struct {
	s      string
	i      int
	single int // until this offset digits are not joined: the chain there is no number
}

// next finds the next token; ok is false at the end.
func (c *cutter) next() (t Token, ok bool) {
	for c.i < len(c.s) {
		b := c.s[c.i]
		switch {
		case b >= '0' && b <= '9':
			return c.number(), true
		case asciiLetter(b):
			return c.word(), true
		case b < utf8.RuneSelf:
			c.i++
		default:
			r, size := utf8.DecodeRuneInString(c.s[c.i:])
			if spelled(r).base != 0 || unicode.IsLetter(r) || unicode.IsNumber(r) {
				return c.word(), true
			}
			c.i += size
		}
	}
	return t, false
}

func asciiLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

func digit(b byte) bool { return b >= '0' && b <= '9' }

// word reads letters, and digits after them (u23), with their combining marks.
func (c *cutter) word() Token {
	start := c.i
	plain, upper := true, false
	for c.i < len(c.s) {
		b := c.s[c.i]
		if b < utf8.RuneSelf {
			if !asciiLetter(b) && !digit(b) {
				break
			}
			upper = upper || b < 'a' && b >= 'A'
			c.i++
			continue
		}
		r, size := utf8.DecodeRuneInString(c.s[c.i:])
		if spelled(r).base == 0 && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && !invisible(r) {
			break
		}
		plain = false
		c.i += size
	}
	raw := c.s[start:c.i]
	if plain {
		return c.city(Token{keyASCII(raw, upper), start, c.i})
	}
	return Token{keyWord(raw), start, c.i}
}

// invisible runes stand inside words on real pages and mean nothing:
// soft hyphen, zero-width space and joiners, byte order mark.
func invisible(r rune) bool {
	return r == 0xAD || r >= 0x200B && r <= 0x200D || r == 0x2060 || r == 0xFEFF
}

// city joins TP.HCM, TP. HCM, TP HCM and T.P HCM with TPHCM.
func (c *cutter) city(t Token) Token {
	if t.Text == "t" && len(c.s) > t.End+1 && c.s[t.End] == '.' && c.s[t.End+1]|0x20 == 'p' &&
		(len(c.s) == t.End+2 || !wordStarts(c.s[t.End+2:])) {
		t.Text, t.End = "tp", t.End+2
		c.i = t.End
		joined := c.city(t)
		if joined.Text == "tp" { // no HCM after it: leave T.P apart
			t.Text, t.End = "t", t.End-2
			c.i = t.End
			return t
		}
		return joined
	}
	if t.Text != "tp" {
		return t
	}
	rest := c.s[t.End:]
	after := strings.TrimPrefix(rest, ".")
	after = strings.TrimPrefix(after, " ")
	if len(after) < 3 || !strings.EqualFold(after[:3], "hcm") || wordStarts(after[3:]) {
		return t
	}
	t.Text, t.End = "tphcm", t.End+len(rest)-len(after)+3
	c.i = t.End
	return t
}

// wordStarts reports whether s begins inside a word.
func wordStarts(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || invisible(r)
}

// keyASCII is keyWord for words without marks, the short way.
func keyASCII(w string, upper bool) string {
	if upper {
		w = strings.ToLower(w)
	}
	if len(w) > 3 || len(w) < 2 {
		return w
	}
	if last := w[len(w)-1]; last != 'i' && last != 'y' {
		return w
	}
	return keyWord(w)
}

// keyWord is the Key form of one word. Nearly all are syllables as they stand:
// composed, nothing invisible in them.
func keyWord(w string) string {
	s, ok := parse(w)
	if !ok {
		w = composed(w)
		s, ok = parse(w)
	}
	if !ok {
		return foreign(w)
	}
	s.oneI()
	var buf [3 * maxLetters]byte
	key := s.append(buf[:0])
	if string(key) == w {
		return w
	}
	return string(key)
}

// composed is a word in NFC, without invisible runes.
func composed(w string) string {
	return NFC(strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, w))
}

// foreign is the Key form of a word that is no Vietnamese syllable: an
// acronym as NĐ, a foreign name, two syllables run together.
func foreign(w string) string {
	w = lowerNFC(w)
	if strings.Contains(w, "ð") {
		w = strings.ReplaceAll(w, "ð", "đ")
	}
	return w
}

// lowerNFC lowers and composes until both hold: in a few scripts lowering a
// letter leaves something that composes.
func lowerNFC(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	return norm.NFC.String(strings.ToLower(s))
}
