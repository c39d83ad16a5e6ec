package web

import (
	"errors"
	"net/http"
	"net/url"

	"diembao/internal/store"
)

// ErrFounder says that the articles to be split off give their story its name.
var ErrFounder = errors.New("the first article of a story gives it its name; split the others off instead")

// storyForm is what a person can say of a story.
type storyForm struct {
	Who, Action string
	Others      []store.StoryState // told lately, to move to or merge with
	Articles    []card             // of this one
}

// targets is how many other stories the form offers.
const targets = 40

func (v *visit) storyForm(p *storyPage, cards []card) error {
	if v.Split == nil || v.Merge == nil || v.Move == nil || v.readOnly() {
		return nil
	}
	found, err := v.Store.Stories(v.ctx, store.StoryFilter{Limit: targets})
	if err != nil {
		return err
	}
	p.Act = &storyForm{Who: v.spoke(), Action: "/story/" + url.PathEscape(p.S.ID), Articles: cards}
	for _, s := range found {
		if s.ID != p.S.ID {
			p.Act.Others = append(p.Act.Others, s)
		}
	}
	return nil
}

// onStory does what a person says of a story, by the same way as the verbs do,
// and shows the story that then has the articles.
func (v *visit) onStory() error {
	if v.Split == nil || v.Merge == nil || v.Move == nil {
		return v.trouble(http.StatusServiceUnavailable, "read-only", "")
	}
	w, ok := v.word()
	if !ok {
		return v.trouble(http.StatusBadRequest, "unsaid", "")
	}
	id, err := v.retell(v.r.PathValue("id"), w)
	switch {
	case errors.Is(err, errUnsaid):
		return v.trouble(http.StatusBadRequest, "unsaid", "")
	case errors.Is(err, ErrFounder):
		return v.trouble(http.StatusConflict, "founder", "")
	}
	v.remember(w.Who)
	return v.keptAt("/story/"+id, err)
}

func (v *visit) retell(id string, w store.Word) (string, error) {
	if _, _, err := v.Store.Story(v.ctx, id); err != nil {
		return "", err
	}
	articles, into := v.r.PostForm["article"], v.r.PostFormValue("into")
	switch do := v.r.PostFormValue("do"); {
	case do == "lock", do == "unlock":
		return id, v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.LockStory(v.ctx, id, do == "lock", w) })
	case do == "split" && len(articles) > 0:
		return v.Split(v.ctx, articles, w)
	case do == "merge" && into != "" && into != id:
		return v.Merge(v.ctx, id, into, w)
	case do == "move" && into != "" && into != id && len(articles) > 0:
		for _, a := range articles {
			if err := v.Move(v.ctx, a, into, w); err != nil {
				return "", err
			}
		}
		return into, nil
	}
	return "", errUnsaid
}

// errUnsaid is that a word lacks what it is about.
var errUnsaid = errors.New("the form lacks something")
