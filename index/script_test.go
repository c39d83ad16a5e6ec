package index

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Each file in testdata is a small archive and the questions put to it. The
// wanted IDs stand in order.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runScript(t, file) })
	}
}

func runScript(t *testing.T, file string) {
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var docs []Doc
	var asked []map[string]string
	for _, block := range strings.Split(string(raw), "\n\n") {
		lines := map[string]string{}
		for _, line := range strings.Split(block, "\n") {
			if strings.HasPrefix(line, "doc ") {
				lines["doc"] = strings.TrimPrefix(line, "doc ")
			} else if key, value, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, "#") {
				lines[key] = strings.TrimSpace(value)
			}
		}
		if lines["doc"] != "" {
			docs = append(docs, scriptDoc(t, lines))
		} else if lines["query"] != "" {
			asked = append(asked, lines)
		}
	}
	s := newShelf(t, docs...)
	if len(docs) == 0 || len(asked) == 0 {
		t.Fatal("no documents or no queries in ", file)
	}
	for _, q := range asked {
		s.ask(t, q)
	}
}

func scriptDoc(t *testing.T, lines map[string]string) Doc {
	head := strings.Split(lines["doc"], "|")
	d := Doc{ID: strings.TrimSpace(head[0]), Title: lines["title"], Lead: lines["lead"], Body: lines["body"], Keywords: map[string][]string{}}
	for _, pair := range strings.Fields(head[1]) {
		name, values, _ := strings.Cut(pair, "=")
		d.Keywords[name] = strings.Split(values, ",")
	}
	from, _, ok := period(strings.TrimSpace(head[2]), testNow)
	if !ok {
		t.Fatalf("bad time in %q", lines["doc"])
	}
	d.Time = from
	return d
}

func (s *shelf) ask(t *testing.T, want map[string]string) {
	t.Helper()
	r, err := s.Search(context.Background(), Query{Text: want["query"], Limit: 10, Now: testNow, Highlight: true})
	if message := want["error"]; message != "" {
		if err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("query: %s\n got error %v\nwant %s", want["query"], err, message)
		}
		return
	}
	if err != nil {
		t.Errorf("query: %s: %v", want["query"], err)
		return
	}
	if got := strings.Join(ids(r), " "); got != want["want"] {
		t.Errorf("query: %s\n got: %s\nwant: %s", want["query"], got, want["want"])
	}
	if r.Total != len(r.Hits) {
		t.Errorf("query: %s: total %d of %d hits", want["query"], r.Total, len(r.Hits))
	}
	if r.Relaxed != (want["relaxed"] == "yes") {
		t.Errorf("query: %s: relaxed %v", want["query"], r.Relaxed)
	}
	if want["words"] != "" && r.InWords != want["words"] {
		t.Errorf("query: %s\n got words: %s\nwant words: %s", want["query"], r.InWords, want["words"])
	}
	if r.Took > time.Second {
		t.Errorf("query: %s took %v", want["query"], r.Took)
	}
}
