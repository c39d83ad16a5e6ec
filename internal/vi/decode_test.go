package vi

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const pangram = "Ông Nguyễn Hữu Thước, bảo hiểm xã hội huyện Đắk Mẫu, được hưởng lương hưu; " +
	"bà Vũ Thị Huỳnh kể: người bệnh đã nhận đủ thẻ, lẽ ra phải chờ kỳ sau, mẹ ngủ kỹ, ví nhỏ, ắt hẳn ổn"

// encode writes text in an old charset by turning its reader round: the
// reader is asked about every one- and two-byte sequence.
func encode(t *testing.T, text string, read func([]byte) string) []byte {
	t.Helper()
	back := map[string][]byte{}
	note := func(b ...byte) {
		s := norm.NFC.String(read(b))
		if utf8.RuneCountInString(s) == 1 && (back[s] == nil || len(b) < len(back[s])) {
			back[s] = b
		}
	}
	for i := 1; i < 256; i++ {
		note(byte(i))
		for j := 0x80; j < 256; j++ {
			note(byte(i), byte(j))
		}
	}
	var out bytes.Buffer
	for _, r := range text {
		b, ok := back[string(r)]
		if !ok {
			t.Fatalf("no bytes for %q", r)
		}
		out.Write(b)
	}
	return out.Bytes()
}

func TestDecode(t *testing.T) {
	charsets := map[string]func([]byte) string{
		Windows1258: func(b []byte) string { s, _ := Decode(b, Windows1258); return s },
		TCVN3:       readTCVN3,
		VNI:         readVNI,
	}
	for name, reader := range charsets {
		raw := encode(t, pangram, reader)
		for _, declared := range []string{name, "", "iso-8859-1", "x-user-defined-nonsense", "utf-8"} {
			if text, charset := Decode(raw, declared); text != pangram || charset != name {
				t.Errorf("%s declared %q: read as %s: %s", name, declared, charset, text)
			}
		}
	}
}

// The bytes as the fonts of the nineties had them, not as our tables say.
func TestDecodeKnownBytes(t *testing.T) {
	latin := func(s string) string { // as a viewer without the font shows it: one byte a letter
		raw := make([]byte, 0, len(s))
		for _, r := range s {
			raw = append(raw, byte(r))
		}
		return string(raw)
	}
	for _, c := range []struct{ raw, declared, want string }{
		{"B\xB6o hi\xD3m x\xB7 h\xE9i", TCVN3, "Bảo hiểm xã hội"},
		{"\xA7\xB5 N\xBDng", TCVN3, "Đà Nẵng"},
		{latin("Baûo hieåm xaõ hoäi"), "", "Bảo hiểm xã hội"},
		{latin("Ñaø Naüng, ñöôøng, AÙO, THUÛY"), "", "Đà Nẵng, đường, ÁO, THỦY"},
		{"Ba\xD2o hi\xEA\xD2m y t\xEA\xEC", Windows1258, "Bảo hiểm y tế"},
		{latin("café naïve"), "", "café naïve"},
	} {
		if got, charset := Decode([]byte(c.raw), c.declared); got != c.want {
			t.Errorf("Decode(%q, %q) = %q (%s), want %q", c.raw, c.declared, got, charset, c.want)
		}
	}
}

func TestDecodeUTF8(t *testing.T) {
	for _, c := range []struct{ raw, declared, want, charset string }{
		{pangram, "windows-1258", pangram, UTF8},
		{"\xEF\xBB\xBFlương", "", "lương", UTF8},
		{norm.NFD.String(pangram), "", pangram, UTF8},
		{strings.Repeat(pangram, 3) + "\xE1\xBB", "UTF-8", strings.Repeat(pangram, 3) + "\uFFFD", UTF8},
		{"l\x00\xB0\x01", "utf-16le", "lư", "utf-16le"},
		{"", "", "", UTF8},
	} {
		if text, charset := Decode([]byte(c.raw), c.declared); text != c.want || charset != c.charset {
			t.Errorf("Decode(%.20q, %q) = %.20q, %s", c.raw, c.declared, text, charset)
		}
	}
}
