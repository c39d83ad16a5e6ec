package store

import (
	"context"
	"time"
)

// Evidence says where the archived answer lies that a version of an article,
// or its removal, is proved by.
type Evidence struct {
	ArticleID string
	Version   int
	Kind      string    // page, gone
	Record    string    // id of the record in its file
	Refers    string    // record that holds the page, where this one repeats it
	URL       string    // the address that answered
	At        time.Time // when the answer was complete
	File      string    // relative to the data directory, with slashes
	Offset    int64     // in File
	Length    int64     // in File
	SHA256    string    // of these bytes, hexadecimal
	Payload   string    // SHA-256 of the page itself, hexadecimal
}

const evidenceColumns = `article_id, version, kind, record, refers, url, at, file, start, size, sha256, payload`

// PutEvidence lists evidence. What is listed for a version and kind stands: a
// second piece is not listed, nor one of an article that is not in the archive.
func (tx *Tx) PutEvidence(ctx context.Context, es []Evidence) error {
	ids := make([]string, len(es))
	for i, e := range es {
		ids[i] = e.ArticleID
	}
	known, err := tx.Standings(ctx, ids)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, e := range es {
		if _, ok := known[e.ArticleID]; ok {
			rows = append(rows, []any{e.ArticleID, e.Version, e.Kind, e.Record, e.Refers, e.URL, ms(e.At), e.File, e.Offset, e.Length, e.SHA256, e.Payload})
		}
	}
	err = tx.q.insert(ctx, `INSERT INTO evidence (`+evidenceColumns+`)`, `ON CONFLICT (article_id, version, kind) DO NOTHING`, rows)
	return failed("list evidence", err)
}

// Evidence lists the evidence of articles, by id, oldest version first.
func (v View) Evidence(ctx context.Context, ids []string) (map[string][]Evidence, error) {
	out := map[string][]Evidence{}
	err := among(ctx, v.q, func(row scanner) error {
		e, err := readEvidence(row)
		out[e.ArticleID] = append(out[e.ArticleID], e)
		return err
	}, `SELECT `+evidenceColumns+` FROM evidence WHERE article_id IN ({ids}) ORDER BY article_id, version, at`, ids)
	return out, failed("look up evidence", err)
}

// EvidenceListed says how far each file of evidence is listed, in bytes.
func (v View) EvidenceListed(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	err := v.q.query(ctx, func(row scanner) error {
		var file string
		var end int64
		err := row.Scan(&file, &end)
		out[file] = end
		return err
	}, `SELECT file, max(start + size) FROM evidence GROUP BY file`)
	return out, failed("look up how far the files of evidence are listed", err)
}

// Reached says how far the reading of an article has come.
type Reached struct {
	Version int  // the newest text
	Read    int  // the text that was read last; 0: none
	Kept    bool // it was relevant or uncertain
}

// Reached returns how far the reading of articles has come, by id.
func (v View) Reached(ctx context.Context, ids []string) (map[string]Reached, error) {
	out := make(map[string]Reached, len(ids))
	err := among(ctx, v.q, func(row scanner) error {
		var id string
		var r Reached
		var kept int
		err := row.Scan(&id, &r.Version, &r.Read, &kept)
		r.Kept = kept == 1
		out[id] = r
		return err
	}, `SELECT a.id, a.version, coalesce(r.version, 0), coalesce(r.kept, 0)
		FROM articles a LEFT JOIN readings r ON r.article_id = a.id WHERE a.id IN ({ids})`, ids)
	return out, failed("look up how far articles were read", err)
}

// Unproved returns the version of an article of which no answer is archived; 0
// where there is one, or where the version was read and does not concern us.
func (v View) Unproved(ctx context.Context, id string) (int, error) {
	n, err := list(ctx, v.q, scan[int], `SELECT a.version FROM articles a LEFT JOIN readings r ON r.article_id = a.id AND r.version = a.version
		WHERE a.id = $1 AND coalesce(r.kept, 1) = 1 AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.article_id = a.id AND e.version = a.version AND e.kind = 'page')`, id)
	if err != nil || len(n) == 0 {
		return 0, failed("look up what is unproved of "+id, err)
	}
	return n[0], nil
}

// EvidenceGrowth is how many bytes of evidence were listed since a time.
func (v View) EvidenceGrowth(ctx context.Context, since time.Time) (int64, error) {
	n, err := first(ctx, v.q, scan[int64], `SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM evidence WHERE at >= $1`, ms(since))
	return n, failed("count the evidence", err)
}

// Arrived returns when the first article was seen, and how many were since a time.
func (v View) Arrived(ctx context.Context, since time.Time) (first time.Time, late int, err error) {
	err = v.q.query(ctx, func(row scanner) error {
		var seen int64
		err := row.Scan(&seen, &late)
		first = at(seen)
		return err
	}, `SELECT coalesce(min(first_seen), 0), coalesce(sum(CASE WHEN first_seen >= $1 THEN 1 ELSE 0 END), 0) FROM articles`, ms(since))
	return first, late, failed("count the articles that came", err)
}

// EvidenceAge names a file of evidence and what retention needs of it.
type EvidenceAge struct {
	File   string
	Pieces int
	Bytes  int64
	Newest time.Time // of all evidence of the articles in it: an article's evidence goes as a whole
	Held   bool      // something in it belongs to an incident under legal hold
}

// EvidenceAges lists the files of evidence, those with the oldest evidence first.
func (v View) EvidenceAges(ctx context.Context) ([]EvidenceAge, error) {
	es, err := list(ctx, v.q, func(row scanner) (e EvidenceAge, err error) {
		var newest int64
		var held int
		err = row.Scan(&e.File, &e.Pieces, &e.Bytes, &newest, &held)
		e.Newest, e.Held = at(newest), held > 0
		return e, err
	}, `SELECT e.file, count(*), CAST(sum(e.size) AS bigint), max(n.newest), count(h.article_id)
		FROM evidence e JOIN (SELECT article_id, max(at) AS newest FROM evidence GROUP BY article_id) n ON n.article_id = e.article_id
		LEFT JOIN (SELECT DISTINCT article_id FROM held_articles) h ON h.article_id = e.article_id
		GROUP BY e.file ORDER BY max(n.newest), e.file`)
	return es, failed("look up the age of evidence", err)
}

func readEvidence(row scanner) (e Evidence, err error) {
	var seen int64
	err = row.Scan(&e.ArticleID, &e.Version, &e.Kind, &e.Record, &e.Refers, &e.URL, &seen, &e.File, &e.Offset, &e.Length, &e.SHA256, &e.Payload)
	e.At = at(seen)
	return e, err
}
