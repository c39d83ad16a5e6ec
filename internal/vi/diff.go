package vi

import (
	"strings"
	"time"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Op says what became of a run of words.
type Op int

// The ops, in the order in which a reader meets them at one place.
const (
	Same Op = iota
	Deleted
	Inserted
)

// Edit is a run of words that stayed, was taken out or put in. Text is as it
// was written, with what stood between the words.
type Edit struct {
	Op   Op
	Text string
}

// diffTime bounds a comparison; past it the difference is coarser, not wrong.
const diffTime = 300 * time.Millisecond

// Diff compares two texts word by word, a Vietnamese syllable being a word.
// Texts that differ only in Unicode composition are the same; marks, tone
// placement and case are not: an editor corrected them. The kept and deleted
// edits together are was, the kept and inserted ones is, both composed.
func Diff(was, is string) []Edit {
	was, is = NFC(was), NFC(is)
	if was == is {
		return whole(Same, was)
	}
	a := alphabet{letters: map[string]rune{}}
	from, to := a.spell(was), a.spell(is)
	if len(a.pieces) > mostLetters {
		return append(whole(Deleted, was), whole(Inserted, is)...)
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = diffTime
	var edits []Edit
	for _, x := range d.DiffCleanupSemantic(d.DiffMainRunes(from, to, false)) {
		edits = append(edits, whole(ops[x.Type], a.read(x.Text))...)
	}
	return edits
}

var ops = map[diffmatchpatch.Operation]Op{
	diffmatchpatch.DiffEqual: Same, diffmatchpatch.DiffDelete: Deleted, diffmatchpatch.DiffInsert: Inserted,
}

func whole(op Op, text string) []Edit {
	if text == "" {
		return nil
	}
	return []Edit{{op, text}}
}

// alphabet has a letter for every distinct piece of two texts, so that a
// comparison of letters is one of words.
type alphabet struct {
	letters map[string]rune
	pieces  []string
}

// firstLetter lies past the surrogates, which no string can hold; a million
// distinct pieces fit after it, more than any article has.
const (
	firstLetter = 0x10000
	mostLetters = 0x10ffff - firstLetter
)

func (a *alphabet) spell(s string) []rune {
	var out []rune
	for _, p := range pieces(s) {
		r, ok := a.letters[p]
		if !ok {
			r = firstLetter + rune(len(a.pieces))
			a.letters[p] = r
			a.pieces = append(a.pieces, p)
		}
		out = append(out, r)
	}
	return out
}

func (a *alphabet) read(letters string) string {
	var b strings.Builder
	for _, r := range letters {
		b.WriteString(a.pieces[r-firstLetter])
	}
	return b.String()
}

// pieces cuts a text into words and what stands between them.
func pieces(s string) []string {
	var out []string
	end := 0
	for _, t := range Tokens(s) {
		if t.Start > end {
			out = append(out, s[end:t.Start])
		}
		out = append(out, s[t.Start:t.End])
		end = t.End
	}
	if end < len(s) {
		out = append(out, s[end:])
	}
	return out
}
