package register

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"kvit/internal/exchange/charset"
	"kvit/internal/fault"
)

func csvProfile() Profile {
	return Profile{Kind: KindCSV, Delimiter: ";", Money: RubComma, Columns: map[string]Source{
		"account": At(0), "fio": At(1), "address": At(2), "period": At(3), "due": At(4)}}
}

func xmlProfile() Profile {
	return Profile{Kind: KindXML, Record: "ЛС", Columns: map[string]Source{"account": Named("номер"), "fio": Named("фио"), "due": Named("ск")}}
}

func jsonProfile() Profile {
	return Profile{Kind: KindNDJSON, Money: RubNumber, Paths: map[string]Source{"account": Named("a"), "fio": Named("f"), "due": Named("d")}}
}

func docProfile() Profile {
	return Profile{Kind: Kind1C, DocStart: "СекцияДокумент", DocEnd: "КонецДокумента", Columns: map[string]Source{"account": Named("ЛС"), "due": Named("Сумма")}}
}

func dbfProfile() Profile {
	return Profile{Kind: KindDBF, Columns: map[string]Source{"account": Named("LS"), "due": Named("SUMMA")}}
}

func xlsxProfile() Profile {
	return Profile{Kind: KindXLSX, HeaderRow: 1, Money: RubNumber, Columns: map[string]Source{"account": Named("ЛС"), "due": Named("К оплате")}}
}

const goodLine = "100001;Иванов Иван Иванович;Рязань г,Новая ул,д.5 кв.1;1026;120,55\r\n"

// read reads bytes and gives the findings of all rows as "pos code" words.
func readBytes(p Profile, body []byte) (Summary, []string, error) {
	var found []string
	sum, err := Read(context.Background(), bytesFile("f", body), p, Options{}, func(r *Row) error {
		for _, f := range r.Findings {
			found = append(found, fmt.Sprintf("%d %s", r.Pos, f.Code))
		}
		return nil
	})
	return sum, found, err
}

func encoded(e charset.Encoding, s string) []byte { b, _ := e.Append(nil, s); return b }

func TestHostileFilesAreRefusedByTheirCode(t *testing.T) {
	table := makeTable(3)
	long := strings.Repeat("я", 2<<20)
	cases := map[string]struct {
		p    Profile
		body []byte
		code string
	}{
		"empty":                           {csvProfile(), nil, "file.empty"},
		"a line of two megabytes":         {csvProfile(), []byte(goodLine + long), "file.record_too_long"},
		"a quote never closed":            {quotedProfile(), []byte(goodLine + `"1;` + strings.Repeat("100001;a;b;c;1,00\n", 200_000)), "file.record_too_long"},
		"a quote open at the end":         {quotedProfile(), []byte(goodLine + `"100001;Иванов`), "file.quote_open"},
		"300 columns":                     {csvProfile(), []byte(strings.Repeat("1;", 300)), "file.too_many_columns"},
		"XML with DOCTYPE":                {xmlProfile(), []byte(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a><ЛС номер="1" ск="1"/></a>`), "xml.doctype"},
		"XML with an entity of its own":   {xmlProfile(), []byte(`<a><ЛС номер="1" фио="&x;" ск="1"/></a>`), "xml.entity"},
		"XML deeper than anybody needs":   {xmlProfile(), []byte(strings.Repeat("<a>", 200_000)), "xml.depth"},
		"XML attribute of ten megabytes":  {xmlProfile(), []byte(`<a><ЛС номер="` + strings.Repeat("1", 10<<20) + `"/></a>`), "file.record_too_long"},
		"XML cut in the middle":           {xmlProfile(), []byte(`<a><ЛС номер="1" ск="1"/><ЛС номе`), "file.truncated"},
		"XML cut between records":         {xmlProfile(), []byte(`<a><ЛС номер="1" ск="1"/>`), "file.truncated"},
		"XML closed wrongly":              {xmlProfile(), []byte(`<a><ЛС номер="1" ск="1"></a></ЛС>`), "xml.syntax"},
		"JSON array cut":                  {Profile{Kind: KindJSON, Paths: jsonProfile().Paths}, []byte(`[{"a":"1","d":1},{"a":`), "file.truncated"},
		"1C document without its end":     {docProfile(), []byte("СекцияДокумент=а\nЛС=1\nСумма=1\n"), "file.truncated"},
		"1C account section without end":  {docProfile(), []byte("1CClientBankExchange\nСекцияРасчСчет\nРасчСчет=1\n"), "file.truncated"},
		"DBF cut inside a record":         {dbfProfile(), table[:len(table)-5], "file.truncated"},
		"DBF cut inside its header":       {dbfProfile(), table[:40], "file.truncated"},
		"DBF without the field":           {Profile{Kind: KindDBF, Columns: map[string]Source{"account": Named("NET"), "due": Named("SUMMA")}}, table, "file.no_column"},
		"old workbook under a new name":   {xlsxProfile(), []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....."), "xls.binary"},
		"web page under a workbook's":     {xlsxProfile(), []byte("<html><table>"), "xls.html"},
		"workbook cut":                    {xlsxProfile(), workbook(10)[:700], "zip.broken"},
		"archive that leads outside":      {csvProfile(), archive("../../etc/x", []byte(goodLine)), "zip.path"},
		"archive in archive":              {csvProfile(), archive("a.zip", archive("a.csv", []byte(goodLine))), "zip.nested"},
		"archive of one byte many times":  {csvProfile(), archive("a.csv", bytes.Repeat([]byte("1"), 64<<20)), "zip.bomb"},
		"archive with two files":          {csvProfile(), archiveOf(map[string][]byte{"a.csv": nil, "b.csv": nil}), "zip.which"},
		"archive with 300 files":          {csvProfile(), archiveOf(manyFiles(300)), "zip.too_many"},
		"printed page named as a text":    {csvProfile(), []byte("%PDF-1.4\n1 0 obj"), "file.kind"},
		"packed by another archiver":      {csvProfile(), []byte("\x1f\x8b\x08\x00rest"), "file.kind"},
		"old workbook named as a text":    {csvProfile(), []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....."), "xls.binary"},
		"workbook where text is expected": {csvProfile(), workbook(1), "file.kind"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, _, err := readBytes(c.p, c.body)
			wantCode(t, err, c.code)
		})
	}
}

func quotedProfile() Profile {
	p := csvProfile()
	p.Quote = `"`
	return p
}

func TestHostileRowsDoNotStopAFile(t *testing.T) {
	line := func(due string) string { return "100001;Иванов;Рязань;1026;" + due + "\n" }
	sums := map[string]string{
		"1 234,56": "row.amount_format", "1\u00a0234,56": "row.amount_format", "1234.56": "row.amount_format", "1,234.56": "row.amount_format",
		"−5": "row.amount_format", "5-": "row.amount_format", "5": "", "-5,10": "", "0,00": "", "": "",
		"1234.5.6": "row.money_bad", "(5)": "row.money_bad", "1e5": "row.money_bad", "NaN": "row.money_bad", "∞": "row.money_bad", "٣": "row.money_bad",
		"92233720368547758,08": "row.money_bad", "10000000001,00": "row.money_bad", "1,005": "row.money_bad", "=1+1": "row.money_bad",
	}
	for due, code := range sums {
		t.Run("sum "+due, func(t *testing.T) {
			sum, found, err := readBytes(csvProfile(), []byte(goodLine+line(due)+goodLine))
			if err != nil || sum.Rows != 3 {
				t.Fatal(sum.Rows, err)
			}
			if got := strings.Join(found, " "); got != strings.TrimSpace(map[bool]string{true: "2 "}[code != ""]+code) {
				t.Errorf("found %q, want %q", got, code)
			}
		})
	}
}

func TestHostileCellsAreQuarantinedWithTheirCode(t *testing.T) {
	cases := map[string]struct {
		line, code string
	}{
		"no account":                 {";Иванов;Рязань;1026;1,00", "row.account_missing"},
		"period that is none":        {"1;Иванов;Рязань;1326;1,00", "row.period_bad"},
		"name of ten thousand signs": {"1;" + strings.Repeat("И", 10_000) + ";Рязань;1026;1,00", "row.too_long"},
		"zero byte in a name":        {"1;Ива\x00нов;Рязань;1026;1,00", "row.nul"},
		"number a spreadsheet cut":   {"4,00010123E+12;Иванов;Рязань;1026;1,00", "row.account_bad"},
		"three fields only":          {"1;Иванов;Рязань", "row.short"},
		"stray delimiter":            {"1;Иванов;Рязань;Новая;1026;1,00", "row.field_shift"},
		"too many fields to mend":    {"1;x;y;z;1026;a;b", "row.field_shift"},
		"formula for a name":         {"1;=cmd|' /C calc'!A0;Рязань;1026;1,00", ""},
		"script for a name":          {"1;<script>alert(1)</script>;Рязань;1026;1,00", ""},
		"right-to-left signs":        {"1;\u202eвонавИ\u202c;Рязань;1026;1,00", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			sum, found, err := readBytes(csvProfile(), []byte(strings.Repeat(goodLine, 3)+c.line+"\r\n"))
			if err != nil || sum.Rows != 4 {
				t.Fatal(sum.Rows, err)
			}
			want := ""
			if c.code != "" {
				want = "4 " + c.code
			}
			if got := strings.Join(found, ","); got != want {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
}

func TestDatesThatAreNone(t *testing.T) {
	p := Profile{Kind: KindCSV, Delimiter: ";", Columns: map[string]Source{"account": At(0), "date": At(1), "amount": At(2)}}
	for date, ok := range map[string]bool{"31.10.2026": true, "2026-10-31": true, "31-10-2026": true, "20261031": true, "": true,
		"31.02.2026": false, "01.13.26": false, "30.10.9999": false, "1899": false, "45000": false} {
		_, found, err := readBytes(p, []byte("1;"+date+";5.00\n"))
		if err != nil || (len(found) == 0) != ok {
			t.Errorf("%q: %v %v", date, found, err)
		}
	}
}

func TestTextFilesOfAnyShapeGiveTheSameRows(t *testing.T) {
	plain := strings.Repeat(goodLine, 4)
	lf := strings.ReplaceAll(plain, "\r\n", "\n")
	for name, body := range map[string][]byte{
		"CRLF": []byte(plain), "LF": []byte(lf), "CR": []byte(strings.ReplaceAll(lf, "\n", "\r")),
		"mixed":                   []byte(goodLine + strings.ReplaceAll(goodLine, "\r\n", "\n") + strings.ReplaceAll(goodLine, "\r\n", "\r") + goodLine),
		"no end of the last line": []byte(strings.TrimRight(plain, "\r\n")), "Ctrl-Z on a line": []byte(plain + "\x1a"),
		"Ctrl-Z behind the last field": []byte(strings.TrimRight(plain, "\r\n") + "\x1a"), "empty lines": []byte(plain + "\r\n\r\n;;;;\r\n"),
		"trailing delimiters": []byte(strings.ReplaceAll(plain, "\r\n", ";\r\n")), "mark": []byte("\ufeff" + plain), "mark twice": []byte("\ufeff\ufeff" + plain),
		"cp1251": encoded(charset.CP1251, plain), "cp866": encoded(charset.CP866, plain), "koi8-r": encoded(charset.KOI8R, plain),
		"UTF-16LE": encoded(charset.UTF16LE, "\ufeff"+plain), "UTF-16BE": encoded(charset.UTF16BE, "\ufeff"+plain), "UTF-16 without a mark": encoded(charset.UTF16LE, plain),
		"archived": archive("реестр.csv", []byte(plain)),
	} {
		for _, declared := range []string{"", "utf-8", "cp1251"} {
			t.Run(name+" as "+declared, func(t *testing.T) {
				p := csvProfile()
				p.Encoding = declared
				sum, found, err := readBytes(p, body)
				if err != nil || sum.Rows != 4 || len(found) > 0 || sum.Sums.Due != 4*12055 {
					t.Errorf("%d rows, %v, due %v, %v, encoding %+v", sum.Rows, found, sum.Sums.Due, err, sum.Encoding)
				}
			})
		}
	}
}

func TestFieldsOfAnotherCodePageAreRepaired(t *testing.T) {
	fio, address := "Королёв Сергей Васильевич", "Рязань г,Новосёлов ул,д.5 кв.1"
	file := map[string]charset.Encoding{"cp1251": charset.CP1251, "cp866": charset.CP866, "koi8-r": charset.KOI8R, "utf-8": charset.UTF8}
	for outer, enc := range file {
		for inner, other := range file {
			if outer == inner {
				continue
			}
			t.Run(inner+" inside "+outer, func(t *testing.T) {
				body := encoded(enc, strings.Repeat(goodLine, 50))
				body = append(body, "7;"...)
				body = append(body, encoded(other, fio+";"+address)...)
				body = append(body, ";1026;1,00\n"...)
				checkMojibake(t, body, outer, fio, address)
			})
		}
	}
	t.Run("UTF-8 read as 1251 and written as UTF-8", func(t *testing.T) {
		twice := charset.CP1251.Text([]byte(fio + ";" + address))
		checkMojibake(t, []byte(strings.Repeat(goodLine, 50)+"7;"+twice+";1026;1,00\n"), "utf-8", fio, address)
	})
	t.Run("UTF-8 read as Latin and written as UTF-8", func(t *testing.T) {
		twice := charset.CP1252.Text([]byte("Счёт Иванова Петра"))
		checkMojibake(t, []byte(strings.Repeat(goodLine, 50)+"7;"+twice+";"+address+";1026;1,00\n"), "utf-8", "Счёт Иванова Петра", address)
	})
}

func checkMojibake(t *testing.T, body []byte, declared, fio, address string) {
	t.Helper()
	p := csvProfile()
	p.Encoding = declared
	var last Row
	_, err := Read(context.Background(), bytesFile("f", body), p, Options{}, func(r *Row) error {
		if r.Pos < 51 && len(r.Findings) > 0 {
			t.Fatalf("%d: %+v", r.Pos, r.Findings)
		}
		last = *r
		return nil
	})
	if err != nil || last.FIO != fio || last.Address != address || len(last.Findings) != 1 || last.Findings[0].Type != "mojibake" {
		t.Errorf("%v: %q %q %+v", err, last.FIO, last.Address, last.Findings)
	}
}

func TestFilesCutAnywhereNeverPanicAndNeverInventMoney(t *testing.T) {
	files := map[string]struct {
		p    Profile
		body []byte
	}{
		"csv":    {csvProfile(), []byte(strings.Repeat(goodLine, 60))},
		"xml":    {xmlProfile(), []byte(`<?xml version="1.1"?><a>` + strings.Repeat(`<ЛС номер="100001" фио="Иванов" ск="120.55"/>`, 60) + "</a>")},
		"ndjson": {jsonProfile(), []byte(strings.Repeat(`{"a":"100001","f":"Иванов","d":120.55}`+"\n", 60))},
		"1c":     {docProfile(), []byte(strings.Repeat("СекцияДокумент=а\nЛС=100001\nСумма=120.55\nКонецДокумента\n", 60))},
		"dbf":    {dbfProfile(), makeTable(60)},
		"xlsx":   {xlsxProfile(), workbook(60)},
		"zip":    {csvProfile(), archive("a.csv", []byte(strings.Repeat(goodLine, 60)))},
	}
	for name, f := range files {
		t.Run(name, func(t *testing.T) {
			whole, _, err := readBytes(f.p, f.body)
			if err != nil || whole.Sums.Due != 60*12055 {
				t.Fatal(whole.Sums.Due, err)
			}
			for cut := 1; cut < len(f.body); cut += 97 {
				sum, _, err := readBytes(f.p, f.body[:cut])
				if sum.Sums.Due > whole.Sums.Due {
					t.Errorf("cut at %d: due %v of %v", cut, sum.Sums.Due, whole.Sums.Due)
				}
				if err != nil && fault.KindOf(err) != fault.Invalid {
					t.Errorf("cut at %d: %v is not the supplier's fault", cut, err)
				}
			}
		})
	}
}

func TestALastLineCutInsideItsSumIsQuarantined(t *testing.T) {
	whole := strings.Repeat(goodLine, 5)
	body := strings.TrimSuffix(whole, "\r\n")
	for cut, want := range map[int]string{0: "", 1: "5 row.cut", 2: "5 row.amount_format,5 row.cut", 3: "5 row.cut", 4: "5 row.cut"} {
		text := body[:len(body)-cut]
		sum, found, err := readBytes(csvProfile(), []byte(text))
		if err != nil || sum.Rows != 5 {
			t.Fatal(sum.Rows, err)
		}
		if strings.Join(found, ",") != want {
			t.Errorf("%q: %v, want %s", text[len(text)-8:], found, want)
		}
	}
	p := csvProfile() // sums of other lengths above say that the file writes them so
	if _, found, _ := readBytes(p, []byte("1;a;b;1026;5,5\n2;a;b;1026;5,55\n3;a;b;1026;5,5\n4;a;b;1026;5,55\n5;a;b;1026;5,5")); len(found) > 0 {
		t.Errorf("%v", found)
	}
}

func TestWhatArchiversAddIsNoRegister(t *testing.T) {
	body := archiveOf(map[string][]byte{"реестр/": nil, "реестр/a.csv": []byte(goodLine), "__MACOSX/._a.csv": []byte("x"), "реестр/.DS_Store": []byte("x")})
	sum, _, err := readBytes(csvProfile(), body)
	if err != nil || sum.Rows != 1 {
		t.Errorf("%d rows, %v", sum.Rows, err)
	}
}
