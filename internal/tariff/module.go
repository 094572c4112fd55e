package tariff

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Module holds the operations on the catalogue of an installation: the standard one and the files loaded over it.
type Module struct {
	db  *db.DB
	now func() calendar.Micros

	mu   sync.Mutex
	kept map[string]*Catalog // by the files they are made of
}

// keptMax is how many catalogues are kept: the one in force, and those of earlier moments that are asked for.
const keptMax = 8

// New makes the module.
func New(d *db.DB, now func() calendar.Micros) *Module {
	return &Module{db: d, now: now, kept: map[string]*Catalog{}}
}

// File is a file to be loaded or checked.
type File struct {
	Name string
	Body io.Reader
}

// Report is what a load or a check found.
type Report struct {
	OK      bool         `json:"ok"`
	Files   []FileReport `json:"files"`
	Rows    int          `json:"rows"` // of the whole catalogue with these files
	Faults  Faults       `json:"faults"`
	Notices []Notice     `json:"notices"`
	Marks   []Mark       `json:"marks"` // of the files; without files, of the whole catalogue
}

// FileReport is one file of a report.
type FileReport struct {
	File   string `json:"file"`
	Digest string `json:"digest"`
	Rows   int    `json:"rows"`
	Known  bool   `json:"known"` // the same file is in force already
}

// Check judges files as if they were loaded, or the catalogue in force when there are none.
func (m *Module) Check(ctx context.Context, files []File) (report *Report, err error) {
	docs, faults := readFiles(files)
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		report, _, err = judgeOver(ctx, tx, m.now(), docs, faults)
		return err
	})
	return report, err
}

// Load judges files over the catalogue in force and keeps them when nothing is wrong: all of them or none. The same
// file again changes nothing; another file of the same name replaces the earlier one.
func (m *Module) Load(ctx context.Context, author string, files []File) (report *Report, err error) {
	docs, faults := readFiles(files)
	first, err := m.db.NextIDs(ctx, len(docs)+1) // before the transaction: SQLite has one writing connection
	if err != nil {
		return nil, err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		var fresh []stored
		if report, fresh, err = judgeOver(ctx, tx, m.now(), docs, faults); err != nil || !report.OK || len(fresh) == 0 {
			return err
		}
		return m.keep(ctx, tx, author, first, fresh)
	})
	return report, err
}

func (m *Module) keep(ctx context.Context, tx *db.Tx, author string, first int64, fresh []stored) error {
	at, names := m.now(), map[string]string{}
	for i := range fresh {
		s := &fresh[i]
		s.id, s.author, s.recordedAt = first+int64(i), author, at
		if err := insert(ctx, tx, s); err != nil {
			return fmt.Errorf("load catalogue: %w", err)
		}
		names[s.name] = s.digest
	}
	return audit.Record(ctx, tx, at, author, "catalog.loaded", "catalog", names)
}

// Current gives the catalogue as it was known at a moment. Do not change it. One known already costs a short query: the
// files are not read again.
func (m *Module) Current(ctx context.Context, at calendar.Micros) (c *Catalog, err error) {
	key, err := m.keyInForce(ctx, at)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	c = m.kept[key]
	m.mu.Unlock()
	if c != nil {
		return c, nil
	}
	var list []stored
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listInForce(ctx, tx, at)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m.made(list)
}

// made merges files over the standard catalogue, once for the same files.
func (m *Module) made(list []stored) (*Catalog, error) {
	key := ""
	for i := range list {
		key += keyOf(list[i].id)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if c := m.kept[key]; c != nil {
		return c, nil
	}
	parts := []*Catalog{Standard()}
	for i := range list {
		d, faults := Read(list[i].name, strings.NewReader(list[i].body))
		if err := faults.err(); err != nil {
			return nil, fmt.Errorf("catalogue in force: %w", err)
		}
		parts = append(parts, &d.Catalog)
	}
	if len(m.kept) >= keptMax {
		clear(m.kept)
	}
	c := Merge(parts...)
	m.kept[key] = c
	return c, nil
}

func readFiles(files []File) (docs []*Document, faults Faults) {
	names := map[string]bool{}
	for _, f := range files {
		d, wrong := Read(f.Name, f.Body)
		faults = append(faults, wrong...)
		if names[d.Name] {
			faults.add(Place{d.Name, 1}, "", "catalog.file", "Два файла называются %s, а по имени новый заменяет прежний. Переименуйте один.", d.Name)
		}
		names[d.Name] = true
		docs = append(docs, d)
	}
	return docs, faults
}

// judgeOver puts files over those in force and checks the whole. Fresh are the files that are not in force yet.
func judgeOver(ctx context.Context, tx *db.Tx, at calendar.Micros, docs []*Document, faults Faults) (*Report, []stored, error) {
	list, err := listInForce(ctx, tx, at)
	if err != nil {
		return nil, nil, err
	}
	report := &Report{Files: []FileReport{}, Faults: append(Faults{}, faults...), Notices: []Notice{}}
	given, inForce := map[string]string{}, map[string]string{}
	for i := range list {
		inForce[list[i].name] = list[i].digest
	}
	var fresh []stored
	for _, d := range docs {
		s := stored{name: d.Name, body: d.Body, digest: digest(d.Body)}
		known := inForce[d.Name] == s.digest
		if given[d.Name] = s.digest; !known {
			fresh = append(fresh, s)
		}
		report.Files = append(report.Files, FileReport{File: d.Name, Digest: s.digest, Rows: d.Catalog.Rows(), Known: known})
		report.Notices = append(report.Notices, d.Notices...)
	}
	known, err := supplierCodes(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	report.judge(list, docs, given, known)
	return report, fresh, nil
}

// supplierCodes are the codes of the suppliers there are.
func supplierCodes(ctx context.Context, tx *db.Tx) (codes []string, err error) {
	list, err := supplier.List(ctx, tx)
	for i := range list {
		codes = append(codes, list[i].Code)
	}
	return codes, err
}

// judge checks the catalogue that files in force and given ones make together. Before any supplier is known nothing is
// said of them.
func (r *Report) judge(list []stored, docs []*Document, given map[string]string, suppliers []string) {
	parts := []*Catalog{Standard()}
	for i := range list {
		if replaced, ok := given[list[i].name]; ok && replaced != list[i].digest {
			continue
		}
		d, _ := Read(list[i].name, strings.NewReader(list[i].body)) // it passed when it was loaded
		parts = append(parts, &d.Catalog)
	}
	var own []*Catalog
	for i, d := range docs {
		if own = append(own, &d.Catalog); !r.Files[i].Known {
			parts = append(parts, &d.Catalog)
		}
	}
	all := Merge(parts...)
	faults, notices := all.Check()
	if len(suppliers) > 0 {
		wrong, unknown := all.CheckSuppliers(suppliers)
		faults, notices = append(faults, wrong...), append(notices, unknown...)
	}
	for _, f := range faults {
		if !followsFrom(f, docs) {
			r.Faults = append(r.Faults, f)
		}
	}
	r.Faults.sort()
	r.Rows, r.Notices, r.Marks = all.Rows(), append(r.Notices, notices...), all.Marks()
	if len(docs) > 0 {
		r.Marks = Merge(own...).Marks()
	}
	r.OK = len(r.Faults) == 0
}

// followsFrom tells whether a fault may only be there because rows of the files could not be read: a hole where a row
// was, a service whose own row is wrong.
func followsFrom(f *fault.Error, docs []*Document) bool {
	for _, d := range docs {
		if f.Code == "catalog.gap" && len(d.broken) > 0 || (f.Code == "catalog.service" || f.Code == "catalog.link") && d.broken["services"] {
			return true
		}
	}
	return false
}

func digest(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// CheckService refuses the code of a service that the catalogue in force does not have, and names the nearest one.
func (m *Module) CheckService(ctx context.Context, code string) error {
	c, err := m.Current(ctx, m.now())
	if err != nil {
		return err
	}
	var codes []string
	for i := range c.Services {
		codes = append(codes, c.Services[i].Code)
	}
	if slices.Contains(codes, code) {
		return nil
	}
	if like := nearest(code, codes); like != "" {
		return fault.Newf(fault.Invalid, "catalog.service", "Услуги %q в каталоге нет. Может быть, %s?", code, like)
	}
	return fault.Newf(fault.Invalid, "catalog.service", "Услуги %q в каталоге нет. Список услуг: kvit catalog export.", code)
}
