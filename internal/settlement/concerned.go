package settlement

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Ways from the name of what breaks an invariant to the suppliers whose money it is about: queries over broken (name).
const (
	ofTransaction = `SELECT b.name, e.supplier_id FROM broken b JOIN ledger_entry e ON e.building_id || '/' || e.txn_id = b.name`
	ofTransfer    = `SELECT b.name, o.supplier_id FROM broken b JOIN ledger_entry e ON e.name = b.name JOIN ledger_entry o ON o.building_id = e.building_id AND o.txn_id = e.txn_id`
	ofBalance     = `SELECT b.name, e.supplier_id FROM broken b JOIN ledger_entry e ON e.building_id || '/' || e.name || '/' || e.account_id = b.name`
	ofOrder       = `SELECT b.name, p.supplier_id FROM broken b JOIN payment_order o ON o.public_id = b.name JOIN payment_part p ON p.order_id = o.order_id`
	ofRefund      = ofOrder + ` UNION ALL SELECT b.name, p.supplier_id FROM broken b JOIN payment_refund r ON r.refund_key = b.name JOIN payment_part p ON p.order_id = r.order_id`
	ofPartsThere  = `SELECT b.name, p.supplier_id FROM broken b JOIN payment_part p ON p.building_id || '/' || p.order_id = b.name`
	ofOrderThere  = `SELECT b.name, p.supplier_id FROM broken b JOIN payment_part p ON p.order_id || '/' || p.building_id = b.name`
	ofAccount     = `SELECT b.name, a.supplier_id FROM broken b JOIN account a ON a.building_id || '/' || a.account_id = b.name`
	ofMonth       = `SELECT b.name, a.supplier_id FROM broken b JOIN account a ON b.name LIKE a.building_id || '/' || a.account_id || '/%'`
	ofPayout      = `SELECT b.name, p.supplier_id FROM broken b JOIN settlement_payout p ON p.payout_id || '' = b.name`
	ofDue         = `SELECT b.name, s.supplier_id FROM broken b JOIN supplier s ON b.name LIKE s.supplier_id || '/%'`
	ofTotal       = `SELECT b.name, s.supplier_id FROM broken b JOIN supplier s ON b.name LIKE '%/' || s.supplier_id`
	ofSupplier    = `SELECT b.name, s.supplier_id FROM broken b JOIN supplier s ON s.supplier_id || '' = b.name`
	ofChange      = `SELECT b.name, r.supplier_id FROM broken b JOIN supplier_requisites r ON r.change_id || '' = b.name`
)

// whose tells how the suppliers of a broken invariant are found. A broken one that is not here, or whose suppliers are
// not found, concerns all.
var whose = map[string]string{
	"I1.transactions_sum_to_zero":          ofTransaction,
	"I1.entries_have_transactions":         ofTransaction,
	"I1.transfers_net_to_zero":             ofTransfer,
	"I1.balances_equal_entries":            ofBalance,
	"I2.due_follows_from_parts":            ofMonth,
	"I3.order_equals_parts":                ofOrder,
	"I3.credited_means_posted":             ofOrder,
	"I3.posted_means_captured":             ofOrder,
	"I3.cash_payments_are_in_shifts":       ofOrder,
	"I3.parts_have_orders":                 ofPartsThere,
	"I3.posted_parts_equal_ledger":         ofOrderThere,
	"I3.advance_uses_are_posted":           ofAccount,
	"I3.moved_advances_add_up":             ofOrderThere,
	"I4.refunds_within_captured":           ofOrder,
	"I4.refunds_have_parts":                ofRefund,
	"I5.payout_formula":                    ofPayout,
	"I5.payout_equals_its_closes":          ofPayout,
	"I5.carried_once":                      ofPayout,
	"I5.two_persons":                       ofPayout,
	"I5.close_in_one_payout":               ofDue,
	"I5.dues_equal_totals":                 ofDue,
	"I5.totals_equal_transactions":         ofTotal,
	"I5.every_payment_is_counted":          ofTransaction,
	"I5.centre_owes_what_is_not_paid":      ofSupplier,
	"I9.penalties_are_posted_apart":        ofAccount,
	"I9.line_or_reason":                    ofMonth,
	"I11.requisites_by_two_persons":        ofChange,
	"I17.parts_of_the_accounts_supplier":   ofPartsThere,
	"I17.entries_of_the_accounts_supplier": ofTransaction,
}

// apart begin the names of invariants no payout rests on: what was shown and told, devices, messages.
var apart = []string{"I8.", "I13.", "I14.", "I15.", "I18.", "I19.", "I20."}

// stopped says why suppliers are not paid now: what does not add up, of each by his id, and of all.
type stopped struct {
	of  map[int64][]string
	all []ledger.Breach
}

// why tells a supplier's breaches in words; ” is none.
func (s *stopped) why(supplierID int64) string {
	if list := s.of[supplierID]; len(list) > 0 {
		return "не сходится " + strings.Join(list, "; ") + ". Разберитесь: kvit check"
	}
	return ""
}

// findStopped runs all invariants and finds whom those that do not hold concern (reliability.md 3: before a payout, of the
// supplier concerned).
func (m *Module) findStopped(ctx context.Context) (*stopped, error) {
	list, err := m.CheckAll(ctx)
	if err != nil {
		return nil, err
	}
	s := &stopped{of: map[int64][]string{}}
	for i := range list {
		b := &list[i]
		if b.Count == 0 || slices.ContainsFunc(apart, func(kind string) bool { return strings.HasPrefix(b.ID, kind) }) {
			continue
		}
		var suppliers []int64
		if err := m.DB.Read(ctx, func(tx *db.Tx) (err error) { suppliers, err = concerned(ctx, tx, b); return err }); err != nil {
			return nil, fmt.Errorf("whom %s concerns: %w", b.ID, err)
		}
		if len(suppliers) == 0 {
			s.all = append(s.all, *b)
		}
		for _, id := range suppliers {
			s.of[id] = append(s.of[id], inWords(b))
		}
	}
	return s, nil
}

// concerned gives the suppliers of everything that breaks an invariant; none when that is unknown of a single thing.
func concerned(ctx context.Context, tx *db.Tx, b *ledger.Breach) ([]int64, error) {
	way := whose[b.ID]
	if way == "" || b.Query == "" {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, "WITH broken (name) AS ("+b.Query+") SELECT name, 0 FROM broken UNION ALL "+way)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	named, suppliers := map[string]bool{}, map[int64]bool{}
	for rows.Next() {
		var name string
		var id int64
		if err := rows.Scan(&name, &id); err != nil {
			return nil, err
		}
		named[name] = named[name] || id != 0
		suppliers[id] = true
	}
	for _, known := range named {
		if !known {
			return nil, rows.Err()
		}
	}
	delete(suppliers, 0)
	return slices.Sorted(maps.Keys(suppliers)), rows.Err()
}

// inWords names a broken invariant with the first of what breaks it.
func inWords(b *ledger.Breach) string {
	return fmt.Sprintf("%s – %d (%s)", b.ID, b.Count, strings.Join(b.Rows[:min(3, len(b.Rows))], ", "))
}
