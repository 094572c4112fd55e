package courier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/remote"
	"kvit/internal/fault"
)

// Looking into suppliers' folders: how often, and how long a file must have been left alone.
const (
	lookPause = 30 * time.Second
	quiet     = 10 * time.Second
	takeMax   = 4 << 30  // bytes of one register
	answerMax = 64 << 20 // bytes of one answer
)

// Kinds of files taken.
const (
	takenRegister = "register"
	takenAnswer   = "answer"
)

// sightings are files as they were seen last: one whose size stood still twice is whole, whatever the clock of the server.
type sightings struct {
	mu sync.Mutex
	at map[string]int64
}

// still tells whether a file has been left alone.
func (s *sightings) still(key string, e *remote.Entry, now calendar.Micros) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	size, seen := s.at[key]
	s.at[key] = e.Size
	return seen && size == e.Size || now-calendar.MicrosOf(e.ChangedAt) > micros(quiet)
}

// look reads the answers in a supplier's folder and takes his registers. Its trouble is kept with the exchange.
func (m *Module) look(ctx context.Context, x *exchange, c *connection, done *Done) error {
	folder, err := c.open()
	if err == nil && x.Answer != nil {
		err = m.each(ctx, x, folder, place{x.Answer.Folder, x.Answer.Profile.FileMask, takenAnswer, answerMax}, func(f *takenFile) error {
			done.Answers++
			return m.answer(ctx, x, f)
		})
	}
	if x.Take != nil && folder != nil {
		err = errors.Join(err, m.each(ctx, x, folder, place{x.Take.Folder, x.Take.Mask, takenRegister, takeMax}, func(f *takenFile) error {
			done.Taken++
			return m.takeRegister(ctx, x, folder, f)
		}))
	}
	trouble := ""
	if err != nil {
		trouble = fault.As(err).Message
	}
	recorded := m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE courier_state SET looked_at = $3, trouble = $4 WHERE supplier_id = $1 AND code = $2", x.supplier.ID, x.Code, int64(m.Now()), trouble)
		return err
	})
	if recorded != nil {
		return recorded
	}
	return err
}

// takenFile is a supplier's file whose bytes are kept.
type takenFile struct {
	remote.Entry
	under, digest string
	body          io.ReadSeekCloser
	note          string
}

// place is where a supplier's files of a kind lie, and which and how large they are.
type place struct {
	under, mask, kind string
	most              int64 // bytes of one file
}

// each does something with each new file of a place. A file of the same name and bytes is done once; one that cannot be
// read is noted, or tried again at the next look, and does not hold up the others.
func (m *Module) each(ctx context.Context, x *exchange, folder remote.Folder, p place, do func(*takenFile) error) error {
	list, err := folder.List(p.under)
	if err != nil {
		return err
	}
	fits, err := regexp.Compile(p.mask)
	if err != nil {
		return err
	}
	var trouble error
	for i := range list {
		e := &list[i]
		fresh, err := m.fresh(ctx, x, p, fits, e)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		switch err := m.take(ctx, x, folder, p, e, do); {
		case err == nil, errors.Is(err, fs.ErrNotExist): // what has gone since was moved by its owner
		case fault.Is(err, fault.Unavailable) && ctx.Err() == nil:
			if trouble == nil {
				trouble = err
			}
		default:
			return err
		}
	}
	return trouble
}

// fresh tells whether a file is one of the place, not ours, left alone by whoever wrote it, and not taken yet.
func (m *Module) fresh(ctx context.Context, x *exchange, p place, fits *regexp.Regexp, e *remote.Entry) (bool, error) {
	if e.Size == 0 || !fits.MatchString(e.Name) && !fits.MatchString(unzipped(e.Name)) {
		return false, nil
	}
	if path.Clean(p.under) == "." { // where we put ours
		if ours, err := m.hasName(ctx, x.supplier.ID, e.Name); err != nil || ours {
			return false, err
		}
	}
	known, err := m.known(ctx, x, e)
	return err == nil && !known && m.seen.still(fmt.Sprint(x.supplier.ID, "/", x.Code, "/", p.under, "/", e.Name), e, m.Now()), err
}

// unzipped is the name of a file whose archive has the same name with .zip behind it.
func unzipped(name string) string {
	if ext := path.Ext(name); strings.EqualFold(ext, ".zip") {
		return name[:len(name)-len(ext)]
	}
	return name
}

// known tells a file taken before from its name, size and time, without reading it.
func (m *Module) known(ctx context.Context, x *exchange, e *remote.Entry) (known bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) > 0 FROM courier_taken WHERE supplier_id = $1 AND code = $2 AND name = $3 AND size = $4 AND changed_at = $5", x.supplier.ID, x.Code, e.Name, e.Size, int64(calendar.MicrosOf(e.ChangedAt))).Scan(&known)
	})
	return known, err
}

// take does with a file what there is to do, and then notes it: a crash between does it again, which changes nothing.
func (m *Module) take(ctx context.Context, x *exchange, folder remote.Folder, p place, e *remote.Entry, do func(*takenFile) error) error {
	f := &takenFile{Entry: *e, under: p.under}
	err := m.use(ctx, folder, p, f, do)
	switch {
	case fault.Is(err, fault.Invalid):
		f.note = fault.As(err).Message // the file's own fault: it is not read again until it is another
	case err != nil:
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO courier_taken (supplier_id, code, name, digest, kind, size, changed_at, taken_at, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (supplier_id, code, name, digest) DO UPDATE SET size = excluded.size, changed_at = excluded.changed_at, note = excluded.note`,
			x.supplier.ID, x.Code, e.Name, f.digest, p.kind, e.Size, int64(calendar.MicrosOf(e.ChangedAt)), int64(m.Now()), trimmed(f.note, noteMax))
		return err
	})
}

// noteMax is how many signs of a note are kept.
const noteMax = 500

// use keeps a file's bytes and does with them what there is to do.
func (m *Module) use(ctx context.Context, folder remote.Folder, p place, f *takenFile, do func(*takenFile) error) error {
	if err := m.fetch(ctx, folder, f, p.most); err != nil {
		return err
	}
	body, err := m.Blobs.Open(f.digest)
	if err != nil {
		return err
	}
	defer body.Close()
	f.body = body
	return do(f)
}

// fetch copies a file into the store.
func (m *Module) fetch(ctx context.Context, folder remote.Folder, f *takenFile, most int64) (err error) {
	r, w := io.Pipe()
	go func() { w.CloseWithError(folder.Get(path.Join(f.under, f.Name), w)) }()
	f.digest, f.Size, err = m.Blobs.Put(ctx, r, most)
	r.CloseWithError(io.ErrClosedPipe) // the other side must not wait for a reader that has gone
	return err
}

// takeRegister hands a file to the intake under its digest: the same bytes are one delivery.
func (m *Module) takeRegister(ctx context.Context, x *exchange, folder remote.Folder, f *takenFile) error {
	if err := m.Deliver(ctx, x.supplier.ID, f.Name, "courier:"+f.digest+":"+trimmed(f.Name, 100), f.body); err != nil {
		return err
	}
	if !x.Take.Remove {
		return nil
	}
	err := folder.Remove(path.Join(f.under, f.Name))
	if fault.CodeOf(err) == remote.KeptCode { // it was taken all the same
		f.note = fault.As(err).Message
		return nil
	}
	return err
}
