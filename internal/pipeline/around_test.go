package pipeline

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/store"
)

// weeks fills an archive with a month of everyday news.
func (r *newsroom) weeks() {
	var lines strings.Builder
	for i := range 60 {
		at := r.now.AddDate(0, 0, -30).Add(time.Duration(i) * 12 * time.Hour)
		fmt.Fprintf(&lines, `{"url":"https://bao-1.example/cu-%d","outlet":"Báo bao-1","published":%q,"title":"Người có thẻ BHYT khám chữa bệnh tại xã số %d","summary":"Bệnh viện huyện thanh toán bảo hiểm y tế cho người dân xã số %d."}`+"\n",
			i, at.Format(time.RFC3339), i, i)
	}
	_, err := r.Import(r.t.Context(), "thang.jsonl", strings.NewReader(lines.String()), nil)
	r.must(err)
	_, err = r.Read(r.t.Context())
	r.must(err)
}

func (r *newsroom) asides(story string) (surprise, likeness crisis.Aside) {
	tallies, err := r.tallies(r.t.Context(), r.now)
	r.must(err)
	for _, t := range tallies {
		if t.Story == story {
			return t.Surprise, t.Likeness
		}
	}
	r.t.Fatalf("story %s is not watched", story)
	return surprise, likeness
}

// How unusual a story's volume is stands with its incident, in words; what was
// counted article by article is what a restart counts from the archive.
func TestSurpriseStandsWithTheIncident(t *testing.T) {
	r := newNewsroom(t, time.Date(2026, 6, 16, 9, 5, 0, 0, config.VN))
	r.weeks()
	r.watch()
	for i := range 4 {
		r.now = r.now.Add(5 * time.Minute)
		r.refusal(i)
	}
	incidents, err := r.Store.Incidents(t.Context(), store.IncidentFilter{})
	r.must(err)
	if len(incidents) != 1 {
		t.Fatalf("%d incidents, want 1", len(incidents))
	}
	in := incidents[0].Incident
	var stored news.Factor
	for _, f := range in.Reasons {
		if f.Factor == "surprise" {
			stored = f
		}
	}
	if stored.Value <= 0 || !strings.Contains(stored.Quote, "4 bài về") || !strings.Contains(stored.Quote, "thường") || len(stored.Articles) != 4 {
		t.Errorf("surprise is %+v", stored)
	}
	before, _ := r.asides(in.Story)
	r.lookout = lookout{}
	after, _ := r.asides(in.Story)
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("after a restart: %s", d)
	}
}

// A story like a false alarm is told so, and no longer when the judgement is taken back.
func TestLikenessFollowsTheLedger(t *testing.T) {
	r := newNewsroom(t, time.Date(2026, 6, 16, 9, 5, 0, 0, config.VN))
	r.refusal(0)
	r.refusal(1)
	r.refusal(2)
	ids := incidentIDs(r)
	if len(ids) != 1 {
		t.Fatalf("%d incidents, want 1", len(ids))
	}
	r.must(r.Store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.JudgeAlert(t.Context(), ids[0], news.Wrongly, store.Word{Who: "Lan", At: r.now, Why: "tin cũ"})
	}))
	in, err := r.Store.Incident(t.Context(), ids[0])
	r.must(err)
	if _, own := r.asides(in.Story); own.Value != 0 {
		t.Errorf("the alert is like itself: %+v", own)
	}
	if n := r.lookout.around.past.Len(); n != 1 {
		t.Errorf("%d judged alerts are remembered, want 1", n)
	}
	r.must(r.Store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.JudgeAlert(t.Context(), ids[0], news.Unjudged, store.Word{Who: "Lan", At: r.now, Why: "nhầm"})
	}))
	r.asides(in.Story)
	if n := r.lookout.around.past.Len(); n != 0 {
		t.Errorf("%d judged alerts are remembered after the judgement was taken back", n)
	}
}
