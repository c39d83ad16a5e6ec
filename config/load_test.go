package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the messages of testdata/bad anew")

// TestBad holds the message of every bad file in testdata/bad: overlays as a
// person might write them, each with what Load says of it beside it.
func TestBad(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bad files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			_, err := Load(file)
			if err == nil {
				t.Fatal("Load says nothing of it")
			}
			got, golden := err.Error()+"\n", strings.TrimSuffix(file, ".yaml")+".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBadIsProblems(t *testing.T) {
	_, err := Load("testdata/bad/unknown-key.yaml")
	var all Problems
	var one Problem
	if !errors.As(err, &all) || len(all) != 2 || !errors.As(err, &one) {
		t.Fatalf("got %T %v, want two Problems", err, err)
	}
	if one.Line != 1 || one.Col != 1 || one.Text != "contakt" {
		t.Errorf("first problem is %+v", one)
	}
}

func TestLoadMissingFile(t *testing.T) {
	_, err := Load("testdata/none.yaml")
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "testdata/none.yaml") {
		t.Errorf("a missing file gives %v", err)
	}
}

// lay is the default pack with an overlay over it.
func lay(t *testing.T, overlay string) Pack {
	t.Helper()
	file := filepath.Join(t.TempDir(), "diembao.yaml")
	if err := os.WriteFile(file, []byte(overlay), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOverlayChangesOneField(t *testing.T) {
	before, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	after := lay(t, `
contact: mailto:truyenthong@bhxh.example
fetch:
  pace: 5s
jobs:
  - id: watch
    off: true
outlets:
  - id: vnexpress
    on: false
topics:
  topics:
    - id: pension
      strong: [lương hưu]
crisis:
  weights:
    bias: -9
  levels:
    - level: 2
      min_outlets: 7
`)
	want := before
	want.Version = after.Version
	want.Site.Contact = "mailto:truyenthong@bhxh.example"
	want.Site.Fetch.Pace = 5 * time.Second
	change(want.Site.Jobs, func(j *Job) bool { return j.ID == "watch" }, func(j *Job) { j.Off = true })
	change(want.Outlets, func(o *Outlet) bool { return o.ID == "vnexpress" }, func(o *Outlet) { o.On = false })
	change(want.Topics.Topics, func(o *Topic) bool { return o.ID == "pension" }, func(o *Topic) { o.Strong = []string{"lương hưu"} })
	want.Crisis.Weights["bias"] = -9
	change(want.Crisis.Levels, func(l *CrisisLevel) bool { return l.Level == 2 }, func(l *CrisisLevel) { l.MinOutlets = 7 })
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("the overlay changed (-want +got):\n%s", diff)
	}
	if again, err := Default(); err != nil || again.Version == after.Version {
		t.Errorf("the version does not tell the overlay: %s", again.Version)
	}
}

// change lets do change the one entry that is meant.
func change[T any](list []T, is func(*T) bool, do func(*T)) {
	for i := range list {
		if is(&list[i]) {
			do(&list[i])
		}
	}
}

func TestOverlayAddsEntries(t *testing.T) {
	p := lay(t, `
outlets:
  - id: bao-thu
    name: Báo Thử
    licence: bao
    level: central
    kind: press
    domains:
      - host: baothu.example
    feeds:
      - url: https://baothu.example/rss
    on: true
`)
	o, ok := p.OutletByHost("www.baothu.example:443", time.Now())
	if !ok || o.ID != "bao-thu" || o.Schedule == "" || o.Reach != "national" || o.Language != "vi" {
		t.Errorf("the new outlet is %+v", o)
	}
}

func TestEmptyOverlay(t *testing.T) {
	for _, text := range []string{"", "# chưa sửa gì\n", "outlets:\n", "outlets:\n  # - id: vnexpress\nname:\n", "outlets: []\n"} {
		def, err := Default()
		if err != nil {
			t.Fatal(err)
		}
		p := lay(t, text)
		p.Version = def.Version
		if diff := cmp.Diff(def, p); diff != "" {
			t.Errorf("%q changes the pack:\n%s", text, diff)
		}
	}
}

func BenchmarkDefault(b *testing.B) {
	for b.Loop() {
		if _, err := Default(); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzOverlay feeds anything as an overlay: it is a pack or Problems with a
// place, never a panic.
func FuzzOverlay(f *testing.F) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	small := []source{
		{"site.yaml", []byte("name: A\nlanguage: vi\nlisten: 127.0.0.1:80\nstore: sqlite\nfetch: {timeout: 1s, max_bytes: 65536, parallel: 1}\nmail: {tls: none}\njudge: {timeout: 1s, below: 0.7}\n"), false},
		{"provinces.yaml", []byte("provinces: [{id: an-giang, name: An Giang, type: tinh, current: an-giang}]\n"), false},
		{"outlets.yaml", []byte("outlets: [{id: vnexpress, name: V, licence: bao, level: central, kind: press, domains: [{host: v.vn}]}]\n"), false},
		{"crisis.yaml", []byte("crisis: {min_outlets: 1, silences: {longest: 1h}, window: 1h, fade_after: 1h, close_after: 1h, reopen_until: 1h, weights: {bias: 1}}\nreport: {top_n: 1}\n"), false},
	}
	if _, err := build(small); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := build(append(small[:len(small):len(small)], source{"diembao.yaml", text, true}))
		var ps Problems
		if err == nil {
			return
		}
		if !errors.As(err, &ps) || len(ps) == 0 {
			t.Fatalf("%T %v", err, err)
		}
		for _, p := range ps {
			if p.File == "" || p.Right == "" || strings.Contains(p.Error(), "\n") {
				t.Fatalf("a problem without file or advice, or of two lines: %q", p.Error())
			}
		}
	})
}
