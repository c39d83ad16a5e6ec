package eval

import (
	"compress/gzip"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"diembao/internal/story"
	"diembao/internal/vi"
)

const sharedData = "../../../shared/data/"

func TestStoriesOnTheHumanClusters(t *testing.T) {
	gold, err := os.Open(sharedData + "stories/vnmds-dev.jsonl")
	if err != nil {
		t.Skip("the shared story clusters are not here: ", err)
	}
	defer gold.Close()
	alone, err := Stories(gold, StoriesOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("alone: %+v", alone)
	if _, err := gold.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(sharedData + "stream/2025-09.jsonl.gz")
	if err != nil {
		t.Skip("the shared stream is not here: ", err)
	}
	defer file.Close()
	stream, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	mixed, err := Stories(gold, StoriesOptions{Distract: stream})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("with distractors: %+v", mixed)
	if alone.F1 < 0.945 || mixed.F1 < 0.94 {
		t.Errorf("BCubed F1 %.3f alone, %.3f with distractors", alone.F1, mixed.F1)
	}
}

// Syndicated copies as they are edited: sentences dropped, the paper's own
// words to its readers added at the end.
func TestCopiesOfTheHumanClustersAreFound(t *testing.T) {
	gold, err := os.Open(sharedData + "stories/vnmds-dev.jsonl")
	if err != nil {
		t.Skip("the shared story clusters are not here: ", err)
	}
	defer gold.Close()
	items, err := readStoryItems(gold)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dropped, want float64 }{{0.3, 0.98}, {0.5, 0.90}} {
		s, random := story.New(story.Options{}), rand.New(rand.NewPCG(1, 2))
		found, taken := 0, 0
		for _, it := range items {
			own := s.Add(story.Doc{ID: it.ID, Title: it.Title, Lead: it.Summary, Body: it.Body, Time: it.at})
			if own.CopyOf != "" && own.Similarity < 0.75 {
				taken++ // the set holds true copies; those share more
			}
			p := s.Add(story.Doc{ID: it.ID + "-copy", Title: it.Title, Time: it.at,
				Lead: drop(random, it.Summary, c.dropped), Body: drop(random, it.Body, c.dropped) + coda})
			if p.CopyOf == it.ID || own.CopyOf != "" && p.CopyOf == own.CopyOf {
				found++
			}
		}
		recall, wrong := float64(found)/float64(len(items)), float64(taken)/float64(len(items))
		t.Logf("%.0f %% dropped: recall %.3f, others taken %.3f", 100*c.dropped, recall, wrong)
		if recall < c.want || wrong > 0.03 {
			t.Errorf("%.0f %% of sentences dropped: recall %.3f (want %.2f), others taken %.3f", 100*c.dropped, recall, c.want, wrong)
		}
	}
}

const coda = " Mời bạn đọc theo dõi thêm các tin tức mới nhất trên trang của chúng tôi và gửi ý kiến về hòm thư bạn đọc để được giải đáp."

// drop leaves out sentences at random.
func drop(random *rand.Rand, text string, share float64) string {
	var b strings.Builder
	for _, s := range vi.Sentences(text) {
		if random.Float64() >= share {
			b.WriteString(text[s.Start:s.End] + " ")
		}
	}
	return b.String()
}
