package judge

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"diembao/internal/news"
)

const (
	weight  = 0.5 // of the model's word, where it agrees or settles
	settled = 0.6 // how sure a verdict is that the model settled
)

// Weigh lays an opinion beside a reading, by the rule of the package comment.
// below is the confidence under which a verdict is open; ours reads the same
// article anew as one that is relevant, with the reasons given: the rules had
// stopped reading it.
func Weigh(r news.Reading, mentions []news.Mention, o Opinion, below float64, ours func(because []news.Reason) news.Reading) news.Reading {
	if o.Says["relevant"].Value == "true" && !r.Relevant && open(r, "relevant", below) && slices.Contains(sides(r), "true") {
		r = broughtIn(r, ours)
	}
	verdicts := maps.Clone(r.Verdicts)
	for _, axis := range slices.Sorted(maps.Keys(o.Says)) {
		v, read := verdicts[axis]
		if !read {
			continue // an article that is not ours has no topics
		}
		s := o.Says[axis]
		why := news.Reason{Rule: o.name(s.Value), Where: s.Where, Quote: s.Quote}
		switch {
		case s.Value == current(r, axis):
			why.Weight = weight
		case open(r, axis, below) && slices.Contains(candidates(r, mentions, axis), s.Value):
			why.Weight = weight
			why.Rule += ", trước đó " + current(r, axis)
			v.Before, v.Confidence = v.Value, settled
			v.Value = settle(&r, axis, s.Value)
		}
		v.Reasons = append(slices.Clone(v.Reasons), why)
		verdicts[axis] = v
	}
	r.Verdicts = verdicts
	return r
}

// broughtIn reads an article that stood just outside as one of ours.
func broughtIn(r news.Reading, ours func(because []news.Reason) news.Reading) news.Reading {
	whole := ours(r.Verdicts["relevant"].Reasons)
	whole.Verdicts = maps.Clone(whole.Verdicts)
	v := whole.Verdicts["relevant"]
	v.Before = false
	whole.Verdicts["relevant"] = v
	return whole
}

// name is the rule of the reason: who said what, asked by which question, when.
func (o Opinion) name(value string) string {
	return fmt.Sprintf("judge:%s (câu hỏi %.8s, %s): %s", o.Model, o.Prompt, o.At.Format("02/01/2006"), value)
}

// current is what a reading says of an axis; of topics the main one.
func current(r news.Reading, axis string) string {
	switch axis {
	case "relevant":
		return strconv.FormatBool(r.Relevant)
	case "tone":
		return r.Tone
	case "agency_role":
		return r.Role
	case "risk":
		return strconv.Itoa(r.Risk)
	case "topics":
		if len(r.Topics) > 0 {
			return r.Topics[0]
		}
	}
	return ""
}

// open reports whether a verdict was in doubt.
func open(r news.Reading, axis string, below float64) bool {
	switch {
	case axis == "relevant":
		return r.Uncertain
	case axis == "tone" && r.Heard != "" && r.Heard != r.Tone, axis == "risk" && r.Alarm() != r.Risk:
		return true
	}
	return r.Verdicts[axis].Confidence < below
}

// Hard reports whether a reading holds a verdict in doubt on one of the axes.
// What a person corrected is sure, and so in none.
func Hard(r news.Reading, axes []string, below float64) bool {
	return slices.ContainsFunc(axes, func(axis string) bool {
		_, read := r.Verdicts[axis]
		return read && open(r, axis, below)
	})
}

// candidates are the values of an axis that the rules or the learned model had
// a reason for, less those that would take away harm which phrases heard.
func candidates(r news.Reading, mentions []news.Mention, axis string) []string {
	switch axis {
	case "relevant":
		return sides(r)
	case "tone":
		return []string{r.Tone, r.Heard}
	case "risk":
		return []string{strconv.Itoa(r.Risk), strconv.Itoa(r.Alarm())}
	case "agency_role":
		if r.Role == "blamed" {
			return nil
		}
		return named(mentions, "role:")
	case "topics":
		return slices.Concat(r.Topics, named(mentions, "topic:"), named(mentions, "hint:"))
	}
	return nil
}

// sides are the verdicts on relevance that rules spoke for.
func sides(r news.Reading) (out []string) {
	tone, _ := r.Tense()
	for _, why := range r.Verdicts["relevant"].Reasons {
		switch {
		case why.Weight > 0:
			out = append(out, "true")
		case why.Weight < 0 && tone != "negative":
			out = append(out, "false")
		}
	}
	return out
}

// named are the ids of a kind that phrases in title or lead speak for.
func named(mentions []news.Mention, kind string) (out []string) {
	for _, m := range mentions {
		if id, ok := strings.CutPrefix(m.What, kind); ok && m.Where != news.Body {
			out = append(out, id)
		}
	}
	return out
}

// mostTopics is how many topics an article is filed under.
const mostTopics = 3

// settle puts a value into the reading and returns it as a verdict has it. What
// is judged not to be ours stays uncertain, so that it is kept and shown first
// to people.
func settle(r *news.Reading, axis, value string) any {
	switch axis {
	case "relevant":
		r.Relevant, r.Uncertain = value == "true", true
		return r.Relevant
	case "tone":
		r.Tone = value
	case "risk":
		r.Risk, _ = strconv.Atoi(value) // a candidate, so one of the four
		return r.Risk
	case "agency_role":
		r.Role = value
	case "topics":
		others := slices.DeleteFunc(slices.Clone(r.Topics), func(t string) bool { return t == value })
		r.Topics = append([]string{value}, others[:min(len(others), mostTopics-1)]...)
		return r.Topics
	}
	return value
}
