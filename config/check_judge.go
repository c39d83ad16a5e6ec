package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// judgeAxes are what a language model may be asked of an article.
var judgeAxes = []string{"relevant", "topics", "tone", "agency_role", "risk"}

// judge checks the language model; while it is off only what is written is.
func (c *checker) judge(j Judge) {
	for i, a := range j.Axes {
		c.oneOf(a, judgeAxes, false, "judge", "axes", nth(i))
	}
	if j.Below < 0.5 || j.Below > 1 {
		c.bad(fmt.Sprint(j.Below), "no verdict is less sure than 0.5 or more than 1; write a number between, as 0.7", "judge", "below")
	}
	atLeast(c, j.Timeout, time.Second, "judge", "timeout")
	atLeast(c, j.Requests, 0, "judge", "requests")
	atLeast(c, j.Tokens, 0, "judge", "tokens")
	if j.Key != "" && !strings.HasPrefix(j.Key, "$") && !strings.HasPrefix(j.Key, keyFile) {
		c.bad("(not shown)", "a key is never written here; write $NAME and set NAME in the environment, or file:/path/of/the/key", "judge", "key")
	}
	if !j.On() {
		return
	}
	if _, err := j.Address(); err != nil {
		c.bad(hide(j.URL), err.Error(), "judge", "url")
	}
	c.filled(j.Model, "judge", "model")
	atLeast(c, j.Requests, 1, "judge", "requests")
	atLeast(c, j.Tokens, 5000, "judge", "tokens")
}

// On reports whether there is a language model to be asked.
func (j Judge) On() bool { return j.URL != "" }

// Address is the one host:port that is connected to.
func (j Judge) Address() (string, error) {
	u, err := url.Parse(j.URL)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("not a full address; write what stands before /chat/completions, as http://10.0.0.5:8000/v1")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("a name, a password, ? or # does not belong here; the key goes into judge.key")
	case strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/chat/completions"):
		return "", errors.New("leave /chat/completions off the end")
	case u.Port() != "":
		return net.JoinHostPort(u.Hostname(), u.Port()), nil
	}
	return net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme]), nil
}

const keyFile = "file:"

// Secret reads the key from the environment or the file it is kept in; lookup
// is os.LookupEnv, read is os.ReadFile. The error never holds the key.
func (j Judge) Secret(lookup func(string) (string, bool), read func(string) ([]byte, error)) (string, error) {
	if name, ok := strings.CutPrefix(j.Key, "$"); ok {
		key, ok := lookup(name)
		if !ok || strings.TrimSpace(key) == "" {
			return "", fmt.Errorf("read the key of the language model: the environment has no %s; set it, or change judge.key", name)
		}
		return strings.TrimSpace(key), nil
	}
	path, ok := strings.CutPrefix(j.Key, keyFile)
	if !ok {
		return "", nil
	}
	text, err := read(path)
	if err != nil {
		return "", fmt.Errorf("read the key of the language model: %w; put it there, or change judge.key", err)
	}
	if key := strings.TrimSpace(string(text)); key != "" && !strings.ContainsAny(key, "\r\n") {
		return key, nil
	}
	return "", fmt.Errorf("read the key of the language model: %s does not hold one line with a key", path)
}
