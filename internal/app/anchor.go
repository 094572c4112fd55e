package app

import (
	"context"
	"path/filepath"
	"time"

	"kvit/internal/audit"
	"kvit/internal/db"
)

// The audit chain is signed every so often, or after so many records (reliability.md section 15).
const (
	checkpointEvery   = 5 * time.Minute
	checkpointRecords = 1000
)

// anchorPath is where checkpoints are copied outside the database.
func (a *App) anchorPath() string {
	if a.Settings.AuditAnchor != "" {
		return a.Settings.AuditAnchor
	}
	return filepath.Join(a.Settings.Data, "audit.anchor")
}

// Checkpoint signs the head of the audit chain and copies what the anchor does not hold yet.
func (a *App) Checkpoint(ctx context.Context) error {
	var unsigned int64
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		unsigned, err = audit.Unsigned(ctx, tx)
		return err
	})
	if err == nil && unsigned > 0 {
		err = a.DB.WriteLocal(ctx, func(tx *db.Tx) error { return a.AuditKey.Checkpoint(ctx, tx, a.now()) })
	}
	if err != nil {
		return err
	}
	return a.DB.Read(ctx, func(tx *db.Tx) error { return a.AuditKey.Anchor(ctx, tx, a.anchorPath()) })
}

// sign is the chore of checkpoints.
func (a *App) sign(ctx context.Context, last time.Time) time.Time {
	var unsigned int64
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		unsigned, err = audit.Unsigned(ctx, tx)
		return err
	})
	if err == nil && (unsigned == 0 || unsigned < checkpointRecords && time.Since(last) < checkpointEvery) {
		return last
	}
	if err == nil {
		err = a.Checkpoint(ctx)
	}
	if err != nil && ctx.Err() == nil {
		a.Log.Error("audit checkpoint", "error", err)
	}
	return time.Now()
}
