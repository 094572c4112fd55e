package bill

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Bounds of a publication.
const (
	batchHouseholds = 200 // so many bills are written in one transaction
	batchBuildings  = 200
	// settle is what a wave waits before it reads: a fact recorded before the wave's moment has been committed by then.
	settle = 200 * time.Millisecond
)

var (
	errPublicationPaused = fault.New(fault.Conflict, PausedCode, "Выставление счетов приостановлено. Продолжить: повторите kvit charge publish.")
	errIntakeRunning     = fault.New(fault.Conflict, IntakeRunning, "Идёт приём файлов: счета изменятся. Дождитесь его конца и повторите.")
)

// Codes of the faults that end a publication before its end.
const (
	IntakeRunning = "publish.intake" // files are being taken in
	PausedCode    = "publish.paused" // somebody paused it
)

// batch is a stretch of buildings without others between them whose bills are written in one transaction.
type batch struct {
	first, last int64
	buildings   []int64
	households  int64
}

// listUnpublished gives the buildings of a run's scope whose bills it has not issued yet, in batches of at most so many
// households unless one building has more.
func listUnpublished(ctx context.Context, tx *db.Tx, run *charge.Run, most int64) (list []batch, err error) {
	done := map[int64]bool{}
	err = tx.Scan(ctx, "SELECT building_id FROM bill_published WHERE run_id = $1", []any{run.ID}, func(v []int64, _ []byte) error {
		done[v[0]] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list published buildings: %w", err)
	}
	return listBatches(ctx, tx, most, func(building int64) bool { return !done[building] && run.Covers(building) })
}

// listBatches parts the inhabited buildings that are wanted into batches.
func listBatches(ctx context.Context, tx *db.Tx, most int64, wanted func(building int64) bool) (list []batch, err error) {
	inhabited, err := account.ListInhabited(ctx, tx)
	if err != nil {
		return nil, err
	}
	var now batch
	flush := func() {
		if len(now.buildings) > 0 {
			list = append(list, now)
		}
		now = batch{}
	}
	for _, b := range inhabited {
		if !wanted(b.BuildingID) {
			flush()
			continue
		}
		if now.households+b.Households > most || len(now.buildings) >= batchBuildings {
			flush()
		}
		if len(now.buildings) == 0 {
			now.first = b.BuildingID
		}
		now.last, now.buildings, now.households = b.BuildingID, append(now.buildings, b.BuildingID), now.households+b.Households
	}
	flush()
	return list, nil
}

// Publish issues the bills of a run's households, as their baskets show them, in waves. Killed at any moment it goes on
// with the buildings that have no mark; done twice it changes nothing; a household whose bill of the month was issued
// before keeps it.
func (m *Module) Publish(ctx context.Context, req PublishRequest) (*Published, error) {
	p, err := m.BeginPublication(ctx, req, nil)
	if err != nil {
		return nil, err
	}
	return m.ContinuePublication(ctx, p, req.Progress)
}

// ContinuePublication works on a publication that has begun.
func (m *Module) ContinuePublication(ctx context.Context, p *Publication, progress func(wave int, done Published)) (*Published, error) {
	var run *charge.Run
	var left []batch
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		if run, err = charge.FindRun(ctx, tx, p.Run); err == nil {
			left, err = listUnpublished(ctx, tx, run, min(batchHouseholds, int64(p.Wave)))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = m.inWaves(ctx, publishing{m, p}, left, p.Wave, p.Pause, func(wave int) error {
		if progress == nil {
			return nil
		}
		done, err := m.countPublished(ctx, run)
		if err == nil {
			progress(wave, done)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := m.endPublication(ctx, p); err != nil {
		return nil, err
	}
	done, err := m.countPublished(ctx, run)
	return &done, err
}

func (m *Module) countPublished(ctx context.Context, run *charge.Run) (done Published, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		done, err = CountPublished(ctx, tx, run)
		return err
	})
	return done, err
}

// waveOf is how many batches make a wave of so many households; at least one.
func waveOf(left []batch, households int64) (n int) {
	for sum := int64(0); n < len(left) && (n == 0 || sum+left[n].households <= households); n++ {
		sum += left[n].households
	}
	return n
}

func wait(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// issuing is what issues bills batch by batch: the bills of a run, or newer ones in the place of others.
type issuing interface {
	// collect makes the bills of a batch as of a moment.
	collect(ctx context.Context, of *batch, at calendar.Micros) (*sheaf, error)
	// write writes them in one transaction, with the marks of their buildings.
	write(ctx context.Context, s *sheaf, at calendar.Micros) error
}

// inWaves issues bills in waves of so many households with a pause between them, and tells of each wave.
func (m *Module) inWaves(ctx context.Context, by issuing, left []batch, households int, pause time.Duration, told func(wave int) error) error {
	for wave := 1; len(left) > 0; wave++ {
		if wave > 1 {
			if err := wait(ctx, pause); err != nil {
				return err
			}
		}
		n := waveOf(left, int64(households))
		if err := m.wave(ctx, by, left[:n]); err != nil {
			return err
		}
		left = left[n:]
		if err := told(wave); err != nil {
			return err
		}
	}
	return nil
}

// wave issues the bills of a wave, all of one moment. A batch is computed while the one before is written.
func (m *Module) wave(ctx context.Context, by issuing, list []batch) error {
	if err := m.quiet(ctx); err != nil {
		return err
	}
	at := m.now()
	if err := wait(ctx, settle); err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ready := make(chan *sheaf, 1)
	go func() {
		defer close(ready)
		for i := range list {
			s, err := by.collect(ctx, &list[i], at)
			if err != nil {
				stop(err)
				return
			}
			select {
			case ready <- s:
			case <-ctx.Done():
				return
			}
		}
	}()
	for s := range ready {
		if err := writeSheaf(ctx, by, s, at); err != nil {
			stop(err)
			for range ready { // the other side has to end before the wave does
			}
			return err
		}
	}
	return context.Cause(ctx)
}

// quiet refuses while files are being taken in: their rows carry the moment the intake began.
func (m *Module) quiet(ctx context.Context) error {
	if m.IntakeRuns == nil {
		return nil
	}
	return m.db.Read(ctx, func(tx *db.Tx) error {
		runs, err := m.IntakeRuns(ctx, tx)
		if err == nil && runs {
			err = errIntakeRunning
		}
		return err
	})
}

// endPublication marks a publication done unless it was paused meanwhile.
func (m *Module) endPublication(ctx context.Context, p *Publication) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE bill_publication SET state = 'done', finished_at = $2 WHERE run_id = $1 AND state = 'running'", p.Run, int64(m.now()))
		return err
	})
}

// listHolders gives the households of a stretch of buildings that have a bill of the month.
func listHolders(ctx context.Context, tx *db.Tx, first, last int64, month calendar.Month) (map[Ref]bool, error) {
	holders := map[Ref]bool{}
	err := tx.Scan(ctx, "SELECT DISTINCT building_id, household_id FROM bill_snapshot WHERE building_id BETWEEN $1 AND $2 AND month = $3", []any{first, last, int64(month)}, func(v []int64, _ []byte) error {
		holders[Ref{v[0], v[1]}] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list households with bills: %w", err)
	}
	return holders, nil
}
