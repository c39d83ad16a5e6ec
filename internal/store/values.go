package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// ms writes a time as milliseconds; 0 for the zero time.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// at reads what ms wrote, in UTC.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// toJSON writes plain data of ours; it cannot fail but on a value that JSON
// has no words for (NaN, a channel), which is a mistake in the program.
func toJSON(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("write %T as JSON: %w", v, err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// fromJSON reads what toJSON wrote; an empty text leaves v as it is.
func fromJSON(text string, v any) error {
	if text == "" || text == "null" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("read JSON from the archive: %w", err)
	}
	return nil
}

// plain gives a verdict's value its own type back after JSON: whole numbers
// are int, lists of words []string.
func plain(v any) any {
	switch v := v.(type) {
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int(v)
		}
	case []any:
		words := make([]string, len(v))
		for i, x := range v {
			s, ok := x.(string)
			if !ok {
				return v
			}
			words[i] = s
		}
		return words
	}
	return v
}
