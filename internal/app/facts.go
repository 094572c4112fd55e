package app

import (
	"context"
	"io"
	"math"
	"os"
	"path/filepath"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/record"
	"kvit/internal/fault"
)

// LoadFacts takes files of facts of charging; "-" is what comes in.
func (a *App) LoadFacts(ctx context.Context, actor access.Actor, paths []string, in io.Reader, dryRun bool, progress func(stage string, done, total int64)) (*record.Report, error) {
	l := record.Load{DryRun: dryRun, By: "facts", Progress: progress}
	for _, path := range paths {
		if path == "-" {
			l.Sources = append(l.Sources, record.Source{Name: "-", Body: in})
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			return nil, fault.Newf(fault.Invalid, "file.missing", "Файл %s не открывается. Проверьте путь и права.", path).Because(err)
		}
		defer f.Close()
		l.Sources = append(l.Sources, record.Source{Name: filepath.Base(path), Body: f})
	}
	return a.Records.Load(ctx, actor, l)
}

// ShowFacts gives what is known for charging of the household of an account; at 0 is now.
func (a *App) ShowFacts(ctx context.Context, actor access.Actor, supplierCode, number string, at calendar.Micros) (*record.Facts, error) {
	if at == 0 {
		at = math.MaxInt64
	}
	return a.Records.Show(ctx, actor, record.Addressee{Supplier: supplierCode, Account: number}, at)
}
