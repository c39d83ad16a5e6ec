package classify

import (
	"slices"
	"strings"

	"diembao/internal/learn"
	"diembao/internal/news"
	"diembao/internal/vi"
)

// features are what the learned model sees of an article: the pairs of
// syllables of title and lead, what was found where, and what the rules said.
// One syllable is rarely a word in Vietnamese; with single ones the model fits
// the labels better and the world no better.
func (v *view) features(r *news.Reading) learn.Features {
	f := learn.Features{}
	for _, part := range []struct {
		text   string
		weight float64
	}{{v.a.Title, 1}, {v.a.Lead, 0.5}} {
		before := ""
		for _, t := range vi.Tokens(part.text) {
			if before != "" {
				pair := "word:" + before + " " + t.Text
				f[pair] = max(f[pair], part.weight)
			}
			before = t.Text
		}
	}
	for _, m := range v.all {
		if kind := kindOf(m.What); m.Where != news.Body && !forFindings[kind] {
			f["found:"+kind], f["found:"+string(m.Where)+":"+kind] = 1, 1
		}
	}
	f["rule:tone:"+r.Tone] = 1
	if v.bad > 0 {
		f["heard:harm"] = min(v.bad, 3)
	}
	if v.good > 0 {
		f["heard:praise"] = min(v.good, 3)
	}
	for i, topic := range r.Topics {
		f["rule:topic:"+topic] = 1
		if i == 0 {
			f["rule:main:"+topic] = 1
		}
	}
	return f
}

// forFindings are the cues that events, claims and quotations are found by:
// everyday words, and no model gains by them.
var forFindings = map[string]bool{
	"cue:office": true, "cue:saying": true, "cue:model": true, "cue:model_praised": true, "cue:cancelled": true,
	"cue:planned": true, "cue:attended": true, "cue:counted": true, "cue:rate": true, "cue:nationwide": true,
}

// moods are the kinds of mention that tell a tone; what an article is about
// tells none, however well it fits the labels.
var moods = []string{"cue:", "crisis:", "positive", "diminisher", "intensifier", "role:", "target:"}

// ofTone keeps of what was seen what may speak of tone.
func ofTone(all learn.Features) learn.Features {
	out := learn.Features{}
	for name, value := range all {
		kind := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "found:"), "title:"), "lead:")
		mood := slices.ContainsFunc(moods, func(m string) bool { return strings.HasPrefix(kind, m) })
		if mood || !strings.HasPrefix(name, "found:") && !strings.HasPrefix(name, "rule:topic") && !strings.HasPrefix(name, "rule:main") {
			out[name] = value
		}
	}
	return out
}

// kindOf leaves out which word, province or office it was: there are too many
// of each to learn from.
func kindOf(what string) string {
	kind, rest, _ := strings.Cut(what, ":")
	switch kind {
	case "crisis":
		return kind + ":" + rest[:min(1, len(rest))]
	case "province", "unit", "namesake":
		return kind
	}
	return what
}

// inWords names a feature as a press officer would.
func inWords(feature string) (rule, quote string) {
	kind, rest, _ := strings.Cut(feature, ":")
	switch kind {
	case "word":
		return "từ ngữ", rest
	case "found":
		return "dấu hiệu " + rest, ""
	}
	if kind == "heard" {
		return "luật nghe thấy " + map[string]string{"harm": "điều không hay", "praise": "điều tốt"}[rest], ""
	}
	return "luật đọc là " + rest[strings.Index(rest, ":")+1:], ""
}

// Lesson returns what the model would see of an article on an axis.
func (c *Classifier) Lesson(axis string, a news.Article, mentions []news.Mention) learn.Features {
	v := newView(a, mentions)
	var r news.Reading
	r.Verdicts = map[string]news.Verdict{}
	c.byRules(v, &r)
	f := v.features(&r)
	if axis == "tone" {
		return ofTone(f)
	}
	return f
}

// Axes are the questions the model answers, and how each is fitted. The
// penalties and the least count were chosen by cross-validation, see
// `diembao learn`.
func (c *Classifier) Axes() map[string]learn.Options {
	var ids []string
	for _, t := range c.topics {
		ids = append(ids, t.ID)
	}
	slices.Sort(ids)
	return map[string]learn.Options{
		"topics": {Classes: ids, Penalty: 0.5, Least: 3},
		"tone":   {Classes: []string{"negative", "neutral", "positive"}, Exclusive: true, Penalty: 1, Least: 3},
	}
}
