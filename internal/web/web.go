// Package web shows the archive in a browser: search, articles with what was
// read in them and why, stories, incidents, outlets and the weekly report.
//
// Pages are made on the server and need no script. Everything that came from
// the press is text that strangers wrote: it reaches a page only through
// html/template, under a policy that runs no script and no style but our own
// files. Until there are people with passwords the server listens on this
// machine alone and answers only to names it knows.
package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"diembao/config"
	"diembao/index"
	handling "diembao/internal/card"
	"diembao/internal/evidence"
	"diembao/internal/export"
	"diembao/internal/news"
	"diembao/internal/store"
)

// Options are what the pages are made from. Store, Pack and Now are required;
// a page whose function is nil says that it is not to be had here.
type Options struct {
	Store *store.Store
	// Pack returns the configuration in force; it may change while serving.
	Pack func() config.Pack
	// Search asks the index.
	Search func(context.Context, index.Query) (index.Result, error)
	// Behind is how many articles the index has still to take in, where that is
	// worth telling; may be nil.
	Behind func(context.Context) (int, error)
	// Over puts publications and originals by day into days, weeks or months,
	// as asked or as it chooses, with what was not seen in each; it returns
	// the step. May be nil.
	Over func(ctx context.Context, q index.Query, days, originals []index.Count, by string) ([]export.Period, string, error)
	// Answer is the answer to a search as it leaves the house, with at most
	// limit articles; 0 means as many as may leave.
	Answer func(ctx context.Context, q index.Query, limit int) (export.Answer, error)
	// AnswerLike is the same of at most limit articles that are like one, named
	// by id or address; store.ErrNotFound. May be nil.
	AnswerLike func(ctx context.Context, what, lang string, limit int) (export.Answer, error)
	// State names what answers come from: while it stays the same, so do they.
	// May be nil, and the name empty where it is not known.
	State func(context.Context) (string, error)
	// Similar finds articles that tell of the same; may be nil.
	Similar func(ctx context.Context, id string, n int) ([]index.Hit, error)
	// LookFor looks for the claims of the register in the last days; may be nil.
	LookFor func(context.Context) error
	// ReadOnly says that nothing can be saved; may be nil.
	ReadOnly func() bool
	// ReadOne reads an article by the rules in force: its mentions are marked
	// in the text. The reading shown is the one that is stored.
	ReadOne func(news.Article) (news.Reading, []news.Mention)
	// Proof reads a piece of evidence out of the archive, all being those of its
	// article, and holds it against its digests; may be nil.
	Proof func(e store.Evidence, all []store.Evidence) (evidence.Proof, error)
	// ClipFile opens a file that was entered with a clip; may be nil.
	ClipFile func(store.ClipFile) (io.ReadSeekCloser, error)
	// Card makes the handling card of an incident in a language;
	// store.ErrNotFound. May be nil.
	Card func(ctx context.Context, id, lang string) (handling.Card, error)
	// Hours draws an incident's story hour by hour as PNG; store.ErrNotFound.
	// May be nil.
	Hours func(ctx context.Context, id, lang string) ([]byte, error)
	// Split takes articles out of their story into one of their own, Merge one
	// story into another, Move an article into a story; each by a person's word,
	// returning the story to show then. ErrFounder, store.ErrNotFound. May be nil.
	Split func(ctx context.Context, articles []string, w store.Word) (string, error)
	Merge func(ctx context.Context, from, into string, w store.Word) (string, error)
	Move  func(ctx context.Context, article, into string, w store.Word) error
	// AddClip keeps a clip with its files, reads it, and returns the id of its
	// article. What is wrong with what was entered is a ClipError. May be nil.
	AddClip func(context.Context, news.Article, store.Clip, []Upload) (string, error)
	// Compare holds a person's list against the archive; what is wrong with
	// the list is a ListError. May be nil.
	Compare func(context.Context, List) (Comparison, error)
	// Keeping tells what is kept how long, what would be deleted today, and
	// when the disk is full; may be nil.
	Keeping func(context.Context) (Keeping, error)
	// Report writes the coverage report of [from, to) in a language as one
	// HTML document with at most one style element and no script.
	Report func(ctx context.Context, from, to time.Time, lang string) ([]byte, error)
	// API answers GET /api/search; what it returns is written as JSON.
	API func(context.Context, url.Values) (any, error)
	// Live says in a few words what is going on, shown in the foot; may be nil.
	Live    func() string
	Now     func() time.Time
	Log     *slog.Logger // nil: silent
	Drill   bool         // an exercise: every page says so
	Hosts   []string     // host names answered to, beside this machine's own
	Version string       // of the program; shown in the foot
}

// site is the web of one installation.
type site struct {
	Options
	sheets map[string]sheets // by language
	assets assets
}

// New returns the handler of all pages.
func New(o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &site{Options: o, assets: loadAssets()}
	s.sheets = map[string]sheets{"vi": parse("vi", o.Now), "en": parse("en", o.Now)}
	mux := http.NewServeMux()
	for pattern, show := range map[string]func(*visit) error{
		"GET /{$}":                              (*visit).search,
		"GET /article/{id}":                     (*visit).article,
		"GET /story/{id}":                       (*visit).story,
		"GET /incidents":                        (*visit).incidents,
		"GET /incident/{id}":                    (*visit).incident,
		"GET /incident/{id}/card":               (*visit).handlingCard,
		"GET /incident/{id}/hours.png":          (*visit).hours,
		"POST /incident/{id}":                   (*visit).onIncident,
		"POST /story/{id}":                      (*visit).onStory,
		"GET /ledger":                           (*visit).alarms,
		"GET /silences":                         (*visit).silences,
		"POST /silences":                        (*visit).addSilence,
		"POST /silences/{id}/end":               (*visit).endSilence,
		"GET /claims":                           (*visit).claims,
		"POST /claims":                          (*visit).addClaim,
		"POST /claims/{id}":                     (*visit).settleClaim,
		"POST /claims/{id}/end":                 (*visit).endClaim,
		"POST /ledger":                          (*visit).addMissed,
		"POST /ledger/{id}":                     (*visit).judgeAlert,
		"POST /ledger/missed/{row}/remove":      (*visit).dropMissed,
		"GET /outlets":                          (*visit).outlets,
		"GET /outlet/{id}":                      (*visit).outlet,
		"GET /clips":                            (*visit).clips,
		"GET /clips/new":                        (*visit).newClip,
		"POST /clips":                           (*visit).addClip,
		"GET /compare":                          (*visit).compareForm,
		"POST /compare":                         (*visit).compareList,
		"GET /keeping":                          (*visit).keeping,
		"GET /article/{id}/evidence/{n}/{form}": (*visit).proof,
		"GET /article/{id}/file/{sha}":          (*visit).clipFile,
		"GET /report":                           (*visit).report,
		"GET /report/document":                  (*visit).reportDocument,
		"GET /searches":                         (*visit).searches,
		"GET /searches/new":                     (*visit).newSearch,
		"POST /searches":                        (*visit).saveSearch,
		"GET /searches/{id}":                    (*visit).openSearch,
		"GET /searches/{id}/edit":               (*visit).editSearch,
		"POST /searches/{id}":                   (*visit).changeSearch,
		"POST /searches/{id}/remove":            (*visit).removeSearch,
		"GET /":                                 (*visit).lost,
	} {
		mux.Handle(pattern, s.page(show))
	}
	for _, format := range export.Formats {
		mux.Handle("GET /search."+format, s.page(func(v *visit) error { return v.file(format) }))
	}
	for _, feed := range export.Feeds {
		mux.Handle("GET /search."+feed, s.page(func(v *visit) error { return v.feed(feed, v.r.URL.Query()) }))
		mux.Handle("GET /searches/{id}/"+feed, s.page(func(v *visit) error { return v.savedFeed(feed) }))
	}
	mux.HandleFunc("GET /api/search", s.api)
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /static/{file}", s.static)
	mux.Handle("/", s.page((*visit).wrongMethod))
	return s.guard(mux)
}
