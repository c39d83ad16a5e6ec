package pulse

import (
	"math"
	"time"

	"diembao/internal/say"
)

// The named states of a source and of an outlet. Never and Off are an
// outlet's: not asked yet, switched off.
const (
	OK        = "ok"
	Quiet     = "quiet"          // answers, and is silent as it hardly ever is
	Unchanged = "unchanged"      // says itself that nothing changed
	Empty     = "empty"          // answers without a single article
	Blocked   = "blocked"        // 403, a captcha, a cookie gate, robots.txt, a soft 404
	Moved     = "moved"          // has a new address, or none any more
	Layout    = "layout-changed" // its pages or its feed are no longer what they were
	Slow      = "slow"           // answers late, or failed a few times
	Dead      = "dead"           // has not answered for long
	Never     = "never"
	Off       = "off"
)

// When a silence and a failure count.
const (
	oddSilence = 0.001            // a silence less likely than this is told
	leastLost  = 3.0              // … where at least so many links were to be expected
	LateAnswer = 12 * time.Second // an answer that took longer is slow
	DeadAfter  = 3                // failures in a row …
	DeadFor    = 2 * time.Hour    // … over so long
)

// Verdict is a state with what speaks for it.
type Verdict struct {
	State    string
	Since    time.Time
	Evidence string  // what was seen, a kept say.Fact; empty for a state that needs none
	Odds     float64 // of a quiet outlet: how likely such a silence is; 0 otherwise
	Dark     bool    // its lists answer, and not one page gives an article
}

// Silent tells whether an outlet that answers has been silent for unusually
// long; last is when it last brought something new.
func Silent(last, now time.Time, p Profile) (Verdict, bool) {
	if last.IsZero() || p.Hours < 7*24 {
		return Verdict{}, false // too young to be unlike itself
	}
	want, odds := p.Expected(last, now), p.Silence(last, now)
	if odds >= oddSilence || want < leastLost {
		return Verdict{}, false
	}
	why := say.Seen("seen.silent", "Span", now.Sub(last), "Want", math.Round(want), "Once", math.Round(1/max(odds, rarest)))
	return Verdict{State: Quiet, Since: last, Evidence: why.String(), Odds: odds}, true
}

// rarest is the least probability that is told: nobody believes a smaller one.
const rarest = 1e-6

// Pages counts what became of an outlet's pages, and which fields the articles
// on them had.
type Pages struct {
	Asked    int // pages that had given no article yet
	Articles int // of these, read as articles
	Gated    int // of these, behind a gate
	Leads    int // of the articles, with a lead
	Bodies   int // with a body
	Dates    int // with a time of publication of their own
	Bylines  int
}

// Add sums two counts.
func (a Pages) Add(b Pages) Pages {
	return Pages{a.Asked + b.Asked, a.Articles + b.Articles, a.Gated + b.Gated,
		a.Leads + b.Leads, a.Bodies + b.Bodies, a.Dates + b.Dates, a.Bylines + b.Bylines}
}

// The least that must be seen before pages are called changed.
const (
	fewPages  = 6     // lately
	somePages = 30    // before
	chance    = 0.001 // that as few would come of it by accident
)

// Changed tells whether an outlet's pages of late are no longer what they
// were: behind a gate, without an article, or without a field that they had.
// Each share is held against the past by the binomial's tail, so that a few
// odd pages prove nothing.
func Changed(late, before Pages) (Verdict, bool) {
	if late.Asked < fewPages {
		return Verdict{}, false
	}
	if late.Articles == 0 && 2*late.Gated > late.Asked {
		return Verdict{State: Blocked, Evidence: say.Seen("seen.gated", "Late", late.Gated, "Of", late.Asked).String(), Dark: true}, true
	}
	if before.Asked < somePages {
		if late.Articles == 0 {
			return Verdict{State: Layout, Evidence: say.Seen("seen.none", "Of", late.Asked).String(), Dark: true}, true
		}
		return Verdict{}, false
	}
	for i, f := range []struct {
		name             string
		late, of, was, n int
	}{
		{"article", late.Articles, late.Asked, before.Articles, before.Asked},
		{"body", late.Bodies, late.Articles, before.Bodies, before.Articles},
		{"date", late.Dates, late.Articles, before.Dates, before.Articles},
		{"lead", late.Leads, late.Articles, before.Leads, before.Articles},
		{"byline", late.Bylines, late.Articles, before.Bylines, before.Articles},
	} {
		if f.of < fewPages || f.n < somePages {
			continue
		}
		share := float64(f.was) / float64(f.n)
		if 2*float64(f.late) < share*float64(f.of) && atMost(f.late, f.of, share) < chance {
			state := Layout
			if i == 0 && 2*late.Gated > late.Asked-late.Articles {
				state = Blocked
			}
			return Verdict{State: state, Evidence: say.Seen("seen.fewer", "Late", f.late, "Of", f.of, "What", f.name, "Share", share).String(), Dark: late.Articles == 0}, true
		}
	}
	return Verdict{}, false
}

// atMost is the probability of k or fewer successes in n trials of chance p.
func atMost(k, n int, p float64) float64 {
	p = min(p, 0.98) // nothing is ever wholly sure
	var sum float64
	for i := 0; i <= k; i++ {
		sum += math.Exp(choose(n, i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

// choose is the logarithm of n over k.
func choose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
