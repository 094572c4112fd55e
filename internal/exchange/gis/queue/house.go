package queue

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/housing"
)

// visit is a house to be read, with the moment it was last read at.
type visit struct {
	house housing.Building
	read  calendar.Micros
}

// markHouses says that something was said of houses of a supplier.
func (m *Module) markHouses(ctx context.Context, tx *db.Tx, supplierID int64, houses map[int64]bool) error {
	now := int64(m.Now())
	for id := range houses {
		if id <= 0 {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO gis_house (supplier_id, building_id, read_at, marked_at) VALUES ($1, $2, 0, $3)
			ON CONFLICT (supplier_id, building_id) DO UPDATE SET marked_at = excluded.marked_at`, supplierID, id, now)
		if err != nil {
			return err
		}
	}
	return nil
}

// markBills marks the houses with bills issued, replaced or withdrawn since the last look.
func (m *Module) markBills(ctx context.Context, tx *db.Tx, supplierID int64) error {
	after, err := cursor(ctx, tx, supplierID, sourceBills)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE gis_house SET marked_at = $2 WHERE supplier_id = $1 AND building_id IN (SELECT building_id FROM v_bill_changed WHERE changed_at > $3)`,
		supplierID, int64(m.Now()), after-int64(overlap))
	if err != nil {
		return fmt.Errorf("bills issued lately: %w", err)
	}
	return moveCursor(ctx, tx, supplierID, sourceBills, int64(m.Now()))
}

// lookForHouses takes in the houses that are new to the supplier: once an hour, for that reads all his accounts.
func (m *Module) lookForHouses(ctx context.Context, tx *db.Tx, supplierID int64, now bool) error {
	last, err := cursor(ctx, tx, supplierID, sourceHouses)
	if err != nil || !now && calendar.Micros(last)+housesAfter > m.Now() {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO gis_house (supplier_id, building_id, read_at, marked_at)
		SELECT DISTINCT supplier_id, building_id, 0, 0 FROM account_route WHERE supplier_id = $1 AND building_id > 0 ON CONFLICT (supplier_id, building_id) DO NOTHING`, supplierID)
	if err != nil {
		return err
	}
	return moveCursor(ctx, tx, supplierID, sourceHouses, int64(m.Now()))
}

// visits are the houses to be read: those marked since they were read and the ones read longest ago, or all.
func (m *Module) visits(ctx context.Context, tx *db.Tx, supplierID int64, all bool) (list []visit, err error) {
	const columns = "SELECT building_id, read_at FROM gis_house WHERE supplier_id = $1 AND "
	read := map[int64]calendar.Micros{}
	var ids []int64
	take := func(v []int64, _ []byte) error {
		if _, known := read[v[0]]; !known {
			ids = append(ids, v[0])
		}
		read[v[0]] = calendar.Micros(v[1])
		return nil
	}
	if all {
		err = tx.Scan(ctx, columns+"TRUE ORDER BY building_id", []any{supplierID}, take)
	} else if err = tx.Scan(ctx, columns+"marked_at >= read_at AND marked_at > 0 ORDER BY marked_at, building_id", []any{supplierID}, take); err == nil {
		err = tx.Scan(ctx, columns+"read_at <= $2 ORDER BY read_at, building_id LIMIT $3", []any{supplierID, int64(m.Now() - sweepAfter), sweepMax}, take)
	}
	for i := 0; i < len(ids) && err == nil; i++ {
		var b housing.Building
		b, err = housing.FindBuilding(ctx, tx, ids[i])
		list = append(list, visit{b, read[ids[i]]})
	}
	return list, err
}

// housesOf are the houses a supplier has accounts in.
func housesOf(ctx context.Context, tx *db.Tx, supplierID int64) ([]housing.Building, error) {
	has := map[int64]bool{}
	err := tx.Scan(ctx, "SELECT DISTINCT building_id FROM account_route WHERE supplier_id = $1 AND building_id > 0", []any{supplierID}, func(v []int64, _ []byte) error {
		has[v[0]] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	all, err := housing.ListBuildings(ctx, tx)
	var own []housing.Building
	for i := range all {
		if has[all[i].ID] {
			own = append(own, all[i])
		}
	}
	return own, err
}
