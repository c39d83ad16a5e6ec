package vi

import (
	"strings"
	"unicode/utf8"
)

// onset reports whether s is an initial consonant of Vietnamese; qu and gi
// count whole. It is asked several times of every word read: a switch is
// quicker than a map.
func onset(s string) bool {
	switch s {
	case "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh",
		"p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x":
		return true
	}
	return false
}

// rhymes are the ends a syllable may have, toneless. Those from y on the
// last line stand after qu only.
var rhymes = words(`
a ac ach ai am an ang anh ao ap at au ay
ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot ooc oong
oa oac oach oai oam oan oang oanh oao oap oat oay
oăc oăm oăn oăng oăt oe oem oen oeo oet
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây
uê uêch uênh uôc uôi uôm uôn uông uôt uơ
uy uya uych uyn uynh uyp uyt uyu uyên uyêt
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y yêm yên yêng yêt yêu ych yn ynh yt`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// toneAt says which letter of each rhyme carries the tone, in the older
// placement that most papers keep: hòa, thúy, but toán, khuỷu, quý.
var toneAt = func() map[string]int {
	at := make(map[string]int, len(rhymes))
	for r := range rhymes {
		at[r] = tonePlace([]rune(r))
	}
	return at
}()

// tonePlace is the school rule: the last vowel with a mark of its own (ê, ơ, â…)
// carries the tone; else of two vowels the second before a consonant and the
// first at the end of the word; of three the middle one.
func tonePlace(rhyme []rune) int {
	vowels, marked := 0, -1
	for i, r := range rhyme {
		if !vowel(r) {
			break
		}
		vowels++
		if r >= 0x80 {
			marked = i
		}
	}
	switch {
	case marked >= 0:
		return marked
	case vowels == 3, vowels == 2 && vowels < len(rhyme):
		return 1
	}
	return 0
}

// maxLetters is the length of the longest syllable, nghiêng.
const maxLetters = 7

// syllable is a word taken apart: toneless letters, its tone, and the index
// where the rhyme starts.
type syllable struct {
	letters [maxLetters]rune
	n       int
	tone    uint8
	rhyme   int // index in letters; -1 if this is no Vietnamese syllable
	place   int // index in letters of the one that carries the tone
}

// parse takes one composed word apart. ok is false for words that are not
// spelled like Vietnamese: foreign letters, two tones, an unknown rhyme.
func parse(word string) (s syllable, ok bool) {
	var buf [2 * maxLetters]byte
	text := buf[:0]
	var starts [maxLetters + 1]int
	for _, r := range word {
		l := spelled(r)
		if l.base == 0 || s.n == maxLetters || l.tone != level && s.tone != level {
			return s, false
		}
		if l.tone != level {
			s.tone = l.tone
		}
		starts[s.n] = len(text)
		text = appendRune(text, l.base)
		s.letters[s.n] = l.base
		s.n++
	}
	starts[s.n] = len(text)
	// gi and qu first, so that gia is gi+a and quy is qu+y; gìn falls back to g+in.
	for n := min(3, s.n-1); n >= 0; n-- {
		if n > 0 && !onset(string(text[:starts[n]])) {
			continue
		}
		if at, known := toneAt[string(text[starts[n]:])]; known {
			s.rhyme, s.place = n, n+at
			return s, s.soundsRight()
		}
	}
	return s, false
}

func appendRune(b []byte, r rune) []byte {
	if r < 0x80 {
		return append(b, byte(r))
	}
	return append(b, 0xC0|byte(r>>6), 0x80|byte(r&0x3F)) // toneless letters end at ư, U+01B0
}

// soundsRight holds the rule that a stop at the end takes only sắc and nặng
// (or no tone, as typed without marks).
func (s *syllable) soundsRight() bool {
	last := s.letters[s.n-1]
	stop := last == 'c' || last == 'p' || last == 't' ||
		last == 'h' && s.n > 1 && s.letters[s.n-2] == 'c'
	return !stop || s.tone == level || s.tone == acute || s.tone == below
}

// oneI settles i and y where both spellings are the same word: tỉ=tỷ, kĩ=kỹ,
// lí=lý, qui=quy, and vỹ=vĩ, sỹ=sĩ. Elsewhere the two differ (tai and tay,
// the name Thy and thi) and stay. The commoner spelling of each is kept.
func (s *syllable) oneI() {
	last := &s.letters[s.n-1]
	if s.n-s.rhyme != 1 || s.rhyme == 0 || *last != 'i' && *last != 'y' {
		return
	}
	if s.rhyme == 2 {
		if s.letters[0] == 'q' {
			*last = 'y'
		}
		return
	}
	if s.rhyme != 1 {
		return
	}
	switch s.letters[0] {
	case 'h', 'k', 'l', 'm', 't':
		*last = 'y'
	case 's':
		*last = 'i'
	case 'v':
		if s.tone == tilde {
			*last = 'i'
		}
	}
}

// append writes the syllable with its tone where it belongs.
func (s *syllable) append(b []byte) []byte {
	for i, r := range s.letters[:s.n] {
		if i == s.place && s.tone != level {
			r = compose(r, s.tone)
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

// IsSyllable reports whether word, composed, is spelled like one Vietnamese
// syllable. Words without marks pass too when their letters fit.
func IsSyllable(word string) bool {
	_, ok := parse(word)
	return ok
}
