package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSearchesAreSaved(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s, err := Open(ctx, o)
		must(t, err)
		defer func() { must(t, s.Close()) }()
		first := Search{Name: "Lương hưu", Owner: "Lan", Query: "q=l%C6%B0%C6%A1ng", Shared: true, Made: day0}
		must(t, s.Do(ctx, func(tx *Tx) error { return tx.PutSearch(ctx, &first) }))
		again := Search{Name: "Lương hưu", Owner: "Lan", Query: "q=khác", Made: day0}
		if err := s.Do(ctx, func(tx *Tx) error { return tx.PutSearch(ctx, &again) }); !errors.Is(err, ErrTaken) {
			t.Errorf("the same name twice gave %v", err)
		}
		others := Search{Name: "Lương hưu", Owner: "Minh", Query: "q=x", Made: day0}
		must(t, s.Do(ctx, func(tx *Tx) error { return tx.PutSearch(ctx, &others) }))
		got, err := s.Search(ctx, first.ID)
		must(t, err)
		if d := cmp.Diff(first, got); d != "" {
			t.Error(d)
		}
		all, err := s.Searches(ctx)
		must(t, err)
		if d := cmp.Diff([]Search{first, others}, all); d != "" {
			t.Error(d)
		}
		renamed := Search{ID: first.ID, Name: "Lương hưu mới", Owner: "Lan", Query: "q=m%E1%BB%9Bi", Made: day0}
		must(t, s.Do(ctx, func(tx *Tx) error { return tx.ChangeSearch(ctx, renamed) }))
		got, err = s.Search(ctx, first.ID)
		must(t, err)
		if d := cmp.Diff(renamed, got); d != "" {
			t.Error(d)
		}
		anew := Search{Name: "Lương hưu", Owner: "Lan", Query: "q=y", Made: day0} // the name is free again
		must(t, s.Do(ctx, func(tx *Tx) error { return tx.PutSearch(ctx, &anew) }))
		if anew.ID == first.ID {
			t.Error("two searches have one address")
		}
		anew.Name = renamed.Name
		if err := s.Do(ctx, func(tx *Tx) error { return tx.ChangeSearch(ctx, anew) }); !errors.Is(err, ErrTaken) {
			t.Errorf("a name that is taken was given: %v", err)
		}
		if err := s.Do(ctx, func(tx *Tx) error { return tx.ChangeSearch(ctx, Search{ID: "x", Name: "x"}) }); !errors.Is(err, ErrNotFound) {
			t.Errorf("what is not there was changed: %v", err)
		}
		must(t, s.Do(ctx, func(tx *Tx) error { return tx.RemoveSearch(ctx, first.ID) }))
		if err := s.Do(ctx, func(tx *Tx) error { return tx.RemoveSearch(ctx, first.ID) }); !errors.Is(err, ErrNotFound) {
			t.Errorf("what is gone was removed: %v", err)
		}
	})
}
