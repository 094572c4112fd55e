package payment

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// Prepaid is money of an account paid ahead and not used yet; below zero: used and then given back to the payer.
type Prepaid struct {
	BuildingID, AccountID int64
	Left                  money.Amount
}

// selectPrepaid is what is left of advances, by order and service.
const selectPrepaid = `SELECT x.building_id, x.account_id, x.supplier_id, x.service_id, x.order_id, min(x.paid_on), min(x.part_no), CAST(sum(x.amount_kop) AS BIGINT) FROM (
	SELECT building_id, account_id, supplier_id, service_id, order_id, paid_on, part_no, amount_kop FROM payment_part WHERE kind = 'advance' AND posted_at > 0
	UNION ALL SELECT building_id, account_id, supplier_id, service_id, order_id, used_on, part_no, -amount_kop FROM payment_advance_use) x `

const groupPrepaid = " GROUP BY x.building_id, x.account_id, x.supplier_id, x.service_id, x.order_id HAVING sum(x.amount_kop) <> 0 ORDER BY x.building_id, x.account_id, 6, x.order_id, x.service_id"

// prepaid is what is left of the advance of one order for one service.
type prepaid struct {
	building, account, supplier, service, order int64
	on                                          calendar.Date
	part                                        int
	left                                        money.Amount
}

func listPrepaid(ctx context.Context, tx *db.Tx, where string, args ...any) (list []prepaid, err error) {
	rows, err := tx.QueryContext(ctx, selectPrepaid+where+groupPrepaid, args...)
	if err != nil {
		return nil, fmt.Errorf("list advances: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p prepaid
		if err := rows.Scan(&p.building, &p.account, &p.supplier, &p.service, &p.order, &p.on, &p.part, &p.left); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// ListPrepaid lists the accounts with advances that are not used up.
func (m *Module) ListPrepaid(ctx context.Context) (list []Prepaid, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		parts, err := listPrepaid(ctx, tx, "")
		for _, p := range parts {
			if n := len(list); n == 0 || list[n-1].BuildingID != p.building || list[n-1].AccountID != p.account {
				list = append(list, Prepaid{BuildingID: p.building, AccountID: p.account})
			}
			list[len(list)-1].Left += p.left
		}
		return err
	})
	return list, err
}

// UsePrepaid moves the advances of an account from money paid ahead to what it owes, the oldest first, until keep is left:
// what its bill still shows above what is due. A use whose money went back to the payer is taken back. Repeated, it changes
// nothing.
func (m *Module) UsePrepaid(ctx context.Context, building, account int64, keep money.Amount) error {
	first, err := m.db.NextIDs(ctx, usesMax+1)
	if err != nil {
		return err
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listPrepaid(ctx, tx, "WHERE x.building_id = $1 AND x.account_id = $2", building, account)
		if err != nil {
			return err
		}
		uses := usesOf(list, keep)
		if len(uses) == 0 {
			return nil
		}
		return m.postUses(ctx, tx, uses[:min(len(uses), usesMax)], first)
	})
}

// usesMax is how many advances one go uses; the next goes on.
const usesMax = 200

// usesOf are the sums of advances to be used, oldest first, so that keep is left; below zero where more was used than paid.
func usesOf(list []prepaid, keep money.Amount) (uses []prepaid) {
	var left money.Amount
	for _, p := range list {
		left += max(0, p.left)
	}
	use := left - max(0, keep)
	for _, p := range list {
		part := p.left
		if part > 0 {
			part = max(0, min(part, use))
			use -= part
		}
		if part != 0 {
			p.left = part
			uses = append(uses, p)
		}
	}
	return uses
}

// postUses writes uses and one transaction of them.
func (m *Module) postUses(ctx context.Context, tx *db.Tx, uses []prepaid, first int64) error {
	now, day := m.now(), m.today()
	t := ledger.Transaction{ID: first, BuildingID: uses[0].building, Key: fmt.Sprintf("advance:%d", first), Kind: "advance_used", EffectiveOn: day, RecordedAt: now}
	for i, u := range uses {
		t.Entries = append(t.Entries,
			ledger.Entry{Name: ledger.Advance, AccountID: u.account, SupplierID: u.supplier, ServiceID: u.service, Amount: u.left},
			ledger.Entry{Name: ledger.Receivable, AccountID: u.account, SupplierID: u.supplier, ServiceID: u.service, Amount: -u.left})
		_, err := tx.ExecContext(ctx, `INSERT INTO payment_advance_use (building_id, use_id, order_id, part_no, account_id, supplier_id, service_id, amount_kop, used_on, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, u.building, first+1+int64(i), u.order, int64(u.part), u.account, u.supplier, u.service, int64(u.left), int64(day), int64(now))
		if err != nil {
			return fmt.Errorf("use an advance: %w", err)
		}
	}
	_, err := ledger.Post(ctx, tx, &t)
	return err
}

// PrepaidChecks are the invariants of advances.
var PrepaidChecks = []ledger.Check{
	{"I3.advance_uses_are_posted", `SELECT x.building_id || '/' || x.account_id FROM (SELECT building_id, account_id, amount_kop FROM payment_advance_use
		UNION ALL SELECT t.building_id, e.account_id, -e.amount_kop FROM ledger_transaction t JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id
		WHERE t.kind = 'advance_used' AND e.name = 'advance') x GROUP BY x.building_id, x.account_id HAVING sum(x.amount_kop) <> 0`},
	{"I3.moved_advances_add_up", `SELECT p.order_id || '/' || p.building_id FROM payment_part p WHERE p.reason = 'moved'
		AND NOT EXISTS (SELECT 1 FROM payment_refund r WHERE r.order_id = p.order_id AND p.part_no BETWEEN r.first_no AND r.last_no)
		GROUP BY p.order_id, p.building_id HAVING sum(p.amount_kop) <> 0`},
}

// allChecks are those of orders and of advances.
var allChecks = slices.Concat(Checks, PrepaidChecks)
