package config

import (
	"os"
	"path/filepath"
	"testing"
)

// Whoever reads English finds every line of the handling card in it.
func TestHandlingSpeaksBothLanguages(t *testing.T) {
	h := standard(t).Handling
	said := map[string]string{}
	for _, s := range h.Steps {
		said["step "+s.ID] = s.DoEN
	}
	for _, s := range h.Types {
		said["stance of "+s.ID], said["avoid of "+s.ID] = s.StanceEN, s.AvoidEN
	}
	for _, k := range h.Kinds {
		said["holding of "+k.ID] = k.HoldingEN
		for _, s := range k.Steps {
			said[k.ID+" "+s.ID] = s.DoEN
		}
	}
	for _, d := range h.Deadlines {
		said["who "+d.ID], said["must "+d.ID], said["basis "+d.ID] = d.WhoEN, d.MustEN, d.BasisEN
	}
	for what, en := range said {
		if en == "" {
			t.Errorf("%s lacks English", what)
		}
	}
	for _, k := range standard(t).Crisis.Kinds {
		if _, ok := h.KindByID(k.ID); !ok && k.ID != "other" {
			t.Errorf("nobody said what to do about %s", k.ID)
		}
	}
	for _, k := range standard(t).Crisis.Types {
		if _, ok := h.TypeByID(k.ID); !ok {
			t.Errorf("nobody said how to stand to %s", k.ID)
		}
	}
	if len(h.Types) != 3 || len(h.Kinds) < 8 || len(h.Deadlines) == 0 || len(h.Speakers) == 0 {
		t.Errorf("the pack has %d types, %d kinds, %d deadlines", len(h.Types), len(h.Kinds), len(h.Deadlines))
	}
}

// Nobody of ours has held the deadlines against the law's text; the pack must
// not say so until somebody has.
func TestDeadlinesClaimNoReview(t *testing.T) {
	for _, d := range standard(t).Handling.Deadlines {
		if d.Status == "checked" {
			t.Errorf("%s says that %s checked it", d.ID, d.Reviewer)
		}
	}
}

// An agency ends a row of the pack and changes one step without copying the rest.
func TestHandlingIsLaidOverById(t *testing.T) {
	file := filepath.Join(t.TempDir(), "diembao.yaml")
	text := `handling:
  kinds:
    - id: arrest
      steps:
        - id: verify
          do: Gọi trực ban.
  deadlines:
    - id: first-statement
      status: checked
      reviewer: Lan
      hours: 12
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	before := standard(t).Handling
	p, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := p.Handling.KindByID("arrest")
	was, _ := before.KindByID("arrest")
	if len(k.Steps) != len(was.Steps) || k.Steps[0].Do != "Gọi trực ban." || k.Steps[0].Within != was.Steps[0].Within || k.Holding != was.Holding {
		t.Errorf("the kind became %+v", k)
	}
	if d := p.Handling.Deadlines[0]; d.Hours != 12 || d.Reviewer != "Lan" || d.Who != before.Deadlines[0].Who {
		t.Errorf("the deadline became %+v", d)
	}
}
