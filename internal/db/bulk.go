package db

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Kind is what a column of a Bulk holds.
type Kind uint8

// Kinds of columns, by what PostgreSQL keeps: SMALLINT, INTEGER, BIGINT, TEXT, BYTEA, BOOLEAN.
const (
	Int2 Kind = iota
	Int4
	Int8
	Text
	Bytes
	Bool
)

// Column is a column of a Bulk.
type Column struct {
	Name string
	Kind Kind
}

// Bulk collects rows of one table encoded as they travel, so that a batch of millions makes no garbage: values are
// appended to one buffer that is used again. Values of a row come in the order of the columns.
type Bulk struct {
	table   string
	columns []Column
	buf     []byte
	rows    int
	at      int // column of the next value
}

// copyHeader begins a binary COPY: signature, flags, length of the extension.
var copyHeader = []byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")

// NewBulk makes an empty Bulk.
func NewBulk(table string, columns ...Column) *Bulk {
	b := &Bulk{table: table, columns: columns}
	b.Reset()
	return b
}

// Reset empties the Bulk and keeps its memory.
func (b *Bulk) Reset() {
	b.buf, b.rows, b.at = append(b.buf[:0], copyHeader...), 0, 0
}

// Rows is how many rows there are.
func (b *Bulk) Rows() int { return b.rows }

// Size is how many bytes the rows take.
func (b *Bulk) Size() int { return len(b.buf) }

func (b *Bulk) next() Kind {
	if b.at == 0 {
		b.buf = binary.BigEndian.AppendUint16(b.buf, uint16(len(b.columns)))
	}
	kind := b.columns[b.at].Kind
	if b.at++; b.at == len(b.columns) {
		b.at, b.rows = 0, b.rows+1
	}
	return kind
}

// Int appends a number to a column of any whole kind.
func (b *Bulk) Int(v int64) {
	switch b.next() {
	case Int2:
		b.buf = append(b.buf, 0, 0, 0, 2, byte(v>>8), byte(v))
	case Int4:
		b.buf = append(b.buf, 0, 0, 0, 4, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	default:
		b.buf = append(b.buf, 0, 0, 0, 8, byte(v>>56), byte(v>>48), byte(v>>40), byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
}

// Text appends a text.
func (b *Bulk) Text(s string) {
	b.next()
	b.buf = append(binary.BigEndian.AppendUint32(b.buf, uint32(len(s))), s...)
}

// Bytes appends bytes; they are copied.
func (b *Bulk) Bytes(p []byte) {
	b.next()
	b.buf = append(binary.BigEndian.AppendUint32(b.buf, uint32(len(p))), p...)
}

// Bool appends a yes or no.
func (b *Bulk) Bool(v bool) {
	b.next()
	one := byte(0)
	if v {
		one = 1
	}
	b.buf = append(b.buf, 0, 0, 0, 1, one)
}

// Load writes the rows of a Bulk and leaves it as it is: binary COPY on PostgreSQL, prepared multi-row inserts on
// SQLite. Rows sorted by the primary key go in fastest.
func (tx *Tx) Load(ctx context.Context, b *Bulk) error { return tx.LoadInto(ctx, b.table, b) }

// LoadInto writes the rows of a Bulk into another table with the same columns.
func (tx *Tx) LoadInto(ctx context.Context, table string, b *Bulk) error {
	if b.rows == 0 {
		return nil
	}
	if tx.Dialect == SQLite {
		_, err := tx.copySQLite(ctx, table, b.names(), &bulkRows{bulk: b, rest: b.buf[len(copyHeader):], row: make([]any, len(b.columns))})
		return err
	}
	statement := "COPY " + table + " (" + strings.Join(b.names(), ", ") + ") FROM STDIN BINARY"
	err := tx.conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().PgConn().CopyFrom(ctx, bytes.NewReader(b.buf), statement)
		return err
	})
	if err != nil {
		return fmt.Errorf("copy into %s: %w", table, err)
	}
	return nil
}

func (b *Bulk) names() []string {
	names := make([]string, len(b.columns))
	for i, c := range b.columns {
		names[i] = c.Name
	}
	return names
}

// bulkRows reads the rows of a Bulk back, for a database that takes them one value at a time.
type bulkRows struct {
	bulk *Bulk
	rest []byte
	row  []any
}

func (r *bulkRows) Next() bool { return len(r.rest) > 0 }
func (r *bulkRows) Err() error { return nil }

func (r *bulkRows) Values() ([]any, error) {
	r.rest = r.rest[2:]
	for i, c := range r.bulk.columns {
		n := binary.BigEndian.Uint32(r.rest)
		v := r.rest[4 : 4+n]
		r.rest = r.rest[4+n:]
		switch c.Kind {
		case Text:
			r.row[i] = string(v)
		case Bytes:
			r.row[i] = v
		case Bool:
			r.row[i] = v[0] != 0
		default:
			r.row[i] = signed(v)
		}
	}
	return r.row, nil
}

// signed reads a whole number of 1, 2, 4 or 8 bytes.
func signed(v []byte) int64 {
	switch len(v) {
	case 1:
		return int64(v[0])
	case 2:
		return int64(int16(binary.BigEndian.Uint16(v)))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(v)))
	}
	return int64(binary.BigEndian.Uint64(v))
}

// Scan reads rows whose columns are whole numbers (yes and no are 1 and 0), but for the last, which may be bytes. The
// same slices are given for each row: on PostgreSQL a row costs no memory.
func (tx *Tx) Scan(ctx context.Context, query string, args []any, row func(ints []int64, last []byte) error) error {
	if tx.Dialect == SQLite {
		return tx.scanSQLite(ctx, query, args, row)
	}
	return tx.conn.Raw(func(driver any) error {
		rows, err := driver.(*stdlib.Conn).Conn().Query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		var ints []int64
		for rows.Next() {
			values := rows.RawValues()
			ints = ints[:0]
			var last []byte
			for i, f := range rows.FieldDescriptions() {
				switch {
				case f.Format != 1:
					return fmt.Errorf("scan: column %s is not binary", f.Name)
				case f.DataTypeOID == byteaOID:
					last = values[i]
				default:
					ints = append(ints, signed(values[i]))
				}
			}
			if err := row(ints, last); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// byteaOID is PostgreSQL's number of the type BYTEA.
const byteaOID = 17

func (tx *Tx) scanSQLite(ctx context.Context, query string, args []any, row func(ints []int64, last []byte) error) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	ints, targets := make([]int64, len(columns)), make([]any, len(columns))
	for i := range ints {
		targets[i] = &ints[i]
	}
	var last []byte
	blob := len(columns) > 0 && columns[len(columns)-1].DatabaseTypeName() == "BLOB"
	if blob {
		targets[len(columns)-1], ints = &last, ints[:len(columns)-1]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if err := row(ints, last); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Analyze lets PostgreSQL count tables just filled: of rows it has not counted yet its planner thinks there are none, and
// joins them one by one. SQLite plans without.
func (d *DB) Analyze(ctx context.Context, tables ...string) error {
	if d.Dialect != Postgres {
		return nil
	}
	if _, err := d.write.ExecContext(ctx, "ANALYZE "+strings.Join(tables, ", ")); err != nil {
		return fmt.Errorf("analyze: %w", Fold(err))
	}
	return nil
}

// CopyOut writes the rows of a query in the form of a binary COPY. PostgreSQL only.
func (tx *Tx) CopyOut(ctx context.Context, query string, to io.Writer) error {
	return tx.copying("COPY ("+query+") TO STDOUT BINARY", func(c *pgconn.PgConn, statement string) error {
		_, err := c.CopyTo(ctx, to, statement)
		return err
	})
}

// CopyIn reads rows in the form of a binary COPY into a table. PostgreSQL only.
func (tx *Tx) CopyIn(ctx context.Context, table string, from io.Reader) error {
	return tx.copying("COPY "+table+" FROM STDIN BINARY", func(c *pgconn.PgConn, statement string) error {
		_, err := c.CopyFrom(ctx, from, statement)
		return err
	})
}

func (tx *Tx) copying(statement string, do func(*pgconn.PgConn, string) error) error {
	err := tx.conn.Raw(func(driver any) error { return do(driver.(*stdlib.Conn).Conn().PgConn(), statement) })
	if err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
