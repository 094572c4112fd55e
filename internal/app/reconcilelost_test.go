package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/ledger"
)

// bankStatement is a statement of one day: a transfer of a payer nobody knows.
const bankStatement = "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=UTF-8\nРасчСчет=40702810900000000001\nСекцияРасчСчет\nДатаНачала=20.10.2026\nДатаКонца=20.10.2026\nНачальныйОстаток=0.00\nРасчСчет=40702810900000000001\n" +
	"ВсегоПоступило=150.00\nВсегоСписано=0.00\nКонечныйОстаток=150.00\nКонецРасчСчет\nСекцияДокумент=Платежное поручение\nНомер=17\nДата=20.10.2026\nСумма=150.00\nПлательщикСчет=40817810000000000001\nПлательщик=Иванова Мария Петровна\n" +
	"ПолучательСчет=40702810900000000001\nДатаПоступило=20.10.2026\nНазначениеПлатежа=за квартиру\nКонецДокумента\nКонецФайла\n"

// TestStatementIsBookedWhenLoadedAgain: a program that died between keeping a statement and booking its movements books them
// when the statement is loaded again, once.
func TestStatementIsBookedWhenLoadedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		died, whole := errors.New("died"), false
		for n := 0; !whole; n++ { // as many commits go well
			load := func() error {
				_, err := a.Reconcile.LoadReader(ctx, clerk, "s.txt", strings.NewReader(strings.Replace(bankStatement, "Номер=17", fmt.Sprint("Номер=1", n), 1)), nil)
				return err
			}
			commits := 0
			d.BreakCommits(func(commit func() error) error {
				if commits++; commits > n {
					return died
				}
				return commit()
			})
			err := load()
			if whole = err == nil; !whole && !errors.Is(err, died) {
				t.Fatalf("%v, want the fault", err)
			}
			d.BreakCommits(func(commit func() error) error { return commit() })
			for range 2 {
				if err := load(); err != nil {
					t.Fatal(err)
				}
				var sum int64
				if err := d.Read(ctx, func(tx *db.Tx) error {
					return tx.QueryRowContext(ctx, "SELECT coalesce(sum(amount_kop), 0) FROM ledger_entry WHERE building_id = $1 AND name = $2", ledger.Centre, ledger.Bank).Scan(&sum)
				}); err != nil || sum != int64(n+1)*15000 {
					t.Fatalf("%v: after %d commits the bank's account has %d, want %d", err, n, sum, (n+1)*15000)
				}
			}
		}
	})
}
