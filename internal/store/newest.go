package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"diembao/internal/news"
)

// Entry is an article in a list: without its body, with its reading.
type Entry struct {
	news.Article
	Reading ArticleReading // without verdicts; zero where it is not read yet
	Story   string
	CopyOf  string
}

// Newest lists the articles of a filter, the newest first, by the time they
// are counted by. cursor is empty for the first page; next is the cursor of
// the page after this one, empty on the last. limit 0 is 50.
func (v View) Newest(ctx context.Context, f Filter, limit int, cursor string) (page []Entry, next string, err error) {
	if limit <= 0 {
		limit = 50
	}
	w, at := f.where()
	from, id := fromKept, `r.article_id`
	if f.All {
		from, id = fromAll, `a.id`
	}
	if cursor != "" {
		when, after, ok := strings.Cut(cursor, ".")
		n, err := strconv.ParseInt(when, 10, 64)
		if !ok || err != nil {
			return nil, "", fmt.Errorf("list articles: %q is not a place in this list; begin with the first page", cursor)
		}
		w.add(`(`+at+` < {} OR (`+at+` = {} AND `+id+` > {}))`, n, n, after)
	}
	page, err = list(ctx, v.q, readEntry, `SELECT `+fullColumns+`, coalesce(sa.story_id, ''), coalesce(sa.copy_of, ''),
		coalesce(r.version, 0), coalesce(r.rules, ''), coalesce(r.relevant, 0), coalesce(r.uncertain, 0), coalesce(r.scope, ''),
		coalesce(r.tone, ''), coalesce(r.role, ''), coalesce(r.target, ''), coalesce(r.digest, 0), coalesce(r.risk, 0),
		coalesce(r.level, ''), coalesce(r.reach, ''), coalesce(r.lists, ''), ''`+from+w.sql()+
		` ORDER BY `+at+` DESC, `+id+w.limit(limit+1, 0), w.args...)
	if len(page) > limit {
		page = page[:limit]
		last := page[limit-1].Article
		next = fmt.Sprintf("%d.%s", ms(When(last)), last.ID)
	}
	return page, next, failed("list articles", err)
}

func readEntry(row scanner) (e Entry, err error) {
	var hash string
	rs := newReadingScan(&e.Reading)
	err = readArticle(row, &e.Article, &hash, append([]any{&e.Story, &e.CopyOf}, rs.into()...)...)
	if err == nil {
		err = rs.done()
	}
	if e.Reading.Version > 0 {
		e.Reading.ArticleID = e.ID
	}
	return e, err
}
