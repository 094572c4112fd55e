package register

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// words are texts as people type them, with every sign that has a meaning somewhere.
var words = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
		"Ельников", "ПЁТР", "Ильич", "ул.", "кв. 4", "=", "+7", "@", `"Ромашка"`, "'", "-", ";", "|", "12/3", "O'Нил", "\t", "<b>", "&amp;",
	}), 0, 6).Draw(t, "words"), rapid.SampledFrom([]string{" ", "", ","}).Draw(t, "between"))
})

func paymentRow(t *rapid.T) Row {
	amount := money.Amount(rapid.Int64Range(-10_000_000, 10_000_000).Draw(t, "amount"))
	fee := money.Amount(rapid.Int64Range(0, 9999).Draw(t, "fee"))
	return Row{
		Date: calendar.NewDate(2026, rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day")), Time: "09-14-05",
		Operation: rapid.StringMatching(`[0-9A-F]{8,16}`).Draw(t, "operation"), Account: rapid.StringMatching(`[0-9A-Z/-]{0,3}[0-9]{3,10}`).Draw(t, "account"),
		FIO: strings.TrimSpace(words.Draw(t, "fio")), Address: strings.TrimSpace(words.Draw(t, "address")),
		Period: "1026", Month: 202610, Amount: amount, Net: amount - fee, Commission: fee,
	}
}

// seen is what Read must give back for a row of Write.
type seen struct {
	Date                                   calendar.Date
	Time, Operation, Account, FIO, Address string
	Month                                  calendar.Month
	Amount, Net, Commission                money.Amount
}

func seenOf(r *Row, l *Layout) seen {
	return seen{r.Date, r.Time, r.Operation, r.Account, l.safe(r.FIO), l.safe(r.Address), r.Month, r.Amount, r.Net, r.Commission}
}

func TestWhatWriteWroteReadsBackAsTheSameRows(t *testing.T) {
	for _, kind := range outKinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				rows := rapid.SliceOfN(rapid.Custom(paymentRow), 1, 20).Draw(t, "rows")
				p := Profile{Kind: kind, Money: rapid.SampledFrom(moneyForms).Draw(t, "money"), Encoding: rapid.SampledFrom(encodings[1:]).Draw(t, "encoding")}
				if kind != KindCSV || rapid.Bool().Draw(t, "own") {
					p.PaymentsOut = &Layout{Kind: kind, Quote: rapid.SampledFrom([]string{"", `"`}).Draw(t, "quote"), Header: rapid.Bool().Draw(t, "header"), Delimiter: rapid.SampledFrom([]string{";", "|", "\t"}).Draw(t, "delimiter")}
				}
				roundTrip(t, p.Layout(), rows)
			})
		})
	}
}

func roundTrip(t *rapid.T, l Layout, rows []Row) {
	var buf bytes.Buffer
	if err := Write(&buf, l, rows, Info{Day: 20261031}); err != nil {
		t.Fatal(err)
	}
	var want, got []seen
	for i := range rows {
		want = append(want, seenOf(&rows[i], &l))
	}
	f := File{Name: "out", Data: bytes.NewReader(buf.Bytes()), Size: int64(buf.Len())}
	sum, err := Read(context.Background(), f, l.Profile(), Options{}, func(r *Row) error {
		for _, finding := range r.Findings {
			if finding.Severity == Quarantined {
				t.Errorf("finding %+v", finding)
			}
		}
		got = append(got, seenOf(r, &l))
		return nil
	})
	if err != nil {
		t.Fatalf("%v\n%.2000q", err, buf.Bytes())
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("%s\n%.2000q", d, buf.Bytes())
	}
	if sum.Control.Declared && !sum.Control.Equal {
		t.Errorf("control %+v", sum.Control)
	}
}

func TestBankRegisterOfTwelveColumns(t *testing.T) {
	p := Profile{Kind: KindCSV, Encoding: "cp1251", Money: RubComma}
	rows := []Row{
		{Date: 20261123, Time: "09-14-05", Operation: "600000000001ABCD", Account: "4000101234567", FIO: "ЕЛЬНИКОВ ПЁТР", Address: "РЯЗАНЬ,УЛ НОВОСЁЛОВ;21", Month: 202610, Amount: 245030, Net: 242580, Commission: 2450, Extra: map[string]string{"branch": "8606", "terminal": "0123"}},
		{Date: 20261123, Time: "10-00-00", Operation: "2", Account: "1", FIO: "=cmd|' /C calc'!A0", Amount: -100, Net: -100},
	}
	var buf bytes.Buffer
	if err := Write(&buf, p.Layout(), rows, Info{Day: 20261123, Number: "104512", Paid: 20261124}); err != nil {
		t.Fatal(err)
	}
	want := "23-11-2026;09-14-05;8606;0123;600000000001ABCD;4000101234567;ЕЛЬНИКОВ ПЁТР;РЯЗАНЬ,УЛ НОВОСЁЛОВ,21;1026;2450,30;2425,80;24,50\r\n" +
		"23-11-2026;10-00-00;;;2;1;'=cmd|' /C calc'!A0;;;-1,00;-1,00;0,00\r\n" +
		"=2;2449,30;2424,80;24,50;104512;24-11-2026\r\n"
	if got := cp1251(buf.Bytes()); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestNameOfTheFileFollowsTheTemplate(t *testing.T) {
	l := Layout{FileName: "{inn}_РС_{number}_{mm}{yy}.txt"}
	if got := l.Name(Info{INN: "6229000001", Number: "001", Day: 20261031}); got != "6229000001_РС_001_1026.txt" {
		t.Error(got)
	}
}
