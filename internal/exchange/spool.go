package exchange

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// spool is a temporary file of length-prefixed records, written once from front to back and then read at any
// offset. It lets a batch of any size be judged in constant memory.
type spool struct {
	file *os.File
	w    *bufio.Writer
	size int64
	buf  []byte
}

// spoolRecordMax bounds one record: a row of 256 columns of 64 KB never comes near it, a damaged file would.
const spoolRecordMax = 64 << 20

func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "spool-*")
	if err != nil {
		return nil, fmt.Errorf("make spool: %w", err)
	}
	os.Remove(f.Name()) // the open file is all that is needed: nothing is left behind after a crash
	return &spool{file: f, w: bufio.NewWriterSize(f, 1<<18)}, nil
}

// add appends a record and returns its offset.
func (s *spool) add(record []byte) (int64, error) {
	at := s.size
	var head [4]byte
	binary.LittleEndian.PutUint32(head[:], uint32(len(record)))
	if _, err := s.w.Write(head[:]); err != nil {
		return 0, fmt.Errorf("write spool: %w", err)
	}
	if _, err := s.w.Write(record); err != nil {
		return 0, fmt.Errorf("write spool: %w", err)
	}
	s.size += int64(len(record)) + 4
	return at, nil
}

// done ends writing; reading starts only after it.
func (s *spool) done() error { return s.w.Flush() }

// at reads the record of an offset; the bytes hold until the next call.
func (s *spool) at(offset int64) ([]byte, error) {
	const guess = 512
	if cap(s.buf) < guess {
		s.buf = make([]byte, guess)
	}
	n, err := s.file.ReadAt(s.buf[:cap(s.buf)], offset)
	if n < 4 {
		return nil, fmt.Errorf("read spool: %w", err)
	}
	size := int(binary.LittleEndian.Uint32(s.buf))
	if size > spoolRecordMax {
		return nil, errSpool
	}
	if n >= 4+size {
		return s.buf[4 : 4+size], nil
	}
	s.buf = make([]byte, 4+size)
	if _, err := s.file.ReadAt(s.buf, offset); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read spool: %w", err)
	}
	return s.buf[4:], nil
}

// each reads all records in order. The bytes hold until fn returns.
func (s *spool) each(fn func(offset int64, record []byte) error) error {
	r := bufio.NewReaderSize(io.NewSectionReader(s.file, 0, s.size), 1<<18)
	var buf []byte
	for at := int64(0); at < s.size; {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return fmt.Errorf("read spool: %w", err)
		}
		size := int(binary.LittleEndian.Uint32(head[:]))
		if size > spoolRecordMax {
			return errSpool
		}
		if cap(buf) < size {
			buf = make([]byte, size)
		}
		if _, err := io.ReadFull(r, buf[:size]); err != nil {
			return fmt.Errorf("read spool: %w", err)
		}
		if err := fn(at, buf[:size]); err != nil {
			return err
		}
		at += int64(size) + 4
	}
	return nil
}

func (s *spool) close() { s.file.Close() }
