package fetch

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// The bounds of a request log: about a month of a few hundred outlets.
const (
	logFile  = 8 << 20 // bytes after which a new file is begun
	logFiles = 16      // kept; the oldest go
	longURL  = 2000    // runes; a longer address is cut
)

// Log keeps every request that went out, of all hosts, in files of one JSON
// line a request, so that a site's editors can be told what was asked when.
// It is bounded: the oldest files go. Several processes may share a directory.
type Log struct {
	dir  string
	log  *slog.Logger
	most int64 // bytes of a file

	mu   sync.Mutex
	file *os.File
	size int64
	bad  bool // it could not be written, and that was told
}

// OpenLog opens the log in dir, which is made where it is missing. log hears
// of what cannot be written; requests go on without it.
func OpenLog(dir string, log *slog.Logger) (*Log, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of the request log: %w", err)
	}
	return &Log{dir: dir, log: log, most: logFile}, nil
}

// line is an Exchange as it is written.
type line struct {
	At     time.Time `json:"at"`
	Host   string    `json:"host"`
	URL    string    `json:"url"`
	Kind   Kind      `json:"kind"`
	Status int       `json:"status,omitempty"`
	Bytes  int       `json:"bytes,omitempty"`
	TookMS int64     `json:"took_ms"`
	Pace   string    `json:"pace,omitempty"` // the least time after the request before
	Error  string    `json:"error,omitempty"`
}

// Asked writes one request down; it is what Config.Asked wants.
func (l *Log) Asked(x Exchange) {
	e := line{At: x.At, Host: x.Host, URL: clip(x.URL, longURL), Kind: x.Kind, Status: x.Status, Bytes: x.Bytes, TookMS: x.Took.Milliseconds()}
	if x.Delay > 0 {
		e.Pace = x.Delay.String()
	}
	if x.Err != nil {
		e.Error = x.Err.Error()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.write(e)
	if err != nil && !l.bad {
		l.log.Warn("requests are not being logged", "error", err)
	}
	l.bad = err != nil
}

func (l *Log) write(e line) error {
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write a request as JSON: %w", err)
	}
	if l.file == nil || l.size > l.most {
		if err := l.turn(); err != nil {
			return err
		}
	}
	n, err := l.file.Write(append(text, '\n'))
	l.size += int64(n)
	return err
}

// turn goes on in the newest file that has room, or in a new one, and drops
// the oldest.
func (l *Log) turn() error {
	if err := l.shut(); err != nil {
		return err
	}
	names, err := logNames(l.dir)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("requests-%06d.jsonl", 1)
	if n := len(names); n > 0 {
		name = names[n-1]
		if info, err := os.Stat(filepath.Join(l.dir, name)); err == nil && info.Size() > l.most {
			var number int
			if _, err := fmt.Sscanf(name, "requests-%d.jsonl", &number); err != nil {
				return fmt.Errorf("the request log holds a file %s that is none of its own: %w", name, err)
			}
			name = fmt.Sprintf("requests-%06d.jsonl", number+1)
		}
	}
	for len(names) >= logFiles {
		if err := os.Remove(filepath.Join(l.dir, names[0])); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("drop the oldest file of the request log: %w", err)
		}
		names = names[1:]
	}
	if l.file, err = os.OpenFile(filepath.Join(l.dir, name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		return fmt.Errorf("open the request log: %w", err)
	}
	info, err := l.file.Stat()
	if err != nil {
		return fmt.Errorf("open the request log: %w", err)
	}
	l.size = info.Size()
	return nil
}

// Close closes the file in use; a later request opens it again.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shut()
}

func (l *Log) shut() error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}

func logNames(dir string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(dir, "requests-*.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("list the request log: %w", err)
	}
	for i, f := range found {
		found[i] = filepath.Base(f)
	}
	slices.Sort(found)
	return found, nil
}

// ReadLog calls see with each request of the log in dir, the oldest first; of
// one host, or of all where host is empty. A line cut short by a crash is
// passed over.
func ReadLog(dir, host string, see func(Exchange) error) error {
	names, err := logNames(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := readLogFile(filepath.Join(dir, name), host, see); err != nil {
			return fmt.Errorf("read the request log %s: %w", name, err)
		}
	}
	return nil
}

func readLogFile(name, host string, see func(Exchange) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var e line
		if json.Unmarshal(in.Bytes(), &e) != nil || host != "" && !strings.EqualFold(host, e.Host) {
			continue
		}
		if err := see(e.exchange()); err != nil {
			return err
		}
	}
	return in.Err()
}

func (e line) exchange() Exchange {
	x := Exchange{Host: e.Host, URL: e.URL, Kind: e.Kind, At: e.At, Took: time.Duration(e.TookMS) * time.Millisecond, Status: e.Status, Bytes: e.Bytes}
	x.Delay, _ = time.ParseDuration(e.Pace) // empty where there was none
	if e.Error != "" {
		x.Err = errors.New(e.Error)
	}
	return x
}
