package judge

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"diembao/internal/news"
	"diembao/internal/vi"
)

//go:embed story.txt
var storyText string

// Bounds of a question about a story and of the paragraph.
const (
	mostSources = 8   // articles sent
	sourceRunes = 600 // of each body
	mostWords   = 90  // of the paragraph, as blanks part them
)

// Summary is the paragraph on a story.
type Summary []Sentence

// Sentence is what a sentence says, and the ids of the articles that say it.
type Sentence struct {
	Text     string   `json:"text"`
	Articles []string `json:"articles"`
}

// Sources chooses the articles of a story that are sent: the first that told
// it and the latest. arts are in the order in which they came.
func Sources(arts []news.Article) []news.Article {
	if len(arts) <= mostSources {
		return arts
	}
	const first = 3
	return slices.Concat(arts[:first], arts[len(arts)-mostSources+first:])
}

// source is an article under the number that sentences cite.
type source struct {
	N int `json:"number"`
	text
}

// Story is the question about a story. Its articles are numbered from 1.
func Story(sources []news.Article) (Prompt, error) {
	list := make([]source, len(sources))
	for i, a := range sources {
		list[i] = source{i + 1, textOf(a, sourceRunes)}
	}
	user, err := fenced(list)
	if err != nil {
		return Prompt{}, err
	}
	return Prompt{System: storyText, User: user, Answer: 900}, nil
}

// ReadStory checks an answer about a story. The error is a *Rejected.
func ReadStory(answer string, sources []news.Article) (Summary, error) {
	var said struct {
		Sentences []struct {
			Text     string `json:"text"`
			Articles []int  `json:"articles"`
		} `json:"sentences"`
	}
	if err := object(answer, &said); err != nil {
		return nil, err
	}
	var out Summary
	words := 0
	for _, s := range said.Sentences {
		line := Sentence{Text: strings.Join(strings.Fields(vi.NFC(s.Text)), " ")}
		words += len(strings.Fields(line.Text))
		var cited []string
		for _, n := range s.Articles {
			if n < 1 || n > len(sources) {
				return nil, reject("citation", "there is no article %d", n)
			}
			a := sources[n-1]
			t := textOf(a, sourceRunes)
			cited = append(cited, t.Title, t.Lead, t.Body)
			if !slices.Contains(line.Articles, a.ID) {
				line.Articles = append(line.Articles, a.ID)
			}
		}
		if line.Text == "" {
			return nil, reject("empty", "a sentence without words")
		}
		if len(line.Articles) == 0 {
			return nil, reject("citation", "a sentence cites no article: %q", shorten(line.Text))
		}
		if err := grounded(line.Text, cited); err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	switch {
	case words == 0:
		return nil, reject("empty", "no sentence")
	case words > mostWords:
		return nil, reject("length", "%d words, at most %d are asked for", words, mostWords)
	}
	return out, nil
}

// grounded holds the numbers and names of a sentence against the texts it cites.
func grounded(sentence string, texts []string) *Rejected {
	have := map[string]bool{}
	var all strings.Builder // " word word … ", so that names match whole words
	for _, t := range texts {
		for _, k := range vi.Tokens(t) {
			have[k.Text] = true
			all.WriteString(" " + k.Text)
		}
		all.WriteString(" |")
	}
	tokens := vi.Tokens(sentence)
	for _, k := range tokens {
		if (magnitudes[k.Text] || strings.ContainsFunc(k.Text, unicode.IsDigit)) && !have[k.Text] {
			return reject("number", "%q does not stand in the articles cited", k.Text)
		}
	}
	for _, name := range names(sentence, tokens) {
		if !strings.Contains(all.String(), " "+name+" ") {
			return reject("name", "%q does not stand in the articles cited", name)
		}
	}
	return nil
}

// magnitudes make a number of the words before them.
var magnitudes = keys("chục trăm nghìn ngàn vạn triệu tỷ")

// openers begin a sentence without being anybody's name: words of grammar, of
// time and of address.
var openers = keys(`ở theo tại trong ngoài trên dưới giữa từ đến tới qua về với cùng bên phía quanh
	khi sau trước ngày hôm nay năm tháng tuần quý sáng trưa chiều tối đêm hiện đang đã sẽ vừa mới rồi ngay suốt đợt
	nhiều các những một hai ba mọi mỗi cả toàn hàng hơn gần khoảng chỉ có không còn thêm số phần
	do vì để nếu như nhờ bởi dù tuy nhưng và cũng song đồng đây đó này việc vụ sự bài báo bị được
	ông bà anh chị em cô chú bác người ai`)

func keys(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		out[vi.Key(w)] = true
	}
	return out
}

// names are the runs of capitalised words of a sentence, in Key form. The first
// word of a sentence is capitalised whatever it is: where it is a common opener
// it is no part of a name.
func names(sentence string, tokens []vi.Token) (out []string) {
	var run []string
	end := 0
	for i, k := range tokens {
		first, _ := utf8.DecodeRuneInString(sentence[k.Start:])
		gap := strings.TrimSpace(sentence[end:k.Start])
		begins := i == 0 || strings.HasSuffix(gap, ".") || strings.HasSuffix(gap, ":")
		if !unicode.IsUpper(first) || gap != "" {
			out, run = flush(out, run)
		}
		if unicode.IsUpper(first) && !(begins && openers[k.Text]) {
			run = append(run, k.Text)
		}
		end = k.End
	}
	out, _ = flush(out, run)
	return out
}

func flush(out, run []string) ([]string, []string) {
	if len(run) > 0 {
		out = append(out, strings.Join(run, " "))
	}
	return out, nil
}
