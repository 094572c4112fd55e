package app

import (
	"context"
	"testing"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// TestOlderProgramRefusesNewerSchema opens data that a later version has migrated.
func TestOlderProgramRefusesNewerSchema(t *testing.T) {
	ctx := context.Background()
	s := Settings{Data: t.TempDir()}
	a, err := Open(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99990101, 1)")
		return err
	})
	a.Close()
	if err != nil {
		t.Fatal(err)
	}
	if a, err = Open(ctx, s); err == nil {
		a.Close()
	}
	if fault.As(err).Code != "db.schema_new" {
		t.Errorf("opened with a newer schema: %v", err)
	}
}
