package eval

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(path, ".gz") {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		text = b.String()
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSearchFigures(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "corpus.jsonl.gz"), `{"_id":"1","title":"Thẻ bảo hiểm y tế cho học sinh","text":"Trường Hoa Mơ phát thẻ."}
{"_id":"2","title":"Lương hưu tăng","text":"Cụ Tám nhận lương hưu mới."}
{"_id":"3","title":"Mưa lớn ở huyện Mây","text":"Nước dâng."}
`)
	write(t, filepath.Join(dir, "queries.jsonl"), `{"_id":"q1","text":"Học sinh nhận thẻ bảo hiểm"}
{"_id":"q2","text":"lương hưu (mới) NOT \"thẻ"}
{"_id":"q3","text":"không có phán quyết"}
`)
	write(t, filepath.Join(dir, "qrels", "test.tsv"), "query-id\tcorpus-id\tscore\nq1\t1\t1\nq2\t2\t1\nq2\tmissing\t1\n")
	var out bytes.Buffer
	got, err := Search(context.Background(), dir, SearchOptions{Out: &out})
	if err != nil {
		t.Fatal(err)
	}
	if got.Docs != 3 || got.Queries != 2 {
		t.Errorf("docs %d, queries %d", got.Docs, got.Queries)
	}
	half := (1 + 1/(1+1/math.Log2(3))) / 2 // q2 finds one of two, at the first place
	if math.Abs(got.NDCG10-half) > 1e-3 || math.Abs(got.NDCG10Unmarked-half) > 1e-3 || got.Recall100 != .75 {
		t.Errorf("nDCG %v, unmarked %v, recall %v; want %v and .75", got.NDCG10, got.NDCG10Unmarked, got.Recall100, half)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var first SearchAnswer
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || len(lines) != 4 || first.IDs[0] != "1" || !first.Marked {
		t.Errorf("answers: %v %s", err, out.String())
	}
}

func TestSearchSaysWhichLineIsWrong(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "corpus.jsonl"), "{\"_id\":\"1\"}\n{broken\n")
	write(t, filepath.Join(dir, "queries.jsonl"), `{"_id":"q","text":"thẻ"}`)
	write(t, filepath.Join(dir, "qrels", "test.tsv"), "q\t1\t1\n")
	if _, err := Search(context.Background(), dir, SearchOptions{}); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v", err)
	}
}

// The floors of the analysis, on sets that are not part of the project.
func TestSearchFloors(t *testing.T) {
	for name, floor := range map[string]SearchFigures{
		"clusters":  {NDCG10: .90, NDCG10Unmarked: .89},
		"headlines": {NDCG10: .74, NDCG10Unmarked: .725},
	} {
		dir := filepath.Join("..", "..", "..", "shared", "data", "search", name)
		if _, err := os.Stat(dir); err != nil {
			t.Skip("the shared search sets are not here: ", err)
		}
		got, err := Search(context.Background(), dir, SearchOptions{Scratch: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %+v", name, got)
		if got.NDCG10 < floor.NDCG10 || got.NDCG10Unmarked < floor.NDCG10Unmarked {
			t.Errorf("%s: nDCG %v and %v, want %v and %v", name, got.NDCG10, got.NDCG10Unmarked, floor.NDCG10, floor.NDCG10Unmarked)
		}
	}
}
