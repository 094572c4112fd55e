package agent

import (
	"encoding/xml"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The table of formats.md 2.6, written apart from the dialects: OSMP (and Sberbank's «command»), Sberbank's ACTION,
// CyberPlat.
var table = map[Outcome][3]int{
	OK: {0, 0, 0}, Repeated: {0, 8, 0}, Later: {1, 1, -1}, BadAccount: {4, 4, 2}, NoAccount: {5, 3, 2}, Inactive: {79, 5, 2}, TooSmall: {241, 10, 3}, TooLarge: {242, 11, 3},
	BadSum: {300, 9, 3}, BadTxn: {300, 6, 4}, BadDate: {300, 12, 5}, Forbidden: {7, 7, 1}, OtherData: {300, 6, 4}, UnknownCommand: {300, 2, 1},
	// Of 2.1, 2.2 and 2.4, without a row of 2.6.
	Unfinished: {90, 1, 8}, Unchecked: {243, 5, 2}, Broken: {8, 7, 10}, BadPhone: {300, 13, 10}, NotCancelled: {251, 7, 9}, NoPayment: {300, 6, 6}, Cancelled: {300, 300, 7}, Stranger: {300, 300, 10},
}

func TestCodesAreThoseOfTheTable(t *testing.T) {
	if len(table) != int(outcomes) {
		t.Fatalf("%d outcomes in the table, %d there are", len(table), outcomes)
	}
	for outcome, want := range table {
		for i, name := range [...]string{OSMP, Sber, CyberPlat} {
			if got := Find(name).Code(outcome); got != want[i] {
				t.Errorf("%s: %q is %d, want %d", name, outcome, got, want[i])
			}
		}
		if got := Find(SberCommand).Code(outcome); got != want[0] {
			t.Errorf("sber-command: %q is %d, want %d", outcome, got, want[0])
		}
		if outcome.String() == "" {
			t.Errorf("outcome %d has no words", outcome)
		}
	}
	for outcome := range outcomes { // all codes but 0, 1 and 90 stop the agent: a trouble of ours must not
		code := Find(OSMP).Code(outcome)
		if stops := code != 0 && code != 1 && code != 90; stops != (outcome != Later && outcome != Unfinished && !outcome.Done()) {
			t.Errorf("%q is answered %d", outcome, code)
		}
	}
}

// TestRequestsAreRead holds every way a request can be wrong to its outcome.
func TestRequestsAreRead(t *testing.T) {
	for _, c := range []struct {
		dialect, query string
		want           Outcome
	}{
		{OSMP, "command=check&txn_id=1&account=4000101&sum=10.45", OK},
		{OSMP, "command=check&account=4000101", OK},
		{OSMP, "COMMAND=pay&TXN_ID=1&TXN_DATE=20261123152700&ACCOUNT=4000101&SUM=10,5", OK},
		{OSMP, "command=pay&txn_id=1&txn_date=20261123152700&account=4000101&sum=0.00", TooSmall},
		{OSMP, "command=pay&txn_id=1&txn_date=20261123152700&account=4000101&sum=-5.00", BadSum},
		{OSMP, "command=pay&txn_id=1&txn_date=20261123152700&account=4000101&sum=5.001", BadSum},
		{OSMP, "command=pay&txn_id=1&txn_date=20261123152700&account=4000101&sum=1e3", BadSum},
		{OSMP, "command=pay&txn_id=1&txn_date=20261123152700&account=4000101", BadSum},
		{OSMP, "command=pay&txn_id=1&txn_date=20261323152700&account=4000101&sum=5", BadDate},
		{OSMP, "command=pay&txn_id=1&account=4000101&sum=5", BadDate},
		{OSMP, "command=pay&txn_id=abc&txn_date=20261123152700&account=4000101&sum=5", BadTxn},
		{OSMP, "command=pay&txn_date=20261123152700&account=4000101&sum=5", BadTxn},
		{OSMP, "command=pay&txn_id=123456789012345678901&txn_date=20261123152700&account=4000101&sum=5", BadTxn},
		{OSMP, "command=pay&txn_id=1&txn_date=20261123152700&sum=5", BadAccount},
		{OSMP, "command=check&account=" + strings.Repeat("1", 201), BadAccount},
		{OSMP, "command=buy&txn_id=1", UnknownCommand},
		{OSMP, "command=pay&txn_id=1&txn_date=20261123152700&account=1&account=2&sum=5", UnknownCommand},
		{OSMP, "command=cancel&txn_id=7", OK},
		{OSMP, "command=status", BadTxn},
		{Sber, "ACTION=check&ACCOUNT=4000101234567", OK},
		{Sber, "ACTION=payment&ACCOUNT=1&AMOUNT=580.00&PAY_ID=191120&PAY_DATE=16.11.2019_14:02:10", OK},
		{Sber, "ACTION=payment&ACCOUNT=1&AMOUNT=580.00&PAY_ID=191120&PAY_DATE=16/11/2019_14:02:10", OK},
		{Sber, "ACTION=payment&ACCOUNT=1&AMOUNT=580.00&PAY_ID=191120&PAY_DATE=31.02.2019_14:02:10", BadDate},
		{Sber, "ACTION=check&ACCOUNT=1&PHONE=89", BadPhone},
		{Sber, "ACTION=check&ACCOUNT=1&PHONE=%2B79001234567", OK},
		{Sber, "ACTION=pay&ACCOUNT=1", UnknownCommand},
		{SberCommand, "command=pay&account=1&txn_id=20250902000001&txn_date=20250902000001&sum=100.00", OK},
		{CyberPlat, "action=payment&number=1&amount=5.00&receipt=9&date=2026-11-23T15:27:00", OK},
		{CyberPlat, "action=payment&number=1&amount=5.00&receipt=9&date=20261123152700", BadDate},
		{CyberPlat, "action=cancel&receipt=9", OK},
	} {
		p, whole := ParamsOf(c.query)
		if _, got := Find(c.dialect).Read(p, time.UTC); got != c.want || !whole {
			t.Errorf("%s %s: %q, want %q", c.dialect, c.query, got, c.want)
		}
	}
}

func TestTextsComeInTwoEncodings(t *testing.T) {
	for _, text := range []string{"%D0%92-0014", "%C2-0014"} { // UTF-8, cp1251
		p, _ := ParamsOf("command=check&account=" + text)
		if q, _ := Find(OSMP).Read(p, time.UTC); q.Account != "В-0014" {
			t.Errorf("%s is %q", text, q.Account)
		}
	}
	if _, whole := ParamsOf("command=check&account=%ZZ"); whole {
		t.Error("a broken request passes for whole")
	}
}

const samples = "../../../../../shared/samples/biller-protocols"

// sample compares an answer with a published one, byte for byte.
func sample(t *testing.T, name string, got []byte) {
	t.Helper()
	want, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil {
		t.Skipf("ПРОПУЩЕНО: нет %s", samples)
	}
	if string(got) != string(want) {
		t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
	}
}

// TestAnswersAreThoseOfTheSamples writes the published answers byte for byte.
func TestAnswersAreThoseOfTheSamples(t *testing.T) {
	at := time.Date(2019, 11, 16, 14, 2, 10, 0, time.UTC)
	osmp, sber := Find(OSMP), Find(Sber)
	sample(t, "osmp/check_ok.xml", osmp.Write(&Request{Command: Check, Txn: "1234567"}, &Answer{Payer: "Ельников П. И.", Debt: 245030}))
	sample(t, "osmp/pay_ok.xml", osmp.Write(&Request{Command: Pay, Txn: "1234568"}, &Answer{Number: "2016", Sum: 1045}))
	paid := Answer{Number: "191120", At: at, Sum: 58000}
	sample(t, "sber-eps/payment_ok.xml", sber.Write(&Request{Command: Pay}, &paid))
	paid.Outcome = Repeated
	sample(t, "sber-eps/payment_duplicate.xml", sber.Write(&Request{Command: Pay}, &paid))
	sample(t, "sber-eps/not_found.xml", sber.Write(&Request{Command: Check}, &Answer{Outcome: NoAccount}))
	sample(t, "sber-eps/unknown_request.xml", sber.Write(&Request{}, &Answer{Outcome: UnknownCommand}))
	sample(t, "sber-eps/auth_failed.xml", sber.Write(&Request{Command: Check}, &Answer{Outcome: Stranger}))
	sample(t, "sber-eps/check_ok.xml", sber.Write(&Request{Command: Check}, &Answer{Payer: "Ж******* О******* М**************", Address: "Октябрьская ул, 8/а",
		Info: "+7********00 // Домашний интернет // СВ-ИТ0114 // Активен"}))
}

// TestRequestsOfTheSamplesAreRead reads every published request as what it is.
func TestRequestsOfTheSamplesAreRead(t *testing.T) {
	for file, dialect := range map[string]string{"osmp/requests.txt": OSMP, "sber-eps/requests.txt": Sber} {
		text, err := os.ReadFile(filepath.Join(samples, file))
		if err != nil {
			t.Skipf("ПРОПУЩЕНО: нет %s", samples)
		}
		for line := range strings.Lines(string(text)) {
			_, query, _ := strings.Cut(strings.TrimSpace(line), "?")
			name := dialect
			if strings.Contains(line, "/eps2") {
				name = SberCommand
			}
			p, whole := ParamsOf(query)
			if q, outcome := Find(name).Read(p, time.UTC); outcome != OK || !whole || q.Account == "" {
				t.Errorf("%s: %q", line, outcome)
			}
		}
	}
}

// TestAnswersAreXML holds whatever names hold to XML that reads back.
func TestAnswersAreXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		d := Find(rapid.SampledFrom(Names).Draw(t, "dialect"))
		q := &Request{Command: rapid.SampledFrom([]Command{Check, Pay, Status, Cancel, ""}).Draw(t, "command"), Txn: "1"}
		a := &Answer{Outcome: Outcome(rapid.IntRange(0, int(outcomes)-1).Draw(t, "outcome")), Payer: text, Address: text, Info: text, Number: rapid.SampledFrom([]string{"", "7"}).Draw(t, "number")}
		in := xml.NewDecoder(strings.NewReader(string(d.Write(q, a))))
		for {
			if _, err := in.Token(); err == io.EOF {
				return
			} else if err != nil {
				t.Fatalf("%v in %s", err, d.Write(q, a))
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("command=pay&txn_id=1&txn_date=20261123152700&account=4000101&sum=10.45")
	f.Fuzz(func(t *testing.T, query string) {
		p, _ := ParamsOf(query)
		for _, name := range Names {
			q, outcome := Find(name).Read(p, time.UTC)
			if outcome == OK && q.Command == Pay && (q.Sum <= 0 || q.Account == "" || q.Txn == "" || q.At.IsZero()) {
				t.Fatalf("%s took %+v of %s", name, q, query)
			}
			if _, err := url.ParseQuery(query); err == nil && outcome == OK && q.Command == "" {
				t.Fatalf("no command in %s", query)
			}
		}
	})
}
