package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// Label is one row of a gold set of readings, in the form of the labelling
// guideline; the program's own answers are written in the same form.
type Label struct {
	ID        string   `json:"id"`
	Relevant  bool     `json:"relevant"`
	Insurance []string `json:"insurance"`
	Topics    []string `json:"topics"` // main one first
	Scope     string   `json:"scope"`
	Provinces []string `json:"provinces"`
	Tone      string   `json:"tone"`
	Role      string   `json:"agency_role"`
	Digest    bool     `json:"digest"`
	Risk      int      `json:"risk"`
}

// readItem is one article of a gold set of readings.
type readItem struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Outlet    string `json:"outlet"`
	Title     string `json:"title"`
	Summary   string `json:"summary"`
	Body      string `json:"body"`
	Published string `json:"published"`
}

// ReadOptions says what is measured.
type ReadOptions struct {
	Read func(news.Article) news.Reading // the reader: the one that ships
	Out  io.Writer                       // raw answers as label rows, one JSON object a line; nil for none
}

// Read runs the reader over the items that have a label and compares its
// answers with the labels. Axes other than relevance are compared where the
// label says relevant. An item without a label, or a label without an item, is
// an error: half a gold set gives figures of something else.
func Read(items, labels io.Reader, o ReadOptions) (ReadFigures, error) {
	articles, err := rows[readItem](items, "items")
	if err != nil {
		return ReadFigures{}, err
	}
	gold, err := goldLabels(labels)
	if err != nil {
		return ReadFigures{}, err
	}
	if err := belong(articles, gold); err != nil {
		return ReadFigures{}, err
	}
	var pairs []readPair
	begun := time.Now()
	for _, it := range articles {
		g, ok := gold[it.ID]
		if !ok {
			return ReadFigures{}, fmt.Errorf("eval read: item %q has no label: give files of the same articles", it.ID)
		}
		a, err := it.article()
		if err != nil {
			return ReadFigures{}, err
		}
		pairs = append(pairs, readPair{gold: g, said: labelOf(it.ID, o.Read(a))})
	}
	took := time.Since(begun)
	if err := writeLabels(o.Out, pairs); err != nil {
		return ReadFigures{}, err
	}
	f := readFigures(pairs)
	f.PerSecond = float64(len(pairs)) / max(took.Seconds(), 1e-9)
	return f, nil
}

// rows reads JSON Lines; a bad line is an error with its number.
func rows[T any](r io.Reader, what string) ([]T, error) {
	var out []T
	s := bufio.NewScanner(r)
	s.Buffer(nil, 64<<20)
	for n := 1; s.Scan(); n++ {
		if len(bytes.TrimSpace(s.Bytes())) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("eval read: %s line %d: %w; each line is one JSON object", what, n, err)
		}
		out = append(out, v)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("eval read: reading %s: %w", what, err)
	}
	return out, nil
}

// Axis values of the guideline; a label file with others is refused.
var (
	insurances = []string{news.BHXH, news.BHYT, news.BHTN}
	scopes     = []string{"national", "local", "none"}
	tones      = []string{"negative", "neutral", "positive"}
	roles      = []string{"blamed", "enforcer", "victim", "informant", "none"}
	topicIDs   = []string{"policy_law", "arrears_evasion", "lump_sum", "pension", "social_pension", "voluntary_bhxh", "bhyt_coverage",
		"bhyt_claims", "drugs_supplies", "fund_fraud", "unemployment", "sickness_maternity_injury", "digital", "scam_impersonation",
		"inspection", "fund_finance", "organisation_people", "communication_csr"}
)

// belong refuses items that stand twice and names labels of articles that
// are not among the items.
func belong(articles []readItem, gold map[string]Label) error {
	known := map[string]bool{}
	for _, it := range articles {
		if known[it.ID] {
			return fmt.Errorf("eval read: two items %q: keep one", it.ID)
		}
		known[it.ID] = true
	}
	var unknown []string
	for _, id := range slices.Sorted(maps.Keys(gold)) {
		if !known[id] {
			unknown = append(unknown, fmt.Sprintf("%q", id))
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	return fmt.Errorf("eval read: %d of %d labels are of no item (%s): give files of the same articles", len(unknown), len(gold), strings.Join(unknown[:min(3, len(unknown))], ", "))
}

// goldLabels reads labels by id and refuses values the guideline does not know.
func goldLabels(r io.Reader) (map[string]Label, error) {
	list, err := rows[Label](r, "labels")
	if err != nil {
		return nil, err
	}
	out := map[string]Label{}
	for _, l := range list {
		if err := l.check(); err != nil {
			return nil, err
		}
		if _, twice := out[l.ID]; twice {
			return nil, fmt.Errorf("eval read: two labels for %q: keep one", l.ID)
		}
		out[l.ID] = l
	}
	return out, nil
}

func (l Label) check() error {
	for _, c := range []struct {
		axis   string
		values []string
		known  []string
	}{
		{"insurance", l.Insurance, insurances}, {"topics", l.Topics, topicIDs}, {"scope", []string{l.Scope}, scopes},
		{"tone", []string{l.Tone}, tones}, {"agency_role", []string{l.Role}, roles},
	} {
		for _, v := range c.values {
			if !slices.Contains(c.known, v) {
				return fmt.Errorf("eval read: label of %q: %s %q is unknown: use %s", l.ID, c.axis, v, strings.Join(c.known, ", "))
			}
		}
	}
	if l.Risk < 0 || l.Risk > 3 {
		return fmt.Errorf("eval read: label of %q: risk %d is out of 0 to 3", l.ID, l.Risk)
	}
	return nil
}

func (it readItem) article() (news.Article, error) {
	a := news.Article{ID: it.ID, URL: it.URL, Canonical: it.URL, Outlet: it.Outlet, Title: it.Title, Lead: it.Summary, Body: it.Body, Version: 1, Via: news.Import}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.ParseInLocation(layout, it.Published, config.VN); err == nil {
			a.Published = t
			return a, nil
		}
	}
	if it.Published != "" {
		return a, fmt.Errorf("eval read: item %q: published %q is neither a date nor RFC 3339", it.ID, it.Published)
	}
	return a, nil
}

// labelOf writes a reading in the labels' form.
func labelOf(id string, r news.Reading) Label {
	l := Label{ID: id, Relevant: r.Relevant, Insurance: r.Insurance, Topics: r.Topics, Scope: r.Scope, Provinces: r.Provinces, Tone: r.Tone, Role: r.Role, Digest: r.Digest, Risk: r.Risk}
	for _, list := range []*[]string{&l.Insurance, &l.Topics, &l.Provinces} {
		if *list == nil {
			*list = []string{}
		}
	}
	return l
}

func writeLabels(w io.Writer, pairs []readPair) error {
	if w == nil {
		return nil
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, p := range pairs {
		if err := e.Encode(p.said); err != nil {
			return fmt.Errorf("eval read: writing the answers: %w", err)
		}
	}
	return nil
}
