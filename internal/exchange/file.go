package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
)

// States of a file.
const (
	StateReceived  = "received"
	StateJudged    = "judged"
	StateApplied   = "applied"
	StateDuplicate = "duplicate"
	StateRefused   = "refused"
)

// Purposes of a file.
const (
	PurposeCharges   = "charges"
	PurposePayments  = "payments"
	PurposeStatement = "statement"
)

// file is one file of a batch on its way.
type file struct {
	id       int64
	order    int // declared order: of two files about one account and month the later declared one holds
	name     string
	path     string // where the bytes are
	digest   string
	size     int64
	purpose  string
	profile  register.Profile
	month    calendar.Month
	asked    calendar.Month // named by the sender for this file alone: the same bytes for another month are another file
	supplier int64
	recorded calendar.Micros

	state       string
	duplicateOf int64
	refusal     *fault.Error
	summary     register.Summary
	tally       tally
	findings    []finding
	dropped     int // findings over the bound, counted only
	judged      *spool
	finished    bool // its protocol is stored
}

// tally counts rows by verdict.
type tally struct{ Rows, Applied, Repaired, Ignored, Quarantined int }

// findingsMax bounds the findings kept of one file; the rest are counted.
const findingsMax = 200_000

func (f *file) find(x finding) {
	switch x.Verdict {
	case VerdictIgnored:
		f.tally.Ignored++
	case VerdictQuarantined:
		f.tally.Quarantined++
	}
	f.note(x)
}

// note keeps a finding that decides no verdict.
func (f *file) note(x finding) {
	if len(f.findings) >= findingsMax {
		f.dropped++
		return
	}
	f.findings = append(f.findings, x)
}

// close gives back what the file holds beside its protocol.
func (f *file) close() {
	if f.judged != nil {
		f.judged.close()
		f.judged = nil
	}
}

// collect finds the declared files under the paths. The order of paths does not matter: files go in declared
// order. What lies in a folder and is not declared is listed; a file named by itself without a profile is
// refused. What lies in the program's own folder is not looked at.
func collect(formats string, paths []string, own string) (files []*file, undeclared []string, err error) {
	sheetMonth, registers, payments, err := register.LoadFormats(formats)
	if err != nil {
		return nil, nil, err
	}
	month, err := calendar.ParseMonth(sheetMonth)
	if err != nil {
		month = 0 // the sheet may leave it to the files
	}
	if formats, err = filepath.Abs(formats); err != nil {
		return nil, nil, err
	}
	s := &sheet{base: realPath(filepath.Dir(formats)), path: realPath(formats), own: own, month: month, declared: map[string]*file{}, taken: map[string]bool{}}
	for _, p := range registers {
		s.declare(p, PurposeCharges)
	}
	for _, p := range payments {
		s.declare(p, purposeOf(p))
	}
	for _, path := range paths {
		more, other, err := s.under(path)
		if err != nil {
			return nil, nil, err
		}
		files, undeclared = append(files, more...), append(undeclared, other...)
	}
	slices.SortFunc(files, func(a, b *file) int {
		if a.order != b.order {
			return a.order - b.order
		}
		return strings.Compare(a.name, b.name)
	})
	slices.Sort(undeclared)
	return files, slices.Compact(undeclared), nil
}

// purposeOf tells a statement of a bank account from a register of payments: a statement names no payer's
// account.
func purposeOf(p register.Profile) string {
	_, column := p.Columns["account"]
	_, path := p.Paths["account"]
	if column || path {
		return PurposePayments
	}
	return PurposeStatement
}

// sheet is an onboarding sheet: files declared by name, relative to it, and by a mask of their names.
type sheet struct {
	base, path string
	own        string // folder of the program's data
	month      calendar.Month
	declared   map[string]*file
	masks      []*file
	taken      map[string]bool
	orders     int
}

func (s *sheet) declare(p register.Profile, purpose string) {
	f := &file{order: s.orders, name: p.File, purpose: purpose, profile: p, month: s.month}
	s.orders++
	if p.File == "" {
		s.masks = append(s.masks, f)
		return
	}
	f.path = filepath.Clean(filepath.Join(s.base, filepath.FromSlash(p.File)))
	s.declared[realPath(f.path)] = f
}

// realPath is a path without symbolic links: one file has one name, whichever way a folder was reached.
func realPath(path string) string {
	if p, err := filepath.EvalSymlinks(path); err == nil {
		return p
	}
	return filepath.Clean(path)
}

// find is the declared file at a path, once; known tells that it is declared.
func (s *sheet) find(path string) (f *file, known bool) {
	path = realPath(path)
	f = s.declared[path]
	if f == nil {
		f = s.masked(path)
	}
	if f == nil {
		return nil, false
	}
	if s.taken[path] {
		return nil, true
	}
	s.taken[path] = true
	return f, true
}

// masked makes a file of the first mask that fits its name; a group «period» of the mask is the month of the file.
func (s *sheet) masked(path string) *file {
	for _, m := range s.masks {
		if !m.profile.Matches(path) {
			continue
		}
		f := *m
		f.path, f.name = path, filepath.Base(path)
		if rel, err := filepath.Rel(s.base, path); err == nil {
			f.name = filepath.ToSlash(rel)
		}
		if month, err := calendar.ParseMonth(m.profile.FileParts(path)["period"]); err == nil {
			f.profile.Period = month.String()
		}
		return &f
	}
	return nil
}

func (s *sheet) under(path string) (files []*file, undeclared []string, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return nil, nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fault.Newf(fault.Invalid, "file.missing", "Файла или папки %s нет. Проверьте путь.", path).Because(err)
	}
	if !info.IsDir() {
		f, known := s.find(path)
		if !known {
			f = unprofiled(path, s.orders)
		}
		if f != nil {
			files = append(files, f)
		}
		return files, nil, nil
	}
	path = realPath(path)
	own, err := filepath.Abs(s.own)
	if err != nil {
		return nil, nil, err
	}
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p == realPath(own):
			return filepath.SkipDir
		case d.IsDir(), realPath(p) == s.path:
			return nil
		}
		f, known := s.find(p)
		switch {
		case !known:
			rel, _ := filepath.Rel(path, p)
			undeclared = append(undeclared, filepath.ToSlash(rel))
		case f != nil:
			files = append(files, f)
		}
		return nil
	})
	return files, undeclared, err
}

func unprofiled(path string, order int) *file {
	return &file{order: order, name: filepath.Base(path), path: path, purpose: PurposeCharges, state: StateRefused,
		refusal: fault.Newf(fault.Invalid, "file.no_profile", "Файл %s не описан: для него нет профиля. Составьте профиль: kvit profile guess %s", filepath.Base(path), path)}
}

// measure finds size and SHA-256 of the bytes. A file that does not open is refused.
func (f *file) measure(ctx context.Context) error {
	r, err := os.Open(f.path)
	if err != nil {
		return f.refuse(fault.Newf(fault.Invalid, "file.missing", "Файл %s не открылся. Проверьте, что он есть и доступен для чтения.", f.name).Because(err))
	}
	defer r.Close()
	h := sha256.New()
	if f.size, err = io.Copy(h, contextReader{ctx, r}); err != nil {
		return fmt.Errorf("read %s: %w", f.name, err)
	}
	f.digest = hex.EncodeToString(h.Sum(nil))
	return nil
}

// contextReader stops a long copy when the context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// profileText is the profile as stored and compared.
func (f *file) profileText() string {
	b, err := json.Marshal(f.profile)
	if err != nil {
		panic(fmt.Sprintf("profile of %s does not marshal: %v", f.name, err)) // the type is ours
	}
	return string(b)
}

func (f *file) report(supplier string) FileReport {
	r := FileReport{ID: f.id, File: f.name, Supplier: supplier, Purpose: f.purpose, State: f.state, DuplicateOf: f.duplicateOf,
		Encoding: f.summary.Encoding.Name, Rows: f.tally.Rows, Applied: f.tally.Applied, Repaired: f.tally.Repaired,
		Ignored: f.tally.Ignored, Quarantined: f.tally.Quarantined}
	if f.month.Valid() {
		r.Month = f.month.String()
	}
	if c := f.summary.Control; c.Found {
		r.Control = &Control{File: c.File, Read: c.Read, Equal: c.Equal}
	}
	if f.refusal != nil {
		r.Refusal = &Refusal{Code: f.refusal.Code, Hint: f.refusal.Message, Pos: f.refusal.Place.Pos, Unit: f.refusal.Place.Unit}
	}
	return r
}

// issues are the findings of a file as reported.
func (f *file) issues() []Issue {
	list := make([]Issue, len(f.findings))
	for i, x := range f.findings {
		list[i] = Issue{File: f.name, Pos: x.Pos, Unit: f.unitOf(x), Code: x.Code, Type: x.Type, Verdict: x.Verdict, Account: x.Account,
			Field: x.Field, Value: x.Value, Now: x.Now, Hint: x.Hint, Row: x.Row}
	}
	return list
}

func (f *file) unitOf(x finding) string {
	if x.Unit != "" {
		return x.Unit
	}
	return f.profile.Unit
}
