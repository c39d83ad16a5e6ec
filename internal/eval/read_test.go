package eval_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/classify"
	"diembao/internal/eval"
	"diembao/internal/match"
	"diembao/internal/news"
)

// reader is the reader as cmd wires it.
func reader(t testing.TB) func(news.Article) news.Reading {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	m, err := match.New(pack)
	if err != nil {
		t.Fatal(err)
	}
	c, err := classify.New(pack)
	if err != nil {
		t.Fatal(err)
	}
	return func(a news.Article) news.Reading {
		return c.Read(a, m.Find(a, time.Time{}), config.Outlet{})
	}
}

// TestReadOnSharedLabels prints the figures on the development labels.
func TestReadOnSharedLabels(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data", "labels")
	items, err := os.Open(filepath.Join(dir, "items-dev.jsonl"))
	if err != nil {
		t.Skipf("no development labels beside the repository: %v", err)
	}
	defer items.Close()
	labels, err := os.Open(filepath.Join(dir, "labels-dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer labels.Close()
	o := eval.ReadOptions{Read: reader(t)}
	if path := os.Getenv("READ_OUT"); path != "" {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		o.Out = f
	}
	f, err := eval.Read(items, labels, o)
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", out)
	if f.Relevant.F1 < 0.95 || f.Topics.MicroF1 < 0.75 {
		t.Errorf("the reader got worse: relevant F1 %.3f, topics micro-F1 %.3f", f.Relevant.F1, f.Topics.MicroF1)
	}
}

// A label file that does not belong to the items is refused by name.
func TestLabelsOfOtherItems(t *testing.T) {
	item := func(id string) string {
		return `{"id":"` + id + `","title":"BHXH xã Bến Sỏi trả lương hưu"}` + "\n"
	}
	label := func(id string) string {
		return `{"id":"` + id + `","relevant":false,"scope":"none","tone":"neutral","agency_role":"none"}` + "\n"
	}
	for name, c := range map[string]struct{ items, labels, want string }{
		"unknown ids":      {item("a"), label("a") + label("y") + label("x"), `eval read: 2 of 3 labels are of no item ("x", "y"): give files of the same articles`},
		"an item too many": {item("a") + item("b"), label("a"), `eval read: item "b" has no label: give files of the same articles`},
		"an item twice":    {item("a") + item("a"), label("a"), `eval read: two items "a": keep one`},
		"a label twice":    {item("a"), label("a") + label("a"), `eval read: two labels for "a": keep one`},
	} {
		_, err := eval.Read(strings.NewReader(c.items), strings.NewReader(c.labels), eval.ReadOptions{Read: reader(t)})
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", name, err, c.want)
		}
	}
}
