package eval

import (
	"testing"

	"diembao/internal/learn"
)

func TestBayes(t *testing.T) {
	pairs := func(words ...string) learn.Features {
		f := learn.Features{"rule:tone:neutral": 1} // what rules said is nothing to it
		for _, w := range words {
			f["word:"+w] = 1
		}
		return f
	}
	b := newBayes()
	b.learn(pairs("chờ thuốc", "hết thuốc"), "negative")
	b.learn(pairs("tặng thẻ"), "positive")
	b.learn(pairs("tặng thẻ", "niềm vui"), "positive")
	for _, c := range []struct {
		seen learn.Features
		want string
	}{{pairs("hết thuốc"), "negative"}, {pairs("niềm vui", "hết thuốc", "tặng thẻ"), "positive"}, {pairs("chưa thấy"), "positive"}} {
		if got := b.says(c.seen); got != c.want {
			t.Errorf("%v: %s, want %s", c.seen, got, c.want)
		}
	}
	if b.commonest() != "positive" {
		t.Errorf("the commonest is %s", b.commonest())
	}
}
