package eval

import (
	"compress/gzip"
	"os"
	"testing"
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
	if c := alone.Copies; c.Dropped30 < 0.98 || c.Dropped50 < 0.9 || c.Boilerplate < 0.99 || c.Headline < 0.97 || c.Words < 0.99 || c.OthersTaken > 0.03 {
		t.Errorf("copies: %+v", c)
	}
}
