package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong in a configuration file.
type Problem struct {
	File      string // as it was named to Load, or the name of a file of the pack
	Line, Col int    // from 1; 0 where the file as a whole is meant
	Reading   string // what was being read: "outlets › vnexpress › province"
	Text      string // the wrong text; empty where something is missing
	Right     string // what would be right
}

// Error gives the problem in one line: FILE:LINE:COL: reading: "text": what would be right.
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Col)
	}
	if p.Reading != "" {
		fmt.Fprintf(&b, ": %s", oneLine(p.Reading))
	}
	if p.Text != "" {
		fmt.Fprintf(&b, ": %q", shorten(p.Text))
	}
	fmt.Fprintf(&b, ": %s", oneLine(p.Right))
	return b.String()
}

// oneLine puts what came from the file, or from a library, on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// shorten keeps a wrong text to a length that fits a line.
func shorten(s string) string {
	const most = 120
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Problems is all that is wrong, in the order of the files.
type Problems []Problem

// Error gives one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a single Problem.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// err is the problems in reading order, or nil where there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Reading, b.Reading), cmp.Compare(a.Right, b.Right))
	})
	return slices.Compact(ps)
}

// places is where the problems stand.
func (ps Problems) places() map[place]bool {
	out := map[place]bool{}
	for _, p := range ps {
		out[place{p.File, p.Line, p.Col}] = true
	}
	return out
}
