package app

import (
	"cmp"
	"context"

	"kvit/internal/appeal"
	"kvit/internal/audit"
	"kvit/internal/autopay"
	"kvit/internal/cashdesk"
	"kvit/internal/charge"
	"kvit/internal/conflict"
	"kvit/internal/db"
	"kvit/internal/device"
	"kvit/internal/event/feed"
	"kvit/internal/event/webhook"
	"kvit/internal/exchange"
	"kvit/internal/exchange/courier"
	"kvit/internal/exchange/gis/queue"
	"kvit/internal/handover"
	"kvit/internal/ledger"
	"kvit/internal/notice"
	"kvit/internal/payment"
	"kvit/internal/person"
	"kvit/internal/reconcile"
	"kvit/internal/settlement"
	"kvit/internal/statement"
)

// CheckReport is what kvit check says; docs/schema/check.schema.json describes its JSON.
type CheckReport struct {
	OK         bool            `json:"ok"`
	Invariants []ledger.Breach `json:"invariants"`
}

// Check recomputes every invariant from raw rows. Open exceptions that have a row (reviews, suspense, recorded
// differences) are not findings.
func (a *App) Check(ctx context.Context) (*CheckReport, error) { return a.check(ctx, false) }

// CheckAll is Check that computes every charged building again, where Check takes a sample.
func (a *App) CheckAll(ctx context.Context) (*CheckReport, error) { return a.check(ctx, true) }

func (a *App) check(ctx context.Context, allCharges bool) (*CheckReport, error) {
	r := &CheckReport{OK: true}
	if err := a.DB.AnalyzeChanged(ctx); err != nil {
		return nil, err
	}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		r.Invariants = nil
		for _, check := range a.invariants() {
			list, err := check(ctx, tx)
			if err != nil {
				return err
			}
			r.Invariants = append(r.Invariants, list...)
		}
		chain, err := a.verifyAudit(ctx, tx, a.anchorPath())
		r.Invariants = append(r.Invariants, chain)
		return err
	})
	if err == nil {
		var again ledger.Breach
		again, err = a.Charges.Recheck(ctx, allCharges) // not in one transaction with the rest: it reads as runs do
		r.Invariants = append(r.Invariants, again)
	}
	for _, b := range r.Invariants {
		r.OK = r.OK && b.Count == 0
	}
	return r, err
}

// invariants are those of the modules, in the order they are told.
func (a *App) invariants() []func(context.Context, *db.Tx) ([]ledger.Breach, error) {
	of := func(checks []ledger.Check) func(context.Context, *db.Tx) ([]ledger.Breach, error) {
		return func(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) { return ledger.Breaches(ctx, tx, checks) }
	}
	return []func(context.Context, *db.Tx) ([]ledger.Breach, error){
		payment.Invariants, of(exchange.Checks), charge.Invariants, a.Bills.Invariants, feed.Invariants, webhook.Invariants, conflict.Invariants, courier.Invariants,
		a.Meters.Invariants, a.Readings.Invariants, queue.Invariants, device.Invariants, autopay.Invariants,
		a.Receipts.Invariants, cashdesk.Invariants, reconcile.Invariants, settlement.Invariants,
		handover.Invariants, statement.Invariants, appeal.Invariants,
		of(notice.Checks), of(person.Checks),
	}
}

// CheckAudit walks the audit log against the checkpoints of an anchor kept outside; ” is the installation's own.
func (a *App) CheckAudit(ctx context.Context, anchor string) (*CheckReport, error) {
	r := &CheckReport{}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		chain, err := a.verifyAudit(ctx, tx, cmp.Or(anchor, a.anchorPath()))
		r.Invariants, r.OK = []ledger.Breach{chain}, chain.Count == 0
		return err
	})
	return r, err
}

func (a *App) verifyAudit(ctx context.Context, tx *db.Tx, anchor string) (ledger.Breach, error) {
	b := ledger.Breach{ID: "I16.audit_chain", Rows: []string{}}
	points, err := audit.ReadAnchor(anchor)
	if err != nil {
		return b, err
	}
	broken, err := a.AuditKey.Verify(ctx, tx, points)
	b.Count = len(broken)
	b.Rows = append(b.Rows, broken[:min(10, len(broken))]...)
	return b, err
}
