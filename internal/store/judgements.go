package store

import (
	"context"
	"time"
)

// What a language model is asked about.
const (
	JudgeArticle = "article"
	JudgeStory   = "story"
)

// The states of a question to a language model.
const (
	Asking   = "asking"   // somebody is waiting for the answer, or died meanwhile
	Unasked  = "open"     // no answer came: it may be asked once more
	Answered = "answered" // the answer stands
	Rejected = "rejected" // an answer came and could not be used
)

// twice is how often a question is asked at most: once, and once more where
// whoever asked died before the answer was kept, or no answer came.
const twice = 2

// Question is what a language model is asked: the same subject, model, version
// of the question and text are the same question.
type Question struct {
	Kind    string
	Subject string // id of the article or story
	Model   string
	Prompt  string // version of the question
	Digest  string // of what is asked about
}

// Asked is a question and what became of it.
type Asked struct {
	Question
	State  string
	Tries  int
	At     time.Time // of the last change
	Basis  string    // what the answer rests on, for whoever asked
	Answer string
	Why    string // it was rejected, or not answered
}

// GivenUp reports whether the question will not be asked any more though no
// answer came; stale is the time before which whoever asks must have died.
func (j Asked) GivenUp(stale time.Time) bool {
	return j.Tries >= twice && (j.State == Unasked || j.State == Asking && j.At.Before(stale))
}

const askedColumns = `kind, subject, model, prompt, digest, state, tries, at, basis, answer, why`

const sameQuestion = ` WHERE kind = $1 AND subject = $2 AND model = $3 AND prompt = $4 AND digest = $5`

func (q Question) args(more ...any) []any {
	return append([]any{q.Kind, q.Subject, q.Model, q.Prompt, q.Digest}, more...)
}

// ClaimQuestion notes that a question is being asked and reports whether the
// caller is to ask it: false where it was answered or rejected, where another
// is asking since stale or later, or where it was asked twice.
func (tx *Tx) ClaimQuestion(ctx context.Context, q Question, basis string, now, stale time.Time) (bool, error) {
	n, err := tx.q.exec(ctx, `INSERT INTO judgements (`+askedColumns+`) VALUES ($1, $2, $3, $4, $5, 'asking', 1, $6, $7, '', '')
		ON CONFLICT (kind, subject, model, prompt, digest) DO UPDATE SET state = 'asking', tries = judgements.tries + 1, at = excluded.at, basis = excluded.basis
		WHERE judgements.tries < $8 AND (judgements.state = 'open' OR judgements.state = 'asking' AND judgements.at < $9)`,
		q.args(ms(now), basis, twice, ms(stale))...)
	return n > 0, failed("note that a language model is asked", err)
}

// PutAnswer keeps what became of a question that the caller had claimed. What
// another has settled meanwhile, for the caller was slow, stands.
func (tx *Tx) PutAnswer(ctx context.Context, q Question, state, answer, why string, now time.Time) error {
	_, err := tx.q.exec(ctx, `UPDATE judgements SET state = $6, answer = $7, why = $8, at = $9`+sameQuestion+` AND state = 'asking'`, q.args(state, answer, why, ms(now))...)
	return failed("keep what a language model said", err)
}

// ForgetTry says that the last try was no fault of the question.
func (tx *Tx) ForgetTry(ctx context.Context, q Question) error {
	_, err := tx.q.exec(ctx, `UPDATE judgements SET tries = tries - 1`+sameQuestion+` AND tries > 0`, q.args()...)
	return failed("keep what a language model said", err)
}

func readAsked(row scanner) (j Asked, err error) {
	var changed int64
	err = row.Scan(&j.Kind, &j.Subject, &j.Model, &j.Prompt, &j.Digest, &j.State, &j.Tries, &changed, &j.Basis, &j.Answer, &j.Why)
	j.At = at(changed)
	return j, err
}

// AskedOf returns what a model was asked, by one version of the question,
// about subjects of a kind, by subject, the oldest first.
func (v View) AskedOf(ctx context.Context, kind, model, prompt string, subjects []string) (map[string][]Asked, error) {
	of := map[string][]Asked{}
	err := among(ctx, v.q, func(row scanner) error {
		j, err := readAsked(row)
		if err == nil && j.Kind == kind && j.Model == model && j.Prompt == prompt {
			of[j.Subject] = append(of[j.Subject], j)
		}
		return err
	}, `SELECT `+askedColumns+` FROM judgements WHERE subject IN ({ids}) ORDER BY at, digest`, subjects)
	return of, failed("look up what a language model said", err)
}

// LastAnswer returns the newest answer of any model on a subject; ErrNotFound.
func (v View) LastAnswer(ctx context.Context, kind, subject string) (Asked, error) {
	j, err := first(ctx, v.q, readAsked, `SELECT `+askedColumns+` FROM judgements
		WHERE kind = $1 AND subject = $2 AND state = 'answered' ORDER BY at DESC, digest LIMIT 1`, kind, subject)
	return j, failed("look up what a language model said of "+subject, err)
}

// Spend adds n to what a day has cost of something and reports whether limit
// allows it; where it does not nothing is added.
func (tx *Tx) Spend(ctx context.Context, day, what string, n, limit int) (bool, error) {
	if n > limit {
		return false, nil
	}
	changed, err := tx.q.exec(ctx, `INSERT INTO judge_days (day, what, n) VALUES ($1, $2, $3)
		ON CONFLICT (day, what) DO UPDATE SET n = judge_days.n + excluded.n WHERE judge_days.n + excluded.n <= $4`, day, what, n, limit)
	return changed > 0, failed("count what the language model costs", err)
}

// CountJudge adds n, which may be negative, to what is counted of a day.
func (tx *Tx) CountJudge(ctx context.Context, day, what string, n int) error {
	_, err := tx.q.exec(ctx, `INSERT INTO judge_days (day, what, n) VALUES ($1, $2, $3)
		ON CONFLICT (day, what) DO UPDATE SET n = judge_days.n + excluded.n`, day, what, n)
	return failed("count what the language model did", err)
}

// JudgeDay returns all that is counted of a day.
func (v View) JudgeDay(ctx context.Context, day string) (map[string]int, error) {
	out := map[string]int{}
	err := v.q.query(ctx, func(row scanner) error {
		var what string
		var n int
		err := row.Scan(&what, &n)
		out[what] = n
		return err
	}, `SELECT what, n FROM judge_days WHERE day = $1`, day)
	return out, failed("read what the language model did on "+day, err)
}

// Rest is how long a server that failed is left alone, and why.
type Rest struct {
	Faults int // one after the other, up to now
	Until  time.Time
	Why    string
}

// JudgeRest returns the rest of a server; zero where it has none.
func (v View) JudgeRest(ctx context.Context, server string) (Rest, error) {
	all, err := list(ctx, v.q, func(row scanner) (r Rest, err error) {
		var until int64
		err = row.Scan(&r.Faults, &until, &r.Why)
		r.Until = at(until)
		return r, err
	}, `SELECT faults, until_at, why FROM judge_rests WHERE server = $1`, server)
	return append(all, Rest{})[0], failed("look up how the language model's server is doing", err)
}

// PutJudgeRest keeps the rest of a server.
func (tx *Tx) PutJudgeRest(ctx context.Context, server string, r Rest) error {
	_, err := tx.q.exec(ctx, `INSERT INTO judge_rests (server, faults, until_at, why) VALUES ($1, $2, $3, $4)
		ON CONFLICT (server) DO UPDATE SET faults = excluded.faults, until_at = excluded.until_at, why = excluded.why`, server, r.Faults, ms(r.Until), r.Why)
	return failed("keep how the language model's server is doing", err)
}

// Recent returns the newest articles of ours that came in by themselves, or by
// hand, since a time: with body and reading, the newest first.
func (v View) Recent(ctx context.Context, since time.Time, limit int) ([]Shelf, error) {
	ss, err := list(ctx, v.q, readShelf, `SELECT `+shelfColumns+` WHERE r.kept = 1 AND r.at >= $1 AND a.via IN ('crawl', 'clip')
		ORDER BY r.at DESC, a.id LIMIT $2`, ms(since), limit)
	return ss, failed("look up the newest articles", err)
}

// TouchArticle has an article read again.
func (tx *Tx) TouchArticle(ctx context.Context, id string) error { return tx.touchArticle(ctx, id) }
