package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/internal/vi"
)

// A word is taken for a slip if the archive has it beside its neighbours at
// most rarely times, and one a letter away (two in a long word) at least
// farMore times as often.
const (
	rarely  = 3
	farMore = 50
)

// sampleTexts is how many texts are read to see how unmarked words are written.
const sampleTexts = 12

// suggest says how the query was probably meant, from the archive's own
// words: slips are mended by which neighbours are found together, and marks
// restored as the best texts for the query have them.
func (s *seeker) suggest(ctx context.Context) error {
	if s.q.AnyWord || s.q.Limit == 0 || s.q.Offset > 0 || s.q.After != "" {
		return nil
	}
	var runs [][]word
	plainRuns(s.p.root, &runs)
	text, at, changed := vi.NFC(s.q.Text), 0, false
	for _, run := range runs {
		better, err := s.better(ctx, run)
		if err != nil {
			return fmt.Errorf("look for a better query: %w", err)
		}
		for i, w := range run {
			found := strings.Index(text[at:], w.text)
			if found < 0 {
				return nil // cut in another way than typed, as TP HCM
			}
			at += found
			if better[i] != w.key {
				text, changed = text[:at]+better[i]+text[at+len(w.text):], true
				at += len(better[i])
			} else {
				at += len(w.text)
			}
		}
	}
	if _, words := s.p.root.(words); words {
		if dated, ok := dated(text, s.q.Now); ok {
			text, changed = dated, true
		}
	}
	if changed {
		s.result.Suggest = text
	}
	return nil
}

// dated takes the last words of a query for a span of days where they can be
// one. It is asked, not done: headlines, too, say "hôm nay".
func dated(text string, now time.Time) (string, bool) {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return "", false
	}
	before, last := fields[:len(fields)-2], strings.Join(fields[len(fields)-2:], " ")
	if _, _, ok := spoken(vi.Fold(vi.Key(last)), now); !ok || vi.Marked(last) != vi.Marked(text) {
		return "", false
	}
	return strings.Join(append(before, `date:"`+last+`"`), " "), true
}

// plainRuns collects the words outside quotes that documents are wanted for.
func plainRuns(n node, out *[][]word) {
	switch n := n.(type) {
	case words:
		*out = append(*out, n.list)
	case and:
		for _, p := range n.parts {
			plainRuns(p, out)
		}
	case or:
		for _, p := range n.parts {
			plainRuns(p, out)
		}
	}
}

// better gives each word of a run as it was probably meant, in Key form.
func (s *seeker) better(ctx context.Context, run []word) ([]string, error) {
	folded, err := s.mend(run)
	if err != nil {
		return nil, err
	}
	out, doubtful := make([]string, len(run)), make([]bool, len(run))
	any := false
	for i, w := range run {
		out[i] = w.key
		if folded[i] != w.folded {
			out[i], doubtful[i] = folded[i], true
		} else if doubtful[i], err = s.unwritten(w); err != nil {
			return nil, err
		}
		any = any || doubtful[i]
	}
	if !any || s.idx.opts.Text == nil {
		return out, nil
	}
	written, err := s.written(ctx, folded)
	if err != nil {
		return nil, err
	}
	for i, form := range written {
		if form != "" && doubtful[i] {
			out[i] = form
		}
	}
	return out, nil
}

// unwritten reports whether a word wants its marks looked up: it has none in
// a query that has none, or the archive never writes it with those it has.
func (s *seeker) unwritten(w word) (bool, error) {
	if !s.marked {
		return true, nil
	}
	n, err := s.view.frequency(fieldWords, w.key)
	return n == 0, err
}

// mend finds slips of the finger and the words that were meant.
func (s *seeker) mend(run []word) (folded []string, err error) {
	folded = make([]string, len(run))
	for i, w := range run {
		folded[i] = w.folded
	}
	for i := range run {
		has, err := s.backed(folded, i, folded[i])
		if err != nil {
			return nil, err
		}
		if has > rarely || !letters(folded[i]) || len(s.others.of(run[i:i+1], s.marked)) > 0 {
			continue
		}
		word, err := s.nearest(folded, i, max(has, 1)*farMore)
		if err != nil {
			return nil, err
		}
		if word == "" && has == 0 && len(run) == 1 {
			word, err = s.nearest(folded, i, rarely)
			if err != nil {
				return nil, err
			}
		}
		if word != "" {
			folded[i] = word
		}
	}
	return folded, nil
}

// longestSlip bounds the words looked at: a syllable has seven letters, names a few more.
const longestSlip = 12

func letters(w string) bool {
	return len(w) > 1 && len(w) <= longestSlip && strings.IndexFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// backed counts the documents that have a word at place i beside one of the
// neighbours it has in the query; alone, the documents that have it.
func (s *seeker) backed(folded []string, i int, w string) (int, error) {
	if len(folded) == 1 {
		return s.view.frequency(fieldFolded, w)
	}
	best := 0
	for _, pair := range pairsAt(folded, i, w) {
		n, err := s.view.frequency(fieldPairs, pair)
		if err != nil {
			return 0, err
		}
		best = max(best, n)
	}
	return best, nil
}

func pairsAt(folded []string, i int, w string) (out []string) {
	if i > 0 {
		out = append(out, folded[i-1]+" "+w)
	}
	if i+1 < len(folded) {
		out = append(out, w+" "+folded[i+1])
	}
	return out
}

// nearest is the word a letter or two away that is backed best, by at least least.
func (s *seeker) nearest(folded []string, i, least int) (string, error) {
	distance := 1
	if len(folded[i]) > 6 {
		distance = 2
	}
	terms, err := s.view.near(fieldFolded, folded[i], distance, "")
	if err != nil {
		return "", err
	}
	word, most := "", least-1
	for _, t := range terms {
		if t == folded[i] {
			continue
		}
		has, err := s.backed(folded, i, t)
		if err != nil {
			return "", err
		}
		if has > most {
			word, most = t, has
		}
	}
	return word, nil
}

// written tells how the best texts for some unmarked words write them; ""
// for a word none of them has.
func (s *seeker) written(ctx context.Context, folded []string) ([]string, error) {
	texts, err := s.sample(ctx, folded)
	if err != nil {
		return nil, err
	}
	forms := spellings{alone: map[string]map[string]int{}, beside: map[[2]string]int{}}
	want := map[string]bool{}
	for _, w := range folded {
		want[w] = true
	}
	for _, t := range texts {
		for _, part := range []string{t.Title, t.Lead, t.Body} {
			forms.read(part, want)
		}
	}
	return forms.best(folded), nil
}

// sample reads the texts that have the most of the words, and the latest of those.
func (s *seeker) sample(ctx context.Context, folded []string) (map[string]Texts, error) {
	var list []word
	for _, w := range folded {
		list = append(list, word{w, w, w})
	}
	plain := matcher{view: s.view, others: s.others}
	docs, err := plain.all(ctx, append(slices.Clip(s.limits), words{list: list, plain: true}))
	if err != nil || docs.empty() {
		return nil, err
	}
	by, err := s.view.scorer(plain.rankTerms(words{list: list}), time.Time{})
	if err != nil {
		return nil, err
	}
	worth, err := by.promises(docs)
	if err != nil {
		return nil, err
	}
	var ids []string
	for n := range worth.best(sampleTexts, docs).all {
		id, err := s.view.name(n)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return s.idx.opts.Text(ctx, ids)
}

// spellings counts how words are written, alone and beside each other.
type spellings struct {
	alone  map[string]map[string]int // folded → as written
	beside map[[2]string]int
}

func (f *spellings) read(text string, want map[string]bool) {
	before := ""
	for _, t := range vi.Tokens(text) {
		folded := vi.Fold(t.Text)
		if !want[folded] {
			before = ""
			continue
		}
		if f.alone[folded] == nil {
			f.alone[folded] = map[string]int{}
		}
		f.alone[folded][t.Text]++
		if before != "" {
			f.beside[[2]string{before, t.Text}]++
		}
		before = t.Text
	}
}

// best picks the chain of spellings that stand beside each other most often
// (Viterbi); where nothing is beside, how often a word stands alone decides.
func (f *spellings) best(folded []string) []string {
	type step struct {
		score float64
		from  string
	}
	steps := make([]map[string]step, len(folded))
	for i, w := range folded {
		steps[i] = map[string]step{}
		forms := f.alone[w]
		if len(forms) == 0 {
			forms = map[string]int{"": 0}
		}
		for form, n := range forms {
			here := step{score: -1}
			if i == 0 {
				here.score = 0
			} else {
				for before, s := range steps[i-1] {
					score := s.score + float64(f.beside[[2]string{before, form}])
					if score > here.score || score == here.score && before < here.from {
						here = step{score, before}
					}
				}
			}
			here.score += float64(n) / 100
			steps[i][form] = here
		}
	}
	out := make([]string, len(folded))
	for i := len(folded) - 1; i >= 0; i-- {
		if i == len(folded)-1 {
			for form, s := range steps[i] {
				if last, ok := steps[i][out[i]]; !ok || s.score > last.score || s.score == last.score && form < out[i] {
					out[i] = form
				}
			}
		}
		if i > 0 {
			out[i-1] = steps[i][out[i]].from
		}
	}
	return out
}
