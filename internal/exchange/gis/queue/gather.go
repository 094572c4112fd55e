package queue

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/housing"
	"kvit/internal/supplier"
)

// overlap is how far back a source is read again: a fact recorded before may have been committed after it was read.
const overlap = calendar.Micros(10 * time.Minute / time.Microsecond)

// Sources of objects, as cursors name them.
const (
	sourceFeed  = "feed"
	sourceFacts = "facts"
)

// participants are the suppliers that take part in ГИС ЖКХ.
func participants(ctx context.Context, d *db.DB) (list []supplier.Supplier, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		all, err := supplier.List(ctx, tx)
		list = nil
		for i := range all {
			if all[i].GIS != nil {
				list = append(list, all[i])
			}
		}
		return err
	})
	return list, err
}

// Gather queues what suppliers' facts have come to since it was last done. Doing it twice queues nothing twice.
func (m *Module) Gather(ctx context.Context) error {
	list, err := participants(ctx, m.DB)
	if err != nil || len(list) == 0 {
		return err
	}
	if _, err := m.Feed.Catch(ctx); err != nil {
		return err
	}
	for i := range list {
		if err := m.gatherPayments(ctx, &list[i]); err != nil {
			return fmt.Errorf("payments of %s for the state system: %w", list[i].Code, err)
		}
		if err := m.gatherFacts(ctx, &list[i]); err != nil {
			return fmt.Errorf("facts of %s for the state system: %w", list[i].Code, err)
		}
	}
	return nil
}

// cursor gives how far a source was read, and locks it where the transaction writes.
func cursor(ctx context.Context, tx *db.Tx, s int64, source string) (at int64, err error) {
	if _, err := tx.ExecContext(ctx, "INSERT INTO gis_cursor (supplier_id, source, position) VALUES ($1, $2, 0) ON CONFLICT (supplier_id, source) DO UPDATE SET position = gis_cursor.position", s, source); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "SELECT position FROM gis_cursor WHERE supplier_id = $1 AND source = $2", s, source).Scan(&at)
	return at, err
}

func moveCursor(ctx context.Context, tx *db.Tx, s int64, source string, to int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE gis_cursor SET position = $3 WHERE supplier_id = $1 AND source = $2 AND position < $3", s, source, to)
	return err
}

// gatherFacts queues accounts, readings and documents house by house.
func (m *Module) gatherFacts(ctx context.Context, s *supplier.Supplier) error {
	began := m.Now()
	var after int64
	var houses []housing.Building
	err := m.DB.WriteLocal(ctx, func(tx *db.Tx) (err error) {
		if after, err = cursor(ctx, tx, s.ID, sourceFacts); err != nil {
			return err
		}
		houses, err = housesOf(ctx, tx, s.ID)
		return err
	})
	if err != nil {
		return err
	}
	for i := range houses {
		if err := m.gatherHouse(ctx, s, &houses[i], calendar.Micros(after)-overlap); err != nil {
			return err
		}
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return moveCursor(ctx, tx, s.ID, sourceFacts, int64(began)) })
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

// gatherHouse queues what one house of a supplier has come to after a moment.
func (m *Module) gatherHouse(ctx context.Context, s *supplier.Supplier, house *housing.Building, after calendar.Micros) error {
	var list []object
	add := func(k gis.Kind, get func() ([]object, error)) error {
		if !s.GIS.Posts(k) {
			return nil
		}
		some, err := get()
		list = append(list, some...)
		return err
	}
	var issued []issuedBill
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list = nil
		if err = add(gis.KindAccount, func() ([]object, error) { return accountsOf(ctx, tx, s, house) }); err != nil {
			return err
		}
		if err = add(gis.KindReading, func() ([]object, error) { return readingsOf(ctx, tx, s, house.ID, after, m.since()) }); err != nil {
			return err
		}
		issued, err = billsOf(ctx, tx, house.ID, after, m.since().Month())
		return err
	})
	if err == nil {
		err = add(gis.KindDocument, func() ([]object, error) { return m.documentsOf(ctx, s, issued) })
	}
	if err == nil {
		err = add(gis.KindWithdrawal, func() ([]object, error) { return m.withdrawalsOf(ctx, s, issued) })
	}
	if err != nil || len(list) == 0 {
		return err
	}
	first, err := m.DB.NextIDs(ctx, len(list))
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return m.add(ctx, tx, list, first) })
}
