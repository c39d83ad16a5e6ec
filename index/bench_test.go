package index

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// syllables of invented words for the made archive, drawn by Zipf's law.
var syllables = func() (list []string) {
	for _, onset := range strings.Fields("b ch d đ g h kh l m n ng nh ph qu s t th tr v x") {
		for _, rhyme := range strings.Fields("a ả ã á ạ an án anh ao áo ăm ân ấn ê ế em iên iến inh o ó oan oán ô ông ống ơ ờ ơi u ú uân ương ường ưu y ý") {
			list = append(list, onset+rhyme)
		}
	}
	return list
}()

// archive makes n documents of natural size: a title of a dozen words and a
// body of about length words.
func archive(n, length int) []Doc {
	r := rand.New(rand.NewPCG(7, 11))
	zipf := rand.NewZipf(r, 1.2, 8, uint64(len(syllables)-1))
	sentence := func(words int) string {
		var b strings.Builder
		for range words {
			b.WriteString(syllables[zipf.Uint64()] + " ")
		}
		return b.String()
	}
	docs := make([]Doc, n)
	for i := range docs {
		docs[i] = Doc{
			ID: fmt.Sprintf("https://bao-%d.example/%d", i%9, i), Title: sentence(12), Lead: sentence(30), Body: sentence(length),
			Keywords: map[string][]string{"level": {[]string{"local", "central"}[i%2]}, "province": {fmt.Sprint("p", i%34)}, "topic": {fmt.Sprint("t", i%18)}},
			Time:     testNow.Add(-time.Duration(i) * time.Hour / 4),
		}
	}
	return docs
}

func BenchmarkPutLeads(b *testing.B)    { benchmarkPut(b, 0) }
func BenchmarkPutArticles(b *testing.B) { benchmarkPut(b, 550) }

func benchmarkPut(b *testing.B, words int) {
	docs := archive(1000, words)
	s := newShelf(b)
	b.ResetTimer()
	for i := 0; i < b.N; i += len(docs) {
		batch := slices.Clone(docs[:min(len(docs), b.N-i)])
		for j := range batch {
			batch[j].ID = fmt.Sprint(i + j)
		}
		if err := s.Put(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	s := newShelf(b, archive(20_000, 60)...)
	for _, bench := range []struct {
		name string
		q    Query
	}{
		{"term", Query{Text: "khường"}},
		{"and", Query{Text: "khường AND thưu"}},
		{"words", Query{Text: "bả bã bá bạ ban bán"}},
		{"unmarked", Query{Text: "ba ban banh bao bam ban"}},
		{"phrase", Query{Text: `"bả bã"`}},
		{"or8", Query{Text: "bả OR bã OR bá OR bạ OR ban OR bán OR banh OR bao"}},
		{"prefix", Query{Text: "kh*"}},
		{"newest", Query{Text: "level:local", Sort: Newest}},
		{"facets", Query{Text: "bả bã from:90d", Facets: []string{"level", "province", "topic", FacetMonth}, Highlight: true}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			bench.q.Limit, bench.q.Now = 20, testNow
			for b.Loop() {
				if _, err := s.Search(context.Background(), bench.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The whole real stream: what it costs to index it and to ask it.
func TestStreamIsFast(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "data", "stream")
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl.gz"))
	if err != nil || len(files) == 0 {
		t.Skip("the shared stream is not here: ", dir)
	}
	s := newShelf(t)
	n, spent := 0, time.Duration(0)
	for _, file := range files {
		docs := readStream(t, file)
		for batch := range slices.Chunk(docs, 500) {
			for _, d := range batch {
				s.texts[d.ID] = Texts{Title: d.Title, Lead: d.Lead}
			}
			started := time.Now()
			if err := s.Put(context.Background(), batch); err != nil {
				t.Fatal(err)
			}
			spent += time.Since(started)
		}
		n += len(docs)
	}
	t.Logf("%d items in %v: %.0f/s", n, spent, float64(n)/spent.Seconds())
	for _, text := range []string{"bảo hiểm y tế học sinh", "bao hiem y te hoc sinh", "level:local topic:t2", `"bảo hiểm y tế"`, `"bảo hiểm xã hội" -phim`} {
		var took []time.Duration
		var total int
		for range 40 {
			r := s.search(t, Query{Text: text, Limit: 20, Highlight: true, Facets: []string{"level", "topic", "province", FacetMonth}})
			took, total = append(took, r.Took), r.Total
		}
		slices.Sort(took)
		t.Logf("%-28s %6d hits, p50 %v p95 %v", text, total, took[20], took[37])
		if took[37] > time.Second { // the goal is 50 ms on a quiet machine, told above
			t.Errorf("%s: p95 %v", text, took[37])
		}
	}
}

func readStream(t *testing.T, path string) (docs []Doc) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var item struct{ Title, Link, Summary, Fetched string }
		if err := json.Unmarshal(lines.Bytes(), &item); err != nil {
			t.Fatal(err)
		}
		at, _ := time.Parse(time.RFC3339, item.Fetched) // a few have none: then the zero time is right
		i := len(docs)
		docs = append(docs, Doc{ID: item.Link, Title: item.Title, Lead: item.Summary, Time: at,
			Keywords: map[string][]string{"level": {[]string{"local", "central"}[i%2]}, "province": {fmt.Sprint("p", i%34)}, "topic": {fmt.Sprint("t", i%18)}}})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return docs
}
