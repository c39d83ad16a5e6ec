package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

// A person reads the card at the terminal, says what was done and what it is,
// and finds it on the card.
func TestIncidentAtTheTerminal(t *testing.T) {
	d := newDesk(t)
	a, _ := d.stories()
	opened := time.Date(2026, 7, 3, 3, 30, 0, 0, time.UTC)
	s := d.store()
	err := s.Do(context.Background(), func(tx *store.Tx) error {
		return tx.PutIncident(context.Background(), news.Incident{ID: "i-1", Story: a.ID, Title: "Bệnh viện Hòa Mạn từ chối", Level: 2, State: news.Open, Opened: opened, Updated: opened,
			Reasons: []news.Factor{{Factor: "outlets", Value: 1.5, Weight: 1.3, Articles: a.Articles}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	word := []string{"--by", "Lan"}
	d.says(done, nil, append([]string{"incident", "kind", "i-1", "denied-care"}, word...)...)
	d.says(done, nil, append([]string{"incident", "type", "i-1", "accidental"}, word...)...)
	d.says(done, nil, append([]string{"incident", "done", "i-1", "verify", "--why", "đã gọi"}, word...)...)
	d.says(done, nil, append([]string{"incident", "asked", "i-1", "--why", "Báo Sông Xanh"}, word...)...)
	d.says(done, nil, append([]string{"incident", "note", "i-1", "bệnh viện nhận lỗi"}, word...)...)
	d.says(done, nil, append([]string{"incident", "false", "i-1", "--why", "nhầm"}, word...)...)
	var in struct{ State string }
	if d.says(done, &in, append([]string{"incident", "open", "i-1"}, word...)...); in.State != "open" {
		t.Errorf("opened again it is %q", in.State)
	}
	var made struct {
		Kind, Type struct{ Value, By string }
		Steps      []struct {
			ID   string
			Done string `json:"done_by"`
		}
		Happened []struct{ Text string }
		Due      []struct{ ID string }
	}
	d.says(done, &made, "incident", "show", "i-1")
	if made.Kind.Value != "denied-care" || made.Kind.By != "Lan" || made.Type.Value != "accidental" || len(made.Happened) == 0 || len(made.Due) == 0 {
		t.Errorf("the card is %+v", made)
	}
	if made.Steps[0].ID != "verify" || made.Steps[0].Done != "Lan" {
		t.Errorf("the first step is %+v", made.Steps[0])
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"--data", d.dir, "incident", "show", "i-1"}, strings.NewReader(""), &out, &errs); code != done {
		t.Fatalf("the card ended with %d: %s", code, errs.String())
	}
	for _, want := range []string{"CHUYỆN GÌ", "VIỆC CẦN LÀM", "AI PHẢI TRẢ LỜI", "[x]", "Lan: ghi chú: “bệnh viện nhận lỗi”", "Lan: báo đã hỏi", "VÌ SAO BÁO ĐỘNG"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the card lacks %q:\n%s", want, out.String())
		}
	}
	for _, bad := range [][]string{{"kind", "i-1", "dance"}, {"type", "i-1", "dance"}, {"done", "i-1", "dance"}, {"note", "i-none", "x"}, {"asked", "i-none"}, {"open", "i-none"}} {
		d.says(wrong, nil, append(append([]string{"incident"}, bad...), word...)...)
	}
	d.says(wrong, nil, "incident", "show", "i-none")
}
