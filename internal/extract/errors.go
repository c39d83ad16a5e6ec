package extract

import "errors"

// Why a page gave no article. Each is wrapped in a message that says what was
// seen; test with errors.Is.
var (
	// ErrEmpty: the page has no text at all.
	ErrEmpty = errors.New("the page is empty")
	// ErrBlocked: the server answered with a gate (a cookie script, a captcha,
	// a refusal) instead of the page.
	ErrBlocked = errors.New("the site blocks us")
	// ErrGone: the page does not exist, said by status or, with status 200, in words.
	ErrGone = errors.New("the page does not exist")
	// ErrNotArticle: a home page, a list, a search result, something without an article's text.
	ErrNotArticle = errors.New("the page is not an article")
	// ErrNotHTML: a PDF, a picture, JSON.
	ErrNotHTML = errors.New("the answer is not a web page")
	// ErrTooLarge: more text or deeper nesting than any article has.
	ErrTooLarge = errors.New("the page is too large to be read")
)

// The doubts an article can carry. They are the beginnings of entries in
// Article.Doubts; what was seen may follow after a colon.
const (
	DoubtShort     = "short"         // little text for an article
	DoubtMissed    = "missed text"   // the page shows much more running text than was read
	DoubtLinks     = "link-heavy"    // much of the text is links
	DoubtAgreement = "low agreement" // the second opinion reads another text
	DoubtNoTitle   = "no title"
	DoubtNoDate    = "no date"
	DoubtDay       = "day only" // the date has no time of day
	DoubtDates     = "dates differ"
)
