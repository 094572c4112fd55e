package exchange

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/inert"
)

// uploadMax bounds a file sent by a page (reliability.md section 10).
const uploadMax = 64 << 20

// Upload is a file somebody sent by a page, waiting for its columns to be confirmed.
type Upload struct {
	ID       string // digest of its bytes
	Name     string
	Profile  register.Profile
	Known    bool // the profile is the one of the supplier's earlier file
	Evidence register.Evidence
}

var (
	digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)
	errUpload  = fault.New(fault.NotFound, "upload.unknown", "Такого файла нет. Загрузите его ещё раз.")
)

// Keep keeps an uploaded file of a supplier and proposes its profile: the supplier's own from an earlier file of the
// same kind, else a guess from the file alone.
func (m *Module) Keep(ctx context.Context, supplierID int64, code, name string, r io.Reader) (u Upload, err error) {
	u.Name = cleanName(name)
	if u.ID, _, err = m.blobs.Put(ctx, r, uploadMax); err != nil {
		return u, err
	}
	dir := m.uploadDir(code, u.ID)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return u, err
	}
	path := filepath.Join(dir, u.Name)
	os.Remove(path) // the same bytes sent again
	if err := os.Link(m.blobs.Path(u.ID), path); err != nil {
		return u, err
	}
	f, closeFile, err := register.OpenFile(path)
	if err != nil {
		return u, err
	}
	defer closeFile()
	if u.Profile, u.Evidence, u.Known, err = m.propose(ctx, supplierID, f); err != nil {
		return u, err
	}
	u.Profile.File, u.Profile.Supplier = u.Name, code
	return u, m.SaveUpload(code, u)
}

// cleanName is the name a file that came from outside is kept under; a sheet of profiles may lie beside it.
func cleanName(name string) string {
	name = inert.FileName(name)
	if name == "formats.json" {
		return "file"
	}
	return name
}

func (m *Module) uploadDir(code, id string) string {
	return filepath.Join(m.dir, "uploads", cleanName(code), id)
}

func (m *Module) earlierProfile(ctx context.Context, supplierID int64, kind string) (p register.Profile, ok bool) {
	var text string
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT profile FROM intake_file WHERE supplier_id = $1 AND purpose = 'charges' AND state = 'applied' ORDER BY file_id DESC LIMIT 1", supplierID).Scan(&text)
	})
	if err != nil || json.Unmarshal([]byte(text), &p) != nil {
		return p, false // no earlier file, or one of an older form: the guess stands
	}
	return p, p.Kind == kind || p.Kind == register.KindXLSXGrouped && kind == register.KindXLSX
}

// SaveUpload keeps the profile of an upload as confirmed so far.
func (m *Module) SaveUpload(code string, u Upload) error {
	b, err := json.Marshal(map[string]any{"registers": []register.Profile{u.Profile}})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(m.uploadDir(code, u.ID), "formats.json"), b, 0o600)
}

// FindUpload gives an upload of a supplier; a foreign one is NotFound.
func (m *Module) FindUpload(code, id string) (u Upload, err error) {
	if !digestForm.MatchString(id) {
		return u, errUpload
	}
	_, list, _, err := register.LoadFormats(filepath.Join(m.uploadDir(code, id), "formats.json"))
	if err != nil || len(list) != 1 {
		return u, errUpload.Because(err)
	}
	return Upload{ID: id, Name: list[0].File, Profile: list[0]}, nil
}

// TakeUpload judges an upload, or takes it in.
func (m *Module) TakeUpload(ctx context.Context, code string, u Upload, dryRun bool, actor string) (*Report, error) {
	dir := m.uploadDir(code, u.ID)
	return m.Intake(ctx, Request{Formats: filepath.Join(dir, "formats.json"), Paths: []string{filepath.Join(dir, u.Name)}, DryRun: dryRun, Actor: actor})
}
