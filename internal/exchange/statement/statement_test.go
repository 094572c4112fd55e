package statement

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kvit/internal/exchange/charset"
	"kvit/internal/fault"
)

const head = "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nДатаНачала=01.10.2026\r\nДатаКонца=31.10.2026\r\nРасчСчет=40702810000000000001\r\n"

func doc(lines ...string) string {
	return "СекцияДокумент=Платежное поручение\r\n" + strings.Join(lines, "\r\n") + "\r\nКонецДокумента\r\n"
}

var (
	credit = doc("Номер=7", "Дата=05.10.2026", "Сумма=700", "ПлательщикСчет=40817810000000000002", "Плательщик=500100732259, Иванов Иван Иванович", "ПолучательРасчСчет=40702810000000000001", "ДатаПоступило=05.10.2026", "НазначениеПлатежа1=ЛС: 12=3", "НазначениеПлатежа2=за октябрь")
	debit  = doc("Номер=8/а", "Сумма=100.50", "ПлательщикСчет=40702810000000000001", "ДатаСписано=06.10.2026", "ПолучательСчет=40702810000000000009", "НазначениеПлатежа=Оплата")
	order  = doc("Номер=9", "Сумма=1.00", "ПлательщикСчет=40702810000000000001", "ПолучательСчет=40702810000000000009")
)

func read(t *testing.T, text []byte) (list []string, sum Summary, err error) {
	t.Helper()
	sum, err = Read(bytes.NewReader(text), int64(len(text)), func(m *Movement) error {
		side := "-"
		if m.Incoming {
			side = "+"
		}
		list = append(list, fmt.Sprintf("%s%s %v № %s: %s, %s (%s)", side, m.Sum, m.Date, m.Number, m.Other().Name, m.Purpose, m.Other().INN))
		return nil
	})
	return list, sum, err
}

func TestDirectionsOrdersAndPurposes(t *testing.T) {
	list, sum, err := read(t, []byte(head+credit+debit+order+"КонецФайла\r\n"))
	want := "+700.00 2026-10-05 № 7: Иванов Иван Иванович, ЛС: 12=3 за октябрь (500100732259)|-100.50 2026-10-06 № 8/а: , Оплата ()"
	if got := strings.Join(list, "|"); err != nil || got != want || sum.Orders != 1 {
		t.Errorf("%v, orders %d\n got %s\nwant %s", err, sum.Orders, got, want)
	}
}

func TestATransferBetweenOwnAccountsIsTwoMovements(t *testing.T) {
	own := doc("Номер=1", "Сумма=5.00", "ПлательщикСчет=40702810000000000001", "ДатаСписано=06.10.2026", "ПолучательСчет=40702810000000000003", "ДатаПоступило=06.10.2026")
	list, _, err := read(t, []byte(head+"РасчСчет=40702810000000000003\r\n"+own+"КонецФайла\r\n"))
	if err != nil || len(list) != 2 || list[0][0] != '-' || list[1][0] != '+' {
		t.Errorf("%v: %q", err, list)
	}
}

func section(opening, in, out, closing string) string {
	return "СекцияРасчСчет\r\nДатаНачала=01.10.2026\r\nДатаКонца=31.10.2026\r\nРасчСчет=40702810000000000001\r\nНачальныйОстаток=" + opening + "\r\nВсегоПоступило=" + in + "\r\nВсегоСписано=" + out + "\r\nКонечныйОстаток=" + closing + "\r\nКонецРасчСчет\r\n"
}

func TestEndsThatAreToleratedAndFilesThatAreRefused(t *testing.T) {
	whole := section("10", "700", "100.50", "609.50")
	cp1251, _ := charset.CP1251.Append(nil, head+credit)
	for name, c := range map[string]struct {
		text []byte
		want string // code, '' is taken
	}{
		"all there":                            {[]byte(head + whole + credit + debit + "КонецФайла"), ""},
		"no end mark, totals agree":            {[]byte(head + whole + credit + debit), ""},
		"no end mark, a movement is missing":   {[]byte(head + whole + credit), "file.truncated"},
		"cut inside a document":                {[]byte(head + credit[:len(credit)-40]), "file.truncated"},
		"cut inside the account":               {[]byte(head + whole[:len(whole)-30]), "file.truncated"},
		"end of a document missing":            {[]byte(head + strings.TrimSuffix(credit, "КонецДокумента\r\n") + "КонецФайла\r\n"), ""},
		"end of a document missing before one": {[]byte(head + strings.TrimSuffix(credit, "КонецДокумента\r\n") + debit + "КонецФайла\r\n"), ""},
		"end mark in another encoding":         {append(cp1251, "КонецФайла\r\n"...), ""},
		"a sum that is none":                   {[]byte(head + doc("Номер=1", "Сумма=сто", "ДатаПоступило=05.10.2026") + "КонецФайла"), "statement.field"},
		"another file":                         {[]byte("лс;сумма\n1;2\n"), "statement.kind"},
	} {
		if _, _, err := read(t, c.text); fault.CodeOf(err) != c.want && (err != nil || c.want != "") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestContradictionsAreNoted(t *testing.T) {
	_, sum, err := read(t, []byte(head+section("10", "700", "0", "700")+credit+debit+"КонецФайла"))
	if err != nil || len(sum.Notes) != 2 || sum.Notes[0].Code != "statement.balance" || sum.Notes[1].Code != "statement.flows" {
		t.Errorf("%v %+v", err, sum.Notes)
	}
}

func TestBothEncodingsSayTheSame(t *testing.T) {
	text := head + section("10", "700", "100.50", "609.50") + credit + debit + "КонецФайла\r\n"
	one, _, err := read(t, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, enc := range []charset.Encoding{charset.CP1251, charset.CP866} {
		b, _ := enc.Append(nil, text)
		if other, _, err := read(t, b); err != nil || strings.Join(other, "|") != strings.Join(one, "|") {
			t.Errorf("%v: %v %q", enc, err, other)
		}
	}
}

// TestPublishedSamples reads the statements banks publish, which are beside the checkout.
func TestPublishedSamples(t *testing.T) {
	const dir = "../../../../shared/samples"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("ПРОПУЩЕНО: нет образцов выписок ../shared/samples")
	}
	for name, want := range map[string]string{
		"1c-client-bank/statement_uk_residents_utf8.txt":             "1c utf-8 2+2 0 ",
		"1c-client-bank/statement_vtb_2024_cp1251.txt":               "1c cp1251 0+2 1 ",
		"1c-client-bank/payment_orders_to_bank_cp1251_utf8_tail.txt": "1c cp1251 0+0 2 ",
		"1c-client-bank/invalid_unknown_property_truncated_utf8.txt": "1c utf-8 0+0 0 file.truncated",
		"directbank-xml/Statement.xml":                               "directbank utf-8 0+1 0 ",
	} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		list, sum, err := read(t, b)
		in := 0
		for _, x := range list {
			if x[0] == '+' {
				in++
			}
		}
		code := ""
		if err != nil {
			code = fault.CodeOf(err)
		}
		if got := fmt.Sprintf("%s %s %d+%d %d %s", sum.Kind, sum.Encoding, in, len(list)-in, sum.Orders, code); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(head + section("10", "700", "100.50", "609.50") + credit + debit + "КонецФайла"))
	f.Add([]byte(`<Statement xmlns="http://directbank.1c.ru/XMLSchema"><Data><Account>1</Account><OperationInfo><PayDoc><PayDocRu><DocNo>1</DocNo><Sum>5</Sum></PayDocRu></PayDoc><DC>2</DC><Date>2026-10-01</Date></OperationInfo></Data></Statement>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = Read(bytes.NewReader(text), int64(len(text)), func(m *Movement) error {
			if m.Sum <= 0 || m.Date == 0 {
				t.Errorf("a movement of nothing: %+v", m)
			}
			return nil
		})
	})
}
