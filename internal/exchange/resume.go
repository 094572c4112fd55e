package exchange

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/supplier"
)

// resume finishes the moves and the batches a crash left open, oldest first. Their bytes are in the store of blobs and their
// profiles in the database, so nothing of the outside is needed.
func (m *Module) resume(ctx context.Context, req *Request) error {
	if err := m.finishMoves(ctx); err != nil {
		return err
	}
	if err := m.PassRests(ctx); err != nil {
		return err
	}
	for {
		b, err := m.findOpen(ctx)
		if err != nil || b == nil {
			return err
		}
		b.req = &Request{Actor: req.Actor, Progress: req.Progress}
		m.log.Info("continuing an interrupted intake", "batch", b.id)
		err = b.again(ctx)
		b.close()
		if err != nil {
			return fmt.Errorf("continue intake %d: %w", b.id, err)
		}
	}
}

// Resume finishes what a crash left open; the server calls it at start.
func (m *Module) Resume(ctx context.Context) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return m.resume(ctx, &Request{Actor: "system"})
}

// again walks the steps of an open batch; buildings already written are skipped.
func (b *batch) again(ctx context.Context) error {
	if err := b.stageAll(ctx); err != nil {
		return err
	}
	if err := b.locate(ctx); err != nil {
		return err
	}
	if err := b.applyAll(ctx); err != nil {
		return err
	}
	if err := b.finishCharges(ctx); err != nil {
		return err
	}
	if err := b.takePayments(ctx); err != nil {
		return err
	}
	return b.finish(ctx)
}

func (m *Module) findOpen(ctx context.Context) (b *batch, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		b = nil
		rows, err := tx.QueryContext(ctx, "SELECT batch_id, recorded_at, done_building FROM intake_batch WHERE state = 'applying' ORDER BY batch_id LIMIT 1")
		if err != nil {
			return err
		}
		defer rows.Close()
		if !rows.Next() {
			return rows.Err()
		}
		b = &batch{m: m, codes: map[int64]string{}}
		if err := rows.Scan(&b.id, &b.recorded, &b.done); err != nil {
			return err
		}
		rows.Close()
		return b.loadFiles(ctx, tx)
	})
	return b, err
}

func (b *batch) loadFiles(ctx context.Context, tx *db.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT file_id, supplier_id, name, digest, size, purpose, profile, month, state, duplicate_of, rows, applied, repaired, ignored, quarantined
		FROM intake_file WHERE batch_id = $1 ORDER BY file_id`, b.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		f := &file{order: len(b.files)}
		var profile string
		err := rows.Scan(&f.id, &f.supplier, &f.name, &f.digest, &f.size, &f.purpose, &profile, &f.month, &f.state, &f.duplicateOf,
			&f.tally.Rows, &f.tally.Applied, &f.tally.Repaired, &f.tally.Ignored, &f.tally.Quarantined)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(profile), &f.profile); err != nil {
			return fmt.Errorf("profile of file %d: %w", f.id, err)
		}
		f.path = b.m.blobs.Path(f.digest)
		f.recorded = b.recorded + calendar.Micros(len(b.files)) // one moment apart, as record gave them
		if f.state == StateReceived {
			f.tally = tally{}
		}
		f.finished = f.state == StateApplied || f.state == StateRefused
		b.files = append(b.files, f)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return b.loadCodes(ctx, tx)
}

func (b *batch) loadCodes(ctx context.Context, tx *db.Tx) error {
	list, err := supplier.List(ctx, tx)
	if err != nil {
		return err
	}
	b.mapped = map[int64]*mapped{}
	for i := range list {
		b.codes[list[i].ID] = list[i].Code
		if len(list[i].Mapping) > 0 {
			b.mapped[list[i].ID] = newMapped(&list[i])
		}
	}
	return nil
}
