package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/demo"
	"diembao/internal/fetch"
	"diembao/internal/pipeline"
	"diembao/internal/say"
)

type demoCmd struct {
	For    time.Duration `help:"End after so long; without it, when interrupted." placeholder:"90s"`
	Listen string        `help:"Address of the web pages." default:"127.0.0.1:0"`
	Speed  float64       `help:"How many seconds of the week pass in a second." default:"10080" hidden:""`
}

func (demoCmd) Help() string {
	return "Example: diembao demo --for 90s\n\nA week of a small invented press, played in about a minute: articles come in, a crisis unfolds, letters are written. Needs no network and no set-up."
}

// demoMark is the file that tells a demo's data directory from a real one.
const demoMark = "demo"

// Run plays the week.
func (c demoCmd) Run(ctx context.Context, h *house) error {
	if err := h.demoDir(); err != nil {
		return err
	}
	if !h.Debug { // the faults of the press are part of the play and told below
		h.log = slog.New(slog.NewTextHandler(h.errs, &slog.HandlerOptions{Level: slog.LevelError}))
	}
	press, err := demo.Open()
	if err != nil {
		return err
	}
	if c.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	stand, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("opening the demo's newsstand on loopback: %w", err)
	}
	pack, err := h.demoPack(press, stand.Addr().(*net.TCPAddr).Port)
	if err != nil {
		return errors.Join(err, stand.Close())
	}
	pack.Site.Listen = c.Listen
	clock := demo.Clock{Start: press.Start(), Speed: c.Speed}.Run()
	press.Wait = func(d time.Duration) { time.Sleep(time.Duration(float64(d) / c.Speed)) }
	srv := &http.Server{Handler: press.Handler(clock), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(stand) }()
	play := &player{house: h, words: h.words(pack), names: map[string]string{}, troubled: map[string]bool{}}
	for _, o := range pack.Outlets {
		play.names[o.ID] = o.Name
	}
	s := &server{house: h, pack: pack, roles: roles, now: clock, speed: c.Speed, told: play.tell, late: demoLate,
		ask: fetch.Config{Now: clock, Sleep: scaled(c.Speed)}}
	var beside sync.WaitGroup
	var spoken error
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	s.ready = func(address string) {
		play.open(address)
		o := &officer{player: play, p: s.pipeline, press: press, port: stand.Addr().(*net.TCPAddr).Port, now: clock}
		beside.Go(func() {
			if err := o.work(ctx); ctx.Err() == nil { // else the demo was over in the middle of a word
				spoken = err
			}
		})
	}
	err = s.run(ctx)
	leave()
	beside.Wait()
	err = errors.Join(err, spoken)
	play.end()
	err = errors.Join(err, srv.Close())
	if e := <-served; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}

// demoDir makes the data directory new: the demo begins on Monday each time.
// A directory that a demo has not made is left alone.
func (h *house) demoDir() error {
	entries, err := os.ReadDir(h.Data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("looking into the data directory %s: %w", h.Data, err)
	}
	if _, err := os.Stat(filepath.Join(h.Data, demoMark)); len(entries) > 0 && errors.Is(err, fs.ErrNotExist) {
		return usage("%s holds something that is not a demo's; name an empty directory with --data", h.Data)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(h.Data, e.Name())); err != nil {
			return fmt.Errorf("clearing the last demo from %s: %w", h.Data, err)
		}
	}
	if err := os.MkdirAll(h.Data, 0o700); err != nil {
		return fmt.Errorf("making the data directory: %w", err)
	}
	return os.WriteFile(filepath.Join(h.Data, demoMark), []byte("Bản trình diễn của Điểm Báo: mọi báo, người và việc đều hư cấu.\n"), 0o600)
}

// demoPack is the configuration of the demo, written where one can look at it.
func (h *house) demoPack(press *demo.Press, port int) (config.Pack, error) {
	pack, err := config.Default()
	if err != nil {
		return pack, err
	}
	text, err := press.Overlay(port, filepath.Join(h.Data, "mail"), pack.Outlets)
	if err != nil {
		return pack, err
	}
	file := filepath.Join(h.Data, "diembao.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return pack, fmt.Errorf("writing the demo's configuration: %w", err)
	}
	return config.Load(file)
}

// scaled waits on the demo's clock.
func scaled(speed float64) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		t := time.NewTimer(time.Duration(float64(d) / speed))
		defer t.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
			return nil
		}
	}
}

// demoLate is when the demo calls an answer late: a week that passes in a
// minute makes hours of milliseconds.
const demoLate = 15 * time.Minute

// player tells the terminal what happens.
type player struct {
	*house
	words                     *say.Words
	mu                        sync.Mutex
	names                     map[string]string
	troubled                  map[string]bool // sources and pages told already
	articles, relevant, edits int
}

func (p *player) open(address string) {
	fmt.Fprintln(p.out, address)
	fmt.Fprintln(p.out, "Một tuần của làng báo hư cấu bắt đầu. Mở địa chỉ trên để xem; Ctrl+C để dừng.")
}

func (p *player) tell(e pipeline.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e.What {
	case "article":
		p.articles++
		p.line(e, fmt.Sprintf("bài %d", p.articles), e.Title)
	case "edit":
		p.edits++
		p.line(e, "sửa bài", e.Title)
	case "read":
		p.relevant++
	case "source", "page":
		if !p.troubled[e.URL] && e.Detail != "empty" {
			p.troubled[e.URL] = true
			p.line(e, "trục trặc", p.words.Say("source."+e.Detail)+": "+e.URL)
		}
	case "incident":
		if e.Detail != string(crisis.Grown) {
			p.line(e, fmt.Sprintf("MỨC %d", e.Level), "SỰ VIỆC "+steps[e.Detail]+": "+e.Title)
		}
	}
}

// steps says in words what became of an incident.
var steps = map[string]string{
	string(crisis.Opened): "mới", string(crisis.Raised): "lên mức", string(crisis.Reopened): "mở lại", string(crisis.Updated): "có diễn biến",
	string(crisis.Returned): "lại được nhắc", string(crisis.Faded): "lắng xuống", string(crisis.Ended): "khép lại",
}

func (p *player) line(e pipeline.Event, what, text string) {
	if r := []rune(text); len(r) > 110 {
		text = string(r[:109]) + "…"
	}
	fmt.Fprintf(p.out, "%s  %-9s  %-24s %s\n", e.At.In(config.VN).Format("02/01 15:04"), what, p.names[e.Outlet], text)
}

func (p *player) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, "%d bài, %d lượt đọc thấy liên quan, %d bài được sửa, %d nguồn hoặc trang có lỗi. Thư nằm trong %s\n",
		p.articles, p.relevant, p.edits, len(p.troubled), filepath.Join(p.Data, "mail"))
}
