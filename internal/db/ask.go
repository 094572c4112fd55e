package db

import "context"

// Ask runs one query outside of any transaction: a statement is a snapshot of its own, so there is nothing to begin and to end.
// On PostgreSQL that is one way to the server and back in place of three. each is called row by row.
func (d *DB) Ask(ctx context.Context, query string, args []any, each func(scan func(...any) error) error) error {
	rows, err := d.read.QueryContext(ctx, query, args...)
	if err != nil {
		return Fold(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return Fold(rows.Err())
}
