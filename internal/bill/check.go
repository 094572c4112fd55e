package bill

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// Invariants runs the checks of issued bills (I13): what is stored is what was issued and what the facts known then come
// to; a household has one live bill of a month; where a run's bills were published nobody was left out.
func (m *Module) Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	live, err := ledger.Offenders(ctx, tx, "I13.one_live_bill", `SELECT s.building_id || '/' || s.household_id || '/' || s.month FROM bill_snapshot s
		WHERE NOT EXISTS (SELECT 1 FROM bill_snapshot n WHERE n.building_id = s.building_id AND n.household_id = s.household_id AND n.month = s.month AND n.supersedes = s.version)
		GROUP BY s.building_id, s.household_id, s.month HAVING count(*) > 1`)
	if err != nil {
		return nil, err
	}
	r := recheck{
		m: m, tx: tx, digest: ledger.Breach{ID: "I13.digest_matches_the_bill", Rows: []string{}}, sums: ledger.Breach{ID: "I13.bills_follow_from_facts", Rows: []string{}},
		missing: ledger.Breach{ID: "I13.published_households_have_bills", Rows: []string{}},
	}
	if err := r.run(ctx); err != nil {
		return nil, fmt.Errorf("check issued bills: %w", err)
	}
	return []ledger.Breach{r.digest, live, r.sums, r.missing}, nil
}

// recheck computes issued bills again.
type recheck struct {
	m                     *Module
	tx                    *db.Tx
	digest, sums, missing ledger.Breach
}

// moment is a building whose bills of a month were issued at a moment; marked tells that a run published all of them.
type moment struct {
	building int64
	month    calendar.Month
	at       calendar.Micros
	marked   bool
}

func (r *recheck) run(ctx context.Context) error {
	var list []moment
	err := r.tx.Scan(ctx, `SELECT published_at, building_id, month, max(marked) FROM (SELECT building_id, month, published_at, 1 AS marked FROM bill_published
		UNION ALL SELECT DISTINCT building_id, month, published_at, 0 FROM bill_snapshot) x GROUP BY published_at, building_id, month ORDER BY published_at, building_id, month`, nil,
		func(v []int64, _ []byte) error {
			list = append(list, moment{v[1], calendar.Month(v[2]), calendar.Micros(v[0]), v[3] != 0})
			return nil
		})
	for len(list) > 0 && err == nil {
		n := 1
		for n < len(list) && n < batchBuildings && list[n].at == list[0].at && list[n].month == list[0].month {
			n++
		}
		err = r.stretch(ctx, list[:n])
		list = list[n:]
	}
	return err
}

// stretch compares the bills of buildings issued at one moment with what the facts known then come to.
func (r *recheck) stretch(ctx context.Context, list []moment) error {
	first, last, at, month := list[0].building, list[len(list)-1].building, list[0].at, list[0].month
	marked := map[int64]bool{}
	for _, x := range list {
		marked[x.building] = x.marked
	}
	stored, err := r.load(ctx, first, last, month, at)
	if err != nil {
		return err
	}
	holders, err := listHolders(ctx, r.tx, first, last, month)
	if err != nil {
		return err
	}
	reader, err := r.m.charges.Reader(ctx, at)
	if err != nil {
		return err
	}
	err = r.m.each(ctx, r.tx, reader, first, last, at, func(b *Bill) error {
		ref := Ref{b.BuildingID, b.HouseholdID}
		if was, ok := stored[ref]; ok {
			if was.sums != figuresOf(b) {
				r.sums.Add(was.name)
			}
			delete(stored, ref)
		} else if marked[ref.Building] && b.Month == month.String() && !holders[ref] {
			r.missing.Add(fmt.Sprintf("%d/%d/%d", ref.Building, ref.Household, int(month)))
		}
		return nil
	})
	for _, ref := range sortedRefs(stored) {
		r.sums.Add(stored[ref].name)
	}
	return err
}

// figures are what a bill comes to.
type figures struct {
	Opening, Charge, Recalc, Penalty, Paid, Total, Advance money.Amount
}

func figuresOf(b *Bill) figures {
	return figures{b.Opening, b.Charge, b.Recalc, b.Penalty, b.Paid, b.Total, b.Advance}
}

// claim is what a snapshot says of itself.
type claim struct {
	name string
	sums figures
}

// load reads the bills of buildings issued at a moment, and compares each with its digest.
func (r *recheck) load(ctx context.Context, first, last int64, month calendar.Month, at calendar.Micros) (map[Ref]claim, error) {
	rows, err := r.tx.QueryContext(ctx, "SELECT "+snapshotColumns+" FROM bill_snapshot WHERE building_id BETWEEN $1 AND $2 AND month = $3 AND published_at = $4", first, last, int64(month), int64(at))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[Ref]claim{}
	for rows.Next() {
		s, err := scanSnapshot(rows.Scan)
		if err != nil {
			return nil, err
		}
		c := claim{name: s.name()}
		text, err := s.text()
		if err == nil {
			err = json.Unmarshal(text, &c.sums)
		}
		if err != nil || digestOfBody(text) != s.digest || c.sums.Total != s.total || c.sums.Advance != s.advance {
			r.digest.Add(c.name)
		}
		list[s.ref] = c
	}
	return list, rows.Err()
}

func sortedRefs(claims map[Ref]claim) []Ref {
	return slices.SortedFunc(maps.Keys(claims), func(a, b Ref) int {
		return cmp.Or(cmp.Compare(a.Building, b.Building), cmp.Compare(a.Household, b.Household))
	})
}
