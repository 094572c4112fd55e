package city

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"

	"kvit/internal/fault"
)

// sink is a text file being written in its encoding. The first error sticks and comes out of close.
type sink struct {
	file *os.File
	out  *bufio.Writer
	code codec
	buf  []byte
	err  error
}

func createFile(dir, name string) (*os.File, error) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, cannotWrite(path, err)
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, cannotWrite(path, err)
	}
	return f, nil
}

func cannotWrite(path string, err error) error {
	return fault.Newf(fault.Invalid, "city.write", "Не записать %s. Проверьте, есть ли место на диске и право записи в папку.", path).Because(err)
}

func newSink(dir, name, encoding string) (*sink, error) {
	f, err := createFile(dir, name)
	if err != nil {
		return nil, err
	}
	s := &sink{file: f, out: bufio.NewWriterSize(f, 1<<16), code: codecs[encoding]}
	s.bytes([]byte(marks[encoding]))
	return s, nil
}

func (s *sink) bytes(b []byte) {
	if s.err == nil {
		_, s.err = s.out.Write(b)
	}
}

// text writes in the encoding of the file.
func (s *sink) text(list ...string) {
	for _, t := range list {
		s.textIn(s.code, t)
	}
}

// textIn writes in another encoding, as files joined from two programs do.
func (s *sink) textIn(c codec, t string) {
	if s.err != nil {
		return
	}
	if s.buf, s.err = c.encode(s.buf[:0], t); s.err == nil {
		s.bytes(s.buf)
	}
}

func (s *sink) close() error {
	err := errors.Join(s.err, s.out.Flush(), s.file.Close())
	if err != nil {
		return cannotWrite(s.file.Name(), err)
	}
	return nil
}
