package crisis

import (
	"cmp"
	"math"
	"slices"

	"diembao/config"
	"diembao/internal/news"
)

// kind and type are the lists of the configuration made ready.
type kind struct {
	config.CrisisKind
	signs, what, unless phrases
}

type responsibility struct {
	config.CrisisType
	signs phrases
}

// otherwise is the kind of an incident that no kind describes.
const otherwise = "other"

// What speaks for a kind, for each article: a phrase of its own or, by half, one
// that other kinds have too; who is blamed; its topic, less where it stands
// behind another. A named threat decides alone. A kind is believed from
// plausible points an article on.
const (
	bySign    = 2.0
	byPhrase  = 1.0
	byTarget  = 1.0
	byTopic   = 0.6
	byOther   = 0.3
	byThreat  = 10.0
	plausible = 0.5
)

// votes adds up what speaks for one value of an axis, and keeps the reasons.
type votes struct {
	points float64
	why    []news.Reason
}

func (v *votes) add(points float64, rule, quote string) {
	v.points += points
	for i, r := range v.why {
		if r.Rule == rule {
			v.why[i].Weight += points
			return
		}
	}
	v.why = append(v.why, news.Reason{Rule: rule, Quote: quote, Weight: points})
}

// reasons are the three strongest, a share of an article each.
func (v votes) reasons(articles int) []news.Reason {
	out := slices.Clone(v.why)
	slices.SortStableFunc(out, func(a, b news.Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	out = out[:min(3, len(out))]
	for i := range out {
		out[i].Weight = math.Round(100*out[i].Weight/float64(articles)) / 100
	}
	return out
}

// teller is the articles that say what sort of story it is: those of harm and
// those that puzzle, or all voices where there is none.
func (e evidence) teller() []Article {
	if s := e.suspect(); len(s) > 0 {
		return s
	}
	return e.voices
}

// kind tells what sort of incident the articles make: the kind that most of
// them bear the signs of, the earlier of two alike. The second value is its
// own gate.
func (r *Rules) kind(e evidence) (news.Called, int) {
	articles := e.teller()
	best, most, gate := news.Called{Value: otherwise}, plausible*float64(len(articles)), 0
	for _, k := range r.kinds {
		if v := r.votes(k, e, articles); v.points > 0 && v.points >= most && (v.points > most || best.Value == otherwise) {
			best, most, gate = news.Called{Value: k.ID, Why: v.reasons(len(articles))}, v.points, k.MinOutlets
		}
	}
	return best, gate
}

func (r *Rules) votes(k kind, e evidence, articles []Article) (v votes) {
	if e.threat != nil && slices.Contains(k.Threats, e.threat.ID) {
		v.add(byThreat*float64(len(articles)), e.threat.Name, e.quote)
	}
	for _, a := range articles {
		if k.Nobody && r.accused(a) {
			continue
		}
		if quote, ok := k.signs.without(k.unless, a.text.sentences); ok {
			v.add(bySign, "dấu hiệu riêng của loại này", quote)
		} else if quote, ok := k.what.without(k.unless, a.text.sentences); ok {
			v.add(byPhrase, "từ ngữ của loại này", quote)
		}
		if a.Role != "blamed" && slices.Contains(k.Targets, a.Target) {
			v.add(byTarget, "bị quy trách nhiệm: "+a.Target, a.Title)
		}
		for i, topic := range a.Topics {
			if slices.Contains(k.Topics, topic) {
				points := byTopic
				if i > 0 || k.Nobody { // rules are a topic beside others, and the last resort of one
					points = byOther
				}
				v.add(points, "chủ đề "+topic, a.Title)
				break
			}
		}
	}
	return v
}

// accused reports whether an article lays the harm at somebody's door: the
// agency's, a hospital's, an employer's, or that of a person of the agency.
func (r *Rules) accused(a Article) bool {
	if a.Role == "blamed" || a.Target != "none" && a.Target != "" && a.Target != "policy" && a.Target != "ministry" {
		return true
	}
	_, named := r.leaders.find(a.text.sentences)
	return named
}

// responsibility tells how much of the blame lies on the agency: the type whose
// signs most articles bear, where the one that its kind suggests begins with
// half an article's.
func (r *Rules) responsibility(e evidence, of news.Called) news.Called {
	articles, suggested := e.teller(), ""
	for _, k := range r.kinds {
		if k.ID == of.Value {
			suggested = k.Type
		}
	}
	var best news.Called
	most := 0.0
	for _, t := range r.types {
		var v votes
		if t.ID == suggested {
			v.add(float64(len(articles))/2, "thường thấy ở loại này", "")
		}
		for _, a := range articles {
			if quote, ok := t.signs.find(a.text.sentences); ok {
				v.add(1, "dấu hiệu trong bài", quote)
			}
		}
		if v.points > most {
			best, most = news.Called{Value: t.ID, Why: v.reasons(len(articles))}, v.points
		}
	}
	return best
}

// call lets the rules name an axis, unless a person has named it.
func call(stands, now news.Called) news.Called {
	if stands.By != "" {
		return stands
	}
	return now
}
