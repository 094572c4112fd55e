package backup

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// Copy is a chain as it is shown: any moment from First to Last can be returned to.
type Copy struct {
	ID       string          `json:"id"`
	Database string          `json:"database"`
	Version  string          `json:"version"`
	First    calendar.Micros `json:"-"`
	Last     calendar.Micros `json:"-"`
	Whole    int             `json:"whole"`   // whole copies
	Changes  int             `json:"changes"` // pieces of changes
	Files    int             `json:"files"`   // of the folder of data, at its end
	Stored   int64           `json:"stored"`  // bytes of the database as they lie
}

func (c *Chain) shown() Copy {
	x := Copy{ID: c.ID, Database: c.Database, Version: c.Version, First: c.First(), Last: max(c.First(), c.Last())}
	files := map[string]bool{}
	for i := range c.Entries {
		e := &c.Entries[i]
		x.Stored += e.Piece.Stored
		if e.Kind == kindWhole {
			x.Whole++
		} else if e.Piece.Name != "" {
			x.Changes++
		}
		for _, f := range e.Files {
			files[f.Path] = true
		}
		for _, path := range e.Gone {
			delete(files, path)
		}
	}
	x.Files = len(files)
	return x
}

// List shows the chains that can give data back, the newest first. Cut counts those whose whole copy was cut short.
func (s *Store) List() (list []Copy, cut int, err error) {
	chains, err := s.Chains()
	if err != nil {
		return nil, 0, err
	}
	list = []Copy{}
	for i := len(chains) - 1; i >= 0; i-- {
		if chains[i].Last() == 0 {
			cut++
			continue
		}
		list = append(list, chains[i].shown())
	}
	return list, cut, nil
}

func (s *Store) find(id string) (*Copy, error) {
	list, _, err := s.List()
	for i := range list {
		if list[i].ID == id {
			return &list[i], err
		}
	}
	return nil, errors.Join(err, fault.New(fault.NotFound, "backup.none", "Ни одной целой копии нет."))
}

// Checked is what a check of copies came to.
type Checked struct {
	OK     bool     `json:"ok"`
	Chains int      `json:"chains"`
	Pieces int      `json:"pieces"`
	Files  int      `json:"files"`
	Opened bool     `json:"opened"` // pieces were opened with the key too
	Wrong  []string `json:"wrong"`
}

// wrongMax bounds what a check names.
const wrongMax = 20

// Check reads every piece and file of the copies and compares digests; with the secret key it opens them too.
func (s *Store) Check(ctx context.Context, progress func(stage string, done, total int64)) (*Checked, error) {
	chains, err := s.Chains()
	if err != nil {
		return nil, err
	}
	r := &Checked{Chains: len(chains), Opened: s.ids != nil, Wrong: []string{}}
	files := map[string]File{}
	total := int64(0)
	for i := range chains {
		total += int64(len(chains[i].Entries))
	}
	done := int64(0)
	for i := range chains {
		for k := range chains[i].Entries {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			e := &chains[i].Entries[k]
			for _, f := range e.Files {
				files[f.Digest] = f
			}
			if e.Piece.Name != "" {
				r.Pieces++
				r.note(chains[i].ID+"/"+e.Piece.Name, s.look(filepath.Join(s.chainDir(chains[i].ID), e.Piece.Name), e.Piece))
			}
			if done++; progress != nil {
				progress("Копии", done, total)
			}
		}
	}
	for digest, f := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.Files++
		r.note(f.Path, s.look(s.filePath(digest), f.Stored))
	}
	r.OK = len(r.Wrong) == 0
	return r, nil
}

func (r *Checked) note(name string, err error) {
	if err != nil && len(r.Wrong) < wrongMax {
		r.Wrong = append(r.Wrong, name+": "+fault.As(err).Message)
	}
}

// look compares a piece with what was written; with the key it is opened to its end.
func (s *Store) look(path string, p Piece) error {
	if err := sameBytes(path, p); err != nil || s.ids == nil {
		return err
	}
	return s.open(path, p, func(r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	})
}

// Pruned is what was removed.
type Pruned struct {
	Chains int   `json:"chains"`
	Pieces int   `json:"pieces"`
	Files  int   `json:"files"`
	Freed  int64 `json:"freed"`
}

// Prune removes what only moments before a moment need, and whole copies cut short. The last whole copy always stays.
func (s *Store) Prune(ctx context.Context, before calendar.Micros) (*Pruned, error) {
	unlock, err := s.lock(true)
	if err != nil {
		return nil, err
	}
	defer unlock()
	chains, err := s.Chains()
	if err != nil {
		return nil, err
	}
	r := &Pruned{}
	last := -1
	for i := range chains {
		if chains[i].Last() != 0 {
			last = i
		}
	}
	for i := range chains {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		c := &chains[i]
		if i != last && i < len(chains)-1 && (c.Last() == 0 || c.Last() < before) {
			if err := os.RemoveAll(s.chainDir(c.ID)); err != nil {
				return r, noSpace(err)
			}
			r.Chains++
			c.Entries = nil
			continue
		}
		if err := s.shorten(c, before, r); err != nil {
			return r, err
		}
	}
	return r, s.pruneFiles(chains, r)
}

// shorten removes the beginning of a chain that a later whole copy makes needless.
func (s *Store) shorten(c *Chain, before calendar.Micros, r *Pruned) error {
	w := c.whole(before)
	if w == nil {
		return nil
	}
	var kept []Entry
	var gone []Piece
	for _, e := range c.Entries {
		if e.Kind == kindChange && e.No >= w.From || e.Kind == kindWhole && e.No >= w.No {
			kept = append(kept, e)
		} else if e.Piece.Name != "" {
			gone = append(gone, e.Piece)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	if err := s.rewrite(c.ID, kept); err != nil {
		return err
	}
	for _, p := range gone {
		if err := ignoreMissing(os.Remove(filepath.Join(s.chainDir(c.ID), p.Name))); err != nil {
			return noSpace(err)
		}
		r.Pieces, r.Freed = r.Pieces+1, r.Freed+p.Stored
	}
	c.Entries = kept
	return nil
}

func (s *Store) rewrite(id string, list []Entry) error {
	var b []byte
	for i := range list {
		line, err := json.Marshal(&list[i])
		if err != nil {
			return err
		}
		b = append(append(b, line...), '\n')
	}
	return replaceFile(filepath.Join(s.chainDir(id), "log.ndjson"), b)
}

// pruneFiles removes the files of the folder of data that no chain names any more.
func (s *Store) pruneFiles(chains []Chain, r *Pruned) error {
	named := map[string]bool{}
	for i := range chains {
		for k := range chains[i].Entries {
			for _, f := range chains[i].Entries[k].Files {
				named[f.Digest+sealed] = true
			}
		}
	}
	return filepath.WalkDir(filepath.Join(s.dir, filesName), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || named[e.Name()] {
			return err
		}
		if info, err := e.Info(); err == nil {
			r.Freed += info.Size()
		}
		r.Files++
		return os.Remove(path)
	})
}
