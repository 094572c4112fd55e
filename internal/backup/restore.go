package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/cluster"
	"kvit/internal/fault"
)

// RestoreRequest is what is given back, and where.
type RestoreRequest struct {
	At     calendar.Micros // 0: the last moment there is
	Data   string          // the folder of data: missing or empty
	PGData string          // PostgreSQL: the folder of its data, missing or empty
	Say    io.Writer       // takes what PostgreSQL says
	// Progress is told how far it came, in pieces; nil: nobody is.
	Progress func(stage string, done, total int64)
}

// Restored is what was given back.
type Restored struct {
	Chain  string
	DataAt calendar.Micros // everything committed before it is there
	LastAt calendar.Micros // the last moment copies tell of
	// URL is the address of PostgreSQL, which Stop ends; ” and nil for SQLite.
	URL  string
	Stop func() error
}

// Restore gives the data of a moment back into folders that hold nothing yet. They appear whole: one that was cut short begins
// from the start.
func (s *Store) Restore(ctx context.Context, req RestoreRequest) (*Restored, error) {
	chains, err := s.Chains()
	if err != nil {
		return nil, err
	}
	p, err := planAt(chains, req.At)
	if err != nil {
		return nil, err
	}
	if req.Progress == nil {
		req.Progress = func(string, int64, int64) {}
	}
	if err := mustBeEmpty(req.Data); err != nil {
		return nil, err
	}
	part := strings.TrimRight(req.Data, "/") + ".part"
	if err := errors.Join(os.RemoveAll(part), os.MkdirAll(part, 0o750)); err != nil {
		return nil, noSpace(err)
	}
	if err := s.giveFiles(ctx, p, part, &req); err != nil {
		return nil, err
	}
	res := &Restored{Chain: p.chain.ID, DataAt: p.dataAt, LastAt: p.chain.Last()}
	if p.chain.Database == db.SQLite.String() {
		err = s.giveLite(ctx, p, part, &req)
	} else {
		err = s.givePostgres(ctx, p, res, &req)
	}
	if err != nil {
		return nil, err
	}
	if err := errors.Join(ignoreMissing(os.Remove(req.Data)), os.Rename(part, req.Data)); err != nil {
		if res.Stop != nil {
			err = errors.Join(err, res.Stop())
		}
		return nil, noSpace(err)
	}
	return res, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// mustBeEmpty refuses a folder that holds something: nothing is ever restored over data.
func mustBeEmpty(dir string) error {
	list, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(list) == 0 {
		return nil
	}
	return fault.Newf(fault.Conflict, "restore.not_empty", "Папка %s не пуста. Возвращайте данные в новую папку, а старую сохраните: она понадобится для разбора.", dir).Because(err)
}

// giveFiles writes the files of the folder of data.
func (s *Store) giveFiles(ctx context.Context, p *plan, dir string, req *RestoreRequest) error {
	done := int64(0)
	for path, f := range p.files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !filepath.IsLocal(path) {
			return broken(Piece{Name: path}, nil)
		}
		to := filepath.Join(dir, filepath.FromSlash(path))
		err := os.MkdirAll(filepath.Dir(to), 0o750)
		if err == nil {
			err = s.open(s.filePath(f.Digest), f.Stored, func(r io.Reader) error { return writeFile(to, r) })
		}
		if err != nil {
			return err
		}
		done++
		req.Progress("Файлы", done, int64(len(p.files)))
	}
	return nil
}

func writeFile(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

// giveLite makes the SQLite file: the whole copy, and the changes on top of it.
func (s *Store) giveLite(ctx context.Context, p *plan, dir string, req *RestoreRequest) error {
	path := filepath.Join(dir, "kvit.db")
	if err := s.readPiece(p.chain.ID, p.whole.Piece, func(r io.Reader) error { return writeFile(path, reading{ctx, r}) }); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	for i, e := range p.changes {
		if e.Piece.Name != "" {
			if err := s.readPiece(p.chain.ID, e.Piece, func(r io.Reader) error { return db.ApplyChange(f, reading{ctx, r}) }); err != nil {
				return err
			}
		}
		req.Progress("Изменения", int64(i+1), int64(len(p.changes)))
	}
	return f.Sync()
}

// givePostgres unpacks the whole copy, lays the log beside it, and lets a server of the same version replay it up to the moment.
// The server is left running, reached by a socket only.
func (s *Store) givePostgres(ctx context.Context, p *plan, res *Restored, req *RestoreRequest) error {
	if req.PGData == "" {
		return fault.New(fault.Invalid, "restore.pg_data", "Копия снята с PostgreSQL: укажите пустую папку для его данных, --pg-data.")
	}
	if err := mustBeEmpty(req.PGData); err != nil {
		return err
	}
	if _, err := cluster.Bin(p.chain.Server); err != nil {
		return err
	}
	log, err := os.MkdirTemp(filepath.Dir(strings.TrimRight(req.PGData, "/")), ".kvit-log-")
	if err != nil {
		return noSpace(err)
	}
	defer os.RemoveAll(log)
	if err := os.MkdirAll(req.PGData, 0o700); err != nil {
		return noSpace(err)
	}
	if err := s.unpack(ctx, p, log, req); err != nil {
		os.RemoveAll(req.PGData) // it holds a part of a copy, which nobody may start
		return err
	}
	server, err := cluster.Start(ctx, p.chain.Server, req.PGData, recovery(log, p.stopAt), req.Say)
	if err != nil {
		os.RemoveAll(req.PGData)
		return err
	}
	res.URL, res.Stop = server.URL(p.chain.User, p.chain.Name), server.Stop
	return nil
}

// unpack writes the folder of PostgreSQL's data and the files of its log.
func (s *Store) unpack(ctx context.Context, p *plan, log string, req *RestoreRequest) error {
	err := s.readPiece(p.chain.ID, p.whole.Piece, func(r io.Reader) error { return untar(reading{ctx, r}, req.PGData) })
	if err != nil {
		return err
	}
	for i, e := range p.changes {
		if e.WAL != "" {
			to := filepath.Join(log, filepath.Base(e.WAL))
			err := s.readPiece(p.chain.ID, e.Piece, func(r io.Reader) error {
				return errors.Join(ignoreMissing(os.Remove(to)), writeFile(to, r)) // a later entry holds more of the same file
			})
			if err != nil {
				return err
			}
		}
		req.Progress("Изменения", int64(i+1), int64(len(p.changes)))
	}
	if err := os.WriteFile(filepath.Join(req.PGData, "recovery.signal"), nil, 0o600); err != nil {
		return noSpace(err)
	}
	for _, dir := range []string{req.PGData, log} {
		if _, err := cluster.Owner(dir); err != nil {
			return fmt.Errorf("owner of %s: %w", dir, err)
		}
	}
	return os.Chmod(req.PGData, 0o700)
}

// recovery are the settings of a server that replays its log and then is open. hot_standby is off: then the settings of the
// server copied need not be known.
func recovery(log string, stopAt calendar.Micros) string {
	text := "hot_standby = off\narchive_mode = off\nmax_connections = 40\nrecovery_target_action = promote\nrestore_command = 'cp \"" + log + "/%f\" \"%p\"'\n"
	if stopAt != 0 {
		text += "recovery_target_time = '" + stopAt.Time().UTC().Format("2006-01-02 15:04:05.000000+00") + "'\n"
	}
	return text
}

// untar unpacks what pg_basebackup packed: folders and plain files of one tablespace.
func untar(r io.Reader, dir string) error {
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.FromSlash(strings.TrimSuffix(h.Name, "/"))
		if !filepath.IsLocal(name) {
			return broken(Piece{Name: h.Name}, nil)
		}
		to := filepath.Join(dir, name)
		switch h.Typeflag {
		case tar.TypeDir:
			err = os.MkdirAll(to, 0o700)
		case tar.TypeReg:
			err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), writeFile(to, t))
		default:
			err = fault.Newf(fault.Conflict, "restore.tablespace", "Данные PostgreSQL лежат и вне его папки (%s): такие копии Квит не возвращает.", h.Name)
		}
		if err != nil {
			return err
		}
	}
}
