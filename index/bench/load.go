package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"diembao/index"
)

const (
	users    = 50
	arriving = 50 // documents a second
	thinking = 2 * time.Second
)

// underLoad lets users search, first in quiet, then while documents arrive.
func (o *ours) underLoad(ctx context.Context, long time.Duration) error {
	quiet, err := o.crowd(ctx, long/2, false)
	if err != nil {
		return err
	}
	busy, err := o.crowd(ctx, long, true)
	if err != nil {
		return err
	}
	p95 := func(t []time.Duration) time.Duration { return t[len(t)*95/100] }
	fmt.Printf("%d users: %d searches in quiet, p95 %.1f ms; %d while %d documents/s arrive, p95 %.1f ms (%.1f×)\n",
		users, len(quiet), ms(p95(quiet)), len(busy), arriving, ms(p95(busy)), ms(p95(busy))/ms(p95(quiet)))
	return nil
}

func (o *ours) crowd(ctx context.Context, long time.Duration, arrive bool) (took []time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	var mixed []question
	for _, kind := range kinds {
		mixed = append(mixed, o.archive.questions(kind, 10)...)
	}
	var mu sync.Mutex
	var crowd sync.WaitGroup
	fail := func(e error) {
		if e != nil && ctx.Err() == nil {
			mu.Lock()
			err = e
			mu.Unlock()
			cancel()
		}
	}
	for u := range users {
		crowd.Go(func() {
			wait(ctx, thinking*time.Duration(u)/users)
			for i := u * 13; ctx.Err() == nil; i++ {
				started := time.Now()
				fail(o.ask(ctx, mixed[i*7%len(mixed)]))
				if ctx.Err() == nil {
					mu.Lock()
					took = append(took, time.Since(started))
					mu.Unlock()
				}
				wait(ctx, thinking)
			}
		})
	}
	if arrive {
		crowd.Go(func() {
			for i := 0; ctx.Err() == nil; i += arriving {
				batch := make([]index.Doc, arriving)
				for j := range batch {
					batch[j] = o.archive.doc((i + j) % o.archive.size)
				}
				started := time.Now()
				fail(o.Put(ctx, batch))
				wait(ctx, time.Second-time.Since(started))
			}
		})
	}
	crowd.Wait()
	if err == nil && len(took) == 0 {
		err = fmt.Errorf("no search ended within %v", long)
	}
	slices.Sort(took)
	return took, err
}

func wait(ctx context.Context, long time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(long):
	}
}
