package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"diembao/internal/pipeline"
)

type importCmd struct {
	Files  []string          `arg:"" name:"file" help:"JSONL (may be gzipped), saved HTML, WARC, CSV or XLSX clip lists, OPML; - is standard input."`
	Map    map[string]string `help:"Columns of a list by their headers: title=Tiêu đề,url=Link (or url=#3)." mapsep:"," placeholder:"COLUMN=HEADER"`
	Sheet  string            `help:"Sheet of an XLSX list (default: the first with a list)."`
	Lang   []string          `help:"Of a WARC file only articles in these languages: vi, en." placeholder:"LANG"`
	Outlet []string          `help:"Of a WARC file only articles of these outlets (ids, or hosts of unknown ones)." placeholder:"ID"`
	By     string            `help:"Who brings the list: posts, and pieces from print, television and radio, are kept as clips entered by hand." default:"import" placeholder:"WHO"`
}

func (importCmd) Help() string {
	return "Example: diembao import tin-thang-8.jsonl.gz trang-da-luu.html\n\nA JSONL line holds url (or link), title, summary, body, published, outlet (or source).\n\n" +
		"A clip list: diembao import diem-bao-thang-8.xlsx --map 'title=Tên bài,url=Đường dẫn'. Columns are found by their headers where --map says nothing.\n\n" +
		"A WARC archive: diembao import luu-tru.warc.gz --lang vi --outlet tuoitre.\n\n" +
		"An OPML file names outlets: what to write into diembao.yaml is printed, nothing is changed."
}

type importAnswer struct {
	Read     int                `json:"read"`
	New      int                `json:"new"`
	Known    int                `json:"known"`
	Relevant int                `json:"relevant"`
	Bad      []pipeline.BadLine `json:"bad"`
	PerS     float64            `json:"items_per_s"`
}

// Run stores, reads and indexes the articles of the files.
func (c importCmd) Run(ctx context.Context, h *house) error {
	if slices.ContainsFunc(c.Files, isOPML) {
		return c.propose(h)
	}
	p, err := h.machine(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	var done pipeline.Imported
	err = p.CatchUp(ctx, func(ctx context.Context) error {
		for _, file := range c.Files {
			part, err := c.importFile(ctx, h, p, file)
			done = done.And(part)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	took := time.Since(began)
	relevant, err := p.Store.CountKept(ctx, done.IDs)
	if err != nil {
		return err
	}
	a := importAnswer{done.Read, done.New, done.Known, relevant, append([]pipeline.BadLine{}, done.Bad...), float64(done.Read) / took.Seconds()}
	return h.imported(a)
}

func (h *house) imported(a importAnswer) error {
	if h.JSON {
		return h.answer(a)
	}
	for _, b := range a.Bad {
		fmt.Fprintf(h.errs, "%s:%d: %s\n", b.File, b.Line, b.Why)
	}
	_, err := fmt.Fprintf(h.out, "read %d, new %d, known %d, relevant %d, bad %d, %.0f a second\n", a.Read, a.New, a.Known, a.Relevant, len(a.Bad), a.PerS)
	return err
}

// importFile takes one file by its kind.
func (c importCmd) importFile(ctx context.Context, h *house, p *pipeline.Pipeline, file string) (pipeline.Imported, error) {
	if isList(file) {
		return c.importList(ctx, h, p, file)
	}
	if strings.HasSuffix(file, ".html") || strings.HasSuffix(file, ".htm") {
		return importPage(ctx, p, file)
	}
	in, size, err := h.open(file)
	if err != nil {
		return pipeline.Imported{}, err
	}
	defer in.Close()
	bar := h.progress(size, filepath.Base(file))
	defer bar.Close()
	counted := io.TeeReader(in, bar)
	if isWARC(file) {
		return p.ImportWARC(ctx, file, counted, pipeline.Only{Langs: c.Lang, Outlets: c.Outlet})
	}
	text, err := unzipped(counted)
	if err != nil {
		return pipeline.Imported{}, fmt.Errorf("reading %s: %w", file, err)
	}
	return p.Import(ctx, file, text, nil)
}

func isWARC(file string) bool {
	return strings.HasSuffix(file, ".warc") || strings.HasSuffix(file, ".warc.gz")
}

// open opens a file, or standard input for "-", with its size; -1 where unknown.
func (h *house) open(file string) (io.ReadCloser, int64, error) {
	if file == "-" {
		return io.NopCloser(h.in), -1, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, fmt.Errorf("opening %s: %w", file, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("opening %s: %w", file, err), f.Close())
	}
	if info.IsDir() {
		return nil, 0, errors.Join(usage("%s is a directory; name the files in it", file), f.Close())
	}
	return f, info.Size(), nil
}

// unzipped looks at the first bytes: a gzipped stream is unpacked.
func unzipped(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	if head, err := b.Peek(2); err != nil || !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return b, nil // too short for gzip: a line reader says what is wrong with it
	}
	return gzip.NewReader(b)
}

// importPage takes one saved page; what is wrong with it is told like a bad line.
func importPage(ctx context.Context, p *pipeline.Pipeline, file string) (pipeline.Imported, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return pipeline.Imported{}, fmt.Errorf("opening %s: %w", file, err)
	}
	return p.ImportPage(ctx, file, raw)
}
