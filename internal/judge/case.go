package judge

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/vi"
)

//go:embed case.txt
var caseText string

// Axis is a question that the model may answer, and what it may say.
type Axis struct {
	Name   string
	Values []Value
}

// Value is one word of a closed vocabulary.
type Value struct {
	ID    string
	Means string // in Vietnamese, for the model
}

// means are the values of the axes whose vocabulary is ours.
var means = map[string][]Value{
	"relevant": {{"true", "bài nói về BHXH, BHYT, BHTN công của Việt Nam, quỹ, quyền lợi, cơ quan BHXH hoặc dịch vụ của cơ quan"},
		{"false", "bảo hiểm thương mại, bảo hiểm nước ngoài, hoặc chỉ nhắc qua"}},
	"tone": {{"negative", "điều kể ra là thiệt hại, sai phạm, phàn nàn, trục trặc"},
		{"neutral", "thông tin, quy định, thủ tục, hỏi đáp"}, {"positive", "quyền lợi, giúp đỡ, cải thiện, lời khen"}},
	"agency_role": {{"blamed", "cơ quan BHXH bị quy trách nhiệm"}, {"enforcer", "cơ quan xử lý sai phạm của người khác"},
		{"victim", "cơ quan bị hại, bị mạo danh"}, {"informant", "cơ quan giải thích, thông báo"}, {"none", "cơ quan không phải người trong cuộc"}},
	"risk": {{"0", "không phải làm gì"}, {"1", "theo dõi"}, {"2", "có lẽ phải trả lời báo chí"}, {"3", "khủng hoảng, hoặc rõ là bắt đầu khủng hoảng"}},
}

// Axes are the questions of the given names; topics are those of the
// installation.
func Axes(names []string, topics []Value) []Axis {
	var out []Axis
	for _, name := range names {
		values := means[name]
		if name == "topics" {
			values = topics
		}
		out = append(out, Axis{name, values})
	}
	return out
}

// bodyRunes is how much of a body is sent.
const bodyRunes = 1500

// text is an article as it is sent.
type text struct {
	Title string `json:"title"`
	Lead  string `json:"lead"`
	Body  string `json:"body"`
}

func textOf(a news.Article, body int) text {
	return text{vi.NFC(a.Title), vi.NFC(a.Lead), beginning(vi.NFC(a.Body), body)}
}

// beginning is at most n runes of a text, ending where a word does.
func beginning(s string, n int) string {
	i := 0
	for at := range s {
		if i == n {
			if cut := strings.LastIndexAny(s[:at], " \n"); cut > 0 {
				return s[:cut]
			}
			return s[:at]
		}
		i++
	}
	return s
}

// instructions are what is said before the article: they name the question.
func instructions(axes []Axis) string {
	var says strings.Builder
	for _, x := range axes {
		fmt.Fprintf(&says, "%s:\n", x.Name)
		for _, v := range x.Values {
			fmt.Fprintf(&says, "  %s = %s\n", v.ID, v.Means)
		}
	}
	return strings.Replace(caseText, "{axes}", strings.TrimSpace(says.String()), 1)
}

// CaseVersion names the question about articles.
func CaseVersion(axes []Axis) string { return Prompt{System: instructions(axes)}.Version() }

// Case is the question about an article.
func Case(a news.Article, axes []Axis) (Prompt, error) {
	user, err := fenced(textOf(a, bodyRunes))
	if err != nil {
		return Prompt{}, err
	}
	return Prompt{System: instructions(axes), User: user, Answer: 700}, nil
}

// fenced writes what strangers wrote as JSON between two lines that hold a
// digest of it: no text can hold its own digest, so none can end the fence.
func fenced(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("writing the question for the language model: %w", err)
	}
	name := digest(string(raw))
	return fmt.Sprintf("<<<DỮ LIỆU %s\n%s\nHẾT DỮ LIỆU %s>>>", name, raw, name), nil
}

// Opinion is what the model says of one article.
type Opinion struct {
	Model  string
	Prompt string    // version of the question
	At     time.Time // in the zone its day is told in
	Says   map[string]Said
}

// Said is a value of an axis and the words of the article it rests on.
type Said struct {
	Value string    `json:"value"`
	Where news.Part `json:"where"`
	Quote string    `json:"quote"` // as the article spells it
}

// Bounds of a quote, in words: one word stands in every text.
const (
	shortQuote = 2
	longQuote  = 60
)

// ReadCase checks an answer about an article and returns what it says, axis by
// axis. The error is a *Rejected.
func ReadCase(answer string, a news.Article, axes []Axis) (map[string]Said, error) {
	var said map[string]struct {
		Value any    `json:"value"`
		Quote string `json:"quote"`
	}
	if err := object(answer, &said); err != nil {
		return nil, err
	}
	if len(said) == 0 {
		return nil, reject("empty", "it judges nothing")
	}
	sent, out := textOf(a, bodyRunes), map[string]Said{}
	for name, s := range said {
		i := slices.IndexFunc(axes, func(x Axis) bool { return x.Name == name })
		if i < 0 {
			return nil, reject("axis", "nobody asked for %q", shorten(name))
		}
		value := fmt.Sprint(s.Value)
		if !slices.ContainsFunc(axes[i].Values, func(v Value) bool { return v.ID == value }) {
			return nil, reject("value", "%s has no value %q", name, shorten(value))
		}
		where, quote, ok := sent.find(s.Quote)
		if !ok {
			return nil, reject("quote", "the quote for %s does not stand in the text: %q", name, shorten(s.Quote))
		}
		out[name] = Said{value, where, quote}
	}
	return out, nil
}

// find looks for a quote, word by word: models change signs, blanks and the
// place of tones. It returns the words as they stand in the text.
func (t text) find(quote string) (news.Part, string, bool) {
	want := vi.Tokens(quote)
	if len(want) < shortQuote || len(want) > longQuote {
		return "", "", false
	}
	for _, p := range []struct {
		where news.Part
		text  string
	}{{news.Title, t.Title}, {news.Lead, t.Lead}, {news.Body, t.Body}} {
		have := vi.Tokens(p.text)
		for i := 0; i+len(want) <= len(have); i++ {
			if slices.EqualFunc(have[i:i+len(want)], want, func(a, b vi.Token) bool { return a.Text == b.Text }) {
				return p.where, p.text[have[i].Start:have[i+len(want)-1].End], true
			}
		}
	}
	return "", "", false
}

// shorten keeps what a stranger or a machine wrote to a length that fits a line.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
