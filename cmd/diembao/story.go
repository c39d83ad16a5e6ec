package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diembao/internal/pipeline"
	"diembao/internal/store"
)

type storyCmd struct {
	Split storySplitCmd `cmd:"" help:"Articles out of their story into one of their own."`
	Merge storyMergeCmd `cmd:"" help:"One story into another; of two incidents the elder goes on."`
	Move  storyMoveCmd  `cmd:"" help:"An article into another story."`
	Lock  storyLockCmd  `cmd:"" help:"Close a story: the machine adds nothing to it."`
}

// standsOver tells how long a person's word on a story lasts.
const standsOver = "\n\nWhat people say stands over every later reading."

func (storySplitCmd) Help() string {
	return "Example: diembao story split 98d1dcd9b3070000 4d2d61f20d9f960b --by \"Lan\" --why \"hai bệnh viện khác nhau\"" + standsOver
}

func (storyMergeCmd) Help() string {
	return "Example: diembao story merge s-98d1dcd9b3070000 s-4d2d61f20d9f960b --by \"Lan\" --why \"cùng một việc\"" + standsOver
}

func (storyMoveCmd) Help() string {
	return "Example: diembao story move 98d1dcd9b3070000 s-4d2d61f20d9f960b --by \"Lan\"" + standsOver
}

func (storyLockCmd) Help() string {
	return "Example: diembao story lock s-98d1dcd9b3070000 --by \"Lan\"" + standsOver
}

// said is who says something, and why.
type said struct {
	By  string `help:"Who says so." placeholder:"WHO" required:""`
	Why string `help:"Why." placeholder:"TEXT"`
}

func (s said) word() store.Word { return store.Word{Who: s.By, Why: s.Why, At: time.Now()} }

type storySplitCmd struct {
	Articles []string `arg:"" name:"article" help:"Ids or addresses of the articles."`
	said
}

func (c storySplitCmd) Run(ctx context.Context, h *house) error {
	return h.onStory(ctx, func(p *pipeline.Pipeline) (string, error) {
		ids := make([]string, len(c.Articles))
		for i, a := range c.Articles {
			ids[i] = articleID(p, a)
		}
		return p.Split(ctx, ids, c.word())
	})
}

type storyMergeCmd struct {
	From string `arg:"" help:"The story that ends." placeholder:"STORY"`
	Into string `arg:"" help:"The story that stays." placeholder:"STORY"`
	said
}

func (c storyMergeCmd) Run(ctx context.Context, h *house) error {
	if c.From == c.Into {
		return usage("%s is one story; name two", c.From)
	}
	return h.onStory(ctx, func(p *pipeline.Pipeline) (string, error) { return p.Merge(ctx, c.From, c.Into, c.word()) })
}

type storyMoveCmd struct {
	Article string `arg:"" help:"Id or address of the article."`
	Story   string `arg:"" help:"The story it belongs to."`
	said
}

func (c storyMoveCmd) Run(ctx context.Context, h *house) error {
	return h.onStory(ctx, func(p *pipeline.Pipeline) (string, error) {
		return c.Story, p.Move(ctx, articleID(p, c.Article), c.Story, c.word())
	})
}

type storyLockCmd struct {
	Story string `arg:"" help:"The story."`
	Off   bool   `help:"Open it again."`
	said
}

func (c storyLockCmd) Run(ctx context.Context, h *house) error {
	return h.onStory(ctx, func(p *pipeline.Pipeline) (string, error) {
		return c.Story, p.Store.Do(ctx, func(tx *store.Tx) error { return tx.LockStory(ctx, c.Story, !c.Off, c.word()) })
	})
}

// onStory does something to a story and shows it as it then is.
func (h *house) onStory(ctx context.Context, do func(*pipeline.Pipeline) (string, error)) error {
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	id, err := do(p)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, pipeline.ErrFounder) {
		return usage("%w; `diembao stories` lists the stories, `diembao search` the articles", err)
	}
	if err != nil {
		return err
	}
	st, articles, err := p.Store.Story(ctx, id)
	if err != nil {
		return err
	}
	if h.JSON {
		ids := []string{}
		for _, a := range articles {
			ids = append(ids, a.ID)
		}
		return h.answer(map[string]any{"id": st.ID, "title": st.Title, "locked": st.Locked, "parent": st.Parent, "merged_into": st.Merged, "articles": ids})
	}
	_, err = fmt.Fprintf(h.out, "%s: %d articles, locked %v: %s\n", st.ID, len(articles), st.Locked, st.Title)
	return err
}
