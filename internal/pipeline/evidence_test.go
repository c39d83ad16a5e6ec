package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/internal/evidence"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// evidence opens the folder of evidence beside the archive.
func (h *house) evidence(t testing.TB) {
	t.Helper()
	must(t, h.OpenEvidence(t.Context(), filepath.Join(h.dir, "evidence"), evidence.Options{}))
}

// prove has everything that was read proved.
func (h *house) prove(t testing.TB) {
	t.Helper()
	_, err := h.Prove(t.Context())
	must(t, err)
}

// proofs are the pieces listed for an article.
func (h *house) proofs(t testing.TB, id string) []store.Evidence {
	t.Helper()
	all, err := h.Store.Evidence(t.Context(), []string{id})
	must(t, err)
	return all[id]
}

// waiting is what was laid aside.
func (h *house) waiting(t testing.TB) []evidence.Piece {
	t.Helper()
	out, err := h.Evidence.Pending()
	must(t, err)
	return out
}

// records counts the records of the WARC files by type and target.
func (h *house) records(t testing.TB) map[string]int {
	t.Helper()
	out := map[string]int{}
	files, err := filepath.Glob(filepath.Join(h.dir, "evidence", "*.warc.gz"))
	must(t, err)
	for _, name := range files {
		f, err := os.Open(name)
		must(t, err)
		for r := evidence.NewReader(f); ; {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			must(t, err)
			_, err = rec.Read(1 << 30)
			must(t, err)
			out[rec.Fields.Get("WARC-Type")+" "+rec.Fields.Get("WARC-Target-URI")]++
		}
		must(t, f.Close())
	}
	return out
}

// TestWeekIsProved plays the week and holds that every version of an article
// that concerns us, and every removal, is proved by what the server sent, and
// nothing else is kept.
func TestWeekIsProved(t *testing.T) {
	h := open(t)
	h.evidence(t)
	h.play(t, 2*time.Hour)
	h.prove(t)
	pages, gone, outside := 0, 0, 0
	for _, e := range h.all(t) {
		listed := h.proofs(t, e.ID)
		if !e.Reading.Relevant && !e.Reading.Uncertain {
			if outside++; len(listed) > 0 {
				t.Errorf("%s does not concern us, and %d answers are kept", e.URL, len(listed))
			}
			continue
		}
		versions, err := h.Store.Versions(t.Context(), e.ID)
		must(t, err)
		removals, err := h.Store.Removals(t.Context(), e.ID)
		must(t, err)
		proved := map[string]int{}
		for _, l := range listed {
			proof, err := pipeline.Proof(h.dir, l, listed)
			must(t, err)
			proved[fmt.Sprint(l.Kind, l.Version)]++
			switch {
			case l.Kind == evidence.Gone:
				gone++
			case !bytes.Contains(proof.Head, []byte("200 OK")) || len(proof.Body) == 0:
				t.Errorf("%s version %d is proved by %q", e.URL, l.Version, proof.Head)
			default:
				pages++
				a, err := h.FromHTML(proof.Body, l.URL)
				must(t, err)
				if want := versions[l.Version-1]; a.Title != want.Title || a.Body != want.Body {
					t.Errorf("%s version %d reads %q, its evidence %q", e.URL, l.Version, want.Title, a.Title)
				}
			}
		}
		for _, v := range versions {
			if proved[fmt.Sprint(evidence.Page, v.Number)] != 1 {
				t.Errorf("%s version %d is proved %d times", e.URL, v.Number, proved[fmt.Sprint(evidence.Page, v.Number)])
			}
		}
		if len(removals) > 0 && proved[fmt.Sprint(evidence.Gone, len(versions))] != 1 {
			t.Errorf("%s was removed, proved are %v", e.URL, proved)
		}
	}
	t.Logf("%d pages and %d removals proved, %d articles do not concern us", pages, gone, outside)
	if pages < 20 || gone == 0 || outside == 0 {
		t.Error("the week does not try enough")
	}
	if w := h.waiting(t); len(w) > 0 {
		t.Errorf("%d answers still wait: %v", len(w), w)
	}
	for what, n := range h.records(t) {
		if strings.HasPrefix(what, "warcinfo") != (what == "warcinfo ") || n > 3 {
			t.Errorf("%d × %s", n, what)
		}
	}
	must(t, h.CloseEvidence())
}

// Killed between any two steps, evidence is brought in line when it is opened:
// nothing lost, nothing twice.
func TestEvidenceAfterAKill(t *testing.T) {
	h := open(t)
	h.evidence(t)
	h.clock.forward(h.press.Start().Add(30 * time.Hour))
	for _, o := range h.papers(t) {
		_, err := h.Gather(t.Context(), o)
		must(t, err)
	}
	aside := h.waiting(t)
	if n, err := h.Prove(t.Context()); n != 0 || err != nil || len(aside) == 0 {
		t.Fatalf("before anything was read %d of %d were proved, %v", n, len(aside), err)
	}

	// Killed after the answer was laid aside, before its text was stored.
	unborn := evidence.Piece{ArticleID: aside[0].ArticleID, Version: aside[0].Version + 1, Kind: evidence.Page}
	stranger := evidence.Piece{ArticleID: "00000000000000ff", Version: 1, Kind: evidence.Page}
	for _, p := range []evidence.Piece{unborn, stranger} {
		must(t, h.Evidence.Pend(p, evidence.Exchange{URL: "http://x.example/", At: h.clock.Now()}))
	}
	must(t, h.CloseEvidence())
	h.evidence(t)
	if got := h.waiting(t); !slices.Equal(got, aside) {
		t.Fatalf("%d pieces wait after opening, want the %d of stored texts", len(got), len(aside))
	}

	// Killed after the records were written, before they were listed.
	_, err := h.Read(t.Context())
	must(t, err)
	var relevant []evidence.Wanted
	for _, p := range aside {
		if r, err := h.Store.Reading(t.Context(), p.ArticleID); err == nil && (r.Relevant || r.Uncertain) {
			relevant = append(relevant, evidence.Wanted{Piece: p})
		}
	}
	kept, _, err := h.Evidence.Keep(relevant[:3])
	must(t, err)
	must(t, h.CloseEvidence())
	file := filepath.Join(h.dir, kept[0].File)
	raw, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(file, append(raw, raw[kept[0].Offset:kept[0].Offset+99]...), 0o600)) // and in the middle of the fourth
	h.evidence(t)
	for _, p := range kept {
		if got := h.proofs(t, p.ArticleID); len(got) != 1 || got[0].Record != p.Record || got[0].SHA256 != p.SHA256 {
			t.Errorf("listed after the kill: %+v, want %+v", got, p)
		}
	}

	h.prove(t)
	h.prove(t)
	if w := h.waiting(t); len(w) > 0 {
		t.Errorf("%v still wait", w)
	}
	for _, w := range relevant {
		listed := h.proofs(t, w.ArticleID)
		if len(listed) != 1 {
			t.Errorf("article %s is proved %d times", w.ArticleID, len(listed))
			continue
		}
		_, err := pipeline.Proof(h.dir, listed[0], listed)
		must(t, err)
	}
	n := 0
	for what, times := range h.records(t) {
		if strings.HasPrefix(what, "response ") {
			if n += times; times > 1 {
				t.Errorf("%s stands %d times", what, times)
			}
		}
	}
	if n != len(relevant) {
		t.Errorf("%d responses for %d relevant articles", n, len(relevant))
	}
	must(t, h.CloseEvidence())
}

func TestEvidenceHasOneKeeper(t *testing.T) {
	h := open(t)
	h.evidence(t)
	second := &pipeline.Pipeline{Store: h.Store, Now: h.clock.Now, Log: quiet}
	if err := second.OpenEvidence(t.Context(), filepath.Join(h.dir, "evidence"), evidence.Options{}); !errors.Is(err, pipeline.ErrEvidenceBusy) {
		t.Errorf("a second keeper: %v", err)
	}
	must(t, h.CloseEvidence())
}

// Retention deletes each kind by its own time, tells before, writes down, and
// spares what an incident under hold needs.
func TestRetention(t *testing.T) {
	h := open(t)
	h.evidence(t)
	for at := h.press.Start(); !at.After(h.press.End()); at = at.Add(6 * time.Hour) { // a file of evidence a day
		h.clock.forward(at)
		h.step(t)
		h.prove(t)
	}
	must(t, h.CloseEvidence())
	ctx := t.Context()
	incidents, err := h.Store.Incidents(ctx, store.IncidentFilter{})
	must(t, err)
	word := store.Word{Who: "Chị Mẫu", Why: "khiếu nại", At: h.clock.Now()}
	must(t, h.Store.Do(ctx, func(tx *store.Tx) error { return tx.PutHold(ctx, incidents[0].ID, word) }))

	reports := filepath.Join(h.dir, "reports")
	must(t, os.MkdirAll(reports, 0o700))
	old, kept := filepath.Join(reports, "daily-cu.txt"), filepath.Join(reports, "daily-moi.txt")
	for f, at := range map[string]time.Time{old: h.press.Start().AddDate(0, 0, -1), kept: incidents[0].Opened.Add(time.Hour)} {
		must(t, os.WriteFile(f, []byte("báo cáo"), 0o600))
		must(t, os.Chtimes(f, at, at))
	}
	pack := h.pack
	pack.Site.Retention.Page, pack.Site.Retention.Evidence, pack.Site.Retention.Report = 30, 60, 10
	rules, err := pipeline.Compile(pack)
	must(t, err)
	h.Use(rules)

	copied := func(l news.Letter) string { return "" }
	h.clock.forward(h.press.End().AddDate(0, 0, 45))
	dry, err := h.Retain(ctx, h.dir, copied, true)
	must(t, err)
	if _, err := os.Stat(old); err != nil {
		t.Errorf("a dry run deleted a report: %v", err)
	}
	done, err := h.Retain(ctx, h.dir, copied, false)
	must(t, err)
	if a, b := whats(dry), whats(done); !slices.Equal(a, b) || len(a) < 2 {
		t.Errorf("told\n%v\ndid\n%v", a, b)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("the old report is still there")
	}
	if _, err := os.Stat(kept); err != nil {
		t.Errorf("a report since the held incident began: %v", err)
	}
	written, err := h.Store.Deletions(ctx, 100)
	must(t, err)
	if len(written) != len(done) || written[0].SHA256 == "" || written[0].Why != "retention report: 10 days" {
		t.Errorf("written down: %+v", written)
	}
	if again, err := h.Retain(ctx, h.dir, copied, false); err != nil || len(again) > 0 {
		t.Errorf("the second run deleted %v, %v", whats(again), err)
	}

	// Evidence goes by files, and a file with anything held in it stays.
	h.clock.forward(h.press.End().AddDate(0, 0, 100))
	ages, err := h.Store.EvidenceAges(ctx)
	must(t, err)
	_, err = h.Retain(ctx, h.dir, copied, false)
	must(t, err)
	held := 0
	for _, a := range ages {
		_, err := os.Stat(filepath.Join(h.dir, a.File))
		if (err == nil) != a.Held {
			t.Errorf("%s, held %v: %v", a.File, a.Held, err)
		}
		if a.Held {
			held++
		}
	}
	if held == 0 || held == len(ages) {
		t.Errorf("%d of %d files are held: this tries nothing", held, len(ages))
	}

	// The hold is lifted: now the rest goes, also after a death between the
	// writing down and the deed.
	must(t, h.Store.Do(ctx, func(tx *store.Tx) error { return tx.LiftHold(ctx, incidents[0].ID, word) }))
	leftover := ""
	for _, a := range ages {
		if a.Held {
			leftover = filepath.Join(h.dir, a.File)
		}
	}
	raw, err := os.ReadFile(leftover)
	must(t, err)
	_, err = h.Retain(ctx, h.dir, copied, false)
	must(t, err)
	must(t, os.WriteFile(leftover, raw, 0o600))
	h.evidence(t)
	defer func() { must(t, h.CloseEvidence()) }()
	if _, err := os.Stat(leftover); err == nil {
		t.Error("a file whose deletion was written down came back")
	}
	if ages, err := h.Store.EvidenceAges(ctx); err != nil || len(ages) > 0 {
		t.Errorf("evidence left: %v %v", ages, err)
	}
}

func whats(ds []store.Deletion) (out []string) {
	for _, d := range ds {
		out = append(out, fmt.Sprint(d.Kind, " ", d.What, " ", d.Pieces))
	}
	return out
}

func TestGrowth(t *testing.T) {
	h := open(t)
	h.evidence(t)
	h.play(t, 12*time.Hour)
	h.prove(t)
	must(t, h.CloseEvidence())
	g, err := h.Growth(t.Context(), h.dir)
	must(t, err)
	if g.Days < 6 || g.Days > 8 || g.Evidence <= 0 || g.Rest <= 0 || float64(g.Used) < g.PerDay()*g.Days*0.9 {
		t.Errorf("growth %+v", g)
	}
	if full := g.Full(int64(10*g.PerDay()), h.clock.Now()); full.Sub(h.clock.Now()).Round(time.Hour) != 240*time.Hour {
		t.Errorf("with room for ten days it is full at %s", full)
	}
	if full := (pipeline.Growth{}).Full(1<<40, h.clock.Now()); !full.IsZero() {
		t.Errorf("what does not grow is full at %s", full)
	}
}

// BenchmarkGather compares a visit to the papers with and without evidence
// laid aside.
func BenchmarkGatherWithEvidence(b *testing.B) {
	for _, with := range []bool{false, true} {
		b.Run(fmt.Sprintf("evidence=%v", with), func(b *testing.B) {
			pages := 0
			for range b.N {
				b.StopTimer()
				h := open(b)
				if with {
					h.evidence(b)
				}
				h.clock.forward(h.press.Start().Add(72 * time.Hour))
				b.StartTimer()
				for _, o := range h.papers(b) {
					g, err := h.Gather(context.Background(), o)
					must(b, err)
					pages += g.Pages
				}
				b.StopTimer()
				must(b, h.CloseEvidence())
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(pages), "µs/page")
		})
	}
}
