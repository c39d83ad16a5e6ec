package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"diembao/internal/store"
)

// longestClip bounds a scan, picture, sound or film kept with a clip.
const longestClip = 1 << 30 // bytes

// KeepClipFile copies a person's file into dir/evidence/clips under the digest
// of its content, and says what it is. A file that is there already is not
// written again. Errors: an empty file, one beyond longestClip, a full disk.
func KeepClipFile(dir, name string, in io.Reader) (store.ClipFile, error) {
	f, err := keepClipFile(dir, name, in)
	if err != nil {
		return f, fmt.Errorf("keeping %s as evidence: %w", name, err)
	}
	return f, nil
}

func keepClipFile(dir, name string, in io.Reader) (f store.ClipFile, err error) {
	folder := filepath.Join(dir, "evidence", "clips")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return f, err
	}
	part, err := os.CreateTemp(folder, ".part-*")
	if err != nil {
		return f, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(part, sum), io.LimitReader(in, longestClip+1))
	err = errors.Join(err, part.Sync(), part.Close())
	switch {
	case err != nil:
		return f, err
	case size == 0:
		return f, errors.New("it is empty")
	case size > longestClip:
		return f, fmt.Errorf("it is larger than %d MiB; cut out the piece that counts", longestClip>>20)
	}
	f = store.ClipFile{Name: filepath.Base(name), SHA256: hex.EncodeToString(sum.Sum(nil)), Size: size}
	if f.Type, err = contentType(part.Name()); err != nil {
		return f, err
	}
	f.Path = path.Join("evidence", "clips", f.SHA256[:2], f.SHA256+extension(f.Name))
	at := filepath.Join(dir, filepath.FromSlash(f.Path))
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return f, err
	}
	return f, os.Rename(part.Name(), at)
}

// contentType is the media type by the first bytes, whatever the name says.
func contentType(file string) (string, error) {
	in, err := os.Open(file)
	if err != nil {
		return "", err
	}
	head, err := io.ReadAll(io.LimitReader(in, 512))
	return http.DetectContentType(head), errors.Join(err, in.Close())
}

// extension is a name's ending where it is a plain one; else nothing.
func extension(name string) string {
	ext := strings.ToLower(filepath.Ext(name))
	if len(ext) > 6 || strings.Trim(ext, ".abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return ""
	}
	return ext
}
