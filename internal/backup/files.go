package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// folder looks for what is new in the folder of data. Files named by their digest never change; the others are read again
// when their time or size is another.
type folder struct {
	s     *Store
	dir   string
	dirs  map[string]listed // by path: a folder whose time is the same has the same names
	known map[string]known  // by path
}

type listed struct {
	at    time.Time
	names []fs.DirEntry
}

type known struct {
	File
	at time.Time
}

func newFolder(s *Store, dir string) *folder {
	return &folder{s: s, dir: dir, dirs: map[string]listed{}, known: map[string]known{}}
}

// skipped are not copied: the database, which is copied as such, and what an intake or a copy is at.
func skipped(path string) bool {
	base := filepath.Base(path)
	return path == "tmp" || path == "intake.lock" || strings.HasPrefix(path, "kvit.db") || strings.HasPrefix(base, ".part-")
}

// look copies what is new or other since the last look, and tells what is gone.
func (f *folder) look(ctx context.Context) (fresh []File, gone []string, err error) {
	seen := map[string]bool{}
	err = f.walk(ctx, "", seen, func(path string, info fs.FileInfo) error {
		k, ok := f.known[path]
		if ok && (filepath.Base(path) == k.Digest || k.at.Equal(info.ModTime()) && k.Size == info.Size()) {
			return nil
		}
		x, err := f.keep(ctx, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		if err != nil {
			return err
		}
		f.known[path] = known{x, info.ModTime()}
		if !ok || k.Digest != x.Digest {
			fresh = append(fresh, x)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for path := range f.known {
		if !seen[path] {
			gone = append(gone, path)
			delete(f.known, path)
		}
	}
	return fresh, gone, nil
}

// all are the files as they were at the last look.
func (f *folder) all() []File {
	list := make([]File, 0, len(f.known))
	for _, k := range f.known {
		list = append(list, k.File)
	}
	return list
}

func (f *folder) walk(ctx context.Context, path string, seen map[string]bool, each func(path string, info fs.FileInfo) error) error {
	names, err := f.names(path)
	if err != nil {
		return err
	}
	for _, e := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		at := filepath.Join(path, e.Name())
		if skipped(at) {
			continue
		}
		if e.IsDir() {
			if err := f.walk(ctx, at, seen, each); err != nil {
				return err
			}
			continue
		}
		if k, ok := f.known[at]; ok && e.Name() == k.Digest {
			seen[at] = true
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			continue
		}
		if err != nil {
			return err
		}
		seen[at] = true
		if err := each(at, info); err != nil {
			return err
		}
	}
	return nil
}

// names are those of a folder, read again when its time is another.
func (f *folder) names(path string) ([]fs.DirEntry, error) {
	full := filepath.Join(f.dir, path)
	info, err := os.Stat(full)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if l, ok := f.dirs[path]; ok && l.at.Equal(info.ModTime()) && path != "" {
		return l.names, nil
	}
	names, err := os.ReadDir(full)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	f.dirs[path] = listed{info.ModTime(), names}
	return names, err
}

// keep copies one file, unless its bytes are there.
func (f *folder) keep(ctx context.Context, path string) (x File, err error) {
	in, err := os.Open(filepath.Join(f.dir, path))
	if err != nil {
		return x, err
	}
	defer in.Close()
	h := sha256.New()
	if x.Size, err = io.Copy(h, reading{ctx, in}); err != nil {
		return x, err
	}
	x.Path, x.Digest = filepath.ToSlash(path), hex.EncodeToString(h.Sum(nil))
	if x.Stored, err = f.s.stored(x); err == nil {
		return x, nil
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return x, err
	}
	x.Stored, err = f.s.put(f.s.filePath(x.Digest), func(w io.Writer) error {
		_, err := io.Copy(w, io.LimitReader(reading{ctx, in}, x.Size)) // what was appended meanwhile comes with the next look
		return err
	})
	return x, err
}

// filePath is where a file of the folder of data lies.
func (s *Store) filePath(digest string) string {
	return filepath.Join(s.dir, filesName, digest[:2], digest+sealed)
}

// stored describes a file that is there already.
func (s *Store) stored(x File) (p Piece, err error) {
	f, err := os.Open(s.filePath(x.Digest))
	if err != nil {
		return p, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return Piece{Name: x.Digest + sealed, Size: x.Size, Plain: x.Digest, Stored: n, Digest: hex.EncodeToString(h.Sum(nil))}, err
}
