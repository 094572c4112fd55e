// Package blob keeps the bytes of files under their SHA-256, so that a file accepted is never lost and the same
// bytes are kept once.
//
// Invariants: a blob is whole or absent: it is written beside, synced, then renamed; its name is its digest, never
// a name from outside.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kvit/internal/fault"
)

// Store is a folder of blobs.
type Store struct{ dir string }

// Open makes the folder when it is missing.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fault.Newf(fault.Unavailable, "blob.dir", "Папка %s не создаётся. Проверьте место и права.", dir).Because(err)
	}
	return &Store{dir}, nil
}

// Path is where the blob of a digest lies.
func (s *Store) Path(digest string) string { return filepath.Join(s.dir, digest[:2], digest) }

// Put stores the bytes of r, at most limit of them, and gives their digest and size. Bytes that are there already
// are not written again.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (digest string, size int64, err error) {
	tmp, err := os.CreateTemp(s.dir, ".part-*")
	if err != nil {
		return "", 0, fault.New(fault.Unavailable, "blob.write", "Файл не сохранился: нет места или прав в папке данных.").Because(err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(tmp, h), io.LimitReader(ended{ctx, r}, limit+1))
	if err != nil {
		return "", size, fmt.Errorf("store blob: %w", err)
	}
	if size > limit {
		return "", size, fault.Newf(fault.Invalid, "file.too_large", "Файл больше %d МБ. Разделите его или загрузите через API.", limit>>20)
	}
	if err := tmp.Sync(); err != nil {
		return "", size, fault.New(fault.Unavailable, "blob.write", "Файл не сохранился на диск.").Because(err)
	}
	digest = hex.EncodeToString(h.Sum(nil))
	path := s.Path(digest)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return "", size, fmt.Errorf("store blob: %w", err)
	}
	return digest, size, os.Rename(tmp.Name(), path)
}

// Open gives the bytes of a digest. Whatever the name, nothing outside the folder is opened (reliability.md S10).
func (s *Store) Open(digest string) (*os.File, error) {
	if !isDigest(digest) {
		return nil, errUnknown
	}
	return os.OpenInRoot(s.dir, filepath.Join(digest[:2], digest))
}

var errUnknown = fault.New(fault.NotFound, "blob.unknown", "Такого файла нет.")

// isDigest tells a digest as Put writes it: 64 small hexadecimal digits.
func isDigest(s string) bool {
	return len(s) == sha256.Size*2 && strings.Trim(s, "0123456789abcdef") == ""
}

// Remove deletes the bytes of a digest; bytes that are not there are no fault. Whoever calls knows that nobody holds them.
func (s *Store) Remove(digest string) error {
	if !isDigest(digest) {
		return errUnknown
	}
	err := os.Remove(s.Path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Each tells of every blob and when its bytes came. Blobs that come or go meanwhile may be left out.
func (s *Store) Each(fn func(digest string, at time.Time) error) error {
	err := filepath.WalkDir(s.dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		if err != nil || e.IsDir() || !isDigest(e.Name()) {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(e.Name(), info.ModTime())
	})
	if err != nil {
		return fmt.Errorf("blobs: %w", err)
	}
	return nil
}

// ended stops reading when the context ends.
type ended struct {
	ctx context.Context
	r   io.Reader
}

func (e ended) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	return e.r.Read(p)
}
