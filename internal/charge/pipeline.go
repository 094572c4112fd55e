package charge

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
)

// wavesAhead is how many waves are in memory at once: one being written, one ready, one being computed.
const wavesAhead = 3

// errStopped ends a run that was paused by somebody.
var errStopped = fault.New(fault.Conflict, "charge.paused", "Расчёт приостановлен. Продолжить: повторите kvit charge run.")

// pipeline computes waves and writes them, at the same time. The first error ends both.
func (m *Module) pipeline(ctx context.Context, run *Run, left []pending, compute func(context.Context, pending, *wave) error, total int64,
	progress func(done, total int64),
) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	free, ready := make(chan *wave, wavesAhead), make(chan *wave, wavesAhead)
	for range wavesAhead {
		free <- newWave()
	}
	go func() {
		defer close(ready)
		for _, p := range left {
			select {
			case <-ctx.Done():
				return
			case w := <-free:
				if err := compute(ctx, p, w); err != nil {
					stop(err)
					return
				}
				ready <- w
			}
		}
	}()
	done := int64(0)
	for w := range ready {
		if context.Cause(ctx) == nil {
			if err := m.writeWave(ctx, run, w); err != nil {
				stop(err)
			}
			if done += w.buildings; progress != nil {
				progress(done, total)
			}
		}
		free <- w
	}
	return context.Cause(ctx)
}

// writeWave writes a wave in one transaction, unless the run was paused or its month closed meanwhile.
func (m *Module) writeWave(ctx context.Context, run *Run, w *wave) error {
	err := m.tryWave(ctx, run, w, true)
	if f := fault.As(err); err != nil && f.Code == "duplicate" { // a balance came meanwhile, or another process did the buildings
		err = m.tryWave(ctx, run, w, false)
	}
	if err != nil {
		return fmt.Errorf("buildings %d to %d: %w", w.first, w.last, err)
	}
	return nil
}

func (m *Module) tryWave(ctx context.Context, run *Run, w *wave, fresh bool) error {
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		var state string
		var closed int64
		err := tx.QueryRowContext(ctx, "SELECT state, (SELECT count(*) FROM charge_month WHERE month = $1) FROM charge_run WHERE run_id = $2", int64(run.Month), run.ID).Scan(&state, &closed)
		switch {
		case err != nil:
			return err
		case closed != 0:
			return monthClosed(run.Month, 1)
		case state != StateRunning:
			return errStopped
		}
		if fresh {
			if fresh, err = ledger.Fresh(ctx, tx, w.first, w.last); err != nil {
				return err
			}
		}
		return w.write(ctx, tx, fresh)
	})
}
