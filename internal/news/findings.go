package news

// What reports count in an article besides its axes. Each holds the words it
// was read from, so that a count can be checked line by line.

// Series is the run of articles a text belongs to: "Giữ lưới an sinh – Bài 2".
type Series struct {
	Name string `json:"name,omitempty"` // empty where the headline names none
	Part int    `json:"part,omitempty"` // 1, 2, …; Last for the closing one; 0 where the text is no part of a series
}

// Last is the part of a series that ends it.
const Last = -1

// Event is a piece of direct communication: a launching ceremony, a conference,
// a dialogue, a consultation.
type Event struct {
	Kind     string `json:"kind"`               // id of the pack's events
	Count    int    `json:"count"`              // how many of them the words tell: "1.000 lễ ra quân"
	Place    string `json:"place,omitempty"`    // as written
	Province string `json:"province,omitempty"` // slug, as the text names it
	Day      string `json:"day,omitempty"`      // 2026-07-12; empty where the text tells none
	People   int    `json:"people,omitempty"`   // who took part
	Planned  bool   `json:"planned,omitempty"`  // has not taken place yet
	Where    Part   `json:"where"`
	Quote    string `json:"quote"`
}

// Model is a good local way of working that others may take over.
type Model struct {
	Name     string `json:"name"` // in the text's quotation marks; the headline where it has none
	Province string `json:"province,omitempty"`
	Unit     string `json:"unit,omitempty"` // office of the agency, id
	Who      string `json:"who,omitempty"`  // the person named beside it
	Where    Part   `json:"where"`
	Quote    string `json:"quote"`
}

// Claim is a figure that a text claims of the insurances.
type Claim struct {
	Number  float64 `json:"number"`
	Written string  `json:"written"` // "95,15%", "1,2 triệu người"
	Unit    string  `json:"unit"`    // "%", "người", "đồng"
	Of      string  `json:"of"`      // what is counted, as written
	Where   Part    `json:"where"`
	Quote   string  `json:"quote"`
}

// Said is what an official is quoted with.
type Said struct {
	Who    string `json:"who,omitempty"` // empty where only the office is named
	Office string `json:"office"`
	Where  Part   `json:"where"`
	Quote  string `json:"quote"`
}

// Name is the speaker and the office, as far as they are known.
func (s Said) Name() string {
	if s.Who == "" {
		return s.Office
	}
	return s.Who + ", " + s.Office
}
