package crisis

import (
	"time"

	"diembao/config"
)

// Rests returns when so many newsroom hours have passed since a moment: at the
// end of a day rather than at the beginning of the next.
func Rests(since time.Time, hours time.Duration) time.Time {
	total := worked(since) + hours
	days, rest := total/workday, total%workday
	if rest == 0 {
		days, rest = days-1, workday
	}
	return time.Date(2001, 1, 1, 0, 0, 0, 0, config.VN).Add(days*wholeDay + opens + rest)
}
