package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/eval"
	"diembao/internal/pipeline"
)

// judgedKind is the kinds and types that a person accepts for a crisis.
type judgedKind struct{ kinds, types []string }

// judgedKinds reads what people called the crises.
func judgedKinds(t *testing.T, file string) map[string]judgedKind {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]judgedKind{}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] != "#" {
			out[f[0]] = judgedKind{strings.Split(f[1], "/"), strings.Split(f[2], "/")}
		}
	}
	return out
}

// Most crises are called what a person calls them when people are first told of
// them, and policy anger is not cried where somebody is to blame.
func TestKindsAreNamed(t *testing.T) {
	judged := judgedKinds(t, "testdata/kinds.txt")
	n, kinds, types, policy, called, wrong := 0, 0, 0, 0, 0, 0
	for id, a := range firstAlerts(t, "../../internal/eval/testdata/replay/*/*.json") {
		want, known := judged[id]
		if !known {
			continue
		}
		n++
		right := slices.Contains(want.kinds, a.Kind.Value)
		if right {
			kinds++
		} else {
			t.Logf("%s is called %s, want %s; %v", id, a.Kind.Value, strings.Join(want.kinds, " or "), a.Kind.Why)
		}
		if slices.Contains(want.types, a.Type.Value) {
			types++
		}
		switch is := a.Kind.Value == "policy-anger"; {
		case want.kinds[0] == "policy-anger" && is:
			policy, called = policy+1, called+1
		case want.kinds[0] == "policy-anger":
			policy++
		case is && !right:
			wrong++
		}
	}
	if 5*kinds < 4*n || 5*types < 4*n || 5*called < 3*policy || 20*wrong > n {
		t.Errorf("want four in five kinds and types named right, three in five of policy anger (they are called after two articles), and it cried over no more than one in twenty others")
	}
	t.Logf("of %d crises %d kinds and %d types as a person names them; policy anger: %d of %d, %d others", n, kinds, types, called, policy, wrong)
}

// firstAlerts are the first alerts of level 2 and more, by script.
func firstAlerts(t *testing.T, glob string) map[string]eval.ReplayAlert {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(glob)
	if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for i, file := range files {
		all.ReadFrom(readScript(t, file).stream(t, time.Date(2026, 3, 3, 8, 0, 0, 0, config.VN).AddDate(0, 0, 4*i)))
	}
	out := map[string]eval.ReplayAlert{}
	r := replay(rules)
	r.Heard = func(_ time.Time, a eval.ReplayAlert) {
		for _, u := range a.URLs {
			name := u[strings.LastIndex(u, "/")+1:]
			name = name[:strings.LastIndex(name, "-")]
			if _, known := out[name]; !known && a.Level >= 2 {
				out[name] = a
			}
		}
	}
	if _, err := r.Run(&all); err != nil {
		t.Fatal(err)
	}
	return out
}
