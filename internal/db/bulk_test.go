package db_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestBulkIsReadBackAsWritten writes values of every kind, at their ends, and reads them back both ways.
func TestBulkIsReadBackAsWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		types := "BIGINT, b INTEGER, c SMALLINT, d BOOLEAN, e BYTEA"
		if d.Dialect == db.SQLite {
			types = "INTEGER, b INTEGER, c INTEGER, d INTEGER, e BLOB"
		}
		if _, err := d.Handle().ExecContext(ctx, "CREATE TABLE bulk (a "+types+")"); err != nil {
			t.Fatal(err)
		}
		b := db.NewBulk("bulk", db.Column{Name: "a", Kind: db.Int8}, db.Column{Name: "b", Kind: db.Int4}, db.Column{Name: "c", Kind: db.Int2},
			db.Column{Name: "d", Kind: db.Bool}, db.Column{Name: "e", Kind: db.Bytes})
		var want []string
		for i, v := range []int64{0, -1, 1<<63 - 1, -1 << 63} {
			b.Int(v)
			b.Int(int64(int32(v)))
			b.Int(int64(int16(v)))
			b.Bool(i%2 == 1)
			b.Bytes(bytes.Repeat([]byte{byte(i)}, i))
			want = append(want, fmt.Sprint([]int64{v, int64(int32(v)), int64(int16(v)), int64(i % 2)}, bytes.Repeat([]byte{byte(i)}, i)))
		}
		if err := d.WriteLocal(ctx, func(tx *db.Tx) error { return tx.Load(ctx, b) }); err != nil {
			t.Fatal(err)
		}
		var got []string
		err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.Scan(ctx, "SELECT a, b, c, d, e FROM bulk WHERE a <> $1 OR a = $1 ORDER BY length(e)", []any{int64(5)}, func(ints []int64, last []byte) error {
				got = append(got, fmt.Sprint(ints, last))
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	})
}
