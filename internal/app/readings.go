package app

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/reading"
)

// LoadReadings takes files of readings; "-" is what comes in. Accounts named without a supplier are the given one's.
func (a *App) LoadReadings(ctx context.Context, actor access.Actor, paths []string, in io.Reader, supplierCode string, dryRun bool, progress func(stage string, done, total int64)) (*reading.Outcome, error) {
	l := reading.Load{Origin: reading.Origin{Channel: reading.File}, Supplier: supplierCode, DryRun: dryRun, Progress: progress}
	l.Entries = func(emit func(reading.Entry) error) error {
		for _, path := range paths {
			body, err := readFile(path, in)
			if err == nil {
				err = reading.Source{Name: filepath.Base(path), Body: body}.Entries(emit)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return a.Readings.Load(ctx, actor, l)
}

// readFile reads a file of bounded size whole.
func readFile(path string, in io.Reader) ([]byte, error) {
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fault.Newf(fault.Invalid, "file.missing", "Файл %s не открывается. Проверьте путь и права.", path).Because(err)
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, reading.FileMax+1))
}
