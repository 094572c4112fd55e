package feed

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// KeepMin is how long what was told can be read again at least.
const KeepMin = 24 * time.Hour

// pruneChunk is how many places one transaction removes.
const pruneChunk = 1000

// GoneCode is the code of the fault that says that what was asked for was removed as old.
const GoneCode = "feed.gone"

// Prune removes what was told before a moment, and never what is younger than KeepMin. hold tells how far of each
// supplier's feed it may go: somebody has not read further; a supplier who is not there holds nothing. drop is called
// with every place removed up to, in the transaction. It gives how many messages were removed.
func (m *Module) Prune(ctx context.Context, before calendar.Micros, hold map[int64]int64, drop func(ctx context.Context, tx *db.Tx, supplierID, upTo int64) error) (removed int, err error) {
	before = min(before, m.now()-calendar.Micros(KeepMin/time.Microsecond))
	if before, err = m.heldBack(ctx, before, hold); err != nil {
		return 0, err
	}
	suppliers, err := m.readers(ctx)
	if err != nil {
		return 0, err
	}
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE event_round SET pruned_before = $1 WHERE pruned_before < $1", int64(before))
		return err
	})
	for _, id := range suppliers {
		for n := pruneChunk; n == pruneChunk && err == nil; removed += n {
			err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
				n, err = pruneSome(ctx, tx, id, before, drop)
				return err
			})
		}
	}
	if err == nil {
		err = m.pruneUntold(ctx, before)
	}
	if err != nil {
		return removed, fmt.Errorf("prune feeds: %w", err)
	}
	return removed, nil
}

// readers are the suppliers who have feeds.
func (m *Module) readers(ctx context.Context) (list []int64, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		return tx.Scan(ctx, "SELECT supplier_id FROM event_feed_head ORDER BY supplier_id", nil, func(v []int64, _ []byte) error {
			list = append(list, v[0])
			return nil
		})
	})
	return list, err
}

// heldBack is the moment before which nobody has anything to read. The places of an event are all of one moment, so what
// was told before one moment goes as a whole, the event with its last place.
func (m *Module) heldBack(ctx context.Context, before calendar.Micros, hold map[int64]int64) (calendar.Micros, error) {
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		for id, position := range hold {
			var fed int64
			err := tx.QueryRowContext(ctx, "SELECT coalesce(min(fed_at), 0) FROM event_feed WHERE supplier_id = $1 AND position = (SELECT min(position) FROM event_feed WHERE supplier_id = $1 AND position > $2)", id, position).Scan(&fed)
			if err != nil {
				return err
			}
			if fed != 0 {
				before = min(before, calendar.Micros(fed))
			}
		}
		return nil
	})
	return before, err
}

// pruneSome removes the oldest places of a supplier and their events, all of one number of rows at most.
func pruneSome(ctx context.Context, tx *db.Tx, supplierID int64, before calendar.Micros, drop func(context.Context, *db.Tx, int64, int64) error) (n int, err error) {
	var last int64
	keys := map[[2]int64][]int64{}
	err = tx.Scan(ctx, "SELECT position, building_id, subject_id, seq FROM event_feed WHERE supplier_id = $1 AND fed_at < $2 ORDER BY position LIMIT $3", []any{supplierID, int64(before), pruneChunk},
		func(v []int64, _ []byte) error {
			last, n = v[0], n+1
			k := [2]int64{v[1], v[2]}
			keys[k] = append(keys[k], v[3])
			return nil
		})
	if err != nil || n == 0 {
		return 0, err
	}
	if err := drop(ctx, tx, supplierID, last); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM event_feed WHERE supplier_id = $1 AND position <= $2", supplierID, last); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE event_feed_head SET pruned_to = $2 WHERE supplier_id = $1", supplierID, last); err != nil {
		return 0, err
	}
	return n, removeEvents(ctx, tx, keys)
}

// removeEvents removes events by their subjects, in the order writers lock them.
func removeEvents(ctx context.Context, tx *db.Tx, keys map[[2]int64][]int64) error {
	for _, k := range slices.SortedFunc(maps.Keys(keys), func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) }) {
		if err := removeOf(ctx, tx, k, keys[k]); err != nil {
			return err
		}
	}
	return nil
}

// removeOf removes events of a subject and counts them; those another supplier's places took along are gone already.
func removeOf(ctx context.Context, tx *db.Tx, subject [2]int64, seqs []int64) error {
	args := []any{subject[0], subject[1]}
	of := db.In("seq", seqs, &args)
	res, err := tx.ExecContext(ctx, "DELETE FROM event WHERE building_id = $1 AND subject_id = $2 AND "+of, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE event_subject SET pruned = pruned + $3 WHERE building_id = $1 AND subject_id = $2", subject[0], subject[1], n)
	return err
}

// pruneUntold removes old events that nobody was entitled to.
func (m *Module) pruneUntold(ctx context.Context, before calendar.Micros) error {
	for n := pruneChunk; n == pruneChunk; {
		err := m.db.WriteLocal(ctx, func(tx *db.Tx) error {
			n = 0
			keys := map[[2]int64][]int64{}
			err := tx.Scan(ctx, "SELECT building_id, subject_id, seq FROM event WHERE fed = 2 AND recorded_at < $1 LIMIT $2", []any{int64(before), pruneChunk}, func(v []int64, _ []byte) error {
				n++
				k := [2]int64{v[0], v[1]}
				keys[k] = append(keys[k], v[2])
				return nil
			})
			if err != nil {
				return err
			}
			return removeEvents(ctx, tx, keys)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Oldest is the place before the oldest message of a supplier's feed that can still be read.
func Oldest(ctx context.Context, tx *db.Tx, supplierID int64) (position int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(pruned_to), 0) FROM event_feed_head WHERE supplier_id = $1", supplierID).Scan(&position)
	return position, err
}

// refuseGone refuses to read on from a place whose next messages were removed: they would be passed over unnoticed.
func refuseGone(ctx context.Context, tx *db.Tx, supplierID, after int64) error {
	gone, err := Oldest(ctx, tx, supplierID)
	if err != nil {
		return err
	}
	if after >= gone {
		return nil
	}
	return fault.Newf(fault.Gone, GoneCode, "События до места %d удалены: их срок хранения вышел. Начните с after=%[1]d и сверьте то, что было раньше, по реестрам.", gone).WithField("after")
}
