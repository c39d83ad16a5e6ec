package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/demo"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/notify"
	"diembao/internal/pipeline"
	"diembao/internal/say"
	"diembao/internal/store"
)

type drillCmd struct {
	Kind string        `help:"What crisis: arrest, leak, refusal." default:"refusal"`
	For  time.Duration `help:"It must be done within so long." default:"60s"`
	Mail string        `help:"Keep the letters in this folder." type:"path" placeholder:"DIR"`
	Look time.Duration `help:"Leave the incident's page open for so long after." placeholder:"5m"`
}

func (drillCmd) Help() string {
	return "Example: diembao drill --kind arrest --for 60s\n\n" +
		"A made-up crisis through the whole chain by this installation's own configuration: a press on loopback, crawl, reading, story, crisis, letters, page. " +
		"It has an archive of its own, marks everything DIỄN TẬP / DRILL, and nothing leaves this machine: letters become files. Exit 1 where a step fails."
}

// drill is one exercise as it goes.
type drill struct {
	*server
	words *say.Words
	press *demo.Press
	sink  string // where the letters go
	began time.Time
	took  time.Duration // from the articles on the web to the letters

	incident news.Incident
	page     string // its address
}

// drillStep is what one step took and said.
type drillStep struct {
	Step string  `json:"step"`
	MS   float64 `json:"ms"`
	OK   bool    `json:"ok"`
	Says string  `json:"says"`
	Mend string  `json:"mend,omitempty"`
}

type drillAnswer struct {
	Kind      string      `json:"kind"`
	OK        bool        `json:"ok"`
	LatencyMS float64     `json:"article_to_letter_ms"`
	Letters   string      `json:"letters,omitempty"`
	Steps     []drillStep `json:"steps"`
}

// Run plays the exercise.
func (c drillCmd) Run(ctx context.Context, h *house) error {
	kinds, err := demo.Drills()
	if err != nil {
		return err
	}
	if !slices.Contains(kinds, c.Kind) {
		return usage("there is no drill %q; the drills are %s", c.Kind, strings.Join(kinds, ", "))
	}
	pack, err := h.pack()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "diembao-drill-")
	if err != nil {
		return fmt.Errorf("making a directory for the drill: %w", err)
	}
	h.closers = append(h.closers, func() error { return os.RemoveAll(scratch) })
	d := h.newDrill(pack, scratch, c)
	a := drillAnswer{Kind: c.Kind}
	within, cancel := context.WithTimeout(ctx, c.For)
	defer cancel()
	a.Steps = d.play(within, c.Kind)
	a.OK, a.Letters, a.LatencyMS = a.Steps[len(a.Steps)-1].OK, c.Mail, milliseconds(d.took)
	if err := d.report(a); err != nil || !a.OK {
		return errors.Join(err, d.failed(a))
	}
	return d.look(ctx, c.Look)
}

// newDrill is the installation shut in: its own rules and recipients, but
// another archive, no outlets of the world, no mail server, no proxy.
func (h *house) newDrill(pack config.Pack, scratch string, c drillCmd) *drill {
	verbs := *h.verbs
	verbs.Data = scratch
	in := *h
	in.verbs, in.closers = &verbs, nil
	if !h.Debug { // what goes wrong is told by the step
		in.log = slog.New(slog.DiscardHandler)
	}
	words := h.words(pack)
	site := &pack.Site
	site.Name, site.Contact, site.Listen = words.Say("drill.name", "Name", site.Name), "mailto:dien-tap@diembao.localhost", "127.0.0.1:0"
	site.Store, site.Mail.SMTP, site.Mail.Operators = store.SQLite, "", nil
	site.Fetch.Proxy, site.Fetch.OldTLS, site.Fetch.Pace = "", nil, time.Millisecond
	site.Mail.Folder = filepath.Join(scratch, "mail")
	if c.Mail != "" {
		site.Mail.Folder = c.Mail
	}
	d := &drill{words: words, sink: site.Mail.Folder, server: &server{house: &in, pack: pack, roles: []string{"web"}, now: time.Now, speed: 1}}
	h.closers = append(h.closers, in.close)
	return d
}

// play takes one step after the other until one fails.
func (d *drill) play(ctx context.Context, kind string) []drillStep {
	var out []drillStep
	for _, s := range []struct {
		name string
		do   func(context.Context) (string, error)
	}{
		{"press", func(ctx context.Context) (string, error) { return d.openPress(ctx, kind) }},
		{"crawl", d.crawl}, {"read", d.read}, {"story", d.story}, {"crisis", d.crisis}, {"outbox", d.outbox}, {"letter", d.letter}, {"page", d.show},
	} {
		began := time.Now()
		says, err := s.do(ctx)
		step := drillStep{Step: s.name, MS: milliseconds(time.Since(began)), OK: err == nil, Says: says}
		if err != nil {
			step.Says, step.Mend = err.Error(), d.words.Say("drill.mend."+s.name)
		}
		if out = append(out, step); err != nil {
			break
		}
	}
	return out
}

// openPress serves the made-up papers on loopback and shuts the way out to
// everything else: no other name is ever resolved.
func (d *drill) openPress(ctx context.Context, kind string) (string, error) {
	stand, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("opening a newsstand on loopback: %w", err)
	}
	d.began = time.Now()
	if d.press, err = demo.Drill(kind, d.began); err != nil {
		return "", errors.Join(err, stand.Close())
	}
	srv := &http.Server{Handler: d.press.Handler(time.Now), ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(stand) // ends with Close
	d.closers = append(d.closers, srv.Close)
	if d.pack.Outlets, err = d.press.Outlets(stand.Addr().(*net.TCPAddr).Port); err != nil {
		return "", err
	}
	d.pack.Site.Fetch.Allow = []string{stand.Addr().String()}
	d.ask = fetch.Config{Resolve: loopbackOnly}
	if err := d.machinery(ctx); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: %d", stand.Addr(), len(d.press.Articles())), nil
}

// loopbackOnly resolves the names of the made-up papers and refuses all others.
func loopbackOnly(_ context.Context, host string) ([]netip.Addr, error) {
	if strings.HasSuffix(host, ".localhost") {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}, nil
	}
	return nil, fmt.Errorf("%s: nothing leaves this machine in a drill", host)
}

// machinery opens the archive, the rules and the way to the press.
func (d *drill) machinery(ctx context.Context) error {
	rules, err := pipeline.Compile(d.pack)
	if err != nil {
		return err
	}
	archive, err := d.storeWith(ctx, store.Options{DSN: store.SQLite, Dir: d.Data, Log: d.log})
	if err != nil {
		return err
	}
	d.pipeline = &pipeline.Pipeline{Store: archive, Now: time.Now, Log: d.log, Drill: true}
	d.pipeline.Use(rules)
	if d.pipeline.Fetch, err = d.fetcher(d.pack, d.ask); err != nil {
		return err
	}
	pages, err := d.listen()
	if err != nil {
		return err
	}
	d.pipeline.Web = address(pages)
	srv := &http.Server{Handler: d.handler(), ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(pages) // ends with Close
	d.closers = append(d.closers, srv.Close)
	return nil
}

func (d *drill) crawl(ctx context.Context) (string, error) {
	taken, want := 0, len(d.press.Articles())
	for _, o := range d.pack.Outlets {
		g, err := d.pipeline.Gather(ctx, o)
		if err != nil {
			return "", err
		}
		taken += g.Articles
	}
	return allOf(taken, want)
}

func (d *drill) read(ctx context.Context) (string, error) {
	if _, err := d.pipeline.Read(ctx); err != nil {
		return "", err
	}
	t, err := d.pipeline.Store.Totals(ctx)
	if err != nil {
		return "", err
	}
	return allOf(t.Relevant, len(d.press.Articles()))
}

func (d *drill) story(ctx context.Context) (string, error) {
	found, err := d.pipeline.Store.Stories(ctx, store.StoryFilter{})
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%d stories, want 1", len(found))
	}
	return found[0].Title, nil
}

func (d *drill) crisis(ctx context.Context) (string, error) {
	found, err := d.pipeline.Watch(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range found {
		if c.Incident.Level >= news.AlertLevel {
			d.incident = c.Incident
			return d.words.Say(fmt.Sprintf("level.%d", c.Incident.Level)) + ": " + strongest(c.Incident.Reasons, d.pack.Crisis.Threats, d.words), nil
		}
	}
	return "", fmt.Errorf("no incident of level %d or above", news.AlertLevel)
}

func (d *drill) outbox(ctx context.Context) (string, error) {
	found, err := d.pipeline.Store.Letters(ctx, store.LetterFilter{})
	if err != nil {
		return "", err
	}
	var to []string
	for _, l := range found {
		if !strings.HasPrefix(l.Subject, d.words.Say("drill.subject")) {
			return "", fmt.Errorf("a letter does not say that this is a drill: %q", l.Subject)
		}
		to = append(to, l.To)
	}
	if len(to) == 0 {
		return "", errors.New("no letter was written")
	}
	return strings.Join(to, ", "), nil
}

func (d *drill) letter(ctx context.Context) (string, error) {
	sent, err := notify.Run(ctx, d.pipeline.Store, notify.Post{Mail: d.pack.Site.Mail}, time.Now, d.log)
	d.took = time.Since(d.began)
	if err == nil && (sent.Sent == 0 || sent.Failed+sent.Dead > 0) {
		err = fmt.Errorf("%d written, %d failed", sent.Sent, sent.Failed+sent.Dead)
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d → %s", sent.Sent, d.sink), nil
}

// show opens the incident's page as a person would.
func (d *drill) show(ctx context.Context) (string, error) {
	d.page = d.pipeline.Web + "/incident/" + d.incident.ID
	client, err := ownServer(d.pipeline.Web)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.page, nil)
	if err != nil {
		return "", err
	}
	res, err := client.Do(req)
	if err != nil {
		return "", fmt.Errorf("opening %s: %w", d.page, err)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return "", fmt.Errorf("opening %s: %w", d.page, err)
	}
	if res.StatusCode != http.StatusOK || !strings.Contains(string(body), d.words.Say("drill.banner")) {
		return "", fmt.Errorf("%s answered %s, or does not say that this is a drill", d.page, res.Status)
	}
	return "200, DIỄN TẬP / DRILL", nil
}

func allOf(n, want int) (string, error) {
	says := fmt.Sprintf("%d / %d", n, want)
	if n < want {
		return "", errors.New(says)
	}
	return says, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// report tells how it went.
func (d *drill) report(a drillAnswer) error {
	if d.JSON {
		return d.answer(a)
	}
	fmt.Fprintln(d.out, d.words.Say("drill.banner"))
	var lines [][]string
	for _, s := range a.Steps {
		mark := "ok"
		if !s.OK {
			mark = "!!"
		}
		lines = append(lines, []string{mark, d.words.Say("drill.step." + s.Step), d.words.Decimal(s.MS/1000, 2) + " s", s.Says})
	}
	if err := d.table(strings.Split(d.words.Say("drill.head"), "|"), lines); err != nil || !a.OK {
		return err
	}
	fmt.Fprintln(d.out, d.words.Say("drill.passed", "Latency", d.words.Decimal(d.took.Seconds(), 2)+" s"))
	if a.Letters != "" {
		fmt.Fprintln(d.out, d.words.Say("drill.letters", "Dir", a.Letters))
	}
	return nil
}

// failed says at which step it failed, and the mend; nil where it passed.
func (d *drill) failed(a drillAnswer) error {
	last := a.Steps[len(a.Steps)-1]
	if last.OK {
		return nil
	}
	return errors.New(d.words.Say("drill.failed", "Step", d.words.Say("drill.step."+last.Step), "Mend", last.Mend) + " (" + last.Says + ")")
}

// look leaves the pages open for a while.
func (d *drill) look(ctx context.Context, long time.Duration) error {
	if long <= 0 {
		return nil
	}
	fmt.Fprintln(d.errs, d.words.Say("drill.look", "Page", d.page, "For", long.String()))
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	<-ctx.Done()
	return nil
}
