package crisis

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"diembao/config"
)

// Rests is the first moment at which so many newsroom hours have passed.
func TestRestsIsTheEndOfTheQuiet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		since := time.Date(2026, 7, 3, 0, 0, 0, 0, config.VN).Add(time.Duration(rapid.IntRange(0, 100_000).Draw(t, "minute")) * time.Minute)
		hours := time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour
		at := Rests(since, hours)
		if got := newsroom(since, at); got != hours {
			t.Fatalf("%v after %v is %v, but %v passed", hours, since, at, got)
		}
		if before := newsroom(since, at.Add(-time.Minute)); before >= hours {
			t.Fatalf("%v passed a minute before %v already", hours, at)
		}
	})
}
