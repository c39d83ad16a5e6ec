package learn

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Model is what was learned: a fitted axis a question, and where it came from.
type Model struct {
	From    []string        `json:"from"`    // the sets it was fitted to, with source and licence
	Samples int             `json:"samples"` // how many examples that was
	Taught  int             `json:"taught"`  // how many of people's corrections came on top
	Axes    map[string]Axis `json:"axes"`
	Trust   map[string]Line `json:"trust,omitempty"` // axis → how far its chances can be believed
	version string
}

// Parse reads a model that Bytes wrote. Its version is taken from its bytes.
func Parse(raw []byte) (Model, error) {
	var m Model
	if err := json.Unmarshal(raw, &m); err != nil {
		return Model{}, fmt.Errorf("read the learned model: %w; fit it anew with `diembao learn`, or remove the file to use the one that ships", err)
	}
	for name, a := range m.Axes {
		if len(a.Bias) != len(a.Classes) {
			return Model{}, fmt.Errorf("read the learned model: axis %q has %d classes and %d biases; fit it anew with `diembao learn`", name, len(a.Classes), len(a.Bias))
		}
		for feature, row := range a.Weights {
			if len(row) != len(a.Classes) {
				return Model{}, fmt.Errorf("read the learned model: axis %q, feature %q: %d classes and %d weights; fit it anew with `diembao learn`", name, feature, len(a.Classes), len(row))
			}
		}
	}
	sum := sha256.Sum256(raw)
	m.version = hex.EncodeToString(sum[:])[:8]
	return m, nil
}

// Sure returns the probability that a verdict of an axis is right, of which the
// model gives a chance: the chance itself where nothing was learned about it.
func (m Model) Sure(axis string, chance float64) float64 {
	if line, ok := m.Trust[axis]; ok {
		return line.At(chance)
	}
	return chance
}

// Bytes writes a model; the same model gives the same bytes.
func (m Model) Bytes() ([]byte, error) { return json.Marshal(m) }

// Version names the model by its bytes; empty where none was read.
func (m Model) Version() string { return m.version }
