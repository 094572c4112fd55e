package backup

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Kinds of entries of a chain.
const (
	kindWhole  = "whole"  // the database as a whole
	kindChange = "change" // what was committed since
)

// Head says of what a chain is.
type Head struct {
	ID       string          `json:"id"`
	Database string          `json:"database"` // sqlite or postgres
	Version  string          `json:"version"`  // of the program
	Server   int             `json:"server,omitempty"`
	User     string          `json:"user,omitempty"`
	Name     string          `json:"name,omitempty"` // of the database on its server
	BeganAt  calendar.Micros `json:"beganAt"`
}

// Entry is a line of a chain's log.
type Entry struct {
	No   int64  `json:"no"`
	Kind string `json:"kind"`
	// At: everything committed before it is in this entry and those before. EndAt: nothing committed after it is.
	At    calendar.Micros `json:"at"`
	EndAt calendar.Micros `json:"endAt"`
	From  int64           `json:"from,omitempty"` // a whole copy: the first change that belongs on top of it
	Piece Piece           `json:"piece"`
	WAL   string          `json:"wal,omitempty"`   // PostgreSQL: the file of its log the piece holds
	Files []File          `json:"files,omitempty"` // a whole copy: all; a change: those that are new or other
	Gone  []string        `json:"gone,omitempty"`
}

// File is a file of the folder of data.
type File struct {
	Path   string `json:"path"`
	Digest string `json:"digest"` // SHA-256 of its bytes
	Size   int64  `json:"size"`
	Stored Piece  `json:"stored"`
}

// chain is a run of copies that is being written.
type chain struct {
	Head
	s    *Store
	mu   sync.Mutex
	next int64
	log  *os.File
}

// dir is the folder of a chain.
func (s *Store) chainDir(id string) string { return filepath.Join(s.dir, chainsName, id) }

// begin begins a chain. Its id is the moment, so chains stand in the order of time.
func (s *Store) begin(h Head) (*chain, error) {
	h.ID = h.BeganAt.Time().UTC().Format("20060102T150405.000000")
	dir := s.chainDir(h.ID)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, noSpace(err)
	}
	if err := s.replace(filepath.Join(chainsName, h.ID, "chain.json"), h); err != nil {
		return nil, err
	}
	c := &chain{Head: h, s: s, next: 1}
	return c, c.reopen()
}

// reopen opens the log as it lies now: shortening a chain writes it anew.
func (c *chain) reopen() error {
	log, err := os.OpenFile(filepath.Join(c.s.chainDir(c.ID), "log.ndjson"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return noSpace(err)
	}
	if c.log != nil {
		c.log.Close()
	}
	c.log = log
	return nil
}

// number gives the next entry its number and the path of its piece.
func (c *chain) number(kind string) (no int64, path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	no = c.next
	c.next++
	return no, filepath.Join(c.s.chainDir(c.ID), kind+"-"+strconv.FormatInt(no, 10)+sealed)
}

// last is the number given last.
func (c *chain) last() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next - 1
}

// add writes an entry down: from then on it is part of the chain.
func (c *chain) add(e *Entry) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err = c.log.Write(append(b, '\n'))
	return noSpace(errors.Join(err, c.log.Sync()))
}

func (c *chain) close() { c.log.Close() }

// Chain is a run of copies as it is read.
type Chain struct {
	Head
	Entries []Entry
}

// Chains reads all chains, the oldest first. A line cut at the end of a log was never part of it.
func (s *Store) Chains() (list []Chain, err error) {
	dirs, err := os.ReadDir(filepath.Join(s.dir, chainsName))
	if err != nil {
		return nil, missing(Piece{Name: chainsName}, err)
	}
	for _, d := range dirs {
		var c Chain
		b, err := os.ReadFile(filepath.Join(s.chainDir(d.Name()), "chain.json"))
		if err != nil {
			continue // it was being begun
		}
		if err := json.Unmarshal(b, &c.Head); err != nil {
			return nil, broken(Piece{Name: d.Name() + "/chain.json"}, err)
		}
		if c.Entries, err = readLog(filepath.Join(s.chainDir(d.Name()), "log.ndjson")); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Chain) int { return cmp.Compare(a.BeganAt, b.BeganAt) })
	return list, nil
}

func readLog(path string) (list []Entry, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, missing(Piece{Name: filepath.Base(path)}, err)
	}
	for line := range bytes.Lines(b[:bytes.LastIndexByte(b, '\n')+1]) {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, broken(Piece{Name: filepath.Base(path)}, err)
		}
		list = append(list, e)
	}
	slices.SortStableFunc(list, func(a, b Entry) int { return cmp.Compare(a.No, b.No) })
	return list, nil
}

// Last is the moment up to which the chain can give the data back; 0: it has no whole copy yet.
func (c *Chain) Last() calendar.Micros {
	w := c.whole(calendar.Micros(1<<62 - 1))
	if w == nil {
		return 0
	}
	at := w.At
	for i := range c.Entries {
		at = max(at, c.Entries[i].At)
	}
	return at
}

// First is the earliest moment the chain can give back.
func (c *Chain) First() calendar.Micros {
	for i := range c.Entries {
		if c.Entries[i].Kind == kindWhole {
			return c.Entries[i].EndAt
		}
	}
	return 0
}

// whole is the last whole copy that lies before a moment.
func (c *Chain) whole(at calendar.Micros) (found *Entry) {
	for i := range c.Entries {
		if e := &c.Entries[i]; e.Kind == kindWhole && e.EndAt <= at {
			found = e
		}
	}
	return found
}

// plan is what gives the data of a moment back.
type plan struct {
	chain   *Chain
	whole   *Entry
	changes []*Entry
	stopAt  calendar.Micros // where PostgreSQL is to stop reading its log; 0: at its end
	dataAt  calendar.Micros // everything committed before it is there
	files   map[string]File
}

// planAt chooses the last chain that reaches a moment; 0 is the last moment there is.
func planAt(chains []Chain, at calendar.Micros) (*plan, error) {
	limit := at
	if at == 0 {
		limit = 1<<62 - 1
	}
	for i := len(chains) - 1; i >= 0; i-- {
		if w := chains[i].whole(limit); w != nil {
			return chains[i].plan(w, at, limit), nil
		}
	}
	if len(chains) > 0 && at != 0 {
		for i := range chains {
			if first := chains[i].First(); first != 0 {
				return nil, fault.Newf(fault.NotFound, "backup.early", "Таких ранних копий нет: первая на %s.", first.Time().UTC().Format("2006-01-02T15:04:05Z"))
			}
		}
	}
	return nil, fault.New(fault.NotFound, "backup.none", "Ни одной целой копии нет.")
}

func (c *Chain) plan(w *Entry, at, limit calendar.Micros) *plan {
	p := &plan{chain: c, whole: w, dataAt: w.At, files: map[string]File{}}
	for _, f := range w.Files {
		p.files[f.Path] = f
	}
	lite := c.Database == db.SQLite.String()
	for i := range c.Entries {
		e := &c.Entries[i]
		if e.Kind != kindChange || e.No < w.From {
			continue
		}
		// PostgreSQL stops at a moment by itself, but only if something is committed after it: the beat of a later entry.
		late := lite && e.EndAt > limit || !lite && e.At > limit
		p.addFiles(e, late) // what a row names may have been kept with the entry after it
		if late && lite {
			break
		}
		p.changes = append(p.changes, e)
		if late {
			p.stopAt, p.dataAt = at, at
			break
		}
		p.dataAt = max(p.dataAt, e.At)
	}
	return p
}

// addFiles takes the files of a change; of a late one only those named by their digest: they never change.
func (p *plan) addFiles(e *Entry, late bool) {
	for _, f := range e.Files {
		if !late || filepath.Base(f.Path) == f.Digest {
			p.files[f.Path] = f
		}
	}
	if late {
		return
	}
	for _, path := range e.Gone {
		delete(p.files, path)
	}
}

// readPiece opens a piece of a chain.
func (s *Store) readPiece(chain string, p Piece, read func(io.Reader) error) error {
	return s.open(filepath.Join(s.chainDir(chain), p.Name), p, read)
}
