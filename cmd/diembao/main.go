// Command diembao follows the press for a social-insurance agency: it
// collects, reads, indexes, finds crises and writes reports. This package is
// the only wiring; every verb has a file of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"diembao/config"
)

// Exit codes: done, failed, wrong usage or configuration.
const (
	done   = 0
	failed = 1
	wrong  = 2
)

// verbs is the command line; the texts are what --help shows.
type verbs struct {
	Config string `help:"Configuration laid over the embedded pack (default: ./diembao.yaml where there is one)." type:"path" placeholder:"FILE"`
	Data   string `help:"Data directory." default:"./data" type:"path" placeholder:"DIR"`
	JSON   bool   `help:"Answer in JSON on stdout, and nothing else there." name:"json"`
	Debug  bool   `help:"Log more."`

	Serve     serveCmd     `cmd:"" help:"Everything: schedules, workers, web pages, mail."`
	Demo      demoCmd      `cmd:"" help:"A week of a small invented press in a minute; needs nothing."`
	Crawl     crawlCmd     `cmd:"" help:"Gather from the outlets now."`
	Import    importCmd    `cmd:"" help:"Take in articles from files."`
	Compare   compareCmd   `cmd:"" help:"A list of one's own against the archive: what each has, and how many there are in truth."`
	Clip      clipCmd      `cmd:"" help:"Pieces that no crawler reaches: print, broadcast, social networks."`
	Search    searchCmd    `cmd:"" help:"Search the archive."`
	Searches  searchesCmd  `cmd:"" help:"Searches that were saved under a name."`
	Explain   explainCmd   `cmd:"" help:"What is read in one article, and why."`
	Outlets   outletsCmd   `cmd:"" help:"Outlets and their health."`
	Stories   storiesCmd   `cmd:"" help:"Stories, the most told first."`
	Story     storyCmd     `cmd:"" help:"A person's word on stories: split, merge, move, lock."`
	Incidents incidentsCmd `cmd:"" help:"Incidents, the newest first."`
	Incident  incidentCmd  `cmd:"" help:"A person's word on an incident: ack, assign, close, false, verdict, missed, lower."`
	Silence   silenceCmd   `cmd:"" help:"Hold back letters about what is expected; every silence ends by itself."`
	Claim     claimCmd     `cmd:"" help:"The register of claims that go round: found again where they come back."`
	Outbox    outboxCmd    `cmd:"" help:"Letters and what became of them."`
	Correct   correctCmd   `cmd:"" help:"A person's word on a reading."`
	Label     labelCmd     `cmd:"" help:"Uncertain articles to label at the terminal; how far people agree."`
	Judge     judgeCmd     `cmd:"" help:"Ask the agency's own language model about hard cases, or list them."`
	Report    reportCmd    `cmd:"" help:"The coverage of a period."`
	Hold      holdCmd      `cmd:"" help:"Legal holds: nothing of an incident is deleted."`
	Retention retentionCmd `cmd:"" help:"Delete what need not be kept, or tell what that is; when the disk is full."`
	Reread    rereadCmd    `cmd:"" help:"Read the archive anew by today's rules."`
	Reindex   reindexCmd   `cmd:"" help:"Build the index anew."`
	Backup    backupCmd    `cmd:"" help:"A consistent copy, while serving."`
	Restore   restoreCmd   `cmd:"" help:"Bring a backup into an empty directory."`
	Check     checkCmd     `cmd:"" help:"Validate configuration, data directory and mail."`
	Doctor    doctorCmd    `cmd:"" help:"How the installation is doing, and where it connects to."`
	Drill     drillCmd     `cmd:"" help:"A made-up crisis through the whole chain; nothing leaves this machine."`
	Replay    replayCmd    `cmd:"" help:"What today's rules would have warned of in an old stream, and when."`
	Learn     learnVerbs   `cmd:"" help:"Fit the models from what people judged and labelled."`
	Eval      evalCmd      `cmd:"" help:"Figures on gold sets."`
	Version   versionCmd   `cmd:"" help:"Versions of the program, the store, the index, the rules."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with everything it touches as a value, for the scripts in testdata.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	var v verbs
	ended := -1
	parser, err := kong.New(&v,
		kong.Name("diembao"),
		kong.Description("Điểm Báo follows the press: collects, reads, indexes, warns of crises, writes reports."),
		kong.Writers(out, errs),
		kong.Exit(func(code int) { ended = code; panic(helped{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(errs, "diembao:", err)
		return failed
	}
	call, err := parse(parser, args)
	if ended >= 0 {
		return ended
	}
	if err != nil {
		fmt.Fprintf(errs, "diembao: %v\nSee diembao --help.\n", err)
		return wrong
	}
	h := &house{verbs: &v, in: in, out: out, errs: errs, log: logger(errs, v.Debug)}
	call.BindTo(ctx, (*context.Context)(nil))
	err = call.Run(h)
	return h.end(errors.Join(err, h.close()))
}

// helped is how kong's exit after --help comes back to run.
type helped struct{}

func parse(parser *kong.Kong, args []string) (call *kong.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(helped); !ok {
				panic(r)
			}
		}
	}()
	return parser.Parse(args)
}

// usageError is a mistake of whoever typed the command or wrote the configuration.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// end says what went wrong and chooses the exit code.
func (h *house) end(err error) int {
	var problems config.Problems
	var mistake usageError
	switch {
	case err == nil:
		return done
	case errors.As(err, &problems):
		fmt.Fprintln(h.errs, problems.Error())
		return wrong
	case errors.As(err, &mistake):
		fmt.Fprintln(h.errs, "diembao:", err)
		return wrong
	case errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), syscall.ENOSPC.Error()):
		fmt.Fprintln(h.errs, "diembao: the disk is full: free some space and run the command again; what was stored is safe.\n", err)
		return failed
	default:
		fmt.Fprintln(h.errs, "diembao:", err)
		return failed
	}
}

func logger(w io.Writer, debug bool) *slog.Logger {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// queueLog is what the job queue writes to: its own comings and goings are for
// those who look for a fault.
func (h *house) queueLog() *slog.Logger {
	if h.Debug {
		return h.log
	}
	return slog.New(slog.NewTextHandler(h.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
