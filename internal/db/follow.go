package db

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"kvit/internal/fault"
)

// ErrBroken says that changes of a SQLite database were not seen between two looks at its log: another process began
// the log anew meanwhile. What follows does not join what was read; a copy begins anew.
var ErrBroken = errors.New("the write-ahead log was begun anew by another process")

// turnWait is how long beginning the log anew may wait for readers while the writing connection is held.
const turnWait = 300 * time.Millisecond

// Follower reads the changes of a SQLite database from its write-ahead log, as they are committed.
//
// A read transaction of its own keeps the log from being begun anew behind its back: others may append, and may write pages
// of the log into the database up to where that transaction stands, but not reuse the log. The follower alone begins it anew
// (Turn), while this process writes nothing. So between two turns the database file itself stands still, and a plain copy of
// it together with the changes read since the turn is a whole database.
type Follower struct {
	d      *DB
	reader *sql.Conn
	at     walPosition
}

// walPosition is how far a log was read: the salts of its run, frames, and the running checksum of the last one.
type walPosition struct {
	salt   [8]byte
	frames int64
	sum    [2]uint32
}

// Follow begins to follow the changes of a SQLite database; what is committed from now on is seen.
func (d *DB) Follow(ctx context.Context) (*Follower, error) {
	if d.Dialect != SQLite {
		return nil, fault.New(fault.Invalid, "db.follow", "Журнал изменений читают только у SQLite.")
	}
	f := &Follower{d: d}
	w, err := d.write.Conn(ctx)
	if err != nil {
		return nil, Fold(err)
	}
	defer w.Close()
	// From now on only the follower moves pages from the log into the database.
	if _, err = w.ExecContext(ctx, "PRAGMA wal_autocheckpoint = 0"); err == nil {
		err = f.hold(ctx, w)
	}
	if err != nil {
		return nil, Fold(err)
	}
	head, err := f.head()
	if err != nil {
		f.release()
		return nil, err
	}
	f.at = head
	return f, nil
}

// hold writes one row, so that the log is not empty, and begins the read transaction that keeps it. w is the only writing
// connection of this process.
func (f *Follower) hold(ctx context.Context, w *sql.Conn) (err error) {
	if _, err = w.ExecContext(ctx, "UPDATE db_beat SET beat = beat + 1"); err != nil {
		return err
	}
	if f.reader, err = f.d.read.Conn(ctx); err != nil {
		return err
	}
	if _, err = f.reader.ExecContext(ctx, "BEGIN"); err == nil {
		var beat int64
		err = f.reader.QueryRowContext(ctx, "SELECT beat FROM db_beat").Scan(&beat)
	}
	if err != nil {
		f.release()
	}
	return err
}

// release ends the read transaction.
func (f *Follower) release() {
	if f.reader != nil {
		f.reader.ExecContext(context.Background(), "ROLLBACK") //nolint:errcheck // a connection that is gone holds nothing
		f.reader.Close()
		f.reader = nil
	}
}

// Close ends following. The log is left to whoever writes.
func (f *Follower) Close() {
	f.release()
	w, err := f.d.write.Conn(context.Background())
	if err == nil {
		w.ExecContext(context.Background(), "PRAGMA wal_autocheckpoint = 1000") //nolint:errcheck // a setting of speed
		w.Close()
	}
}

// File is the database file. Between two turns nobody writes to it.
func (f *Follower) File() string { return f.d.file }

// Unread is how much was written to the log since it was begun, in bytes: when it is time to turn.
func (f *Follower) Unread() (int64, error) {
	info, err := os.Stat(f.d.file + "-wal")
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Turn writes the log into the database and begins it anew; nothing of this process is written meanwhile. ship is called
// when nothing more can come: what it has not pulled then is lost to the follower. Readers that stand in the way put it off:
// turned is false, and everything goes on as before.
func (f *Follower) Turn(ctx context.Context, ship func() error) (turned bool, err error) {
	w, err := f.d.write.Conn(ctx)
	if err != nil {
		return false, Fold(err)
	}
	defer w.Close()
	if err := ship(); err != nil {
		return false, err
	}
	f.release()
	var busy, frames, done int64
	if _, err = w.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", turnWait.Milliseconds())); err == nil {
		err = w.QueryRowContext(ctx, "PRAGMA wal_checkpoint(RESTART)").Scan(&busy, &frames, &done)
		_, e := w.ExecContext(ctx, "PRAGMA busy_timeout = 10000")
		err = errors.Join(err, e)
	}
	if err == nil {
		err = f.hold(ctx, w)
	}
	if err != nil {
		return false, Fold(err)
	}
	head, err := f.head()
	switch {
	case err != nil:
		return false, err
	case head.salt == f.at.salt:
		return false, nil // the log goes on
	case busy != 0 || frames != f.at.frames || head.run() != f.at.run()+1:
		return false, ErrBroken
	}
	f.at = head
	return true, nil
}

// run counts how often the log was begun anew: its first salt goes up by one.
func (p *walPosition) run() uint32 { return binary.BigEndian.Uint32(p.salt[:4]) }

// head reads the header of the log.
func (f *Follower) head() (p walPosition, err error) {
	file, err := os.Open(f.d.file + "-wal")
	if err != nil {
		return p, err
	}
	defer file.Close()
	_, p, err = readWALHeader(file)
	return p, err
}

// Lengths and marks of the log's format (sqlite.org/fileformat2.html, section 4).
const (
	walHeader      = 32
	walFrame       = 24
	walMagic       = 0x377f0682 // the lowest bit: checksums over big-endian words
	changeHeader   = 8          // of a change as we write it: page size, pages of the database
	pageSizeMax    = 65536
	walPagesAtOnce = 64
)

// walInfo is what a log's header says of its frames.
type walInfo struct {
	page  int
	order binary.ByteOrder
}

func readWALHeader(r io.ReaderAt) (info walInfo, p walPosition, err error) {
	var h [walHeader]byte
	if _, err = r.ReadAt(h[:], 0); err != nil {
		return info, p, err
	}
	magic := binary.BigEndian.Uint32(h[:])
	info = walInfo{int(binary.BigEndian.Uint32(h[8:])), binary.LittleEndian}
	if magic&1 == 1 {
		info.order = binary.BigEndian
	}
	p.sum = info.sum([2]uint32{}, h[:24])
	copy(p.salt[:], h[16:24])
	if magic&^1 != walMagic || info.page < 512 || info.page > pageSizeMax || p.sum[0] != binary.BigEndian.Uint32(h[24:]) || p.sum[1] != binary.BigEndian.Uint32(h[28:]) {
		return info, p, fmt.Errorf("the write-ahead log has no header: %w", io.ErrUnexpectedEOF)
	}
	return info, p, nil
}

// sum goes on with the log's running checksum.
func (i walInfo) sum(s [2]uint32, b []byte) [2]uint32 {
	for ; len(b) >= 8; b = b[8:] {
		s[0] += i.order.Uint32(b) + s[1]
		s[1] += i.order.Uint32(b[4:]) + s[0]
	}
	return s
}

// Pull writes the pages of all transactions committed since the last one, each page as it is now, in a form that ApplyChange
// reads; false when nothing was committed. ErrBroken when the log was begun anew by somebody else.
func (f *Follower) Pull(w io.Writer) (bool, error) {
	file, err := os.Open(f.d.file + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return false, ErrBroken
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	info, head, err := readWALHeader(file)
	if err != nil {
		return false, err
	}
	if head.salt != f.at.salt {
		return false, ErrBroken
	}
	if f.at.frames == 0 {
		f.at.sum = head.sum
	}
	pages, size, to, err := info.committed(file, f.at)
	if err != nil || size == 0 {
		return false, err
	}
	if err := writeChange(w, file, info.page, size, pages); err != nil {
		return false, err
	}
	f.at = to
	return true, nil
}

// committed reads frames up to the last one that ends a transaction: where the newest image of each page lies in the log, and
// how many pages the database has then; 0: no transaction ended.
func (i walInfo) committed(file io.ReaderAt, at walPosition) (pages map[uint32]int64, size uint32, to walPosition, err error) {
	pages = map[uint32]int64{}
	open := map[uint32]int64{}
	step := int64(walFrame + i.page)
	buf := make([]byte, step*walPagesAtOnce)
	to = at
	for {
		n, err := file.ReadAt(buf, walHeader+at.frames*step)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, 0, to, err
		}
		whole := n / int(step)
		for k := range whole {
			frame := buf[k*int(step) : (k+1)*int(step)]
			sum := i.sum(i.sum(at.sum, frame[:8]), frame[walFrame:])
			if !bytes.Equal(frame[8:16], at.salt[:]) || sum[0] != binary.BigEndian.Uint32(frame[16:]) || sum[1] != binary.BigEndian.Uint32(frame[20:]) {
				return pages, size, to, nil // what follows is of an earlier run, or is being written
			}
			open[binary.BigEndian.Uint32(frame)] = walHeader + at.frames*step + walFrame
			at.sum, at.frames = sum, at.frames+1
			if after := binary.BigEndian.Uint32(frame[4:]); after != 0 {
				for page, where := range open {
					pages[page] = where
				}
				clear(open)
				size, to = after, at
			}
		}
		if whole < walPagesAtOnce {
			return pages, size, to, nil
		}
	}
}

// writeChange writes pages in their order.
func writeChange(w io.Writer, file io.ReaderAt, page int, size uint32, pages map[uint32]int64) error {
	order := make([]uint32, 0, len(pages))
	for p := range pages {
		if p <= size {
			order = append(order, p)
		}
	}
	slices.Sort(order)
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(page)), size)
	if _, err := w.Write(head); err != nil {
		return err
	}
	buf := make([]byte, 4+page)
	for _, p := range order {
		binary.BigEndian.PutUint32(buf, p)
		if _, err := file.ReadAt(buf[4:], pages[p]); err != nil {
			return err
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

// ApplyChange writes a change that Pull gave into a database file nobody has open.
func ApplyChange(file *os.File, r io.Reader) error {
	var head [changeHeader]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return fmt.Errorf("a change has no header: %w", err)
	}
	page, size := int64(binary.BigEndian.Uint32(head[:])), int64(binary.BigEndian.Uint32(head[4:]))
	if page < 512 || page > pageSizeMax || size == 0 {
		return fmt.Errorf("a change of %d pages of %d bytes", size, page)
	}
	buf := make([]byte, 4+page)
	for {
		_, err := io.ReadFull(r, buf)
		if errors.Is(err, io.EOF) {
			return file.Truncate(size * page)
		}
		if err != nil {
			return fmt.Errorf("a change is cut: %w", err)
		}
		no := int64(binary.BigEndian.Uint32(buf))
		if no == 0 || no > size {
			return fmt.Errorf("a change writes page %d of %d", no, size)
		}
		if _, err := file.WriteAt(buf[4:], (no-1)*page); err != nil {
			return err
		}
	}
}
