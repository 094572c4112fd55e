package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/match"
	"kvit/internal/supplier"
)

// batch is one intake on its way: files are read and judged, accounts located, buildings applied, payments
// taken. Its steps can be run again from the start after a crash: applied buildings are skipped.
type batch struct {
	m        *Module
	req      *Request
	id       int64
	recorded calendar.Micros
	done     int64 // last building applied
	files    []*file
	codes    map[int64]string
	mapped   map[int64]*mapped // suppliers whose rows make facts of charging
	located  []located
	routed   map[int64]*account.Routes
	came     map[int64]*came          // accounts that came from another centre
	left     map[int64]calendar.Month // accounts that left for one, with the last month we billed
	onward   []Onward                 // rows that go to it
	names    map[int64]string         // of services, where accounts came
	houses   *housing.Register
	decided  []match.StoredDecision
	known    map[int64]bool // suppliers who handed over accounts before
	trial    int64          // numbers a dry run gave
}

func (b *batch) run(ctx context.Context) error {
	if err := b.open(ctx); err != nil {
		return err
	}
	if err := b.stageAll(ctx); err != nil {
		return err
	}
	if err := b.locate(ctx); err != nil {
		return err
	}
	if b.req.DryRun {
		return b.try(ctx)
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

// open measures the files, finds the ones that came before, keeps the bytes and records the batch.
func (b *batch) open(ctx context.Context) error {
	b.codes, b.done = map[int64]string{}, firstBuilding
	if err := b.m.db.Read(ctx, func(tx *db.Tx) error { return b.loadCodes(ctx, tx) }); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, f := range b.files {
		b.req.progress("Проверка файлов", int64(i), int64(len(b.files)))
		if err := f.measure(ctx); err != nil {
			return err
		}
		if f.state == StateRefused {
			continue
		}
		if err := b.supplierOf(ctx, f); err != nil {
			return err
		}
		if f.state == StateRefused {
			continue
		}
		key := f.digest + f.profileText()
		if err := b.findEarlier(ctx, f, seen[key]); err != nil {
			return err
		}
		seen[key] = true
	}
	if b.req.DryRun {
		b.recorded = b.m.now()
		return nil
	}
	return b.record(ctx)
}

// supplierOf finds the supplier of a file by code, created when unknown. Payments belong to nobody alone.
func (b *batch) supplierOf(ctx context.Context, f *file) error {
	if f.profile.Supplier == "" {
		if f.purpose == PurposeCharges {
			f.state = StateRefused
			f.refusal = fault.Newf(fault.Invalid, "file.no_supplier", "В профиле файла %s не указан поставщик (supplier). Допишите код.", f.name)
		}
		return nil
	}
	var s supplier.Supplier
	var err error
	if b.req.DryRun {
		s, err = b.trialSupplier(ctx, f.profile.Supplier)
	} else {
		s, err = b.m.suppliers.Ensure(ctx, f.profile.Supplier)
	}
	if err != nil {
		return err
	}
	f.supplier = s.ID
	b.codes[s.ID] = s.Code
	return nil
}

// keep stores the bytes under their digest, so that a crash loses nothing, and reads from there on.
func (m *Module) keep(ctx context.Context, f *file) error {
	if f.path == m.blobs.Path(f.digest) {
		return nil
	}
	r, err := os.Open(f.path)
	if err != nil {
		return fmt.Errorf("keep %s: %w", f.name, err)
	}
	defer r.Close()
	if _, _, err := m.blobs.Put(ctx, r, f.size); err != nil {
		return err
	}
	f.path = m.blobs.Path(f.digest)
	return nil
}

// digest names the batch by its content.
func (b *batch) digest() string {
	h := sha256.New()
	for _, f := range b.files {
		fmt.Fprintf(h, "%s\n%s\n", f.digest, f.profileText())
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (b *batch) stageAll(ctx context.Context) error {
	dir, err := b.m.spoolDir()
	if err != nil {
		return err
	}
	for i, f := range b.files {
		b.req.progress("Чтение файлов", int64(i), int64(len(b.files)))
		if f.purpose != PurposeCharges || f.state != StateReceived {
			continue
		}
		f.mapped = b.mapped[f.supplier]
		if err := stage(ctx, f, dir); err != nil {
			return fmt.Errorf("stage %s: %w", f.name, err)
		}
	}
	return nil
}

func (b *batch) close() {
	for _, f := range b.files {
		f.close()
	}
}

// report puts the protocol together.
func (b *batch) report(ctx context.Context) (*Report, error) {
	r := &Report{DryRun: b.req.DryRun, Files: []FileReport{}, Issues: []Issue{}}
	for _, f := range b.files {
		code := b.codes[f.supplier]
		if code == "" {
			code = f.profile.Supplier
		}
		r.Files = append(r.Files, f.report(code))
		r.Issues = append(r.Issues, f.issues()...)
	}
	return r, ctx.Err()
}
