package main

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// Every verb shows an example in its --help, and the example is a command line
// that the program understands.
func TestExamplesWork(t *testing.T) {
	t.Chdir(t.TempDir())
	model := kong.Must(&verbs{}, kong.Name("diembao")).Model
	for _, verb := range model.Leaves(true) {
		line, _, _ := strings.Cut(verb.Detail, "\n")
		example, ok := strings.CutPrefix(line, "Example: diembao ")
		if !ok {
			t.Errorf("%s: its help begins with %q, want an example", verb.FullPath(), line)
			continue
		}
		args := words(example)
		for _, name := range args { // what an example names is there for who types it
			if strings.Contains(name, ".") && !strings.Contains(name, ":") || strings.HasPrefix(name, "gold/") {
				place(t, name)
			}
		}
		parsed, err := kong.Must(&verbs{}, kong.Name("diembao")).Parse(args)
		if err != nil {
			t.Errorf("%s: the example %q: %v", verb.FullPath(), example, err)
		} else if got := "diembao " + parsed.Command(); !strings.HasPrefix(got, verb.FullPath()) {
			t.Errorf("%s: the example %q is of %s", verb.FullPath(), example, got)
		}
	}
}

// quoted is one word of a command line: in quotes, or up to the next blank.
var quoted = regexp.MustCompile(`'([^']*)'|"([^"]*)"|\S+`)

// words splits a command line as a shell does, as far as the examples need it.
func words(line string) []string {
	var out []string
	for _, m := range quoted.FindAllStringSubmatch(line, -1) {
		out = append(out, cmp.Or(m[1], m[2], m[0]))
	}
	return out
}

// place makes a file, or a directory where the name has no ending.
func place(t *testing.T, name string) {
	t.Helper()
	dir, file := filepath.Dir(name), true
	if filepath.Ext(name) == "" {
		dir, file = name, false
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if file {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
