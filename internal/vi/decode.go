package vi

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// Names of the charsets that Decode tells apart by their words.
const (
	UTF8        = "utf-8"
	Windows1258 = "windows-1258"
	TCVN3       = "tcvn3"
	VNI         = "vni"
	Windows1252 = "windows-1252"
)

// Decode reads the bytes of a page or file as text, composed, and names the
// charset it took. Valid UTF-8 wins whatever was declared; then the declared
// charset; then, where none or only a Latin one was declared (TCVN3 and VNI
// pages call themselves Latin, their fonts did the rest), the reading with
// the most Vietnamese syllables. It never fails: bytes that fit nothing
// become U+FFFD.
func Decode(raw []byte, declared string) (text, charset string) {
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	declared = strings.ToLower(strings.TrimSpace(declared))
	if utf8.Valid(raw) && !wide(raw, declared) {
		return NFC(string(raw)), UTF8
	}
	switch declared {
	case TCVN3, "tcvn", "tcvn-5712", "abc", "x-viet-tcvn5712":
		return NFC(readTCVN3(raw)), TCVN3
	case VNI, "x-viet-vni":
		return NFC(readVNI(raw)), VNI
	case UTF8, "utf8":
		if mostlyUTF8(raw) {
			return NFC(strings.ToValidUTF8(string(raw), "\uFFFD")), UTF8
		}
	default:
		if enc, err := htmlindex.Get(declared); err == nil && enc != charmap.Windows1252 {
			name, _ := htmlindex.Name(enc) // err is nil for what Get returned
			return NFC(read(enc, raw)), name
		}
	}
	return guess(raw)
}

// wide reports UTF-16, whose zero bytes pass for valid UTF-8.
func wide(raw []byte, declared string) bool {
	return strings.HasPrefix(declared, "utf-16") && bytes.IndexByte(raw, 0) >= 0
}

// mostlyUTF8 forgives a few broken sequences, as a page cut in the middle has.
func mostlyUTF8(raw []byte) bool {
	good, bad := 0, 0
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		raw = raw[size:]
	}
	return good >= 10*bad
}

func read(enc encoding.Encoding, raw []byte) string {
	text, err := enc.NewDecoder().Bytes(raw)
	if err != nil { // x/text decoders replace what they cannot read; this is a broken end
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	return string(text)
}

// guess takes the reading with the best Vietnamese score; text in which no
// reading finds Vietnamese is plain Western.
func guess(raw []byte) (text, charset string) {
	text, charset, best := NFC(read(charmap.Windows1252, raw)), Windows1252, 0
	for _, c := range []struct {
		name string
		read func([]byte) string
	}{
		{Windows1258, func(b []byte) string { return read(charmap.Windows1258, b) }},
		{TCVN3, readTCVN3},
		{VNI, readVNI},
	} {
		got := NFC(c.read(raw))
		if n := score(got); n > best {
			text, charset, best = got, c.name, n
		}
	}
	return text, charset
}

// score counts words with marks that are Vietnamese syllables, less twice
// those that are not.
func score(text string) int {
	n := 0
	for _, t := range Tokens(text) {
		if ascii(t.Text) {
			continue
		}
		if IsSyllable(t.Text) {
			n++
		} else {
			n -= 2
		}
	}
	return n
}

// tcvn3 is TCVN 5712:1993 from byte A1 on. Capitals with tones came from a
// second font (.VnTimeH) and have no bytes here.
var tcvn3 = []rune("ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323" +
	"àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ")

func readTCVN3(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw) * 3 / 2)
	for _, c := range raw {
		switch {
		case c >= 0xA1:
			b.WriteRune(tcvn3[c-0xA1])
		case c == 0xA0:
			b.WriteByte(' ')
		case c >= utf8.RuneSelf:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// VNI-Windows writes most letters as a base and a byte for its mark; the
// marks are the same on every base, with a capital form 0x20 below.
var (
	vniMarks = map[byte]string{
		0xF9: "\u0301", 0xF8: "\u0300", 0xFB: "\u0309", 0xF5: "\u0303", 0xEF: "\u0323",
		0xE2: "\u0302", 0xE1: "\u0302\u0301", 0xE0: "\u0302\u0300", 0xE5: "\u0302\u0309", 0xE3: "\u0302\u0303", 0xE4: "\u0302\u0323",
		0xEA: "\u0306", 0xE9: "\u0306\u0301", 0xE8: "\u0306\u0300", 0xFA: "\u0306\u0309", 0xFC: "\u0306\u0303", 0xEB: "\u0306\u0323",
	}
	vniLetters = map[byte]rune{
		0xF1: 'đ', 0xF4: 'ơ', 0xF6: 'ư', 0xED: 'í', 0xEC: 'ì', 0xE6: 'ỉ', 0xF3: 'ĩ', 0xF2: 'ị', 0xEE: 'ỵ',
		0xD1: 'Đ', 0xD4: 'Ơ', 0xD6: 'Ư', 0xCD: 'Í', 0xCC: 'Ì', 0xC6: 'Ỉ', 0xD3: 'Ĩ', 0xD2: 'Ị', 0xCE: 'Ỵ',
	}
)

func readVNI(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw) * 3 / 2)
	base := false // the byte before can carry a mark
	for _, c := range raw {
		mark, letter := vniMarks[c|0x20], vniLetters[c]
		switch {
		case c < utf8.RuneSelf:
			b.WriteByte(c)
			base = strings.IndexByte("aeouyAEOUY", c) >= 0
			continue
		case letter != 0:
			b.WriteRune(letter)
			base = c|0x20 == 0xF4 || c|0x20 == 0xF6
			continue
		case base && c >= 0xC0 && mark != "":
			b.WriteString(mark)
		case c == 0xA0:
			b.WriteByte(' ')
		default:
			b.WriteString(read(charmap.Windows1252, []byte{c}))
		}
		base = false
	}
	return b.String()
}
