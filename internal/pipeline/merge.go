package pipeline

import (
	"context"
	"errors"
	"path"
	"regexp"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/vi"
)

// mergeWithin is how far back a new address may turn out to be that of a known
// article: papers edit the title in an address, and list a piece under two
// sections, within days.
const mergeWithin = 7 * 24 * time.Hour

// mostCompared bounds the texts that one new article is held against.
const mostCompared = 3

// merge gives an article whose address is new, and whose text its outlet has
// published under another one, the id it has there. It is the same article
// where it has the same time, the same title or number, and half of its
// paragraphs. names are the further names to be kept with the articles.
func (p *Pipeline) merge(ctx context.Context, tx *store.Tx, arts []news.Article) (names map[string]string, err error) {
	ids := make([]string, len(arts))
	for i, a := range arts {
		ids[i] = a.ID
	}
	held, err := tx.Reached(ctx, ids)
	if err != nil {
		return nil, err
	}
	names = map[string]string{}
	late := map[string][]store.Sketch{} // by outlet
	fresh := map[string]news.Article{}  // of this batch
	for i := range arts {
		a := &arts[i]
		if _, known := held[a.ID]; known || a.Body == "" || a.Published.IsZero() { // without a time: a gate's page is the same everywhere
			continue
		}
		if _, ok := late[a.Outlet]; !ok {
			if late[a.Outlet], err = tx.Sketches(ctx, a.Outlet, p.Now().Add(-mergeWithin)); err != nil {
				return nil, err
			}
		}
		twin, err := twinOf(ctx, tx, *a, late[a.Outlet], fresh)
		if err != nil {
			return nil, err
		}
		if twin != "" {
			names[a.Canonical], a.ID = twin, twin
			continue
		}
		fresh[a.ID] = *a
		late[a.Outlet] = append(late[a.Outlet], store.Sketch{ID: a.ID, URL: a.URL, Title: a.Title, Published: a.Published})
	}
	return names, nil
}

// twinOf is the id of a known article that a is; empty where there is none.
func twinOf(ctx context.Context, tx *store.Tx, a news.Article, known []store.Sketch, fresh map[string]news.Article) (string, error) {
	title, number, compared := "", "", 0
	for _, k := range known {
		if k.ID == a.ID || !k.Published.Equal(a.Published) {
			continue
		}
		if title == "" {
			title, number = vi.Key(a.Title), numberOf(a.URL)
		}
		if vi.Key(k.Title) != title && (number == "" || numberOf(k.URL) != number) {
			continue
		}
		if compared++; compared > mostCompared {
			return "", nil
		}
		old, ok := fresh[k.ID]
		if !ok {
			var err error
			if old, err = tx.Article(ctx, k.ID); errors.Is(err, store.ErrNotFound) {
				continue
			} else if err != nil {
				return "", err
			}
		}
		if sharesText(old, a) && sharesText(a, old) {
			return k.ID, nil
		}
	}
	return "", nil
}

var longNumber = regexp.MustCompile(`\d{4,}`)

// numberOf is the last long number of an address: most papers' systems name
// articles by one.
func numberOf(url string) string {
	all := longNumber.FindAllString(path.Base(url), -1)
	if all == nil {
		return ""
	}
	return all[len(all)-1]
}
