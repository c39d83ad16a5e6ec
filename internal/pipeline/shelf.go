package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"diembao/config"
	"diembao/index"
	"diembao/internal/news"
	"diembao/internal/store"
)

// shelfSize is how many documents go into the index in one batch.
const shelfSize = 1000

// mostIncidents bounds the incidents that one word of a query stands for.
const mostIncidents = 1000

// ErrIndexBusy says that another process keeps the index of this data
// directory: it follows the archive itself.
var ErrIndexBusy = errors.New("another process keeps the index of this data directory")

// ErrIndexReadOnly says that this data directory may only be read here.
var ErrIndexReadOnly = errors.New("the index of this data directory may only be read here")

// OpenIndex opens the index in dir. One that is absent, damaged or of another
// version is made anew and filled from the store, for the index may be lost at
// any time. The error wraps ErrIndexBusy where another process has it, and
// ErrIndexReadOnly where it may not be written: ReadIndex opens it then.
func (p *Pipeline) OpenIndex(ctx context.Context, dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return fmt.Errorf("making the data directory: %w", err)
	}
	lock := flock.New(dir + ".lock")
	mine, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("taking the index in %s: %w", dir, orReadOnly(err))
	}
	if !mine {
		return fmt.Errorf("%w (%s)", ErrIndexBusy, dir)
	}
	o := index.Options{Text: p.texts, Means: p.storiesOf, OnError: func(err error) { p.Log.Error("the index had a fault; `diembao reindex` builds it anew", "error", err) }}
	schema := Schema(p.Rules().Pack)
	idx, err := index.Open(dir, schema, o)
	if errors.Is(err, index.ErrRebuild) {
		p.Log.Info("the index is built anew from the archive", "why", err)
		idx, err = index.Create(dir, schema, o)
	}
	if err != nil {
		return errors.Join(orReadOnly(err), lock.Unlock())
	}
	p.Index, p.lock = idx, lock
	return nil
}

// ExamineIndex looks at the index in dir and changes nothing: how many documents
// it holds, and the number of the last reading in it. Errors: fs.ErrNotExist,
// ErrIndexBusy, index.ErrRebuild.
func (p *Pipeline) ExamineIndex(dir string) (documents int, last int64, err error) {
	if _, err := os.Stat(dir); err != nil {
		return 0, 0, fmt.Errorf("looking for the index: %w", err)
	}
	lock := flock.New(dir + ".lock")
	mine, err := lock.TryLock()
	switch {
	case err != nil:
		return 0, 0, fmt.Errorf("taking the index in %s: %w", dir, err)
	case !mine:
		return 0, 0, fmt.Errorf("%w (%s)", ErrIndexBusy, dir)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	idx, err := index.Open(dir, Schema(p.Rules().Pack), index.Options{Text: p.texts})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, idx.Close()) }()
	if documents, err = idx.Count(); err != nil {
		return 0, 0, err
	}
	seen := Pipeline{Index: idx}
	last, err = seen.shelved()
	return documents, last, err
}

func orReadOnly(err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w: %w", ErrIndexReadOnly, err)
	}
	return err
}

// ReadIndex opens the index in dir as it is on disk and writes nothing there:
// where another process keeps it, or the directory may only be read. What that
// process puts later is not seen, and Shelve refuses.
func (p *Pipeline) ReadIndex(dir string) error {
	idx, err := index.OpenReadOnly(dir, Schema(p.Rules().Pack), index.Options{Text: p.texts})
	if err != nil {
		return err
	}
	p.Index = idx
	return nil
}

// CloseIndex writes what the index still has in memory and lets it go.
func (p *Pipeline) CloseIndex() error {
	if p.Index == nil {
		return nil
	}
	err := p.Index.Close()
	if p.lock != nil {
		err = errors.Join(err, p.lock.Unlock())
	}
	return err
}

// texts gives the index the texts it does not keep itself.
func (p *Pipeline) texts(ctx context.Context, ids []string) (map[string]index.Texts, error) {
	found, err := p.Store.Texts(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]index.Texts, len(found))
	for id, t := range found {
		out[id] = index.Texts(t)
	}
	return out, nil
}

// storiesOf are the stories of incidents, which are named by id or by state.
func (p *Pipeline) storiesOf(ctx context.Context, _ string, incidents []string) ([]string, error) {
	var stories []string
	for _, name := range incidents {
		f := store.IncidentFilter{States: []news.State{news.State(name)}, Limit: mostIncidents}
		found, err := p.Store.Incidents(ctx, f)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			one, err := p.Store.Incident(ctx, name)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			found = []store.IncidentState{one}
		}
		for _, i := range found {
			stories = append(stories, i.Story)
		}
	}
	return stories, nil
}

// shelveBatch puts the next readings after the index's mark into the index.
func (p *Pipeline) shelveBatch(ctx context.Context) (int, error) {
	seq, err := p.shelved()
	if err != nil {
		return 0, err
	}
	batch, n, err := p.shelfAfter(ctx, seq)
	if err != nil || n == 0 {
		return 0, err
	}
	return n, p.Index.Apply(ctx, batch)
}

// shelved is the number of the last reading in the index.
func (p *Pipeline) shelved() (int64, error) {
	text, err := p.Index.Mark(store.MarkShelve)
	if err != nil || text == "" {
		return 0, err
	}
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the index's mark %q is no number; `diembao reindex` builds it anew: %w", text, err)
	}
	return seq, nil
}

// shelfAfter is the next batch for the index and how many documents it holds.
func (p *Pipeline) shelfAfter(ctx context.Context, seq int64) (index.Batch, int, error) {
	shelf, err := p.Store.ReadingsAfter(ctx, seq, shelfSize)
	if err != nil || len(shelf) == 0 {
		return index.Batch{}, 0, err
	}
	rules := p.Rules()
	b := index.Batch{Marks: map[string]string{store.MarkShelve: strconv.FormatInt(shelf[len(shelf)-1].Seq, 10)}}
	for _, s := range shelf {
		b.Put = append(b.Put, document(s, rules.Outlet(s.Article.Outlet)))
	}
	return b, len(shelf), nil
}

// Reindex builds the index anew beside the one in use, swaps them and follows
// what came meanwhile. It returns how many documents it put.
func (p *Pipeline) Reindex(ctx context.Context) (int, error) {
	total := 0
	if err := p.Index.Rebuild(ctx, p.everything(ctx, &total)); err != nil {
		return total, fmt.Errorf("building the index anew: %w", err)
	}
	n, err := p.Shelve(ctx)
	return total + n, err
}

// TendIndex builds the index anew if its files are damaged, while what is left
// of it answers, and compacts it if nothing has come for a while.
func (p *Pipeline) TendIndex(ctx context.Context) error {
	if p.Index == nil {
		return nil
	}
	total := 0
	rebuilt, err := p.Index.Heal(ctx, p.everything(ctx, &total))
	if err != nil {
		return fmt.Errorf("tending the index: %w", err)
	}
	if rebuilt {
		p.Log.Warn("the index was damaged and was built anew", "documents", total)
		_, err = p.Shelve(ctx)
		return err
	}
	if _, err := p.Index.Tidy(ctx, time.Minute); err != nil {
		return fmt.Errorf("tending the index: %w", err)
	}
	return nil
}

// everything gives the index all readings, and counts them.
func (p *Pipeline) everything(ctx context.Context, total *int) func(func(index.Batch) error) error {
	return func(put func(index.Batch) error) error {
		for seq := int64(0); ; {
			b, n, err := p.shelfAfter(ctx, seq)
			if err != nil || n == 0 {
				return err
			}
			if err := put(b); err != nil {
				return err
			}
			*total += n
			if seq, err = strconv.ParseInt(b.Marks[store.MarkShelve], 10, 64); err != nil {
				return err
			}
		}
	}
}

// document is an article as the index keeps it.
func document(s store.Shelf, o config.Outlet) index.Doc {
	a, r := s.Article, s.Reading.Reading
	d := index.Doc{ID: a.ID, Title: a.Title, Lead: a.Lead, Body: a.Body, Time: store.When(a)}
	d.Keywords = map[string][]string{"outlet": {a.Outlet}, "relevant": {relevance(r)}}
	for name, value := range map[string]string{
		"level": r.Level, "reach": r.Reach, "kind": o.Kind, "scope": r.Scope, "tone": r.Tone, "role": r.Role,
		"target": r.Target, "lang": a.Lang, "author": a.Author, "form": formOf(a, r), "via": string(a.Via), "story": s.Story, "copy": s.CopyOf,
	} {
		if value != "" {
			d.Keywords[name] = []string{value}
		}
	}
	for name, values := range map[string][]string{"province": both(r.Provinces, r.Current), "topic": r.Topics, "insurance": r.Insurance, "unit": r.Units} {
		if len(values) > 0 {
			d.Keywords[name] = values
		}
	}
	return d
}

// formOf is the form of an article as read; what is no article of the web
// (print, tv, radio) stays what it is.
func formOf(a news.Article, r news.Reading) string {
	if a.Form == "" || a.Form == "news" {
		return first(r.Form, a.Form)
	}
	return a.Form
}

func relevance(r news.Reading) string {
	switch {
	case r.Relevant:
		return "yes"
	case r.Uncertain:
		return "uncertain"
	}
	return "no"
}

// both joins the provinces as named and today's, each once.
func both(named, current []string) []string {
	out := append([]string{}, named...)
	for _, c := range current {
		seen := false
		for _, n := range named {
			seen = seen || n == c
		}
		if !seen {
			out = append(out, c)
		}
	}
	return out
}
