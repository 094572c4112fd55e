package register

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/dbf"
)

const benchRows = 200_000

func benchFile(b *testing.B, name string, make func(w io.Writer)) File {
	b.Helper()
	path := filepath.Join(b.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	make(f)
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	file, closeFile, err := OpenFile(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closeFile() })
	return file
}

func benchRead(b *testing.B, f File, p Profile) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(f.Size)
	rows := 0
	for b.Loop() {
		sum, err := Read(context.Background(), f, p, Options{}, func(r *Row) error {
			if len(r.Findings) > 0 {
				b.Fatalf("%d: %+v", r.Pos, r.Findings)
			}
			return nil
		})
		if err != nil || sum.Rows != benchRows {
			b.Fatal(sum.Rows, err)
		}
		rows += sum.Rows
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkReadCSV1251(b *testing.B) {
	f := benchFile(b, "a.csv", func(w io.Writer) {
		var buf []byte
		for i := range benchRows {
			buf, _ = charset.CP1251.Append(buf[:0], fmt.Sprintf("6200%08d;Иванова Мария Ивановна;Рязань г,Новосёлов ул,д.%d кв.%d;1026;%d,%02d;%d,10;0,00;100,00\r\n", i, i%90, i%200, i%5000, i%100, i%3000))
			w.Write(buf)
		}
	})
	benchRead(b, f, Profile{Kind: KindCSV, Encoding: "cp1251", Delimiter: ";", Money: RubComma, Period: "1026", Columns: map[string]Source{
		"account": At(0), "fio": At(1), "address": At(2), "period": At(3), "due": At(4), "opening": At(5), "recalc": At(6), "paid": At(7)}})
}

func BenchmarkReadDBF(b *testing.B) {
	fields := []dbf.Field{{Name: "LS", Type: 'C', Length: 12}, {Name: "FIO", Type: 'C', Length: 30}, {Name: "ADDR", Type: 'C', Length: 50}, {Name: "PERIOD", Type: 'C', Length: 6}, {Name: "DUE", Type: 'N', Length: 12, Decimals: 2}, {Name: "CHARGE", Type: 'N', Length: 12, Decimals: 2}}
	f := benchFile(b, "a.dbf", func(w io.Writer) {
		t, err := dbf.NewWriter(w, fields, benchRows, dbf.LanguageCP866, testDay)
		if err != nil {
			b.Fatal(err)
		}
		fio, _ := charset.CP866.Append(nil, "Иванова Мария Ивановна")
		for i := range benchRows {
			addr, _ := charset.CP866.Append(nil, fmt.Sprintf("Новосёлов ул, д.%d кв.%d", i%90, i%200))
			t.Append([][]byte{fmt.Appendf(nil, "%012d", i), fio, addr, []byte("102026"), fmt.Appendf(nil, "%d.%02d", i%5000, i%100), []byte("120.50")})
		}
		t.Close()
	})
	benchRead(b, f, Profile{Kind: KindDBF, Encoding: "cp866", Columns: map[string]Source{
		"account": Named("LS"), "fio": Named("FIO"), "address": Named("ADDR"), "period": Named("PERIOD"), "due": Named("DUE"), "charge": Named("CHARGE")}})
}

func BenchmarkReadNDJSON(b *testing.B) {
	f := benchFile(b, "a.ndjson", func(w io.Writer) {
		for i := range benchRows {
			fmt.Fprintf(w, `{"seq":%d,"account":"62%010d","version":1,"updated_at":"2026-10-23T09:00:00+03:00","payer":"Архипов Михаил Н.","address":{"raw":"390004, Рязанская обл, г Рязань, ул Юбилейная, д 54","postcode":"390004"},"plan":"2z-gas","balance":{"opening":1884.27,"charged":%d.62,"recalc":0.0,"penalty":0.0,"paid":1884.27,"due":1865.62}}`+"\n", i, i, i%4000)
		}
	})
	benchRead(b, f, Profile{Kind: KindNDJSON, Money: RubNumber, Version: "version", Paths: map[string]Source{
		"account": Named("account"), "fio": Named("payer"), "address": Named("address.raw"), "version": Named("version"),
		"opening": Named("balance.opening"), "charge": Named("balance.charged"), "paid": Named("balance.paid"), "due": Named("balance.due")}})
}

func BenchmarkReadXML1251(b *testing.B) {
	f := benchFile(b, "a.xml", func(w io.Writer) {
		put := func(s string) { x, _ := charset.CP1251.Append(nil, s); w.Write(x) }
		put(`<?xml version="1.0" encoding="windows-1251"?>` + "\n<Реестр>\n")
		for i := range benchRows {
			if i%100 == 0 {
				put(fmt.Sprintf(` <Дом код="%d" адрес="г. Рязань, ул. Высоковольтная, д. %d">`+"\n", i, i/100))
			}
			put(fmt.Sprintf(`  <ЛС номер="%010d" фио="Зайцева М.В." кв="%d" площадь="40.15" прож="2">`+"\n"+`   <У код="ОТ" объем="0.585483" тариф="4043.19" сн="2319.87" нач="2367.22" пер="0.00" пени="0.00" опл="2319.87" ск="2367.22"/>`+"\n  </ЛС>\n", i, i%100))
			if i%100 == 99 {
				put(" </Дом>\n")
			}
		}
		put("</Реестр>")
	})
	benchRead(b, f, Profile{Kind: KindXML, Group: "Дом", GroupAddress: "адрес", Record: "ЛС", Service: "У", Columns: map[string]Source{
		"account": Named("номер"), "fio": Named("фио"), "flat": Named("кв"), "area": Named("площадь"), "residents": Named("прож"), "service": Named("код"),
		"volume": Named("объем"), "tariff": Named("тариф"), "opening": Named("сн"), "charge": Named("нач"), "recalc": Named("пер"), "penalty": Named("пени"), "paid": Named("опл"), "due": Named("ск")}})
}

func BenchmarkReadXLSX(b *testing.B) {
	f := benchFile(b, "a.xlsx", func(w io.Writer) { bookOf(w, benchRows) })
	benchRead(b, f, Profile{Kind: KindXLSX, HeaderRow: 1, Money: RubNumber, Columns: map[string]Source{
		"account": Named("ЛС"), "fio": Named("ФИО"), "address": Named("Адрес"), "opening": Named("Долг"), "charge": Named("Начислено"), "due": Named("К оплате")}})
}

// bookOf writes a workbook with shared strings, as Excel does.
func bookOf(w io.Writer, rows int) {
	z := zip.NewWriter(w)
	put := func(name, body string) io.Writer {
		part, _ := z.Create(name)
		io.WriteString(part, body)
		return part
	}
	put("[Content_Types].xml", `<Types/>`)
	put("_rels/.rels", `<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	put("xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Реестр" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	put("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`)
	var shared bytes.Buffer
	shared.WriteString(`<sst>`)
	for _, s := range []string{"ЛС", "ФИО", "Адрес", "Долг", "Начислено", "К оплате"} {
		shared.WriteString("<si><t>" + s + "</t></si>")
	}
	sheet, _ := z.Create("xl/worksheets/sheet1.xml")
	io.WriteString(sheet, `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c><c r="F1" t="s"><v>5</v></c></row>`)
	for i := range rows {
		n := i + 2
		fmt.Fprintf(&shared, "<si><t>%010d</t></si><si><t>Архипов Михаил</t></si><si><t>улица Юбилейная, %d</t></si>", i, i)
		fmt.Fprintf(sheet, `<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c><c r="C%d" t="s"><v>%d</v></c><c r="D%d"><v>%d.94</v></c><c r="E%d"><v>1018.69</v></c><c r="F%d"><v>1018.69</v></c></row>`,
			n, n, 6+3*i, n, 7+3*i, n, 8+3*i, n, i%3000, n, n)
	}
	io.WriteString(sheet, `</sheetData></worksheet>`)
	shared.WriteString(`</sst>`)
	put("xl/sharedStrings.xml", shared.String())
	z.Close()
}
