package feed

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// roundMax is how many events one round takes.
const roundMax = 2000

// Catch brings the feeds up to everything committed by now, and tells of how many events. Several processes may call it
// at once: rounds wait for each other, and each takes what the one before left.
func (m *Module) Catch(ctx context.Context) (total int, err error) {
	for {
		n, err := m.round(ctx)
		total += n
		if err != nil || n < roundMax {
			return total, err
		}
	}
}

// round gives the events that wait their places in feeds.
func (m *Module) round(ctx context.Context) (n int, err error) {
	waits, err := m.waits(ctx)
	if err != nil || !waits {
		return 0, err
	}
	catalog, err := m.catalog(ctx, m.now())
	if err != nil {
		return 0, err
	}
	dependents := catalog.Dependents()
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		n, err = m.feed(ctx, tx, dependents)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("feed events: %w", err)
	}
	return n, nil
}

// waits looks before anything is written: an idle round must cost no write.
func (m *Module) waits(ctx context.Context) (waits bool, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		waits = false
		return tx.Scan(ctx, "SELECT building_id FROM event WHERE fed = 0 ORDER BY recorded_at, building_id, subject_id, seq LIMIT 1", nil, func([]int64, []byte) error {
			waits = true
			return nil
		})
	})
	return waits, err
}

func (m *Module) feed(ctx context.Context, tx *db.Tx, dependents map[string]map[string]bool) (int, error) {
	// The row that rounds wait for each other on: what a round takes below is not taken by another, and positions and
	// the moments beside them go up together.
	if _, err := tx.ExecContext(ctx, "UPDATE event_round SET rounds = rounds + 1 WHERE round_id = 1"); err != nil {
		return 0, err
	}
	list, err := take(ctx, tx)
	if err != nil {
		return 0, err
	}
	now := m.now()
	people, err := load(ctx, tx, list, dependents, calendar.DateOf(now.Time().In(m.zone)))
	if err != nil {
		return 0, err
	}
	rows := make([]place, 0, len(list))
	var untold []*told
	for i := range list {
		addressees := people.of(&list[i])
		if len(addressees) == 0 {
			untold = append(untold, &list[i])
		}
		for _, a := range addressees {
			rows = append(rows, place{supplier: a.SupplierID, account: a.AccountID, number: a.Number, of: &list[i]})
		}
	}
	if err := markUntold(ctx, tx, untold); err != nil {
		return 0, err
	}
	if err := m.tellOthers(ctx, tx, list); err != nil {
		return 0, err
	}
	return len(list), put(ctx, tx, rows, now)
}

func (m *Module) tellOthers(ctx context.Context, tx *db.Tx, list []told) error {
	if m.OnFed == nil || len(list) == 0 {
		return nil
	}
	fed := make([]Fed, len(list))
	for i := range list {
		t := &list[i]
		fed[i] = Fed{t.building, t.subject, t.seq, t.account, t.household, t.at, t.kind}
	}
	return m.OnFed(ctx, tx, fed)
}

// markUntold marks events that nobody is entitled to: no place of a feed will ever tell when they are old.
func markUntold(ctx context.Context, tx *db.Tx, list []*told) error {
	for _, t := range list {
		if _, err := tx.ExecContext(ctx, "UPDATE event SET fed = 2 WHERE building_id = $1 AND subject_id = $2 AND seq = $3", t.building, t.subject, t.seq); err != nil {
			return err
		}
	}
	return nil
}

// take marks what waits as fed and gives it in the order of telling. Of a subject the events committed are always its
// first, and their moments do not go down, so no later one is taken before an earlier.
func take(ctx context.Context, tx *db.Tx) (list []told, err error) {
	rows, err := tx.QueryContext(ctx, `UPDATE event SET fed = 1 WHERE (building_id, subject_id, seq) IN
			(SELECT building_id, subject_id, seq FROM event WHERE fed = 0 ORDER BY recorded_at, building_id, subject_id, seq LIMIT $1)
		RETURNING building_id, subject_id, seq, account_id, household_id, recorded_at, kind, service`, roundMax)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t told
		if err := rows.Scan(&t.building, &t.subject, &t.seq, &t.account, &t.household, &t.at, &t.kind, &t.service); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b told) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.building, b.building), cmp.Compare(a.subject, b.subject), cmp.Compare(a.seq, b.seq))
	})
	return list, rows.Err()
}

// place is an event in a supplier's feed.
type place struct {
	supplier, account int64
	number            string
	of                *told
	position          int64
}

// put numbers the places of each supplier after his last and writes them.
func put(ctx context.Context, tx *db.Tx, rows []place, now calendar.Micros) error {
	counts := map[int64]int64{}
	for i := range rows {
		counts[rows[i].supplier]++
	}
	next := map[int64]int64{}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		var last int64
		if err := tx.QueryRowContext(ctx, `INSERT INTO event_feed_head (supplier_id, position) VALUES ($1, $2)
			ON CONFLICT (supplier_id) DO UPDATE SET position = event_feed_head.position + excluded.position RETURNING position`, id, counts[id]).Scan(&last); err != nil {
			return err
		}
		next[id] = last - counts[id]
	}
	for i := range rows {
		next[rows[i].supplier]++
		rows[i].position = next[rows[i].supplier]
	}
	slices.SortFunc(rows, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.supplier, b.supplier), cmp.Compare(a.position, b.position))
	})
	b := db.NewBulk("event_feed", Columns...)
	for i := range rows {
		r := &rows[i]
		for _, v := range [...]int64{r.supplier, r.position, int64(now), r.of.building, r.of.subject, r.of.seq, r.account} {
			b.Int(v)
		}
		b.Text(r.number)
	}
	return tx.Load(ctx, b)
}

// Columns are those of the table of places.
var Columns = []db.Column{
	{Name: "supplier_id", Kind: db.Int8}, {Name: "position", Kind: db.Int8}, {Name: "fed_at", Kind: db.Int8}, {Name: "building_id", Kind: db.Int8},
	{Name: "subject_id", Kind: db.Int8}, {Name: "seq", Kind: db.Int8}, {Name: "account_id", Kind: db.Int8}, {Name: "number", Kind: db.Text},
}
