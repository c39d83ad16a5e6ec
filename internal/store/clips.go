package store

import (
	"context"
	"time"
)

// Clip is what a person wrote down of an article that no crawler reaches:
// print, television, radio, a post on a social network. Its title, lead and
// text are those of the article with its id, which came in by news.Clip.
type Clip struct {
	ArticleID string
	Medium    string // print, tv, radio, social
	Page      string // print: as the paper numbers it
	Issue     string // print: number of the issue
	Programme string // tv, radio
	Aired     time.Time
	Length    time.Duration // tv, radio
	Reach     int64         // social: people reached or reactions, as shown at ReachAt; 0 where unknown
	ReachAt   time.Time
	SeenBy    string // who saw it
	Note      string
	Twin      string // id of the web article with the same text; empty where there is none
	TwinWhy   string // how the two were found to be one
	Files     []ClipFile
	AddedBy   string
	Added     time.Time
}

// ClipFile is a scan, picture, sound or film kept as evidence.
type ClipFile struct {
	Name   string `json:"name"` // as the person had it
	Path   string `json:"path"` // relative to the data directory, with /
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Type   string `json:"type"` // media type, by its content
}

const clipColumns = `article_id, medium, page, issue, programme, aired, seconds, reach, reach_at, seen_by, note, twin, twin_why, files, added_by, added`

// PutClip keeps a clip, whose article is in the archive already. A clip that
// is known takes the new words and keeps the files of both.
func (tx *Tx) PutClip(ctx context.Context, c Clip) error {
	old, err := tx.Clips(ctx, []string{c.ArticleID})
	if err != nil {
		return err
	}
	c.Files = append(old[c.ArticleID].Files, newFiles(old[c.ArticleID].Files, c.Files)...)
	files, err := toJSON(c.Files)
	if err != nil {
		return err
	}
	_, err = tx.q.exec(ctx, `INSERT INTO clips (`+clipColumns+`) VALUES (`+places(1, 16)+`)
		ON CONFLICT (article_id) DO UPDATE SET medium = excluded.medium, page = excluded.page, issue = excluded.issue,
		programme = excluded.programme, aired = excluded.aired, seconds = excluded.seconds, reach = excluded.reach,
		reach_at = excluded.reach_at, seen_by = excluded.seen_by, note = excluded.note, twin = excluded.twin,
		twin_why = excluded.twin_why, files = excluded.files`,
		c.ArticleID, c.Medium, c.Page, c.Issue, c.Programme, ms(c.Aired), int64(c.Length/time.Second), c.Reach, ms(c.ReachAt),
		c.SeenBy, c.Note, c.Twin, c.TwinWhy, files, c.AddedBy, ms(c.Added))
	return failed("keep the clip "+c.ArticleID, err)
}

// newFiles are the files of more that are not among old.
func newFiles(old, more []ClipFile) (out []ClipFile) {
	known := map[string]bool{}
	for _, f := range old {
		known[f.SHA256] = true
	}
	for _, f := range more {
		if !known[f.SHA256] {
			known[f.SHA256] = true
			out = append(out, f)
		}
	}
	return out
}

// Clips returns the clips among articles, by article id.
func (v View) Clips(ctx context.Context, ids []string) (map[string]Clip, error) {
	out := map[string]Clip{}
	err := among(ctx, v.q, func(row scanner) error {
		c, err := readClip(row)
		out[c.ArticleID] = c
		return err
	}, `SELECT `+clipColumns+` FROM clips WHERE article_id IN ({ids})`, ids)
	return out, failed("look up clips", err)
}

// ClipsSince lists the clips entered since a time, the newest first.
func (v View) ClipsSince(ctx context.Context, since time.Time, limit int) ([]Clip, error) {
	cs, err := list(ctx, v.q, readClip, `SELECT `+clipColumns+` FROM clips WHERE added >= $1 ORDER BY added DESC, article_id LIMIT $2`, ms(since), limit)
	return cs, failed("list the clips", err)
}

func readClip(row scanner) (c Clip, err error) {
	var aired, seconds, reachAt, added int64
	var files string
	err = row.Scan(&c.ArticleID, &c.Medium, &c.Page, &c.Issue, &c.Programme, &aired, &seconds, &c.Reach, &reachAt,
		&c.SeenBy, &c.Note, &c.Twin, &c.TwinWhy, &files, &c.AddedBy, &added)
	c.Aired, c.Length, c.ReachAt, c.Added = at(aired), time.Duration(seconds)*time.Second, at(reachAt), at(added)
	if err == nil {
		err = fromJSON(files, &c.Files)
	}
	return c, err
}
