package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/internal/vi"
)

// few is how many articles leave a doubt whether a query with marks was typed
// as it was meant.
const few = 10

// suggest says how the query was probably meant, from the archive's own words:
// keys that no input method composed are composed, slips mended by which
// neighbours are found together, and marks restored as the texts have them.
func (s *seeker) suggest(ctx context.Context) error {
	if s.q.AnyWord || s.q.Limit == 0 || s.q.Offset > 0 || s.q.After != "" {
		return nil
	}
	var runs [][]word
	plainRuns(s.p.root, &runs)
	text, at, changed := meant(s.q.Text), 0, false
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
	run, composed, err := s.compose(run)
	if err != nil {
		return nil, err
	}
	folded, err := s.mend(run)
	if err != nil {
		return nil, err
	}
	out, open, doubt := make([]string, len(run)), make([]bool, len(run)), !s.marked
	for i, w := range run {
		out[i] = w.key
		if folded[i] != w.folded {
			out[i], open[i] = folded[i], true
		} else if s.marked && !composed[i] {
			n, err := s.view.frequency(fieldWords, w.key)
			if err != nil {
				return nil, err
			}
			open[i] = n == 0 // the archive never writes it with these marks
		}
		doubt = doubt || open[i] || composed[i]
	}
	doubt = doubt || s.result.Relaxed || len(run) > 1 && s.docs.count() < few
	if !doubt || s.idx.opts.Text == nil {
		return out, nil
	}
	f, err := s.spellings(ctx, folded)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if !open[i] && !composed[i] {
			open[i] = !vi.Marked(out[i]) || !f.seen(out, i)
		}
	}
	return f.best(folded, out, open), nil
}

// compose reads words whose marks stand behind their letters, where the
// archive has the syllable and not the letters as typed.
func (s *seeker) compose(run []word) (list []word, composed []bool, err error) {
	list, composed = slices.Clone(run), make([]bool, len(run))
	for i, w := range run {
		key, ok := untelex(w.key)
		if !ok {
			continue
		}
		typed, err := s.view.frequency(fieldFolded, w.folded)
		if err != nil {
			return nil, nil, err
		}
		meant, err := s.view.frequency(fieldWords, key)
		if err != nil {
			return nil, nil, err
		}
		if typed <= rarely && meant > typed {
			list[i], composed[i] = word{w.text, key, vi.Fold(key)}, true
		}
	}
	return list, composed, nil
}
