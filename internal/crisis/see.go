package crisis

import (
	"strings"

	"diembao/config"
	"diembao/internal/news"
)

// See makes an article of a story ready for the tally: what was read in it,
// the crisis words among its mentions, and the outlet that published it.
func See(a news.Article, r news.Reading, mentions []news.Mention, o config.Outlet, copyOf string) Article {
	tone, sure := r.Tense()
	out := Article{
		ID: a.ID, URL: a.URL, Title: a.Title, Lead: a.Lead,
		Outlet: a.Outlet, Kind: o.Kind, Reach: o.Reach, Level: o.Level, Trusted: o.Trusted,
		Provinces: r.Provinces, Topics: r.Topics, Relevant: r.Relevant, Digest: r.Digest,
		Tone: tone, Role: r.Role, Target: r.Target, Risk: r.Alarm(), Routine: !r.Unusual,
		Confidence: sure, Hits: Hits(mentions), CopyOf: copyOf,
		Via: a.Via, Published: a.Published, FirstSeen: a.FirstSeen,
	}
	out.text = read(out)
	return out
}

// Grave reports whether an article as read tells of harm that the agency has
// to answer for, or puzzles: a story of such articles is watched for more of them.
func Grave(r news.Reading) bool {
	tone, _ := r.Tense()
	a := Article{Tone: tone, Role: r.Role, Target: r.Target, Routine: !r.Unusual}
	return against(a) || puzzling(a)
}

// Odds is the logarithm of the odds that an article tells of a crisis, by the
// wording of its title and lead alone.
func (r *Rules) Odds(a news.Article) float64 {
	return r.wording.of(read(Article{Title: a.Title, Lead: a.Lead}))
}

// Hits are the words of the crisis lexicon among mentions ("crisis:3:khởi tố").
func Hits(mentions []news.Mention) []Hit {
	var out []Hit
	for _, m := range mentions {
		rest, ok := strings.CutPrefix(m.What, "crisis:")
		if !ok || rest == "" || rest[0] < '1' || rest[0] > '3' {
			continue
		}
		out = append(out, Hit{Severity: int(rest[0] - '0'), Where: m.Where, Quote: m.Quote})
	}
	return out
}
