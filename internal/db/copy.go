package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// RowSource yields rows for Copy. Values may return the same slice each time.
type RowSource interface {
	Next() bool
	Values() ([]any, error)
	Err() error
}

// Bounds of one multi-row insert on SQLite: statements of about a hundred rows are the fastest, and the driver
// takes at most 32,766 parameters.
const (
	insertRowsMax   = 100
	insertParamsMax = 2000
)

// Copy writes all rows of src into table: binary COPY on PostgreSQL, prepared multi-row inserts on SQLite. Rows
// sorted by the primary key go in fastest. It returns how many rows were written.
func (tx *Tx) Copy(ctx context.Context, table string, columns []string, src RowSource) (int64, error) {
	if tx.Dialect == Postgres {
		return tx.copyPostgres(ctx, table, columns, src)
	}
	return tx.copySQLite(ctx, table, columns, src)
}

func (tx *Tx) copyPostgres(ctx context.Context, table string, columns []string, src RowSource) (n int64, err error) {
	err = tx.conn.Raw(func(driver any) error {
		n, err = driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, src)
		return err
	})
	if err != nil {
		return n, fmt.Errorf("copy into %s: %w", table, err)
	}
	return n, nil
}

func (tx *Tx) copySQLite(ctx context.Context, table string, columns []string, src RowSource) (int64, error) {
	chunk := max(1, min(insertRowsMax, insertParamsMax/len(columns)))
	args := make([]any, 0, chunk*len(columns))
	var full *sql.Stmt
	var n int64
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		rows := len(args) / len(columns)
		n += int64(rows)
		defer func() { args = args[:0] }()
		if rows < chunk {
			_, err := tx.ExecContext(ctx, insertSQL(table, columns, rows), args...)
			return err
		}
		if full == nil {
			var err error
			if full, err = tx.PrepareContext(ctx, insertSQL(table, columns, chunk)); err != nil {
				return err
			}
		}
		_, err := full.ExecContext(ctx, args...)
		return err
	}
	for src.Next() {
		row, err := src.Values()
		if err != nil {
			return n, err
		}
		args = append(args, row...)
		if len(args) == cap(args) {
			if err := flush(); err != nil {
				return n, fmt.Errorf("insert into %s: %w", table, err)
			}
		}
	}
	err := flush()
	if full != nil {
		full.Close()
	}
	if err != nil {
		return n, fmt.Errorf("insert into %s: %w", table, err)
	}
	return n, src.Err()
}

func insertSQL(table string, columns []string, rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", table, strings.Join(columns, ", "))
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + ")"
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(one)
	}
	return b.String()
}

// Rows is a RowSource over a slice: fill writes element i into a row whose width is fixed.
func Rows[T any](items []T, width int, fill func(item *T, row []any)) RowSource {
	return &sliceRows[T]{items: items, row: make([]any, width), fill: fill, at: -1}
}

type sliceRows[T any] struct {
	items []T
	row   []any
	fill  func(*T, []any)
	at    int
}

func (s *sliceRows[T]) Next() bool { s.at++; return s.at < len(s.items) }
func (s *sliceRows[T]) Err() error { return nil }
func (s *sliceRows[T]) Values() ([]any, error) {
	s.fill(&s.items[s.at], s.row)
	return s.row, nil
}
