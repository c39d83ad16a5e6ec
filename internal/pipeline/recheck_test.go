package pipeline

import (
	"testing"
	"time"

	"diembao/internal/store"
)

func TestAgain(t *testing.T) {
	seen := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	ours, hot := store.Standing{Read: true, Kept: true}, store.Standing{Read: true, Kept: true, Incident: true}
	for _, c := range []struct {
		name  string
		age   time.Duration
		stand store.Standing
		want  time.Duration // 0: never
	}{
		{"not read yet", 0, store.Standing{}, time.Hour},
		{"first day", 23 * time.Hour, ours, time.Hour},
		{"first week", 25 * time.Hour, ours, day},
		{"two months", 8 * day, ours, 7 * day},
		{"old", 61 * day, ours, 0},
		{"not ours", time.Hour, store.Standing{Read: true}, 0},
		{"in an incident, first day", time.Hour, hot, 15 * time.Minute},
		{"in an incident, first week", 2 * day, hot, time.Hour},
		{"in an incident, old", 90 * day, hot, day},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := seen.Add(c.age)
			got := again(seen, now, c.stand)
			if c.want == 0 && !got.IsZero() || c.want > 0 && got.Sub(now) != c.want {
				t.Errorf("next look at %s, %s after", got, got.Sub(now))
			}
		})
	}
}
