package index

import (
	"math"

	api "github.com/blevesearch/bleve_index_api"
)

// textField hands Bleve terms that are cut already. Bleve's own text field
// would cut the text again for every field and build a token object a word.
type textField struct {
	name    string
	options api.FieldIndexingOptions
	terms   []string
	freqs   api.TokenFrequencies
}

func newTextField(name string, terms []string, options api.FieldIndexingOptions) *textField {
	return &textField{name: name, terms: terms, options: options}
}

func (f *textField) Name() string                                   { return f.name }
func (f *textField) Value() []byte                                  { return nil }
func (f *textField) ArrayPositions() []uint64                       { return nil }
func (f *textField) EncodedFieldType() byte                         { return 't' }
func (f *textField) Options() api.FieldIndexingOptions              { return f.options }
func (f *textField) AnalyzedLength() int                            { return lengthCode(len(f.terms)) }
func (f *textField) AnalyzedTokenFrequencies() api.TokenFrequencies { return f.freqs }
func (f *textField) NumPlainTextBytes() uint64                      { return 0 }
func (f *textField) Size() int                                      { return len(f.terms) * 24 }

// Analyze counts the terms; Bleve calls it on its own workers.
func (f *textField) Analyze() {
	f.freqs = make(api.TokenFrequencies, len(f.terms))
	backing := make([]api.TokenFreq, 0, len(f.terms))
	for _, term := range f.terms {
		freq := f.freqs[term]
		if freq == nil {
			backing = append(backing, api.TokenFreq{Term: []byte(term)})
			freq = &backing[len(backing)-1]
			f.freqs[term] = freq
		}
		freq.SetFrequency(freq.Frequency() + 1)
	}
}

// Bleve keeps the length of the text with every word of it. As a code of one
// byte, in steps of a ninth, that is a byte less each: an eighth of the index.
func lengthCode(n int) int { return min(127, int(math.Round(8*math.Log2(float64(n)+1)))) }

func lengthOf(code float64) float64 { return lengths127[int(code+.5)&127] }

var lengths127 = func() (t [128]float64) {
	for i := range t {
		t[i] = math.Exp2(float64(i)/8) - 1
	}
	return t
}()
