package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"diembao/index"
)

// engine answers questions, and says how it did.
type engine interface {
	name() string
	ask(ctx context.Context, q question) error
}

var fields = []string{"level", "outlet", "province", "topic", "tone"}

type ours struct {
	*index.Index
	dir      string
	archive  *archive
	faceting []string
}

// newOurs makes an empty index, or opens one that an earlier run filled.
func newOurs(dir string, a *archive) (o *ours, kept bool, err error) {
	o = &ours{dir: dir, archive: a, faceting: fields}
	schema := index.Schema{Version: "bench"}
	for _, f := range fields {
		schema.Fields = append(schema.Fields, index.Field{Name: f})
	}
	options := index.Options{Text: o.texts}
	if o.Index, err = index.Open(dir, schema, options); err == nil {
		n, err := o.Count()
		if err != nil || n == a.size {
			return o, true, err
		}
		if err := o.Close(); err != nil {
			return nil, false, err
		}
	} else if !errors.Is(err, index.ErrRebuild) {
		return nil, false, err
	}
	o.Index, err = index.Create(dir, schema, options)
	return o, false, err
}

func (o *ours) name() string { return "diembao" }

// texts makes the texts anew: what a store would take to read them is not part of this.
func (o *ours) texts(_ context.Context, ids []string) (map[string]index.Texts, error) {
	out := make(map[string]index.Texts, len(ids))
	for _, id := range ids {
		out[id] = o.archive.texts(numberOf(id))
	}
	return out, nil
}

// online puts documents as they come, a few at a time.
func (o *ours) online(ctx context.Context, from, n int) (time.Duration, error) {
	started := time.Now()
	for i := from; i < from+n; i += 50 {
		batch := make([]index.Doc, 0, 50)
		for j := i; j < min(i+50, from+n); j++ {
			batch = append(batch, o.archive.doc(j))
		}
		if err := o.Put(ctx, batch); err != nil {
			return 0, err
		}
	}
	return time.Since(started), nil
}

func (o *ours) rebuild(ctx context.Context, progress func(int)) error {
	return o.Rebuild(ctx, func(put func(index.Batch) error) error {
		for i := 0; i < o.archive.size; i += 1000 {
			var b index.Batch
			for j := i; j < min(i+1000, o.archive.size); j++ {
				b.Put = append(b.Put, o.archive.doc(j))
			}
			if err := put(b); err != nil {
				return err
			}
			progress(min(i+1000, o.archive.size))
		}
		return nil
	})
}

func (o *ours) ask(ctx context.Context, q question) error {
	text := strings.Join(q.words, " ")
	ask := index.Query{Limit: 20, Now: lastMoment}
	switch q.kind {
	case "and":
		text = strings.Join(q.words, " AND ")
	case "phrase":
		text = `"` + text + `"`
	case "or8":
		text = strings.Join(q.words, " OR ")
	case "wildcard":
		text = string([]rune(text)[:2]) + "*"
	case "90d+facets":
		ask.From, ask.Facets, ask.Highlight = lastMoment.Add(-90*24*time.Hour), slices.Clone(o.faceting), true
	case "newest":
		ask.Sort = index.Newest
	case "weeks":
		ask.Limit, ask.Facets = 0, []string{index.FacetDay}
	}
	ask.Text = text
	if _, err := o.Search(ctx, ask); err != nil {
		return fmt.Errorf("%s %q: %w", q.kind, text, err)
	}
	return nil
}

func bytesIn(dir string) (size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}
