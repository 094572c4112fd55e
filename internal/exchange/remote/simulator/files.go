package simulator

import (
	"errors"
	"io"
	"net"
	"os"
	"time"

	"github.com/pkg/sftp"
)

// files are the folder as one client reaches it.
type files struct {
	*Server
	conn net.Conn
}

// errFull is what a full disk says.
var errFull = errors.New("no space left on device")

// Fileread opens a file to be read.
func (f *files) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	file, err := f.root.Open(inRoot(r.Filepath))
	if err != nil {
		return nil, err
	}
	return &handle{file, f}, nil
}

// Filewrite opens a file to be written.
func (f *files) Filewrite(r *sftp.Request) (io.WriterAt, error) { return f.OpenFile(r) }

// OpenFile opens a file to be read and written.
func (f *files) OpenFile(r *sftp.Request) (sftp.WriterAtReaderAt, error) {
	flags, mode := r.Pflags(), os.O_RDWR
	if flags.Creat {
		mode |= os.O_CREATE
	}
	if flags.Trunc {
		mode |= os.O_TRUNC
	}
	if flags.Excl {
		mode |= os.O_EXCL
	}
	file, err := f.root.OpenFile(inRoot(r.Filepath), mode, 0o640)
	if err != nil {
		return nil, err
	}
	return &handle{file, f}, nil
}

// Filecmd does what needs no handle.
func (f *files) Filecmd(r *sftp.Request) error {
	name := inRoot(r.Filepath)
	switch r.Method {
	case "Rename", "PosixRename":
		if f.chance(f.o.NoRename) {
			return sftp.ErrSSHFxPermissionDenied
		}
		if _, err := f.root.Stat(inRoot(r.Target)); err == nil && r.Method == "Rename" {
			return sftp.ErrSSHFxFailure
		}
		return f.root.Rename(name, inRoot(r.Target))
	case "Remove":
		if f.chance(f.o.NoRemove) {
			return sftp.ErrSSHFxPermissionDenied
		}
		return f.root.Remove(name)
	case "Mkdir":
		return f.root.Mkdir(name, 0o750)
	case "Rmdir":
		if info, err := f.root.Stat(name); err == nil && !info.IsDir() {
			return sftp.ErrSSHFxFailure
		}
		return f.root.Remove(name)
	case "Setstat":
		return f.resize(r, name)
	}
	return sftp.ErrSSHFxOpUnsupported
}

func (f *files) resize(r *sftp.Request, name string) error {
	if !r.AttrFlags().Size {
		return nil // times and rights are nobody's here
	}
	file, err := f.root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Truncate(int64(r.Attributes().Size))
}

// Filelist tells of files.
func (f *files) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	name := inRoot(r.Filepath)
	if r.Method != "List" {
		info, err := f.root.Stat(name)
		return listed{info}, err
	}
	dir, err := f.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	list, err := dir.Readdir(-1)
	return listed(list), err
}

// listed are files told of.
type listed []os.FileInfo

// ListAt gives a part of the list.
func (l listed) ListAt(to []os.FileInfo, offset int64) (int, error) {
	if offset >= int64(len(l)) {
		return 0, io.EOF
	}
	n := copy(to, l[offset:])
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}

// handle is an open file with the faults of the server.
type handle struct {
	*os.File
	of *files
}

// ReadAt reads, slowly if so asked.
func (h *handle) ReadAt(p []byte, at int64) (int, error) {
	time.Sleep(h.of.o.Slow)
	return h.File.ReadAt(p, at)
}

// WriteAt writes, or what is asked for happens.
func (h *handle) WriteAt(p []byte, at int64) (int, error) {
	time.Sleep(h.of.o.Slow)
	if h.of.chance(h.of.o.Drop) {
		n, err := h.File.WriteAt(p[:len(p)/2], at)
		h.of.conn.Close()
		return n, err
	}
	if full := h.of.o.Full; full > 0 && h.of.written.Add(int64(len(p))) > full {
		return 0, errFull
	}
	return h.File.WriteAt(p, at)
}
