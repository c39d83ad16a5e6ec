package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"diembao/internal/lists"
	"diembao/internal/pipeline"
)

// isList: other people's lists are known by their names; their content says
// the rest.
func isList(file string) bool {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".csv", ".tsv", ".xlsx", ".txt":
		return true
	}
	return false
}

// list reads another's list and tells on stderr what it took for what.
func (h *house) list(file string, o lists.Options) (lists.List, error) {
	in, _, err := h.open(file)
	if err != nil {
		return lists.List{}, err
	}
	raw, err := io.ReadAll(io.LimitReader(in, lists.Largest+1))
	if err := errors.Join(err, in.Close()); err != nil {
		return lists.List{}, fmt.Errorf("reading %s: %w", file, err)
	}
	l, err := lists.Read(raw, o)
	if err != nil {
		return l, usage("%s: %w", file, err)
	}
	var taken []string
	for _, column := range slices.Sorted(maps.Keys(l.Columns)) {
		taken = append(taken, column+"="+l.Columns[column])
	}
	fmt.Fprintf(h.errs, "%s: %s; %d rows; %s\n", file, l.Format, len(l.Items), strings.Join(taken, ", "))
	if len(l.Unused) > 0 {
		fmt.Fprintf(h.errs, "%s: not used: %s\n", file, strings.Join(l.Unused, ", "))
	}
	return l, nil
}

// importList stores the rows of a clip list.
func (c importCmd) importList(ctx context.Context, h *house, p *pipeline.Pipeline, file string) (pipeline.Imported, error) {
	l, err := h.list(file, lists.Options{Map: c.Map, Sheet: c.Sheet})
	if err != nil {
		return pipeline.Imported{}, err
	}
	return p.ImportList(ctx, file, l, c.By)
}
