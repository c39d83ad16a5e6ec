package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/jobs"
	"diembao/internal/pipeline"
	"diembao/internal/store"
	"diembao/internal/web"
)

// server is one process of the standing installation.
type server struct {
	*house
	pack     config.Pack
	roles    []string
	now      func() time.Time
	speed    float64       // how many seconds of now pass in a second
	late     time.Duration // an answer that took longer is late; 0: as pulse has it
	told     func(pipeline.Event)
	ready    func(address string) // called once the pages can be opened
	ask      fetch.Config         // clock and sleep of the way out; zero: the real ones
	pipeline *pipeline.Pipeline
	queue    *jobs.Queue
	endCrawl func() // ends the crawler and waits for it
	readOnly bool
}

func (s *server) has(role string) bool { return !s.readOnly && slices.Contains(s.roles, role) }

// run opens everything, works until ctx ends, and closes in order.
func (s *server) run(ctx context.Context) error {
	listener, err := s.listen()
	if err != nil {
		return err
	}
	if listener != nil {
		defer listener.Close()
	}
	if err := s.open(ctx, listener); err != nil {
		return err
	}
	if err := s.work(ctx); err != nil {
		return err
	}
	err = s.pages(ctx, listener)
	return errors.Join(err, s.stop())
}

// listen takes the web address first: a port in use is said before anything else is done.
func (s *server) listen() (net.Listener, error) {
	if !slices.Contains(s.roles, "web") {
		return nil, nil
	}
	if err := web.CheckListen(s.pack.Site.Listen); err != nil {
		return nil, usageError{err}
	}
	l, err := net.Listen("tcp", s.pack.Site.Listen)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w; is another Điểm Báo running? choose another address with --listen", s.pack.Site.Listen, err)
	}
	return l, nil
}

// address is where the pages are, as a person types it.
func address(l net.Listener) string { return "http://" + l.Addr().String() }

// open opens archive, rules, index, the way out and the queue.
func (s *server) open(ctx context.Context, l net.Listener) error {
	rules, err := pipeline.Compile(s.pack)
	if err != nil {
		return usageError{err}
	}
	archive, err := s.openArchive(ctx)
	if err != nil {
		return err
	}
	p := &pipeline.Pipeline{Store: archive, Now: s.now, Log: s.log, Told: s.told, Late: s.late}
	p.Use(rules)
	s.pipeline = p
	if l != nil {
		p.Web = address(l)
		if err := s.index(ctx, p); err != nil {
			return err
		}
	}
	if s.has("crawl") {
		if p.Fetch, err = s.fetcher(s.pack, s.ask); err != nil {
			return err
		}
		on, err := chosen(s.pack, nil)
		if err != nil {
			return err
		}
		s.browser(p, on)
		if err := s.evidence(ctx, p, s.pack); err != nil {
			return err
		}
	}
	if s.readOnly {
		return nil
	}
	if _, err := p.Rename(ctx); err != nil {
		return err
	}
	return s.openQueue(ctx)
}

// index opens this node's own index. Pages over an archive that may only be
// read do without one where it cannot be opened.
func (s *server) index(ctx context.Context, p *pipeline.Pipeline) error {
	dir := filepath.Join(s.Data, "index")
	err := p.OpenIndex(ctx, dir)
	if err != nil && s.readOnly {
		if read := p.ReadIndex(dir); read != nil {
			s.log.Warn("no search: the index cannot be opened, not even for reading", "why", errors.Join(err, read))
			return nil
		}
		s.log.Warn("the index is searched as it stands, for it can only be read", "why", err)
		err = nil
	}
	if err != nil {
		return err
	}
	s.closers = append(s.closers, p.CloseIndex)
	return nil
}

// openArchive opens the store; where it may only be read, the pages are served from
// what is there.
func (s *server) openArchive(ctx context.Context) (*store.Store, error) {
	o := store.Options{DSN: s.pack.Site.Store, Dir: s.Data, Log: s.log}
	archive, err := s.storeWith(ctx, o)
	if errors.Is(err, store.ErrReadOnly) || errors.Is(err, store.ErrFull) {
		s.log.Warn("the archive can only be read: pages are served, nothing is collected or sent", "why", err)
		s.readOnly, o.ReadOnly = true, true
		return s.storeWith(ctx, o)
	}
	return archive, err
}

func (s *server) openQueue(ctx context.Context) error {
	archive := s.pipeline.Store
	q, err := jobs.Open(jobs.Options{
		Writer: archive.Writer(), Handlers: s.handlers(), Elsewhere: woken, Schedules: s.schedules(), Node: s.node(), Now: s.now, Speed: s.speed, Log: s.queueLog(),
		Ticks: jobs.Ticks{
			Last: archive.LastTick,
			Take: func(ctx context.Context, name string, due time.Time, then func(raw any) error) error {
				return archive.Do(ctx, func(tx *store.Tx) error {
					mine, err := tx.TakeTick(ctx, name, due)
					if err != nil || !mine {
						return err
					}
					return then(tx.Raw())
				})
			},
		},
	})
	if err != nil {
		return err
	}
	s.queue = q
	return q.Migrate(ctx)
}

// shelveEvery is how often a web node looks for new readings.
const shelveEvery = 500 * time.Millisecond

// follow puts new readings into this node's index until ctx ends.
func (s *server) follow(ctx context.Context) {
	for ctx.Err() == nil && s.pipeline.Index != nil {
		if _, err := s.pipeline.Shelve(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the index does not follow the archive", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(shelveEvery):
		}
	}
}

// pages serves the web until ctx ends.
func (s *server) pages(ctx context.Context, l net.Listener) error {
	if l == nil {
		<-ctx.Done()
		return nil
	}
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		s.follow(ctx)
	}()
	srv := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	if err := s.announce(l); err != nil {
		s.log.Warn("other commands will not find this server", "error", err)
	}
	defer os.Remove(filepath.Join(s.Data, serving))
	select {
	case err := <-served:
		return fmt.Errorf("serving the pages on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := srv.Shutdown(end)
	<-followed
	return err
}

// announce tells the terminal, and the other commands on this data directory,
// where the pages are.
func (s *server) announce(l net.Listener) error {
	if s.ready != nil {
		s.ready(address(l))
	} else {
		fmt.Fprintln(s.out, address(l))
	}
	return os.WriteFile(filepath.Join(s.Data, serving), []byte(address(l)+"\n"), 0o600)
}

// apiSearch answers what the command line and programs ask.
func (s *server) apiSearch(ctx context.Context, v url.Values) (any, error) {
	return searching{s.pipeline, s.pack, s.now()}.found(ctx, v)
}
