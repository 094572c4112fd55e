package app

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	"kvit/internal/db"
)

// chargeTables are the tables a run writes, with their keys.
var chargeTables = []struct{ name, key string }{
	{"charge_building", "building_id, month, part"},
	{"charge_line", "building_id, account_id, month, run_id, line_no"},
	{"charge_issue", "building_id, account_id, month, run_id, issue_no"},
	{"ledger_transaction", "building_id, txn_id"},
	{"ledger_entry", "building_id, txn_id, entry_no"},
	{"ledger_balance", "building_id, name, account_id, service_id"},
}

// rawCharge takes the rows of a run out, empties their tables and writes them again, sorted by their keys, with nothing
// else: the limit of the database for the same rows, tables and indexes.
func (a *App) rawCharge(ctx context.Context) (seconds float64, rows int64, err error) {
	dir, err := os.MkdirTemp(a.Settings.Data, "raw-")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	for _, t := range chargeTables {
		var n int64
		if err := a.DB.Handle().QueryRowContext(ctx, "SELECT count(*) FROM "+t.name).Scan(&n); err != nil {
			return 0, 0, err
		}
		rows += n
	}
	if a.DB.Dialect == db.Postgres {
		seconds, err = a.rawCopies(ctx, dir)
	} else {
		seconds, err = a.rawInserts(ctx)
	}
	return seconds, rows, err
}

// rawCopies goes through files: each table is one binary COPY in one transaction.
func (a *App) rawCopies(ctx context.Context, dir string) (seconds float64, err error) {
	for _, t := range chargeTables {
		f, err := os.Create(filepath.Join(dir, t.name))
		if err != nil {
			return 0, err
		}
		err = a.DB.Read(ctx, func(tx *db.Tx) error { return tx.CopyOut(ctx, "SELECT * FROM "+t.name+" ORDER BY "+t.key, f) })
		if err := f.Close(); err != nil {
			return 0, err
		}
		if err != nil {
			return 0, err
		}
		if _, err := a.DB.Handle().ExecContext(ctx, "TRUNCATE "+t.name); err != nil {
			return 0, err
		}
	}
	if _, err := a.DB.Handle().ExecContext(ctx, "CHECKPOINT"); err != nil {
		return 0, err
	}
	return timed(func() error {
		for _, t := range chargeTables {
			err := a.loadFile(filepath.Join(dir, t.name), func(f *os.File) error {
				return a.DB.WriteLocal(ctx, func(tx *db.Tx) error { return tx.CopyIn(ctx, t.name, f) })
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// rawBytes is about how much one transaction of raw inserts writes.
const rawBytes = 8 << 20

// rawInserts keeps the rows in memory, encoded as a run encodes them: prepared inserts, some megabytes a transaction.
func (a *App) rawInserts(ctx context.Context) (seconds float64, err error) {
	var all []*db.Bulk
	for _, t := range chargeTables {
		err := a.DB.Read(ctx, func(tx *db.Tx) error {
			list, err := readBulks(ctx, tx, t.name, t.key)
			all = append(all, list...)
			return err
		})
		if err != nil {
			return 0, err
		}
		if _, err := a.DB.Handle().ExecContext(ctx, "DELETE FROM "+t.name); err != nil {
			return 0, err
		}
	}
	if _, err := a.DB.Handle().ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return 0, err
	}
	return timed(func() error {
		for _, b := range all {
			if err := a.DB.WriteLocal(ctx, func(tx *db.Tx) error { return tx.Load(ctx, b) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// readBulks reads the rows of a table as they would be written.
func readBulks(ctx context.Context, tx *db.Tx, table, key string) (list []*db.Bulk, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table+" ORDER BY "+key)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := bulkColumns(rows)
	if err != nil {
		return nil, err
	}
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		if n := len(list); n == 0 || list[n-1].Size() > rawBytes {
			list = append(list, db.NewBulk(table, columns...))
		}
		b := list[len(list)-1]
		for _, v := range values {
			switch v := v.(type) {
			case int64:
				b.Int(v)
			case string:
				b.Text(v)
			case []byte:
				b.Bytes(v)
			default:
				return nil, fmt.Errorf("raw: a value of type %T in %s", v, table)
			}
		}
	}
	return list, rows.Err()
}

func bulkColumns(rows *sql.Rows) (list []db.Column, err error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	kinds := map[string]db.Kind{"TEXT": db.Text, "BLOB": db.Bytes}
	for _, t := range types {
		kind, ok := kinds[t.DatabaseTypeName()]
		if !ok {
			kind = db.Int8
		}
		list = append(list, db.Column{Name: t.Name(), Kind: kind})
	}
	return list, nil
}
