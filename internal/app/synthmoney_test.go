package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/reconcile"
)

// bookedOctober is what our book holds of the month's payments: by supplier, and of nobody's.
func bookedOctober(t *testing.T, a *App) (bySupplier map[string]int64, suspense int64) {
	t.Helper()
	bySupplier = map[string]int64{}
	err := a.DB.Read(context.Background(), func(tx *db.Tx) error {
		rows, err := tx.QueryContext(context.Background(), `SELECT s.code, CAST(sum(p.amount_kop) AS BIGINT) FROM v_payment_posted p JOIN account_route r ON r.account_id = p.account_id
			JOIN supplier s ON s.supplier_id = r.supplier_id GROUP BY s.code`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var code string
			var sum int64
			if err := rows.Scan(&code, &sum); err != nil {
				return err
			}
			bySupplier[code] = sum
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return tx.QueryRowContext(context.Background(), "SELECT CAST(coalesce(sum(balance_kop), 0) AS BIGINT) FROM ledger_balance WHERE name = 'suspense'").Scan(&suspense)
	})
	if err != nil {
		t.Fatal(err)
	}
	return bySupplier, suspense
}

// TestForeignCityIsReconciledToTruth: files of payments and a statement that our generator did not write. Each supplier's sum,
// the money of nobody and every difference put in are as the truth says, and there is no other.
func TestForeignCityIsReconciledToTruth(t *testing.T) {
	inOrder(t)
	t.Parallel()
	seed, err := strconv.Atoi(cmp.Or(os.Getenv("KVIT_CITY_SEED"), "20261126"))
	if err != nil {
		t.Fatal(err)
	}
	dir := makeSynthCity(t, 600, seed, "2026-10", "2").dir
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Payments struct {
			BySupplier map[string]int64 `json:"by_supplier"`
			Suspense   int64
			Statement  struct{ Credit int64 }
		}
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	a := settled(t, dbtest.SQLite(t), dir, 1, false)
	got, suspense := bookedOctober(t, a)
	for code, want := range truth.Payments.BySupplier {
		if got[code] != want {
			t.Errorf("%s: booked %d, truth %d", code, got[code], want)
		}
	}
	if len(got) != len(truth.Payments.BySupplier) || -suspense != truth.Payments.Suspense {
		t.Errorf("suppliers %d of %d, money of nobody %d of %d", len(got), len(truth.Payments.BySupplier), -suspense, truth.Payments.Suspense)
	}
	var named []string
	cases, err := a.Reconcile.ListCases(context.Background(), clerk, reconcile.CaseFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		named = append(named, fmt.Sprintf("%s %s %d", c.Cause, c.Operation, int64(c.Theirs-c.Ours)))
	}
	slices.Sort(named)
	if want := injected(t, dir); len(want) == 0 || strings.Join(named, "\n") != strings.Join(want, "\n") {
		t.Errorf("named %q\nwant  %q", named, want)
	}
	if r, err := a.Check(context.Background()); err != nil || !r.OK {
		t.Errorf("%v %+v", err, r)
	}
}
