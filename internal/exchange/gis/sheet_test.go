package gis

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// TestSheetsComeBack: what is written without a template is read back cell by cell, each table told from the others.
func TestSheetsComeBack(t *testing.T) {
	for _, table := range Tables {
		row := make([]string, len(Layouts[table].Columns))
		for i := range row {
			row[i] = "знак " + string(rune('а'+i))
			if Layouts[table].Columns[i].Number {
				row[i] = "1234.50"
			}
		}
		var b bytes.Buffer
		if err := WriteSheet(&b, nil, table, [][]string{row, row}); err != nil {
			t.Fatal(err)
		}
		got, rows, err := ReadSheet(&b)
		if err != nil || got != table || !cmp.Equal(rows, [][]string{row, row}) {
			t.Errorf("%s: read as %s, %v, %s", table, got, err, cmp.Diff([][]string{row, row}, rows))
		}
	}
}

// TestPortalTemplatesAreFilled: rows stand under the titles of the portal's own files, whose hidden sheet of the version
// stays as it was.
func TestPortalTemplatesAreFilled(t *testing.T) {
	for _, c := range []struct {
		table, file, sheet string
		row                []string
		version            string
	}{
		{TableReadings, "template_meter_readings_import.xlsx", "Импорт показаний", []string{"ул. Первая, 1", "77", "Холодная вода", "15.25", "", "", "24.11.2026"}, "11.0.0.1"},
		{TablePayments, "template_payments_import.xlsx", "Основные сведения", []string{"1", "320.50", "24.11.2026", "11.2026", "", "40ОН891234-02", ""}, "11.5.0.3"},
	} {
		template, err := os.ReadFile(filepath.Join("../../../../shared/samples/gis-zhkh", c.file))
		if err != nil {
			t.Skipf("SKIPPED: the portal's templates are not beside the checkout: %v", err)
		}
		var b bytes.Buffer
		if err := WriteSheet(&b, bytes.NewReader(template), c.table, [][]string{c.row}); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.row {
			name, _ := excelize.CoordinatesToCellName(i+1, 2)
			if got, err := f.GetCellValue(c.sheet, name, excelize.Options{RawCellValue: true}); err != nil || got != want {
				t.Errorf("%s %s: %q, want %q, %v", c.file, name, got, want, err)
			}
		}
		visible, _ := f.GetSheetVisible("conf")
		if got, err := f.GetCellValue("conf", "B2"); err != nil || got != c.version || visible {
			t.Errorf("%s: version %q, seen %v, %v", c.file, got, visible, err)
		}
	}
}
