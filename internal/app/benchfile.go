package app

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/xuri/excelize/v2"

	"kvit/internal/exchange/dbf"
)

// benchRow is one row of the register of a bench: an account of a flat and its figures.
type benchRow struct{ account, fio, address, opening, charge, paid, due string }

var benchNames = []string{"Иванов Пётр Сергеевич", "Петрова Анна Ивановна", "Сидоров Олег Павлович", "Кузнецова Мария Петровна", "Смирнов Иван Иванович"}

func benchRowAt(i int) benchRow {
	h, flat := i/benchFlats, i%benchFlats+1
	charge := 10000 + i%50000
	rub := func(k int) string { return fmt.Sprintf("%d.%02d", k/100, k%100) }
	return benchRow{fmt.Sprintf("%010d", 1600000000+i), benchNames[i%len(benchNames)], fmt.Sprintf("г. Рязань, ул. %s, д. %d, кв. %d", benchStreets[h%len(benchStreets)], h/len(benchStreets)+1, flat),
		rub(charge), rub(charge + 5), rub(charge), rub(charge + 5)}
}

func (r benchRow) cells() []string {
	return []string{r.account, r.fio, r.address, r.opening, r.charge, r.paid, r.due}
}

var benchColumns = []string{"LS", "FIO", "ADDR", "SALDO", "NACH", "OPL", "ITOG"}

// writeBenchRegister writes the register in a kind of file with its profile.
func writeBenchRegister(dir, kind string, rows int) error {
	name := "bench." + kind
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	switch kind {
	case "csv":
		err = benchCSV(w, rows)
	case "ndjson":
		err = benchNDJSON(w, rows)
	case "xml":
		err = benchXML(w, rows)
	case "dbf":
		err = benchDBF(w, rows)
	case "xlsx":
		err = benchXLSX(w, rows)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return fmt.Errorf("bench file: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "formats.json"), []byte(benchFormats(kind, name)), 0o600)
}

func benchFormats(kind, name string) string {
	roles := []string{"account", "fio", "address", "opening", "charge", "paid", "due"}
	columns := ""
	for i, r := range roles {
		if i > 0 {
			columns += ","
		}
		value := strconv.Quote(benchColumns[i])
		if kind == "csv" {
			value = strconv.Itoa(i)
		}
		columns += strconv.Quote(r) + ":" + value
	}
	key, rest := "columns", ""
	switch kind {
	case "csv":
		rest = `"encoding":"cp1251","delimiter":";","header_rows":1,"money":"rub_dot","unit":"line"`
	case "ndjson":
		key, rest = "paths", `"encoding":"utf-8","money":"rub_string","unit":"line"`
	case "xml":
		rest = `"encoding":"windows-1251","record":"R","money":"rub_dot","unit":"record"`
	case "dbf":
		rest = `"encoding":"cp866","money":"rub_dot","unit":"record"`
	case "xlsx":
		rest = `"header_row":1,"money":"rub_string","unit":"row"`
	}
	return fmt.Sprintf(`{"month":"2026-10","registers":[{"file":%q,"supplier":"bench","kind":%q,"row":"account","period":"",%s,%q:{%s}}],"payments":[]}`, name, kind, rest, key, columns)
}

func benchCSV(w io.Writer, rows int) error {
	e := charmap.Windows1251.NewEncoder().Writer(w)
	if _, err := fmt.Fprintln(e, "LS;FIO;ADDR;SALDO;NACH;OPL;ITOG"); err != nil {
		return err
	}
	for i := range rows {
		r := benchRowAt(i)
		if _, err := fmt.Fprintf(e, "%s;%s;%s;%s;%s;%s;%s\r\n", r.account, r.fio, r.address, r.opening, r.charge, r.paid, r.due); err != nil {
			return err
		}
	}
	return nil
}

func benchNDJSON(w io.Writer, rows int) error {
	for i := range rows {
		r := benchRowAt(i)
		if _, err := fmt.Fprintf(w, `{"LS":%q,"FIO":%q,"ADDR":%q,"SALDO":%q,"NACH":%q,"OPL":%q,"ITOG":%q}`+"\n", r.account, r.fio, r.address, r.opening, r.charge, r.paid, r.due); err != nil {
			return err
		}
	}
	return nil
}

func benchXML(w io.Writer, rows int) error {
	e := charmap.Windows1251.NewEncoder().Writer(w)
	if _, err := io.WriteString(e, `<?xml version="1.0" encoding="windows-1251"?>`+"\n<T>\n"); err != nil {
		return err
	}
	for i := range rows {
		r := benchRowAt(i)
		if _, err := fmt.Fprintf(e, `<R LS="%s" FIO="%s" ADDR="%s" SALDO="%s" NACH="%s" OPL="%s" ITOG="%s"/>`+"\n", r.account, r.fio, r.address, r.opening, r.charge, r.paid, r.due); err != nil {
			return err
		}
	}
	_, err := io.WriteString(e, "</T>\n")
	return err
}

func benchXLSX(w io.Writer, rows int) error {
	f := excelize.NewFile()
	defer f.Close()
	s, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	cells := make([]any, len(benchColumns))
	for i, c := range benchColumns {
		cells[i] = c
	}
	if err := s.SetRow("A1", cells); err != nil {
		return err
	}
	for i := range rows {
		for k, c := range benchRowAt(i).cells() {
			cells[k] = c
		}
		if err := s.SetRow("A"+strconv.Itoa(i+2), cells); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

func benchDBF(w io.Writer, rows int) error {
	widths := [...]int{10, 30, 70, 12, 12, 12, 12}
	fields := make([]dbf.Field, len(benchColumns))
	for i, c := range benchColumns {
		fields[i] = dbf.Field{Name: c, Type: 'C', Length: widths[i]}
	}
	t, err := dbf.NewWriter(w, fields, rows, dbf.LanguageCP866, time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return err
	}
	e := charmap.CodePage866.NewEncoder()
	values := make([][]byte, len(fields))
	for i := range rows {
		for k, c := range benchRowAt(i).cells() {
			if values[k], err = e.Bytes([]byte(c)); err != nil {
				return err
			}
		}
		if err := t.Append(values); err != nil {
			return err
		}
	}
	return t.Close()
}
