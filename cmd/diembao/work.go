package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"diembao/internal/jobs"
	"diembao/internal/notify"
	"diembao/internal/store"
)

// schedules are the outlets' own and the standing work.
func (s *server) schedules() []jobs.Schedule {
	var out []jobs.Schedule
	for _, o := range s.pack.Outlets {
		if o.On && s.has("crawl") {
			out = append(out, jobs.Schedule{Name: "gather/" + o.ID, Spec: o.Schedule, Kind: "gather", Key: o.ID})
		}
	}
	handled := s.handlers()
	for _, j := range s.pack.Site.Jobs {
		if _, ok := handled[j.Do]; ok && !j.Off {
			out = append(out, jobs.Schedule{Name: j.ID, Spec: j.Schedule, Kind: j.Do})
		}
	}
	return out
}

// handlers is who does which work, by this node's roles.
func (s *server) handlers() map[string]jobs.Handler {
	out := map[string]jobs.Handler{}
	if s.has("crawl") {
		out["gather"] = s.gather
	}
	if s.has("read") {
		out["read"] = s.read
		out["watch"] = s.watch
		out["tidy"] = s.tidy
		out["report-weekly"] = s.reportJob("weekly")
		out["report-daily"] = s.reportJob("daily")
	}
	if s.has("mail") {
		out["notify"] = s.notify
	}
	return out
}

// wake enqueues work that what was just done has made.
func (s *server) wake(ctx context.Context, kinds ...string) error {
	return s.pipeline.Store.Do(ctx, func(tx *store.Tx) error {
		for _, k := range kinds {
			if err := s.queue.Enqueue(ctx, tx.Raw(), jobs.Job{Kind: k}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *server) gather(ctx context.Context, outlet string) error {
	o, ok := s.pack.OutletByID(outlet)
	if !ok {
		return nil // taken out of the configuration since the job was written
	}
	got, err := s.pipeline.Gather(ctx, o)
	if err != nil {
		return err
	}
	if got.Articles+got.Edited > 0 {
		return s.wake(ctx, "read")
	}
	return nil
}

func (s *server) read(ctx context.Context, _ string) error {
	n, err := s.pipeline.Read(ctx)
	if err != nil || n == 0 {
		return err
	}
	return s.wake(ctx, "watch")
}

func (s *server) watch(ctx context.Context, _ string) error {
	changes, err := s.pipeline.Watch(ctx)
	if err != nil || len(changes) == 0 {
		return err
	}
	return s.wake(ctx, "notify")
}

func (s *server) notify(ctx context.Context, _ string) error {
	_, err := notify.Run(ctx, s.pipeline.Store, notify.Post{Mail: s.pack.Site.Mail}, s.now, s.log)
	return err
}

// tidy drops what need not be kept: bodies of irrelevant articles after 30
// days, records of old runs.
func (s *server) tidy(ctx context.Context, _ string) error {
	if _, err := s.pipeline.Store.DropBodies(ctx, s.now().AddDate(0, 0, -30)); err != nil {
		return err
	}
	return s.pipeline.Store.Do(ctx, func(tx *store.Tx) error {
		_, err := tx.DropRuns(ctx, s.now().AddDate(0, 0, -90))
		return err
	})
}

// work starts the queue. An outlet that was never asked is asked at once: who
// starts the program for the first time wants to see it work.
func (s *server) work(ctx context.Context) error {
	if s.queue == nil {
		return nil
	}
	if err := s.queue.Start(ctx); err != nil {
		return err
	}
	for _, j := range s.schedules() {
		if j.Kind != "gather" {
			continue
		}
		last, err := s.pipeline.Store.LastTick(ctx, j.Name)
		if err != nil {
			return err
		}
		if !last.IsZero() {
			continue
		}
		err = s.pipeline.Store.Do(ctx, func(tx *store.Tx) error {
			return s.queue.Enqueue(ctx, tx.Raw(), jobs.Job{Kind: j.Kind, Key: j.Key})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// node names this process among others on one database: the machine and the
// data directory, which is its alone.
func (s *server) node() string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	dir, err := filepath.Abs(s.Data)
	if err != nil {
		dir = s.Data
	}
	return host + ":" + dir
}

// stop ends the work: what runs may finish for a while.
func (s *server) stop() error {
	if s.queue == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return s.queue.Stop(ctx)
}
