package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Batch is statements of one transaction that change rows, in order, where none needs the answer of another before it
// is sent. A statement that cannot be done breaks the whole transaction; how many rows one changed is not told.
type Batch struct {
	list  []statement
	hasty bool
}

// Hasty lets the commit of a batch that is a transaction of its own not wait for the disk: what the program wrote is there when it
// dies, but a database whose machine dies may lose the last moment (PostgreSQL, synchronous_commit). For records that are kept
// beside a fact, never for the fact. On SQLite the commit is shared with others and waits.
func (b *Batch) Hasty() { b.hasty = true }

// hastily is the first statement of a hasty batch.
const hastily = "SELECT set_config('synchronous_commit', 'off', true)"

type statement struct {
	query string
	args  []any
}

// Add puts a statement at the end.
func (b *Batch) Add(query string, args ...any) { b.list = append(b.list, statement{query, args}) }

// batchParamsMax is how many parameters one statement of Insert has at most: SQLite takes 32,766, and short ones are
// made ready once and used again.
const batchParamsMax = 2000

// Insert adds rows of one width to a table by as few statements as there may be; tail is what follows the values, as
// « ON CONFLICT …», or ”.
func (b *Batch) Insert(table string, columns []string, tail string, rows [][]any) {
	most := max(1, batchParamsMax/len(columns))
	head := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES "
	for len(rows) > 0 {
		n := chunkOf(len(rows), most)
		args := make([]any, 0, n*len(columns))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		b.Add(head+Placeholders(n, len(columns))+tail, args...)
		rows = rows[n:]
	}
}

// evenFrom is from how many rows on a statement holds a power of two of them: there are few statements to make ready.
const evenFrom = 16

// chunkOf is how many of so many rows one statement holds.
func chunkOf(rows, most int) int {
	if rows = min(rows, most); rows <= evenFrom {
		return rows
	}
	n := evenFrom
	for 2*n <= rows {
		n *= 2
	}
	return n
}

// Placeholders are those of rows of one width: ($1,$2),($3,$4).
func Placeholders(rows, width int) string {
	b := make([]byte, 0, rows*(width*5+2))
	for n := range rows * width {
		switch {
		case n%width > 0:
			b = append(b, ',')
		case n > 0:
			b = append(b, "),("...)
		default:
			b = append(b, '(')
		}
		b = strconv.AppendInt(append(b, '$'), int64(n+1), 10)
	}
	return string(append(b, ')'))
}

// Send runs a batch inside the transaction: on PostgreSQL in one round trip, on SQLite one statement after another.
func (tx *Tx) Send(ctx context.Context, b *Batch) error {
	if tx.Dialect == Postgres {
		return tx.conn.Raw(func(driver any) error { return b.send(ctx, driver.(*stdlib.Conn).Conn()) })
	}
	for i := range b.list {
		if _, err := tx.ExecContext(ctx, b.list[i].query, b.list[i].args...); err != nil {
			return b.named(i, err)
		}
	}
	return nil
}

// WriteBatch runs a batch as a transaction of its own, READ COMMITTED (PostgreSQL) or IMMEDIATE (SQLite), again on
// conflict. On PostgreSQL its begin and commit travel with it: one round trip in all. On SQLite it shares a commit with
// others, as WriteJoint does.
func (d *DB) WriteBatch(ctx context.Context, b *Batch) error {
	if d.Dialect == SQLite {
		quiet := context.WithoutCancel(ctx) // the driver watches a context that may end by a goroutine for each statement
		return d.WriteJoint(ctx, func(tx *Tx) error { return tx.Send(quiet, b) })
	}
	return again(ctx, func() error {
		return d.commit(func() error { return b.send(ctx, d.pool) })
	})
}

// InsertNew runs one INSERT … ON CONFLICT DO NOTHING of one row as a transaction of its own and tells whether the row is new. On
// PostgreSQL that is one round trip; on SQLite it shares a commit with others, as WriteJoint does.
func (d *DB) InsertNew(ctx context.Context, query string, args ...any) (added bool, err error) {
	if d.Dialect == SQLite {
		err = d.WriteJoint(ctx, func(tx *Tx) error {
			res, err := tx.ExecContext(ctx, query, args...)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			added = n == 1
			return err
		})
		return added, err
	}
	err = again(ctx, func() error {
		return d.commit(func() error {
			tag, err := d.pool.Exec(ctx, query, args...)
			added = tag.RowsAffected() == 1
			return err
		})
	})
	return added, err
}

// sender is a connection or a pool of them. Statements sent at once outside a transaction are one by themselves.
type sender interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

func (b *Batch) send(ctx context.Context, to sender) error {
	var queue pgx.Batch
	if b.hasty {
		queue.Queue(hastily)
	}
	for i := range b.list {
		queue.Queue(b.list[i].query, b.list[i].args...)
	}
	results := to.SendBatch(ctx, &queue)
	if b.hasty {
		if _, err := results.Exec(); err != nil {
			results.Close() //nolint:errcheck // it gives the same error again
			return fmt.Errorf("hasty commit: %w", err)
		}
	}
	for i := range b.list {
		if _, err := results.Exec(); err != nil {
			results.Close() //nolint:errcheck // it gives the same error again
			return b.named(i, err)
		}
	}
	return results.Close()
}

// named says which statement of the batch could not be done.
func (b *Batch) named(i int, err error) error {
	words := strings.Fields(b.list[i].query)
	return fmt.Errorf("%s: %w", strings.Join(words[:min(3, len(words))], " "), err)
}
