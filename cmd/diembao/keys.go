package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode"

	"golang.org/x/term"
)

// keys reads one key at a time: at a terminal without Enter, else letter by
// letter from what is piped in.
type keys struct {
	in   *bufio.Reader
	file *os.File // the terminal; nil where there is none
}

// Keys that are no letters.
const (
	enter     = '\n'
	interrupt = '\x03' // Ctrl-C
	endOfFile = '\x04' // Ctrl-D
)

func newKeys(in io.Reader) *keys {
	k := &keys{in: bufio.NewReader(in)}
	if f, ok := in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		k.file = f
	}
	return k
}

// next waits for a key. The terminal is its own again before next returns, so
// that what is printed between two keys looks as ever.
func (k *keys) next() (key rune, err error) {
	if k.file != nil {
		before, err := term.MakeRaw(int(k.file.Fd()))
		if err != nil {
			return 0, fmt.Errorf("asking the terminal for single keys: %w", err)
		}
		defer func() { err = errors.Join(err, term.Restore(int(k.file.Fd()), before)) }()
	}
	for {
		key, _, err = k.in.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			return endOfFile, nil
		case err != nil:
			return 0, fmt.Errorf("reading an answer: %w", err)
		case key == '\r', key == '\n':
			return enter, nil
		case key == interrupt, key == endOfFile, !unicode.IsSpace(key) && key != ',':
			return key, nil
		}
	}
}
