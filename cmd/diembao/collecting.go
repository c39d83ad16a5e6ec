package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"diembao/internal/evidence"
	"diembao/internal/lists"
	"diembao/internal/news"
	"diembao/internal/notify"
	"diembao/internal/pipeline"
	"diembao/internal/store"
	"diembao/internal/web"
)

// collecting gives the pages what they show of collecting: evidence, clips by
// hand, a list held against the archive, and what is kept.
func (s *server) collecting(o web.Options) web.Options {
	o.Proof = func(e store.Evidence, all []store.Evidence) (evidence.Proof, error) {
		return pipeline.Proof(s.Data, e, all)
	}
	o.ClipFile = func(f store.ClipFile) (io.ReadSeekCloser, error) {
		in, err := os.Open(filepath.Join(s.Data, filepath.FromSlash(f.Path)))
		if err != nil {
			return nil, fmt.Errorf("opening a file entered with a clip: %w", err)
		}
		return in, nil
	}
	o.AddClip, o.Compare, o.Keeping = s.addClip, s.compare, s.keeping
	return o
}

// addClip keeps a clip that was entered in a page, its files first; standing
// work reads it within moments.
func (s *server) addClip(ctx context.Context, a news.Article, c store.Clip, files []web.Upload) (string, error) {
	for _, f := range files {
		kept, err := pipeline.KeepClipFile(s.Data, f.Name, f.In)
		if err != nil {
			return "", err
		}
		c.Files = append(c.Files, kept)
	}
	kept, err := s.pipeline.AddClip(ctx, a, c)
	if err != nil {
		return "", web.ClipError{Err: err}
	}
	_, err = s.pipeline.Read(ctx)
	return kept.Article.ID, err
}

// compare holds an uploaded list against the archive.
func (s *server) compare(ctx context.Context, l web.List) (web.Comparison, error) {
	raw, err := io.ReadAll(l.In)
	if err != nil {
		return web.Comparison{}, fmt.Errorf("reading the list %s: %w", l.Name, err)
	}
	list, err := lists.Read(raw, lists.Options{})
	if err != nil {
		return web.Comparison{}, web.ListError{Err: err}
	}
	c, err := s.pipeline.Compare(ctx, list, pipeline.CompareOptions{SameOutlets: l.SameOutlets, Crawled: l.Crawled})
	if err != nil {
		return web.Comparison{}, err
	}
	out := web.Comparison{
		From: c.From, To: c.To, Both: c.Both, MachineOnly: c.MachineOnly, ListOnly: c.ListOnly, Repeats: c.Repeats,
		Outside: c.Outside, Imported: c.Imported, ReadIrrelevant: c.NotOurs, Estimate: recapture(c.Estimate),
	}
	for _, r := range c.Outlets {
		out.Outlets = append(out.Outlets, web.ComparedOutlet{ID: r.Outlet, Both: r.Both, MachineOnly: r.Machine - r.Both, ListOnly: r.List - r.Both, Estimate: recapture(r.Estimate)})
	}
	for _, m := range c.Missing {
		out.Missing = append(out.Missing, web.MissingRow{Line: m.Line, Title: m.Title, URL: m.URL, Outlet: m.OutletID, ID: m.ID, Why: m.Why, Detail: m.Detail})
	}
	for _, e := range c.Extra {
		out.Extra = append(out.Extra, web.ExtraRow{ID: e.ID, Title: e.Title, URL: e.URL, Outlet: e.Outlet, At: store.When(e.Article)})
	}
	return out, nil
}

func recapture(e pipeline.Estimate) web.Recapture {
	return web.Recapture{Total: e.Total, Low: e.Low, High: e.High, Few: e.Few}
}

// keeping tells what is kept how long, and for how long the disk lasts.
func (s *server) keeping(ctx context.Context) (web.Keeping, error) {
	p, now := s.pipeline, s.now()
	r := p.Rules().Pack.Site.Retention
	k := web.Keeping{Days: map[string]int{"page": r.Page, "evidence": r.Evidence, "clip": r.Clip, "letter": r.Letter, "log": r.Log, "report": r.Report}}
	var err, err2 error
	k.Doomed, err = p.Retain(ctx, s.Data, notify.FileName, true)
	g, err1 := p.Growth(ctx, s.Data)
	k.Free, err2 = freeBytes(s.Data)
	k.Used, k.PerDay, k.Evidence, k.Measured, k.Full = g.Used, int64(g.PerDay()), int64(g.Evidence), g.Days, g.Full(k.Free, now)
	return k, errors.Join(err, err1, err2)
}
