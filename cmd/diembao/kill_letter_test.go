package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

// TestKillBetweenDecisionAndOutbox stores an alarming article, starts the real
// server to read and watch, and kills it with SIGKILL at a random moment; again
// and again, with an alarm more each time. When it is left alone at last there
// is exactly one incident for each alarm, and one letter for each incident.
func TestKillBetweenDecisionAndOutbox(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the process ten times")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "diembao.yaml")
	if err := os.WriteFile(file, []byte(alarmingOutlet), 0o600); err != nil {
		t.Fatal(err)
	}
	data, names := filepath.Join(dir, "data"), newLatency(t).provinces()
	serve := func() *exec.Cmd {
		cmd := exec.CommandContext(ctx, exe)
		cmd.Args = []string{"diembao", "serve", "--roles", "read", "--config", file, "--data", data}
		cmd.Stderr = &bytes.Buffer{}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	const rounds = 10
	early := 0
	for round := range rounds {
		storeAlarm(t, data, round, names)
		before := len(told(t, data))
		cmd := serve()
		time.Sleep(300*time.Millisecond + time.Duration(rand.Int64N(int64(2500*time.Millisecond))))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
			t.Fatalf("the server ended by itself: %v\n%s", err, cmd.Stderr)
		}
		if len(told(t, data)) == before {
			early++
		}
	}
	cmd := serve()
	for wait := 0; len(told(t, data)) < rounds && wait < 60; wait++ {
		time.Sleep(500 * time.Millisecond)
	}
	time.Sleep(2500 * time.Millisecond) // two more rounds of the watch: nothing may follow
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	letters := told(t, data)
	t.Logf("%d kills, %d of them before the letter was written; %d letters", rounds, early, len(letters))
	if len(letters) != rounds {
		t.Errorf("%d letters for %d alarms\n%s", len(letters), rounds, cmd.Stderr)
	}
	for incident, n := range letters {
		if n != 1 {
			t.Errorf("incident %s has %d letters", incident, n)
		}
	}
}

// storeAlarm puts one alarming article into an archive.
func storeAlarm(t *testing.T, data string, round int, provinces []string) {
	t.Helper()
	s := opened(t, data)
	defer s.Close()
	a := arrival(10*round+5, provinces, time.Now())
	err := s.Do(t.Context(), func(tx *store.Tx) error {
		_, err := tx.PutArticles(t.Context(), []news.Article{a}, a.FirstSeen)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// told counts the letters of each incident of an archive; an incident without
// a letter counts, too.
func told(t *testing.T, data string) map[string]int {
	t.Helper()
	s := opened(t, data)
	defer s.Close()
	found, err := s.Incidents(t.Context(), store.IncidentFilter{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	letters, err := s.Letters(t.Context(), store.LetterFilter{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, i := range found {
		out[i.ID] = 0
	}
	for _, l := range letters {
		out[l.Headers["X-DiemBao-Incident"]]++
	}
	return out
}

func opened(t *testing.T, data string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
