package store

import "time"

// State says in one word how the outlet is doing, and since when: as the
// pipeline judged it, else the state of its healthiest source, for one feed
// that answers is enough to hear of news. "never" where none was asked yet.
func (h Health) State() (string, time.Time) {
	if h.As.State != "" {
		return h.As.State, h.As.Since
	}
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

// Evidence is what was seen that made the outlet's state, in words.
func (h Health) Evidence() string {
	if h.As.State != "" || len(h.Sources) == 0 {
		return h.As.Evidence
	}
	return h.Sources[0].Evidence
}

// Well reports whether the outlet can be read: one of its sources answers, and
// its pages are what they were.
func (h Health) Well() bool {
	switch h.As.State {
	case "":
	case "blocked", "layout-changed", "dead":
		return false
	}
	for _, s := range h.Sources {
		if s.Failures == 0 && s.State != "" {
			return true
		}
	}
	return false
}
