package queue

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/housing"
	"kvit/internal/money"
	"kvit/internal/reading"
)

// Places of the columns of payments and readings.
const (
	paymentsSum, paymentsOn, paymentsDocument, paymentsService = 1, 2, 4, 5
	readingsHouse, readingsMeter, readingsResource             = 0, 1, 2
	readingsT1, readingsOn                                     = 3, 6
)

// payment looks for a payment of a file among those Kvit has.
func (in *intake) payment(ctx context.Context, tx *db.Tx, r *gis.Row) error {
	service, document := r.Cells[paymentsService], r.Cells[paymentsDocument]
	if (service == "") == (document == "") {
		in.res.Broken++
		in.book.Find(0, r, paymentsDocument, "Нужен один из двух: идентификатор платёжного документа или идентификатор ЖКУ.")
		return nil
	}
	id, err := in.payer(ctx, tx, service, document)
	if err != nil {
		return err
	}
	if id == 0 {
		in.unknown(r, paymentsService, "Лицевого счёта с таким идентификатором у поставщика нет.")
		return nil
	}
	sum, on := money.Amount(0), calendar.Date(0)
	if sum, err = money.Parse(r.Cells[paymentsSum]); err == nil {
		on, err = calendar.ParseDate(isoDate(r.Cells[paymentsOn]))
	}
	if err != nil {
		return err // the cells were held against their forms
	}
	there := false
	err = tx.Scan(ctx, `SELECT order_id FROM v_payment_account WHERE supplier_id = $1 AND account_id = $2 AND paid_on = $3 GROUP BY order_id HAVING sum(amount_kop) = $4`,
		[]any{in.s.ID, id, int64(on), int64(sum)}, func([]int64, []byte) error { there = true; return nil })
	if err != nil {
		return err
	}
	if !there {
		in.unknown(r, paymentsSum, "Такого платежа в Квите нет: другой день, сумма или платёж прошёл мимо центра.")
		return nil
	}
	in.res.Known++
	return nil
}

// payer is the account a payment names by its ИЖКУ, or by the ИПД of one of its documents.
func (in *intake) payer(ctx context.Context, tx *db.Tx, service, document string) (id int64, err error) {
	if service != "" {
		return accountBy(ctx, tx, in.s.ID, aliasService, service)
	}
	rows, err := tx.QueryContext(ctx, "SELECT own_key FROM v_gis_identifier WHERE supplier_id = $1 AND kind = 'document' AND value = $2", in.s.ID, document)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return 0, err
		}
		account, _, _ := strings.Cut(key, "/")
		if id, err = strconv.ParseInt(account, 10, 64); err != nil {
			return 0, fmt.Errorf("key of a document %q: %w", key, err)
		}
	}
	return id, rows.Err()
}

// isoDate turns ДД.ММ.ГГГГ round.
func isoDate(dotted string) string {
	var d, m, y int
	if n, err := fmt.Sscanf(dotted, "%d.%d.%d", &d, &m, &y); err != nil || n != 3 {
		return dotted
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// meterSeat is a meter a row of readings may mean.
type meterSeat struct {
	account, serial, service string
	house                    int64
}

// readings takes the readings of a file as if the supplier had sent them.
func (in *intake) readings(ctx context.Context, actor access.Actor) error {
	var entries []reading.Entry
	rows := map[int]*gis.Row{}
	err := in.m.DB.Read(ctx, func(tx *db.Tx) error {
		entries = nil
		for i := range in.book.Pages[0] {
			r := &in.book.Pages[0][i]
			rows[r.Line] = r
			if r.Wrong {
				in.res.Broken++
				continue
			}
			seats, err := in.seats(ctx, tx, r)
			if err != nil {
				return err
			}
			if len(seats) != 1 {
				in.unknown(r, readingsMeter, "Такого прибора у поставщика нет, или их несколько: проверьте номер, ресурс и адрес дома.")
				continue
			}
			entries = append(entries, in.entries(r, &seats[0])...)
		}
		return nil
	})
	if err != nil || len(entries) == 0 {
		return err
	}
	outcome, err := in.m.Readings.Load(ctx, actor, reading.Load{Origin: reading.Origin{Channel: reading.File}, Supplier: in.s.Code, Every: true, Entries: func(emit func(reading.Entry) error) error {
		for _, e := range entries {
			if err := emit(e); err != nil {
				return err
			}
		}
		return nil
	}})
	if err != nil {
		return err
	}
	in.judged(outcome, rows)
	return nil
}

// judged counts each row of readings once, by the worst of its figures.
func (in *intake) judged(o *reading.Outcome, rows map[int]*gis.Row) {
	bad := map[int]bool{}
	seen := map[int]bool{}
	for _, v := range o.Lines {
		seen[v.Line] = true
		if v.State == reading.Refused || v.State == reading.Asked {
			bad[v.Line] = true
			in.book.Find(0, rows[v.Line], readingsT1, v.Says)
		}
	}
	in.res.Broken += len(bad)
	in.res.Known += len(seen) - len(bad)
}

// seats are the meters of a supplier with the number of a row, its own or the one ГИС ЖКХ gave.
func (in *intake) seats(ctx context.Context, tx *db.Tx, r *gis.Row) (list []meterSeat, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT a.number, m.serial, m.service, m.building_id FROM v_meter m JOIN v_account_claim a ON a.building_id = m.building_id AND a.account_id = m.account_id
		WHERE a.supplier_id = $1 AND m.valid_to = 0 AND (m.serial = $2 OR m.meter_id IN (SELECT CAST(own_key AS BIGINT) FROM v_gis_identifier WHERE supplier_id = $1 AND kind = 'meter_number' AND value = $2))
		ORDER BY m.meter_id`, in.s.ID, r.Cells[readingsMeter])
	if err != nil {
		return nil, fmt.Errorf("meters of a number: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x meterSeat
		if err := rows.Scan(&x.account, &x.serial, &x.service, &x.house); err != nil {
			return nil, err
		}
		if resources[x.service] == r.Cells[readingsResource] {
			list = append(list, x)
		}
	}
	if err := rows.Err(); err != nil || len(list) < 2 {
		return list, err
	}
	return ofAddress(ctx, tx, list, r.Cells[readingsHouse])
}

// ofAddress are the meters of the house an address names.
func ofAddress(ctx context.Context, tx *db.Tx, list []meterSeat, address string) (some []meterSeat, err error) {
	for _, x := range list {
		b, err := housing.FindBuilding(ctx, tx, x.house)
		if err != nil {
			return nil, err
		}
		if housing.SearchKey(b.Address()) == housing.SearchKey(address) {
			some = append(some, x)
		}
	}
	return some, nil
}

// entries are the figures of a row.
func (in *intake) entries(r *gis.Row, x *meterSeat) (list []reading.Entry) {
	values := r.Cells[readingsT1 : readingsT1+3]
	for i, v := range values {
		if v == "" {
			continue
		}
		e := reading.Entry{Supplier: in.s.Code, Account: x.account, Meter: x.serial, Service: x.service, Value: reading.Text(v), Date: isoDate(r.Cells[readingsOn]), Source: "ГИС ЖКХ", Line: r.Line}
		if values[1] != "" || values[2] != "" {
			e.Zone = "T" + strconv.Itoa(i+1)
		}
		list = append(list, e)
	}
	return list
}
