package index

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// callbackName is how Bleve finds the function that hears of trouble in its
// background loops. Without one a dead loop goes unseen.
const callbackName = "diembao-index"

// faults gathers the trouble of one generation.
type faults struct {
	path    string
	onError func(error)

	mu    sync.Mutex
	first error
}

// watched are the open generations. Bleve knows callbacks only by a global
// name, so one function hears all and looks up whom it concerns.
var watched struct {
	sync.Mutex
	list []*faults
}

func init() {
	scorch.RegistryAsyncErrorCallbacks[callbackName] = func(err error, path string) {
		watched.Lock()
		defer watched.Unlock()
		for _, f := range watched.list {
			if path == f.path || strings.HasPrefix(path, f.path+string(filepath.Separator)) {
				f.hear(err)
			}
		}
	}
}

func watch(path string, onError func(error)) *faults {
	f := &faults{path: path, onError: onError}
	watched.Lock()
	defer watched.Unlock()
	watched.list = append(watched.list, f)
	return f
}

func (f *faults) hear(err error) {
	if errors.Is(err, scorch.ErrCleanup) {
		return // old files stay a little longer; the next round removes them
	}
	err = fmt.Errorf("index %s, in the background: %w", f.path, err)
	f.mu.Lock()
	if f.first == nil {
		f.first = err
	}
	f.mu.Unlock()
	f.tell(err)
}

// tell passes on trouble that does no harm to the index.
func (f *faults) tell(err error) {
	if f.onError != nil {
		f.onError(err)
	}
}

func (f *faults) err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.first
}

// close stops listening. It returns an error only to be joined with others.
func (f *faults) close() error {
	watched.Lock()
	defer watched.Unlock()
	for i, w := range watched.list {
		if w == f {
			watched.list = append(watched.list[:i], watched.list[i+1:]...)
			break
		}
	}
	return nil
}
