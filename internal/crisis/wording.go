package crisis

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"diembao/config"
	"diembao/internal/vi"
)

// wording is how much a word, or two in a row, speak for a story being a crisis
// of ours, learnt from stories that people judged; see Learn. Lists of bad words
// know the harms of yesterday. Harm of a new kind is told in other words, but
// the sentences around it are alike: who asks whom, who waits, who pays.
type wording struct {
	bias   float64
	weight map[string]float64
}

// worded makes the lists of the configuration ready: tenths of weight → words.
func worded(c config.Wording) wording {
	w := wording{c.Bias, map[string]float64{}}
	for tenths, list := range c.Words {
		for _, words := range list {
			w.weight[words] = float64(tenths) / 10
		}
	}
	return w
}

// of is the logarithm of the odds that an article tells of a crisis, by its
// title and lead.
func (w wording) of(t text) float64 {
	sum := 0.0
	for _, gram := range t.grams {
		sum += w.weight[gram]
	}
	return w.bias + sum/math.Sqrt(1+float64(len(t.grams)))
}

// said is the weight from which a word is worth quoting.
const said = 0.4

// function are syllables that hold sentences together and say nothing by
// themselves. They count, for how a thing is told tells much of it, but nobody
// learns anything from a quotation of them.
var function = func() map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(vi.Key(`
		0 ai anh bà bên bị bốn các cái cả chị cho chỉ chiếc chưa cô có con còn cùng cũng của do dù dưới đã đang để đến đi
		đó đôi được em gì hai hay họ hơn khi không là lại lên mà mấy mình mỗi một mới nào này năm nên nếu ngày người nhiều
		như nhưng những nói nửa ông phải qua ra rằng rất rồi sao sau sẽ tại thì theo thấy thế tôi tới trên trong từ vào
		vẫn vậy về vì và với xuống ở`)) {
		all[w] = true
	}
	return all
}()

// empty reports whether a word or pair consists of function words alone.
func empty(gram string) bool {
	for w := range strings.FieldsSeq(gram) {
		if !function[w] {
			return false
		}
	}
	return true
}

// telling are the words of a text that speak loudest for a crisis and can be
// quoted, at most n.
func (w wording) telling(t text, n int) []string {
	var out []string
	for _, gram := range t.grams {
		if w.weight[gram] >= said && !empty(gram) {
			out = append(out, gram)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(w.weight[b], w.weight[a]), strings.Compare(a, b))
	})
	return out[:min(n, len(out))]
}

// grams are the words of a text and the pairs of neighbours, each once, in
// order. Numbers are one word: which number it was teaches nothing.
func grams(text []sentence) []string {
	var out []string
	for _, s := range text {
		before := ""
		for w := range strings.FieldsSeq(s.spaced) {
			if w[0] >= '0' && w[0] <= '9' {
				w = "0"
			}
			out = append(out, w)
			if before != "" {
				out = append(out, before+" "+w)
			}
			before = w
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Told is a story that people judged, to learn from.
type Told struct {
	Crisis   bool
	Articles []Wording
}

// Wording is how one article tells it.
type Wording struct{ Title, Lead string }

// The fit: words that fewer stories than stories hold teach nothing of the
// next; calm is the strength of the ridge; rounds is enough for both to settle.
const (
	stories = 4
	calm    = 0.3
	rounds  = 600
)

// Learn fits the wording: a logistic regression with a ridge over the words and
// pairs of title and lead, every article an example with its story's verdict,
// by accelerated gradient descent (Nesterov 1983). The same stories give the
// same lists.
func Learn(told []Told) config.Wording {
	words, examples := gather(told)
	theta := fit(len(words), examples)
	out := config.Wording{Bias: math.Round(theta[len(words)]*100) / 100, Words: map[int][]string{}}
	for i, w := range words {
		if tenths := int(math.Round(theta[i] * 10)); tenths != 0 {
			out.Words[tenths] = append(out.Words[tenths], w)
		}
	}
	return out
}

// fit returns the weights of so many words, the bias behind them.
func fit(words int, examples []example) []float64 {
	theta := make([]float64, words+1)
	ahead, before, grad := slices.Clone(theta), slices.Clone(theta), slices.Clone(theta)
	step := 1 / (0.5*float64(len(examples)) + calm)
	for round := range rounds {
		momentum := float64(round) / float64(round+3)
		for i, t := range theta {
			ahead[i] = t + momentum*(t-before[i])
		}
		slope(ahead, examples, grad)
		before, theta = theta, before
		for i := range theta {
			theta[i] = ahead[i] - step*grad[i]
		}
	}
	return theta
}

// example is an article to learn from: which of the words it has, by number.
type example struct {
	words   []int
	scale   float64 // the longer the text, the less a word says
	verdict float64 // 1 a crisis, 0 none
}

// slope writes the gradient of the loss at theta.
func slope(theta []float64, examples []example, grad []float64) {
	bias := len(theta) - 1
	for i := range grad {
		grad[i] = calm * theta[i]
	}
	grad[bias] = 0
	for _, e := range examples {
		sum := 0.0
		for _, i := range e.words {
			sum += theta[i]
		}
		miss := 1/(1+math.Exp(-theta[bias]-sum*e.scale)) - e.verdict
		for _, i := range e.words {
			grad[i] += miss * e.scale
		}
		grad[bias] += miss
	}
}

// gather is the words that at least two stories hold, in order, and the
// articles as examples of them.
func gather(told []Told) (words []string, examples []example) {
	in, last := map[string]int{}, map[string]int{}
	var texts [][]string
	for n, t := range told {
		for _, a := range t.Articles {
			g := read(Article{Title: a.Title, Lead: a.Lead}).grams
			texts = append(texts, g)
			examples = append(examples, example{
				scale: 1 / math.Sqrt(1+float64(len(g))), verdict: map[bool]float64{true: 1}[t.Crisis],
			})
			for _, w := range g {
				if last[w] != n+1 {
					last[w] = n + 1
					in[w]++
				}
			}
		}
	}
	for w, n := range in {
		if n >= stories {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	for t, g := range texts {
		for _, w := range g {
			if i, ok := slices.BinarySearch(words, w); ok {
				examples[t].words = append(examples[t].words, i)
			}
		}
	}
	return words, examples
}
