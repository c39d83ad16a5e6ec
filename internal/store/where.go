package store

import (
	"strconv"
	"strings"
	"time"
)

// where collects conditions and their values; {} stands for the next value,
// {…} for the next list of values.
type where struct {
	terms []string
	args  []any
}

func (w *where) place(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) add(term string, values ...any) {
	for _, v := range values {
		term = strings.Replace(term, "{}", w.place(v), 1)
	}
	w.terms = append(w.terms, term)
}

// in asks for one of values; no values ask for nothing.
func (w *where) in(term string, values []string) {
	if len(values) == 0 {
		return
	}
	places := make([]string, len(values))
	for i, v := range values {
		places[i] = w.place(v)
	}
	w.terms = append(w.terms, strings.Replace(term, "{…}", strings.Join(places, ","), 1))
}

func (w *where) since(column string, t time.Time) {
	if !t.IsZero() {
		w.add(column+` >= {}`, ms(t))
	}
}

func (w *where) until(column string, t time.Time) {
	if !t.IsZero() {
		w.add(column+` < {}`, ms(t))
	}
}

func (w *where) sql() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}

// limit writes the LIMIT clause; it must come last.
func (w *where) limit(n, otherwise int) string {
	if n <= 0 {
		n = otherwise
	}
	return " LIMIT " + w.place(n)
}
