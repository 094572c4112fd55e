package register

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// filledBook is a workbook as people make it; each sheet is rows from a row on.
func filledBook(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fillSheet(t *testing.T, f *excelize.File, sheet string, from int, rows ...[]any) {
	t.Helper()
	if _, err := f.NewSheet(sheet); err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprint("A", from+i), &rows[i]); err != nil {
			t.Fatal(err)
		}
	}
}

func sheetProfile(header int) Profile {
	return Profile{Kind: KindXLSX, HeaderRow: header, Money: RubNumber, Columns: map[string]Source{"account": Named("Лицевой счёт"), "due": Named("К оплате"), "period": Named("Период")}}
}

// readRows reads a file with all its rows.
func readRows(p Profile, raw []byte) (Summary, []Row, error) {
	var rows []Row
	sum, err := Read(context.Background(), bytesFile("f.xlsx", raw), p, Options{}, func(r *Row) error {
		row := *r
		row.Findings = slices.Clone(r.Findings)
		rows = append(rows, row)
		return nil
	})
	return sum, rows, err
}

var (
	titles = []any{"Лицевой счёт", "ФИО", "Период", "К оплате"}
	ivanov = []any{"1001", "Иванов И. И.", "10.2026", 100.5}
	petrov = []any{"1002", "Петров П. П.", "10.2026", 20}
)

func notesOf(sum Summary) string {
	var codes []string
	for _, n := range sum.Notes {
		codes = append(codes, n.Code)
	}
	return strings.Join(codes, " ")
}

// TestAHeaderThatMoved: titles above the table, or none where the profile counts on them, move the header; the sheet is
// read from where it stands, and that is said. Columns told by number are not looked for.
func TestAHeaderThatMoved(t *testing.T) {
	for name, at := range map[string]int{"pushed down": 5, "pulled up": 1, "where it should be": 3} {
		raw := filledBook(t, func(f *excelize.File) {
			for i := 1; i < at; i++ {
				fillSheet(t, f, "Sheet1", i, []any{"Реестр начислений", nil, "за октябрь"})
			}
			fillSheet(t, f, "Sheet1", at, titles, ivanov, petrov, []any{"Итого", nil, nil, 120.5})
		})
		sum, rows, err := readRows(sheetProfile(3), raw)
		if err != nil || len(rows) != 2 || sum.Sums.Due != 12050 || rows[1].Pos != at+2 {
			t.Errorf("%s: %+v, %v", name, sum, err)
		}
		if moved := notesOf(sum) == "xlsx.header_moved"; moved != (at != 3) {
			t.Errorf("%s: notes %q", name, notesOf(sum))
		}
	}
	raw := filledBook(t, func(f *excelize.File) { fillSheet(t, f, "Sheet1", 1, []any{"Счёт", "Сумма"}, ivanov) })
	if _, _, err := readRows(sheetProfile(1), raw); err == nil {
		t.Error("a sheet without the columns was read")
	}
}

// TestSheetsBesideTheOneRead: hidden ones are passed over; a visible one with the same columns is told of.
func TestSheetsBesideTheOneRead(t *testing.T) {
	raw := filledBook(t, func(f *excelize.File) {
		fillSheet(t, f, "Sheet1", 1, []any{"Инструкция"})
		fillSheet(t, f, "Черновик", 1, titles, petrov)
		fillSheet(t, f, "Дом 1", 1, titles, ivanov)
		fillSheet(t, f, "Дом 2", 1, titles, petrov)
		if err := f.SetSheetVisible("Черновик", false); err != nil {
			t.Fatal(err)
		}
	})
	sum, rows, err := readRows(sheetProfile(1), raw)
	if err != nil || len(rows) != 1 || rows[0].Account != "1001" || notesOf(sum) != "xlsx.more_sheets" || !strings.Contains(sum.Notes[0].Text, "«Дом 2»") {
		t.Errorf("%+v, %+v, %v", rows, sum.Notes, err)
	}
	p := sheetProfile(1)
	p.Sheet = "Дом 2"
	if sum, rows, err := readRows(p, raw); err != nil || rows[0].Account != "1002" || notesOf(sum) != "" {
		t.Errorf("%+v, %+v, %v", rows, sum.Notes, err)
	}
}

// TestAFormulaNobodyComputed is no empty sum: its row is put aside. One with its result beside it is read.
func TestAFormulaNobodyComputed(t *testing.T) {
	raw := filledBook(t, func(f *excelize.File) {
		fillSheet(t, f, "Sheet1", 1, titles, ivanov, []any{"1002", "Петров П. П.", "10.2026"})
		if err := f.SetCellFormula("Sheet1", "D3", "D2*2"); err != nil {
			t.Fatal(err)
		}
	})
	sum, rows, err := readRows(sheetProfile(1), raw)
	if err != nil || sum.Quarantined != 1 || rows[1].Findings[0].Code != "row.money_bad" || rows[1].Findings[0].Value != "=D2*2" {
		t.Errorf("%+v, %+v, %v", sum, rows[1].Findings, err)
	}
}
