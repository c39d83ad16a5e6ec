package say

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

func messages(t *testing.T, file string) map[string]any {
	t.Helper()
	raw, err := files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := yaml.Unmarshal(raw, &m); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return m
}

var slot = regexp.MustCompile(`{{\s*\.(\w+)`)

// slots lists what a message asks to be filled in, over all its plural forms.
func slots(v any) []string {
	set := map[string]bool{}
	switch v := v.(type) {
	case string:
		for _, m := range slot.FindAllStringSubmatch(v, -1) {
			set[m[1]] = true
		}
	case map[string]any:
		for _, form := range v {
			for _, s := range slots(form) {
				set[s] = true
			}
		}
	}
	var out []string
	for s := range set {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// Both languages hold the same messages, and each asks for the same values.
func TestBothLanguagesSayTheSame(t *testing.T) {
	vi, en := messages(t, "vi.yaml"), messages(t, "en.yaml")
	for id, v := range vi {
		e, ok := en[id]
		if !ok {
			t.Errorf("en.yaml lacks %q", id)
			continue
		}
		if d := cmp.Diff(slots(v), slots(e)); d != "" {
			t.Errorf("%s asks for other values in en.yaml:\n%s", id, d)
		}
	}
	for id := range en {
		if _, ok := vi[id]; !ok {
			t.Errorf("vi.yaml lacks %q", id)
		}
	}
}

func TestWords(t *testing.T) {
	vi, en := In("vi"), In("en")
	now := time.Date(2026, 7, 12, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{vi.Number(10500), "10.500"},
		{en.Number(10500), "10,500"},
		{vi.Percent(0.125), "12,5 %"},
		{vi.Date(time.Date(2026, 7, 11, 18, 0, 0, 0, time.UTC)), "12/07/2026"},
		{vi.Moment(now), "10:00 12/07/2026"},
		{vi.Ago(now.Add(-90*time.Minute), now), "1 giờ trước"},
		{en.Ago(now.Add(-90*time.Minute), now), "1 hour ago"},
		{en.Ago(now.Add(-150*time.Minute), now), "2 hours ago"},
		{vi.Ago(now.Add(-20*24*time.Hour), now), "22/06/2026"},
		{vi.Weekday(now), "Chủ nhật"},
		{vi.Say("no.such.message"), "⟨no.such.message⟩"},
	} {
		if c.got != c.want {
			t.Errorf("said %q, want %q", c.got, c.want)
		}
	}
}
