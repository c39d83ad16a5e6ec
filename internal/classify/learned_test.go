package classify

import (
	"slices"
	"strings"
	"testing"

	"diembao/config"
	"diembao/internal/match"
	"diembao/internal/news"
)

// readWith reads by a pack that an installation changed.
func readWith(t *testing.T, change func(*config.Pack), a news.Article) news.Reading {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	change(&pack)
	m, err := match.New(pack)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(pack)
	if err != nil {
		t.Fatal(err)
	}
	return c.Read(a, m.Find(a, november), config.Outlet{})
}

var walk = news.Article{Title: "Hội đi bộ Bến Sỏi gặp mặt người hưởng lương hưu", Lead: "Hội đi bộ Bến Sỏi kể chuyện lĩnh lương hưu hằng tháng qua bưu điện.", Published: november}

// The model knows the topics it was taught. An installation's own stand as the
// rules say, and what it does without is never given.
func TestModelKeepsToTheTopicsOfThePack(t *testing.T) {
	own := readWith(t, func(p *config.Pack) {
		p.Topics.Topics = append(slices.Clone(p.Topics.Topics), config.Topic{ID: "walking", Label: "Đi bộ", Strong: []string{"hội đi bộ"}})
	}, walk)
	if !slices.Contains(own.Topics, "walking") || !slices.Contains(own.Topics, "pension") {
		t.Errorf("topics %v, want the installation's own beside pension", own.Topics)
	}
	less := readWith(t, func(p *config.Pack) {
		p.Topics.Topics = slices.DeleteFunc(slices.Clone(p.Topics.Topics), func(topic config.Topic) bool { return topic.ID == "pension" })
	}, walk)
	if slices.Contains(less.Topics, "pension") {
		t.Errorf("topics %v, though this installation has no pension", less.Topics)
	}
}

// Whether somebody has to answer is the model's word; crises are watched by
// the phrases' risk, which stays beside it.
func TestRiskOfPhrasesStaysForCrises(t *testing.T) {
	a := news.Article{Title: "Công ty dệt Hòa Mạn nợ bảo hiểm xã hội 2.000 công nhân", Lead: "Danh sách đơn vị nợ do cơ quan bảo hiểm xã hội công bố.", Published: november}
	plain := readWith(t, func(p *config.Pack) { p.Model = []byte(`{"axes":{}}`) }, a)
	calmed := readWith(t, func(p *config.Pack) {
		p.Model = []byte(`{"axes":{"risk":{"classes":["calm","answer"],"exclusive":true,"bias":[3,-3],"weights":{}}}}`)
	}, a)
	roused := readWith(t, func(p *config.Pack) {
		p.Model = []byte(`{"axes":{"risk":{"classes":["calm","answer"],"exclusive":true,"bias":[-3,3],"weights":{}}},"trust":{"risk":{"slope":0.5,"start":0}}}`)
	}, a)
	if plain.Risk != 2 || plain.Feared != nil || plain.Alarm() != 2 {
		t.Fatalf("the phrases alone give risk %d, alarm %d", plain.Risk, plain.Alarm())
	}
	if calmed.Risk != 1 || calmed.Alarm() != 2 || calmed.Verdicts["risk"].Value != 1 {
		t.Errorf("calmed to %d, alarm %d", calmed.Risk, calmed.Alarm())
	}
	reasons := calmed.Verdicts["risk"].Reasons
	if last := reasons[len(reasons)-1].Rule; !strings.Contains(last, "rủi ro là 2") {
		t.Errorf("the last reason does not tell of the phrases' risk: %q", last)
	}
	if roused.Risk != 2 || roused.Feared != nil {
		t.Errorf("roused to %d", roused.Risk)
	}
	if high, low := calmed.Verdicts["risk"].Confidence, roused.Verdicts["risk"].Confidence; high <= 0.99 || low >= 0.96 {
		t.Errorf("confidence %.2f without a line and %.2f with one that halves the odds", high, low)
	}
}

func TestClassesOfValues(t *testing.T) {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(pack)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		axis, value string
		want        []string
	}{
		{"risk", "0", []string{calm}}, {"risk", "3", []string{answer}}, {"tone", "negative", []string{"negative"}},
		{"topics", "pension,walking", []string{"pension"}}, {"relevant", "true", nil},
	} {
		if got := c.Classes(x.axis, x.value); !slices.Equal(got, x.want) {
			t.Errorf("%s=%s is an example of %v, want %v", x.axis, x.value, got, x.want)
		}
	}
}
