package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/jobs"
	"diembao/internal/pipeline"
	"diembao/internal/store"
	"diembao/internal/web"
)

type checkCmd struct {
	Mail    bool `help:"Speak to the mail server, too; sends nothing."`
	Phrases bool `help:"Try every list of words on the newest 10,000 articles: phrases that never match, that swallow another topic, that tell nothing."`
	Limit   int  `help:"With --phrases: how many are shown; 0: all." default:"60"`
	Crisis  bool `help:"Try the crisis rules on the archive's last 90 days: how often they would have fired."`
	Most    int  `help:"With --crisis: more alerts of level 2 and above than so many are too many; one a week is what people still listen to." default:"13"`
}

func (checkCmd) Help() string {
	return `Example: diembao check --config diembao.yaml --mail
         diembao check --phrases

Configuration mistakes are told with file, line, the wrong text and what would be right; exit 2.

--phrases tells what is in order but does no good, with file, line and what to do: words for topics, forms,
events, roles and blame, words of bad news, threats, leaders, authorities. Your own file comes first; what
never stands in a text comes last.`
}

// finding is one line of a check.
type finding struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Says string `json:"says"`
}

// Run checks what can be checked without asking the press.
func (c checkCmd) Run(ctx context.Context, h *house) error {
	pack, err := h.pack()
	if err != nil {
		return err
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		return usageError{err}
	}
	found := []finding{
		{"configuration", true, "version " + pack.Version + ", rules " + rules.Version()},
		contact(pack), listening(pack), outlets(pack), judgeCheck(pack.Site.Judge), h.archiveCheck(ctx, pack),
	}
	resting, err := h.judgeRests(ctx, pack, rules)
	if err != nil {
		return err
	}
	found = append(found, resting...)
	if c.Mail {
		found = append(found, mailServer(ctx, pack))
	}
	if c.Phrases {
		odd, err := c.phrases(ctx, h)
		if err != nil {
			return err
		}
		found = append(found, odd...)
	}
	if c.Crisis {
		fired, err := h.fired(ctx, pack, c.Most)
		if err != nil {
			return err
		}
		found = append(found, fired)
	}
	return h.findings(found)
}

// phrases tells what the archive says of the lists of words. It is advice: what
// is written is in order.
func (c checkCmd) phrases(ctx context.Context, h *house) ([]finding, error) {
	p, err := h.reader(ctx)
	if err != nil {
		return nil, err
	}
	all, err := config.Phrases(h.overlay())
	if err != nil {
		return nil, usageError{err}
	}
	bar := h.progress(pipeline.LastArticles, "articles")
	odd, read, err := p.OddPhrases(ctx, all, pipeline.Trial{Most: pipeline.LastArticles, Told: func(n int) { _ = bar.Set(n) }})
	if err := errors.Join(err, bar.Exit()); err != nil {
		return nil, fmt.Errorf("trying the phrases on the archive: %w", err)
	}
	found := []finding{{"phrases", true, fmt.Sprintf("%d tried on %d articles, %d to look at", len(all), read, len(odd))}}
	slices.SortStableFunc(odd, func(a, b pipeline.Odd) int {
		return cmp.Or(cmp.Compare(pressing(a, h.overlay()), pressing(b, h.overlay())), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	shown := len(odd)
	if c.Limit > 0 {
		shown = min(shown, c.Limit)
	}
	for _, o := range odd[:shown] {
		found = append(found, finding{"phrase", true, fmt.Sprintf("%s:%d: %s: %q: %s", o.File, o.Line, o.List, o.Text, o.Do)})
	}
	if rest := len(odd) - shown; rest > 0 {
		found = append(found, finding{"phrases", true, fmt.Sprintf("… and %d more: --limit 0", rest)})
	}
	return found, nil
}

// pressing is how soon a phrase should be looked at: what does harm before what
// does nothing, one's own before the pack's.
func pressing(o pipeline.Odd, own string) int {
	n := 0
	if o.File != own {
		n++
	}
	if o.Articles == 0 && o.Meant == "" {
		n += 2
	}
	return n
}

func (h *house) findings(found []finding) error {
	bad := 0
	var lines [][]string
	for _, f := range found {
		mark := "ok"
		if !f.OK {
			mark = "!!"
			bad++
		}
		lines = append(lines, []string{mark, f.What, f.Says})
	}
	if h.JSON {
		if err := h.answer(found); err != nil {
			return err
		}
	} else if err := h.table([]string{"", "WHAT", "SAYS"}, lines); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d checks found something to mend", bad, len(found))
	}
	return nil
}

func contact(pack config.Pack) finding {
	if pack.Site.Contact == "" {
		return finding{"contact", true, "none yet: nothing outside is asked until `contact: mailto:…` stands in diembao.yaml"}
	}
	return finding{"contact", true, pack.Site.Contact}
}

func listening(pack config.Pack) finding {
	if err := web.CheckListen(pack.Site.Listen); err != nil {
		return finding{"listen", false, err.Error()}
	}
	return finding{"listen", true, pack.Site.Listen}
}

func outlets(pack config.Pack) finding {
	on, proven := 0, 0
	for _, o := range pack.Outlets {
		if o.On {
			on++
		}
		if o.On && o.Proven {
			proven++
		}
	}
	return finding{"outlets", on > 0, fmt.Sprintf("%d, of which %d are on, %d of those proven", len(pack.Outlets), on, proven)}
}

// archiveCheck opens the archive as serve would, and says both schemas' versions.
func (h *house) archiveCheck(ctx context.Context, pack config.Pack) finding {
	pending, err := store.Pending(ctx, store.Options{DSN: pack.Site.Store, Dir: h.Data})
	if err != nil {
		return finding{"archive", false, err.Error()}
	}
	if len(pending) > 0 {
		return finding{"archive", true, fmt.Sprintf("%s; %d migrations to run when it is opened", h.Data, len(pending))}
	}
	s, err := h.store(ctx, pack)
	if err != nil {
		return finding{"archive", false, err.Error()}
	}
	t, err := s.Totals(ctx)
	if err != nil {
		return finding{"archive", false, err.Error()}
	}
	q, err := jobs.Open(jobs.Options{Writer: s.Writer(), Log: h.queueLog()})
	if err != nil {
		return finding{"archive", false, err.Error()}
	}
	has, _, err := q.Version(ctx)
	if err != nil {
		return finding{"archive", false, err.Error()}
	}
	schema, _, err := s.Version(ctx)
	if err != nil {
		return finding{"archive", false, err.Error()}
	}
	return finding{"archive", true, fmt.Sprintf("%s: %d articles, %d relevant, %d stories, %d incidents; schema %d, queue %d", s.Engine(), t.Articles, t.Relevant, t.Stories, t.Incidents, schema, has)}
}

// mailServer connects and listens to the greeting.
func mailServer(ctx context.Context, pack config.Pack) finding {
	m := pack.Site.Mail
	if m.SMTP == "" {
		return finding{"mail", false, "no mail server: set mail.smtp, mail.from and mail.alerts in diembao.yaml"}
	}
	if len(m.Alerts) == 0 {
		return finding{"mail", false, "nobody is told of incidents: set mail.alerts in diembao.yaml"}
	}
	way, err := post(m)
	if err != nil {
		return finding{"mail", false, err.Error()}
	}
	conn, err := way.Dial(ctx, "tcp", m.SMTP)
	if err != nil {
		return finding{"mail", false, err.Error()}
	}
	buf := make([]byte, 512)
	err = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, e := conn.Read(buf)
	err = errors.Join(err, e, conn.Close())
	greeting := strings.TrimSpace(string(buf[:n]))
	if m.TLS != "tls" && (err != nil || !strings.HasPrefix(greeting, "220")) {
		return finding{"mail", false, fmt.Sprintf("%s does not greet as a mail server does: %q %v", m.SMTP, greeting, err)}
	}
	return finding{"mail", true, m.SMTP + " " + greeting}
}
