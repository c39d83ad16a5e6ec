package demo

import "time"

// Word is what the demo's press officer says of a reading in the course of the week.
type Word struct {
	At      time.Time
	Article string // "outlet/slug"
	Axis    string // as a correction names it
	Value   string
	Why     string
}

// Officer is who reads along in the demo and corrects the machine.
const Officer = "Hạnh (trực báo)"

// Words are the officer's corrections, in order. Papers of three provinces
// praise small groups that read people's insurance books to them, in words that
// the machine takes for plain news; once it is corrected and has learned, it
// hears the praise in Lesson.
func (p *Press) Words() []Word {
	const axis, value, why = "tone", "positive", "bài kể việc tốt, bà con khen tổ đọc sổ"
	return []Word{
		{monday.Add(34 * time.Hour), "bo-lam/to-doc-so-ben-soi", axis, value, why},
		{monday.Add(41 * time.Hour), "gio-dai-ngan/to-doc-so-buon-ea-lop", axis, value, why},
		{monday.Add(58 * time.Hour), "nang-cua-bien/to-doc-so-xom-cang", axis, value, why},
	}
}

// Lesson is the article of the week that is read otherwise after the officer's
// words: "outlet/slug".
const Lesson = "mien-thot-not/to-doc-so-ap-go-dua"

// Find returns the article named "outlet/slug"; nil where nobody printed it.
func (p *Press) Find(name string) *Article { return p.find(name) }
