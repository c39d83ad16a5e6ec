package index

import (
	"time"

	"diembao/internal/vi"
)

// node is one part of a parsed query.
type node interface{ node() }

type (
	// words were typed without an operator between them.
	words struct {
		list   []word
		strict bool // all must match: an AND or OR stands in the query
		title  bool
		plain  bool // synonyms do not apply
	}
	// phrase is text in quotes: its words in order, or within near words of
	// each other in any order.
	phrase struct {
		list  []word
		near  int // 0 for an exact phrase
		title bool
		part  string // "lead" or "body": in that part of the text only
	}
	// prefix* and fuzzy~ words.
	prefix struct {
		word  word
		title bool
	}
	fuzzy struct {
		word  word
		title bool
	}
	and    struct{ parts []node }
	or     struct{ parts []node }
	not    struct{ part node }
	filter struct {
		field  *Field
		values []string
	}
	dates struct{ from, to time.Time } // to is exclusive; zero for open
)

func (words) node()   {}
func (*phrase) node() {}
func (prefix) node()  {}
func (fuzzy) node()   {}
func (and) node()     {}
func (or) node()      {}
func (not) node()     {}
func (filter) node()  {}
func (dates) node()   {}

// word is one word of a query.
type word struct {
	text   string // as typed, for people
	key    string // with marks
	folded string // without
}

func newWords(text string) []word {
	tokens := vi.Tokens(text)
	list := make([]word, len(tokens))
	for i, t := range tokens {
		list[i] = word{text: vi.NFC(text[t.Start:t.End]), key: t.Text, folded: vi.Fold(t.Text)}
	}
	return list
}

// parsed is a whole query.
type parsed struct {
	root   node // nil asks for everything
	marked bool // any word has marks: words are matched with marks
	all    bool // the default filter is lifted
}

// phrases gives every phrase in the query.
func phrases(n node) []*phrase {
	switch n := n.(type) {
	case *phrase:
		return []*phrase{n}
	case and:
		return phrasesOf(n.parts)
	case or:
		return phrasesOf(n.parts)
	case not:
		return phrases(n.part)
	}
	return nil
}

func phrasesOf(parts []node) (list []*phrase) {
	for _, p := range parts {
		list = append(list, phrases(p)...)
	}
	return list
}
