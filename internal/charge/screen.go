package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
)

// debtor is an account that may owe a penalty.
type debtor struct{ building, account int64 }

// screening finds the debtors of a stretch for a run of a month, by the book and not by history: nearly all accounts owe
// nothing of the months before the last one, and cost a run no more than that.
type screening struct {
	stretch
	month calendar.Month // charged now
	again bool           // as the run itself saw the book, for a check of it; else as it stands
	args  []any
}

// penaltyKind is in the text of queries as the partial index of such lines has it.
const penaltyKind = int(calc.Penalty)

// debtors are the accounts that penalties were charged of before, and those that owed something at the beginning of the
// month besides what was charged for the month before it: what falls due in a month carries no penalty in it. Nobody is
// one in a building that was never charged before, or that the account has left. A debt is taken for larger rather than smaller: what is owed of one
// service is not made up for by what was overpaid of another, but by money that names none.
func (s *screening) debtors(ctx context.Context, tx *db.Tx) (list []debtor, err error) {
	if charged, err := s.chargedBefore(ctx, tx); err != nil || !charged {
		return nil, err
	}
	s.args = nil
	query := `SELECT d.building_id, d.account_id FROM (SELECT x.building_id, x.account_id FROM (SELECT o.building_id, o.account_id, o.service_id, sum(o.kop) AS kop FROM (` +
		s.owed() + " UNION ALL " + s.paidNow() + " UNION ALL " + s.chargedNow() + " UNION ALL " + s.opened() + `) o
		GROUP BY o.building_id, o.account_id, o.service_id) x
		GROUP BY x.building_id, x.account_id HAVING sum(CASE WHEN x.service_id <> 0 AND x.kop < 0 THEN 0 ELSE x.kop END) > 0
		UNION ` + s.penalized() + ") d WHERE " + s.lives() + " ORDER BY 1, 2"
	err = tx.Scan(ctx, query, s.args, func(v []int64, _ []byte) error {
		list = append(list, debtor{v[0], v[1]})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("who may be late in buildings %d to %d: %w", s.first, s.last, err)
	}
	return list, nil
}

// chargedBefore tells whether something of the stretch was charged before the month.
func (s *screening) chargedBefore(ctx context.Context, tx *db.Tx) (charged bool, err error) {
	args := []any{int64(s.at), int64(s.month)}
	buildings := stretch{first: s.first, last: s.last}
	err = tx.Scan(ctx, "SELECT b.building_id FROM charge_building b WHERE b.recorded_at <= $1 AND b.month < $2 AND "+buildings.in("b", &args)+" LIMIT 1", args, func([]int64, []byte) error {
		charged = true
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("what was charged before: %w", err)
	}
	return charged, nil
}

func (s *screening) arg(v int64) string {
	s.args = append(s.args, v)
	return fmt.Sprintf("CAST($%d AS BIGINT)", len(s.args))
}

// owed is what accounts owe by the book.
func (s *screening) owed() string {
	if s.again {
		return "SELECT p.building_id, p.account_id, p.service_id, p.amount_kop AS kop FROM v_ledger_posted p WHERE p.recorded_at <= " + s.arg(int64(s.at)) + " AND " + s.in("p", &s.args)
	}
	return "SELECT l.building_id, l.account_id, l.service_id, l.balance_kop AS kop FROM v_ledger_owed l WHERE " + s.in("l", &s.args)
}

// paidNow is what was paid in the month or is not known at the moment yet: it was owed at the month's beginning. Payments
// come to be known within two months.
func (s *screening) paidNow() string {
	recent, inMonth := "p.paid_on >= "+s.arg(int64(s.month.Add(-2).First())), "p.paid_on >= "+s.arg(int64(s.month.First()))
	unknown := " OR p.posted_at > "
	if s.again { // the book as of the moment does not hold them
		unknown = " AND p.posted_at <= "
	}
	return "SELECT p.building_id, p.account_id, p.service_id, p.amount_kop FROM v_payment_posted p WHERE " + recent + " AND (" + inMonth + unknown + s.arg(int64(s.at)) + ") AND " + s.in("p", &s.args)
}

// chargedNow takes off what was charged in the month before or later.
func (s *screening) chargedNow() string {
	buildings := stretch{first: s.first, last: s.last}
	query := "SELECT p.building_id, p.account_id, p.service_id, -p.amount_kop FROM charge_building b CROSS JOIN v_ledger_posted p WHERE b.month >= " + s.arg(int64(s.month.Add(-1))) +
		" AND " + buildings.in("b", &s.args) + " AND p.building_id = b.building_id AND p.key = 'charge:' || b.run_id AND " + s.in("p", &s.args)
	if s.again {
		query += " AND b.recorded_at <= " + s.arg(int64(s.at))
	}
	return query
}

// opened is what suppliers' last registers before the first month charged left due, or what they say stood at its
// beginning; payments such a register may have counted are not taken off again.
func (s *screening) opened() string {
	buildings := stretch{first: s.first, last: s.last}
	first := "(SELECT f.building_id, min(f.month) AS month FROM charge_building f WHERE f.part = 0 AND " + buildings.in("f", &s.args) + " GROUP BY f.building_id)"
	const before = "CASE WHEN f.month % 100 = 1 THEN f.month - 89 ELSE f.month - 1 END"
	last := func(table string) string {
		return "NOT EXISTS (SELECT 1 FROM charge n WHERE n.building_id = " + table + ".building_id AND n.account_id = " + table + ".account_id AND n.month = " + table + ".month AND n.service_id = " + table +
			".service_id AND n.recorded_at > " + table + ".recorded_at)"
	}
	return "SELECT c.building_id, c.account_id, c.service_id, CASE WHEN c.month = f.month THEN c.opening_kop ELSE c.due_kop END FROM " + first +
		" f CROSS JOIN charge c WHERE c.building_id = f.building_id AND (c.month = " + before + " OR c.month = f.month AND NOT EXISTS (SELECT 1 FROM charge e WHERE e.building_id = c.building_id AND e.account_id = c.account_id AND e.month = " + before +
		")) AND " + last("c") + " AND " + s.in("c", &s.args) +
		" UNION ALL SELECT p.building_id, p.account_id, p.service_id, p.amount_kop FROM " + first + " f CROSS JOIN v_payment_posted p WHERE p.building_id = f.building_id AND p.paid_on < f.month * 100 AND " + s.in("p", &s.args)
}

// penalized are the accounts penalties were charged of.
func (s *screening) penalized() string {
	return fmt.Sprintf(`SELECT l.building_id, l.account_id FROM charge_line l CROSS JOIN charge_building b WHERE l.kind = %d
		AND b.building_id = l.building_id AND b.month = l.month AND b.run_id = l.run_id AND b.recorded_at <= %s AND %s`, penaltyKind, s.arg(int64(s.at)), s.in("l", &s.args))
}

// lives leaves out the accounts that were closed in the building by then, and not opened in it again.
func (s *screening) lives() string {
	at := s.arg(int64(s.at))
	return `NOT EXISTS (SELECT 1 FROM account a WHERE a.building_id = d.building_id AND a.account_id = d.account_id AND a.closed_at > 0 AND a.closed_at <= ` + at + `
		AND NOT EXISTS (SELECT 1 FROM account n WHERE n.building_id = a.building_id AND n.account_id = a.account_id AND n.opened_at >= a.closed_at AND n.opened_at <= ` + at + "))"
}
