package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"
)

// A backup is a .tar.gz of text, the same for both engines: for every table
// members tables/<table>/<n>.jsonl with one JSON array for each row, the
// overlay as config/diembao.yaml, the list of evidence as evidence.jsonl, the
// evidence itself as evidence/<path> if asked for, and last manifest.json with
// the digest of every member. The job queue is not in it: jobs carry no data.

// Manifest tells what a backup holds.
type Manifest struct {
	Format  int                 `json:"format"`
	Schema  int64               `json:"schema"`
	Engine  string              `json:"engine"` // it was taken on
	Made    time.Time           `json:"made"`
	Rows    map[string]int64    `json:"rows"`    // table → rows
	Columns map[string][]string `json:"columns"` // table → names, in the order of the values
	SHA256  map[string]string   `json:"sha256"`  // member → hexadecimal digest
}

// BackupOptions say what goes into a backup beside the tables.
type BackupOptions struct {
	Overlay      string   // the configuration file; empty for none
	Evidence     []string // files of evidence, relative to the data directory
	WithEvidence bool     // pack them too; otherwise only their names and digests
	Now          time.Time
}

// EvidenceFile is a line of evidence.jsonl.
type EvidenceFile struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	backupFormat    = 1
	manifestMember  = "manifest.json"
	overlayMember   = "config/diembao.yaml"
	evidenceMember  = "evidence.jsonl"
	evidenceFolder  = "evidence/"
	tablesFolder    = "tables/"
	backupChunkSize = 4 << 20
)

// tables are all our tables, those referred to before those that refer.
var tables = []string{"counters", "marks", "ticks", "runs", "links", "sources", "articles", "bodies", "versions", "readings", "labels",
	"identity_rules", "identities", "removals", "clips", "evidence", "tags", "corrections", "stories", "story_articles", "story_events", "incidents", "incident_events", "alerts", "missed_alerts", "silences", "held_back", "rumours", "rumour_articles", "holds", "held_articles", "letters", "deletions",
	"hours", "outlet_states", "gaps", "searches", "models", "judgements", "judge_days", "judge_rests"}

// Backup writes the archive as it is at one moment to a new file that only its
// owner may read, while others go on writing. An existing file is refused.
func (s *Store) Backup(ctx context.Context, file string, o BackupOptions) (Manifest, error) {
	if _, err := os.Lstat(file); err == nil {
		return Manifest{}, fmt.Errorf("back up to %s: there is such a file; name a new one", file)
	}
	part := file + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return Manifest{}, fmt.Errorf("back up: %w", err)
	}
	p := newPacker(f, o.Now)
	if err := errors.Join(s.pack(ctx, p, o), p.close(), f.Sync(), f.Close()); err != nil {
		return Manifest{}, errors.Join(fmt.Errorf("back up to %s: %w", file, err), os.Remove(part))
	}
	if err := os.Rename(part, file); err != nil {
		return Manifest{}, fmt.Errorf("back up: %w", err)
	}
	return p.manifest, nil
}

// pack writes all members.
func (s *Store) pack(ctx context.Context, p *packer, o BackupOptions) (err error) {
	m := &p.manifest
	m.Engine = s.engine
	if m.Schema, _, err = s.Version(ctx); err != nil {
		return err
	}
	err = s.snapshot(ctx, func(v View) error {
		for _, table := range tables {
			if err := v.packTable(ctx, p, s.engine, table); err != nil {
				return failed("read the table "+table, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if o.Overlay != "" {
		data, err := os.ReadFile(o.Overlay)
		if err != nil {
			return fmt.Errorf("read the configuration: %w", err)
		}
		if err := p.add(overlayMember, data); err != nil {
			return err
		}
	}
	if err := p.addEvidence(s.dir, o); err != nil {
		return err
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return p.add(manifestMember, data)
}

// packTable writes the rows of a table in members of a few MiB.
func (v View) packTable(ctx context.Context, p *packer, engine, table string) error {
	columns, err := v.columns(ctx, engine, table)
	if err != nil {
		return err
	}
	p.manifest.Columns[table] = columns
	var chunk bytes.Buffer
	enc := json.NewEncoder(&chunk)
	enc.SetEscapeHTML(false)
	n, rows := 0, int64(0)
	flush := func() error {
		n++
		defer chunk.Reset()
		return p.add(fmt.Sprintf("%s%s/%06d.jsonl", tablesFolder, table, n), chunk.Bytes())
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	err = v.q.query(ctx, func(row scanner) error {
		if err := row.Scan(into...); err != nil {
			return err
		}
		rows++
		if err := enc.Encode(values); err != nil || chunk.Len() < backupChunkSize {
			return err
		}
		return flush()
	}, `SELECT `+join(columns)+` FROM `+table+` ORDER BY 1, 2`)
	if err == nil && chunk.Len() > 0 {
		err = flush()
	}
	p.manifest.Rows[table] = rows
	return err
}

// columns names the columns of a table in their order.
func (v View) columns(ctx context.Context, engine, table string) ([]string, error) {
	text := `SELECT name FROM pragma_table_info($1) ORDER BY cid`
	if engine == Postgres {
		text = `SELECT column_name::text FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`
	}
	return list(ctx, v.q, scan[string], text, table)
}

// packer writes the members of a backup and notes their digests.
type packer struct {
	zip      *gzip.Writer
	tar      *tar.Writer
	now      time.Time
	manifest Manifest
}

func newPacker(w io.Writer, now time.Time) *packer {
	zip := gzip.NewWriter(w)
	return &packer{zip, tar.NewWriter(zip), now, Manifest{Format: backupFormat, Made: now.UTC(), Rows: map[string]int64{},
		Columns: map[string][]string{}, SHA256: map[string]string{}}}
}

func (p *packer) close() error { return errors.Join(p.tar.Close(), p.zip.Close()) }

func (p *packer) add(name string, data []byte) error {
	_, err := p.copy(name, int64(len(data)), bytes.NewReader(data))
	return err
}

// copy writes a member of a known size and returns its digest.
func (p *packer) copy(name string, size int64, r io.Reader) (digest string, err error) {
	h := &tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o600, Size: size, ModTime: p.now}
	if err := p.tar.WriteHeader(h); err != nil {
		return "", fmt.Errorf("pack %s: %w", name, err)
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(p.tar, sum), r); err != nil {
		return "", fmt.Errorf("pack %s: %w", name, err)
	}
	digest = hex.EncodeToString(sum.Sum(nil))
	if name != manifestMember {
		p.manifest.SHA256[name] = digest
	}
	return digest, nil
}

// addEvidence packs the list of evidence, and the files if asked for.
func (p *packer) addEvidence(dir string, o BackupOptions) error {
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	for _, name := range o.Evidence {
		if !filepath.IsLocal(name) {
			return fmt.Errorf("pack the evidence %s: it is not inside the data directory", name)
		}
		line, err := p.addFile(dir, filepath.ToSlash(name), o.WithEvidence)
		if err == nil {
			err = enc.Encode(line)
		}
		if err != nil {
			return fmt.Errorf("pack the evidence %s: %w", name, err)
		}
	}
	return p.add(evidenceMember, lines.Bytes())
}

// addFile digests a file of evidence, as long as it is now (the newest is
// still written to), and packs it if asked for.
func (p *packer) addFile(dir, name string, pack bool) (EvidenceFile, error) {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return EvidenceFile{}, err
	}
	defer f.Close() // it was only read
	info, err := f.Stat()
	if err != nil {
		return EvidenceFile{}, err
	}
	if !info.Mode().IsRegular() {
		return EvidenceFile{}, fs.ErrInvalid
	}
	line := EvidenceFile{Path: path.Clean(name), Size: info.Size()}
	if pack {
		line.SHA256, err = p.copy(evidenceFolder+line.Path, line.Size, io.LimitReader(f, line.Size))
		return line, err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, io.LimitReader(f, line.Size))
	line.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return line, err
}
