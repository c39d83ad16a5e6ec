package main

import (
	"context"
	"errors"
	"fmt"
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
	Phrases bool `help:"Try the topics' phrases on the newest 10,000 articles: those that never match, those that swallow another topic."`
}

func (checkCmd) Help() string {
	return "Example: diembao check --config diembao.yaml --mail\n\nConfiguration mistakes are told with file, line, the wrong text and what would be right; exit 2."
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
		contact(pack), listening(pack), outlets(pack), h.archiveCheck(ctx, pack),
	}
	if c.Mail {
		found = append(found, mailServer(ctx, pack))
	}
	if c.Phrases {
		odd, err := h.phrases(ctx)
		if err != nil {
			return err
		}
		found = append(found, odd...)
	}
	return h.findings(found)
}

// phrases tells what the archive says of the topics' phrases. They are advice:
// what is written is in order.
func (h *house) phrases(ctx context.Context) ([]finding, error) {
	p, err := h.reader(ctx)
	if err != nil {
		return nil, err
	}
	odd, read, err := p.OddPhrases(ctx)
	if err != nil {
		return nil, fmt.Errorf("trying the phrases on the archive: %w", err)
	}
	found := []finding{{"phrases", true, fmt.Sprintf("tried on %d articles, %d to look at", read, len(odd))}}
	for _, o := range odd {
		found = append(found, finding{"phrase", true, fmt.Sprintf("topics.yaml › topics › %s › %s: %q: %s", o.Topic, o.List, o.Phrase, o.Do)})
	}
	return found, nil
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
