package store

import "time"

// State says in one word how the outlet is doing, and since when: the state of
// its healthiest source, for one feed that answers is enough to hear of news.
// "never" where none was asked yet.
func (h Health) State() (string, time.Time) {
	if len(h.Sources) == 0 {
		return "never", time.Time{}
	}
	best := h.Sources[0]
	for _, s := range h.Sources[1:] {
		if s.Failures < best.Failures || s.Failures == best.Failures && s.LastOK.After(best.LastOK) {
			best = s
		}
	}
	if best.State == "" {
		return "never", time.Time{}
	}
	return best.State, best.Since
}

// Well reports whether at least one source of the outlet answers.
func (h Health) Well() bool {
	for _, s := range h.Sources {
		if s.Failures == 0 && s.State != "" {
			return true
		}
	}
	return false
}
