package jobs

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// board remembers ticks as the archive does.
type board struct {
	mu    sync.Mutex
	d     db
	t     *testing.T
	last  map[string]time.Time
	taken []string // name and time of each tick taken
	fail  error
}

func (b *board) ticks() Ticks {
	return Ticks{
		Last: func(_ context.Context, name string) (time.Time, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			return b.last[name], b.fail
		},
		Take: func(_ context.Context, name string, due time.Time, then func(any) error) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			if !due.After(b.last[name]) {
				return nil
			}
			b.last[name] = due
			b.taken = append(b.taken, name+" "+due.In(vn).Format("Mon 15:04"))
			b.d.do(b.t, then)
			return nil
		},
	}
}

var vn = time.FixedZone("+07", 7*60*60)

// monday is noon in Viet Nam on 2 March 2026.
var monday = time.Date(2026, 3, 2, 12, 0, 0, 0, vn)

// twoNodes opens two queues on one database with a clock that stands at *now.
func twoNodes(t *testing.T, b *board, now *time.Time, ss ...Schedule) [2]*Queue {
	b.d, b.t, b.last = sqlite(t), t, map[string]time.Time{}
	o := Options{Schedules: ss, Ticks: b.ticks(), Now: func() time.Time { return *now },
		Handlers: map[string]Handler{"report": func(context.Context, string) error { return nil }}}
	return [2]*Queue{opened(t, b.d, o), opened(t, b.d, o)}
}

func TestMissedTickIsMadeUpForOnce(t *testing.T) {
	var b board
	now := monday
	nodes := twoNodes(t, &b, &now, Schedule{Name: "week", Spec: "30 7 * * 1", Kind: "report"}, Schedule{Name: "often", Spec: "*/15 * * * *", Kind: "report"})
	look := func(at time.Time) string {
		now, b.taken = at, nil
		for range 2 {
			nodes[0].tick(ctx)
			nodes[1].tick(ctx)
		}
		return strings.Join(b.taken, ", ")
	}
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{monday, "week Mon 12:00, often Mon 12:00"}, // begins to count
		{monday.Add(time.Minute), ""},
		{monday.Add(15 * time.Minute), "often Mon 12:15"},
		{monday.Add(16 * time.Minute), ""},
		{monday.AddDate(0, 0, 6), "often Sun 12:00"},
		{monday.AddDate(0, 0, 7), "week Mon 07:30, often Mon 12:00"},
		{monday.AddDate(0, 0, 22), "week Mon 07:30, often Tue 12:00"}, // down for two weeks
		{monday.AddDate(0, 0, 21), ""},                                // the clock was set back
		{monday.AddDate(3, 0, 0), "week Mon 07:30, often Fri 12:00"},
	} {
		if got := look(c.at); got != c.want {
			t.Errorf("at %v: %q, want %q", c.at, got, c.want)
		}
	}
}

func TestTickSaysHowLongNothingComes(t *testing.T) {
	var b board
	now := monday
	nodes := twoNodes(t, &b, &now, Schedule{Name: "often", Spec: "*/15 * * * *", Kind: "report"})
	now = monday.Add(14*time.Minute + 50*time.Second)
	if got := nodes[0].tick(ctx); got != 10*time.Second {
		t.Errorf("it sleeps %v, want 10s", got)
	}
	b.fail = errors.New("the disk is full")
	if got := nodes[0].tick(ctx); got > time.Second {
		t.Errorf("after a failure it sleeps %v", got)
	}
}

func TestScheduleIsMeantInVietNamsTime(t *testing.T) {
	for spec, want := range map[string]string{
		"30 7 * * 1":             "2026-03-09 07:30",
		"CRON_TZ=UTC 30 7 * * *": "2026-03-02 14:30",
		"@every 5m":              "2026-03-02 12:05",
		" @daily ":               "2026-03-03 00:00",
	} {
		next, err := ReadSpec(spec)
		must(t, err)
		if got := next(monday).In(vn).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%s: %s, want %s", spec, got, want)
		}
	}
	for _, spec := range []string{"", "CRON_TZ=Asia/Ho_Chi_Minh", "7:30", "CRON_TZ=Mars/Base 0 0 * * *"} {
		if _, err := ReadSpec(spec); err == nil || !strings.Contains(err.Error(), "30 7 * * 1") {
			t.Errorf("%q: %v", spec, err)
		}
	}
}

func TestTicksOnAFastClock(t *testing.T) {
	var b board
	var notes diary
	b.d, b.t, b.last = sqlite(t), t, map[string]time.Time{}
	began := time.Now()
	started(t, b.d, Options{Speed: 10000, Now: func() time.Time { return monday.Add(10000 * time.Since(began)) }, Ticks: b.ticks(),
		Schedules: []Schedule{{Name: "hour", Spec: "@hourly", Kind: "read", Key: "hour"}},
		Handlers:  map[string]Handler{"read": func(_ context.Context, key string) error { notes.note(key); return nil }}})
	soon(t, "three hours passed", func() bool { return strings.Count(notes.read(), "hour") >= 3 })
}
