package index_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"diembao/index"
)

// articles stands for the place where the texts are kept: the index does not
// keep them.
var articles = map[string]index.Texts{
	"1": {Title: "Huyện Mây phát thẻ bảo hiểm y tế cho học sinh", Lead: "Trường Hoa Mơ nhận 320 thẻ.", Body: "Phụ huynh đóng 1.263.600 đồng một năm."},
	"2": {Title: "BHYT chi trả thuốc mới", Lead: "Bệnh viện huyện Gió nhận thuốc.", Body: "Người bệnh không phải mua ngoài."},
	"3": {Title: "Bão số 3 vào huyện Mây", Lead: "Trạm y tế mất điện.", Body: "Dân sơ tán trong đêm."},
}

var schema = index.Schema{
	Version: "1",
	Fields: []index.Field{{Name: "level", Aliases: []string{"cap"}, Values: []index.Value{
		{Name: "local", Aliases: []string{"địa phương"}, Label: map[string]string{"vi": "báo địa phương"}},
	}}, {Name: "copy"}},
	Synonyms: [][]string{{"BHYT", "bảo hiểm y tế"}},
	Copy:     "copy",
}

func texts(_ context.Context, ids []string) (map[string]index.Texts, error) {
	out := map[string]index.Texts{}
	for _, id := range ids {
		if t, ok := articles[id]; ok {
			out[id] = t
		}
	}
	return out, nil
}

// open makes an index of the articles in a directory of its own.
func open() (*index.Index, func()) {
	dir, err := os.MkdirTemp("", "index-example-")
	if err != nil {
		log.Fatal(err)
	}
	idx, err := index.Open(dir, schema, index.Options{Text: texts})
	if errors.Is(err, index.ErrRebuild) { // the first time, or after damage
		idx, err = index.Create(dir, schema, index.Options{Text: texts})
	}
	if err != nil {
		log.Fatal(err)
	}
	var docs []index.Doc
	for i, id := range []string{"1", "2", "3"} {
		t := articles[id]
		docs = append(docs, index.Doc{ID: id, Title: t.Title, Lead: t.Lead, Body: t.Body,
			Time: time.Date(2026, 7, i+1, 8, 0, 0, 0, time.UTC), Keywords: map[string][]string{"level": {"local"}}})
	}
	if err := idx.Apply(context.Background(), index.Batch{Put: docs, Marks: map[string]string{"read": "3"}}); err != nil {
		log.Fatal(err)
	}
	return idx, func() {
		if err := errors.Join(idx.Close(), os.RemoveAll(dir)); err != nil {
			log.Fatal(err)
		}
	}
}

func Example() {
	idx, done := open()
	defer done()
	res, err := idx.Search(context.Background(), index.Query{Text: "the bao hiem y te cap:\"địa phương\"", Limit: 10})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.InWords)
	for _, hit := range res.Hits {
		fmt.Println(hit.ID, articles[hit.ID].Title)
	}
	// Output:
	// bài có đủ các từ “the bao hiem y te” (kể cả “BHYT”) và báo địa phương (không phân biệt dấu)
	// 1 Huyện Mây phát thẻ bảo hiểm y tế cho học sinh
}

func ExampleIndex_Search_highlight() {
	idx, done := open()
	defer done()
	res, err := idx.Search(context.Background(), index.Query{Text: "BHYT huyện", Limit: 10, Highlight: true, Sort: index.Newest})
	if err != nil {
		log.Fatal(err)
	}
	for _, hit := range res.Hits {
		for _, m := range hit.Title.Marks {
			fmt.Printf("%s: %s\n", hit.ID, hit.Title.Text[m.Start:m.End])
		}
	}
	// Output:
	// 2: BHYT
	// 1: Huyện
	// 1: bảo hiểm y tế
}

func ExampleIndex_Search_facets() {
	idx, done := open()
	defer done()
	res, err := idx.Search(context.Background(), index.Query{Text: "huyện", Facets: []string{"level", index.FacetDay}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Total, res.Facets["level"], res.Facets[index.FacetDay])
	// Output: 3 [{local 3}] [{2026-07-01 1} {2026-07-02 1} {2026-07-03 1}]
}

func ExampleSyntaxError() {
	idx, done := open()
	defer done()
	_, err := idx.Search(context.Background(), index.Query{Text: `thẻ "bảo hiểm`})
	var wrong *index.SyntaxError
	if errors.As(err, &wrong) {
		fmt.Println(wrong.In("vi"))
		fmt.Println(wrong.In("en"))
	}
	// Output:
	// thiếu dấu ngoặc kép đóng cho dấu mở ở cột 5
	// no closing quote for the one at column 5
}

func ExampleIndex_Rebuild() {
	idx, done := open()
	defer done()
	err := idx.Rebuild(context.Background(), func(put func(index.Batch) error) error {
		return put(index.Batch{Put: []index.Doc{{ID: "1", Title: articles["1"].Title}}, Marks: map[string]string{"read": "1"}})
	})
	if err != nil {
		log.Fatal(err)
	}
	n, err := idx.Count()
	fmt.Println(n, err)
	// Output: 1 <nil>
}

func ExampleIndex_Similar() {
	idx, done := open()
	defer done()
	hits, err := idx.Similar(context.Background(), "1", 5)
	if err != nil {
		log.Fatal(err)
	}
	for _, hit := range hits {
		fmt.Println(articles[hit.ID].Title)
	}
	// Output: Bão số 3 vào huyện Mây
}

// A second process searches beside the one that keeps the index.
func ExampleOpenReadOnly() {
	idx, done := open()
	defer done()
	dir, err := os.MkdirTemp("", "index-copy-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := idx.Snapshot(dir); err != nil {
		log.Fatal(err)
	}
	reader, err := index.OpenReadOnly(dir, schema, index.Options{Text: texts})
	if err != nil {
		log.Fatal(err)
	}
	res, err := reader.Search(context.Background(), index.Query{Text: "bão", Limit: 10})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Total, res.Hits[0].ID, errors.Is(reader.Delete(context.Background(), []string{"3"}), index.ErrReadOnly))
	fmt.Println(reader.Close())
	// Output:
	// 1 3 true
	// <nil>
}

// Counts of an archive by month, without any hit.
func ExampleQuery() {
	idx, done := open()
	defer done()
	res, err := idx.Search(context.Background(), index.Query{
		Text:   `"huyện Mây" NOT bão`,
		From:   time.Date(2026, 7, 1, 0, 0, 0, 0, time.FixedZone("+07:00", 7*3600)),
		Facets: []string{index.FacetMonth},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Total, res.Facets[index.FacetMonth])
	// Output: 1 [{2026-07 1}]
}
