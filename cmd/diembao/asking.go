package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/say"
	"diembao/internal/store"
)

// asking is one person at the terminal.
type asking struct {
	h      *house
	p      *pipeline.Pipeline
	w      *say.Words
	keys   *keys
	by     string
	double bool // of the random sample: the machine's answers are not shown at all
}

// What an answer may be besides a value.
var (
	errPass = errors.New("pass over the question")
	errNext = errors.New("the next article")
	errBack = errors.New("take the last answer back")
	errQuit = errors.New("stop")
)

// all asks of one article after the other and returns how many were labelled.
func (t *asking) all(ctx context.Context, queue []news.Article) (kept int, err error) {
	labelled := make([]bool, len(queue))
	for i := 0; i < len(queue); {
		t.show(queue[i], i, len(queue))
		labels, end := t.article(queue[i])
		if end != nil && !errors.Is(end, errNext) && !errors.Is(end, errQuit) && !errors.Is(end, errBack) {
			return kept, end
		}
		if errors.Is(end, errBack) {
			if i = max(0, i-1); labelled[i] {
				if err := t.takeBack(ctx, queue[i]); err != nil {
					return kept, err
				}
				labelled[i] = false
				kept--
			}
			continue
		}
		if len(labels) > 0 {
			if err := t.p.KeepLabels(ctx, labels); err != nil {
				return kept, err
			}
			labelled[i] = true
			kept++
		}
		if errors.Is(end, errQuit) {
			break
		}
		i++
	}
	return kept, nil
}

func (t *asking) takeBack(ctx context.Context, a news.Article) error {
	fmt.Fprintln(t.h.out, " ", t.w.Say("label.again"))
	return t.p.Store.Do(ctx, func(tx *store.Tx) error { _, err := tx.DropLabels(ctx, t.by, a.ID); return err })
}

func (t *asking) show(a news.Article, i, all int) {
	fmt.Fprintf(t.h.out, "\n[%d/%d] %s\n%s · %s · %s\n", i+1, all, a.Title, t.p.Rules().Outlet(a.Outlet).Name, t.w.Date(a.Published), a.URL)
	if a.Lead != "" {
		fmt.Fprintln(t.h.out, a.Lead)
	}
	fmt.Fprintln(t.h.out, " ", t.w.Say("label.help"))
}

// article asks of one article, axis by axis; what is not ours is asked nothing
// more. The error, if any, is what the person wants instead.
func (t *asking) article(a news.Article) (labels []store.Label, err error) {
	reading, _ := pipeline.ReadOne(a, t.p.Rules(), time.Now())
	for i := 0; i < len(pipeline.LabelAxes); {
		axis := pipeline.LabelAxes[i]
		value, err := t.ask(axis)
		switch {
		case errors.Is(err, errBack) && i > 0:
			i--
			labels = slices.DeleteFunc(labels, func(l store.Label) bool { return l.Axis == pipeline.LabelAxes[i] })
			continue
		case errors.Is(err, errPass):
			i++
			continue
		case err != nil:
			return labels, err
		}
		labels = append(labels, store.Label{ArticleID: a.ID, Axis: axis, Who: t.by, Value: value, Blind: t.double, At: time.Now()})
		if !t.double {
			t.reveal(axis, value, reading)
		}
		if i++; axis == "relevant" && value == "false" {
			break
		}
	}
	return labels, nil
}

// reveal shows what the machine read, and why, to a person who has answered.
func (t *asking) reveal(axis, mine string, r news.Reading) {
	machine, verdict := pipeline.Said(r, axis), r.Verdicts[axis]
	sure := t.w.Percent(verdict.Confidence)
	if machine == mine {
		fmt.Fprintf(t.h.out, "    %s\n", t.w.Say("label.agrees", "Sure", sure))
		return
	}
	fmt.Fprintf(t.h.out, "    %s\n", t.w.Say("label.differs", "Value", t.named(axis, machine), "Sure", sure))
	if len(verdict.Reasons) > 0 {
		why := verdict.Reasons[0]
		fmt.Fprintf(t.h.out, "    %s", t.w.Say("label.because", "Rule", why.Rule))
		if why.Quote != "" {
			fmt.Fprintf(t.h.out, " “%s”", why.Quote)
		}
		fmt.Fprintln(t.h.out)
	}
}

// letters are the keys of the values, in order; those that do something else
// are left out.
const letters = "123456789abcdefghijklmoprtvwxyz"

// keysOf are the keys of some values: a number answers for itself.
func keysOf(values []string) string {
	if own := strings.Join(values, ""); len(own) == len(values) && strings.Trim(own, "0123456789") == "" {
		return own
	}
	return letters[:min(len(values), len(letters))]
}

// ask puts one question until it has an answer.
func (t *asking) ask(axis string) (string, error) {
	values, several := t.p.Rules().Values(axis)
	letters := keysOf(values)
	var offers []string
	for i, v := range values[:len(letters)] {
		offers = append(offers, fmt.Sprintf("%c %s", letters[i], strings.TrimPrefix(t.named(axis, v), letters[i:i+1]+" – ")))
	}
	fmt.Fprintf(t.h.out, "  %s: %s", axisName(t.w, axis), strings.Join(offers, " · "))
	if several {
		fmt.Fprintf(t.h.out, " (%s)", t.w.Say("label.several"))
	}
	fmt.Fprintln(t.h.out)
	var chosen []string
	for {
		key, err := t.keys.next()
		if err != nil {
			return "", err
		}
		i := strings.IndexRune(letters, key)
		switch {
		case key == 'q', key == interrupt, key == endOfFile:
			return "", errQuit
		case key == 'n':
			return "", errNext
		case key == 's':
			return "", errPass
		case key == 'u' && len(chosen) > 0:
			chosen = chosen[:len(chosen)-1]
			t.answer(axis, chosen)
		case key == 'u':
			return "", errBack
		case key == enter && len(chosen) > 0:
			return strings.Join(chosen, ","), nil
		case key == enter: // the end of a line that was answered with its first key
		case i < 0:
			fmt.Fprintf(t.h.out, "    %s\n", t.w.Say("label.key", "Keys", letters[:1]+"–"+letters[len(letters)-1:]))
		case several:
			if !slices.Contains(chosen, values[i]) {
				chosen = append(chosen, values[i])
			}
			t.answer(axis, chosen)
		default:
			t.answer(axis, values[i:i+1])
			return values[i], nil
		}
	}
}

func (t *asking) answer(axis string, values []string) {
	fmt.Fprintf(t.h.out, "    → %s\n", t.named(axis, strings.Join(values, ",")))
}

// named says values of an axis in words.
func (t *asking) named(axis, values string) string {
	if values == "" {
		return "–"
	}
	names := strings.Split(values, ",")
	for i, v := range names {
		if topic, ok := t.p.Rules().Pack.TopicByID(v); ok && axis == "topics" {
			names[i] = topic.Label
			if t.w.Lang == "en" && topic.LabelEN != "" {
				names[i] = topic.LabelEN
			}
		}
		if id := sayAxis(axis) + "." + spoken(v); t.w.Has(id) {
			names[i] = t.w.Say(id)
		}
	}
	return strings.Join(names, ", ")
}

// sayAxis is an axis as the messages name it.
func sayAxis(axis string) string {
	switch axis {
	case "agency_role":
		return "role"
	case "topics":
		return "topic"
	}
	return axis
}

// spoken is a value as the messages name it.
func spoken(v string) string {
	switch v {
	case "true":
		return "yes"
	case "false":
		return "no"
	}
	return v
}

func axisName(w *say.Words, axis string) string {
	if id := "field." + sayAxis(axis); w.Has(id) {
		return w.Say(id)
	}
	return axis
}
