package exchange

import (
	"context"
	"path/filepath"

	"kvit/internal/exchange/register"
)

// PreviewUpload reads the first rows of an upload as its profile has them: a person sees what each column gave.
func (m *Module) PreviewUpload(ctx context.Context, code string, u Upload, rows int) (list []register.Row, err error) {
	f, closeFile, err := register.OpenFile(filepath.Join(m.uploadDir(code, u.ID), u.Name))
	if err != nil {
		return nil, err
	}
	defer closeFile()
	_, err = register.Read(ctx, f, u.Profile, register.Options{Stop: rows}, func(r *register.Row) error {
		list = append(list, *r)
		return nil
	})
	return list, err
}

// SumUpload reads an upload whole and gives the sums of its rows as they lie in the file, to set beside the total of
// the supplier's own program.
func (m *Module) SumUpload(ctx context.Context, code string, u Upload) (register.Sums, error) {
	f, closeFile, err := register.OpenFile(filepath.Join(m.uploadDir(code, u.ID), u.Name))
	if err != nil {
		return register.Sums{}, err
	}
	defer closeFile()
	s, err := register.Read(ctx, f, u.Profile, register.Options{}, func(*register.Row) error { return nil })
	return s.Sums, err
}
