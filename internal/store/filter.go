package store

import (
	"strings"
	"time"
)

// Filter says which articles are asked for; a zero field asks for nothing.
// Values of one field are alternatives, fields all hold. Irrelevant articles
// are left out, and so are those not yet read, unless All is set.
type Filter struct {
	From, To  time.Time // counted (see When) in [From, To)
	Outlets   []string  // ids
	Levels    []string  // official: central, local
	Reach     []string
	Scopes    []string
	Insurance []string
	Topics    []string
	Provinces []string // as the text names them, or today's
	Units     []string
	Tones     []string
	Roles     []string
	Targets   []string
	MinRisk   int
	Story     string
	Uncertain bool // only those whose relevance was close
	Originals bool // without copies
	All       bool // irrelevant and unread ones, too
}

// The tables that the filter's conditions speak of.
const fromKept = ` FROM readings r JOIN articles a ON a.id = r.article_id LEFT JOIN story_articles sa ON sa.article_id = r.article_id`
const fromAll = ` FROM articles a LEFT JOIN readings r ON r.article_id = a.id LEFT JOIN story_articles sa ON sa.article_id = a.id`

// where writes the filter as conditions on articles a, readings r and
// story_articles sa. at is the column to take the time from.
func (f Filter) where() (w where, at string) {
	at = `r.at`
	if f.All {
		at = `a.at`
	} else {
		w.add(`r.kept = 1`)
	}
	w.since(at, f.From)
	w.until(at, f.To)
	w.in(`a.outlet IN ({…})`, f.Outlets)
	w.in(`r.level IN ({…})`, f.Levels)
	w.in(`r.reach IN ({…})`, f.Reach)
	w.in(`r.scope IN ({…})`, f.Scopes)
	w.in(`r.tone IN ({…})`, f.Tones)
	w.in(`r.role IN ({…})`, f.Roles)
	w.in(`r.target IN ({…})`, f.Targets)
	w.tagged([]string{AxisInsurance}, f.Insurance)
	w.tagged([]string{AxisTopic}, f.Topics)
	w.tagged([]string{AxisProvince, AxisCurrent}, f.Provinces)
	w.tagged([]string{AxisUnit}, f.Units)
	if f.MinRisk > 0 {
		w.add(`r.risk >= {}`, f.MinRisk)
	}
	if f.Story != "" {
		w.add(`sa.story_id = {}`, f.Story)
	}
	if f.Uncertain {
		w.add(`r.uncertain = 1`)
	}
	if f.Originals {
		w.add(`coalesce(sa.copy_of, '') = ''`)
	}
	return w, at
}

// tagged asks for one of values on one of axes.
func (w *where) tagged(axes, values []string) {
	if len(values) == 0 {
		return
	}
	w.in(`a.id IN (SELECT t.article_id FROM tags t WHERE t.axis IN ('`+strings.Join(axes, `','`)+`') AND t.value IN ({…}))`, values)
}
