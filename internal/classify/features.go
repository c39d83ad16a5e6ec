package classify

import (
	"slices"
	"strings"

	"diembao/internal/learn"
	"diembao/internal/news"
	"diembao/internal/vi"
)

// features are what the learned model sees of an article: the syllables and
// pairs of title and lead, what was found where, and what the rules said. No
// feature quotes more than two syllables.
func (v *view) features(r *news.Reading) learn.Features {
	f := learn.Features{}
	for _, part := range []struct {
		text   string
		weight float64
	}{{v.a.Title, 1}, {v.a.Lead, 0.5}} {
		before := ""
		for _, t := range vi.Tokens(part.text) {
			f["1:"+t.Text] = max(f["1:"+t.Text], part.weight)
			if before != "" {
				pair := "2:" + before + " " + t.Text
				f[pair] = max(f[pair], part.weight)
			}
			before = t.Text
		}
	}
	for _, m := range v.all {
		if m.Where != news.Body {
			kind := kindOf(m.What)
			f["found:"+kind], f["found:"+string(m.Where)+":"+kind] = 1, 1
		}
	}
	f["rule:tone:"+r.Tone] = 1
	for i, topic := range r.Topics {
		f["rule:topic:"+topic] = 1
		if i == 0 {
			f["rule:main:"+topic] = 1
		}
	}
	return f
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
	case "1", "2":
		return "từ ngữ", rest
	case "found":
		return "dấu hiệu " + rest, ""
	}
	return "luật đọc là " + rest[strings.Index(rest, ":")+1:], ""
}

// Lesson returns what the model would see of an article: the features to learn
// from. ok is false where the rules hold the article for none of ours.
func (c *Classifier) Lesson(a news.Article, mentions []news.Mention) learn.Features {
	v := newView(a, mentions)
	var r news.Reading
	r.Verdicts = map[string]news.Verdict{}
	c.byRules(v, &r)
	return v.features(&r)
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
		"tone":   {Classes: []string{"negative", "neutral", "positive"}, Exclusive: true, Penalty: 2, Least: 3},
	}
}
