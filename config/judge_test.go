package config

import (
	"errors"
	"strings"
	"testing"
)

// The key of the language model is read from where it is kept and never shown.
func TestJudgeKey(t *testing.T) {
	env := func(name string) (string, bool) { return " k1 \n", name == "LLM_KEY" }
	read := func(path string) ([]byte, error) {
		switch path {
		case "/etc/llm.key":
			return []byte("k2\n"), nil
		case "/etc/two":
			return []byte("k3\nk4\n"), nil
		}
		return nil, errors.New("open " + path + ": no such file")
	}
	for key, want := range map[string]string{"": "", "$LLM_KEY": "k1", "file:/etc/llm.key": "k2"} {
		if got, err := (Judge{Key: key}).Secret(env, read); err != nil || got != want {
			t.Errorf("%q gives %q, %v, want %q", key, got, err, want)
		}
	}
	for key, want := range map[string]string{"$OTHER": "has no OTHER", "file:/etc/none": "no such file", "file:/etc/two": "one line"} {
		_, err := (Judge{Key: key}).Secret(env, read)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "k3") {
			t.Errorf("%q gives %v, want %q", key, err, want)
		}
	}
}

func TestJudgeAddress(t *testing.T) {
	for url, want := range map[string]string{
		"http://10.0.0.5:8000/v1": "10.0.0.5:8000", "https://llm.coquan.example/v1": "llm.coquan.example:443",
		"http://llm.coquan.example": "llm.coquan.example:80", "https://[::1]:9/v1": "[::1]:9",
		"ftp://llm.coquan.example/v1": "", "https://ten@llm.coquan.example/v1": "", "https://llm.coquan.example/v1?key=1": "",
		"https://llm.coquan.example/v1/chat/completions": "",
	} {
		got, err := (Judge{URL: url}).Address()
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s gives %q, %v, want %q", url, got, err, want)
		}
	}
}
