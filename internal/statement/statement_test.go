package statement_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/reading/photo"
	"kvit/internal/statement"
)

// TestLifeOfADocument: the same request gives the same document while its facts are the same, a newer one replaces it, and one
// whose payment was taken back is withdrawn when anybody looks.
func TestLifeOfADocument(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newHouse(t, d)
		w.sent(10000, september, 0, 1000_00, 0)
		w.sent(10000, october, 1000_00, 500_00, 1000_00)
		order := w.paid(0, 10000, 20260920, 1000_00)
		first := w.made(0, statement.Payments, september, october)
		if again := w.made(0, statement.Payments, september, october); again.Number != first.Number || !again.Repeated || again.Digest != first.Digest {
			t.Errorf("asked again: № %s, was № %s", again.Number, first.Number)
		}
		if other := w.made(0, statement.Payments, october, october); other.Number == first.Number || first.Sum != 1000_00 || other.Sum != 0 {
			t.Errorf("another period: %+v", other.Sum)
		}
		w.paid(0, 10000, 20261010, 200_00)
		newer := w.made(0, statement.Payments, september, october)
		old, err := w.docs.Find(w.ctx, statement.PrintNumber(first.Number))
		if err != nil || old.State != statement.Replaced || old.Newer != newer.Number || newer.Sum != 1200_00 || old.Content.Sum != 1000_00 {
			t.Fatalf("replaced: %+v, %v", old, err)
		}
		w.paid(order, 10000, 20261120, -300_00)
		gone, err := w.docs.Find(w.ctx, strings.ToLower(newer.Number))
		if err != nil || gone.State != statement.Withdrawn || !strings.Contains(gone.Reason, "20.09.2026 отменён или возвращён") {
			t.Fatalf("after a payment was taken back: %s %q, %v", gone.State, gone.Reason, err)
		}
		if _, err := w.docs.Own(w.ctx, 1001, newer.Number); fault.CodeOf(err) != "statement.unknown" {
			t.Errorf("another household's document: %v", err)
		}
		if _, err := w.docs.Find(w.ctx, "7M4T-2KQ9-ABCD"); fault.CodeOf(err) != "statement.unknown" {
			t.Errorf("a number made up: %v", err)
		}
	})
}

// TestWithdrawnByThePeople: with a reason, once, and never one that was replaced.
func TestWithdrawnByThePeople(t *testing.T) {
	w := newHouse(t, dbtest.One(t))
	w.sent(10000, october, 0, 500_00, 0)
	d := w.made(0, statement.Charges, october, october)
	if err := w.docs.Withdraw(w.ctx, "ольга", d.Number, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	for _, reason := range []string{"Ошибка в адресе", "Другая причина"} {
		if err := w.docs.Withdraw(w.ctx, "ольга", d.Number, reason); err != nil {
			t.Fatal(err)
		}
	}
	if now, err := w.docs.Find(w.ctx, d.Number); err != nil || now.State != statement.Withdrawn || now.Reason != "Ошибка в адресе" {
		t.Errorf("%+v, %v", now, err)
	}
	w.sent(10000, october, 0, 700_00, 0) // the supplier's figures changed
	e := w.made(0, statement.Charges, october, october)
	w.sent(10000, october, 0, 600_00, 0)
	if now, err := w.docs.Find(w.ctx, e.Number); err != nil || now.State != statement.Withdrawn || !strings.Contains(now.Reason, "октябрь 2026, Холодная вода") {
		t.Errorf("after the supplier's correction: %+v, %v", now, err)
	}
}

// TestNoDebt: what is late is refused with what is owed, what is not late is not; a supplier who is silent is waited for.
func TestNoDebt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newHouse(t, d)
		ask := func(flat int, supplier string) (*statement.Document, *statement.Refusal) {
			d, refused, err := w.docs.Make(w.ctx, statement.Request{Ref: ref(flat), Kind: statement.NoDebt, Supplier: supplier, Actor: "житель"})
			if err != nil {
				t.Fatal(err)
			}
			return d, refused
		}
		w.goTo(2026, 11, 10)
		w.sent(10000, october, 0, 500_00, 0)
		w.sent(10001, october, 0, 300_00, 0)
		if made, refused := ask(0, ""); refused != nil || made.Sum != 0 {
			t.Fatalf("the 16th has not gone by: %+v", refused)
		}
		w.goTo(2026, 11, 26)
		_, refused := ask(0, "")
		if refused == nil || len(refused.Debts) != 2 || refused.Debts[0].Sum() != 500_00 || refused.Debts[0].Since != october || !strings.Contains(refused.Why, "800,00") {
			t.Fatalf("on the 26th: %+v", refused)
		}
		w.paid(0, 10001, 20261125, 300_00)
		if made, refused := ask(0, "s2"); refused != nil || made.Supplier != 2 {
			t.Errorf("of the supplier who is paid: %+v", refused)
		}
		if _, refused := ask(0, "s1"); refused == nil || len(refused.Debts) != 1 {
			t.Errorf("of the other: %+v", refused)
		}
		w.sent(10010, october, 0, 100, 0)
		w.paid(0, 10010, 20261125, 100)
		w.sent(10011, september, 0, 0, 0)
		_, refused = ask(1, "")
		if refused == nil || refused.Supplier != "Теплосеть" || refused.AnswerBy != 20261201 {
			t.Fatalf("a supplier is silent: %+v", refused)
		}
		if list, err := w.docs.ListWaiting(w.ctx, 0, 10); err != nil || len(list) != 1 || list[0].Ref != ref(1) {
			t.Errorf("waiting: %+v, %v", list, err)
		}
		asked, err := w.docs.ListAsked(w.ctx, 2, 10)
		if err != nil || len(asked) != 1 || len(asked[0].Accounts) != 1 || asked[0].Accounts[0] != "10011" || asked[0].AnswerBy != 20261201 {
			t.Errorf("what waits for him: %+v, %v", asked, err)
		}
		if others, err := w.docs.ListAsked(w.ctx, 1, 10); err != nil || len(others) != 0 {
			t.Errorf("what waits for another: %+v, %v", others, err)
		}
		w.finishes(0, 1, 0)
		w.goTo(2026, 12, 2)
		w.finishes(0, 1, 1)
		w.sent(10011, october, 0, 0, 0)
		w.finishes(1, 0, 0)
		if _, refused = ask(1, ""); refused != nil {
			t.Errorf("he has told: %+v", refused)
		}
		if list, err := w.docs.ListWaiting(w.ctx, 0, 10); err != nil || len(list) != 0 {
			t.Errorf("still waiting: %+v, %v", list, err)
		}
	})
}

// finishes makes what waited and can be made; it counts the documents of the second flat, each of which is told, and what waits on.
func (w *house) finishes(documents, open, late int) {
	w.t.Helper()
	told := 0
	w.docs.Tell = func(context.Context, *db.Tx, *statement.Document) error { told++; return nil }
	if err := w.docs.FinishWaiting(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	w.docs.Tell = nil
	list, err := w.docs.List(w.ctx, ref(1).Household, 10)
	n, over, failed := w.docs.CountAsked(w.ctx, 2)
	if err != nil || failed != nil || len(list) != documents || told != documents || n != open || over != late {
		w.t.Errorf("%d documents, %d told, %d wait, %d late; %v, %v", len(list), told, n, over, err, failed)
	}
}

// TestFiguresOfDocuments: every kind says what the bill says, its tables add up, and each draws itself.
func TestFiguresOfDocuments(t *testing.T) {
	w := newHouse(t, dbtest.One(t))
	w.sent(10000, september, 100, 1000_00, 0)
	w.sent(10000, october, 1001_00, 500_50, 200_00)
	w.sent(10001, october, -50_00, 300_00, 0)
	w.paid(0, 10000, 20261005, 200_00)
	w.paid(0, 10000, 20261120, 333_33)
	b, err := w.bills.At(w.ctx, ref(0), 0)
	if err != nil {
		t.Fatal(err)
	}
	for kind, sum := range map[statement.Kind]money.Amount{statement.Account: b.Total - b.Advance, statement.Bill: b.Total, statement.Charges: 1800_50, statement.Payments: 533_33} {
		d := w.made(0, kind, september, november)
		if d.Sum != sum || d.Content.Sum != sum {
			t.Errorf("%s: %s, the bill says %s", kind, d.Sum.Format(), sum.Format())
		}
		for i := range d.Content.Tables {
			addsUp(t, kind, &d.Content.Tables[i])
		}
		var paper bytes.Buffer
		if err := w.docs.PDF(&paper, d, false); err != nil || !bytes.HasPrefix(paper.Bytes(), []byte("%PDF")) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, refused, err := w.docs.Make(w.ctx, statement.Request{Ref: ref(0), Kind: statement.Charges, From: 202601, To: 202602}); err != nil || refused == nil || !strings.Contains(refused.Why, "с сентября 2026") {
		t.Errorf("before anything is known: %+v, %v", refused, err)
	}
	for _, kind := range statement.Kinds {
		if d, refused, err := w.docs.Make(w.ctx, statement.Request{Ref: ref(2), Kind: kind}); err != nil || refused == nil {
			t.Errorf("%s of a household without anything: %+v, %v", kind, d, err)
		}
	}
}

// addsUp holds a table to its last row.
func addsUp(t *testing.T, kind statement.Kind, table *statement.Table) {
	t.Helper()
	if !table.Total || len(table.Rows) == 0 {
		return
	}
	last := table.Rows[len(table.Rows)-1]
	for i := len(last) - table.Numbers; i < len(last); i++ {
		if table.Title == "По месяцам" && (table.Columns[i] == "Было" || table.Columns[i] == "Осталось") {
			continue // balances do not add up over time
		}
		var sum money.Amount
		for _, row := range table.Rows[:len(table.Rows)-1] {
			a, err := money.Parse(row[i])
			if err != nil {
				t.Fatal(err)
			}
			sum += a
		}
		if sum.FormatBare() != last[i] {
			t.Errorf("%s, «%s», %s: rows come to %s, the total is %s", kind, table.Title, table.Columns[i], sum.FormatBare(), last[i])
		}
	}
}

// TestNumbers: a number is found however it is typed, and with one wrong sign it is none.
func TestNumbers(t *testing.T) {
	w := newHouse(t, dbtest.One(t))
	w.sent(10000, october, 0, 500_00, 0)
	number := w.made(0, statement.Charges, october, october).Number
	const signs = "2456789ABCDEFGHJKMNPQRSTVWXYZ"
	rapid.Check(t, func(t *rapid.T) {
		at, sign := rapid.IntRange(0, len(number)-1).Draw(t, "at"), rapid.SampledFrom([]byte(signs)).Draw(t, "sign")
		typed := number[:at] + string(sign) + number[at+1:]
		want := number
		if typed != number {
			want = ""
		}
		typed = strings.NewReplacer("A", "А", "K", "к", "M", "М", "H", "н").Replace(statement.PrintNumber(typed))
		if got := statement.FoldNumber(" " + typed + " "); got != want {
			t.Fatalf("%q is read as %q, not %q", typed, got, want)
		}
	})
}

// TestPaperless: consent is kept with its words, paper comes again when it is asked for, and only the first delivery counts.
func TestPaperless(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newHouse(t, d)
		w.sent(10000, october, 0, 500_00, 0)
		w.sent(10010, october, 0, 500_00, 0)
		w.sent(10020, october, 0, 500_00, 0)
		for flat := range 3 {
			if _, err := w.bills.Issue(w.ctx, bill.Decision{Ref: ref(flat), Month: october, Reason: "проверка", Actor: "ольга"}); err != nil {
				t.Fatal(err)
			}
		}
		dir := t.TempDir()
		print := func(bills, without int) {
			t.Helper()
			run, err := w.docs.Print(w.ctx, statement.PrintRequest{Month: october, Dir: dir})
			if err != nil || run.Bills != bills || run.Without != without || len(run.Houses) != 1 {
				t.Fatalf("%+v, %v", run, err)
			}
			pdf, err := os.ReadFile(filepath.Join(dir, run.Houses[0].File))
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
				t.Fatal(err)
			}
		}
		print(3, 0)
		set := func(given bool) {
			t.Helper()
			if err := w.docs.SetPaperless(w.ctx, "житель", ref(1), given); err != nil {
				t.Fatal(err)
			}
		}
		set(true)
		set(true)
		print(2, 1)
		if p, err := w.docs.PaperlessOf(w.ctx, ref(1)); err != nil || !p.Given || p.Version != statement.ConsentVersion {
			t.Errorf("%+v, %v", p, err)
		}
		b, err := w.bills.IssuedFor(w.ctx, ref(1), october, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, channel := range []string{statement.ByPage, statement.ByPDF, statement.ByPage} {
			if err := w.docs.Delivered(w.ctx, b, channel, "житель"); err != nil {
				t.Fatal(err)
			}
		}
		if list, err := w.docs.ListDeliveries(w.ctx, ref(1), october, 1); err != nil || len(list) != 2 || list[0].Channel != statement.ByPage || list[0].At >= list[1].At {
			t.Errorf("%+v, %v", list, err)
		}
		set(false)
		print(3, 0)
		if bills, err := w.bills.IssuedOf(w.ctx, 1, october, func(int64) bool { return false }); err != nil || bills[0].Flat != "1" || bills[1].Flat != "2" || bills[2].Flat != "10" {
			t.Errorf("flats are not in order: %v", err)
		}
	})
}

// TestIssuedBillsAreChecked: number and code together find an issued bill, a wrong code finds nothing; its XML says its sums.
func TestIssuedBillsAreChecked(t *testing.T) {
	w := newHouse(t, dbtest.One(t))
	w.sent(10000, october, 0, 500_50, 0)
	x, err := w.bills.Issue(w.ctx, bill.Decision{Ref: ref(0), Month: october, Reason: "проверка", Actor: "ольга"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.bills.FindIssued(w.ctx, strings.ToLower(x.Number), strings.ReplaceAll(x.CheckCode(), "-", " "))
	if err != nil || b.Issued.Digest != x.Digest || b.Total != 500_50 {
		t.Fatal(err)
	}
	for _, wrong := range [][2]string{{x.Number, "0000-0000"}, {x.Number + "/2", x.CheckCode()}, {"К-2609-" + x.Number[len("К-2610-"):], x.CheckCode()}, {"К-2610-2222222222", x.CheckCode()}, {"", ""}} {
		if _, err := w.bills.FindIssued(w.ctx, wrong[0], wrong[1]); fault.CodeOf(err) != "bill.check_unknown" {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	if _, err := w.bills.Issue(w.ctx, bill.Decision{Ref: ref(0), Month: october, Version: 1, Reason: "исправлено", Actor: "ольга"}); err != nil {
		t.Fatal(err)
	}
	if b, err = w.bills.FindIssued(w.ctx, x.Number, x.CheckCode()); err != nil || b.Issued.State != bill.IssuedReplaced || b.Newer() != x.Number+"/2" {
		t.Errorf("replaced by %q: %v", b.Newer(), err)
	}
	var xml bytes.Buffer
	if err := b.WriteXML(&xml); err != nil || !strings.Contains(xml.String(), `<toPay>50050</toPay>`) || !strings.Contains(xml.String(), `charged="50050"`) {
		t.Errorf("%v\n%s", err, xml.String())
	}
	for _, p := range []struct {
		inn, account string
		want         bill.Payee
	}{
		{"7707 049380", "4070 2810 1382 5012 3010", bill.Payee{Name: "Водоканал", Known: true, Ours: true}}, {"7707049380", "40702810138250123011", bill.Payee{Name: "Водоканал", Known: true}},
		{"7707049399", "40702810138250123010", bill.Payee{}}, {"", "", bill.Payee{}},
	} {
		if got, err := w.bills.FindPayee(w.ctx, p.inn, p.account); err != nil || got != p.want {
			t.Errorf("%s %s: %+v, %v", p.inn, p.account, got, err)
		}
	}
}

// TestForgeries: a report is kept once with its picture, and the centre says what the paper was.
func TestForgeries(t *testing.T) {
	w := newHouse(t, dbtest.One(t))
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, image.NewGray(image.Rect(0, 0, 40, 40)), nil); err != nil {
		t.Fatal(err)
	}
	picture, err := photo.Read(&raw)
	if err != nil {
		t.Fatal(err)
	}
	report := statement.Forgery{Key: "key-of-a-form-000000001", Number: "К-1", INN: "77", Contact: "ivan@example.ru"}
	if _, err := w.docs.Report(w.ctx, report, nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("nothing said: %v", err)
	}
	first, err := w.docs.Report(w.ctx, report, picture)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.docs.Report(w.ctx, report, picture); err != nil || again != first {
		t.Errorf("sent twice: %d and %d, %v", first, again, err)
	}
	f, err := w.docs.OpenPhoto(w.ctx, first)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := w.docs.JudgeForgery(w.ctx, "ольга", first, statement.ForgeryForged, "Счёт не наш"); err != nil {
		t.Fatal(err)
	}
	open, err := w.docs.ListForgeries(w.ctx, false, 10)
	all, err2 := w.docs.ListForgeries(w.ctx, true, 10)
	if err != nil || err2 != nil || len(open) != 0 || len(all) != 1 || all[0].Answer != "Счёт не наш" {
		t.Errorf("%+v %+v %v %v", open, all, err, err2)
	}
}
