package charge

import (
	"context"
	"fmt"
	"sync"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
)

// wavesAhead is how many waves are in memory at once beside those being computed: one being written, one ready.
const wavesAhead = 2

// errStopped ends a run that was paused by somebody.
var errStopped = fault.New(fault.Conflict, "charge.paused", "Расчёт приостановлен. Продолжить: повторите kvit charge run.")

// computing fills a wave with a stretch of buildings. It is one worker's.
type computing func(ctx context.Context, p pending, w *wave) error

// pipeline lets workers compute waves, and writes them, at the same time. The first error ends all.
func (m *Module) pipeline(ctx context.Context, run *Run, left []pending, workers []computing, total int64, progress func(done, total int64)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	waves := wavesAhead + len(workers)
	free, ready, next := make(chan *wave, waves), make(chan *wave, waves), make(chan pending, len(left))
	for range waves {
		free <- newWave()
	}
	for _, p := range left {
		next <- p
	}
	close(next)
	var going sync.WaitGroup
	for _, compute := range workers {
		going.Go(func() {
			if err := computeAll(ctx, compute, next, free, ready); err != nil {
				stop(err)
			}
		})
	}
	go func() {
		going.Wait()
		close(ready)
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

// computeAll takes stretches while there are any, and free waves to put them in.
func computeAll(ctx context.Context, compute computing, next <-chan pending, free <-chan *wave, ready chan<- *wave) error {
	for p := range next {
		select {
		case <-ctx.Done():
			return nil
		case w := <-free:
			if err := compute(ctx, p, w); err != nil {
				return err
			}
			ready <- w
		}
	}
	return nil
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
