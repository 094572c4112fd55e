package bill

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// States of a publication. One that is running goes on from the buildings it has not done.
const (
	PublicationRunning = "running"
	PublicationPaused  = "paused"
	PublicationDone    = "done"
)

// WaveDefault is how many households get their bills in one wave.
const WaveDefault = 5000

// Publication is the issuing of a run's bills, in waves with a pause between them. What it did is told by the buildings
// it has done.
type Publication struct {
	Run        int64
	Month      calendar.Month
	State      string
	Wave       int           // households
	Pause      time.Duration // between waves
	StartedBy  string
	StartedAt  calendar.Micros
	FinishedAt calendar.Micros
	Background bool // the server goes on with it after a restart
}

// Published is how far a publication has come.
type Published struct {
	Buildings    int64           `json:"buildings"`
	BuildingsAll int64           `json:"buildingsAll"`
	Issued       int64           `json:"issued"`
	Without      int64           `json:"withoutCharges"` // households whose bill is not of the month
	Already      int64           `json:"already"`        // households that had a bill of the month
	Total        money.Amount    `json:"total"`
	Last         calendar.Micros `json:"-"` // the moment of the last wave
}

const publicationColumns = "run_id, month, state, wave, pause_us, started_by, started_at, finished_at, background"

// FindPublication gives the publication of a run, nil when it has not begun.
func FindPublication(ctx context.Context, tx *db.Tx, run int64) (*Publication, error) {
	var p Publication
	var pause int64
	err := tx.QueryRowContext(ctx, "SELECT "+publicationColumns+" FROM bill_publication WHERE run_id = $1", run).
		Scan(&p.Run, &p.Month, &p.State, &p.Wave, &pause, &p.StartedBy, &p.StartedAt, &p.FinishedAt, &p.Background)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	p.Pause = time.Duration(pause) * time.Microsecond
	return &p, err
}

// ListInterrupted gives the publications the server was at when it stopped.
func (m *Module) ListInterrupted(ctx context.Context) (runs []int64, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		runs = nil
		return tx.Scan(ctx, "SELECT run_id FROM bill_publication WHERE state = 'running' AND background <> 0 ORDER BY run_id", nil, func(v []int64, _ []byte) error {
			runs = append(runs, v[0])
			return nil
		})
	})
	return runs, err
}

// CountPublished tells how far the publication of a run has come.
func CountPublished(ctx context.Context, tx *db.Tx, run *charge.Run) (p Published, err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(issued), 0), coalesce(sum(without), 0), coalesce(sum(already), 0), coalesce(sum(total_kop), 0), coalesce(max(published_at), 0)
		FROM bill_published WHERE run_id = $1`, run.ID).Scan(&p.Buildings, &p.Issued, &p.Without, &p.Already, &p.Total, &p.Last)
	if err != nil {
		return p, fmt.Errorf("count published bills: %w", err)
	}
	left, err := listUnpublished(ctx, tx, run, batchHouseholds)
	for i := range left {
		p.BuildingsAll += int64(len(left[i].buildings))
	}
	p.BuildingsAll += p.Buildings
	return p, err
}

// ToPublish is what the publication of an approved run would issue.
type ToPublish struct{ Buildings, Households int64 }

// CountToPublish tells how many buildings and households a publication has still before it.
func CountToPublish(ctx context.Context, tx *db.Tx, run *charge.Run) (t ToPublish, err error) {
	left, err := listUnpublished(ctx, tx, run, batchHouseholds)
	for i := range left {
		t.Buildings += int64(len(left[i].buildings))
		t.Households += left[i].households
	}
	return t, err
}

// PublishRequest asks for bills to be issued.
type PublishRequest struct {
	Run        int64
	Wave       int           // households; 0: as it was, or WaveDefault
	Pause      time.Duration // between waves; below 0: as it was
	Actor      string
	Background bool
	Progress   func(wave int, p Published)
}

// BeginPublication opens the publication of an approved run, or goes on with one that was paused. join runs in the same
// transaction.
func (m *Module) BeginPublication(ctx context.Context, req PublishRequest, join func(ctx context.Context, tx *db.Tx) error) (p *Publication, err error) {
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		run, err := charge.FindRun(ctx, tx, req.Run)
		if err != nil {
			return err
		}
		if err := publishable(run); err != nil {
			return err
		}
		if p, err = FindPublication(ctx, tx, run.ID); err != nil {
			return err
		}
		if err := m.keepPublication(ctx, tx, &p, run, &req); err != nil || join == nil {
			return err
		}
		return join(ctx, tx)
	})
	return p, err
}

// keepPublication writes the publication as it now goes on.
func (m *Module) keepPublication(ctx context.Context, tx *db.Tx, was **Publication, run *charge.Run, req *PublishRequest) error {
	p := *was
	action := ""
	switch {
	case p == nil:
		p, action = &Publication{Run: run.ID, Month: run.Month, Wave: WaveDefault, StartedBy: req.Actor, StartedAt: m.now()}, "bill.publishing"
	case p.State == PublicationPaused:
		action = "bill.publishing_resumed"
	}
	p.State, p.FinishedAt, p.Background = PublicationRunning, 0, p.Background || req.Background
	if req.Wave > 0 {
		p.Wave = req.Wave
	}
	if req.Pause >= 0 {
		p.Pause = req.Pause
	}
	*was = p
	_, err := tx.ExecContext(ctx, "INSERT INTO bill_publication ("+publicationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (run_id) DO UPDATE SET state = excluded.state, wave = excluded.wave, pause_us = excluded.pause_us, finished_at = 0, background = excluded.background`,
		p.Run, int64(p.Month), p.State, p.Wave, p.Pause.Microseconds(), p.StartedBy, int64(p.StartedAt), int64(p.FinishedAt), flag(p.Background))
	if err != nil || action == "" {
		return err
	}
	return audit.Record(ctx, tx, m.now(), req.Actor, action, fmt.Sprintf("charge_run:%d", p.Run), map[string]any{"month": p.Month.String(), "wave": p.Wave, "pause": p.Pause.String()})
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// publishable tells why the bills of a run cannot be issued.
func publishable(run *charge.Run) error {
	switch {
	case run.Kind != charge.KindMonth:
		return fault.Newf(fault.Conflict, "publish.kind", "Расчёт № %d – перерасчёт: счета выставляют по расчёту месяца.", run.ID)
	case run.ApprovedBy == "":
		return fault.Newf(fault.Conflict, "publish.not_approved", "Расчёт № %d не утверждён. Сначала его утверждает второй человек: kvit charge approve %d --by ИМЯ.", run.ID, run.ID)
	}
	return nil
}

// PausePublication stops a publication at its next buildings.
func (m *Module) PausePublication(ctx context.Context, run int64, actor string) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		p, err := FindPublication(ctx, tx, run)
		if err != nil {
			return err
		}
		if p == nil || p.State == PublicationDone {
			return fault.Newf(fault.Conflict, "publish.state", "Счета по расчёту № %d сейчас не выставляются.", run)
		}
		if p.State == PublicationPaused {
			return nil
		}
		if _, err := tx.ExecContext(ctx, "UPDATE bill_publication SET state = 'paused' WHERE run_id = $1", run); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.now(), actor, "bill.publishing_paused", fmt.Sprintf("charge_run:%d", run), nil)
	})
}

// Add adds up publications of several runs.
func (p *Published) Add(o *Published) {
	p.Buildings += o.Buildings
	p.BuildingsAll += o.BuildingsAll
	p.Issued += o.Issued
	p.Without += o.Without
	p.Already += o.Already
	p.Total += o.Total
}
