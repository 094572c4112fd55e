package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Tries of a delivery whose intake fails by no fault of the file, and how long the first of them waits.
const (
	deliveryTries = 5
	deliveryWait  = 10 * time.Second
)

// trialLife is how long the verdicts of dry runs are kept.
const trialLife = 30 * 24 * time.Hour

// delivered is a delivery as stored.
type delivered struct {
	id, supplier, size, month    int64
	name, digest, profile, actor string
	dryRun                       bool
	tries                        int
}

// RunIntake takes a delivery in, from the queue or from where a crash left it; one that is done is left as it is. One
// intake runs at a time: while another does, it is a Conflict with the code intake.busy. A fault of the file becomes
// its refusal; any other is returned and the delivery waits for another try.
func (m *Module) RunIntake(ctx context.Context, id int64) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock()
	d, err := m.startDelivery(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil // done before, or never stored
	}
	if err != nil {
		return err
	}
	if d.tries > deliveryTries {
		return m.endDelivery(ctx, &d, StateFailed, nil)
	}
	report, err := m.takeDelivery(ctx, &d)
	if err == nil {
		return m.endDelivery(ctx, &d, StateDone, report)
	}
	if ctx.Err() != nil {
		return ctx.Err() // it goes on after the restart
	}
	return errors.Join(fmt.Errorf("intake %d: %w", id, err), m.postpone(ctx, &d))
}

// RunPending takes in what waits, oldest first, until nothing is due. While another intake runs it leaves the queue for
// later.
func (m *Module) RunPending(ctx context.Context) error {
	for {
		id, err := m.nextDelivery(ctx)
		if err != nil || id == 0 {
			return err
		}
		if err := m.RunIntake(ctx, id); err != nil {
			if fault.CodeOf(err) == errBusy.Code {
				return nil
			}
			return err
		}
	}
}

// nextDelivery is the oldest delivery that is due; 0 when there is none. A running one was left by a crash: whoever
// runs holds the lock.
func (m *Module) nextDelivery(ctx context.Context) (id int64, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT coalesce(min(delivery_id), 0) FROM intake_delivery WHERE state IN ($1, $2) AND next_at <= $3", StateQueued, StateRunning, int64(m.now())).Scan(&id)
	})
	if err != nil {
		return 0, fmt.Errorf("next delivery: %w", err)
	}
	return id, nil
}

func (m *Module) startDelivery(ctx context.Context, id int64) (d delivered, err error) {
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		var dry int
		err := tx.QueryRowContext(ctx, `UPDATE intake_delivery SET state = $2, tries = tries + 1 WHERE delivery_id = $1 AND state IN ($2, $3)
			RETURNING delivery_id, supplier_id, size, month, name, digest, profile, actor, dry_run, tries`, id, StateRunning, StateQueued).
			Scan(&d.id, &d.supplier, &d.size, &d.month, &d.name, &d.digest, &d.profile, &d.actor, &dry, &d.tries)
		d.dryRun = dry == 1
		return err
	})
	return d, err
}

// takeDelivery judges or takes in a delivery. A batch of its own that was left open is finished first, and then the
// file is there already.
func (m *Module) takeDelivery(ctx context.Context, d *delivered) (*Report, error) {
	req := Request{DryRun: d.dryRun, Actor: d.actor}
	var stop func()
	req.Progress, stop = m.watch(ctx, d.id)
	defer stop()
	if !d.dryRun {
		if err := m.resume(ctx, &req); err != nil {
			return nil, err
		}
		if _, err := m.FindFile(ctx, access.Scope{All: true}, d.id); !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	code, err := m.codeOf(ctx, d.supplier)
	if err != nil {
		return nil, err
	}
	f, err := m.fileOf(ctx, d, code)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Limited) {
		f := &file{id: d.id, name: d.name, purpose: PurposeCharges, state: StateRefused, refusal: fault.As(err)}
		return &Report{Files: []FileReport{f.report(code)}, DryRun: d.dryRun}, nil
	}
	if err != nil {
		return nil, err
	}
	return m.intake(ctx, req, []*file{f})
}

func (m *Module) codeOf(ctx context.Context, supplierID int64) (code string, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		s, err := supplier.FindByID(ctx, tx, supplierID)
		code = s.Code
		return err
	})
	return code, err
}

// endDelivery stores how a delivery ended. What a dry run found has no file to stand by: it is kept under the
// delivery's number for a while.
func (m *Module) endDelivery(ctx context.Context, d *delivered, state string, r *Report) error {
	text := ""
	if r != nil && len(r.Files) == 1 {
		b, err := json.Marshal(r.Files[0])
		if err != nil {
			return err
		}
		text = string(b)
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now := m.now()
		if r != nil && d.dryRun {
			if err := insertIssues(ctx, tx, d.id, r.Issues); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM intake_issue WHERE file_id IN (SELECT delivery_id FROM intake_delivery WHERE dry_run = 1 AND state = $1 AND finished_at < $2)`,
			StateDone, int64(now)-int64(trialLife/time.Microsecond)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE intake_delivery SET state = $2, report = $3, stage = '', done = 0, total = 0, finished_at = $4 WHERE delivery_id = $1", d.id, state, text, int64(now))
		return err
	})
}

// postpone lets a delivery wait for its next try, twice as long each time; after the last it is failed.
func (m *Module) postpone(ctx context.Context, d *delivered) error {
	if d.tries == deliveryTries {
		return m.endDelivery(ctx, d, StateFailed, nil)
	}
	next := m.now() + calendar.Micros(deliveryWait<<(d.tries-1)/time.Microsecond)
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE intake_delivery SET state = $2, next_at = $3 WHERE delivery_id = $1", d.id, StateQueued, int64(next))
		return err
	})
}

// progress is how far an intake has come.
type progress struct {
	stage       string
	done, total int64
}

// progressPause is how often progress is written down at most.
const progressPause = time.Second

// watch gives the function an intake tells its progress, and writes it beside the intake, which never waits for it.
func (m *Module) watch(ctx context.Context, id int64) (tell func(stage string, done, total int64), stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var last atomic.Pointer[progress]
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(progressPause):
			}
			if p := last.Swap(nil); p != nil {
				if err := m.writeProgress(ctx, id, p); err != nil && ctx.Err() == nil {
					m.log.Warn("progress of an intake", "intake", id, "error", err)
				}
			}
		}
	}()
	return func(stage string, done, total int64) { last.Store(&progress{stage, done, total}) }, func() { cancel(); <-ended }
}

func (m *Module) writeProgress(ctx context.Context, id int64, p *progress) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE intake_delivery SET stage = $2, done = $3, total = $4 WHERE delivery_id = $1", id, p.stage, p.done, p.total)
		return err
	})
}
