package exchange

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"

	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// Module holds the operations of the door for files.
type Module struct {
	db        *db.DB
	blobs     *blob.Store
	suppliers *supplier.Module
	houses    *housing.Module
	payments  *payment.Module
	dir       string // of the data: spools and the lock
	now       func() calendar.Micros
	log       *slog.Logger
	lessons   lessons

	// OnDelivered is called in the transaction that stores a delivery, to enqueue its RunIntake. Nil: somebody calls
	// RunPending.
	OnDelivered func(ctx context.Context, tx *db.Tx, deliveryID int64) error
	// OnMoney is called with each register of payments and each statement after its payments were credited, again when a
	// crash stopped the intake. Nil: nobody compares them.
	OnMoney func(ctx context.Context, f MoneyFile) error
	// OnOnward keeps rows about accounts that left for another centre, in the transaction that ends their intake; again after a
	// crash. Nil: they stay where they are.
	OnOnward func(ctx context.Context, tx *db.Tx, list []Onward) error
}

// Deps are what the module stands on.
type Deps struct {
	DB        *db.DB
	Blobs     *blob.Store
	Suppliers *supplier.Module
	Houses    *housing.Module
	Payments  *payment.Module
	Dir       string
	Now       func() calendar.Micros
	Log       *slog.Logger
}

// New makes the module.
func New(d Deps) *Module {
	return &Module{db: d.DB, blobs: d.Blobs, suppliers: d.Suppliers, houses: d.Houses, payments: d.Payments, dir: d.Dir, now: d.Now, log: d.Log}
}

// Request is one intake: a sheet of profiles and the files to take by it.
type Request struct {
	Formats  string   // path of formats.json, or of a YAML or JSON list of profiles
	Paths    []string // files and folders
	DryRun   bool     // judge only; the verdicts are the same
	Actor    string
	Progress func(stage string, done, total int64)
}

func (r *Request) progress(stage string, done, total int64) {
	if r.Progress != nil {
		r.Progress(stage, done, total)
	}
}

// Intake takes files in. The report tells of every file and every row that was not simply applied. A refused
// file does not stop the others. It first finishes a batch that a crash left open.
func (m *Module) Intake(ctx context.Context, req Request) (*Report, error) {
	files, undeclared, err := collect(req.Formats, req.Paths, m.dir)
	if err != nil {
		return nil, err
	}
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	report, err := m.intake(ctx, req, files)
	if err != nil {
		return nil, err
	}
	report.Undeclared = undeclared
	return report, nil
}

// intake takes files in under the lock, after what a crash left open.
func (m *Module) intake(ctx context.Context, req Request, files []*file) (*Report, error) {
	if !req.DryRun {
		if err := m.resume(ctx, &req); err != nil {
			return nil, err
		}
	}
	b := &batch{m: m, req: &req, files: files}
	defer b.close()
	if err := b.run(ctx); err != nil {
		return nil, err
	}
	if err := m.db.AnalyzeChanged(ctx); err != nil {
		return nil, err
	}
	return b.report(ctx)
}

var errBusy = fault.New(fault.Conflict, "intake.busy", "Сейчас идёт другая загрузка. Дождитесь её конца и повторите.")

// lock lets one intake run at a time: two would place the same accounts at once. The lock goes with the process.
func (m *Module) lock() (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(m.dir, "intake.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("intake lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errBusy.Because(err)
	}
	return func() { f.Close() }, nil
}

// spoolDir is where a batch keeps its temporary files.
func (m *Module) spoolDir() (string, error) {
	dir := filepath.Join(m.dir, "tmp")
	return dir, os.MkdirAll(dir, 0o750)
}
