package vi

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// textual draws text with what breaks tokenizers: marks apart, capitals,
// numbers, dates, invisible runes.
func textual() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"TP", "HCM", ".", ",", "/", "-", " ", "\n", "1.500", "01/07", "2026", "T.P", "qúy", "hoà",
			"tỉ", "Ð", "\u200b", "\u0301", "\u0323", "…", "”", "NĐ-CP", "3", "500đ", "İ", "ẞ", "Σ"}),
		rapid.StringOfN(rapid.RuneFrom([]rune("aăâeêioôơuưyđghnctpmlkqrsvxAÂĐƠ\u0300\u0309\u031b")), 1, 7, -1),
		rapid.StringN(0, 4, -1),
	)
	return rapid.Custom(func(t *rapid.T) string {
		s := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
		if rapid.Bool().Draw(t, "decomposed") {
			s = norm.NFD.String(s)
		}
		return s
	})
}

func checkText(t interface{ Fatalf(string, ...any) }, s string) {
	key := Key(s)
	if again := Key(key); again != key {
		t.Fatalf("Key is not idempotent on %q: %q then %q", s, key, again)
	}
	if fold := Fold(s); Fold(fold) != fold {
		t.Fatalf("Fold is not idempotent on %q: %q then %q", s, fold, Fold(fold))
	} else if Marked(fold) {
		t.Fatalf("Fold(%q) = %q has marks", s, fold)
	}
	end := 0
	for _, tok := range Tokens(s) {
		if tok.Start < end || tok.End <= tok.Start || tok.End > len(s) || tok.Text == "" {
			t.Fatalf("token %+v of %q after offset %d", tok, s, end)
		}
		end = tok.End
	}
	end = 0
	for _, sp := range Sentences(s) {
		if sp.Start < end || sp.End <= sp.Start || sp.End > len(s) || strings.TrimSpace(s[sp.Start:sp.End]) != s[sp.Start:sp.End] {
			t.Fatalf("sentence %+v of %q after offset %d", sp, s, end)
		}
		if strings.TrimSpace(s[end:sp.Start]) != "" {
			t.Fatalf("sentences of %q lose %q", s, s[end:sp.Start])
		}
		end = sp.End
	}
	if strings.TrimSpace(s[end:]) != "" {
		t.Fatalf("sentences of %q lose the end %q", s, s[end:])
	}
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkText(t, textual().Draw(t, "text")) })
}

// A text in NFD has the words of the same text in NFC.
func TestFormsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := norm.NFC.String(textual().Draw(t, "text"))
		a, b := Tokens(s), Tokens(norm.NFD.String(s))
		if len(a) != len(b) {
			t.Fatalf("%q: %d words composed, %d decomposed", s, len(a), len(b))
		}
		for i := range a {
			if a[i].Text != b[i].Text {
				t.Fatalf("%q: word %q composed, %q decomposed", s, a[i].Text, b[i].Text)
			}
		}
	})
}

// Every syllable that can be spelled has one place for its tone, and its
// unmarked form is what its letters give.
func TestEverySyllable(t *testing.T) {
	n := 0
	for _, onset := range strings.Fields("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x") {
		for rhyme := range rhymes {
			for tone := uint8(level); tone <= below; tone++ {
				letters := []rune(onset + rhyme)
				at := len([]rune(onset)) + toneAt[rhyme]
				letters[at] = compose(letters[at], tone)
				word := string(letters)
				if !IsSyllable(word) {
					continue
				}
				n++
				key := Key(word)
				if Key(key) != key || !IsSyllable(key) || Fold(key) != Fold(Key(strings.ToUpper(word))) {
					t.Errorf("%s → %s", word, key)
				}
			}
		}
	}
	if n < 15000 {
		t.Errorf("only %d syllables", n)
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("Bảo hiểm y tế TP.HCM 1.500.000đ, 01/07/2026")
	f.Fuzz(func(t *testing.T, s string) { checkText(t, s) })
}

func FuzzSentences(f *testing.F) {
	f.Add("PGS. TS. Hà Minh Tuệ nói. “Đúng vậy.” 1. Một\n2. Hai")
	f.Fuzz(func(t *testing.T, s string) { checkText(t, s) })
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("B\xB6o hi\xD3m"), "tcvn3")
	f.Add([]byte("Ba\xFBo hie\xE5m"), "vni")
	f.Add([]byte("\xFF\xFEa\x00"), "utf-16")
	f.Fuzz(func(t *testing.T, raw []byte, declared string) {
		text, charset := Decode(raw, declared)
		if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) || charset == "" {
			t.Fatalf("Decode(%q, %q) = %q, %q", raw, declared, text, charset)
		}
	})
}

var bench = strings.Repeat("Theo ông Lê Hoà Mẫn, từ 01/07/2026 mức đóng bảo hiểm y tế hộ gia đình tại TP.HCM là 1.263.600 đồng/năm. ", 20)

func BenchmarkTokens(b *testing.B) {
	b.SetBytes(int64(len(bench)))
	for b.Loop() {
		Tokens(bench)
	}
}

func BenchmarkKey(b *testing.B) {
	b.SetBytes(int64(len(bench)))
	for b.Loop() {
		Key(bench)
	}
}

func BenchmarkFold(b *testing.B) {
	b.SetBytes(int64(len(bench)))
	for b.Loop() {
		Fold(bench)
	}
}

func BenchmarkSentences(b *testing.B) {
	b.SetBytes(int64(len(bench)))
	for b.Loop() {
		Sentences(bench)
	}
}
