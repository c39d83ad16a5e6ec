package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

// The kinds of what is kept for a time.
const (
	keptPage     = "page"
	keptEvidence = "evidence"
	keptClip     = "clip"
	keptLetter   = "letter"
	keptLog      = "log"
	keptReport   = "report"
)

// reportsFolder holds the files of reports, under the data directory.
const reportsFolder = "reports"

// doomed is one thing whose time is over.
type doomed struct {
	store.Deletion
	drop   func(context.Context, *store.Tx) error // from the archive, in the transaction that records it; may be nil
	after  func(context.Context) error            // more of the archive, in transactions of its own; may be nil
	remove []string                               // files, absolute; gone last
}

// Retain deletes what the retention of the configuration no longer keeps, in
// the archive and under the data directory, and returns it; of articles, files
// and letters that an incident under legal hold needs it deletes nothing. With
// dry it deletes nothing at all and returns what it would. Each deletion is
// written down first, with the digest of a file; one that the process did not
// live to finish is finished by the next. copied names the file of a letter in
// the folder of mail.
func (p *Pipeline) Retain(ctx context.Context, data string, copied func(news.Letter) string, dry bool) ([]store.Deletion, error) {
	if !dry {
		if err := p.Store.Do(ctx, func(tx *store.Tx) error { return tx.Hold(ctx) }); err != nil {
			return nil, err
		}
		if err := p.sweep(ctx, data); err != nil {
			return nil, err
		}
	}
	list, err := p.over(ctx, data, copied)
	if err != nil {
		return nil, fmt.Errorf("looking for what need not be kept: %w", err)
	}
	var done []store.Deletion
	for _, d := range list {
		if !dry {
			if d.Deletion, err = p.delete(ctx, d); err != nil {
				return done, fmt.Errorf("deleting %s %s: %w", d.Kind, d.What, err)
			}
		}
		done = append(done, d.Deletion)
	}
	return done, nil
}

// over lists what is over its time, by kind.
func (p *Pipeline) over(ctx context.Context, data string, copied func(news.Letter) string) ([]doomed, error) {
	now, r := p.Now(), p.Rules().Pack.Site.Retention
	holds, err := p.Store.Holds(ctx)
	if err != nil {
		return nil, err
	}
	var out []doomed
	for _, k := range []struct {
		kind string
		days int
		find func(context.Context, string, time.Time) ([]doomed, error)
	}{
		{keptPage, r.Page, p.oldBodies}, {keptEvidence, r.Evidence, p.oldEvidence}, {keptClip, r.Clip, p.oldClips},
		{keptLetter, r.Letter, p.oldLetters(copied)}, {keptLog, r.Log, p.oldRuns}, {keptReport, r.Report, p.oldReports},
	} {
		if k.days <= 0 {
			continue
		}
		before := now.AddDate(0, 0, -k.days)
		for _, h := range holds { // what was done and reported since then tells of the incident
			if (k.kind == keptLog || k.kind == keptReport) && h.Opened.Before(before) {
				before = h.Opened
			}
		}
		found, err := k.find(ctx, data, before)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			d.At, d.Kind, d.Why = now, k.kind, fmt.Sprintf("retention %s: %d days", k.kind, k.days)
			out = append(out, d)
		}
	}
	return out, nil
}

// delete writes a deletion down and does it.
func (p *Pipeline) delete(ctx context.Context, d doomed) (store.Deletion, error) {
	if len(d.remove) > 0 && d.SHA256 == "" {
		sum, err := fileSum(d.remove[0])
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // on another node, or a letter without a copy
			return d.Deletion, err
		}
		d.SHA256 = sum
	}
	err := p.Store.Do(ctx, func(tx *store.Tx) error {
		if d.drop != nil {
			if err := d.drop(ctx, tx); err != nil {
				return err
			}
		}
		return tx.PutDeletions(ctx, []store.Deletion{d.Deletion})
	})
	if err == nil && d.after != nil {
		err = d.after(ctx)
	}
	for _, f := range d.remove {
		if err == nil {
			err = goneAlready(os.Remove(f))
		}
	}
	return d.Deletion, err
}

// goneAlready forgives that a file is not there any more.
func goneAlready(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// sweep removes the files of evidence whose deletion was written down and not
// done: the process ended before, or the file lay on another node. Such a
// file's name is never given again.
func (p *Pipeline) sweep(ctx context.Context, data string) error {
	deleted, err := p.Store.Deletions(ctx, 100_000, keptEvidence)
	if err != nil {
		return err
	}
	for _, d := range deleted {
		if filepath.IsLocal(filepath.FromSlash(d.What)) {
			err = errors.Join(err, goneAlready(os.Remove(filepath.Join(data, filepath.FromSlash(d.What)))))
		}
	}
	return err
}

func (p *Pipeline) oldBodies(ctx context.Context, _ string, before time.Time) ([]doomed, error) {
	counts, err := p.Store.IrrelevantBodies(ctx, before)
	var out []doomed
	for _, outlet := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, doomed{Deletion: store.Deletion{What: "texts of irrelevant articles of " + outlet, Pieces: counts[outlet]}})
	}
	if len(out) > 0 { // all outlets go together, with the first
		out[0].after = func(ctx context.Context) error {
			_, err := p.Store.DropBodies(ctx, before)
			return err
		}
	}
	return out, err
}

func (p *Pipeline) oldEvidence(ctx context.Context, data string, before time.Time) ([]doomed, error) {
	ages, err := p.Store.EvidenceAges(ctx)
	var out []doomed
	for _, a := range ages {
		if a.Held || !a.Newest.Before(before) {
			continue
		}
		out = append(out, doomed{
			Deletion: store.Deletion{What: a.File, Pieces: a.Pieces, Bytes: a.Bytes},
			drop:     func(ctx context.Context, tx *store.Tx) error { return tx.DropEvidence(ctx, a.File) },
			remove:   []string{filepath.Join(data, filepath.FromSlash(a.File))},
		})
	}
	return out, err
}

// oldClips finds the files of old clips; what people wrote of the clip stays.
func (p *Pipeline) oldClips(ctx context.Context, data string, before time.Time) ([]doomed, error) {
	old, err := p.Store.OldClips(ctx, before)
	if err != nil || len(old) == 0 {
		return nil, err
	}
	all, err := p.Store.ClipsSince(ctx, time.Time{}, 1<<31-1)
	if err != nil {
		return nil, err
	}
	dying, needed := map[string]bool{}, map[string]bool{}
	for _, c := range old {
		dying[c.ArticleID] = true
	}
	for _, c := range all {
		for _, f := range c.Files {
			needed[f.Path] = needed[f.Path] || !dying[c.ArticleID]
		}
	}
	var out []doomed
	for _, c := range old {
		for _, f := range c.Files {
			file := filepath.Join(data, filepath.FromSlash(f.Path))
			if _, err := os.Stat(file); err != nil || needed[f.Path] || !filepath.IsLocal(filepath.FromSlash(f.Path)) {
				continue
			}
			needed[f.Path] = true // once is enough
			out = append(out, doomed{Deletion: store.Deletion{What: f.Path, Pieces: 1, Bytes: f.Size, SHA256: f.SHA256}, remove: []string{file}})
		}
	}
	return out, nil
}

// oldLetters finds the letters that need not be kept, and their copies in the
// folder of mail.
func (p *Pipeline) oldLetters(copied func(news.Letter) string) func(context.Context, string, time.Time) ([]doomed, error) {
	return func(ctx context.Context, _ string, before time.Time) ([]doomed, error) {
		letters, err := p.Store.OldLetters(ctx, before)
		var out []doomed
		for _, l := range letters {
			d := doomed{
				Deletion: store.Deletion{What: l.Key, Pieces: 1},
				drop:     func(ctx context.Context, tx *store.Tx) error { return tx.DropLetter(ctx, l.Key) },
			}
			if folder := p.Rules().Pack.Site.Mail.Folder; folder != "" {
				d.remove = []string{filepath.Join(folder, copied(l.Letter))}
			}
			out = append(out, d)
		}
		return out, err
	}
}

func (p *Pipeline) oldRuns(ctx context.Context, _ string, before time.Time) ([]doomed, error) {
	n, err := p.Store.OldRuns(ctx, before)
	if err != nil || n == 0 {
		return nil, err
	}
	return []doomed{{
		Deletion: store.Deletion{What: "records of standing work before " + before.Format(time.DateOnly), Pieces: n},
		drop: func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.DropRuns(ctx, before)
			return err
		},
	}}, nil
}

func (p *Pipeline) oldReports(_ context.Context, data string, before time.Time) ([]doomed, error) {
	entries, err := os.ReadDir(filepath.Join(data, reportsFolder))
	if err != nil {
		return nil, goneAlready(err)
	}
	var out []doomed
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !info.ModTime().Before(before) {
			continue // one that vanished meanwhile is not kept either
		}
		out = append(out, doomed{
			Deletion: store.Deletion{What: path.Join(reportsFolder, e.Name()), Pieces: 1, Bytes: info.Size()},
			remove:   []string{filepath.Join(data, reportsFolder, e.Name())},
		})
	}
	return out, nil
}

func fileSum(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close() // it was only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
