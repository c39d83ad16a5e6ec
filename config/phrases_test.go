package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every phrase of the pack is told with the line it stands on.
func TestPhrasesStandWhereTheySay(t *testing.T) {
	ps, err := Phrases("")
	if err != nil || len(ps) < 1000 {
		t.Fatalf("%d phrases: %v", len(ps), err)
	}
	lines := map[string][]string{}
	for _, p := range ps {
		if lines[p.File] == nil {
			text, err := pack.ReadFile(filepath.Base(p.File))
			if err != nil {
				t.Fatalf("%s: %v", p.List, err)
			}
			lines[p.File] = strings.Split(string(text), "\n")
		}
		// A phrase may go on on the next line.
		begin := strings.Fields(p.Text)[0]
		if p.Line < 1 || !strings.Contains(lines[p.File][p.Line-1], begin) {
			t.Errorf("%s: %q is said to stand on %s:%d", p.List, p.Text, p.File, p.Line)
		}
	}
}

// A list of the overlay takes the place of the pack's, and is told from there.
func TestPhrasesOfOverlay(t *testing.T) {
	own := filepath.Join(t.TempDir(), "diembao.yaml")
	text := "crisis:\n  authorities:\n    - đội kiểm tra\n    - ban thanh tra\ntopics:\n  topics:\n    - id: pension\n      strong: [tiền hưu trí mới]\n"
	if err := os.WriteFile(own, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ps, err := Phrases(own)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for _, p := range ps {
		if p.File == own {
			at[p.Family+" "+p.Of+" "+p.Text] = p.Line
		} else if p.Family == "authority" || p.Family == "topic" && p.Of == "pension" {
			t.Errorf("%q of %s:%d was replaced", p.Text, p.File, p.Line)
		}
	}
	if len(at) != 3 || at["authority  đội kiểm tra"] != 3 || at["authority  ban thanh tra"] != 4 || at["topic pension tiền hưu trí mới"] != 8 {
		t.Errorf("told are %v", at)
	}
}
