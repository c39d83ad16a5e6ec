package crisis

import (
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// Harm reports whether an article as read, of an outlet, is a newsroom's telling
// of harm that the agency has to answer for.
func Harm(r news.Reading, o config.Outlet) bool {
	tone, _ := r.Tense()
	return press(o.Kind) && against(Article{Tone: tone, Role: r.Role, Target: r.Target})
}

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
