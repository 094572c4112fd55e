package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/payment"
	"kvit/internal/qr"
	"kvit/internal/reconcile"
)

const (
	townBIC = "049900802"
	ourBank = "40702810699000000064"
)

// personal is a bank account of a person that fits the БИК of the town.
func personal(t *testing.T) string {
	t.Helper()
	for key := range 10 {
		if account := fmt.Sprintf("40817810%d00000000001", key); qr.ValidBankAccount(townBIC, account) {
			return account
		}
	}
	t.Fatal("no key fits")
	return ""
}

// bankDay is one day of our bank account.
type bankDay struct {
	day              calendar.Date
	opening, in, out int
	documents        []string
}

func (s *bankDay) text() string {
	var b strings.Builder
	day := s.day.Dotted()
	fmt.Fprintf(&b, "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=UTF-8\r\nДатаНачала=%s\r\nДатаКонца=%s\r\nРасчСчет=%s\r\nСекцияРасчСчет\r\nДатаНачала=%s\r\nДатаКонца=%s\r\nРасчСчет=%s\r\nНачальныйОстаток=%d.00\r\nВсегоПоступило=%d.00\r\nВсегоСписано=%d.00\r\nКонечныйОстаток=%d.00\r\nКонецРасчСчет\r\n",
		day, day, ourBank, day, day, ourBank, s.opening, s.in, s.out, s.opening+s.in-s.out)
	for _, d := range s.documents {
		b.WriteString(strings.ReplaceAll(d, "\n", "\r\n"))
	}
	b.WriteString("КонецФайла\r\n")
	return b.String()
}

// came is money that came to us, left is money that left.
func came(day calendar.Date, number, sum int, payer, account, purpose string) string {
	return fmt.Sprintf("СекцияДокумент=Платежное поручение\nНомер=%d\nДата=%[2]s\nСумма=%d.00\nПлательщикСчет=%s\nПлательщик=%s\nПлательщикБИК=%s\nПолучательСчет=%s\nДатаПоступило=%[2]s\nНазначениеПлатежа=%[8]s\nКонецДокумента\n", number, day.Dotted(), sum, account, payer, townBIC, ourBank, purpose)
}

func left(day calendar.Date, number, sum int, account, purpose string) string {
	return fmt.Sprintf("СекцияДокумент=Платежное поручение\nНомер=%d\nДата=%[2]s\nСумма=%d.00\nПлательщикСчет=%s\nДатаСписано=%[2]s\nПолучатель=Получатель\nПолучательСчет=%[5]s\nНазначениеПлатежа=%[6]s\nКонецДокумента\n", number, day.Dotted(), sum, ourBank, account, purpose)
}

// bankTown is one flat with an account, and a centre with a bank account.
func bankTown(t *testing.T, d *db.DB) *App {
	t.Helper()
	clock := calendar.MicrosOf(calendar.NewDate(2026, 11, 26).Time(time.FixedZone("MSK", 3*3600))) + 43200_000_000
	a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler), Clock: func() calendar.Micros { clock++; return clock }})
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
			VALUES (1, 'Д1', '', '', 'Тестов', 'улица', 'Мира', '', '7', '', '', 2000, 5, 40, '', '', '', 1)`,
		"INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES (1, 'water', 'Вода', '', '', '', '', '', '', '', '', '[]', '', '', 1)",
		"INSERT INTO account_route (supplier_id, number, account_id, building_id) VALUES (1, '500100', 10, 1)",
		"INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (1, 10, 1, '500100', 1, 0, 0)",
		`INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (1, 10, 1, 0, 0, '77-000123', 'placed', '5', '', '{"fio":"СМИРНОВА А.П."}', 0)`,
		`INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (1, 10, 2, 0, 0, '500100', 'placed', '5', '', '{"fio":"СМИРНОВА А.П.","els":"20ОН123456"}', 0)`,
	} {
		if _, err := d.Handle().ExecContext(context.Background(), query); err != nil {
			t.Fatalf("%v in %s", err, query)
		}
	}
	contracts := "centre: {from: 2026-01-01, name: ООО «РКЦ», inn: '9950013244', bank: БАНК УЧЕБНЫЙ, bic: '" + townBIC + "', account: '" + ourBank + "'}\ncontracts: []\n"
	if _, err := a.Settlement.LoadContracts(context.Background(), "olga", strings.NewReader(contracts)); err != nil {
		t.Fatal(err)
	}
	return a
}

func take(t *testing.T, a *App, s *bankDay) {
	t.Helper()
	if _, err := a.Reconcile.LoadReader(context.Background(), clerk, s.day.String()+".txt", strings.NewReader(s.text()), nil); err != nil {
		t.Fatal(err)
	}
}

var vera = access.Actor{Role: access.System, Name: "vera"}

// TestBookEqualsTheBank: what statements show stands in the centre's book, movement by movement and in any order; money of
// nobody is hinted at by name and address, goes to an account or back by two persons, and leaves nothing over.
func TestBookEqualsTheBank(t *testing.T) {
	inOrder(t)
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a := bankTown(t, d)
		who := personal(t)
		day := calendar.NewDate(2026, 11, 24)
		if _, err := a.Payments.TakeLines(ctx, payment.Source{FileID: 1, Channel: "kassa"}, []payment.Line{{Row: 1, Operation: "1", SupplierCode: "water", Number: "500100", Date: day, Amount: 200_00}}, nil); err != nil {
			t.Fatal(err)
		}
		second := &bankDay{day: day.AddDays(1), opening: 1800, in: 198, documents: []string{came(day.AddDays(1), 5, 198, "Касса", "40702810100000000009", "Перечисление принятых платежей за 24.11.2026, комиссия 2.00")}}
		first := &bankDay{day: day, opening: 1000, in: 850, out: 50, documents: []string{
			came(day, 77, 700, "Смирнова Анна Петровна", who, "За воду, ул. Мира, д. 7, кв. 5"), came(day, 78, 150, "Чужой Иван Иванович", who, "ошибка"), left(day, 3, 50, "47423810000000000001", "Комиссия банка за ведение счёта"),
		}}
		take(t, a, second) // the later one first
		take(t, a, first)
		if _, err := a.Reconcile.Run(ctx, clerk, reconcile.Period{}); err != nil {
			t.Fatal(err)
		}
		book, err := a.Reconcile.BankBook(ctx, clerk)
		if err != nil || len(book.Accounts) != 1 || book.Accounts[0].Difference != 0 || book.Accounts[0].Book != 1998_00 || book.Unknown != 0 || book.Other != 50_00 || book.PartnerFee != 2_00 || book.Booked != 998_00 {
			t.Fatalf("%+v, %v", book, err)
		}
		list, err := a.Reconcile.Unidentified(ctx, clerk)
		if err != nil || len(list) != 2 || list[0].Age != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, u := range list {
			one, err := a.Reconcile.FindUnidentified(ctx, clerk, u.ID)
			if err != nil {
				t.Fatal(err)
			}
			wish := reconcile.Wish{Reason: "звонили", Shares: []payment.Share{{Supplier: "water", Number: "500100", Amount: u.Amount}}}
			if strings.HasPrefix(u.Payer, "Смирнова") != (len(one.Hints) == 1 && strings.Contains(one.Hints[0].Why, "адрес") && strings.Contains(one.Hints[0].Why, "имя")) {
				t.Errorf("hints of %s: %+v", u.Payer, one.Hints)
			}
			if !strings.HasPrefix(u.Payer, "Смирнова") {
				wish.Shares = nil // goes back to whoever sent it
			}
			if done, err := a.Reconcile.Propose(ctx, clerk, u.ID, wish); done || err != nil {
				t.Fatalf("%v, %v", done, err)
			}
			if _, err := a.Reconcile.Confirm(ctx, clerk, u.ID); fault.CodeOf(err) != "suspense.same_person" {
				t.Errorf("one person did both: %v", err)
			}
			if _, err := a.Reconcile.Confirm(ctx, vera, u.ID); err != nil {
				t.Fatal(err)
			}
		}
		back, err := a.Settlement.Returns(ctx, clerk, true)
		if err != nil || len(back) != 1 || back[0].Details.Payee.BankAccount != who || back[0].Details.Payee.Name != "Чужой Иван Иванович" {
			t.Fatalf("%+v, %v", back, err)
		}
		today := calendar.NewDate(2026, 11, 26)
		take(t, a, &bankDay{day: today, opening: 1998, out: 150, documents: []string{left(today, back[0].OrderNo, 150, who, back[0].Details.Purpose)}})
		if _, err := a.Settlement.CloseDay(ctx, "olga", today); err != nil {
			t.Fatal(err)
		}
		balances := centreBook(t, d)
		for name, left := range balances {
			if strings.HasPrefix(name, "clearing:") || name == ledger.Suspense || name == ledger.Transit {
				t.Errorf("%s is left with %d", name, left)
			}
		}
		if balances[ledger.Bank] != 848_00 || balances[ledger.Payable(1)] != -900_00 {
			t.Errorf("%v", balances)
		}
		if r, err := a.Check(ctx); err != nil || !r.OK {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// centreBook are the balances of the centre's book that are not zero.
func centreBook(t *testing.T, d *db.DB) map[string]int64 {
	t.Helper()
	m := map[string]int64{}
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		list, err := ledger.ListNamed(context.Background(), tx, ledger.Centre)
		for _, b := range list {
			m[b.Name] = int64(b.Amount)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestHintsTellOldNumbers: a number of earlier bills, and a unified one, lead to the account of today.
func TestHintsTellOldNumbers(t *testing.T) {
	inOrder(t)
	t.Parallel()
	a := bankTown(t, dbtest.SQLite(t))
	ctx := context.Background()
	for i, c := range []struct{ number, why string }{{"77-000123", "прежних"}, {"20ОН123456", "ЕЛС"}, {"500101", "одним знаком"}, {"999999", ""}} {
		day := calendar.NewDate(2026, 11, 24)
		if _, err := a.Payments.TakeLines(ctx, payment.Source{FileID: 1, Channel: "kassa"}, []payment.Line{{Row: i, Operation: fmt.Sprint(i), SupplierCode: "water", Number: c.number, Date: day, Amount: 5_00}}, nil); err != nil {
			t.Fatal(err)
		}
		list, err := a.Reconcile.Unidentified(ctx, clerk)
		if err != nil {
			t.Fatal(err)
		}
		u, err := a.Reconcile.FindUnidentified(ctx, clerk, list[len(list)-1].ID)
		if err != nil || (c.why == "") != (len(u.Hints) == 0) || c.why != "" && (u.Hints[0].Number != "500100" || !strings.Contains(u.Hints[0].Why, c.why)) {
			t.Errorf("%s: %+v, %v", c.number, u.Hints, err)
		}
	}
}
