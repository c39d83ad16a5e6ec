package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/evidence"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// evidenceFolder holds what was seen, under the data directory.
const evidenceFolder = "evidence"

// proveEvery is how often a node that crawls looks for answers to keep.
const proveEvery = 2 * time.Second

// evidence opens the folder of evidence of a node that crawls. Its files are
// named after the node, so that those of several can lie side by side.
func (h *house) evidence(ctx context.Context, p *pipeline.Pipeline, pack config.Pack) error {
	err := p.OpenEvidence(ctx, filepath.Join(h.Data, evidenceFolder), evidence.Options{
		Prefix: "diembao-" + news.ID(h.node())[:6],
		Info: evidence.Fields{
			{Name: "software", Value: "Điểm Báo " + version}, {Name: "operator", Value: pack.Site.Contact},
			{Name: "publisher", Value: pack.Site.Agency}, {Name: "robots", Value: "obey"},
		},
	})
	if err != nil {
		return err
	}
	h.closers = append(h.closers, p.CloseEvidence)
	return nil
}

// prove keeps evidence until ctx ends.
func (s *server) prove(ctx context.Context) {
	for ctx.Err() == nil {
		if _, err := s.pipeline.Prove(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("evidence waits; it is kept as soon as this is mended", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(proveEvery):
		}
	}
}

// evidenceRow is one piece of evidence of an article.
type evidenceRow struct {
	Version int      `json:"version"`
	Kind    string   `json:"kind"` // page, gone
	At      string   `json:"at"`
	URL     string   `json:"url"`
	File    string   `json:"file"`
	Offset  int64    `json:"offset"`
	Length  int64    `json:"length"`
	SHA256  string   `json:"sha256"`      // of these bytes of the file
	Page    string   `json:"page_sha256"` // of the page itself
	Record  string   `json:"record"`
	Repeats string   `json:"repeats,omitempty"` // record that holds the page
	Written []string `json:"written,omitempty"`
}

// proofs lists the evidence of an article and, where out is not empty, writes
// it out: the records as they stand, a WARC file by themselves, and the page.
// Every digest is checked before anything is written.
func (h *house) proofs(ctx context.Context, s *store.Store, id, out string) ([]evidenceRow, error) {
	all, err := s.Evidence(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	rows := []evidenceRow{}
	for _, e := range all[id] {
		row := evidenceRow{e.Version, e.Kind, stamp(e.At), e.URL, e.File, e.Offset, e.Length, e.SHA256, e.Payload, e.Record, e.Refers, nil}
		if out != "" {
			proof, err := pipeline.Proof(h.Data, e, all[id])
			if err != nil {
				return nil, err
			}
			if row.Written, err = writeProof(out, proof); err != nil {
				return nil, fmt.Errorf("writing out the evidence of article %s: %w", id, err)
			}
		}
		rows = append(rows, row)
	}
	if out != "" && len(rows) == 0 {
		return nil, fmt.Errorf("there is no evidence of article %s: it was imported, or does not concern us, or was not read yet, or its time was over (`diembao retention --log`)", id)
	}
	return rows, nil
}

func writeProof(dir string, p evidence.Proof) ([]string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, fmt.Sprintf("%s-v%d-%s", p.ArticleID, p.Version, p.Kind))
	written := []string{name + ".warc.gz", name + ".html"}
	return written, errors.Join(os.WriteFile(written[0], p.Member, 0o600), os.WriteFile(written[1], p.Body, 0o600))
}

// evidenceFiles lists the files of evidence and clips, relative to the data
// directory, for a backup; what still waits to be read is not among them.
func (h *house) evidenceFiles() ([]string, error) {
	var out []string
	err := filepath.WalkDir(filepath.Join(h.Data, evidenceFolder), func(name string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case e.IsDir() && e.Name() == "pending":
			return fs.SkipDir
		case e.Type().IsRegular() && !strings.HasPrefix(e.Name(), "."):
			rel, err := filepath.Rel(h.Data, name)
			out = append(out, filepath.ToSlash(rel))
			return err
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing the evidence: %w", err)
	}
	return out, nil
}
