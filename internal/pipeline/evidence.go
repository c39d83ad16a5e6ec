package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"

	"diembao/internal/evidence"
	"diembao/internal/fetch"
	"diembao/internal/store"
)

// Gather does not know yet whether an article concerns us, so it lays every
// answer that became a new text aside, as a file named after article and
// version, within the transaction that stores the text. Prove comes after
// Read: it moves what concerns us into the WARC files, lists it, and drops the
// rest. Killed at any point, nothing is lost and nothing stands twice: an
// answer without its text in the archive is dropped when evidence is opened,
// a record without its line in the list is found there.

// proveSize is how many answers are kept in one go.
const proveSize = 50

// proof is the part of a pipeline that keeps evidence.
type proof struct {
	mu       sync.Mutex
	lock     *flock.Flock
	unlisted []evidence.Place // in the files, and not in the archive's list yet
}

// ErrEvidenceBusy says that another process keeps the evidence of this data directory.
var ErrEvidenceBusy = errors.New("another process keeps the evidence of this data directory; stop it, or name another directory with --data")

// OpenEvidence opens the folder of evidence in dir, brings it in line with the
// archive after a crash, and removes the files whose deletion was begun. o says
// what its files are called and say of themselves.
func (p *Pipeline) OpenEvidence(ctx context.Context, dir string, o evidence.Options) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder of evidence: %w", err)
	}
	lock := flock.New(dir + ".lock")
	mine, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("taking the evidence in %s: %w", dir, err)
	}
	if !mine {
		return fmt.Errorf("%w (%s)", ErrEvidenceBusy, dir)
	}
	if err := p.openEvidence(ctx, dir, o); err != nil {
		return errors.Join(fmt.Errorf("opening the evidence in %s: %w", dir, err), lock.Unlock())
	}
	p.proof.lock = lock
	return nil
}

func (p *Pipeline) openEvidence(ctx context.Context, dir string, o evidence.Options) (err error) {
	if err := p.sweep(ctx, filepath.Dir(dir)); err != nil {
		return err
	}
	o.Dir, o.Now = dir, p.Now
	if o.Listed, err = p.Store.EvidenceListed(ctx); err != nil {
		return err
	}
	archive, unlisted, notes, err := evidence.Open(o)
	if err != nil {
		return err
	}
	for _, n := range notes {
		p.Log.Warn("a file of evidence was not as it was left", "file", n)
	}
	p.Evidence, p.proof.unlisted = archive, unlisted
	if err = p.list(ctx); err == nil {
		err = p.dropUnborn(ctx)
	}
	if err != nil {
		p.Evidence = nil
		return errors.Join(err, archive.Close())
	}
	return nil
}

// CloseEvidence lets the evidence go. What is laid aside waits for the next time.
func (p *Pipeline) CloseEvidence() error {
	if p.Evidence == nil {
		return nil
	}
	p.proof.mu.Lock()
	defer p.proof.mu.Unlock()
	return errors.Join(p.Evidence.Close(), p.proof.lock.Unlock())
}

// dropUnborn drops what was laid aside for texts that were never stored; their
// pages will be asked for again.
func (p *Pipeline) dropUnborn(ctx context.Context) error {
	waiting, err := p.Evidence.Pending()
	if err != nil {
		return err
	}
	reached, err := p.Store.Reached(ctx, articlesOf(waiting))
	if err != nil {
		return err
	}
	for _, piece := range waiting {
		if reached[piece.ArticleID].Version < piece.Version {
			err = errors.Join(err, p.Evidence.Drop(piece))
		}
	}
	return err
}

// layAside keeps the answer that became a text until the text is read.
func (p *Pipeline) layAside(ctx context.Context, tx *store.Tx, id string, put store.Put, a fetch.Answer) error {
	if p.Evidence == nil || a.Status == 0 { // a film comes of its feed: no page was asked for
		return nil
	}
	version := 1
	if len(put.New) == 0 {
		var err error
		if version, err = tx.Unproved(ctx, id); err != nil || version == 0 {
			return err
		}
	}
	return p.Evidence.Pend(evidence.Piece{ArticleID: id, Version: version, Kind: evidence.Page}, exchange(a))
}

// layRemovalAside keeps the answer that showed an article to be gone. Where no
// server answered there is nothing to keep.
func (p *Pipeline) layRemovalAside(ctx context.Context, tx *store.Tx, id string, a fetch.Answer) error {
	if p.Evidence == nil || a.Status == 0 {
		return nil
	}
	reached, err := tx.Reached(ctx, []string{id})
	if err != nil {
		return err
	}
	return p.Evidence.Pend(evidence.Piece{ArticleID: id, Version: reached[id].Version, Kind: evidence.Gone}, exchange(a))
}

func exchange(a fetch.Answer) evidence.Exchange {
	return evidence.Exchange{
		URL: a.Final, Via: a.Hops[:max(0, len(a.Hops)-1)], At: a.At, Peer: a.Wire.Peer, Sent: a.Wire.Sent,
		Proto: a.Wire.Proto, Status: a.Wire.Status, Header: a.Header, Body: a.Raw, Cut: a.Wire.Cut,
	}
}

// Prove moves the answers of articles that concern us from where they were
// laid aside into the files of evidence, and drops those of articles that do
// not. It returns how many it moved or dropped; what Read has not reached waits.
func (p *Pipeline) Prove(ctx context.Context) (int, error) {
	if p.Evidence == nil {
		return 0, nil
	}
	p.proof.mu.Lock()
	defer p.proof.mu.Unlock()
	total := 0
	for ctx.Err() == nil {
		n, err := p.proveBatch(ctx)
		total += n
		if err != nil {
			return total, fmt.Errorf("keeping evidence: %w", err)
		}
		if n == 0 {
			return total, nil
		}
	}
	return total, ctx.Err()
}

func (p *Pipeline) proveBatch(ctx context.Context) (int, error) {
	if err := p.list(ctx); err != nil {
		return 0, err
	}
	waiting, err := p.Evidence.Pending()
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	keep, drop, err := p.decide(ctx, waiting)
	if err != nil {
		return 0, err
	}
	keep = keep[:min(proveSize, len(keep))]
	if len(keep) > 0 {
		kept, lost, err := p.Evidence.Keep(keep)
		if err != nil {
			return 0, err
		}
		for _, piece := range lost {
			p.Log.Warn("an answer laid aside as evidence broke off, as after a power cut; the page is asked for again", "article", piece.ArticleID, "version", piece.Version)
		}
		p.proof.unlisted = kept
		if err := p.list(ctx); err != nil {
			return 0, err
		}
	}
	for _, w := range keep {
		drop = append(drop, w.Piece)
	}
	return len(drop), p.Evidence.Drop(drop...)
}

// list writes down what the files of evidence hold and the archive does not
// say yet.
func (p *Pipeline) list(ctx context.Context) error {
	if len(p.proof.unlisted) == 0 {
		return nil
	}
	var es []store.Evidence
	for _, place := range p.proof.unlisted {
		es = append(es, store.Evidence(place))
	}
	err := p.Store.Do(ctx, func(tx *store.Tx) error { return tx.PutEvidence(ctx, es) })
	if err == nil {
		p.proof.unlisted = nil
	}
	return err
}

// decide parts what waits into what is to be kept, with what is held of its
// article already, and what is not; the rest was not read yet.
func (p *Pipeline) decide(ctx context.Context, waiting []evidence.Piece) (keep []evidence.Wanted, drop []evidence.Piece, err error) {
	ids := articlesOf(waiting)
	reached, err := p.Store.Reached(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	before, err := p.Store.Evidence(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	for _, piece := range waiting {
		r := reached[piece.ArticleID]
		w := evidence.Wanted{Piece: piece}
		listed := false
		for _, e := range before[piece.ArticleID] {
			place := evidence.Place(e)
			listed = listed || place.Piece() == piece
			w.Before = append(w.Before, place)
		}
		switch {
		case r.Read < piece.Version: // not stored yet, or not read
		case !r.Kept, listed:
			drop = append(drop, piece)
		default:
			keep = append(keep, w)
		}
	}
	return keep, drop, nil
}

// articlesOf lists the articles of pieces, each once.
func articlesOf(pieces []evidence.Piece) []string {
	var ids []string
	seen := map[string]bool{}
	for _, piece := range pieces {
		if !seen[piece.ArticleID] {
			seen[piece.ArticleID] = true
			ids = append(ids, piece.ArticleID)
		}
	}
	return ids
}

// Proof returns what lies at a place of the list under the data directory,
// held against its digests; the page of a record that repeats another is that
// other's.
func Proof(data string, e store.Evidence, all []store.Evidence) (evidence.Proof, error) {
	proof, err := evidence.Prove(data, evidence.Place(e))
	if err != nil || e.Refers == "" {
		return proof, err
	}
	for _, other := range all {
		if other.Record == e.Refers {
			first, err := evidence.Prove(data, evidence.Place(other))
			proof.Body = first.Body
			return proof, err
		}
	}
	return proof, fmt.Errorf("the page that version %d of article %s repeats is not in the list any more (record %s)", e.Version, e.ArticleID, e.Refers)
}
