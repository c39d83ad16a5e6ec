package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"diembao/config"
	"diembao/index"
	"diembao/internal/export"
	"diembao/internal/pipeline"
	"diembao/internal/say"
	"diembao/internal/store"
	"diembao/internal/web"
)

// shownHits is how many articles an answer has where nobody says how many.
const shownHits = 20

// searching answers searches that are written as the search page writes them.
type searching struct {
	p    *pipeline.Pipeline
	pack config.Pack
	now  time.Time
}

// question reads a search from its values.
func (s searching) question(v url.Values) (index.Query, error) {
	q, err := web.Query(v, s.pack.Site.Language, s.now)
	if err != nil {
		return q, usageError{err}
	}
	q.Limit, q.Offset, q.Facets = shownHits, 0, pipeline.Facets
	q.Fold = v.Get("fold") == "yes"
	for name, into := range map[string]*int{"limit": &q.Limit, "offset": &q.Offset} {
		if text := v.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				return q, usage("%s %q is not a number of articles", name, text)
			}
			*into = n
		}
	}
	q.Limit, q.Offset = min(q.Limit, index.MaxLimit), min(q.Offset, index.MaxOffset)
	return q, nil
}

// found answers a search, or finds what is like an article.
func (s searching) found(ctx context.Context, v url.Values) (pipeline.Found, error) {
	q, err := s.question(v)
	if err != nil {
		return pipeline.Found{}, err
	}
	if what := v.Get("like"); what != "" {
		f, err := s.p.Like(ctx, articleID(s.p, what), q.Lang, q.Limit)
		return f, unknownArticle(what, err)
	}
	return s.p.SearchBy(ctx, q, pipeline.Step(v.Get("by")))
}

// unknownArticle says of an article that is not there where its id is to be found.
func unknownArticle(what string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return usage("there is no article %q; `diembao search` shows their ids", what)
	}
	return err
}

// answer is the answer to a search, or what is like an article, as it leaves
// the house; limit bounds a search, the limit asked for what is like.
func (s searching) answer(ctx context.Context, q index.Query, like string, limit int) (export.Answer, error) {
	if like != "" {
		a, err := s.p.AnswerLike(ctx, articleID(s.p, like), q.Lang, q.Limit)
		return a, unknownArticle(like, err)
	}
	return s.p.Answer(ctx, q, limit)
}

// file writes the answer to a search as a file or a feed.
func (s searching) file(ctx context.Context, out io.Writer, v url.Values, format string) error {
	q, err := s.question(v)
	if err != nil {
		return err
	}
	limit := pipeline.AnswerLimit
	if v.Has("limit") {
		limit = q.Limit
	}
	feed := slices.Contains(export.Feeds, format)
	if feed {
		limit, q.Sort = min(limit, web.FeedSize), index.Newest
	}
	a, err := s.answer(ctx, q, v.Get("like"), limit)
	if err != nil {
		return usageError{err}
	}
	words, base := say.In(s.pack.Site.Language), "http://"+s.pack.Site.Listen
	web.Describe(&a, v, base, s.pack, words, s.now)
	if feed {
		return export.WriteFeed(out, format, a, web.FeedAddress(base, format, v, s.now), words)
	}
	return export.Write(out, format, a, words)
}

// file gives write the file named, or stdout; a file that could not be written
// whole is not left behind.
func (h *house) file(name string, write func(io.Writer) error) error {
	if name == "-" {
		return write(h.out)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".diembao-*")
	if err != nil {
		return fmt.Errorf("making a file beside %s: %w", name, err)
	}
	err = errors.Join(write(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", name, err), os.Remove(f.Name()))
	}
	_, err = fmt.Fprintln(h.errs, name)
	return err
}

// serving is the file in which a running server writes its address.
const serving = "serving"

// askServer has the server that keeps the index answer.
func (h *house) askServer(ctx context.Context, v url.Values, format, out string) error {
	body, err := h.getServer(ctx, "/api/search?"+v.Encode()) // which says in words what is wrong with a query
	if err != nil {
		return err
	}
	if format != "" {
		if body, err = h.getServer(ctx, "/search."+format+"?"+v.Encode()); err != nil {
			return err
		}
		return h.file(out, func(w io.Writer) error { _, err := w.Write(body); return err })
	}
	var f pipeline.Found
	if err := json.Unmarshal(body, &f); err != nil {
		return fmt.Errorf("reading the running server's answer: %w", err)
	}
	return h.found(f)
}

func (h *house) getServer(ctx context.Context, page string) ([]byte, error) {
	raw, err := os.ReadFile(filepath.Join(h.Data, serving))
	if err != nil {
		return nil, fmt.Errorf("finding where the server of %s answers: %w", h.Data, err)
	}
	address := strings.TrimSpace(string(raw)) + page
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("asking the running server at %s: %w", address, err)
	}
	own, err := ownServer(address)
	if err != nil {
		return nil, fmt.Errorf("asking the running server at %s: %w", address, err)
	}
	res, err := own.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking the running server: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		return nil, fmt.Errorf("reading the running server's answer: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		var wrong struct{ Error string }
		if json.Unmarshal(body, &wrong) != nil {
			wrong.Error = res.Status
		}
		return nil, usage("%s", wrong.Error)
	}
	return body, nil
}
