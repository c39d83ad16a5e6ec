package index

import (
	"context"
	"slices"
	"testing"
)

// copies are two texts, the one printed three times, the other twice.
func copies() []Doc {
	of := func(original string) map[string][]string {
		if original == "" {
			return map[string][]string{"level": {"central"}}
		}
		return map[string][]string{"level": {"local"}, "copy": {original}}
	}
	return []Doc{
		{ID: "a", Title: "Mưa lớn ở huyện Mây", Keywords: of("")},
		{ID: "a1", Title: "Mưa lớn ở huyện Mây", Keywords: of("a")},
		{ID: "a2", Title: "Huyện Mây mưa lớn", Keywords: of("a")},
		{ID: "b", Title: "Nắng gắt ở huyện Gió", Keywords: of("")},
		{ID: "b1", Title: "Nắng sau mưa ở huyện Gió", Keywords: of("b")},
		{ID: "c", Title: "Mưa nhỏ ở huyện Nắng", Keywords: of("")},
	}
}

func TestFoldShowsOneOfEachOriginal(t *testing.T) {
	s := newShelf(t, copies()...)
	r := s.search(t, Query{Text: "mưa huyện", Fold: true, Facets: []string{"level"}})
	got := ids(r)
	slices.Sort(got)
	if r.Total != 5 || r.Originals != 3 || !slices.Equal(got, []string{"a", "b1", "c"}) {
		t.Errorf("%d publications, %d originals, %v", r.Total, r.Originals, got)
	}
	for _, h := range r.Hits {
		slices.Sort(h.Copies)
		want := map[string][]string{"a": {"a1", "a2"}}[h.ID]
		if !slices.Equal(h.Copies, want) {
			t.Errorf("behind %s stand %v, want %v", h.ID, h.Copies, want)
		}
	}
	if n := r.Facets["level"]; len(n) != 2 || n[0] != (Count{"central", 2}) {
		t.Errorf("originals by level: %v", n)
	}
	if r := s.search(t, Query{Text: "mưa huyện level:local", Fold: true}); r.Total != 3 || r.Originals != 2 {
		t.Errorf("of copies alone: %d publications, %d originals", r.Total, r.Originals)
	}
	if r := s.search(t, Query{Text: "mưa huyện"}); len(r.Hits) != 5 || r.Originals != 0 {
		t.Errorf("unfolded: %v", ids(r))
	}
}

func TestSimilarLeavesOutTheSame(t *testing.T) {
	docs := copies()
	for i := range docs {
		docs[i].Body = map[byte]string{
			'a': "Trạm bơm thôn Đông hỏng máy, lúa vụ hè thu ngập trắng, xã cử đội cứu lúa.",
			'b': "Quán nước bên đường mở đến khuya.",
			'c': "Xã cử đội cứu lúa; trạm bơm thôn Đông chạy lại, lúa vụ hè thu hồi dần.",
		}[docs[i].ID[0]]
	}
	s := newShelf(t, docs...)
	hits, err := s.Similar(context.Background(), "a1", 5)
	if err != nil || len(hits) == 0 || hits[0].ID != "c" {
		t.Fatalf("%v %v", hits, err)
	}
	for _, h := range hits {
		if h.ID[0] == 'a' {
			t.Errorf("the same text was given: %s", h.ID)
		}
	}
	if hits, err := s.Similar(context.Background(), "never was", 5); err != nil || len(hits) != 0 {
		t.Errorf("for no document: %v %v", hits, err)
	}
}

func TestSuggestions(t *testing.T) {
	docs := []Doc{{ID: "bao", Title: "Bão số 3 vào huyện Mây"}}
	for i := range 12 {
		docs = append(docs, Doc{ID: string(rune('a' + i)), Title: "Thẻ bảo hiểm y tế mới ở huyện Mây", Body: "Học sinh nhận thẻ bảo hiểm y tế."})
	}
	for i := range 200 {
		docs = append(docs, Doc{ID: "x" + string(rune('a'+i)), Title: "Quỹ bảo hiểm thất nghiệp"})
	}
	s := newShelf(t, docs...)
	for text, want := range map[string]string{
		"the bao hiem y te":         "thẻ bảo hiểm y tế",
		"thẻ bảo hiểm":              "",
		"bao hiem tat nghiep":       "bảo hiểm thất nghiệp",
		"bảo hiểm thât nghịep":      "bảo hiểm thất nghiệp",
		"bảo hiểm thất ngiệp":       "bảo hiểm thất nghiệp",
		`"bao hiem"`:                "",
		"thap cam level:local":      "",
		"bao hiem y te level:local": "bảo hiểm y tế level:local",
	} {
		if got := s.search(t, Query{Text: text}).Suggest; got != want {
			t.Errorf("%s: suggests %q, want %q", text, got, want)
		}
	}
}

func TestHighlightsOfOtherWords(t *testing.T) {
	s := newShelf(t, Doc{ID: "a", Title: "Bảo hiểm xã hội huyện Mây", Body: "Hội chợ xã đông vui. BHXH huyện mời dân."})
	h := s.search(t, Query{Text: "BHXH", Highlight: true}).Hits[0]
	if len(h.Title.Marks) != 1 || h.Title.Text[h.Title.Marks[0].Start:h.Title.Marks[0].End] != "Bảo hiểm xã hội" {
		t.Errorf("marked %v in %q", h.Title.Marks, h.Title.Text)
	}
}
