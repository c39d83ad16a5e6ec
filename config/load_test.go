package config

import "testing"

func TestDefault(t *testing.T) {
	p, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Topics.Topics) != 18 {
		t.Errorf("%d topics, want 18", len(p.Topics.Topics))
	}
}
