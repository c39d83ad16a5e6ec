package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/say"
	"diembao/internal/store"
)

// version is the program's own, set by the linker in a release.
var version = "dev"

// house is what the verbs are built from; rooms are opened when a verb asks.
type house struct {
	*verbs
	in        io.Reader
	out, errs io.Writer
	log       *slog.Logger
	closers   []func() error
}

// close closes what was opened, the last first.
func (h *house) close() error {
	var err error
	for i := len(h.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, h.closers[i]())
	}
	h.closers = nil
	return err
}

// overlay is the configuration file laid over the pack: the one named, or
// ./diembao.yaml where there is one.
func (h *house) overlay() string {
	if h.Config != "" {
		return h.Config
	}
	if _, err := os.Stat("diembao.yaml"); !errors.Is(err, fs.ErrNotExist) {
		return "diembao.yaml"
	}
	return ""
}

// pack loads the configuration; what is wrong in it is the user's to mend.
func (h *house) pack() (config.Pack, error) {
	pack, err := config.Load(h.overlay())
	if err != nil {
		return pack, usageError{err}
	}
	return pack, nil
}

func (h *house) words(pack config.Pack) *say.Words { return say.In(pack.Site.Language) }

// store opens the archive; one that may only be read is opened for reading,
// and what wants to write into it says so.
func (h *house) store(ctx context.Context, pack config.Pack) (*store.Store, error) {
	o := store.Options{DSN: pack.Site.Store, Dir: h.Data, Log: h.log}
	s, err := h.storeWith(ctx, o)
	if errors.Is(err, store.ErrReadOnly) {
		h.log.Warn("the archive may only be read here", "dir", h.Data)
		o.ReadOnly = true
		return h.storeWith(ctx, o)
	}
	return s, err
}

func (h *house) storeWith(ctx context.Context, o store.Options) (*store.Store, error) {
	s, err := store.Open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("opening the archive in %s: %w", h.Data, err)
	}
	h.closers = append(h.closers, s.Close)
	return s, nil
}

// archive loads the configuration and opens the archive.
func (h *house) archive(ctx context.Context) (config.Pack, *store.Store, error) {
	pack, err := h.pack()
	if err != nil {
		return pack, nil, err
	}
	s, err := h.store(ctx, pack)
	return pack, s, err
}

// reader is a pipeline that reads, without index or network.
func (h *house) reader(ctx context.Context) (*pipeline.Pipeline, error) {
	pack, err := h.pack()
	if err != nil {
		return nil, err
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		return nil, usageError{err}
	}
	s, err := h.store(ctx, pack)
	if err != nil {
		return nil, err
	}
	p := &pipeline.Pipeline{Store: s, Now: time.Now, Log: h.log}
	p.Use(rules)
	if err := p.Recall(ctx); err != nil {
		return nil, fmt.Errorf("taking up what was learned: %w", err)
	}
	return p, nil
}

// machine is a pipeline with its index, which is rebuilt first where it is
// absent, damaged or of another version.
func (h *house) machine(ctx context.Context) (*pipeline.Pipeline, error) {
	p, err := h.reader(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := p.Rename(ctx); err != nil {
		return nil, err
	}
	return p, h.shelf(ctx, p)
}

// shelf opens the index beside a pipeline's store. Where a running server keeps
// it the pipeline has none: that server follows the archive by itself.
func (h *house) shelf(ctx context.Context, p *pipeline.Pipeline) error {
	err := p.OpenIndex(ctx, filepath.Join(h.Data, "index"))
	if errors.Is(err, pipeline.ErrIndexBusy) {
		h.log.Info("a running server keeps the index and will follow by itself", "dir", h.Data)
		return nil
	}
	if err != nil {
		return err
	}
	h.closers = append(h.closers, p.CloseIndex)
	return nil
}

// fetcher is the way out, for verbs that ask the web. c brings a clock where it
// is not the real one.
func (h *house) fetcher(pack config.Pack, c fetch.Config) (*fetch.Fetcher, error) {
	site := pack.Site.Fetch
	c.Contact, c.Version, c.Log = pack.Site.Contact, version, h.log
	c.Pace, c.Timeout, c.MaxBytes = site.Pace, site.Timeout, site.MaxBytes
	c.Allow, c.Proxy, c.OldTLS = site.Allow, site.Proxy, site.OldTLS
	requests, err := fetch.OpenLog(filepath.Join(h.Data, "requests"), h.log)
	if err != nil {
		return nil, err
	}
	c.Asked = requests.Asked
	f, err := fetch.New(c)
	if errors.Is(err, fetch.ErrNoContact) {
		return nil, usage("%w\nWrite it into diembao.yaml, e.g.\n\n  contact: mailto:truyenthong@coquan.example", err)
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("preparing to ask the web: %w", err)}
	}
	h.closers = append(h.closers, func() error { f.Close(); return requests.Close() })
	return f, nil
}

// lean has the collector of garbage run more often than Go would by itself: a
// crawler's heap is small and short-lived beside the rules it holds, and
// memory is what a small machine lacks. GOGC, where it is set, stands.
func lean() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(35)
	}
}

// articleID finds the article that a person means by an id or an address.
func articleID(p *pipeline.Pipeline, what string) string {
	if strings.Contains(what, "/") {
		return news.ID(news.Canonical(what, p.Rules().Keys))
	}
	return what
}
