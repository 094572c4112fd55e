package app

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"kvit/internal/access"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/reading"
)

// ReadingFiles are files of readings to be taken; the path "-" is what comes In.
type ReadingFiles struct {
	Paths    []string
	In       io.Reader
	Supplier string // whose accounts are meant where a row does not say
	Formats  string // file with the layouts of the files; empty: each is recognised
	DryRun   bool
	Progress func(stage string, done, total int64)
}

// LoadReadings takes files of readings.
func (a *App) LoadReadings(ctx context.Context, actor access.Actor, f ReadingFiles) (*reading.Outcome, error) {
	var layouts []register.Profile
	if f.Formats != "" {
		var err error
		if layouts, err = register.LoadReadings(f.Formats); err != nil {
			return nil, err
		}
	}
	l := reading.Load{Origin: reading.Origin{Channel: reading.File}, Supplier: f.Supplier, DryRun: f.DryRun, Progress: f.Progress}
	l.Entries = func(emit func(reading.Entry) error) error {
		for _, path := range f.Paths {
			body, err := readFile(path, f.In)
			if err != nil {
				return err
			}
			s := reading.Source{Name: filepath.Base(path), Body: body}
			if f.Formats != "" {
				err = s.Laid(ctx, layouts, emit)
			} else {
				err = s.Entries(emit)
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
