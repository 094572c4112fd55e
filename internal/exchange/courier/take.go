package courier

import (
	"context"
	"fmt"
	"io"
	"path"
	"regexp"
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
	takeMax   = 4 << 30 // bytes of one file
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
		err = m.each(ctx, x, folder, x.Answer.Folder, x.Answer.Profile.FileMask, takenAnswer, func(f *takenFile) error {
			done.Answers++
			return m.answer(ctx, x, f)
		})
	}
	if err == nil && x.Take != nil {
		err = m.each(ctx, x, folder, x.Take.Folder, x.Take.Mask, takenRegister, func(f *takenFile) error {
			done.Taken++
			return m.takeRegister(ctx, x, folder, f)
		})
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

// each does something with each new file of a folder. A file of the same name and bytes is done once; one that cannot be
// read is noted and does not hold up the others.
func (m *Module) each(ctx context.Context, x *exchange, folder remote.Folder, under, mask, kind string, do func(*takenFile) error) error {
	list, err := folder.List(under)
	if err != nil {
		return err
	}
	fits, err := regexp.Compile(mask)
	if err != nil {
		return err
	}
	for i := range list {
		e := &list[i]
		ours, err := m.hasName(ctx, x.supplier.ID, e.Name)
		if err != nil {
			return err
		}
		if ours || !fits.MatchString(e.Name) || e.Size == 0 {
			continue
		}
		known, err := m.known(ctx, x, e)
		if err != nil {
			return err
		}
		if known || !m.seen.still(fmt.Sprint(x.supplier.ID, "/", x.Code, "/", under, "/", e.Name), e, m.Now()) {
			continue
		}
		if err := m.take(ctx, x, folder, under, kind, e, do); err != nil {
			return err
		}
	}
	return nil
}

// known tells a file taken before from its name, size and time, without reading it.
func (m *Module) known(ctx context.Context, x *exchange, e *remote.Entry) (known bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) > 0 FROM courier_taken WHERE supplier_id = $1 AND code = $2 AND name = $3 AND size = $4 AND changed_at = $5", x.supplier.ID, x.Code, e.Name, e.Size, int64(calendar.MicrosOf(e.ChangedAt))).Scan(&known)
	})
	return known, err
}

// take keeps a file's bytes and does with them what there is to do, and then notes it: a crash between does it again,
// which changes nothing.
func (m *Module) take(ctx context.Context, x *exchange, folder remote.Folder, under, kind string, e *remote.Entry, do func(*takenFile) error) error {
	f := &takenFile{Entry: *e, under: under}
	if err := m.fetch(ctx, folder, f); err != nil {
		return err
	}
	body, err := m.Blobs.Open(f.digest)
	if err != nil {
		return err
	}
	defer body.Close()
	f.body = body
	err = do(f)
	switch {
	case fault.Is(err, fault.Invalid):
		f.note = fault.As(err).Message // the file's own fault: it is not read again until it is another
	case err != nil:
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO courier_taken (supplier_id, code, name, digest, kind, size, changed_at, taken_at, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (supplier_id, code, name, digest) DO UPDATE SET size = excluded.size, changed_at = excluded.changed_at`,
			x.supplier.ID, x.Code, e.Name, f.digest, kind, e.Size, int64(calendar.MicrosOf(e.ChangedAt)), int64(m.Now()), trimmed(f.note, 500))
		return err
	})
}

// fetch copies a file into the store.
func (m *Module) fetch(ctx context.Context, folder remote.Folder, f *takenFile) (err error) {
	r, w := io.Pipe()
	go func() { w.CloseWithError(folder.Get(path.Join(f.under, f.Name), w)) }()
	f.digest, f.Size, err = m.Blobs.Put(ctx, r, takeMax)
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
	return folder.Remove(path.Join(f.under, f.Name))
}
