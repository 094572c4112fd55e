package remote

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// local is a folder of this computer or its network.
type local struct{ dir string }

func (l local) path(name string) string {
	return filepath.Join(l.dir, filepath.FromSlash(inside(name)))
}

// List gives the files of a folder under it.
func (l local) List(under string) (list []Entry, err error) {
	dir, err := os.ReadDir(l.path(under))
	if err != nil {
		return nil, away("Папка %s не читается.", l.path(under)).Because(err)
	}
	for _, d := range dir {
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() || hidden(d.Name()) {
			continue // a file that has just gone is no fault
		}
		list = append(list, Entry{d.Name(), info.Size(), info.ModTime()})
	}
	return list, nil
}

// Get writes a file to w.
func (l local) Get(name string, w io.Writer) error {
	f, err := os.Open(l.path(name))
	if err != nil {
		return away("Файл %s не читается.", name).Because(err)
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// Put writes beside, syncs and renames.
func (l local) Put(ctx context.Context, name, tmp string, from io.ReadSeeker, size int64) error {
	to := l.path(name)
	if info, err := os.Stat(to); err == nil {
		return there(name, info.Size(), size)
	}
	f, err := os.OpenFile(l.path(tmp), os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return unwritten(name, err)
	}
	defer f.Close()
	if err := goOn(ctx, f, from, size); err != nil {
		return unwritten(name, err)
	}
	if err := f.Sync(); err != nil {
		return unwritten(name, err)
	}
	if err := os.Link(l.path(tmp), to); err == nil { // fails where something has the name, which a rename would not
		return os.Remove(l.path(tmp))
	}
	if info, err := os.Stat(to); err == nil {
		return there(name, info.Size(), size)
	}
	if err := os.Rename(l.path(tmp), to); err != nil { // a file system without links
		return unwritten(name, err)
	}
	return nil
}

// Remove removes a file.
func (l local) Remove(name string) error {
	err := os.Remove(l.path(name))
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return kept(name, err)
}

// Close does nothing.
func (local) Close() error { return nil }

// sized is a file that is open for writing.
type sized interface {
	io.WriteSeeker
	Truncate(int64) error
}

// goOn writes what is not there yet. The beginning was written by an earlier try of the same bytes.
func goOn(ctx context.Context, to sized, from io.ReadSeeker, size int64) error {
	have, err := to.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if have > size {
		have = 0
		if err := to.Truncate(0); err != nil {
			return err
		}
	}
	if _, err := to.Seek(have, io.SeekStart); err != nil {
		return err
	}
	if _, err := from.Seek(have, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(to, reader{ctx, from})
	return err
}

// reader stops when the context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

// Read reads unless the context ended.
func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
