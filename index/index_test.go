package index

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// shelf is a store of texts and the index over them.
type shelf struct {
	*Index
	texts map[string]Texts
}

var testSchema = Schema{
	Version: "1",
	Fields: []Field{
		{Name: "level", Aliases: []string{"cap"}, Label: map[string]string{"vi": "cấp", "en": "level"}, Values: []Value{
			{Name: "local", Aliases: []string{"địa phương"}, Label: map[string]string{"vi": "báo địa phương", "en": "local press"}},
			{Name: "central", Aliases: []string{"trung ương"}, Label: map[string]string{"vi": "báo trung ương", "en": "central press"}},
		}},
		{Name: "province", Aliases: []string{"tinh"}, Label: map[string]string{"vi": "tỉnh", "en": "province"}},
		{Name: "topic"},
		{Name: "relevant"},
		{Name: "copy"},
	},
	Copy:     "copy",
	Synonyms: [][]string{{"BHXH", "bảo hiểm xã hội"}, {"BHYT", "bảo hiểm y tế"}},
	Renames: []Rename{
		{Old: "Sở Mây Trời", New: "Sở Khí Tượng", On: time.Date(2026, 7, 1, 0, 0, 0, 0, home), Both: true},
		{Old: "tỉnh Gió", New: "tỉnh Mây", On: time.Date(2026, 7, 1, 0, 0, 0, 0, home)},
	},
	Default: []Filter{{Field: "relevant", Values: []string{"no"}, Not: true}},
}

var testNow = time.Date(2026, 7, 9, 10, 0, 0, 0, home)

func newShelf(t testing.TB, docs ...Doc) *shelf {
	t.Helper()
	s := &shelf{texts: map[string]Texts{}}
	var err error
	s.Index, err = Create(filepath.Join(t.TempDir(), "index"), testSchema, Options{Text: s.read, OnError: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
	s.put(t, docs...)
	return s
}

func (s *shelf) put(t testing.TB, docs ...Doc) {
	t.Helper()
	for _, d := range docs {
		s.texts[d.ID] = Texts{d.Title, d.Lead, d.Body}
	}
	if err := s.Put(context.Background(), docs); err != nil {
		t.Fatal(err)
	}
}

func (s *shelf) read(_ context.Context, ids []string) (map[string]Texts, error) {
	out := map[string]Texts{}
	for _, id := range ids {
		if t, ok := s.texts[id]; ok {
			out[id] = t
		}
	}
	return out, nil
}

func (s *shelf) search(t testing.TB, q Query) *Result {
	t.Helper()
	if q.Now.IsZero() {
		q.Now = testNow
	}
	if q.Limit == 0 {
		q.Limit = 10
	}
	r, err := s.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("search %q: %v", q.Text, err)
	}
	return r
}

func ids(r *Result) []string {
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.ID)
	}
	return out
}
