package match

// trie finds every phrase of a vocabulary in one pass over a text's words.
// Words are interned, so that a step is one lookup of two numbers.
type trie struct {
	words map[string]uint32 // word in key form → number, from 1
	next  map[uint64]uint32 // node and word → node; the root is 0
	ends  [][]int32         // node → entries that end there
}

func newTrie() *trie {
	return &trie{words: map[string]uint32{}, next: map[uint64]uint32{}, ends: make([][]int32, 1)}
}

// add puts a phrase, given as its words, under an entry's number.
func (t *trie) add(phrase []string, entry int32) {
	var node uint32
	for _, w := range phrase {
		id, ok := t.words[w]
		if !ok {
			id = uint32(len(t.words) + 1)
			t.words[w] = id
		}
		step := uint64(node)<<32 | uint64(id)
		child, ok := t.next[step]
		if !ok {
			child = uint32(len(t.ends))
			t.ends = append(t.ends, nil)
			t.next[step] = child
		}
		node = child
	}
	t.ends[node] = append(t.ends[node], entry)
}

// hit is one phrase found: words [from, to) of the text tell the entry.
type hit struct {
	from, to int
	entry    int32
}

// scan returns every phrase in the words, by where it begins, shorter first.
func (t *trie) scan(ids []uint32, hits []hit) []hit {
	for i := range ids {
		var node uint32
		for j := i; j < len(ids) && ids[j] != 0; j++ {
			child, ok := t.next[uint64(node)<<32|uint64(ids[j])]
			if !ok {
				break
			}
			node = child
			for _, e := range t.ends[node] {
				hits = append(hits, hit{i, j + 1, e})
			}
		}
	}
	return hits
}
