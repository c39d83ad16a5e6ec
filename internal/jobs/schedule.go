package jobs

import (
	"context"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // CRON_TZ works where the system has no time zones

	"github.com/robfig/cron/v3"
)

// Schedule says when a job comes due, again and again.
type Schedule struct {
	Name string // under which its last tick is remembered
	Spec string // robfig/cron: "*/15 * * * *", "@every 5m"; in Viet Nam's time where no CRON_TZ= is written
	Kind string
	Key  string
}

// Ticks is where the last ticks are remembered: in the archive, so that a tick
// missed while no process ran is known, and no two nodes take the same one.
type Ticks struct {
	// Last returns the last tick of a schedule; zero if there was none.
	Last func(ctx context.Context, name string) (time.Time, error)
	// Take records a tick and, where no other node has taken it, runs then in
	// the same transaction.
	Take func(ctx context.Context, name string, due time.Time, then func(raw any) error) error
}

type planned struct {
	Schedule
	when cron.Schedule
}

// zone is where a schedule is meant that names no zone.
const zone = "CRON_TZ=Asia/Ho_Chi_Minh "

// ReadSpec checks a schedule as it is written in the configuration and returns
// when it comes due next after a time.
func ReadSpec(spec string) (next func(after time.Time) time.Time, err error) {
	when, err := readSpec(spec)
	if err != nil {
		return nil, err
	}
	return when.Next, nil
}

func readSpec(spec string) (cron.Schedule, error) {
	full := strings.TrimSpace(spec)
	if !strings.HasPrefix(full, "CRON_TZ=") && !strings.HasPrefix(full, "TZ=") {
		full = zone + full
	}
	if _, after, ok := strings.Cut(full, " "); !ok || strings.TrimSpace(after) == "" {
		return nil, fmt.Errorf("the schedule %q says no time; write minute, hour, day, month, weekday, as in \"30 7 * * 1\"", spec)
	}
	when, err := cron.ParseStandard(full)
	if err != nil {
		return nil, fmt.Errorf("the schedule %q: %w; write minute, hour, day, month, weekday, as in \"30 7 * * 1\", or \"@every 15m\"", spec, err)
	}
	return when, nil
}

func readSchedules(ss []Schedule, handlers map[string]Handler) (plan []planned, err error) {
	names := map[string]bool{}
	for _, s := range ss {
		when, err := readSpec(s.Spec)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		if handlers[s.Kind] == nil {
			return nil, fmt.Errorf("%s: nobody does the work %q", s.Name, s.Kind)
		}
		if s.Name == "" || names[s.Name] {
			return nil, fmt.Errorf("the schedule %q has no name, or one that another has", s.Name)
		}
		names[s.Name] = true
		plan = append(plan, planned{s, when})
	}
	return plan, nil
}

// The sleep between two looks at the clock: as long as nothing comes due, but
// not so long that a clock set anew or a machine woken up goes unseen.
const (
	shortest = 20 * time.Millisecond
	longest  = 30 * time.Second
)

// keepTicking enqueues what comes due until ctx ends.
func (q *Queue) keepTicking(ctx context.Context) {
	if len(q.plan) == 0 {
		return
	}
	for {
		wait := min(max(q.realTime(q.tick(ctx)), shortest), longest)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// tick enqueues what is due at the clock's time and returns how long, by that
// clock, nothing will be.
func (q *Queue) tick(ctx context.Context) time.Duration {
	now := q.o.Now()
	wait := time.Duration(float64(longest) * q.o.Speed)
	for _, p := range q.plan {
		next, err := q.tickOne(ctx, p, now)
		if err != nil && ctx.Err() == nil {
			q.o.Log.ErrorContext(ctx, "a schedule could not be kept; it is tried again soon", "schedule", p.Name, "why", err)
			next = now.Add(time.Duration(float64(time.Second) * q.o.Speed))
		}
		if !next.IsZero() {
			wait = min(wait, next.Sub(now))
		}
	}
	return wait
}

// tickOne enqueues one schedule's job if it is due, and returns when it is due
// next. Of several missed ticks the last one is made up for. A schedule never
// seen before begins to count now.
func (q *Queue) tickOne(ctx context.Context, p planned, now time.Time) (time.Time, error) {
	last, err := q.o.Ticks.Last(ctx, p.Name)
	if err != nil {
		return time.Time{}, err
	}
	if last.IsZero() {
		return p.when.Next(now), q.o.Ticks.Take(ctx, p.Name, now, func(any) error { return nil })
	}
	if due := latest(p.when, last, now); !due.IsZero() {
		err = q.o.Ticks.Take(ctx, p.Name, due, func(raw any) error {
			return q.Enqueue(ctx, raw, Job{Kind: p.Kind, Key: p.Key})
		})
	}
	return p.when.Next(now), err
}

// latest returns the last time in (last, now] at which a schedule was due; zero
// if there is none. Behind more than a year of silence it does not look.
func latest(when cron.Schedule, last, now time.Time) (due time.Time) {
	if year := now.AddDate(-1, 0, 0); last.Before(year) {
		last = year
	}
	for next := when.Next(last); !next.IsZero() && !next.After(now); next = when.Next(next) {
		due = next
	}
	return due
}
