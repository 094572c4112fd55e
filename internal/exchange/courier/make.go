package courier

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event/feed"
	"kvit/internal/exchange/register"
	"kvit/internal/money"
	"kvit/internal/restore"
)

// rowsMax is how many rows one file has at most; more go on in the next one of the same hour.
const rowsMax = 50_000

// fileMax bounds a file's bytes.
const fileMax = 1 << 30

// made is a file before it is kept.
type made struct {
	number, to int64
	slot       calendar.Micros
	again      []refusalKey
	items      []item
	more       bool // there is more of the same hour
	name       string
	digest     string
	size       int64
	sum        money.Amount
}

type refusalKey struct{ number, row int64 }

// makeDue makes the files of the hours that have passed: each holds what was told up to its hour, however late it is
// made, so that a day the program stood still gives the files of that day.
func (m *Module) makeDue(ctx context.Context, x *exchange) (files int, err error) {
	if x.What == "" {
		return 0, nil
	}
	due := x.slots(x.slotAt, m.Now())
	if x.What == WhatBalance && len(due) > 1 {
		due = due[len(due)-1:] // what is due is known as it is now
	}
	for _, slot := range due {
		n, err := m.makeSlot(ctx, x, slot)
		if files += n; err != nil {
			return files, err
		}
	}
	return files, nil
}

// makeNow makes what there is to tell an exchange without waiting for its hour.
func (m *Module) makeNow(ctx context.Context, x *exchange) (files int, err error) {
	if x.What == "" {
		return 0, nil
	}
	return m.makeSlot(ctx, x, m.Now())
}

func (m *Module) makeSlot(ctx context.Context, x *exchange, slot calendar.Micros) (files int, err error) {
	for more := true; more; {
		f, err := m.make(ctx, x, slot)
		if err != nil {
			return files, fmt.Errorf("file of %s/%s: %w", x.supplier.Code, x.Code, err)
		}
		kept, err := m.keepFile(ctx, x, f)
		if err != nil || !kept {
			return files, err // another process made it
		}
		x.position, x.slotAt, more = f.to, slot, f.more
		if f.name != "" {
			files, x.number = files+1, f.number
		}
	}
	return files, nil
}

// make builds the next file of an exchange; without a name there is nothing to send.
func (m *Module) make(ctx context.Context, x *exchange, slot calendar.Micros) (f *made, err error) {
	f = &made{number: x.number + 1, slot: slot, to: x.position}
	var layout register.Layout
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		f.items, f.again, f.more = nil, nil, false
		least, err := restore.Least(ctx, tx, restore.NumberFile, fmt.Sprintf("%d/%s", x.supplier.ID, x.Code))
		if err != nil {
			return err
		}
		f.number = max(x.number+1, least)
		if layout, err = m.layoutOf(ctx, tx, x); err != nil {
			return err
		}
		if err := m.collect(ctx, tx, x, f); err != nil {
			return err
		}
		return m.describe(ctx, tx, x, f.items)
	})
	if err == nil && x.What == WhatBalance {
		err = m.balance(ctx, x, f)
	}
	if err != nil || len(f.items) == 0 && !x.Empty {
		return f, err
	}
	rows := make([]register.Row, len(f.items))
	for i := range f.items {
		rows[i] = f.items[i].row
		f.sum += rows[i].Amount
	}
	info := register.Info{Supplier: x.supplier.Code, INN: x.supplier.INN, Day: x.day(slot), Serial: int(f.number)}
	var b bytes.Buffer
	if err := register.Write(&b, layout, rows, info); err != nil {
		return nil, err
	}
	if f.name, err = fileName(layout.Name(info), f.number, func(name string) (bool, error) { return m.hasName(ctx, x.supplier.ID, name) }); err != nil {
		return nil, err
	}
	f.digest, f.size, err = m.Blobs.Put(ctx, &b, fileMax)
	return f, err
}

// collect finds what goes into a file: refused rows that are wanted again, then what the feed tells after the last file,
// up to the hour.
func (m *Module) collect(ctx context.Context, tx *db.Tx, x *exchange, f *made) error {
	if x.What == WhatBalance {
		return nil
	}
	again, keys, err := m.listAgain(ctx, tx, x)
	if err != nil {
		return err
	}
	f.again, f.items = keys, again
	to, err := feed.PositionAt(ctx, tx, x.supplier.ID, f.slot)
	if err != nil {
		return err
	}
	for f.to < to {
		page, err := feed.Page(ctx, tx, x.supplier.ID, f.to, int(min(to-f.to, feed.PageMax)))
		if err != nil {
			return err
		}
		for i := range page {
			if len(f.items) >= rowsMax {
				f.more = true
				return nil
			}
			f.to = page[i].Position
			if slices.Contains(kindsOf[x.What], page[i].Kind) {
				f.items = append(f.items, item{message: page[i]})
			}
		}
	}
	return nil
}

// listAgain gives the refused rows that are wanted again.
func (m *Module) listAgain(ctx context.Context, tx *db.Tx, x *exchange) (items []item, keys []refusalKey, err error) {
	var positions []int64
	err = tx.Scan(ctx, "SELECT number, row_no, position FROM courier_refusal WHERE supplier_id = $1 AND code = $2 AND wanted = 1 AND again_number = 0 ORDER BY number, row_no LIMIT $3",
		[]any{x.supplier.ID, x.Code, againMax}, func(v []int64, _ []byte) error {
			keys, positions = append(keys, refusalKey{v[0], v[1]}), append(positions, v[2])
			return nil
		})
	if err != nil || len(keys) == 0 {
		return nil, nil, err
	}
	items, err = m.itemsAt(ctx, tx, x.supplier.ID, positions)
	return items, keys, err
}

// againMax is how many refused rows one file gives again.
const againMax = 1000

// itemsAt gives what is told at positions, in the order they are given in.
func (m *Module) itemsAt(ctx context.Context, tx *db.Tx, supplierID int64, positions []int64) ([]item, error) {
	list, err := feed.ListAt(ctx, tx, supplierID, positions)
	if err != nil {
		return nil, err
	}
	at := map[int64]feed.Message{}
	for i := range list {
		at[list[i].Position] = list[i]
	}
	items := make([]item, 0, len(positions))
	for _, p := range positions {
		if x, ok := at[p]; ok {
			items = append(items, item{message: x})
		}
	}
	return items, nil
}

// balance makes a row of each account of what is due.
func (m *Module) balance(ctx context.Context, x *exchange, f *made) error {
	err := m.Balances(ctx, x.supplier.ID, func(b Balance) error {
		f.items = append(f.items, item{message: feed.Message{BuildingID: b.BuildingID, AccountID: b.AccountID}, row: register.Row{Amount: b.Due, Net: b.Due, Has: register.HasAmount | register.HasNet, Date: x.day(f.slot)}})
		return nil
	})
	if err != nil {
		return err
	}
	return m.DB.Read(ctx, func(tx *db.Tx) error { return m.describe(ctx, tx, x, f.items) })
}

// keepFile notes that an exchange has come so far, with its file, unless another process has done so meanwhile.
func (m *Module) keepFile(ctx context.Context, x *exchange, f *made) (kept bool, err error) {
	number := x.number
	if f.name != "" {
		number = f.number
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		kept = false
		res, err := tx.ExecContext(ctx, "UPDATE courier_state SET position = $5, last_number = $6, slot_at = CASE WHEN slot_at < $7 THEN $7 ELSE slot_at END WHERE supplier_id = $1 AND code = $2 AND position = $3 AND last_number = $4",
			x.supplier.ID, x.Code, x.position, x.number, f.to, number, int64(f.slot))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if kept = true; f.name == "" {
			return nil
		}
		return m.insertFile(ctx, tx, x, f)
	})
	return kept, err
}

func (m *Module) insertFile(ctx context.Context, tx *db.Tx, x *exchange, f *made) error {
	for _, k := range f.again {
		if _, err := tx.ExecContext(ctx, "UPDATE courier_refusal SET again_number = $5 WHERE supplier_id = $1 AND code = $2 AND number = $3 AND row_no = $4 AND again_number = 0",
			x.supplier.ID, x.Code, k.number, k.row, f.number); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO courier_file (supplier_id, code, number, slot_at, after_position, to_position, row_count, again, sum_kop, name, digest, size, state, attempts, next_at, trouble, made_at, sent_at, answered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', 0, 0, '', $13, 0, 0)`,
		x.supplier.ID, x.Code, f.number, int64(f.slot), x.position, f.to, len(f.items), len(f.again), int64(f.sum), f.name, f.digest, f.size, int64(m.Now()))
	return err
}

func (m *Module) hasName(ctx context.Context, supplierID int64, name string) (has bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) > 0 FROM courier_file WHERE supplier_id = $1 AND name = $2", supplierID, name).Scan(&has)
	})
	return has, err
}

// itemsOf are the rows of a file that was made, in its order.
func (m *Module) itemsOf(ctx context.Context, tx *db.Tx, x *exchange, f *File) ([]item, error) {
	var positions []int64
	err := tx.Scan(ctx, "SELECT position FROM courier_refusal WHERE supplier_id = $1 AND code = $2 AND again_number = $3 ORDER BY number, row_no", []any{x.supplier.ID, x.Code, f.Number},
		func(v []int64, _ []byte) error {
			positions = append(positions, v[0])
			return nil
		})
	if err != nil {
		return nil, err
	}
	var items []item
	if len(positions) > 0 {
		if items, err = m.itemsAt(ctx, tx, x.supplier.ID, positions); err != nil {
			return nil, err
		}
	}
	for after := f.after; after < f.to; {
		page, err := feed.Page(ctx, tx, x.supplier.ID, after, int(min(f.to-after, feed.PageMax)))
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			break
		}
		for i := range page {
			after = page[i].Position
			if slices.Contains(kindsOf[x.What], page[i].Kind) {
				items = append(items, item{message: page[i]})
			}
		}
	}
	return items, nil
}
