package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"diembao/config"
	"diembao/internal/jobs"
	"diembao/internal/notify"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// schedules are those of the standing work. Outlets are visited as they come
// due, by crawl.
func (s *server) schedules() []jobs.Schedule {
	var out []jobs.Schedule
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
	if s.has("read") {
		out["read"] = s.read
		out["watch"] = s.watch
		out["tidy"] = s.tidy
		if s.pack.Site.Judge.On() {
			out["judge"] = s.judge
		}
		out["report-weekly"] = s.reportJob("weekly")
		out["report-daily"] = s.reportJob("daily")
	}
	if s.has("mail") {
		out["notify"] = s.notify
	}
	return out
}

// woken are the kinds of work that wake one another; with the roles on several
// nodes, another may do them.
var woken = []string{"read", "watch", "notify"}

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

// crawl visits the outlets until stop.
func (s *server) crawl(ctx context.Context) {
	outlets := slices.DeleteFunc(slices.Clone(s.pack.Outlets), func(o config.Outlet) bool { return !o.On })
	err := s.pipeline.Crawl(ctx, outlets, s.pack.Site.Fetch.Parallel, func(o config.Outlet, g pipeline.Gathered) {
		var kinds []string
		if g.Articles+g.Edited > 0 {
			kinds = append(kinds, "read")
		}
		if g.Letters > 0 {
			kinds = append(kinds, "notify")
		}
		if len(kinds) == 0 {
			return
		}
		if err := s.wake(ctx, kinds...); err != nil && ctx.Err() == nil {
			s.log.Warn("what came in is read at the next regular turn", "outlet", o.ID, "error", err)
		}
	})
	if err != nil && ctx.Err() == nil {
		s.log.Error("nothing is collected", "error", err)
	}
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
	way, err := post(s.pack.Site.Mail)
	if err != nil {
		return err
	}
	_, err = notify.Run(ctx, s.pipeline.Store, way, s.now, s.log)
	return err
}

// tidy deletes what the configuration no longer keeps, and says so in time when
// the disk will be full.
func (s *server) tidy(ctx context.Context, _ string) error {
	if _, err := s.pipeline.Retain(ctx, s.Data, notify.FileName, false); err != nil {
		return err
	}
	if err := s.pipeline.TendIndex(ctx); err != nil {
		return err
	}
	f, err := s.forecast(ctx, s.pipeline)
	if err != nil {
		return err
	}
	if f.Free < 30*f.PerDay {
		s.log.Warn("the disk will be full within a month", "full", f.Full, "free", megabytes(f.Free), "a_day", megabytes(f.PerDay))
	}
	return s.pipeline.Store.Do(ctx, func(tx *store.Tx) error {
		_, err := tx.DropHours(ctx, s.now().AddDate(0, 0, -120))
		return err
	})
}

// work starts the queue and the crawler.
func (s *server) work(ctx context.Context) error {
	if s.queue == nil {
		return nil
	}
	if len(s.handlers()) > 0 { // a node that only crawls has no other work
		if err := s.queue.Start(ctx); err != nil {
			return err
		}
	}
	if !s.has("crawl") {
		return nil
	}
	lean()
	run, end := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	s.endCrawl = func() { end(); <-done }
	go func() {
		defer close(done)
		var both sync.WaitGroup
		both.Go(func() { s.crawl(run) })
		both.Go(func() { s.prove(run) })
		both.Wait()
	}()
	return nil
}

// node names this process among others on one database: the machine and the
// data directory, which is its alone.
func (h *house) node() string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	dir, err := filepath.Abs(h.Data)
	if err != nil {
		dir = h.Data
	}
	return host + ":" + dir
}

// stop ends the work: what runs may finish for a while.
func (s *server) stop() error {
	if s.queue == nil {
		return nil
	}
	if s.endCrawl != nil {
		s.endCrawl()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return s.queue.Stop(ctx)
}
