package store

import "context"

// CountKept counts how many of the articles are relevant or uncertain. An id
// that stands twice counts once.
func (v View) CountKept(ctx context.Context, ids []string) (int, error) {
	kept := map[string]bool{}
	err := among(ctx, v.q, func(row scanner) error {
		id, err := scan[string](row)
		kept[id] = true
		return err
	}, `SELECT article_id FROM readings WHERE kept = 1 AND article_id IN ({ids})`, ids)
	return len(kept), failed("count the relevant articles", err)
}
