package match

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"diembao/config"
	"diembao/internal/vi"
)

// kind says what a phrase of the vocabulary does when it is found.
type kind uint8

const (
	plain   kind = iota // a mention of entry.what
	not                 // what it covers of entry.what does not count
	place               // a province's name, or a place that settles it
	crisis              // a word of bad news, turned around by a negator before it
	negator             // "không", "phòng chống"
	unit                // a name of an office of the agency
	opening             // counts only as the first words of the title
	half                // one side of a phrase with a gap
)

// entry is the meaning of one phrase.
type entry struct {
	kind   kind
	what   string     // of the mention
	rule   string     // as a press officer would name it
	office bool       // begins with the name of the agency, which after "đóng", "quỹ" is the insurance
	caps   []bool     // words that must have a capital in the text; nil where none must
	place  *gazetteer // kind place
	unit   []int      // kind unit: indexes of Matcher.units that bear the name
	gap    int        // kind half: index of Matcher.gaps
	right  bool       // kind half: the second side
	turns  bool       // a negator before it turns it around
}

// gap is a phrase of two sides with a few words between them: "miễn phí … bhyt".
type gap struct {
	what, rule string
}

// farthest is how many words may stand in a gap.
const farthest = 6

// full writes out the abbreviations of the three insurances, so that a phrase
// with "bhyt" finds both forms.
var full = map[string][]string{
	"bhxh": {"bảo", "hiểm", "xã", "hội"},
	"bhyt": {"bảo", "hiểm", "y", "tế"},
	"bhtn": {"bảo", "hiểm", "thất", "nghiệp"},
}

// builder collects the vocabulary.
type builder struct {
	m      *Matcher
	places map[string]bool // phrase and province, to add each once
	units  map[string]int32
}

func (b *builder) vocabulary(p config.Pack) error {
	t := p.Topics
	for _, id := range slices.Sorted(maps.Keys(t.Anchors)) {
		b.all(t.Anchors[id], entry{what: id, rule: "tên gọi " + strings.ToUpper(id)})
	}
	b.all(t.Agency, entry{what: "agency", rule: "tên cơ quan BHXH"})
	for _, topic := range t.Topics {
		b.all(topic.Strong, entry{what: "topic:" + topic.ID, rule: "từ khóa mạnh: " + topic.Label})
		b.all(topic.Weak, entry{what: "hint:" + topic.ID, rule: "từ khóa yếu: " + topic.Label})
		b.all(topic.Not, entry{kind: not, what: "topic:" + topic.ID})
		b.all(topic.Not, entry{kind: not, what: "hint:" + topic.ID})
	}
	for _, x := range t.Exclude {
		b.all(x.Phrases, entry{what: "exclude:" + x.ID, rule: "không thuộc lĩnh vực: " + x.ID})
		b.all(x.Unless, entry{what: "unless:" + x.ID, rule: "vẫn thuộc lĩnh vực: " + x.ID})
	}
	b.all(t.Digest, entry{kind: opening, what: "digest", rule: "mở đầu của bài điểm tin"})
	b.all(t.Positive, entry{what: "positive", rule: "từ tin vui"})
	b.lists("role:", "vai trò cơ quan", t.Roles)
	b.lists("target:", "đối tượng bị quy trách nhiệm", t.Targets)
	b.lists("cue:", "dấu hiệu", t.Cues)
	b.signs("form:", "thể loại: ", t.Forms)
	b.signs("event:", "sự kiện: ", t.Events)
	b.lexicon(p.Crisis.Lexicon)
	b.gazetteer(p.Provinces)
	b.offices(p.Units)
	if len(b.m.entries) == 0 {
		return fmt.Errorf("match: the pack holds no phrases: give topics.yaml anchors, topics or provinces")
	}
	return nil
}

// lists adds named lists of phrases under prefix+name.
func (b *builder) lists(prefix, rule string, lists map[string][]string) {
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		harm := prefix == "cue:" && (name == "harm" || name == "strain")
		b.all(lists[name], entry{what: prefix + name, turns: harm, rule: rule + ": " + name})
	}
}

// signs adds what tells a form or an event: its phrases under prefix+id, the
// words that open a headline under "opens:"+id.
func (b *builder) signs(prefix, rule string, signs []config.Sign) {
	for _, s := range signs {
		b.all(s.Phrases, entry{what: prefix + s.ID, rule: rule + s.Label})
		b.all(s.Opens, entry{what: "opens:" + s.ID, rule: rule + s.Label})
		b.all(s.Not, entry{kind: not, what: prefix + s.ID})
	}
}

func (b *builder) lexicon(l config.Lexicon) {
	for _, severity := range slices.Sorted(maps.Keys(l.Negative)) {
		for _, phrase := range l.Negative[severity] {
			b.add(phrase, entry{kind: crisis, what: "crisis:" + strconv.Itoa(severity) + ":" + vi.Key(phrase), rule: "từ tin xấu mức " + strconv.Itoa(severity)})
		}
	}
	b.all(l.Negators, entry{kind: negator})
	b.all(l.Diminishers, entry{what: "diminisher", rule: "từ giảm nhẹ"})
	b.all(l.Intensifiers, entry{what: "intensifier", rule: "từ tăng nặng"})
}

func (b *builder) all(phrases []string, e entry) {
	for _, p := range phrases {
		b.add(p, e)
	}
}

// add puts one phrase into the trie, in each of its written forms; an empty
// phrase is nothing.
func (b *builder) add(phrase string, e entry) {
	left, right, gapped := strings.Cut(phrase, "…")
	if gapped && len(vi.Tokens(left)) > 0 && len(vi.Tokens(right)) > 0 {
		b.m.gaps = append(b.m.gaps, gap{what: e.what, rule: e.rule})
		g := len(b.m.gaps) - 1
		b.put(left, entry{kind: half, gap: g, what: e.what})
		b.put(right, entry{kind: half, gap: g, right: true})
		return
	}
	b.put(phrase, e)
}

func (b *builder) put(phrase string, e entry) {
	for _, words := range forms(phrase) {
		e.office = (e.what == "agency" || strings.HasPrefix(e.what, "role:")) && (words[0] == "bhxh" || len(words) >= 4 && slices.Equal(words[:4], full["bhxh"]))
		if e.kind != place && e.kind != unit && len(words) == len(vi.Tokens(phrase)) {
			e.caps = capitals(phrase)
		}
		b.m.entries = append(b.m.entries, e)
		b.m.trie.add(words, int32(len(b.m.entries)-1))
	}
}

// capitals tells which words of a phrase the pack writes with a capital; nil
// where none, and for an abbreviation such as "BHXH" nothing is asked either.
func capitals(phrase string) []bool {
	var out []bool
	any := false
	for _, t := range vi.Tokens(phrase) {
		r, _ := utf8.DecodeRuneInString(phrase[t.Start:])
		upper := unicode.IsUpper(r) && full[t.Text] == nil
		any = any || upper
		out = append(out, upper)
	}
	if !any {
		return nil
	}
	return out
}

// forms returns the words of a phrase in key form: as written, and with the
// abbreviation of an insurance written out.
func forms(phrase string) [][]string {
	tokens := vi.Tokens(phrase)
	if len(tokens) == 0 {
		return nil
	}
	var short, long []string
	for _, t := range tokens {
		short = append(short, t.Text)
		if f := full[t.Text]; f != nil {
			long = append(long, f...)
		} else {
			long = append(long, t.Text)
		}
	}
	if len(long) == len(short) {
		return [][]string{short}
	}
	return [][]string{short, long}
}
