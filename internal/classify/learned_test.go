package classify

import (
	"slices"
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
