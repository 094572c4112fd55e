package gis

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// filledCell is a value a column takes.
func filledCell(c *Column, i int) string {
	switch {
	case c.Back:
		return ""
	case c.List != nil:
		return c.List[i%len(c.List)]
	}
	return map[Form]string{Text: fmt.Sprint("знак ", i), Number: "1234.5", Sum: "-1234.50", Figure: "15.1234567", Date: "24.11.2026", Month: "11.2026", GUID: "a1b2c3d4-0000-4000-8000-000000000002", Unified: "40ОН891234",
		ServiceID: "40ОН891234-02", DocumentID: "40ОН891234-02-6101"}[c.Form]
}

// filledPages is a row on each sheet of a layout, with every column it writes.
func filledPages(table string) Pages {
	l := Layouts[table]
	pages := make(Pages, len(l.Sheets))
	for i := range l.Sheets {
		row := make([]string, len(l.Sheets[i].Columns))
		for k := range row {
			if row[k] = filledCell(&l.Sheets[i].Columns[k], k); l.Sheets[i].Columns[k].Most > 0 {
				row[k] = "7"
			}
		}
		pages[i] = [][]string{row, row}
	}
	return pages
}

// TestBooksComeBack: what is written without a template is read back cell by cell, each template told from the others,
// with and without its conf.
func TestBooksComeBack(t *testing.T) {
	for _, table := range Tables {
		for _, conf := range []bool{true, false} {
			want := filledPages(table)
			var b bytes.Buffer
			if err := WriteBook(&b, nil, table, want); err != nil {
				t.Fatal(err)
			}
			if !conf {
				b = without(t, &b, confSheet)
			}
			got, err := ReadBook(&b)
			if err != nil || got.Table != table || len(got.Findings) > 0 {
				t.Fatalf("%s: %+v, %v", table, got, err)
			}
			for i := range want {
				for k := range want[i] {
					if d := cmp.Diff(want[i][k], got.Pages[i][k].Cells); d != "" || got.Pages[i][k].Line != k+2 {
						t.Errorf("%s, sheet %d: line %d %s", table, i, got.Pages[i][k].Line, d)
					}
				}
			}
		}
	}
}

// without is a book without one of its sheets.
func without(t *testing.T, b *bytes.Buffer, sheet string) (out bytes.Buffer) {
	t.Helper()
	f, err := excelize.OpenReader(b)
	if err == nil {
		err = f.DeleteSheet(sheet)
	}
	if err == nil {
		err = f.Write(&out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestOwnBooksAreTheirTypes: a file of our own says what template it is where the version is known, and lets cells be
// chosen from lists.
func TestOwnBooksAreTheirTypes(t *testing.T) {
	for _, table := range Tables {
		l := Layouts[table]
		var b bytes.Buffer
		if err := WriteBook(&b, nil, table, filledPages(table)); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		visible, _ := f.GetSheetVisible(confSheet)
		kind, _ := f.GetCellValue(confSheet, "B1")
		version, _ := f.GetCellValue(confSheet, "B2")
		if l.Version != "" && (visible || kind != l.Type || version != l.Version) {
			t.Errorf("%s: conf %q %q, seen %v", table, kind, version, visible)
		}
		lists := 0
		for i := range l.Sheets[0].Columns {
			if l.Sheets[0].Columns[i].List != nil {
				lists++
			}
		}
		if offered, err := f.GetDataValidations(l.Sheets[0].Name); err != nil || len(offered) != lists {
			t.Errorf("%s: %d lists are offered of %d, %v", table, len(offered), lists, err)
		}
	}
}

// portalTemplate is one of the portal's own files.
func portalTemplate(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../../../shared/samples/gis-zhkh", name))
	if err != nil {
		t.Skipf("SKIPPED: the portal's templates are not beside the checkout: %v", err)
	}
	return text
}

// TestPortalTemplatesAreFilled: rows stand under the titles of the portal's own files, whose hidden sheet of the version
// and whose lists stay as they were; read again they are what was written.
func TestPortalTemplatesAreFilled(t *testing.T) {
	for _, c := range []struct {
		table, file, sheet, version string
		row                         []string
	}{
		{TableReadings, "template_meter_readings_import.xlsx", "Импорт показаний", "11.0.0.1", []string{"ул. Первая, 1", "77", "Холодная вода", "15.25", "", "", "24.11.2026"}},
		{TablePayments, "template_payments_import.xlsx", "Основные сведения", "11.5.0.3", []string{"1", "320.50", "24.11.2026", "11.2026", "", "40ОН891234-02", ""}},
	} {
		template := portalTemplate(t, c.file)
		var b bytes.Buffer
		if err := WriteBook(&b, bytes.NewReader(template), c.table, Pages{{c.row}}); err != nil {
			t.Fatal(err)
		}
		text := b.Bytes()
		f, err := excelize.OpenReader(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.row {
			name, _ := excelize.CoordinatesToCellName(i+1, 2)
			if got, err := f.GetCellValue(c.sheet, name, excelize.Options{RawCellValue: true}); err != nil || got != want {
				t.Errorf("%s %s: %q, want %q, %v", c.file, name, got, want, err)
			}
		}
		was, err := excelize.OpenReader(bytes.NewReader(template))
		if err != nil {
			t.Fatal(err)
		}
		before, _ := was.GetDataValidations(c.sheet)
		after, _ := f.GetDataValidations(c.sheet)
		visible, _ := f.GetSheetVisible(confSheet)
		if got, err := f.GetCellValue(confSheet, "B2"); err != nil || got != c.version || visible || len(before) != len(after) || !slices.Equal(was.GetSheetList(), f.GetSheetList()) {
			t.Errorf("%s: version %q, seen %v, lists %d of %d, %v", c.file, got, visible, len(after), len(before), err)
		}
		book, err := ReadBook(bytes.NewReader(text))
		if err != nil || book.Table != c.table || len(book.Findings) > 0 || !slices.Equal(book.Pages[0][0].Cells, c.row) {
			t.Errorf("%s: %+v, %v", c.file, book, err)
		}
	}
	var b bytes.Buffer
	if err := WriteBook(&b, bytes.NewReader(portalTemplate(t, "template_payments_import.xlsx")), TableReadings, Pages{nil}); err == nil {
		t.Error("readings were written into a template of payments")
	}
}

// TestMistakesHaveTheirPlaces: a foreign filled template is read as people fill them, and each mistake is told with its
// sheet, line, column and value.
func TestMistakesHaveTheirPlaces(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(portalTemplate(t, "template_payments_import.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	const sheet = "Основные сведения"
	rows := [][]any{
		{1, 320.5, "24.11.2026", "11.2026", nil, "40OH891234-02", nil}, // Latin letters
		{2, 320.49999999999994, 46350, 46327, "40ОН891234-02-6101", nil, "Обработан"},
		{3, "1 933,47", "2026-11-24", "2026-11-01", nil, "40ОН891234-02", nil},
		{4, 12.345, "24.11.2026", "11.2026", nil, "40ОН891234-02", nil},
		{5, "десять", "31.02.26", "13.2026", nil, "40ОН", nil},
		{6, nil, nil, nil, nil, "40ОН891234-02", nil},
		{nil, nil, nil, nil, nil, nil, nil},
		{8, 100, "24.11.2026", nil, nil, "40ОН891234-02", nil},
	}
	for i, row := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprint("A", i+2), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	book, err := ReadBook(&b)
	if err != nil {
		t.Fatal(err)
	}
	var read, found []string
	for _, r := range book.Pages[0] {
		if !r.Wrong {
			read = append(read, strings.Join(r.Cells, "|"))
		}
	}
	for _, x := range book.Findings {
		found = append(found, fmt.Sprint(x.Sheet == sheet, " ", x.Line, x.Column, " ", x.Value))
	}
	if d := cmp.Diff([]string{"1|320.50|24.11.2026|11.2026||40ОН891234-02|", "2|320.50|24.11.2026|11.2026|40ОН891234-02-6101||Обработан", "3|1933.47|24.11.2026|11.2026||40ОН891234-02|", "8|100.00|24.11.2026|||40ОН891234-02|"}, read); d != "" {
		t.Errorf("read: %s", d)
	}
	if d := cmp.Diff([]string{"true 5B 12.345", "true 6B десять", "true 6C 31.02.26", "true 6D 13.2026", "true 6F 40ОН", "true 7B ", "true 7C "}, found); d != "" {
		t.Errorf("found: %s", d)
	}
}

// TestFilesAreCut: more rows than the portal takes go into more files, rows of the other sheets with their own.
func TestFilesAreCut(t *testing.T) {
	var p Pages = make([][][]string, 2)
	for i := range RowsMax + 5 {
		p[0] = append(p[0], []string{fmt.Sprint(i)})
		p[1] = append(p[1], []string{fmt.Sprint(i), "a"}, []string{fmt.Sprint(i), "b"})
	}
	parts := p.Parts(TableAccounts)
	if len(parts) != 2 || len(parts[0][0]) != RowsMax || len(parts[1][0]) != 5 || len(parts[0][1]) != 2*RowsMax || len(parts[1][1]) != 10 || parts[1][1][0][0] != fmt.Sprint(RowsMax) {
		t.Errorf("%d parts", len(parts))
	}
	if empty := (Pages{nil, nil}).Parts(TableAccounts); len(empty) != 1 {
		t.Errorf("nothing makes %d files", len(empty))
	}
}
