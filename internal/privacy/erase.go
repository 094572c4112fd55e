package privacy

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Erase removes what leads to a person, at once: contacts, sessions, names of homes, words, pictures, exports. Accounting rows
// stay for their legal term and name a number nobody stands behind. It cannot be undone; pressed again, it finds nothing.
func (m *Module) Erase(ctx context.Context, actor access.Actor, sure bool) error {
	if err := actor.Require("person", "own"); err != nil {
		return err
	}
	if !sure {
		return fault.New(fault.Invalid, "erase.sure", "Отметьте, что понимаете: вернуть данные будет нельзя.").WithField("sure")
	}
	f, err := m.Forget(ctx, actor.UserID)
	if err != nil {
		return err
	}
	var files []Export
	err = m.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if files, err = listExports(ctx, tx, "WHERE person_id = $1", actor.UserID); err != nil {
			return err
		}
		if err := f.Rows(ctx, tx); err != nil {
			return fmt.Errorf("erase a person: %w", err)
		}
		now := m.Now()
		if _, err = tx.ExecContext(ctx, "UPDATE privacy_consent SET withdrawn_at = $2 WHERE person_id = $1 AND withdrawn_at = 0", actor.UserID, int64(now)); err == nil {
			_, err = tx.ExecContext(ctx, "DELETE FROM privacy_export WHERE person_id = $1", actor.UserID)
		}
		if err != nil {
			return fmt.Errorf("erase a person: %w", err)
		}
		return audit.Record(ctx, tx, now, personName(actor.UserID), "privacy.erased", personName(actor.UserID), map[string]any{})
	})
	if err != nil {
		return err
	}
	for i := range files {
		if files[i].digest == "" {
			continue
		}
		if err := m.Files.Remove(files[i].digest); err != nil {
			return err
		}
	}
	return f.Files(ctx)
}
