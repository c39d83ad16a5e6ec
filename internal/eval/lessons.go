package eval

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1" // names items of the stream; nothing is protected by it
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// Lesson is a labelled text to learn from.
type Lesson struct {
	Article  news.Article
	Label    Label
	Set      string  // where it is from
	Weight   float64 // how much it counts
	ToneOnly bool    // labelled for tone and nothing else
}

// own is our judgements by id, see labels/NOTES.md.
//
//go:embed labels/own.jsonl
var own []byte

// invented is texts that were made up and labelled in one go, see labels/NOTES.md.
//
//go:embed labels/invented.jsonl
var invented []byte

// inventedWeight is how much an invented text counts beside a real one. Chosen
// by cross-validation on real texts among 0, 0.25, 0.5 and 1.
const inventedWeight = 0.5

// danesWeight is how much a headline of any field counts for tone beside one
// of ours. Chosen by cross-validation among 0, 0.2 and 1.
const danesWeight = 0.2

// Sets names what Lessons reads, for the model card.
var Sets = []string{
	"labels/labels-dev.jsonl: 385 development labels",
	"own labels by id (internal/eval/labels), over corpus/ and stream/",
	"invented texts (internal/eval/labels)",
	"tone/danes-annotated.json: DANeS, CC BY 4.0",
}

// Lessons reads the labelled sets in a directory laid out as the shared data
// is: labels/, corpus/, stream/, tone/.
func Lessons(dir fs.FS) ([]Lesson, error) {
	dev, err := devLessons(dir)
	if err != nil {
		return nil, err
	}
	ours, err := ownLessons(dir)
	if err != nil {
		return nil, err
	}
	tones, err := toneLessons(dir)
	if err != nil {
		return nil, err
	}
	made, err := inventedLessons()
	if err != nil {
		return nil, err
	}
	return slices.Concat(dev, ours, made, tones), nil
}

// inventedLessons reads the texts that were made up. They teach, and nothing
// is measured on them.
func inventedLessons() ([]Lesson, error) {
	items, err := rows[readItem](bytes.NewReader(invented), "invented")
	if err != nil {
		return nil, err
	}
	gold, err := goldLabels(bytes.NewReader(invented))
	if err != nil {
		return nil, err
	}
	var out []Lesson
	for _, it := range items {
		a, err := it.article()
		if err != nil {
			return nil, err
		}
		out = append(out, Lesson{Article: a, Label: gold[it.ID], Set: madeUp, Weight: inventedWeight})
	}
	return out, nil
}

// madeUp is the set of the invented texts.
const madeUp = "invented"

func devLessons(dir fs.FS) ([]Lesson, error) {
	items, err := fs.ReadFile(dir, "labels/items-dev.jsonl")
	if err != nil {
		return nil, fmt.Errorf("eval: the development items: %w", err)
	}
	labels, err := fs.ReadFile(dir, "labels/labels-dev.jsonl")
	if err != nil {
		return nil, fmt.Errorf("eval: the development labels: %w", err)
	}
	list, err := rows[readItem](bytes.NewReader(items), "items")
	if err != nil {
		return nil, err
	}
	gold, err := goldLabels(bytes.NewReader(labels))
	if err != nil {
		return nil, err
	}
	var out []Lesson
	for _, it := range list {
		l, ok := gold[it.ID]
		if !ok {
			return nil, fmt.Errorf("eval: item %q has no label", it.ID)
		}
		a, err := it.article()
		if err != nil {
			return nil, err
		}
		out = append(out, Lesson{Article: a, Label: l, Set: "dev", Weight: 1})
	}
	return out, nil
}

// ownLessons finds the texts of our own labels. Every label must be found: a
// model fitted to fewer would be another one.
func ownLessons(dir fs.FS) ([]Lesson, error) {
	gold, err := goldLabels(bytes.NewReader(own))
	if err != nil {
		return nil, err
	}
	var out []Lesson
	take := func(id, title, lead string, at time.Time) {
		l, ok := gold[id]
		if !ok {
			return
		}
		delete(gold, id)
		lead = strings.TrimSpace(lead)
		if r := []rune(lead); len(r) > 450 {
			lead = string(r[:450]) // what the labellers were shown
		}
		out = append(out, Lesson{Article: news.Article{ID: id, Title: strings.TrimSpace(title), Lead: lead, Published: at}, Label: l, Set: "own", Weight: 1})
	}
	if err := corpusTexts(dir, take); err != nil {
		return nil, err
	}
	if err := streamTexts(dir, take); err != nil {
		return nil, err
	}
	for id := range gold {
		return nil, fmt.Errorf("eval: %d labelled texts are absent, %s among them: give the whole shared data", len(gold), id)
	}
	return out, nil
}

func corpusTexts(dir fs.FS, take func(id, title, lead string, at time.Time)) error {
	return gzLines(dir, "corpus/bhxh-bodies.jsonl.gz", func(line []byte) error {
		var it readItem
		if err := json.Unmarshal(line, &it); err != nil {
			return err
		}
		lead := strings.TrimSpace(it.Summary)
		if lead == "" {
			lead = string([]rune(it.Body)[:min(300, len([]rune(it.Body)))])
		}
		take(it.ID, it.Title, lead, time.Time{})
		return nil
	})
}

func streamTexts(dir fs.FS, take func(id, title, lead string, at time.Time)) error {
	files, err := fs.Glob(dir, "stream/*.jsonl.gz")
	if err != nil {
		return err
	}
	for _, file := range files {
		err := gzLines(dir, file, func(line []byte) error {
			var it struct{ Title, Link, Summary, Published string }
			if err := json.Unmarshal(line, &it); err != nil {
				return err
			}
			address, _, _ := strings.Cut(it.Link, "?")
			sum := sha1.Sum([]byte(address))
			at, err := time.Parse(time.RFC3339, it.Published)
			if err != nil {
				at = time.Time{} // a date that cannot be read is unknown
			}
			take("s-"+hex.EncodeToString(sum[:])[:10], it.Title, plainText(it.Summary), at)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// plainText drops the tags of a feed's summary.
func plainText(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range html.UnescapeString(s) {
		switch {
		case r == '<':
			depth++
		case r == '>' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// toneLessons reads DANeS: headlines and leads of all fields, with the tone
// that one person heard.
func toneLessons(dir fs.FS) ([]Lesson, error) {
	raw, err := fs.ReadFile(dir, "tone/danes-annotated.json")
	if err != nil {
		return nil, fmt.Errorf("eval: the tones of DANeS: %w", err)
	}
	var list []struct {
		ID          int
		Annotations []struct {
			Value    struct{ Choices []string }
			FromName string `json:"from_name"`
		}
		Data struct {
			Text string
			Meta struct{ Description string }
		}
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("eval: the tones of DANeS: %w", err)
	}
	names := map[string]string{"Tiêu cực": "negative", "Trung tính": "neutral", "Tích cực": "positive"}
	var out []Lesson
	for _, it := range list {
		for _, a := range it.Annotations {
			if a.FromName != "sentiment" || len(a.Value.Choices) != 1 || names[a.Value.Choices[0]] == "" {
				continue
			}
			art := news.Article{ID: fmt.Sprint(it.ID), Title: it.Data.Text, Lead: it.Data.Meta.Description, Published: time.Date(2021, 10, 1, 0, 0, 0, 0, config.VN)}
			out = append(out, Lesson{Article: art, Label: Label{ID: art.ID, Relevant: true, Tone: names[a.Value.Choices[0]]}, Set: "danes", Weight: danesWeight, ToneOnly: true})
		}
	}
	return out, nil
}

// gzLines hands each line of a compressed file on.
func gzLines(dir fs.FS, file string, each func([]byte) error) error {
	f, err := dir.Open(file)
	if err != nil {
		return fmt.Errorf("eval: opening %s: %w", path.Base(file), err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("eval: unpacking %s: %w", file, err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return fmt.Errorf("eval: unpacking %s: %w", file, err)
	}
	for n, line := range bytes.Split(raw, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := each(line); err != nil {
			return fmt.Errorf("eval: %s line %d: %w", file, n+1, err)
		}
	}
	return nil
}
