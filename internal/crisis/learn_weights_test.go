package crisis

import (
	"testing"

	"diembao/internal/news"
)

// weighedStories are ten crises and ten others: "speed" tells them apart,
// "copies" stands the other way round, "central" is the same in all.
func weighedStories() (out []Weighed) {
	for i := range 20 {
		is := i%2 == 0
		speed, copies := 0.1, 0.9
		if is {
			speed, copies = 0.9, 0.1
		}
		out = append(out, Weighed{Crisis: is, Share: 1, Factors: []news.Factor{
			{Factor: "bias", Value: 1}, {Factor: "speed", Value: speed}, {Factor: "copies", Value: copies}, {Factor: "central", Value: 0.5},
		}})
	}
	return out
}

func TestLearnWeights(t *testing.T) {
	stand := map[string]float64{"bias": -1, "speed": 0.5, "copies": 0.5, "central": 0.3, "leaders": 1}
	stories := weighedStories()
	fitted := LearnWeights(stories, stand, []string{"bias", "speed", "copies"})
	if fitted["speed"] <= stand["speed"] {
		t.Errorf("what tells crises apart weighs %g, before %g", fitted["speed"], stand["speed"])
	}
	if fitted["copies"] < 0 || fitted["copies"] >= stand["copies"] {
		t.Errorf("copies weigh %g; what speaks the other way round goes down to 0 and no further", fitted["copies"])
	}
	if fitted["central"] != 0.3 || fitted["leaders"] != 1 {
		t.Errorf("what was not to be fitted moved: %v", fitted)
	}
	if before, after := Loss(stories, stand), Loss(stories, fitted); after >= before {
		t.Errorf("the loss went from %.3f to %.3f", before, after)
	}
	if again := LearnWeights(stories, stand, []string{"bias", "speed", "copies"}); again["speed"] != fitted["speed"] {
		t.Error("the same stories gave other weights")
	}
	if stand["speed"] != 0.5 {
		t.Error("the weights that stand were changed")
	}
}

// What nobody has seen stays where it stands.
func TestLearnWeightsFromNothing(t *testing.T) {
	stand := map[string]float64{"bias": -1, "speed": 0.5, "others": -2}
	fitted := LearnWeights(nil, stand, []string{"bias", "speed", "others"})
	for name, w := range stand {
		if fitted[name] != w {
			t.Errorf("%s moved from %g to %g", name, w, fitted[name])
		}
	}
}
