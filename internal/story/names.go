package story

import (
	"slices"
	"strings"
	"unicode"

	"diembao/internal/vi"
)

const (
	hung      = 3  // a story hangs on a name that stands in one of so many of its texts: not on who is asked for a comment once
	rareNames = 50 // a name that more than one in so many other texts has is nobody's own
)

// mark is a name or a figure by which a story is known: a pair of capitalised
// neighbours, or a sum.
type mark struct {
	key     string
	written string // with all of the name around it
}

// openers are written with a capital because a sentence begins, in front of a
// name; given is what most names of people have in the middle.
var (
	openers = []string{"ông", "bà", "anh", "chị", "em", "cô", "chú", "bác", "cụ", "cháu", "bé", "vụ", "ở", "tại", "về", "theo", "và", "khi", "người", "dân"}
	offices = []string{"sở", "bộ", "cục", "vụ", "ban", "ủy", "phòng", "trung", "tỉnh", "thành", "huyện", "quận", "xã", "phường", "quốc", "chính"}
	given   = []string{"văn", "thị"}
	units   = []string{"tỷ", "triệu", "nghìn", "ngàn", "đồng", "người", "hồ", "thẻ", "ca", "bệnh", "lao", "công"}
)

// marks are the names and figures of a text, in order.
func marks(text string) (out []mark) {
	for _, span := range vi.Sentences(text) {
		sentence := text[span.Start:span.End]
		out = append(append(out, names(sentence)...), figures(sentence)...)
	}
	return out
}

// names are the pairs of every run of capitalised words.
func names(sentence string) (out []mark) {
	tokens := vi.Tokens(sentence)
	for from := 0; from < len(tokens); {
		to := from
		for to < len(tokens) && proper(sentence[tokens[to].Start:tokens[to].End]) && (to == from || sentence[tokens[to-1].End:tokens[to].Start] == " ") {
			to++
		}
		run := tokens[from:to]
		if from == 0 && len(run) > 0 && slices.Contains(openers, run[0].Text) {
			run = run[1:]
		}
		for i := 1; i < len(run); i++ {
			if !slices.Contains(offices, run[i-1].Text) && !slices.Contains(given, run[i].Text) {
				out = append(out, mark{run[i-1].Text + " " + run[i].Text, sentence[run[0].Start:run[len(run)-1].End]})
			}
		}
		from = max(to, from+1)
	}
	return out
}

// proper reports whether a word is written as a name: Lan, not lan and not BHXH.
func proper(word string) bool {
	first := true
	for _, c := range word {
		if first != unicode.IsUpper(c) && unicode.IsLetter(c) || first && !unicode.IsLetter(c) {
			return false
		}
		first = false
	}
	return !first
}

// figures are sums and numbers of people of two significant digits and more:
// round ones are the same by chance.
func figures(sentence string) (out []mark) {
	tokens := vi.Tokens(sentence)
	for i := 1; i < len(tokens); i++ {
		n, unit := tokens[i-1], tokens[i]
		if !slices.Contains(units, unit.Text) || n.Text[0] < '0' || n.Text[0] > '9' {
			continue
		}
		told := len(strings.Trim(n.Text, "0"))
		if told >= 2 && (len(n.Text) > 2 || unit.Text == "tỷ" || unit.Text == "triệu") {
			out = append(out, mark{n.Text + " " + unit.Text, sentence[n.Start:unit.End]})
		}
	}
	return out
}

// both are the names and figures that two stories hang on and few others tell,
// as the first writes them; strange is true where each hangs on names and
// figures, and none is the same.
func both(now, before, others []Doc, everyday []string) (same []string, strange bool) {
	common := counted(others)
	for _, e := range everyday {
		for _, m := range names(e) {
			common[m.key] = len(others) + 1
		}
	}
	here, there := own(now, common, len(others)), own(before, common, len(others))
	for _, m := range here {
		if slices.ContainsFunc(there, func(o mark) bool { return o.key == m.key }) && !slices.Contains(same, m.written) {
			same = append(same, m.written)
		}
	}
	return same, len(same) == 0 && len(here) > 0 && len(there) > 0
}

// own are the names and figures that a story hangs on and few of the others tell.
func own(docs []Doc, common map[string]int, others int) (out []mark) {
	told := counted(docs)
	for _, d := range docs {
		for _, m := range marks(d.Title + ".\n" + d.Lead) {
			if hung*told[m.key] >= len(docs) && rareNames*common[m.key] <= others {
				out = append(out, m)
			}
		}
	}
	return out
}

// counted tells in how many texts each name and figure stands.
func counted(docs []Doc) map[string]int {
	out := map[string]int{}
	for _, d := range docs {
		seen := map[string]bool{}
		for _, m := range marks(d.Title + ".\n" + d.Lead) {
			if !seen[m.key] {
				seen[m.key] = true
				out[m.key]++
			}
		}
	}
	return out
}
