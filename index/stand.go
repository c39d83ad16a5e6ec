package index

import (
	"context"
	"fmt"
	"strings"

	"diembao/internal/vi"
)

// stands gives a query part as the documents can answer it: values of a field
// that stands for another become values of that one, and names become all the
// ways in which the archive writes them.
func (s *seeker) stands(ctx context.Context, n node) (node, error) {
	switch n := n.(type) {
	case filter:
		return s.standsFilter(ctx, n)
	case not:
		part, err := s.stands(ctx, n.part)
		return not{part}, err
	case and:
		parts, err := s.standAll(ctx, n.parts)
		return and{parts}, err
	case or:
		parts, err := s.standAll(ctx, n.parts)
		return or{parts}, err
	}
	return n, nil
}

func (s *seeker) standAll(ctx context.Context, parts []node) ([]node, error) {
	out := make([]node, len(parts))
	var err error
	for i, n := range parts {
		if out[i], err = s.stands(ctx, n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *seeker) standsFilter(ctx context.Context, n filter) (node, error) {
	var err error
	switch {
	case n.field.Of != "":
		if s.idx.opts.Means == nil {
			return nil, fmt.Errorf("nobody tells here which %s a %s stands for", n.field.Of, n.field.Name)
		}
		values, err := s.idx.opts.Means(ctx, n.field.Name, n.values)
		return filter{s.idx.catalog.field(n.field.Of), values}, err
	case n.field.Names:
		n.values, err = s.view.named(n.field.Name, n.values)
	}
	return n, err
}

// named are the values of a field that hold one of the names, word by word;
// a name without marks is found with any.
func (v *view) named(field string, names []string) (found []string, err error) {
	terms, err := v.terms(keywordPrefix + field)
	if err != nil {
		return nil, err
	}
	for _, t := range terms {
		key := spaced(vi.Key(t))
		for _, name := range names {
			name = spaced(vi.Key(name))
			if strings.Contains(key, name) || !vi.Marked(name) && strings.Contains(vi.Fold(key), name) {
				found = append(found, t)
				break
			}
		}
	}
	return found, nil
}

// spaced is the words of a text with one space around each.
func spaced(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range vi.Tokens(text) {
		b.WriteString(t.Text + " ")
	}
	return b.String()
}
