package app

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	list "kvit/docs/privacy"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Anonymised is what was made unrecognisable in a copy; docs/schema/anonymise.schema.json describes its JSON.
type Anonymised struct {
	Out     string   `json:"out"`
	Emptied []string `json:"emptied"` // tables without rows now
	Cleared int      `json:"cleared"` // columns whose values are gone or replaced
}

// Anonymise writes a copy of an SQLite installation in which nobody can be recognised, into a folder that is empty. Files are
// not copied: they are what suppliers and residents sent. On PostgreSQL a copy is made by its own means first, and this changes
// it in place.
func (a *App) Anonymise(ctx context.Context, out string) (*Anonymised, error) {
	if a.DB.Dialect != db.SQLite {
		return nil, fault.New(fault.Invalid, "anonymise.postgres", "На PostgreSQL сначала сделайте копию базы, потом: kvit anonymise --in-place --database-url КОПИЯ.")
	}
	if found, err := os.ReadDir(out); err == nil && len(found) > 0 {
		return nil, fault.Newf(fault.Invalid, "anonymise.folder", "Папка %s не пуста. Укажите новую.", out)
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		return nil, fault.Newf(fault.Unavailable, "anonymise.mkdir", "Папка %s не создаётся. Проверьте путь и права.", out).Because(err)
	}
	path := filepath.Join(out, "kvit.db")
	if _, err := a.DB.Handle().ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	d, err := db.Open(ctx, db.Config{Path: path})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	report, err := anonymise(ctx, d)
	if err == nil {
		_, err = d.Handle().ExecContext(ctx, "VACUUM") // what was deleted is not left in free pages
	}
	if err == nil {
		_, err = d.Handle().ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	if err != nil {
		return nil, err
	}
	report.Out = out
	return report, nil
}

// AnonymiseInPlace makes the open database itself unrecognisable: it must be a copy.
func (a *App) AnonymiseInPlace(ctx context.Context) (*Anonymised, error) { return anonymise(ctx, a.DB) }

// anonymise follows docs/privacy/data.csv.
func anonymise(ctx context.Context, d *db.DB) (*Anonymised, error) {
	columns, err := list.Columns()
	if err != nil {
		return nil, err
	}
	report := &Anonymised{Emptied: []string{}}
	err = d.Write(ctx, func(tx *db.Tx) error {
		report.Emptied, report.Cleared = report.Emptied[:0], 0
		blobs, err := blobColumns(ctx, tx)
		if err != nil {
			return err
		}
		sets, emptied := map[string][]string{}, map[string]bool{}
		for _, c := range columns {
			switch value := valueOf(&c, blobs[c.Table+"."+c.Name], tx.Dialect); {
			case c.Copy == list.Drop:
				emptied[c.Table] = true
			case value != "":
				sets[c.Table] = append(sets[c.Table], c.Name+" = "+value)
			}
		}
		for _, table := range slices.Sorted(maps.Keys(emptied)) {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
				return fmt.Errorf("empty %s: %w", table, err)
			}
			report.Emptied = append(report.Emptied, table)
		}
		for _, table := range slices.Sorted(maps.Keys(sets)) {
			if emptied[table] {
				continue
			}
			if _, err := tx.ExecContext(ctx, "UPDATE "+table+" SET "+strings.Join(sets[table], ", ")); err != nil {
				return fmt.Errorf("clear %s: %w", table, err)
			}
			report.Cleared += len(sets[table])
		}
		_, err = tx.ExecContext(ctx, "UPDATE audit_head SET seq = 0, digest = ''") // its events are gone
		return err
	})
	return report, err
}

// valueOf is what stands in place of a column's values; ” leaves them.
func valueOf(c *list.Column, isBlob bool, d db.Dialect) string {
	switch {
	case c.Copy == list.Account:
		return "'A' || account_id"
	case c.Copy == list.JSON:
		return "'{}'"
	case c.Copy == list.Clear && isBlob && d == db.SQLite:
		return "X''"
	case c.Copy == list.Clear && isBlob:
		return "CAST('' AS BYTEA)"
	case c.Copy == list.Clear:
		return "''"
	}
	return ""
}

// blobColumns are the columns that hold bytes.
func blobColumns(ctx context.Context, tx *db.Tx) (map[string]bool, error) {
	query := "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BLOB'"
	if tx.Dialect != db.SQLite {
		query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'bytea'"
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("columns of bytes: %w", err)
	}
	defer rows.Close()
	found := map[string]bool{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, err
		}
		found[table+"."+column] = true
	}
	return found, rows.Err()
}
