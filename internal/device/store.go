package device

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/supplier"
)

const deviceColumns = "outside_id, device_id, gateway, profile, payload, supplier_id, secret, code, topic, name, place, silence_days, created_at, last_at, battery, battery_low"

func scanDevice(scan func(...any) error) (d Device, err error) {
	var gateway, low int
	err = scan(&d.OutsideID, &d.ID, &gateway, &d.Profile, &d.Payload, &d.SupplierID, &d.secret, &d.code, &d.Topic, &d.Name, &d.Place, &d.SilentDays, &d.CreatedAt, &d.LastAt, &d.Battery, &low)
	d.Gateway, d.BatteryLow = gateway == 1, low == 1
	return d, db.Fold(err)
}

// find gives a device that was not removed, by a condition on $1.
func find(ctx context.Context, tx *db.Tx, where string, arg any) (Device, error) {
	d, err := scanDevice(tx.QueryRowContext(ctx, "SELECT "+deviceColumns+" FROM device WHERE removed_at = 0 AND "+where, arg).Scan)
	if err != nil {
		return d, err
	}
	codes, err := supplier.ListCodes(ctx, tx)
	d.Owner = codes[d.SupplierID]
	return d, err
}

func listDevices(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Device, err error) {
	codes, err := supplier.ListCodes(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+deviceColumns+" FROM device WHERE removed_at = 0 "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("devices: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		d, err := scanDevice(rows.Scan)
		if err != nil {
			return nil, err
		}
		d.Owner = codes[d.SupplierID]
		list = append(list, d)
	}
	return list, rows.Err()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// save writes a device as it is now; one that was removed comes back.
func save(ctx context.Context, tx *db.Tx, d *Device) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO device (outside_id, device_id, gateway, profile, payload, supplier_id, secret, code, topic, name, place, silence_days, created_at, removed_at, last_at, battery, battery_low)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, -1, 0)
		ON CONFLICT (outside_id) DO UPDATE SET gateway = excluded.gateway, profile = excluded.profile, payload = excluded.payload, supplier_id = excluded.supplier_id, secret = excluded.secret,
			code = excluded.code, topic = excluded.topic, name = excluded.name, place = excluded.place, silence_days = excluded.silence_days, removed_at = 0`,
		d.OutsideID, d.ID, flag(d.Gateway), d.Profile, d.Payload, d.SupplierID, d.secret, d.code, d.Topic, d.Name, d.Place, int64(d.SilentDays), int64(d.CreatedAt))
	return err
}

const bindingColumns = "device_id, channel, valid_from, valid_to, supplier_id, account_id, number, serial, service, zone, unit, measure, scale_e7, offset_e7, house"

// latestBinding is the condition of a binding b that no later row of its channel and beginning replaced.
const latestBinding = `NOT EXISTS (SELECT 1 FROM device_binding n WHERE n.device_id = b.device_id AND n.channel = b.channel AND n.valid_from = b.valid_from AND n.recorded_at > b.recorded_at)`

func listBindings(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Binding, err error) {
	codes, err := supplier.ListCodes(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+bindingColumns+" FROM device_binding b WHERE "+latestBinding+" AND "+where+" ORDER BY device_id, channel, valid_from", args...)
	if err != nil {
		return nil, fmt.Errorf("bindings: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var b Binding
		if err := rows.Scan(&b.DeviceID, &b.Channel, &b.From, &b.Until, &b.SupplierID, &b.AccountID, &b.Number, &b.Serial, &b.Service, &b.Zone, &b.Unit, &b.Measure, &b.Scale, &b.Offset, &b.House); err != nil {
			return nil, err
		}
		b.Supplier = codes[b.SupplierID]
		list = append(list, b)
	}
	return list, rows.Err()
}

// record appends a binding. An earlier one of the channel that has not ended ends the day before, and figures that had
// nowhere to go are looked at again.
func record(ctx context.Context, tx *db.Tx, b *Binding, at calendar.Micros) error {
	earlier, err := listBindings(ctx, tx, "device_id = $1 AND channel = $2 AND valid_from < $3 AND (valid_to = 0 OR valid_to >= $3)", b.DeviceID, b.Channel, int64(b.From))
	if err != nil {
		return err
	}
	for i := range earlier {
		earlier[i].Until, earlier[i].Actor = b.From.AddDays(-1), b.Actor
		if err := insertBinding(ctx, tx, &earlier[i], at); err != nil {
			return err
		}
	}
	if err := insertBinding(ctx, tx, b, at); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE device_figure SET state = 'new' WHERE device_id = $1 AND on_day >= $2 AND state IN ('unbound', 'refused')", b.DeviceID, int64(b.From))
	return err
}

func insertBinding(ctx context.Context, tx *db.Tx, b *Binding, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO device_binding ("+bindingColumns+", recorded_at, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
		b.DeviceID, b.Channel, int64(b.From), int64(b.Until), b.SupplierID, b.AccountID, b.Number, b.Serial, b.Service, b.Zone, b.Unit, b.Measure, int64(b.Scale), int64(b.Offset), b.House, int64(at), b.Actor)
	return err
}
