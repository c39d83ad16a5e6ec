package config

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// What the fields of the handling card may say.
var (
	sinces   = []string{"published", "opened", "asked"}
	statuses = []string{"checked", "cited", "unsure", "awaiting"}
	scopes   = []string{"centre", "province"}
)

// handling looks at steps, stances, speakers and deadlines.
func (c *checker) handling() {
	h := c.pack.Handling
	kinds := idsOf(c.pack.Crisis.Kinds, func(k CrisisKind) string { return k.ID })
	types := idsOf(c.pack.Crisis.Types, func(t CrisisType) string { return t.ID })
	c.steps(h.Steps, "handling", "steps")
	for _, s := range h.Types {
		at := []string{"handling", "types", s.ID}
		c.refers(s.ID, "type of crisis", types, append(at, "id")...)
		c.filled(s.Stance, append(at, "stance")...)
		c.steps(s.Steps, append(at, "steps")...)
	}
	for _, k := range h.Kinds {
		at := []string{"handling", "kinds", k.ID}
		c.refers(k.ID, "kind of crisis", kinds, append(at, "id")...)
		c.steps(k.Steps, append(at, "steps")...)
	}
	for _, s := range h.Speakers {
		at := []string{"handling", "speakers", s.ID}
		c.slug(s.ID, append(at, "id")...)
		c.filled(s.Who, append(at, "who")...)
		c.oneOf(s.Scope, scopes, true, append(at, "scope")...)
		c.inOrder(s.From, s.To, at...)
		c.backed(s.Basis, s.Status, s.Reviewer, at...)
		c.cited(s.Status, s.Source, s.Seen, at...)
	}
	for _, d := range h.Deadlines {
		c.deadline(d, kinds, types)
	}
}

// steps wants each to say what is to be done by when, and to leave no other
// word open than those that are filled in.
func (c *checker) steps(steps []Step, path ...string) {
	for _, s := range steps {
		at := append(slices.Clone(path), s.ID)
		c.slug(s.ID, append(at, "id")...)
		c.filled(s.Do, append(at, "do")...)
		atLeast(c, s.Within, 0, append(at, "within")...)
		for key, text := range map[string]string{"do": s.Do, "do_en": s.DoEN} {
			if strings.ContainsAny(blanks.Replace(text), "{}") {
				c.bad(text, "only {outlet} and {unit} are filled in", append(at, key)...)
			}
		}
	}
}

func (c *checker) deadline(d Deadline, kinds, types []string) {
	at := func(key ...string) []string { return append([]string{"handling", "deadlines", d.ID}, key...) }
	c.slug(d.ID, at("id")...)
	c.filled(d.Who, at("who")...)
	c.filled(d.Must, at("must")...)
	c.oneOf(d.Since, sinces, false, at("since")...)
	c.oneOf(d.Met, []string{"spoken"}, true, at("met")...)
	c.inOrder(d.From, d.To, at()...)
	c.backed(d.Basis, d.Status, d.Reviewer, at()...)
	c.cited(d.Status, d.Source, d.Seen, at()...)
	given := 0
	for key, n := range map[string]int{"hours": d.Hours, "days": d.Days, "working_days": d.WorkingDays} {
		atLeast(c, n, 0, at(key)...)
		given += min(max(n, 0), 1)
	}
	switch {
	case given > 1:
		c.bad(d.ID, "a deadline is counted in hours, days or working_days; keep one", at()...)
	case given == 0 && d.Status != "awaiting":
		c.bad(d.ID, "how long is missing; write hours, days or working_days, or status: awaiting where no text settles it", at()...)
	}
	for i, k := range d.Kinds {
		c.refers(k, "kind of crisis", kinds, at("kinds", nth(i))...)
	}
	for i, t := range d.Types {
		c.refers(t, "type of crisis", types, at("types", nth(i))...)
	}
	if d.MinLevel < 0 || d.MinLevel > 3 {
		c.bad(fmt.Sprint(d.MinLevel), "a level is 1, 2 or 3; 0 is all", at("min_level")...)
	}
}

// backed wants what rests on a law to name it, and who checked it.
func (c *checker) backed(basis, status, reviewer string, at ...string) {
	c.filled(basis, append(slices.Clone(at), "basis")...)
	c.oneOf(status, statuses, false, append(slices.Clone(at), "status")...)
	if status == "checked" && strings.TrimSpace(reviewer) == "" {
		c.bad(status, "who held it against the text is missing; write reviewer, or status: unsure", append(slices.Clone(at), "status")...)
	}
}

// cited wants what was read somewhere to say where and when.
func (c *checker) cited(status, source string, seen Date, at ...string) {
	at = append(slices.Clone(at), "source")
	if u, err := url.Parse(source); source != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		c.bad(source, "an address begins with https://", at...)
	}
	if status == "cited" && (source == "" || seen.IsZero()) {
		c.bad(status, "where it was read, and when, is missing; write source and seen, or status: unsure", at...)
	}
}
