package payment

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

const orderColumns = "client_key, order_id, public_id, fingerprint, channel, method, state, sum_kop, refunded_kop, paid_on, gateway, gateway_id, redirect_url, reason, request, actor, created_at, changed_at"

func scanOrder(scan func(...any) error) (o Order, err error) {
	err = scan(&o.Key, &o.ID, &o.PublicID, &o.Fingerprint, &o.Channel, &o.Method, &o.State, &o.Sum, &o.Refunded, &o.PaidOn, &o.Gateway, &o.GatewayID, &o.RedirectURL, &o.Reason, &o.request, &o.Actor, &o.CreatedAt, &o.ChangedAt)
	return o, db.Fold(err)
}

// findOrder gives an order by one of its unique columns with its parts.
func findOrder(ctx context.Context, tx *db.Tx, column string, value any) (Order, error) {
	o, err := scanOrder(tx.QueryRowContext(ctx, "SELECT "+orderColumns+" FROM payment_order WHERE "+column+" = $1", value).Scan)
	if fault.Is(err, fault.NotFound) {
		return o, errUnknownPayment.Because(err)
	}
	if err != nil {
		return o, err
	}
	o.Parts, err = listParts(ctx, tx, "WHERE order_id = $1 AND kind <> 'forwarded' ORDER BY building_id, part_no", o.ID)
	return o, err
}

const partColumns = "building_id, order_id, part_no, account_id, supplier_id, service_id, kind, amount_kop, paid_on, channel, posted_at, recorded_at, month, reason"

func listParts(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Part, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+partColumns+" FROM payment_part "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list parts: %w", err)
	}
	defer rows.Close()
	var list []Part
	for rows.Next() {
		var p Part
		if err := rows.Scan(&p.BuildingID, &p.OrderID, &p.No, &p.AccountID, &p.SupplierID, &p.ServiceID, &p.Kind, &p.Amount, &p.PaidOn, &p.Channel, &p.PostedAt, &p.RecordedAt, &p.Month, &p.Reason); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// ListParts gives the posted parts of accounts of a building that were posted up to a moment, oldest first; money that went on
// to another centre was paid all the same.
func ListParts(ctx context.Context, tx *db.Tx, building int64, accounts []int64, until calendar.Micros) ([]Part, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	args := []any{building, int64(until)}
	of := db.In("account_id", accounts, &args)
	list, err := listParts(ctx, tx, tx.By("payment_part_account")+" WHERE building_id = $1 AND "+of+" AND posted_at > 0 AND posted_at <= $2 AND kind <> 'forwarded'", args...)
	slices.SortFunc(list, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.PaidOn, b.PaidOn), cmp.Compare(a.OrderID, b.OrderID), cmp.Compare(a.No, b.No))
	})
	return list, err
}

// ListBuildingParts gives the posted parts of a stretch of buildings that were posted up to a moment, in the order of
// ListParts.
func ListBuildingParts(ctx context.Context, tx *db.Tx, first, last int64, until calendar.Micros) ([]Part, error) {
	return listParts(ctx, tx, "WHERE building_id BETWEEN $1 AND $2 AND posted_at > 0 AND posted_at <= $3 AND kind <> 'forwarded' ORDER BY paid_on, order_id, part_no", first, last, int64(until))
}

// fileColumns are those of an order and the row of a register it came by.
var fileColumns = append(strings.Split(orderColumns, ", "), "file_id", "row_no")

func (o *Order) row(fileID, rowNo int64) []any {
	return []any{
		o.Key, o.ID, o.PublicID, o.Fingerprint, o.Channel, o.Method, o.State, int64(o.Sum), int64(o.Refunded), int64(o.PaidOn), o.Gateway, o.GatewayID, o.RedirectURL, o.Reason,
		o.request.text(), o.Actor, int64(o.CreatedAt), int64(o.ChangedAt), fileID, rowNo,
	}
}

var partColumnList = strings.Split(partColumns, ", ")

func (p *Part) row() []any {
	return []any{
		p.BuildingID, p.OrderID, int64(p.No), p.AccountID, p.SupplierID, p.ServiceID, p.Kind,
		int64(p.Amount), int64(p.PaidOn), p.Channel, int64(p.PostedAt), int64(p.RecordedAt), int64(p.Month), p.Reason,
	}
}

// add puts a fresh order and its parts at the end of a batch.
func (o *Order) add(b *db.Batch) {
	b.Insert("payment_order", fileColumns, "", [][]any{o.row(0, 0)})
	rows := make([][]any, len(o.Parts))
	for i := range o.Parts {
		rows[i] = o.Parts[i].row()
	}
	b.Insert("payment_part", partColumnList, "", rows)
}

// insertOrders writes the orders of a register.
func insertOrders(ctx context.Context, tx *db.Tx, list []Order, fileID int64, rowOf func(i int) int) error {
	i := -1
	_, err := tx.Copy(ctx, "payment_order", fileColumns, db.Rows(list, len(fileColumns), func(o *Order, row []any) {
		i++
		copy(row, o.row(fileID, int64(rowOf(i))))
	}))
	return err
}

func insertParts(ctx context.Context, tx *db.Tx, list []Part) error {
	_, err := tx.Copy(ctx, "payment_part", partColumnList, db.Rows(list, len(partColumnList), func(p *Part, row []any) { copy(row, p.row()) }))
	return err
}
