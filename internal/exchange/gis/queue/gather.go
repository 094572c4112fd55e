package queue

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

// overlap is how far back a source is read again: a fact recorded before may have been committed after it was read.
const overlap = calendar.Micros(10 * time.Minute / time.Microsecond)

// Sources of objects, as cursors name them.
const (
	sourceFeed   = "feed"
	sourceBills  = "bills"
	sourceHouses = "houses"
)

// What one turn of a server reads beside the houses something was said of: facts that the feed does not tell come to
// ГИС ЖКХ this way, a little at a time.
const (
	sweepAfter  = calendar.Micros(10 * time.Minute / time.Microsecond)
	sweepMax    = 50
	housesAfter = calendar.Micros(time.Hour / time.Microsecond) // between looks for houses that are new to the supplier
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

// Gather queues what suppliers' facts have come to since it was last done, of the houses something was said of, or of
// all. Doing it twice queues nothing twice.
func (m *Module) Gather(ctx context.Context, all bool) error {
	list, err := participants(ctx, m.DB)
	if err != nil || len(list) == 0 {
		return err
	}
	if _, err := m.Feed.Catch(ctx); err != nil {
		return err
	}
	for i := range list {
		if err := m.gatherFeed(ctx, &list[i]); err != nil {
			return fmt.Errorf("feed of %s for the state system: %w", list[i].Code, err)
		}
		if err := m.gatherFacts(ctx, &list[i], all); err != nil {
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

// gatherFacts queues accounts, meters, readings and documents of the houses that may have come to something.
func (m *Module) gatherFacts(ctx context.Context, s *supplier.Supplier, all bool) error {
	var list []visit
	err := m.DB.WriteLocal(ctx, func(tx *db.Tx) (err error) {
		if err = m.markBills(ctx, tx, s.ID); err != nil {
			return err
		}
		if err = m.lookForHouses(ctx, tx, s.ID, all); err != nil {
			return err
		}
		list, err = m.visits(ctx, tx, s.ID, all)
		return err
	})
	for i := 0; i < len(list) && err == nil; i++ {
		err = m.gatherHouse(ctx, s, &list[i])
	}
	return err
}

// gatherHouse queues what one house of a supplier has come to since it was last read.
func (m *Module) gatherHouse(ctx context.Context, s *supplier.Supplier, v *visit) error {
	var list []object
	began, after, house := m.Now(), v.read-overlap, &v.house
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
		if err = add(gis.KindAccount, func() ([]object, error) { return m.accountsOf(ctx, tx, s, house) }); err != nil {
			return err
		}
		if err = add(gis.KindMeter, func() ([]object, error) { return m.metersOf(ctx, tx, s, house) }); err != nil {
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
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Building = house.ID
	}
	first, err := m.DB.NextIDs(ctx, max(1, len(list)))
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		if err := m.add(ctx, tx, list, first); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE gis_house SET read_at = $3 WHERE supplier_id = $1 AND building_id = $2 AND read_at < $3", s.ID, house.ID, int64(began))
		return err
	})
}
