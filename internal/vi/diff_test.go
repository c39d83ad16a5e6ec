package vi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// marked writes edits as people mark them.
func marked(edits []Edit) string {
	var b strings.Builder
	for _, e := range edits {
		b.WriteString([]string{"", "[-", "{+"}[e.Op] + e.Text + []string{"", "-]", "+}"}[e.Op])
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ name, was, is, want string }{
		{"nothing", "Thẻ bảo hiểm y tế", "Thẻ bảo hiểm y tế", "Thẻ bảo hiểm y tế"},
		{"one syllable", "Giám đốc bị khởi tố.", "Giám đốc bị tạm giữ.", "Giám đốc bị [-khởi tố-]{+tạm giữ+}."},
		{"a number", "Nợ 1.200 tỉ đồng", "Nợ 1.500 tỉ đồng", "Nợ [-1.200-]{+1.500+} tỉ đồng"},
		{"a mark is a correction", "ông Hòa nói", "ông Hoà nói", "ông [-Hòa-]{+Hoà+} nói"},
		{"composition is none", norm.NFD.String("quỹ bảo hiểm"), "quỹ bảo hiểm", "quỹ bảo hiểm"},
		{"put in", "Bệnh viện từ chối.", "Bệnh viện ở Phú Lâm từ chối.", "Bệnh viện {+ở Phú Lâm +}từ chối."},
		{"all new", "", "Tin mới", "{+Tin mới+}"},
		{"all gone", "Tin cũ", "", "[-Tin cũ-]"},
		{"empty", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, marked(Diff(c.was, c.is))); d != "" {
				t.Error(d)
			}
		})
	}
}

// Both texts can be read back out of their difference, and nothing is told twice.
func TestDiffHoldsBothTexts(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"bảo", "hiểm", "xã", "hội", "quỹ", "1.200", "\n", "—", "BHYT", "\xff", "a\u0301"}), 0, 60)
	rapid.Check(t, func(t *rapid.T) {
		was, is := strings.Join(words.Draw(t, "was"), " "), strings.Join(words.Draw(t, "is"), " ")
		var old, now strings.Builder
		for i, e := range Diff(was, is) {
			if e.Op != Inserted {
				old.WriteString(e.Text)
			}
			if e.Op != Deleted {
				now.WriteString(e.Text)
			}
			if e.Text == "" {
				t.Fatalf("edit %d is empty", i)
			}
		}
		if old.String() != NFC(was) || now.String() != NFC(is) {
			t.Fatalf("%q → %q read back as %q → %q", was, is, old.String(), now.String())
		}
	})
}

func BenchmarkDiff(b *testing.B) {
	was := strings.Repeat("Người tham gia bảo hiểm xã hội một phần tư thế kỷ được hưởng lương hưu theo quy định mới. ", 60)
	is := strings.Replace(was, "lương hưu", "trợ cấp", 5)
	b.SetBytes(int64(len(was)))
	for b.Loop() {
		Diff(was, is)
	}
}
