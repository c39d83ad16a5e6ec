package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"diembao/config"
	"diembao/internal/judge"
	"diembao/internal/news"
	"diembao/internal/store"
)

// Bounds of what a language model is asked about: news, not an archive that
// was imported.
const (
	judgeSince = 3 * 24 * time.Hour
	judgeLook  = 500 // newest articles looked at
)

// The breaker: after so many faults in a row the server rests, each time twice
// as long; where a person has to do something first it rests at once.
const (
	faultsInARow = 3
	shortRest    = 5 * time.Minute
	longRest     = 6 * time.Hour
	helplessRest = time.Hour
	busyRest     = time.Minute
)

// Why nobody is asked.
var (
	ErrJudgeSpent = errors.New("what the language model may be asked today is spent (judge.requests, judge.tokens)")
	ErrJudgeRests = errors.New("the language model's server is left alone for a while after faults")
	errEnough     = errors.New("as many questions as were wanted")
)

// Judged is what a round of questions brought.
type Judged struct {
	Asked    int    `json:"asked"`
	Answered int    `json:"answered"`
	Rejected int    `json:"rejected"`
	Faults   int    `json:"faults"`
	Ended    string `json:"ended,omitempty"` // why no more was asked, where more could have been
}

// JudgeServer names the server and model whose faults are counted together.
func JudgeServer(j config.Judge) string { return j.URL + " " + j.Model }

// JudgeDay is the day that a budget is for.
func JudgeDay(now time.Time) string { return now.In(config.VN).Format(time.DateOnly) }

// question is what a language model is asked, and what is done with the answer.
type question struct {
	store.Question
	basis  string
	prompt judge.Prompt
	read   func(answer string) (any, error)              // the error is a *judge.Rejected
	then   func(ctx context.Context, tx *store.Tx) error // in the transaction that keeps the answer
}

// asking is one round of questions.
type asking struct {
	p     *Pipeline
	judge *judge.Judge
	site  config.Judge
	limit int
	did   Judged
}

// AskJudge asks the language model for paragraphs on stories with an incident,
// about hard cases, the newest first, and for paragraphs on other stories, until
// limit questions were asked (0: as many as there are), the day's budget is
// spent, or the server is to be left alone. Articles with an answer are read
// again.
func (p *Pipeline) AskJudge(ctx context.Context, j *judge.Judge, limit int) (Judged, error) {
	a := asking{p: p, judge: j, site: p.Rules().Pack.Site.Judge, limit: limit}
	err := a.all(ctx)
	if errors.Is(err, ErrJudgeSpent) || errors.Is(err, ErrJudgeRests) || errors.Is(err, errEnough) {
		a.did.Ended, err = err.Error(), nil
	}
	return a.did, err
}

func (a *asking) all(ctx context.Context) error {
	if err := a.stories(ctx, true); err != nil {
		return err
	}
	cases, err := a.p.HardCases(ctx)
	if err != nil {
		return err
	}
	axes := a.p.Rules().judgeAxes()
	for _, c := range cases {
		if err := a.ask(ctx, aboutArticle(c.Article, axes, c.question)); err != nil {
			return err
		}
	}
	return a.stories(ctx, false)
}

// Hard is an article that a language model would be asked about.
type Hard struct {
	Article  news.Article
	Reading  news.Reading
	question question
}

// HardCases are the newest articles whose reading is in doubt, and which the
// configured model neither answered nor failed to answer twice.
func (p *Pipeline) HardCases(ctx context.Context) ([]Hard, error) {
	rules, now := p.Rules(), p.Now()
	site := rules.Pack.Site.Judge
	recent, err := p.Store.Recent(ctx, now.Add(-judgeSince), judgeLook)
	if err != nil {
		return nil, err
	}
	axes := rules.judgeAxes()
	version := judge.CaseVersion(axes)
	var out []Hard
	var ids []string
	for _, s := range recent {
		if !judge.Hard(s.Reading.Reading, site.Axes, site.Below) {
			continue
		}
		prompt, err := judge.Case(s.Article, axes)
		if err != nil {
			return nil, err
		}
		q := question{Question: store.Question{Kind: store.JudgeArticle, Subject: s.Article.ID, Model: site.Model, Prompt: version, Digest: prompt.Digest()}, prompt: prompt}
		out, ids = append(out, Hard{s.Article, s.Reading.Reading, q}), append(ids, s.Article.ID)
	}
	asked, err := p.Store.AskedOf(ctx, store.JudgeArticle, site.Model, version, ids)
	if err != nil {
		return nil, err
	}
	return waiting(out, asked, p.stale(now)), nil
}

// waiting leaves out what was settled.
func waiting(cases []Hard, asked map[string][]store.Asked, stale time.Time) (out []Hard) {
	for _, c := range cases {
		settled := false
		for _, j := range asked[c.Article.ID] {
			if j.Digest == c.question.Digest {
				settled = j.State == store.Answered || j.State == store.Rejected || j.GivenUp(stale)
			}
		}
		if !settled {
			out = append(out, c)
		}
	}
	return out
}

// stale is the time before which whoever asked and kept nothing must have died.
func (p *Pipeline) stale(now time.Time) time.Time {
	return now.Add(-p.Rules().Pack.Site.Judge.Timeout - time.Minute)
}

// aboutArticle completes the question about an article.
func aboutArticle(art news.Article, axes []judge.Axis, q question) question {
	q.read = func(answer string) (any, error) { return judge.ReadCase(answer, art, axes) }
	q.then = func(ctx context.Context, tx *store.Tx) error { return tx.TouchArticle(ctx, art.ID) }
	return q
}

// ask asks one question, unless somebody else does or did.
func (a *asking) ask(ctx context.Context, q question) error {
	if a.limit > 0 && a.did.Asked >= a.limit {
		return errEnough
	}
	now := a.p.Now()
	day := JudgeDay(now)
	mine, err := a.claim(ctx, q, day, now)
	if err != nil || !mine {
		return err
	}
	a.did.Asked++
	reply, err := a.judge.Ask(ctx, q.prompt)
	var fault *judge.Fault
	if errors.As(err, &fault) {
		return a.failed(ctx, q, fault, day)
	}
	var said any
	if err == nil {
		said, err = q.read(reply.Text)
	}
	var rejected *judge.Rejected
	if err != nil && !errors.As(err, &rejected) {
		return err // the claim grows stale
	}
	return a.keep(ctx, q, reply, said, rejected, day)
}

// claim takes a question and what it may cost, in one transaction: of two
// nodes one asks, and neither more than the day allows.
func (a *asking) claim(ctx context.Context, q question, day string, now time.Time) (mine bool, err error) {
	err = a.p.Store.Do(ctx, func(tx *store.Tx) error {
		rest, err := tx.JudgeRest(ctx, JudgeServer(a.site))
		if err == nil && now.Before(rest.Until) {
			err = fmt.Errorf("%w, until %s: %s", ErrJudgeRests, rest.Until.In(config.VN).Format("15:04 02/01"), rest.Why)
		}
		if err != nil {
			return err
		}
		if mine, err = tx.ClaimQuestion(ctx, q.Question, q.basis, now, a.p.stale(now)); err != nil || !mine {
			return err
		}
		for _, cost := range []struct {
			what        string
			n, mayAtAll int
		}{{"requests", 1, a.site.Requests}, {"tokens", q.prompt.Tokens(), a.site.Tokens}} {
			if ok, err := tx.Spend(ctx, day, cost.what, cost.n, cost.mayAtAll); err != nil || !ok {
				return errors.Join(err, ErrJudgeSpent)
			}
		}
		return nil
	})
	return mine, err
}

// keep keeps an answer, or that it was rejected and why.
func (a *asking) keep(ctx context.Context, q question, reply judge.Reply, said any, rejected *judge.Rejected, day string) error {
	state, text, why, counted := store.Answered, "", "", store.Answered
	if rejected != nil {
		state, why, counted = store.Rejected, rejected.Why+": "+rejected.Says, store.Rejected+":"+rejected.Why
		a.did.Rejected++
		a.p.Log.InfoContext(ctx, "an answer of the language model is rejected", "kind", q.Kind, "id", q.Subject, "why", rejected.Why)
	} else {
		raw, err := json.Marshal(said)
		if err != nil {
			return err
		}
		text = string(raw)
		a.did.Answered++
	}
	now := a.p.Now()
	return a.p.Store.Do(ctx, func(tx *store.Tx) error {
		if err := tx.PutAnswer(ctx, q.Question, state, text, why, now); err != nil {
			return err
		}
		if err := a.settleCosts(ctx, tx, q, reply.Tokens, day, counted); err != nil {
			return err
		}
		rest, err := tx.JudgeRest(ctx, JudgeServer(a.site))
		if err == nil && rest.Faults > 0 {
			err = tx.PutJudgeRest(ctx, JudgeServer(a.site), store.Rest{})
		}
		if err != nil || rejected != nil || q.then == nil {
			return err
		}
		return q.then(ctx, tx)
	})
}

// settleCosts counts what happened, and the tokens that were in truth used in
// place of those that could have been; 0 where the server does not say.
func (a *asking) settleCosts(ctx context.Context, tx *store.Tx, q question, tokens int, day, counted string) error {
	if err := tx.CountJudge(ctx, day, counted, 1); err != nil || tokens == 0 {
		return err
	}
	return tx.CountJudge(ctx, day, "tokens", tokens-q.prompt.Tokens())
}

// failed keeps that no answer came, and how long the server is left alone.
func (a *asking) failed(ctx context.Context, q question, f *judge.Fault, day string) error {
	a.did.Faults++
	now := a.p.Now()
	return a.p.Store.Do(ctx, func(tx *store.Tx) error {
		if err := tx.PutAnswer(ctx, q.Question, store.Unasked, "", f.Code+": "+f.Says, now); err != nil {
			return err
		}
		if err := tx.CountJudge(ctx, day, "fault:"+f.Code, 1); err != nil {
			return err
		}
		if f.Innocent() { // nothing was read by the model
			if err := errors.Join(tx.ForgetTry(ctx, q.Question), tx.CountJudge(ctx, day, "tokens", -q.prompt.Tokens())); err != nil {
				return err
			}
		}
		rest, err := tx.JudgeRest(ctx, JudgeServer(a.site))
		if err != nil {
			return err
		}
		rest = store.Rest{Faults: rest.Faults + 1, Why: f.Says}
		if d := restAfter(rest.Faults, f); d > 0 {
			rest.Until = now.Add(d)
			a.p.Log.WarnContext(ctx, "the language model's server is left alone", "fault", f.Code, "faults", rest.Faults, "until", rest.Until)
		}
		return tx.PutJudgeRest(ctx, JudgeServer(a.site), rest)
	})
}

// restAfter is how long a server is left alone after so many faults in a row.
func restAfter(faults int, f *judge.Fault) time.Duration {
	d := f.Rest
	switch f.Code {
	case "busy":
		d = max(d, busyRest)
	case "key", "redirect":
		d = max(d, helplessRest)
	}
	if more := faults - faultsInARow; more >= 0 {
		d = max(d, min(shortRest<<min(more, 10), longRest))
	}
	return d
}
