package exchange

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
)

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

// purposeOf tells what a file of payments is for: a register whose payments came by another door is only compared; a
// statement of a bank account names neither a payer's account nor an operation of a partner.
func purposeOf(p register.Profile) string {
	has := func(role string) bool { return len(p.Columns[role])+len(p.Paths[role]) > 0 }
	switch {
	case p.Reconcile != nil && p.Reconcile.CompareOnly:
		return PurposeRegister
	case has("account"):
		return PurposePayments
	case has("operation") && p.Kind != register.Kind1C:
		return PurposeRegister
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
