package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/eval"
)

// learnVerbs is `learn`: without a word behind it, the model of readings.
type learnVerbs struct {
	Readings learnCmd       `cmd:"" default:"withargs" help:"The model of readings, from what people labelled."`
	Crisis   learnCrisisCmd `cmd:"" help:"Which words speak for a crisis, from stories that people judged."`
}

type learnCrisisCmd struct {
	Dirs []string `arg:"" name:"dir" help:"Holds judged stories, a JSON file each." type:"existingdir"`
	Out  string   `help:"Where the words go, as YAML (default: standard output)." type:"path" placeholder:"OUT.yaml"`

	Stream  []string `help:"Fit the weights of the factors instead: real articles to plant the stories in (may be gzipped); may be given several times." type:"existingfile" placeholder:"FILE"`
	Factors []string `help:"With --stream: the factors whose weights are fitted, the others standing; none named: all." placeholder:"NAME"`
	Seeds   int      `help:"With --stream: how many streams to compose." default:"3"`
}

func (learnCrisisCmd) Help() string {
	return "Example: diembao learn crisis gold/stories --out wording.yaml\n\n" +
		`A story is {"id","crisis":true|false,"articles":[{"title","summary"}]}, as in internal/eval/testdata/replay. ` +
		"What comes out may stand in diembao.yaml as it is. The same stories give the same words.\n\n" +
		"With --stream the weights of crisis.yaml are fitted: the stories are planted in real articles and replayed, " +
		"and what stands is printed beside what the stories teach, each with its sign held, and with the logarithmic loss " +
		"on stories left out. Nothing is changed: what is better is for eval crisis and a person to say."
}

// Run fits the words and writes them as configuration.
func (c learnCrisisCmd) Run(_ context.Context, h *house) error {
	if len(c.Stream) > 0 {
		return c.weights(h)
	}
	told, err := judged(c.Dirs)
	if err != nil {
		return err
	}
	learnt := crisis.Learn(told)
	if h.JSON {
		return h.answer(learnt)
	}
	out := h.out
	if c.Out != "" {
		f, err := os.Create(c.Out)
		if err != nil {
			return fmt.Errorf("making %s for the words: %w", c.Out, err)
		}
		h.closers = append(h.closers, f.Close)
		out = f
	}
	return writeWording(out, learnt, len(told))
}

// judged reads the stories of some folders, in order of folder and name.
func judged(dirs []string) ([]crisis.Told, error) {
	var out []crisis.Told
	for _, dir := range dirs {
		files, err := eval.StoryFiles(dir)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			t, err := judgedStory(file)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
		}
	}
	return out, nil
}

func judgedStory(file string) (t crisis.Told, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return t, fmt.Errorf("reading the story %s: %w", file, err)
	}
	var s struct {
		Crisis   bool
		Articles []struct{ Title, Summary string }
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return t, fmt.Errorf("reading the story %s: %w", file, err)
	}
	t.Crisis = s.Crisis
	for _, a := range s.Articles {
		t.Articles = append(t.Articles, crisis.Wording{Title: a.Title, Lead: a.Summary})
	}
	return t, nil
}

// writeWording writes words as they stand in the configuration: strongest for a
// crisis first, strongest against it last.
func writeWording(w io.Writer, learnt config.Wording, stories int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Từ ngữ của khủng hoảng và của tin lành, học từ %d câu chuyện đã được người đánh giá:\n", stories)
	b.WriteString("#   diembao learn crisis internal/eval/testdata/replay --out config/wording.yaml\n")
	b.WriteString("# Mỗi dòng là trọng số (phần mười) và các từ, cặp từ mang trọng số ấy; số dương nghiêng về khủng hoảng.\n")
	fmt.Fprintf(&b, "crisis:\n  wording:\n    bias: %g\n    words:\n", learnt.Bias)
	var tenths []int
	for t := range learnt.Words {
		tenths = append(tenths, t)
	}
	slices.Sort(tenths)
	for _, t := range slices.Backward(tenths) {
		var quoted []string
		for _, word := range learnt.Words[t] {
			quoted = append(quoted, quotedYAML(word))
		}
		fmt.Fprintf(&b, "      %d: [%s]\n", t, strings.Join(quoted, ", "))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the words: %w", err)
	}
	return nil
}

// quotedYAML quotes what YAML would take for a number, a flag or nothing.
func quotedYAML(word string) string {
	if strings.Contains(word, " ") && word[0] > '9' {
		return word
	}
	return fmt.Sprintf("%q", word)
}

// weights fits the weights of factors and prints them beside those that stand.
func (c learnCrisisCmd) weights(h *house) error {
	rules, err := h.rules()
	if err != nil {
		return err
	}
	streams, err := h.streams(c.Stream)
	if err != nil {
		return err
	}
	free := c.Factors
	if len(free) == 0 {
		free = slices.Sorted(maps.Keys(rules.Pack.Crisis.Weights))
	}
	for _, name := range free {
		if _, ok := rules.Pack.Crisis.Weights[name]; !ok {
			return usage("there is no factor %q; crisis.weights has %s", name, strings.Join(slices.Sorted(maps.Keys(rules.Pack.Crisis.Weights)), ", "))
		}
	}
	bar := h.progress(-1, "articles")
	f, err := eval.Weights(c.Dirs, streams, free, eval.CrisisOptions{
		Stages: func() *eval.Replay { return replay(rules) }, Rules: rules.Pack.Crisis, Known: follows(rules),
		Seeds: c.Seeds, Onsets: "any",
		Progress: func(stage string, done, all int) {
			bar.Describe(stage)
			bar.ChangeMax(all)
			_ = bar.Set(done)
		},
	})
	if err := errors.Join(err, bar.Close()); err != nil {
		return fmt.Errorf("fitting the weights on %s: %w", strings.Join(c.Dirs, ", "), err)
	}
	if h.JSON {
		return h.answer(f)
	}
	return h.fitted(f)
}

func (h *house) fitted(f eval.WeightFigures) error {
	var rows [][]string
	for _, name := range f.Free {
		rows = append(rows, []string{name, fmt.Sprintf("%.2f", f.Stand[name]), fmt.Sprintf("%.2f", f.Fitted[name]), fmt.Sprintf("%.4f", f.Alone[name])})
	}
	if err := h.part([]string{"factor", "stands", "fitted", "loss, it alone fitted"}, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(h.out, "%d stories, %d of them crises; logarithmic loss on stories left out: %.4f as the weights stand, %.4f fitted\n",
		f.Stories, f.Crises, f.Before, f.After)
	return err
}
