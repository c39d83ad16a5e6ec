package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

// file writes a configuration beside the archive and returns its name.
func (d desk) file(name, text string) string {
	d.Helper()
	file := filepath.Join(d.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
	return file
}

// Who may lower an incident stands in the configuration; the verdict on its
// alert goes into the ledger.
func TestLowerAndJudge(t *testing.T) {
	d := newDesk(t)
	a, _ := d.stories()
	at := time.Date(2026, 7, 3, 10, 0, 0, 0, time.UTC)
	s := d.store()
	in := news.Incident{ID: "i-" + a.ID, Story: a.ID, Title: "Việc", Level: 3, State: news.Open, Opened: at, Updated: at, URLs: []string{"https://a.example/1"}}
	if err := s.Do(context.Background(), func(tx *store.Tx) error { return tx.PutIncident(context.Background(), in) }); err != nil {
		t.Fatal(err)
	}
	s.Close()
	var shown struct {
		Level int
		State string
	}
	only := d.file("quyen.yaml", "crisis:\n  levels:\n    - {level: 3, may_lower: [Trưởng ban]}\n")
	if errs := d.says(wrong, nil, "incident", "lower", in.ID, "--by", "Lan", "--why", "êm rồi", "--config", only); !strings.Contains(errs, "Trưởng ban") {
		t.Errorf("a person who may not lower it hears %q", errs)
	}
	d.says(done, &shown, "incident", "lower", in.ID, "--by", "trưởng ban", "--why", "êm rồi", "--config", only)
	if shown.Level != 2 {
		t.Errorf("lowered to %d", shown.Level)
	}
	if errs := d.says(wrong, nil, "incident", "lower", in.ID, "--by", "Lan"); !strings.Contains(errs, "say why") {
		t.Errorf("without a reason: %q", errs)
	}
	d.says(done, nil, "incident", "verdict", in.ID, "late", "--by", "Lan", "--why", "nghe trước")
	var ledger ledgerAnswer
	d.says(done, &ledger, "incidents", "--ledger")
	if len(ledger.Alerts) != 1 || ledger.Alerts[0].Verdict != "late" || ledger.Alerts[0].Level != 3 || ledger.All.All.InTime == nil || *ledger.All.All.InTime != 0 {
		t.Errorf("the ledger is %+v", ledger)
	}
	unknown := d.file("nhom.yaml", "crisis:\n  levels:\n    - {level: 3, groups: [lanh-dao]}\n")
	if errs := d.says(wrong, nil, "check", "--config", unknown); !strings.Contains(errs, "group of mail.groups") {
		t.Errorf("a group that is not there: %q", errs)
	}
	known := d.file("du.yaml", "mail:\n  groups: {lanh-dao: [a@coquan.example]}\ncrisis:\n  levels:\n    - {level: 3, groups: [lanh-dao]}\n")
	d.says(done, nil, "version", "--config", known)
	bad := d.file("sai.yaml", "mail:\n  groups: {lanh-dao: [khong-phai-thu]}\n")
	if errs := d.says(wrong, nil, "check", "--config", bad); !strings.Contains(errs, "not a mail address") {
		t.Errorf("a member without an address: %q", errs)
	}
}
