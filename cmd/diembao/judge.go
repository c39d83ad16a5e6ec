package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/judge"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

type judgeCmd struct {
	List  bool `help:"Only list the hard cases; nobody is asked."`
	Limit int  `help:"Ask at most so many questions." default:"20" placeholder:"N"`
}

func (judgeCmd) Help() string {
	return "Example: diembao judge --list\n\nAsks the agency's own language model about the newest hard cases and for paragraphs on stories, within the day's budget (judge.* in diembao.yaml). serve does so by itself. What it says is one more reason in a reading, never the only one."
}

type hardRow struct {
	ID        string   `json:"id"`
	Published string   `json:"published"`
	Title     string   `json:"title"`
	Axes      []string `json:"axes"` // whose verdict is in doubt
}

// Run asks, or lists what would be asked.
func (c judgeCmd) Run(ctx context.Context, h *house) error {
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	if _, _, err := follow(ctx, p); err != nil {
		return err
	}
	if c.List {
		return h.hardCases(ctx, p)
	}
	j, err := languageModel(p, h)
	if err != nil {
		return err
	}
	defer j.Close()
	did, err := p.AskJudge(ctx, j, max(1, c.Limit))
	if err != nil {
		return err
	}
	if _, _, err := follow(ctx, p); err != nil {
		return err
	}
	if h.JSON {
		return h.answer(did)
	}
	fmt.Fprintf(h.out, "asked %d, answered %d, rejected %d, faults %d\n", did.Asked, did.Answered, did.Rejected, did.Faults)
	if did.Ended != "" {
		fmt.Fprintln(h.out, did.Ended)
	}
	return nil
}

func (h *house) hardCases(ctx context.Context, p *pipeline.Pipeline) error {
	cases, err := p.HardCases(ctx)
	if err != nil {
		return err
	}
	site, words := p.Rules().Pack.Site.Judge, h.words(p.Rules().Pack)
	rows, lines := []hardRow{}, [][]string{}
	for _, c := range cases {
		doubt := slices.DeleteFunc(slices.Clone(site.Axes), func(axis string) bool { return !judge.Hard(c.Reading, []string{axis}, site.Below) })
		rows = append(rows, hardRow{c.Article.ID, stamp(c.Article.Published), c.Article.Title, doubt})
		lines = append(lines, []string{c.Article.ID, words.Moment(c.Article.Published), strings.Join(doubt, " "), c.Article.Title})
	}
	if h.JSON {
		return h.answer(rows)
	}
	return h.table([]string{"ID", "PUBLISHED", "IN DOUBT", "TITLE"}, lines)
}

// languageModel is the configured one, reached through the address guard. Its
// server may stand in the agency's own network: that host and port, which the
// configuration names, are connected to and no other, whatever the server says.
func languageModel(p *pipeline.Pipeline, h *house) (*judge.Judge, error) {
	site := p.Rules().Pack.Site.Judge
	if !site.On() {
		return nil, usage("no language model is configured; set judge.url and judge.model in diembao.yaml")
	}
	address, err := site.Address()
	if err != nil {
		return nil, usageError{fmt.Errorf("judge.url: %w", err)}
	}
	key, err := site.Secret(os.LookupEnv, os.ReadFile)
	if err != nil {
		return nil, usageError{err}
	}
	to, err := fetch.To(address)
	if err != nil {
		return nil, usageError{fmt.Errorf("judge.url: %w", err)}
	}
	return judge.New(judge.Options{URL: site.URL, Model: site.Model, Key: key, Timeout: site.Timeout, Now: time.Now, Log: h.log,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return to.DialContext(ctx, network, address)
		}})
}

// judgeRound is how many questions one turn of the standing work asks, so that
// what was answered is read soon.
const judgeRound = 20

// judge asks the language model about what came in. The key is read each time:
// a new one is in force at the next turn.
func (s *server) judge(ctx context.Context, _ string) error {
	j, err := languageModel(s.pipeline, s.house)
	if err != nil {
		return err
	}
	defer j.Close()
	did, err := s.pipeline.AskJudge(ctx, j, judgeRound)
	if err != nil || did.Answered == 0 {
		return err
	}
	return s.wake(ctx, "read")
}

// judgeCheck tells whether the language model could be asked; nobody is.
func judgeCheck(site config.Judge) finding {
	if !site.On() {
		return finding{"language model", true, "none (judge.url)"}
	}
	if _, err := site.Secret(os.LookupEnv, os.ReadFile); err != nil {
		return finding{"language model", false, err.Error()}
	}
	says := fmt.Sprintf("%s at %s, at most %d requests and %d tokens a day", site.Model, hostOf(site.URL), site.Requests, site.Tokens)
	if site.Key != "" && strings.HasPrefix(site.URL, "http://") {
		says += "; the key travels unencrypted: use https outside a network of your own"
	}
	return finding{"language model", true, says}
}

// judgeState is what the language model did today.
type judgeState struct {
	Model    string         `json:"model"`
	Day      string         `json:"day"`
	Counts   map[string]int `json:"counts"` // requests, tokens, answered, rejected:…, fault:…
	Requests int            `json:"requests_allowed"`
	Tokens   int            `json:"tokens_allowed"`
	Rests    string         `json:"rests_until,omitempty"`
	Why      string         `json:"why,omitempty"`
}

// examineJudge tells what of today's budget is used, what went wrong, and
// whether the server is left alone.
func (h *house) examineJudge(ctx context.Context, p *pipeline.Pipeline) (*judgeState, []finding, error) {
	site := p.Rules().Pack.Site.Judge
	if !site.On() {
		return nil, nil, nil
	}
	if has, knows, err := p.Store.Version(ctx); err != nil || has < knows {
		return nil, nil, err // an archive of before it could be asked
	}
	now := p.Now()
	day := pipeline.JudgeDay(now)
	counts, err := p.Store.JudgeDay(ctx, day)
	if err != nil {
		return nil, nil, err
	}
	rest, err := p.Store.JudgeRest(ctx, pipeline.JudgeServer(site))
	if err != nil {
		return nil, nil, err
	}
	x := &judgeState{Model: site.Model, Day: day, Counts: counts, Requests: site.Requests, Tokens: site.Tokens}
	var odd []string
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		if strings.Contains(what, ":") {
			odd = append(odd, fmt.Sprintf("%d %s", counts[what], strings.Replace(what, ":", " ", 1)))
		}
	}
	says := fmt.Sprintf("today %d of %d requests, %d of %d tokens, %d answered", counts["requests"], site.Requests, counts["tokens"], site.Tokens, counts["answered"])
	found := []finding{{"language model", true, strings.Join(append([]string{says}, odd...), ", ")}}
	if now.Before(rest.Until) {
		x.Rests, x.Why = stamp(rest.Until), rest.Why
		found = append(found, finding{"language model", false, fmt.Sprintf("left alone until %s after %s in a row: %s", h.words(p.Rules().Pack).Moment(rest.Until), howMany(rest.Faults, "fault"), rest.Why)})
	}
	return x, found, nil
}

// judgeRests tells check what doctor tells, where there is an archive.
func (h *house) judgeRests(ctx context.Context, pack config.Pack, rules *pipeline.Rules) ([]finding, error) {
	pending, err := store.Pending(ctx, store.Options{DSN: pack.Site.Store, Dir: h.Data})
	if err != nil || len(pending) > 0 || !pack.Site.Judge.On() {
		return nil, nil // archiveCheck has told
	}
	s, err := h.store(ctx, pack)
	if err != nil {
		return nil, err
	}
	p := &pipeline.Pipeline{Store: s, Now: time.Now, Log: h.log}
	p.Use(rules)
	_, found, err := h.examineJudge(ctx, p)
	return found, err
}
