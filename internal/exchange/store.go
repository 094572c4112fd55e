package exchange

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
)

// findEarlier marks a file whose bytes and profile were applied before: nothing will change. One that came before its
// supplier's services were mapped into the catalogue is read again: its charges stay, facts of charging are new.
func (b *batch) findEarlier(ctx context.Context, f *file, twin bool) error {
	f.state = StateReceived
	if twin {
		f.state = StateDuplicate
		return nil
	}
	err := b.m.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT file_id, profile, rows, applied, repaired, ignored, quarantined, month, encoding, control_file, control_read, control_given FROM intake_file
			WHERE digest = $1 AND supplier_id = $2 AND state = 'applied' AND created_at >= $3 ORDER BY file_id`, f.digest, f.supplier, int64(b.mapped[f.supplier].at()))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var profile string
			var id int64
			var t tally
			var month calendar.Month
			var s register.Summary
			var given int
			if err := rows.Scan(&id, &profile, &t.Rows, &t.Applied, &t.Repaired, &t.Ignored, &t.Quarantined, &month, &s.Encoding.Name, &s.Control.File, &s.Control.Read, &given); err != nil {
				return err
			}
			if profile == f.profileText() && (f.asked == 0 || f.asked == month) {
				s.Control.Found, s.Control.Equal = given == 1, s.Control.File == s.Control.Read
				f.state, f.duplicateOf, f.tally, f.month, f.summary = StateDuplicate, id, t, month, s
			}
		}
		return rows.Err()
	})
	if err != nil {
		return fmt.Errorf("find earlier %s: %w", f.name, err)
	}
	return nil
}

// record stores the batch and its files before anything is applied.
func (b *batch) record(ctx context.Context) error {
	first, err := b.m.db.NextIDs(ctx, len(b.files)+1)
	if err != nil {
		return err
	}
	b.id = first
	for i, f := range b.files {
		if f.id == 0 { // a delivery has its number already
			f.id = first + 1 + int64(i)
		}
		if f.state == StateReceived {
			if err := b.m.keep(ctx, f); err != nil {
				return err
			}
		}
	}
	return b.m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		var last calendar.Micros
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(recorded_at), 0) FROM intake_batch").Scan(&last); err != nil {
			return err
		}
		// every file of a batch gets a moment of its own, so moments of the next batch begin after all of these
		b.recorded = max(b.m.now(), last+calendar.Micros(filesMax))
		if _, err := tx.ExecContext(ctx, `INSERT INTO intake_batch (batch_id, digest, state, actor, recorded_at, done_building, created_at, finished_at)
			VALUES ($1, $2, 'applying', $3, $4, $5, $6, 0)`, b.id, b.digest(), b.req.Actor, int64(b.recorded), int64(firstBuilding), int64(b.m.now())); err != nil {
			return err
		}
		for i, f := range b.files {
			f.recorded = b.recorded + calendar.Micros(i)
			if err := insertFile(ctx, tx, b.id, f, b.m.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// filesMax bounds the files of one batch.
const filesMax = 10_000

// firstBuilding is below every building, pseudo-buildings included.
const firstBuilding = -1 << 62

func insertFile(ctx context.Context, tx *db.Tx, batch int64, f *file, now calendar.Micros) error {
	cutoff := register.Cutoff{}
	if f.profile.Cutoff != nil {
		cutoff = *f.profile.Cutoff
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state,
		duplicate_of, encoding, refusal, rows, applied, repaired, ignored, quarantined, control_file, control_read, control_given, created_at, applied_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '', 0, 0, 0, 0, 0, 0, 0, 0, $15, 0)`,
		f.id, batch, f.supplier, f.name, f.digest, f.size, f.purpose, f.profile.Unit, cutoff.Day, cutoff.MonthOffset, f.profileText(), int64(f.month), f.state, f.duplicateOf, int64(now))
	return err
}

// finishCharges stores the protocols of the registers once all buildings are written: payments are taken after
// that and look into them for numbers that were repaired.
func (b *batch) finishCharges(ctx context.Context) error {
	return b.m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		return b.finishFiles(ctx, tx, func(f *file) bool { return f.purpose == PurposeCharges })
	})
}

func (b *batch) finishFiles(ctx context.Context, tx *db.Tx, chosen func(*file) bool) error {
	for _, f := range b.files {
		if f.finished || !chosen(f) {
			continue
		}
		if err := b.finishFile(ctx, tx, f); err != nil {
			return fmt.Errorf("finish %s: %w", f.name, err)
		}
	}
	return nil
}

// finish stores the remaining protocols and closes the batch.
func (b *batch) finish(ctx context.Context) error {
	for _, f := range b.files {
		f.finished = f.purpose == PurposeCharges // stored by finishCharges
	}
	return b.m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		if err := b.finishFiles(ctx, tx, func(*file) bool { return true }); err != nil {
			return err
		}
		if b.m.OnOnward != nil && len(b.onward) > 0 {
			if err := b.m.OnOnward(ctx, tx, b.onward); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, "UPDATE intake_batch SET state = 'applied', finished_at = $2 WHERE batch_id = $1", b.id, int64(b.m.now()))
		return err
	})
}

func (b *batch) finishFile(ctx context.Context, tx *db.Tx, f *file) error {
	if f.state == StateJudged {
		f.state = StateApplied
	}
	refusal := ""
	if f.refusal != nil {
		text, err := json.Marshal(Refusal{Code: f.refusal.Code, Hint: f.refusal.Message, Pos: f.refusal.Place.Pos, Unit: f.refusal.Place.Unit})
		if err != nil {
			return err
		}
		refusal = string(text)
	}
	c := f.summary.Control
	given := 0
	if c.Found {
		given = 1
	}
	_, err := tx.ExecContext(ctx, `UPDATE intake_file SET state = $2, month = $3, encoding = $4, refusal = $5, rows = $6, applied = $7, repaired = $8, ignored = $9, quarantined = $10,
		control_file = $11, control_read = $12, control_given = $13, applied_at = $14 WHERE file_id = $1`,
		f.id, f.state, int64(f.month), f.summary.Encoding.Name, refusal, f.tally.Rows, f.tally.Applied, f.tally.Repaired, f.tally.Ignored, f.tally.Quarantined,
		int64(c.File), int64(c.Read), given, int64(b.m.now()))
	if err != nil {
		return err
	}
	return insertIssues(ctx, tx, f.id, f.issues())
}

// insertIssues stores the issues of a file in place of those of an earlier try.
func insertIssues(ctx context.Context, tx *db.Tx, fileID int64, issues []Issue) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM intake_issue WHERE file_id = $1", fileID); err != nil {
		return err
	}
	no := int64(0)
	_, err := tx.Copy(ctx, "intake_issue", []string{"file_id", "issue_no", "pos", "unit", "code", "type", "verdict", "account", "field", "value", "now", "hint", "row_text", "state",
		"fix_field", "fix_value", "fixed_by", "fixed_at"},
		db.Rows(issues, 18, func(x *Issue, row []any) {
			no++
			row[0], row[1], row[2], row[3], row[4], row[5], row[6] = fileID, no, int64(x.Pos), x.Unit, x.Code, x.Type, x.Verdict
			row[7], row[8], row[9], row[10], row[11], row[12], row[13] = x.Account, x.Field, x.Value, x.Now, x.Hint, x.Row, IssueOpen
			row[14], row[15], row[16], row[17] = "", "", "", int64(0)
		}))
	return err
}

// Applying tells whether an intake is writing, or was interrupted while it did. Its rows carry the moment it began.
func Applying(ctx context.Context, tx *db.Tx) (applying bool, err error) {
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM intake_batch WHERE finished_at = 0)").Scan(&applying)
	return applying, err
}
