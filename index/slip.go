package index

import (
	"math"
	"strings"

	"diembao/internal/vi"
)

// A word is taken for a slip if the archive has it beside its neighbours at
// most rarely times, and one a letter away (two in a long word) at least
// farMore times as often.
const (
	rarely  = 3
	farMore = 50
)

// bothSides is how much more the neighbour that backs a word less counts than
// the one that backs it more: "tốt" stands beside "nghiệp" everywhere, but
// beside "hiểm" nowhere.
const bothSides = 20

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
		if right, err := s.written(run[i]); err != nil {
			return nil, err
		} else if right {
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

// written reports whether the archive writes a word with the marks it was
// typed with.
func (s *seeker) written(w word) (bool, error) {
	if !vi.Marked(w.key) {
		return false, nil
	}
	n, err := s.view.frequency(fieldWords, w.key)
	return n > rarely, err
}

// longestSlip bounds the words looked at: a syllable has seven letters, names a few more.
const longestSlip = 12

func letters(w string) bool {
	return len(w) > 1 && len(w) <= longestSlip && strings.IndexFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// backed counts the documents that have a word at place i beside one of the
// neighbours it has in the query; alone, the documents that have it.
func (s *seeker) backed(folded []string, i int, w string) (int, error) {
	has, _, err := s.support(folded, i, w)
	return has, err
}

// support counts those beside the neighbour that backs the word most, and
// those beside the other one; at an end there is none.
func (s *seeker) support(folded []string, i int, w string) (most, least int, err error) {
	if len(folded) == 1 {
		most, err = s.view.frequency(fieldFolded, w)
		return most, 0, err
	}
	pairs := pairsAt(folded, i, w)
	least = math.MaxInt
	for _, pair := range pairs {
		n, err := s.view.frequency(fieldPairs, pair)
		if err != nil {
			return 0, 0, err
		}
		most, least = max(most, n), min(least, n)
	}
	if len(pairs) == 1 {
		least = 0
	}
	return most, least, nil
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
		has, less, err := s.support(folded, i, t)
		if err != nil {
			return "", err
		}
		if sure := has + less*bothSides; sure > most {
			word, most = t, sure
		}
	}
	return word, nil
}
