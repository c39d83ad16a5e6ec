package crisis

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"

	"pgregory.net/rapid"
)

func shipped(t testing.TB) config.Crisis {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	return pack.Crisis
}

// anyArticle draws an article as bad as it may be.
func anyArticle(i int) *rapid.Generator[Article] {
	return rapid.Custom(func(t *rapid.T) Article {
		seen := day.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "minute")) * time.Minute)
		return Article{
			ID: fmt.Sprint("n", i), URL: fmt.Sprint("https://n", i), Title: "Chuyện ở BHXH", FirstSeen: seen,
			Published:  seen.Add(-time.Duration(rapid.IntRange(-3000, 3000).Draw(t, "age")) * time.Minute),
			Outlet:     rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}).Draw(t, "outlet"),
			Kind:       rapid.SampledFrom([]string{"press", "press", "agency-portal", "aggregator"}).Draw(t, "kind"),
			Reach:      rapid.SampledFrom([]string{"national", "local"}).Draw(t, "reach"),
			Tone:       rapid.SampledFrom([]string{"negative", "negative", "neutral", "positive"}).Draw(t, "tone"),
			Role:       rapid.SampledFrom([]string{"blamed", "none", "informant", "enforcer"}).Draw(t, "role"),
			Target:     rapid.SampledFrom([]string{"agency", "policy", "employer", "none"}).Draw(t, "target"),
			Provinces:  rapid.SampledFrom([][]string{nil, {"ha-noi"}, {"ca-mau", "an-giang"}}).Draw(t, "provinces"),
			Via:        rapid.SampledFrom([]news.Via{news.Crawl, news.Crawl, news.Import, news.Backfill}).Draw(t, "via"),
			Risk:       rapid.IntRange(0, 3).Draw(t, "risk"),
			Relevant:   rapid.IntRange(0, 5).Draw(t, "relevant") > 0,
			Digest:     rapid.IntRange(0, 5).Draw(t, "digest") == 0,
			Trusted:    rapid.Bool().Draw(t, "trusted"),
			Confidence: rapid.Float64Range(0, 1).Draw(t, "confidence"),
			CopyOf:     rapid.SampledFrom([]string{"", "", "n0", "gone"}).Draw(t, "copy"),
		}
	})
}

func anyTallies(t *rapid.T) []Tally {
	var out []Tally
	for s := range rapid.IntRange(1, 3).Draw(t, "stories") {
		tally := Tally{Story: fmt.Sprint("s", s), Title: "Sự việc", Outlets: rapid.SampledFrom([]int{0, 3, 40}).Draw(t, "on")}
		for i := range rapid.IntRange(0, 8).Draw(t, "articles") {
			tally.Articles = append(tally.Articles, anyArticle(i).Draw(t, "article"))
		}
		out = append(out, tally)
	}
	return out
}

// Whatever comes in whatever order: the same changes; stored and asked again,
// nothing worse; no level without its gates; every score is its factors'.
func TestDecideHolds(t *testing.T) {
	rules := Compile(shipped(t))
	rapid.Check(t, func(t *rapid.T) {
		tallies := anyTallies(t)
		stored := map[string]news.Incident{}
		for now := day; now.Before(day.AddDate(0, 0, 9)); now = now.Add(time.Duration(rapid.IntRange(200, 3000).Draw(t, "step")) * time.Minute) {
			open := sorted(stored)
			changes := rules.Decide(now, tallies, open)
			slices.Reverse(open)
			if again := rules.Decide(now, shuffled(tallies), open); !reflect.DeepEqual(changes, again) {
				t.Fatalf("another order, other changes: %+v and %+v", changes, again)
			}
			for _, c := range changes {
				holds(t, rules, now, c, stored[c.Incident.ID], tallies)
				stored[c.Incident.ID] = c.Incident
			}
			settles(t, rules, now, tallies, stored)
		}
	})
}

// settles asks until nothing changes: what was told stays told, and soon there is nothing more.
func settles(t *rapid.T, rules *Rules, now time.Time, tallies []Tally, stored map[string]news.Incident) {
	for range 3 {
		changes := rules.Decide(now, tallies, sorted(stored))
		if len(changes) == 0 {
			return
		}
		for _, c := range changes {
			if c.Incident.Level > stored[c.Incident.ID].Level {
				t.Fatalf("asked again at the same moment, a level more: %+v", c)
			}
			stored[c.Incident.ID] = c.Incident
		}
	}
	t.Fatal("asked again and again at the same moment, it never settles")
}

func shuffled(tallies []Tally) []Tally {
	out := slices.Clone(tallies)
	slices.Reverse(out)
	for i := range out {
		out[i].Articles = slices.Clone(out[i].Articles)
		slices.Reverse(out[i].Articles)
	}
	return out
}

// holds checks one change against what no change may break.
func holds(t *rapid.T, rules *Rules, now time.Time, c Change, before news.Incident, tallies []Tally) {
	in := c.Incident
	if in.Level < before.Level || before.State == news.False {
		t.Fatalf("an incident of level %d, %s, became %+v", before.Level, before.State, c)
	}
	sum := 0.0
	for _, f := range in.Reasons {
		sum += f.Value * f.Weight
	}
	if math.Abs(1/(1+math.Exp(-sum))-in.Score) > 1e-4 {
		t.Fatalf("score %f is not that of its factors", in.Score)
	}
	if in.Level <= before.Level {
		return
	}
	outlets := map[string]bool{}
	for _, tally := range tallies {
		for _, a := range tally.Articles {
			if tally.Story == in.Story && a.Relevant && !a.Digest && a.Tone != "positive" && a.Via == news.Crawl &&
				press(a.Kind) && !a.FirstSeen.After(now) && a.FirstSeen.Sub(a.Published) <= late {
				outlets[a.Outlet] = true
			}
		}
	}
	if len(outlets) < rules.MinOutlets {
		t.Fatalf("level %d by %d newsrooms that tell of harm or of the unusual: %+v", in.Level, len(outlets), c)
	}
}

// A clock that jumps back sees less; it closes nothing and opens nothing twice.
func TestAClockThatJumps(t *testing.T) {
	rules := shipped(t)
	var articles []Article
	for i, o := range []string{"a", "b", "c"} {
		at := day.Add(time.Duration(8+i) * time.Hour)
		articles = append(articles, Article{ID: o, URL: o, Outlet: o, Kind: "press", Reach: "national", Relevant: true, Tone: "negative",
			Role: "blamed", Target: "agency", Risk: 2, Confidence: 0.9, Via: news.Crawl, Published: at, FirstSeen: at})
	}
	tallies := []Tally{{Story: "s", Articles: articles}}
	first := Decide(day.Add(11*time.Hour), rules, tallies, nil)
	if len(first) != 1 || first[0].Incident.Level < 2 {
		t.Fatalf("three newsrooms gave %+v", first)
	}
	open := []news.Incident{first[0].Incident}
	for name, now := range map[string]time.Time{"back a year": day.AddDate(-1, 0, 0), "back an hour": day.Add(10 * time.Hour)} {
		if got := Decide(now, rules, tallies, open); len(got) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	ahead := Decide(day.AddDate(1, 0, 0), rules, tallies, open)
	if len(ahead) != 1 || ahead[0].Kind != Ended || ahead[0].Tell {
		t.Errorf("ahead a year: %+v", ahead)
	}
}

// What a person called an incident stays; what only the rules called it may change.
func TestAPersonsKindStands(t *testing.T) {
	rules := Compile(shipped(t))
	var articles []Article
	for i, o := range []string{"a", "b", "c"} {
		at := day.Add(time.Duration(8+i) * time.Hour)
		articles = append(articles, Article{ID: o, URL: o, Outlet: o, Kind: "press", Relevant: true, Tone: "negative", Title: "Bệnh viện hết thuốc, người bệnh BHYT mua ngoài",
			Target: "hospital", Risk: 2, Confidence: 0.9, Via: news.Crawl, Published: at, FirstSeen: at})
	}
	tallies := []Tally{{Story: "s", Articles: articles}}
	first := rules.Decide(day.Add(9*time.Hour), tallies, nil)
	if len(first) != 1 || first[0].Incident.Kind.Value != "denied-care" || first[0].Incident.Kind.Quote() == "" {
		t.Fatalf("two newsrooms gave %+v", first)
	}
	in := first[0].Incident
	in.Kind, in.Type.Value = news.Called{Value: "policy-anger", By: "Lan"}, "victim"
	later := rules.Decide(day.Add(11*time.Hour), tallies, []news.Incident{in})
	if len(later) != 1 || later[0].Incident.Kind.Value != "policy-anger" || later[0].Incident.Type.Value == "victim" {
		t.Errorf("then %+v", later)
	}
}

func TestGatesAreSharesOfTheOutletsOn(t *testing.T) {
	r := Compile(config.Crisis{GateShare: 0.5})
	for on, want := range map[int]int{0: 5, 1: 2, 3: 2, 5: 3, 8: 4, 300: 5} {
		if got := r.gate(5, on); got != want {
			t.Errorf("of %d outlets a gate of 5 asks for %d, want %d", on, got, want)
		}
	}
}

func TestNewsroomHoursLeaveOutTheNight(t *testing.T) {
	for _, c := range []struct {
		from, to time.Duration
		want     time.Duration
	}{
		{22 * time.Hour, 30 * time.Hour, 0},
		{20 * time.Hour, 32 * time.Hour, 4 * time.Hour},
		{0, 24 * time.Hour, 16 * time.Hour},
		{10 * time.Hour, 9 * time.Hour, 0},
	} {
		if got := newsroom(day.Add(c.from), day.Add(c.to)); got != c.want {
			t.Errorf("from %s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

// The weights name factors that exist, and every factor that counts has one.
func TestEveryWeightHasItsFactor(t *testing.T) {
	rules := shipped(t)
	names := map[string]bool{"threat": true} // of every threat
	for _, f := range Compile(rules).factors(evidence{}) {
		names[f.Factor] = true
	}
	for w := range rules.Weights {
		if !names[w] {
			t.Errorf("crisis.yaml weighs %q, which no story has", w)
		}
	}
	for f := range names {
		if _, ok := rules.Weights[f]; !ok {
			t.Errorf("crisis.yaml has no weight for %q", f)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	rules := Compile(shipped(b))
	var tallies []Tally
	for s := range 100 {
		t := Tally{Story: fmt.Sprintf("s%03d", s), Outlets: 40}
		for i := range 8 {
			at := day.Add(time.Duration(i) * time.Hour)
			t.Articles = append(t.Articles, Article{
				ID: fmt.Sprint(s, "-", i), Outlet: fmt.Sprint("o", i), Kind: "press", Relevant: true, Tone: []string{"negative", "neutral"}[i%2],
				Title: "Người dân chờ sổ bảo hiểm xã hội ba tháng", Lead: "Nhiều người ở phường Tân Lập phản ánh chưa nhận được sổ. Cơ quan hẹn trả lời.",
				Risk: 2, Confidence: 0.8, Via: news.Crawl, Published: at, FirstSeen: at,
			})
		}
		tallies = append(tallies, t)
	}
	b.ResetTimer()
	for range b.N {
		rules.Decide(day.Add(12*time.Hour), tallies, nil)
	}
}
