package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/rumour"
	"diembao/internal/store"
	"diembao/internal/when"
)

type claimCmd struct {
	Add    claimAddCmd    `cmd:"" help:"Enter what goes round, once."`
	List   claimListCmd   `cmd:"" help:"The claims, whether they are true, and how often they came back."`
	Refute claimRefuteCmd `cmd:"" help:"Say what is known of a claim, and which document settles it."`
	End    claimEndCmd    `cmd:"" help:"Stop looking for a claim."`
}

// lookBack is over how many days a new claim is looked for in the archive.
const lookBack = 30

type claimAddCmd struct {
	Claim string `arg:"" help:"One sentence, as it goes round."`
	Truth string `help:"false, true or unproven." enum:"false,true,unproven" default:"unproven"`
	URL   string `help:"Address of the document that settles it." placeholder:"URL"`
	Doc   string `help:"Its name." placeholder:"TEXT"`
	Seen  string `help:"When it was first seen (default: now)." placeholder:"TIME"`
	By    string `help:"Who says so." placeholder:"WHO" required:""`
}

func (claimAddCmd) Help() string {
	return "Example: diembao claim add \"Từ năm 2027 người lao động không được rút BHXH một lần\" --truth false --url https://baohiemxahoi.gov.vn/tin --by \"Lan\"\n\n" +
		"Articles that repeat it, in other words too, are marked from now on; those of the last 30 days at once."
}

// Run enters a claim and looks for it.
func (c claimAddCmd) Run(ctx context.Context, h *house) error {
	if !rumour.Long(c.Claim) {
		return usage("%q says too little to be found again: write a whole sentence, with who, what and when", c.Claim)
	}
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	now := p.Now()
	r := news.Rumour{Claim: c.Claim, Truth: news.Truth(c.Truth), Document: c.Doc, URL: c.URL, FirstSeen: now, Who: c.By, Made: now}
	if c.Seen != "" {
		if r.FirstSeen, err = when.Parse(c.Seen, now); err != nil {
			return usage("--seen %q: %w", c.Seen, err)
		}
	}
	if r.Truth != news.Unproven {
		r.SettledBy, r.Settled = c.By, now
	}
	if err := p.Store.Do(ctx, func(tx *store.Tx) error { return tx.PutRumour(ctx, &r) }); err != nil {
		return err
	}
	return h.lookFor(ctx, p)
}

// lookFor looks for the claims in the last days and lists them.
func (h *house) lookFor(ctx context.Context, p *pipeline.Pipeline) error {
	found, err := p.LookFor(ctx, p.Now().AddDate(0, 0, -lookBack))
	if err != nil {
		return fmt.Errorf("looking for the claims in the archive: %w", err)
	}
	pack := p.Rules().Pack
	if err := h.claims(ctx, p.Store, pack, false); err != nil || h.JSON {
		return err
	}
	_, err = fmt.Fprintln(h.out, "\n"+h.words(pack).Say("claim.found", "Articles", found, "Days", lookBack))
	return err
}

type claimListCmd struct {
	All bool `help:"Those no longer looked for, too."`
}

func (claimListCmd) Help() string { return "Example: diembao claim list --json" }

// Run lists the claims.
func (c claimListCmd) Run(ctx context.Context, h *house) error {
	pack, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	return h.claims(ctx, s, pack, c.All)
}

type claimRefuteCmd struct {
	ID    int64  `arg:"" help:"Its number, as diembao claim list shows it." placeholder:"N"`
	Truth string `help:"false, true or unproven." enum:"false,true,unproven" default:"false"`
	URL   string `help:"Address of the document that settles it." placeholder:"URL"`
	Doc   string `help:"Its name." placeholder:"TEXT"`
	By    string `help:"Who says so." placeholder:"WHO" required:""`
}

func (claimRefuteCmd) Help() string {
	return "Example: diembao claim refute 3 --doc \"Công văn 1234/BHXH-TT\" --url https://baohiemxahoi.gov.vn/cong-van --by \"Lan\""
}

// Run settles a claim.
func (c claimRefuteCmd) Run(ctx context.Context, h *house) error {
	return h.onClaim(ctx, c.ID, func(tx *store.Tx) error {
		return tx.SettleRumour(ctx, c.ID, news.Truth(c.Truth), c.Doc, c.URL, store.Word{Who: c.By, At: time.Now()})
	})
}

type claimEndCmd struct {
	ID int64 `arg:"" help:"Its number, as diembao claim list shows it." placeholder:"N"`
}

func (claimEndCmd) Help() string { return "Example: diembao claim end 3" }

// Run stops looking for a claim.
func (c claimEndCmd) Run(ctx context.Context, h *house) error {
	return h.onClaim(ctx, c.ID, func(tx *store.Tx) error { return tx.EndRumour(ctx, c.ID, time.Now()) })
}

func (h *house) onClaim(ctx context.Context, id int64, do func(*store.Tx) error) error {
	pack, s, err := h.archive(ctx)
	if err != nil {
		return err
	}
	err = s.Do(ctx, do)
	if errors.Is(err, store.ErrNotFound) {
		return usage("no claim number %d stands; `diembao claim list` shows them", id)
	}
	if err != nil {
		return err
	}
	return h.claims(ctx, s, pack, true)
}

type claimRow struct {
	ID        int64      `json:"id"`
	Claim     string     `json:"claim"`
	Truth     string     `json:"truth"`
	Document  string     `json:"document"`
	URL       string     `json:"url"`
	FirstSeen string     `json:"first_seen"`
	SettledBy string     `json:"settled_by"`
	Settled   string     `json:"settled"`
	By        string     `json:"by"`
	Ended     string     `json:"ended"`
	Articles  []claimHit `json:"articles"` // the newest hundred
}

type claimHit struct {
	ID     string  `json:"id"`
	Share  float64 `json:"share"`
	Quote  string  `json:"quote"`
	Denied bool    `json:"denied"`
}

func (h *house) claims(ctx context.Context, s *store.Store, pack config.Pack, all bool) error {
	found, err := s.Rumours(ctx, all)
	if err != nil {
		return err
	}
	w := h.words(pack)
	rows, lines := []claimRow{}, [][]string{}
	for _, r := range found {
		row := claimRow{r.ID, r.Claim, string(r.Truth), r.Document, r.URL, stamp(r.FirstSeen), r.SettledBy, stamp(r.Settled), r.Who, stamp(r.Ended), []claimHit{}}
		hits, err := s.RumourArticles(ctx, r.ID, 100)
		if err != nil {
			return err
		}
		for _, x := range hits {
			row.Articles = append(row.Articles, claimHit{x.Article, x.Share, x.Quote, x.Denied})
		}
		rows = append(rows, row)
		lines = append(lines, []string{fmt.Sprint(r.ID), w.Say("truth." + string(r.Truth)), fmt.Sprint(r.Articles), w.Date(r.FirstSeen), r.Claim, strings.TrimSpace(r.Document + " " + r.URL)})
	}
	if h.JSON {
		return h.answer(rows)
	}
	return h.table(strings.Split(w.Say("claim.head"), "|"), lines)
}
