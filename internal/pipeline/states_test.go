package pipeline_test

import (
	"testing"
	"time"

	"diembao/internal/pulse"
	"diembao/internal/say"
	"diembao/internal/vi"
)

// states lets half a day pass after the week and looks whether the demo shows
// each state that a source can be in, since when, with evidence in both
// languages and with something to do.
func (w *week) states(t *testing.T) {
	for at := w.press.End(); at.Before(w.press.End().Add(14 * time.Hour)); at = at.Add(2 * time.Hour) {
		w.clock.forward(at)
		w.step(t)
	}
	w.press.Wait = func(d time.Duration) { w.clock.forward(w.clock.Now().Add(d)) }
	defer func() { w.press.Wait = nil }()
	for _, p := range w.press.Papers() {
		if o, ok := w.pack.OutletByID(p.ID); ok && p.Slow > 0 {
			w.clock.forward(w.clock.Now().Add(2 * time.Hour))
			_, err := w.Gather(t.Context(), o)
			must(t, err)
		}
	}
	shown := map[string]string{}
	all, err := w.Store.OutletStates(t.Context())
	must(t, err)
	vietnamese, english := say.In("vi"), say.In("en")
	for _, s := range all {
		t.Logf("%s is %s: %s", s.Outlet, s.State, vietnamese.Tell(s.Evidence))
		shown[s.State] = s.Outlet
		if s.Since.IsZero() || !vietnamese.Has("source."+s.State+".mend") {
			t.Errorf("%s is %s since %s, and nobody says what to do", s.Outlet, s.State, s.Since)
		}
		if s.State == pulse.OK || s.State == pulse.Unchanged {
			continue
		}
		if mine, theirs := vietnamese.Tell(s.Evidence), english.Tell(s.Evidence); !vi.Marked(mine) || vi.Marked(theirs) {
			t.Errorf("%s is %s because of %q, %q", s.Outlet, s.State, mine, theirs)
		}
	}
	for _, state := range []string{pulse.OK, pulse.Quiet, pulse.Unchanged, pulse.Empty, pulse.Blocked, pulse.Moved, pulse.Layout, pulse.Slow, pulse.Dead} {
		if shown[state] == "" {
			t.Errorf("no paper of the demo is %s", state)
		}
	}
}
