package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The questions of a press officer over the real articles, which are not part
// of the project: a BEIR folder is put together where they are present.
func TestRelevance(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "data")
	files, err := filepath.Glob(filepath.Join(shared, "stream", "*.jsonl.gz"))
	if err != nil || len(files) == 0 {
		t.Skip("the shared articles are not here: ", shared)
	}
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	dir := t.TempDir()
	for _, name := range []string{"queries.jsonl", "qrels/test.tsv"} {
		raw, err := os.ReadFile(filepath.Join("testdata", "relevance", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(raw))
	}
	write(t, filepath.Join(dir, "corpus.jsonl"), relevanceCorpus(t, append([]string{filepath.Join(shared, "corpus", "bhxh-bodies.jsonl.gz")}, files...)))
	got, err := Search(context.Background(), dir, SearchOptions{Scratch: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", got)
	if got.Queries < 60 || got.NDCG10 < .60 || got.NDCG10Unmarked < .50 {
		t.Errorf("%d queries, nDCG %v, without marks %v; want 60, .60 and .50", got.Queries, got.NDCG10, got.NDCG10Unmarked)
	}
}

// The set names documents and holds nothing of them; what is judged is asked.
func TestRelevanceSet(t *testing.T) {
	asked := map[string]bool{}
	err := eachLine(filepath.Join("testdata", "relevance", "queries.jsonl"), func(line []byte) error {
		var q struct {
			ID       string `json:"_id"`
			Text     string
			Metadata struct{ Wanted string }
		}
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		if q.Text == "" || q.Metadata.Wanted == "" || asked[q.ID] {
			t.Errorf("query %s is empty, unexplained or there twice", line)
		}
		asked[q.ID] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join("testdata", "relevance", "qrels", "test.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	judged, seen := map[string]bool{}, map[string]bool{}
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		if len(f) != 3 || !asked[f[0]] || strings.ContainsAny(f[1], " ") || f[2] != "1" && f[2] != "2" || seen[f[0]+f[1]] {
			t.Errorf("line %d is no judgement, or there twice: %q", i+1, line)
			continue
		}
		judged[f[0]], seen[f[0]+f[1]] = true, true
	}
	if len(judged) < 60 {
		t.Errorf("%d queries are judged, want 60", len(judged))
	}
}

// relevanceCorpus joins the articles, each once, in BEIR's form.
func relevanceCorpus(t *testing.T, files []string) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	seen := map[string]bool{}
	for _, file := range files {
		err := eachLine(strings.TrimSuffix(file, ".gz"), func(line []byte) error {
			var a struct{ ID, Link, Title, Summary, Body string }
			if err := json.Unmarshal(line, &a); err != nil {
				return err
			}
			if a.ID == "" {
				a.ID = a.Link
			}
			if seen[a.ID] {
				return nil
			}
			seen[a.ID] = true
			return enc.Encode(map[string]string{"_id": a.ID, "title": a.Title, "text": a.Summary + "\n" + a.Body})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}
