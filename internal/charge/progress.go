package charge

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Progress is how far a run has come.
type Progress struct {
	Buildings, BuildingsAll   int64
	Households, HouseholdsAll int64
	Lines, Issues             int64
	Amount                    money.Amount
	stretchFrom               calendar.Micros // since when the process at work has been at it
	stretchHouseholds         int64
}

// Rate is how many households a second the process at work charges; 0 until it is known.
func (p *Progress) Rate(now calendar.Micros) float64 {
	if p.stretchFrom == 0 || now <= p.stretchFrom {
		return 0
	}
	return float64(p.stretchHouseholds) / (float64(now-p.stretchFrom) / 1e6)
}

// Left is how long the rest takes at that rate; 0 when it is not known.
func (p *Progress) Left(now calendar.Micros) time.Duration {
	rate := p.Rate(now)
	if rate == 0 {
		return 0
	}
	return time.Duration(float64(p.HouseholdsAll-p.Households) / rate * float64(time.Second)).Round(time.Second)
}

// CountProgress tells how far a run has come.
func CountProgress(ctx context.Context, tx *db.Tx, run *Run) (p Progress, err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(households), 0), coalesce(sum(lines), 0), coalesce(sum(issues), 0), coalesce(sum(amount_kop), 0), coalesce(max(recorded_at), 0)
		FROM charge_building WHERE run_id = $1 AND month = $2`, run.ID, int64(run.Month)).Scan(&p.Buildings, &p.Households, &p.Lines, &p.Issues, &p.Amount, &p.stretchFrom)
	if err == nil {
		err = tx.QueryRowContext(ctx, "SELECT coalesce(sum(households), 0) FROM charge_building WHERE run_id = $1 AND month = $2 AND recorded_at = $3",
			run.ID, int64(run.Month), int64(p.stretchFrom)).Scan(&p.stretchHouseholds)
	}
	if err != nil {
		return p, fmt.Errorf("progress of run %d: %w", run.ID, err)
	}
	p.BuildingsAll, p.HouseholdsAll = p.Buildings, p.Households
	if !run.going() {
		return p, nil
	}
	left, households, err := run.countPending(ctx, tx)
	p.BuildingsAll, p.HouseholdsAll = p.BuildingsAll+left, p.HouseholdsAll+households
	return p, err
}

// countPending counts what the run has not done yet.
func (r *Run) countPending(ctx context.Context, tx *db.Tx) (buildings, households int64, err error) {
	list, err := r.listPending(ctx, tx)
	for _, p := range list {
		buildings, households = buildings+int64(p.buildings), households+p.households
	}
	return buildings, households, err
}

// Scope is what a run would charge.
type Scope struct {
	Buildings, Households int64
	Before                money.Amount // charged for the month before in all buildings
}

// CountScope tells what a run of a month over buildings would charge; none is all.
func CountScope(ctx context.Context, tx *db.Tx, month calendar.Month, buildings []int64) (s Scope, err error) {
	run := &Run{Kind: KindMonth, Month: month, Buildings: buildings}
	if s.Buildings, s.Households, err = run.countPending(ctx, tx); err != nil {
		return s, err
	}
	err = tx.QueryRowContext(ctx, "SELECT CAST(coalesce(sum(amount_kop), 0) AS BIGINT) FROM charge_building WHERE month = $1 AND part = 0", int64(month.Add(-1))).Scan(&s.Before)
	if err != nil {
		return s, fmt.Errorf("charged the month before: %w", err)
	}
	return s, nil
}

// ClosedAt is when a month was closed; 0 while it is open.
func ClosedAt(ctx context.Context, tx *db.Tx, month calendar.Month) (calendar.Micros, error) {
	return closedAt(ctx, tx, month)
}

// Remember notes that the server goes on with a run after a restart.
func (m *Module) Remember(ctx context.Context, tx *db.Tx, run int64, actor string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO charge_background (run_id, asked_by, asked_at) VALUES ($1, $2, $3) ON CONFLICT (run_id) DO NOTHING", run, actor, int64(m.Now()))
	if err != nil {
		return fmt.Errorf("remember run %d: %w", run, err)
	}
	return nil
}

// ListInterrupted gives the runs the server was at when it stopped.
func (m *Module) ListInterrupted(ctx context.Context) (runs []int64, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		runs = nil
		return tx.Scan(ctx, "SELECT r.run_id FROM charge_background b JOIN charge_run r ON r.run_id = b.run_id WHERE r.state = 'running' ORDER BY r.run_id", nil, func(v []int64, _ []byte) error {
			runs = append(runs, v[0])
			return nil
		})
	})
	return runs, err
}
