package person

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Forget removes what a person is known by: contacts with their history, his names of homes, his rights over them; what he agreed
// about parts of bills ends. The number stays: accounting rows name it.
func (m *Module) Forget(ctx context.Context, tx *db.Tx, person int64) error {
	now := int64(m.now())
	homes, err := listHomes(ctx, tx, "person_id = $1", person)
	if err != nil {
		return err
	}
	for i := range homes {
		if err := m.dropAgreements(ctx, tx, &homes[i]); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"DELETE FROM person_invite WHERE given_by = $1 OR mark IN (SELECT mark FROM person_contact WHERE person_id = $1)", []any{person}},
		{"DELETE FROM person_contact WHERE person_id = $1", []any{person}},
		{"UPDATE person_home SET title = '', closed_at = CASE WHEN closed_at = 0 THEN CAST($2 AS BIGINT) ELSE closed_at END WHERE person_id = $1", []any{person, now}},
		{"UPDATE person SET erased_at = $2 WHERE person_id = $1 AND erased_at = 0", []any{person, now}},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("forget a person: %w", err)
		}
	}
	return nil
}
