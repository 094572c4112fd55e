package charge

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// stays are the buildings that accounts lived in before the one they are charged in, by account: their debts and payments
// stay where they arose, and count where penalties are charged.
type stays map[debtor][]int64

// former finds the accounts of the stretch that moved here and were charged or paid something elsewhere. Each is taken for
// a debtor, whatever the book says: what was paid and charged in the other house is not in the book of this one.
func (s *screening) former(ctx context.Context, tx *db.Tx) (found stays, err error) {
	s.args = nil
	at := s.arg(int64(s.at))
	query := `WITH RECURSIVE h (building_id, account_id, home_id, opened_at) AS (
		SELECT a.building_id, a.account_id, a.moved_from, a.opened_at FROM account a WHERE a.moved_from <> 0 AND a.opened_at <= ` + at + ` AND (a.closed_at = 0 OR a.closed_at > ` + at + `) AND ` + s.in("a", &s.args) + `
		UNION SELECT h.building_id, h.account_id, p.moved_from, p.opened_at FROM h JOIN account p ON p.building_id = h.home_id AND p.account_id = h.account_id AND p.opened_at < h.opened_at WHERE p.moved_from <> 0)
		SELECT DISTINCT h.building_id, h.account_id, h.home_id FROM h WHERE h.home_id <> h.building_id AND (
		EXISTS (SELECT 1 FROM charge_line l WHERE l.building_id = h.home_id AND l.account_id = h.account_id) OR
		EXISTS (SELECT 1 FROM v_payment_posted p WHERE p.building_id = h.home_id AND p.account_id = h.account_id)) ORDER BY 1, 2, 3`
	found = stays{}
	err = tx.Scan(ctx, query, s.args, func(v []int64, _ []byte) error {
		d := debtor{v[0], v[1]}
		found[d] = append(found[d], v[2])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("who moved to buildings %d to %d: %w", s.first, s.last, err)
	}
	return found, nil
}

// with adds those who moved to a list of debtors, in its order.
func (s stays) with(list []debtor) []debtor {
	for d := range s {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b debtor) int {
		return cmp.Or(cmp.Compare(a.building, b.building), cmp.Compare(a.account, b.account))
	})
	return slices.Compact(list)
}

// of gives where debtors have lived, the building each is charged in first.
func (s stays) of(list []debtor) (places []stay) {
	for _, d := range list {
		places = append(places, stay{d, d.building})
		for _, building := range s[d] {
			places = append(places, stay{d, building})
		}
	}
	return places
}

// stay is a building a debtor has lived in.
type stay struct {
	debtor
	in int64
}

// ended tells whether the debtor has left it.
func (s stay) ended() bool { return s.in != s.building }

// join puts together what was read of several buildings. What is corrected in the month charged is left to the next run:
// what the former house takes back there and what this one adds are the same debt, and either may be charged first.
func (o *owing) join(month calendar.Month) {
	o.moved = true
	o.lines = slices.DeleteFunc(o.lines, func(l owedLine) bool { return l.in >= month })
	slices.SortFunc(o.lines, func(a, b owedLine) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.in, b.in), cmp.Compare(a.about, b.about), cmp.Compare(a.number, b.number))
	})
	slices.SortStableFunc(o.payments, func(a, b paidPart) int { return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.order, b.order)) })
}
