package register

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"kvit/internal/decimal"
	"kvit/internal/exchange/charset"
)

// readAll reads text in an encoding by a profile written as in formats.json.
func readAll(t *testing.T, sheet string, e charset.Encoding, text string) (Summary, []Row) {
	t.Helper()
	var p Profile
	if err := json.Unmarshal([]byte(sheet), &p); err != nil {
		t.Fatal(err)
	}
	var rows []Row
	sum, err := Read(context.Background(), bytesFile("f", encoded(e, text)), p, Options{}, func(r *Row) error {
		row := *r
		row.Lines, row.Zones, row.Findings = append([]Line(nil), r.Lines...), append([]Zone(nil), r.Zones...), append([]Finding(nil), r.Findings...)
		row.Extra = map[string]string{}
		for k, v := range r.Extra {
			row.Extra[k] = v
		}
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum, rows
}

func wantControl(t *testing.T, sum Summary, pos int, equal bool) {
	t.Helper()
	if c := sum.Control; !c.Found || c.Equal != equal || c.Pos != pos {
		t.Errorf("control %+v, want pos %d equal %v", c, pos, equal)
	}
}

func TestControlTotalInAllItsForms(t *testing.T) {
	csv := `{"kind":"csv","delimiter":";","header_rows":0,"money":"rub_comma","columns":{"account":0,"due":1},`
	cases := []struct {
		name, sheet, body string
		pos               int
		equal             bool
	}{
		{"prefix of a comment", csv + `"comment_prefix":"#","control_total":{"prefix":"#FILESUM "}}`, "#FILESUM 3,00\n1;1,00\n2;2,00\n", 1, true},
		{"prefix without comments, in the header", csv + `"header_rows":1,"control_total":{"prefix":"SUM="}}`, "SUM=3,01;x\n1;1,00\n2;2,00\n", 1, false},
		{"second field of the trailer", csv + `"trailer_prefix":"=","control_total":{"field":1}}`, "1;1,00\n2;2,00\n=2;3,00;x\n", 3, true},
		{"third field of the trailer, with the count", csv + `"trailer_prefix":"T|","control_total":{"field":2,"count":0}}`, "1;1,00\n2;2,00\nT|3;x;3,00\n", 3, false},
		{"column of the total row", csv + `"total_label":"ИТОГО","control_total":{"column":1}}`, "1;1,00\n2;2,00\nИТОГО;3,00\n", 3, true},
		{"sum of another role", csv + `"trailer_prefix":"=","control_total":{"role":"charge"}}`, "1;1,00\n=1;0,00\n", 2, true},
		{"attribute of an element", `{"kind":"xml","record":"r","columns":{"account":"a","due":"d"},"control_total":{"element":"T","attr":"s"}}`, `<x><r a="1" d="1.00"/><r a="2" d="2.00"/><T s="3.00"/></x>`, 2, true},
		{"text of an element", `{"kind":"xml","record":"r","columns":{"account":"a","due":"d"},"money":"kopeck_int","control_total":{"element":"T"}}`, `<x><T>300</T><r a="1" d="100"/><r a="2" d="200"/></x>`, 0, true},
		{"key outside documents", `{"kind":"1c","doc_start":"Док","doc_end":"КонецДок","money":"rub_comma","columns":{"account":"ЛС","due":"С"},"control_total":{"key":"Всего"}}`, "Всего=3,00\r\nДок=а\r\nЛС=1\r\nС=3,00\r\nКонецДок\r\n", 1, true},
		{"key of a record without account", `{"kind":"ndjson","money":"rub_string","paths":{"account":"a","due":"d"},"control_total":{"key":"total.due"}}`, `{"a":"1","d":"3.00"}` + "\n" + `{"total":{"due":"3.00"}}` + "\n", 2, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			sum, _ := readAll(t, c.sheet, charset.CP1251, c.body)
			wantControl(t, sum, c.pos, c.equal)
		})
	}
}

func TestBrokenControlTotalIsRefusedWhereTheProfileSaysSo(t *testing.T) {
	p := csvProfile()
	p.CommentPrefix, p.ControlTotal, p.OnControlMismatch = "#", &ControlTotal{Prefix: "#SUM "}, MismatchRefuse
	_, _, err := readBytes(p, []byte("#SUM 120,54\r\n"+goodLine))
	wantCode(t, err, "control.mismatch")
	if _, _, err = readBytes(p, []byte("#SUM 120,55\r\n"+goodLine)); err != nil {
		t.Error(err)
	}
}

func TestMoneyFormsOfEveryKind(t *testing.T) {
	for form, text := range map[string]string{"rub_dot": "-1234.50", "rub_comma": "-1234,50", "rub_string": "-1234,5", "rub_number": "-1234.5", "kopeck_int": "-123450"} {
		quoted := `"` + text + `"`
		if form == "rub_number" || form == "kopeck_int" {
			quoted = text
		}
		for kind, c := range map[string][2]string{
			"csv":    {`"kind":"csv","delimiter":"|","columns":{"account":0,"due":1}`, "1|" + text + "\n"},
			"ndjson": {`"kind":"ndjson","paths":{"account":"a","due":"b.c"}`, `{"a":"1","b":{"c":` + quoted + "}}\n"},
			"xml":    {`"kind":"xml","record":"r","fields":"element","columns":{"account":"a","due":"b/c"}`, "<x><r><a>1</a><b><c>" + text + "</c></b></r></x>"},
			"1c":     {`"kind":"1c","doc_start":"S","doc_end":"E","columns":{"account":"a","due":"b"}`, "S\na=1\nb=" + text + "\nE\n"},
		} {
			t.Run(form+" "+kind, func(t *testing.T) {
				sum, rows := readAll(t, "{"+c[0]+`,"money":"`+form+`"}`, charset.UTF8, c[1])
				if sum.Sums.Due != -123450 || len(rows[0].Findings) > 0 {
					t.Errorf("due %v, %+v", sum.Sums.Due, rows[0].Findings)
				}
			})
		}
	}
}

func TestXMLWithHousesRecordsAndServices(t *testing.T) {
	_, rows := readAll(t, `{"kind":"xml","encoding":"windows-1251","group":"Дом","group_address":"адрес","record":"ЛС","service":"У","fields":"element","money":"rub_dot",
		"columns":{"account":"номер","fio":"фио","service":"код","due":"ск","charge":["нач","доп"]}}`, charset.CP1251,
		`<?xml version="1.1" encoding="windows-1251"?><x:Реестр xmlns:x="u">
		<x:Дом адрес="Новая, 1"><x:ЛС><x:У><x:код>ОТ</x:код><x:ск>1.00</x:ск><x:нач>0.50</x:нач><x:доп>0.25</x:доп></x:У><x:У><x:код>ГВ</x:код><x:ск>2.<!-- c -->00</x:ск></x:У><x:номер> 101 </x:номер><x:фио><![CDATA[Иванов & сын]]></x:фио></x:ЛС></x:Дом>
		<x:Дом><x:адрес>Новая, 2</x:адрес><x:ЛС><x:номер>102</x:номер></x:ЛС><x:ЛС><x:номер>103</x:номер><x:У><x:ск>3</x:ск></x:У></x:ЛС></x:Дом></x:Реестр>`)
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	a, b, c := rows[0], rows[1], rows[2]
	if a.Account != "101" || a.FIO != "Иванов & сын" || a.Service != "ОТ" || a.Due != 100 || a.Charge != 75 || a.GroupAddress != "Новая, 1" || a.Pos != 1 || a.GroupPos != 1 {
		t.Errorf("%+v", a)
	}
	if b.Account != "101" || b.Service != "ГВ" || b.Due != 200 || b.Has&HasCharge != 0 || b.Pos != 1 {
		t.Errorf("%+v", b)
	}
	if c.Account != "103" || c.Due != 300 || c.Pos != 3 || c.GroupPos != 2 || c.GroupAddress != "Новая, 2" {
		t.Errorf("%+v", c)
	}
}

func TestDocumentsWithServicesStornoAndRepeatedKeys(t *testing.T) {
	sum, rows := readAll(t, `{"kind":"1c","encoding":"cp866","doc_start":"СекцияДокумент","doc_end":"КонецДокумента","storno":"Сторно","columns":{"account":"ЛС","service":"Услуга","charge":"Начислено","doc_no":"Номер","doc_ref":"Основание"}}`, charset.CP866,
		"1CЖКХОбмен\r\nКодировка=Windows\r\nСекцияДокумент=Начисление\r\nНомер=1\r\nЛС=77\r\nУслуга=Содержание|10.00\r\nУслуга=СОИ|5.25\r\nНачислено=15.25\r\nНеведомо=что\r\nКонецДокумента\r\n"+
			"СекцияДокумент=Сторно\r\nНомер=2\r\nОснование=1\r\nЛС=77\r\nНачислено=-5.00\r\nСекцияДокумент=Начисление\r\nЛС=78\r\nНачислено=1\r\nКонецДокумента\r\nКонецФайла\r\n")
	if len(rows) != 3 || len(rows[0].Lines) != 2 || rows[0].Lines[1] != (Line{"СОИ", 525}) || rows[0].Service != "Содержание" || rows[0].DocNo != "1" {
		t.Fatalf("%+v", rows)
	}
	if !rows[1].Storno || rows[1].DocRef != "1" || rows[1].Charge != -500 || rows[0].Storno {
		t.Errorf("%+v", rows[1])
	}
	codes := ""
	for _, n := range sum.Notes {
		codes += n.Code + " "
	}
	if codes != "1c.unclosed file.encoding_differs " || sum.Encoding.Name != "cp866" {
		t.Errorf("notes %s, %+v", codes, sum.Encoding)
	}
}

func TestAccountsGetTheirZerosAndPrefix(t *testing.T) {
	_, rows := readAll(t, `{"kind":"csv","delimiter":",","quote":"\"","header_rows":1,"account_prefix":"T/","account_width":5,"house_address":"Новая, 1","columns":{"account":0,"flat":0,"due":[1,2],"place":3}}`, charset.UTF8,
		"flat,a,b,place\n7,1.00,2.00,x\n00008,1.00,,\"a,\"\"b\"\"\"\n12А,,,\n")
	want := [][3]string{{"T/00007", "T/7", "7"}, {"T/00008", "T/00008", "00008"}, {"T/12А", "T/12А", "12А"}}
	for i, w := range want {
		if r := rows[i]; r.Account != w[0] || r.Printed != w[1] || r.Flat != w[2] || r.GroupAddress != "Новая, 1" {
			t.Errorf("%+v", r)
		}
	}
	if rows[0].Due != 300 || rows[1].Extra["place"] != `a,"b"` || len(rows[0].Findings) != 1 || rows[0].Findings[0].Type != "acc_zero_lost" || len(rows[1].Findings) > 0 {
		t.Errorf("%+v", rows)
	}
}

func TestMetersAndZones(t *testing.T) {
	_, rows := readAll(t, `{"kind":"ndjson","money":"rub_number","paths":{"account":"a","due":"d","meters":"m","day":"z.day","night":"z.night","peak_prev":"p0","peak_cur":"p1","half_peak_cur":"h"}}`, charset.UTF8,
		`{"a":1234567,"d":1E2,"m":[{"sn":"77","readings":{"T1":[10,20.5],"T2":{"prev":1,"cur":2}}}],"z":{"day":100.25,"night":[5,7]},"p0":1,"p1":4.5,"h":9}`+"\n")
	r := rows[0]
	if r.Account != "1234567" || !r.AccountNumeric || r.Due != 10000 || len(r.Zones) != 6 {
		t.Fatalf("%+v", r)
	}
	for _, want := range []Zone{
		{Name: "T1", Meter: "77", Prev: decimal.FromInt(10), Cur: 205_000_000, HasPrev: true, HasCur: true}, {Name: "T2", Meter: "77", Prev: decimal.FromInt(1), Cur: decimal.FromInt(2), HasPrev: true, HasCur: true},
		{Name: "day", Volume: 1_002_500_000}, {Name: "night", Prev: decimal.FromInt(5), Cur: decimal.FromInt(7), HasPrev: true, HasCur: true},
		{Name: "peak", Prev: decimal.FromInt(1), Cur: 45_000_000, HasPrev: true, HasCur: true}, {Name: "half_peak", Cur: decimal.FromInt(9), HasCur: true},
	} {
		found := false
		for _, z := range r.Zones {
			found = found || z == want
		}
		if !found {
			t.Errorf("no %+v in %+v", want, r.Zones)
		}
	}
}

func TestRowsOfOtherPeriods(t *testing.T) {
	_, rows := readAll(t, `{"kind":"csv","delimiter":";","period":"01.10.2026","columns":{"account":0,"period":1,"due":2}}`, charset.UTF8, "1;01.10.2026;1\n2;01.09.2026;1\n3;102026;1\n4;;1\n")
	if rows[0].OtherPeriod || !rows[1].OtherPeriod || rows[2].OtherPeriod || !rows[3].Quarantined() {
		t.Errorf("%+v", rows)
	}
}

func TestColumnsNamedInTheHeader(t *testing.T) {
	_, rows := readAll(t, `{"kind":"csv","delimiter":";","header_rows":2,"columns":{"account":"лицевой счет","due":"К оплате"}}`, charset.CP1251, "Реестр за октябрь\nФИО; К  ОПЛАТЕ ;Лицевой счёт\nИванов;5.00;17\n")
	if len(rows) != 1 || rows[0].Account != "17" || rows[0].Due != 500 {
		t.Errorf("%+v", rows)
	}
}

func TestArrayOfJSONUnderAPath(t *testing.T) {
	_, rows := readAll(t, `{"kind":"json","record":"data.items","money":"kopeck_int","paths":{"account":"a","due":"d"}}`, charset.UTF8, `{"v":[1,{"x":"]"}],"data":{"n":2,"items":[ {"a":"1","d":5}, {"a":"\u0416\"2","d":7} ]}}`)
	if len(rows) != 2 || rows[0].Due != 5 || rows[1].Account != `Ж"2` {
		t.Errorf("%+v", rows)
	}
}

func TestSpreadsheetNumbersDatesAndRowsThatAreNoData(t *testing.T) {
	book := rawBook(`<row r="1"><c r="A1" t="inlineStr"><is><t>Реестр</t></is></c></row>
		<row r="3"><c r="A3" t="inlineStr"><is><t>ЛС</t></is></c><c r="B3" t="inlineStr"><is><t>Период</t></is></c><c r="C3" t="inlineStr"><is><t>К оплате</t></is></c></row>
		<row r="4"><c r="A4" t="inlineStr"><is><t>ул. Новая, 1</t></is></c></row>
		<row r="5"><c r="A5"><v>4.00010123E+8</v></c><c r="B5" s="1"><v>46296</v></c><c r="C5"><v>10.199999999999999</v></c></row>
		<row r="6"><c r="A6" t="inlineStr"><is><r><t>0000</t></r><r><t>00012</t></r></is></c><c r="B6" t="inlineStr"><is><t>10.2026</t></is></c><c r="C6" t="inlineStr"><is><t>1 933,47</t></is></c></row>
		<row r="7"><c r="A7" t="inlineStr"><is><t>ЛС</t></is></c><c r="B7" t="inlineStr"><is><t>Период</t></is></c><c r="C7" t="inlineStr"><is><t>К оплате</t></is></c></row>
		<row r="8"><c r="B8" t="inlineStr"><is><t>Итого по дому:</t></is></c><c r="C8"><v>1943.67</v></c></row>
		<row r="9"><c r="A9" t="inlineStr"><is><t>Всего</t></is></c><c r="C9"><v>1943.67</v></c></row>
		<row r="10"><c r="B10" t="inlineStr"><is><t>10.2026</t></is></c><c r="C10"><v>5</v></c></row>`)
	var p Profile
	if err := json.Unmarshal([]byte(`{"kind":"xlsx_grouped","header_row":3,"money":"rub_number","account_width":9,"total_label":"Всего","control_total":{"column":"К оплате"},"period":"1026","columns":{"account":"ЛС","period":"Период","due":"К оплате"}}`), &p); err != nil {
		t.Fatal(err)
	}
	var rows []Row
	sum, err := Read(context.Background(), bytesFile("f.xlsx", book), p, Options{}, func(r *Row) error {
		row := *r
		row.Findings = append([]Finding(nil), r.Findings...)
		rows = append(rows, row)
		return nil
	})
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v %+v", err, rows)
	}
	a, b, c := rows[0], rows[1], rows[2]
	if a.Account != "400010123" || len(a.Findings) > 0 || a.Due != 1020 || a.Month != 202610 || a.GroupAddress != "ул. Новая, 1" || a.GroupPos != 4 {
		t.Errorf("%+v", a)
	}
	if b.Account != "000000012" || b.Due != 193347 || b.Findings[0].Type != "amount_format" || b.OtherPeriod {
		t.Errorf("%+v", b)
	}
	if !c.Quarantined() || c.Findings[0].Code != "row.account_missing" || c.Pos != 10 {
		t.Errorf("%+v", c)
	}
	if sum.Groups != 1 || sum.Control.Pos != 9 || sum.Control.File != 194367 {
		t.Errorf("%+v", sum)
	}
}

// rawBook is a workbook with the given rows; style 1 is a date.
func rawBook(rows string) []byte {
	return archiveOf(map[string][]byte{
		"[Content_Types].xml":        []byte("<Types/>"),
		"xl/workbook.xml":            []byte(`<workbook xmlns:r="r"><sheets><sheet name="скрытый" state="hidden" r:id="r1"/><sheet name="Реестр" r:id="r1"/></sheets></workbook>`),
		"xl/_rels/workbook.xml.rels": []byte(`<Relationships><Relationship Id="r1" Target="/xl/worksheets/sheet1.xml"/></Relationships>`),
		"xl/styles.xml":              []byte(`<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-419]mmmm\ yyyy;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`),
		"xl/worksheets/sheet1.xml":   []byte("<worksheet><sheetData>" + rows + "</sheetData></worksheet>"),
	})
}

func TestProfilesAreCheckedAndTheWrongKeyIsNamed(t *testing.T) {
	good := `"columns":{"account":0,"due":1}`
	for name, c := range map[string][2]string{
		"kind":                   {`{"kind":"xls",` + good + `}`, "kind"},
		"delimiter of two":       {`{"kind":"csv","delimiter":";;",` + good + `}`, "delimiter"},
		"money":                  {`{"kind":"csv","delimiter":";","money":"usd",` + good + `}`, "money"},
		"encoding":               {`{"kind":"csv","delimiter":";","encoding":"cp1999",` + good + `}`, "encoding"},
		"no sums":                {`{"kind":"csv","delimiter":";","columns":{"account":0}}`, "columns"},
		"name without header":    {`{"kind":"csv","delimiter":";","columns":{"account":0,"due":"К оплате"}}`, "columns.due"},
		"negative column":        {`{"kind":"csv","delimiter":";","columns":{"account":-1,"due":1}}`, "columns"},
		"text for a number":      {`{"kind":"csv","delimiter":";","header_rows":"two",` + good + `}`, "header_rows"},
		"XML without record":     {`{"kind":"xml","columns":{"account":"a","due":"b"}}`, "record"},
		"index in JSON":          {`{"kind":"ndjson","paths":{"account":"a","due":3}}`, "paths.due"},
		"1C without its keys":    {`{"kind":"1c","columns":{"account":"a","due":"b"}}`, "doc_start"},
		"check of accounts":      {`{"kind":"csv","delimiter":";","account":{"check":"crc"},` + good + `}`, "account.check"},
		"transform":              {`{"kind":"csv","delimiter":";","transforms":{"fio":[{"op":"shout"}]},` + good + `}`, "transforms.fio.op"},
		"what to do on mismatch": {`{"kind":"csv","delimiter":";","on_control_mismatch":"cry",` + good + `}`, "on_control_mismatch"},
		"kind of payments out":   {`{"kind":"csv","delimiter":";","payments_out":{"kind":"pdf"},` + good + `}`, "payments_out.kind"},
		"mask":                   {`{"kind":"csv","delimiter":";","file_mask":"(",` + good + `}`, "file_mask"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decodeList("профиль.json", "registers", []json.RawMessage{[]byte(c[0])})
			f := asFault(err)
			if f == nil || f.Field != c[1] || !strings.Contains(f.Message, "профиль.json, registers[0]") {
				t.Errorf("%v, field %q, want %q", err, f.Field, c[1])
			}
		})
	}
}

func TestUnknownKeysAndRolesAreTolerated(t *testing.T) {
	sum, rows := readAll(t, `{"kind":"csv","delimiter":";","future":{"x":1},"quote":null,"columns":{"account":0,"due":1,"mood":2}}`, charset.UTF8, "1;2.00;хорошее\n")
	if sum.Rows != 1 || rows[0].Extra["mood"] != "хорошее" {
		t.Errorf("%+v", rows)
	}
}

func TestTransformsRunBeforeACellIsUnderstood(t *testing.T) {
	_, rows := readAll(t, `{"kind":"csv","delimiter":";","encoding":"cp1251","columns":{"account":0,"service":1,"paid":2,"due":3},"transforms":{"account":[{"op":"strip_prefix","value":"ЛС "},{"op":"pad_left","width":4}],"service":[{"op":"map","values":{"1":"ХВС"}}],"paid":[{"op":"negate"}]}}`, charset.CP1251, "ЛС 17;1;-5.00;1.00\n")
	if r := rows[0]; r.Account != "0017" || r.Service != "ХВС" || r.Paid != 500 {
		t.Errorf("%+v", r)
	}
}

func TestAccountChecks(t *testing.T) {
	for name, c := range map[string]struct {
		rule      *AccountRule
		good, bad []string
	}{
		"luhn":    {&AccountRule{Check: "luhn"}, []string{"620000666110"}, []string{"620000666111", "62A", ""}},
		"ИНН":     {&AccountRule{Check: "mod11", Weights: []int{2, 4, 10, 3, 5, 9, 4, 6, 8}}, []string{"7707049388"}, []string{"7707049389", "77"}},
		"pattern": {&AccountRule{Pattern: `K\d{7}`}, []string{"K0069533"}, []string{"К0069533", "K00695331"}},
		"no rule": {nil, []string{"", "что угодно"}, nil},
	} {
		check := (&Profile{Account: c.rule}).AccountChecker()
		for _, n := range c.good {
			if !check(n) {
				t.Errorf("%s: %q refused", name, n)
			}
		}
		for _, n := range c.bad {
			if check(n) {
				t.Errorf("%s: %q taken", name, n)
			}
		}
	}
}

func TestVersionsCompareAsNumbersOrMoments(t *testing.T) {
	for _, c := range [][2]string{{"9", "10"}, {"1", "02"}, {"", "1"}, {"2026-10-01T09:00:00", "2026-10-02T08:00:00"}} {
		if CompareVersions(c[0], c[1]) >= 0 || CompareVersions(c[1], c[0]) <= 0 || CompareVersions(c[0], c[0]) != 0 {
			t.Errorf("%q and %q", c[0], c[1])
		}
	}
}
