package reconcile

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/exchange/statement"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// File is a register of a partner or a statement that is handed over.
type File struct {
	Name    string
	Path    string // where its bytes are kept
	Digest  string
	Size    int64
	Profile *register.Profile // nil: the file is known by its look
	Channel string            // of the payments it is about; '': told by the profile or the name
	FileID  int64             // of the intake it came by; 0: by no intake
	Booked  bool              // its payments were credited already
	Day     calendar.Date     // of rows that tell none
	Actor   string
}

// Loaded is what became of a file.
type Loaded struct {
	File        string       `json:"file"`
	Kind        string       `json:"kind"` // register, statement
	Partner     string       `json:"partner"`
	Known       bool         `json:"known"` // the same bytes came before: nothing changed
	From        string       `json:"from"`
	To          string       `json:"to"`
	Lines       int          `json:"lines"`
	Repeated    int          `json:"repeated"` // came in another file before
	Quarantined int          `json:"quarantined"`
	Booked      int          `json:"booked"`   // payments credited
	Suspense    int          `json:"suspense"` // payments whose account nobody knows
	Sum         money.Amount `json:"sum"`
	Fee         money.Amount `json:"fee"`
	Order       string       `json:"order"` // payment order by which the money comes
	Notes       []string     `json:"notes"`
}

// Kinds of files.
const (
	kindRegister  = "register"
	kindStatement = "statement"
)

// fileMax bounds a register or a statement handed over by itself.
const fileMax = 4 << 30

// LoadPath keeps the bytes of a file and takes it. profiles are looked through for one of its name; without one the file is
// known by its look. A known file changes nothing.
func (m *Module) LoadPath(ctx context.Context, actor access.Actor, path string, profiles []register.Profile) (Loaded, error) {
	f, err := os.Open(path)
	if err != nil {
		return Loaded{}, fault.Newf(fault.Invalid, "file.missing", "Файл %s не открылся. Проверьте, что он есть и доступен для чтения.", path).Because(err)
	}
	defer f.Close()
	return m.LoadReader(ctx, actor, filepath.Base(path), f, profiles)
}

// LoadReader is LoadPath of bytes that come from a page.
func (m *Module) LoadReader(ctx context.Context, actor access.Actor, name string, r io.Reader, profiles []register.Profile) (Loaded, error) {
	if err := actor.Require("reconcile", "load"); err != nil {
		return Loaded{}, err
	}
	digest, size, err := m.Blobs.Put(ctx, r, fileMax)
	if err != nil {
		return Loaded{}, err
	}
	f := File{Name: name, Path: m.Blobs.Path(digest), Digest: digest, Size: size, Actor: actor.String()}
	for i := range profiles {
		if profiles[i].Matches(name) {
			f.Profile = &profiles[i]
			break
		}
	}
	out, err := m.Load(ctx, f)
	if err != nil {
		return out, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, m.Now(), f.Actor, "reconcile.loaded", out.Kind+":"+digest[:16], map[string]any{"name": name, "lines": out.Lines, "sum": int64(out.Sum)})
	})
	return out, err
}

// Load takes a file that is kept. A crash in the middle is finished by loading it again.
func (m *Module) Load(ctx context.Context, f File) (Loaded, error) {
	r, err := os.Open(f.Path)
	if err != nil {
		return Loaded{}, fmt.Errorf("load %s: %w", f.Name, err)
	}
	defer r.Close()
	head := make([]byte, min(f.Size, headSize))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return Loaded{}, err
	}
	if statement.Sniff(head) != "" {
		return m.loadStatement(ctx, &f, r)
	}
	if f.Profile == nil {
		f.Profile = knownLayout(head)
	}
	if f.Profile == nil {
		return Loaded{}, fault.Newf(fault.Invalid, "file.no_profile", "Файл %s ни на один известный реестр не похож. Составьте профиль: kvit profile guess, и укажите его в --formats.", f.Name)
	}
	if ownStatement(f.Profile) {
		return m.loadRows(ctx, &f, r)
	}
	return m.loadRegister(ctx, &f, r)
}

// headSize is how much of a file is looked at to know it.
const headSize = 4096

// ownStatement tells a bank's own layout of a statement: movements with a purpose and no operations of a partner.
func ownStatement(p *register.Profile) bool {
	has := func(role string) bool { return len(p.Columns[role])+len(p.Paths[role]) > 0 }
	return p.Reconcile == nil && !has("account") && (p.Kind == register.Kind1C || !has("operation"))
}
