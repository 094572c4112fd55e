package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

// LoadCatalog loads files of the catalogue: all of them or none.
func (a *App) LoadCatalog(ctx context.Context, author string, paths []string) (*tariff.Report, error) {
	files, err := catalogFiles(paths)
	if err != nil {
		return nil, err
	}
	return a.Tariffs.Load(ctx, author, files)
}

// CheckCatalog judges files over the catalogue in force, or that catalogue itself.
func (a *App) CheckCatalog(ctx context.Context, paths []string) (*tariff.Report, error) {
	files, err := catalogFiles(paths)
	if err != nil {
		return nil, err
	}
	return a.Tariffs.Check(ctx, files)
}

// loadDemoCatalog loads the figures of the demo's city over the standard catalogue.
func (a *App) loadDemoCatalog(ctx context.Context) error {
	name, body := tariff.RyazanFile()
	report, err := a.Tariffs.Load(ctx, "demo", []tariff.File{{Name: name, Body: strings.NewReader(body)}})
	if err == nil && !report.OK {
		err = report.Faults
	}
	return err
}

func catalogFiles(paths []string) (files []tariff.File, err error) {
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			return nil, fault.Newf(fault.Invalid, "catalog.open", "Файл %s не читается. Проверьте путь и права.", path).Because(err)
		}
		files = append(files, tariff.File{Name: filepath.Base(path), Body: bytes.NewReader(body)})
	}
	return files, nil
}

// Exported is what an export of the catalogue wrote.
type Exported struct {
	Files []string      `json:"files"`
	Rows  int           `json:"rows"`
	Marks []tariff.Mark `json:"marks"`
}

// ExportCatalog writes the catalogue as it was known at a moment (zero is now): one YAML file, or a folder with a CSV
// file for each table.
func (a *App) ExportCatalog(ctx context.Context, format, out string, at calendar.Micros) (*Exported, error) {
	if at == 0 {
		at = a.now()
	}
	c, err := a.Tariffs.Current(ctx, at)
	if err != nil {
		return nil, err
	}
	e := &Exported{Rows: c.Rows(), Marks: c.Marks()}
	if format == "csv" {
		e.Files, err = writeTables(c, out)
	} else {
		e.Files, err = []string{out}, writeCatalog(c, out)
	}
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "catalog.out", "В %s не пишется. Проверьте путь и права.", out).Because(err)
	}
	return e, nil
}

func writeCatalog(c *tariff.Catalog, path string) error {
	var b bytes.Buffer
	if err := c.WriteYAML(&b); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

func writeTables(c *tariff.Catalog, dir string) (names []string, err error) {
	files, err := c.CSV()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.WriteFile(path, f.Body, 0o644); err != nil {
			return nil, err
		}
		names = append(names, path)
	}
	return names, nil
}
