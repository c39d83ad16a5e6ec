package index

import (
	"context"
	"slices"
	"time"

	"diembao/internal/vi"
)

// How many texts are read to see how unmarked words are written: the best for
// all of them, and more for neighbours that those have not clearEnough times.
const (
	sampleTexts = 12
	morePairs   = 5
	moreTexts   = 6
	clearEnough = 3
)

// kept is what marks that were typed are worth, in neighbours seen.
const kept = 1.5

// spellings counts how words are written, alone and beside each other.
type spellings struct {
	want   map[string]bool           // folded
	alone  map[string]map[string]int // folded → as written
	beside map[[2]string]int
	joined map[string]int  // beside, by folded pair
	known  map[string]bool // texts that were read
}

// spellings reads how the archive writes some unmarked words.
func (s *seeker) spellings(ctx context.Context, folded []string) (*spellings, error) {
	f := &spellings{want: map[string]bool{}, alone: map[string]map[string]int{}, beside: map[[2]string]int{}, joined: map[string]int{}, known: map[string]bool{}}
	for _, w := range folded {
		f.want[w] = true
	}
	best, err := s.sample(ctx, folded)
	if err == nil {
		err = s.readInto(ctx, f, best)
	}
	if err != nil {
		return nil, err
	}
	if len(folded) == 1 && len(f.alone) == 0 {
		return f, s.readMore(ctx, f, fieldFolded, folded[0])
	}
	for i, more := 1, 0; i < len(folded) && more < morePairs; i++ {
		pair := folded[i-1] + " " + folded[i]
		if f.joined[pair] >= clearEnough {
			continue
		}
		more++
		if err := s.readMore(ctx, f, fieldPairs, pair); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// readMore reads the last texts that have a term, shown by default or not.
func (s *seeker) readMore(ctx context.Context, f *spellings, field, term string) error {
	docs, err := s.view.having(field, term)
	if err != nil {
		return err
	}
	return s.readInto(ctx, f, docs.last(moreTexts))
}

// readInto reads the texts of documents that were not read yet.
func (s *seeker) readInto(ctx context.Context, f *spellings, docs set) error {
	var ids []string
	for n := range docs.all {
		id, err := s.view.name(n)
		if err != nil {
			return err
		}
		if !f.known[id] {
			f.known[id] = true
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	texts, err := s.idx.opts.Text(ctx, ids)
	if err != nil {
		return err
	}
	for _, t := range texts {
		for _, part := range []string{t.Title, t.Lead, t.Body} {
			f.read(part)
		}
	}
	return nil
}

// sample is the documents that have the most of the words; the first hits,
// where they were found as typed.
func (s *seeker) sample(ctx context.Context, folded []string) (set, error) {
	list := make([]word, len(folded))
	for i, w := range folded {
		list[i] = word{w, w, w}
	}
	plain := matcher{view: s.view, others: s.others}
	docs, err := plain.all(ctx, append(slices.Clip(s.limits), words{list: list, plain: true}))
	if err != nil || docs.empty() {
		return docs, err
	}
	by, err := s.view.scorer(plain.rankTerms(words{list: list}), time.Time{})
	if err != nil {
		return nil, err
	}
	worth, err := by.promises(docs)
	if err != nil {
		return nil, err
	}
	return worth.best(sampleTexts, docs), nil
}

func (f *spellings) read(text string) {
	before, beforeFolded := "", ""
	for _, t := range vi.Tokens(text) {
		folded := vi.Fold(t.Text)
		if !f.want[folded] {
			before = ""
			continue
		}
		if f.alone[folded] == nil {
			f.alone[folded] = map[string]int{}
		}
		f.alone[folded][t.Text]++
		if before != "" {
			f.beside[[2]string{before, t.Text}]++
			f.joined[beforeFolded+" "+folded]++
		}
		before, beforeFolded = t.Text, folded
	}
}

// seen reports whether the archive writes word i as it is beside a neighbour
// as that is.
func (f *spellings) seen(list []string, i int) bool {
	return i > 0 && f.beside[[2]string{list[i-1], list[i]}] > 0 ||
		i+1 < len(list) && f.beside[[2]string{list[i], list[i+1]}] > 0
}

// best picks the chain of spellings that stand beside each other most often
// (Viterbi); where nothing is beside, how often a word stands alone decides.
// Words that are not open stay as they are, and so do those never seen.
func (f *spellings) best(folded, as []string, open []bool) []string {
	type step struct {
		score float64
		from  string
	}
	steps := make([]map[string]step, len(folded))
	for i, w := range folded {
		steps[i] = map[string]step{}
		forms := f.alone[w]
		if !open[i] || len(forms) == 0 {
			forms = map[string]int{as[i]: 0}
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
			if form == as[i] && vi.Marked(form) {
				here.score += kept
			}
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
