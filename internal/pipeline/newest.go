package pipeline

import (
	"context"
	"runtime"
	"sync"
	"time"

	"diembao/internal/store"
)

// Trial is how many articles something is tried on before it is put in force.
type Trial struct {
	Since time.Time      // articles counted before are left out; zero: none
	Most  int            // at most so many, the newest
	Told  func(read int) // hears how far it is, for a terminal; may be nil
}

// LastArticles is how many of the newest articles a trial takes where nobody
// says otherwise.
const LastArticles = 10_000

// newest hands the newest articles of a filter on, a page at a time, and
// returns how many there were.
func (p *Pipeline) newest(ctx context.Context, f store.Filter, t Trial, take func([]store.Entry) error) (read int, err error) {
	f.From = t.Since
	for cursor := ""; read < t.Most; {
		page, next, err := p.Store.Newest(ctx, f, min(500, t.Most-read), cursor)
		if err != nil {
			return read, err
		}
		if err := take(page); err != nil {
			return read, err
		}
		read += len(page)
		if t.Told != nil {
			t.Told(read)
		}
		if cursor = next; next == "" {
			break
		}
	}
	return read, nil
}

// shared does n pieces of work on all processors.
func shared(n int, work func(i int)) {
	workers := runtime.GOMAXPROCS(0)
	var done sync.WaitGroup
	for w := range workers {
		done.Go(func() {
			for i := w; i < n; i += workers {
				work(i)
			}
		})
	}
	done.Wait()
}
