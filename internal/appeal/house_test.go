package appeal_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// house is one of two households whose water and heat are billed by two suppliers, with a clock of its own.
type house struct {
	*appeal.Module
	t     *testing.T
	ctx   context.Context
	bills *bill.Module
	mu    sync.Mutex
	at    calendar.Micros
	told  []string // to the resident
	files int64
}

var (
	resident  = access.Actor{Role: access.Resident, BuildingID: 1, HouseholdID: 3}
	neighbour = access.Actor{Role: access.Resident, BuildingID: 1, HouseholdID: 4}
	water     = access.Actor{Role: access.SupplierOperator, Name: "vera", SupplierID: 1}
	heat      = access.Actor{Role: access.SupplierAdmin, Name: "oleg", SupplierID: 2}
	centre    = access.Actor{Role: access.CentreOperator, Name: "olga"}
)

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	x := &house{t: t, ctx: context.Background(), at: calendar.MicrosOf(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
	charges := charge.New(charge.Deps{DB: d, Now: x.now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return tariff.Standard(), nil }})
	x.bills = bill.New(d, supplier.New(d, x.now), charges, time.UTC, x.now)
	photos, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	x.Module = appeal.New(appeal.Deps{DB: d, Bills: x.bills, Photos: photos, Zone: time.UTC, Now: x.now, OnStep: func(_ context.Context, _ *db.Tx, a *appeal.Appeal, s appeal.Step) error {
		_, text := a.Message(s, time.UTC)
		x.mu.Lock()
		defer x.mu.Unlock()
		x.told = append(x.told, s.Kind+": "+text)
		return nil
	}})
	x.bills.Disputed = appeal.Disputed
	x.exec(`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
		VALUES (1, 'Д1', '', '', 'Тестов', 'улица', 'Мира', '', '1', '', '', 2000, 5, 4, '', '', '', 1)`)
	x.exec("INSERT INTO intake_batch (batch_id, digest, state, actor, recorded_at, done_building, created_at, finished_at) VALUES (1, '', 'applied', '', 1, 0, 1, 1)")
	for s, name := range []string{"ХВС", "отопление"} {
		x.exec("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, $2, '', '', '', '', '', '', '', '', '[]', '', '', 1)", s+1, []string{"voda", "teplo"}[s])
		x.exec("INSERT INTO service (service_id, supplier_id, name) VALUES ($1, $2, $3)", 100+s, s+1, name)
	}
	for _, household := range []int64{3, 4} {
		x.exec("INSERT INTO household (building_id, household_id, recorded_at, flat, room) VALUES (1, $1, 1, $2, '')", household, fmt.Sprint(household))
		for s := range int64(2) {
			account := household*10 + s
			x.exec("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (1, $1, $2, $3, 1, 0, 0)", account, s+1, fmt.Sprint(account))
			x.exec("INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (1, $1, 1, 0, 0, $2, 'placed', $3, '', '{}', 0)", account, fmt.Sprint(account), fmt.Sprint(household))
			x.exec("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (1, $1, 1, $2, '', 100, '')", account, household)
		}
		x.sent(household*10, 202610, 100, 0, 40_000, 0)
		x.sent(household*10+1, 202610, 101, 0, 60_000, 0)
	}
	return x
}

func (x *house) now() calendar.Micros {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.at += 1_000_000
	return x.at
}

func (x *house) days(n int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.at += calendar.Micros(n * 24 * 3600 * 1_000_000)
}

func (x *house) exec(query string, args ...any) {
	x.t.Helper()
	err := x.write(query, args...)
	if err != nil {
		x.t.Fatalf("%v in %s", err, query)
	}
}

func (x *house) write(query string, args ...any) error {
	return x.DB.WriteLocal(x.ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(x.ctx, query, args...)
		return err
	})
}

// sent records a supplier's register.
func (x *house) sent(account int64, month calendar.Month, service, opening, charged, recalc int64) {
	x.t.Helper()
	x.files++
	at := int64(x.now())
	x.exec(`INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state, duplicate_of, encoding, refusal, rows, applied,
		repaired, ignored, quarantined, control_file, control_read, control_given, created_at, applied_at) VALUES ($1, 1, $2, $3, '', 0, 'charges', 'line', 0, 0, '{}', $4, 'applied', 0, '', '', 1, 1, 0, 0, 0, 0, 0, 0, $5, $5)`,
		x.files, service-99, fmt.Sprintf("file-%d.csv", x.files), int64(month), at)
	x.exec(`INSERT INTO charge (building_id, account_id, month, service_id, recorded_at, file_id, row_no, opening_kop, charge_kop, recalc_kop, penalty_kop, paid_kop, due_kop, volume_e7, rate_e7, given)
		VALUES (1, $1, $2, $3, $4, $5, 7, $6, $7, $8, 0, 0, $9, 0, 0, $10)`, account, int64(month), service, at, x.files, opening, charged, recalc, opening+charged+recalc,
		int64(charge.GivenOpening|charge.GivenCharge|charge.GivenPaid|charge.GivenDue))
}

// begun is a sent dispute of the first line.
func (x *house) begun(key string, aside bool) *appeal.Appeal {
	x.t.Helper()
	a, err := x.Begin(x.ctx, resident, key, appeal.Plea{Line: 1, Reason: "norm", Words: "Счётчик есть", Aside: aside})
	if err == nil {
		a, err = x.Send(x.ctx, resident, a.Number)
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return a
}

func (x *house) bill() *bill.Bill {
	x.t.Helper()
	b, err := x.bills.At(x.ctx, bill.Ref{Building: 1, Household: 3}, 0)
	if err == nil {
		err = x.bills.Ahead(x.ctx, b)
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return b
}

// clean fails the test when an invariant does not hold.
func (x *house) clean() {
	x.t.Helper()
	err := x.DB.Read(x.ctx, func(tx *db.Tx) error {
		list, err := appeal.Invariants(x.ctx, tx)
		for _, b := range list {
			if b.Count > 0 {
				x.t.Errorf("%s: %v", b.ID, b.Rows)
			}
		}
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
}
