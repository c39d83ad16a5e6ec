package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diembao/index"
	"diembao/internal/news"
	"diembao/internal/vi"
)

// What stayed and was removed is the old text, what stayed and was added the new.
func TestDifferenceTellsBothTexts(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"nợ", "BHXH", "12 tỷ", "\n", "đồng", "\u00a0", "quỹ.", "", "𝔘", "\ufffd"}), 0, 30).Draw(t, "words"), " ")
	})
	rapid.Check(t, func(t *rapid.T) {
		was, is := text.Draw(t, "was"), text.Draw(t, "is")
		var before, after strings.Builder
		for _, c := range difference(was, is) {
			if c.Did != "ins" {
				before.WriteString(c.Text)
			}
			if c.Did != "del" {
				after.WriteString(c.Text)
			}
		}
		if before.String() != was || after.String() != is {
			t.Fatalf("%q → %q is told as %q → %q", was, is, before.String(), after.String())
		}
	})
}

func TestDifferenceOfHugeTexts(t *testing.T) {
	was, is := strings.Repeat("a b ", 300_000), "c"
	if d := cmp.Diff([]change{{"del", was}, {"ins", is}}, difference(was, is)); d != "" {
		t.Error("a huge text must be told as a whole")
	}
}

// Whatever is said to be found, the text itself is shown whole and in order.
func TestMarkKeepsTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringN(0, 40, -1).Draw(t, "text")
		found := rapid.SliceOf(rapid.Custom(func(t *rapid.T) news.Mention {
			return news.Mention{What: "bhyt", Where: news.Body, Start: rapid.IntRange(-3, 60).Draw(t, "start"), End: rapid.IntRange(-3, 60).Draw(t, "end")}
		})).Draw(t, "found")
		var b strings.Builder
		for _, p := range paragraphs(s) {
			for _, x := range mark(s, p.Start, p.End, in(found, news.Body)) {
				b.WriteString(x.Text)
			}
		}
		var want strings.Builder
		for line := range strings.SplitSeq(s, "\n") {
			if strings.TrimSpace(line) != "" {
				want.WriteString(line)
			}
		}
		if b.String() != want.String() {
			t.Fatalf("%q is shown as %q", s, b.String())
		}
	})
}

func TestPieces(t *testing.T) {
	got := pieces(index.Marked{Text: "nợ BHXH kéo dài", Marks: []vi.Span{{Start: 0, End: 4}, {Start: 5, End: 9}}})
	want := []piece{{"nợ", true}, {" ", false}, {"BHXH", true}, {" kéo dài", false}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestExcerptEndsAtAWord(t *testing.T) {
	if got := excerpt("một hai ba bốn", 9); got != "một hai…" {
		t.Errorf("got %q", got)
	}
	if got := excerpt("một hai", 9); got != "một hai" {
		t.Errorf("got %q", got)
	}
}
