package eval

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"diembao/index"
	"diembao/internal/vi"
)

// SearchFigures are the figures of `eval search`. Gains are the judgements of
// the qrels file, discounts log2(rank+1), as in the BEIR benchmark.
type SearchFigures struct {
	Docs              int     `json:"docs"`
	Queries           int     `json:"queries"` // those with a judgement
	NDCG10            float64 `json:"ndcg10"`
	Recall100         float64 `json:"recall100"`
	NDCG10Unmarked    float64 `json:"ndcg10_unmarked"`
	Recall100Unmarked float64 `json:"recall100_unmarked"`
	BytesPerTextByte  float64 `json:"index_bytes_per_text_byte"`
	DocsPerSecond     float64 `json:"docs_per_s"`
	P50               float64 `json:"p50_ms"`
	P95               float64 `json:"p95_ms"`
}

// SearchAnswer is the raw answer to one query, as written with --out.
type SearchAnswer struct {
	Query  string   `json:"query"`
	Marked bool     `json:"marked"` // as written; false with all marks removed
	IDs    []string `json:"ids"`    // best first, up to 100
}

// SearchOptions are how to run Search.
type SearchOptions struct {
	Out      io.Writer                         // raw answers as JSON Lines; nil for none
	Progress func(stage string, done, all int) // nil for none; all is 0 if not known
	Scratch  string                            // where the index is made for the run; "" for the system's place
}

// hitsWanted is how deep the ranking is looked at.
const hitsWanted = 100

// Search indexes the corpus of a BEIR directory and asks its queries, as
// written and once more with all Vietnamese marks removed, ranked by any word
// through the analysis and scoring that the product searches with.
func Search(ctx context.Context, dir string, opts SearchOptions) (figures SearchFigures, err error) {
	if opts.Progress == nil {
		opts.Progress = func(string, int, int) {}
	}
	queries, err := readJudged(dir)
	if err != nil {
		return figures, err
	}
	scratch, err := os.MkdirTemp(opts.Scratch, "eval-search-")
	if err != nil {
		return figures, fmt.Errorf("make a place for the index: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	idx, err := index.Create(scratch, index.Schema{}, index.Options{})
	if err != nil {
		return figures, err
	}
	closed := false
	defer func() {
		if !closed {
			err = errors.Join(err, idx.Close())
		}
	}()
	started := time.Now()
	textBytes, docs, err := fill(ctx, idx, dir, opts)
	if err != nil {
		return figures, err
	}
	figures.Docs = docs
	figures.DocsPerSecond = math.Round(float64(docs) / time.Since(started).Seconds())
	if err := idx.Compact(ctx); err != nil { // as a rebuild leaves it
		return figures, err
	}
	if err := figures.ask(ctx, idx, queries, opts); err != nil {
		return figures, err
	}
	closed = true
	if err := idx.Close(); err != nil { // everything is on disk only now
		return figures, err
	}
	size, err := bytesOnDisk(scratch)
	if err != nil {
		return figures, err
	}
	figures.BytesPerTextByte = round4(float64(size) / float64(max(1, textBytes)))
	return figures, nil
}

// fill reads the corpus into the index.
func fill(ctx context.Context, idx *index.Index, dir string, opts SearchOptions) (textBytes, docs int, err error) {
	const batch = 1000
	var pending []index.Doc
	flush := func() error {
		err := idx.Put(ctx, pending)
		docs += len(pending)
		pending = pending[:0]
		opts.Progress("index", docs, 0)
		return err
	}
	err = eachLine(filepath.Join(dir, "corpus.jsonl"), func(line []byte) error {
		var d struct {
			ID          string `json:"_id"`
			Title, Text string
		}
		if err := json.Unmarshal(line, &d); err != nil {
			return err
		}
		textBytes += len(d.Title) + len(d.Text)
		if pending = append(pending, index.Doc{ID: d.ID, Title: d.Title, Body: d.Text}); len(pending) == batch {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	return textBytes, docs, err
}

// ask runs every query twice and sums up.
func (f *SearchFigures) ask(ctx context.Context, idx *index.Index, queries []judged, opts SearchOptions) error {
	var took []time.Duration
	var out *json.Encoder
	if opts.Out != nil {
		out = json.NewEncoder(opts.Out)
	}
	for i, q := range queries {
		for _, marked := range []bool{true, false} {
			text := q.Text
			if !marked {
				text = vi.Fold(text)
			}
			res, err := idx.Search(ctx, index.Query{Text: plainWords(text), AnyWord: true, Limit: hitsWanted})
			if err != nil {
				return fmt.Errorf("query %s: %w", q.ID, err)
			}
			took = append(took, res.Took)
			answer := SearchAnswer{Query: q.ID, Marked: marked, IDs: []string{}}
			for _, h := range res.Hits {
				answer.IDs = append(answer.IDs, h.ID)
			}
			if marked {
				f.NDCG10 += ndcg(answer.IDs, q.gains, 10)
				f.Recall100 += recall(answer.IDs, q.gains)
			} else {
				f.NDCG10Unmarked += ndcg(answer.IDs, q.gains, 10)
				f.Recall100Unmarked += recall(answer.IDs, q.gains)
			}
			if out != nil {
				if err := out.Encode(answer); err != nil {
					return fmt.Errorf("write the answers: %w", err)
				}
			}
		}
		opts.Progress("search", i+1, len(queries))
	}
	f.Queries = len(queries)
	for _, sum := range []*float64{&f.NDCG10, &f.Recall100, &f.NDCG10Unmarked, &f.Recall100Unmarked} {
		*sum = round4(*sum / float64(max(1, f.Queries)))
	}
	f.P50, f.P95 = ms(quantile(took, .5)), ms(quantile(took, .95))
	return nil
}

// plainWords keeps the words of a question and nothing that the query
// language would take for an operator.
func plainWords(text string) string {
	var words []string
	for _, t := range vi.Tokens(text) {
		words = append(words, t.Text)
	}
	return strings.Join(words, " ")
}

// judged is a query with what it should find.
type judged struct {
	ID    string             `json:"_id"`
	Text  string             `json:"text"`
	gains map[string]float64 // by document
}

// readJudged reads the queries that have judgements, in their order.
func readJudged(dir string) ([]judged, error) {
	gains, err := readQrels(filepath.Join(dir, "qrels", "test.tsv"))
	if err != nil {
		return nil, err
	}
	var queries []judged
	err = eachLine(filepath.Join(dir, "queries.jsonl"), func(line []byte) error {
		var q judged
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		if q.gains = gains[q.ID]; len(q.gains) > 0 {
			queries = append(queries, q)
		}
		return nil
	})
	if err == nil && len(queries) == 0 {
		err = fmt.Errorf("%s: no query has a judgement", dir)
	}
	return queries, err
}

func readQrels(path string) (map[string]map[string]float64, error) {
	gains := map[string]map[string]float64{}
	first := true
	err := eachLine(path, func(line []byte) error {
		fields := strings.Split(string(line), "\t")
		if first {
			first = false
			if len(fields) == 3 && fields[2] == "score" {
				return nil
			}
		}
		if len(fields) != 3 {
			return fmt.Errorf("want query, document and score, got %d fields", len(fields))
		}
		gain, err := strconv.ParseFloat(fields[2], 64)
		if err != nil {
			return err
		}
		if gain > 0 {
			if gains[fields[0]] == nil {
				gains[fields[0]] = map[string]float64{}
			}
			gains[fields[0]][fields[1]] = gain
		}
		return nil
	})
	return gains, err
}

// eachLine reads path, or path.gz if that is what there is, line by line.
func eachLine(path string, f func([]byte) error) (err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if packed, second := os.Open(path + ".gz"); second == nil {
			file, err = packed, nil
		}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var in io.Reader = file
	if strings.HasSuffix(file.Name(), ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			return fmt.Errorf("%s: %w", file.Name(), err)
		}
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		line := lines.Bytes()
		if len(strings.TrimSpace(string(line))) == 0 {
			continue
		}
		if err := f(line); err != nil {
			return fmt.Errorf("%s, line %d: %w", file.Name(), n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", file.Name(), err)
	}
	return nil
}

// ndcg is the discounted gain of the first depth documents over that of the
// best order possible.
func ndcg(ids []string, gains map[string]float64, depth int) float64 {
	best := make([]float64, 0, len(gains))
	for _, g := range gains {
		best = append(best, g)
	}
	slices.SortFunc(best, func(a, b float64) int { return cmp.Compare(b, a) })
	var got, most float64
	for i := range depth {
		discount := 1 / math.Log2(float64(i)+2)
		if i < len(ids) {
			got += gains[ids[i]] * discount
		}
		if i < len(best) {
			most += best[i] * discount
		}
	}
	return got / most
}

// recall is the share of the wanted documents among ids.
func recall(ids []string, gains map[string]float64) float64 {
	found := 0
	for _, id := range ids {
		if gains[id] > 0 {
			found++
		}
	}
	return float64(found) / float64(len(gains))
}

func bytesOnDisk(dir string) (size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		size += info.Size()
		return nil
	})
	return size, err
}
