package bill

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// ReissueStart is the second person's word to replace bills, or the wish to go on with what was paused.
type ReissueStart struct {
	ID         int64
	Wave       int           // households; 0: as it was
	Pause      time.Duration // between waves; below 0: as it was
	Actor      string
	Background bool
}

// ConfirmReissue lets a prepared reissue run, or goes on with one that was paused. join runs in the same transaction. Whoever
// prepared it may only go on.
func (m *Module) ConfirmReissue(ctx context.Context, s ReissueStart, join func(ctx context.Context, tx *db.Tx) error) (x *Reissue, err error) {
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		if x, err = FindReissue(ctx, tx, s.ID); err != nil {
			return err
		}
		action := ""
		switch {
		case x.State == ReissueWaiting && x.PreparedBy == s.Actor:
			return fault.New(fault.Conflict, "reissue.same_person", "Эту замену счетов подготовили вы. Начать её должен другой человек – так ошибку заметят двое.")
		case x.State == ReissueWaiting:
			action, x.ConfirmedBy, x.ConfirmedAt = "bill.reissue_confirmed", s.Actor, m.now()
		case x.State == ReissuePaused:
			action = "bill.reissue_resumed"
		}
		if x.State != ReissueDone {
			x.State = ReissueRunning
		}
		if s.Wave > 0 {
			x.Wave = s.Wave
		}
		if s.Pause >= 0 {
			x.Pause = s.Pause
		}
		x.Background = x.Background || s.Background
		if _, err := tx.ExecContext(ctx, "UPDATE bill_reissue SET state = $2, confirmed_by = $3, confirmed_at = $4, wave = $5, pause_us = $6, background = $7 WHERE reissue_id = $1",
			x.ID, x.State, x.ConfirmedBy, int64(x.ConfirmedAt), x.Wave, x.Pause.Microseconds(), flag(x.Background)); err != nil {
			return fmt.Errorf("confirm reissue %d: %w", x.ID, err)
		}
		if action != "" {
			if err := x.audit(ctx, tx, m.now(), s.Actor, action, map[string]any{"month": x.Month.String(), "wave": x.Wave, "pause": x.Pause.String()}); err != nil {
				return err
			}
		}
		if join == nil {
			return nil
		}
		return join(ctx, tx)
	})
	return x, err
}

// PauseReissue stops a reissue at its next buildings.
func (m *Module) PauseReissue(ctx context.Context, id int64, actor string) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		x, err := FindReissue(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case x.State == ReissuePaused:
			return nil
		case x.State != ReissueRunning:
			return fault.Newf(fault.Conflict, "reissue.state", "Замена счетов № %d сейчас не идёт.", id)
		}
		if _, err := tx.ExecContext(ctx, "UPDATE bill_reissue SET state = 'paused' WHERE reissue_id = $1", id); err != nil {
			return err
		}
		return x.audit(ctx, tx, m.now(), actor, "bill.reissue_paused", nil)
	})
}

// ListInterruptedReissues gives the reissues the server was at when it stopped.
func (m *Module) ListInterruptedReissues(ctx context.Context) (ids []int64, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		return tx.Scan(ctx, "SELECT reissue_id FROM bill_reissue WHERE state = 'running' AND background <> 0 ORDER BY reissue_id", nil, func(v []int64, _ []byte) error {
			ids = append(ids, v[0])
			return nil
		})
	})
	return ids, err
}

// ContinueReissue works on a reissue that was confirmed. Killed at any moment it goes on with the buildings that have no
// mark; done twice it changes nothing.
func (m *Module) ContinueReissue(ctx context.Context, x *Reissue, progress func(wave int, done Reissued)) (*Reissued, error) {
	var left []batch
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		left, err = listNotReissued(ctx, tx, x, min(batchHouseholds, int64(x.Wave)))
		return err
	})
	if err != nil {
		return nil, err
	}
	if x.State == ReissueDone {
		left = nil
	}
	err = m.inWaves(ctx, reissuing{m, x}, left, x.Wave, x.Pause, func(wave int) error {
		if progress == nil {
			return nil
		}
		done, err := m.countReissued(ctx, x)
		if err == nil {
			progress(wave, done)
		}
		return err
	})
	if err == nil {
		err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE bill_reissue SET state = 'done', finished_at = $2 WHERE reissue_id = $1 AND state = 'running'", x.ID, int64(m.now()))
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	done, err := m.countReissued(ctx, x)
	return &done, err
}

func (m *Module) countReissued(ctx context.Context, x *Reissue) (done Reissued, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		done, err = CountReissued(ctx, tx, x)
		return err
	})
	return done, err
}

// reissuing issues newer bills of a reissue.
type reissuing struct {
	*Module
	x *Reissue
}

func (m reissuing) collect(ctx context.Context, of *batch, at calendar.Micros) (*sheaf, error) {
	s := newSheaf(of)
	list, err := m.compareIssued(ctx, m.x, of, at)
	for _, c := range list {
		k := s.marks[c.now.BuildingID]
		switch c.verdict {
		case billSame:
			k.already++
		case billOther:
			k.without++
		case billChanged:
			k.issued, k.total = k.issued+1, k.total+c.difference
		}
	}
	list = slices.DeleteFunc(list, func(c *comparedBill) bool { return c.verdict != billChanged })
	if err == nil {
		err = m.db.Read(ctx, func(tx *db.Tx) error {
			s.snapshots = nil
			for _, c := range list {
				recipients, err := m.recipientsOf(ctx, tx, c.now)
				if err != nil {
					return err
				}
				one, err := newSnapshot(c.now, m.x.Month, c.was.version+1, recipients)
				if err != nil {
					return err
				}
				one.publishedBy, one.reason = m.x.ConfirmedBy, m.x.Reason
				s.snapshots = append(s.snapshots, one)
			}
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("bills of reissue %d: %w", m.x.ID, err)
	}
	return s, nil
}

var errReissuePaused = fault.New(fault.Conflict, PausedCode, "Замена счетов приостановлена. Продолжить: повторите kvit bill reissue --confirm.")

func (m reissuing) write(ctx context.Context, s *sheaf, at calendar.Micros) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		var state string
		if err := tx.QueryRowContext(ctx, "SELECT state FROM bill_reissue WHERE reissue_id = $1", m.x.ID).Scan(&state); err != nil {
			return err
		}
		if state == ReissuePaused {
			return errReissuePaused
		}
		mine, err := s.marked(func(building int64, k *mark) (bool, error) {
			return inserted(ctx, tx, `INSERT INTO bill_reissued (building_id, reissue_id, month, published_at, issued, same, other, difference_kop)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`, building, m.x.ID, int64(m.x.Month), int64(at), k.issued, k.already, k.without, int64(k.total))
		})
		if err != nil {
			return err
		}
		return writeSnapshots(ctx, tx, mine)
	})
}
