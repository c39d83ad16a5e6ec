package baseline

import (
	"testing"
	"time"

	"diembao/internal/when"
)

func BenchmarkLearnAYearOfDays(b *testing.B) {
	var history []Count
	for i := range 365 {
		history = append(history, Count{At: time.Date(2025, 8, 1, 0, 0, 0, 0, when.VN).AddDate(0, 0, i), N: (i * 7919) % 11})
	}
	for b.Loop() {
		Learn(history, Daily, Calendar{})
	}
}
