package device

import (
	"fmt"

	"kvit/internal/device/profile"
)

// figureRow is a figure to be kept.
type figureRow struct {
	message *message
	figure  *profile.Figure
}

// write keeps figures, states and signs of life.
func (k *knowing) write(list []message) error {
	fresh := map[int64]bool{}
	for i := range k.figures {
		isNew, err := k.writeFigure(&k.figures[i])
		if err != nil {
			return fmt.Errorf("figures of devices: %w", err)
		}
		if isNew {
			fresh[k.figures[i].message.id] = true
		}
	}
	latest := map[int64]*message{}
	for i := range list {
		x := &list[i]
		if x.state == Read && !fresh[x.id] {
			x.state = Double
		}
		if err := k.writeState(x); err != nil {
			return fmt.Errorf("states of messages: %w", err)
		}
		if x.device != nil {
			latest[x.device.ID] = x
		}
	}
	return k.writeLife(latest)
}

func (k *knowing) writeFigure(f *figureRow) (isNew bool, err error) {
	x := f.message
	res, err := k.tx.ExecContext(k.ctx, `INSERT INTO device_figure (device_id, channel, measured_at, on_day, value_e7, unit, dial_e7, message_id, state, reason, source)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 'new', '', '') ON CONFLICT (device_id, channel, measured_at) DO NOTHING`,
		x.device.ID, f.figure.Channel, int64(x.measured), int64(k.m.Day(x.measured)), int64(f.figure.Value), f.figure.Unit, x.id)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func (k *knowing) writeState(x *message) error {
	var id int64
	if x.device != nil {
		id = x.device.ID
	}
	_, err := k.tx.ExecContext(k.ctx, "UPDATE device_message SET state = $2, reason = $3, device_id = $4 WHERE message_id = $1", x.id, string(x.state), x.reason, id)
	return err
}

// writeLife notes the last contact of devices, and the charge where it was told.
func (k *knowing) writeLife(latest map[int64]*message) error {
	for id, x := range latest {
		battery, low := -1, int64(-1)
		if x.report != nil {
			battery = x.report.Battery
			if battery >= 0 || x.report.BatteryLow {
				low = flag(x.report.BatteryLow)
			}
		}
		_, err := k.tx.ExecContext(k.ctx, `UPDATE device SET last_at = CASE WHEN last_at > $2 THEN last_at ELSE $2 END, battery = CASE WHEN $3 < 0 THEN battery ELSE $3 END,
			battery_low = CASE WHEN CAST($4 AS BIGINT) < 0 THEN battery_low ELSE CAST($4 AS SMALLINT) END WHERE device_id = $1`, id, int64(x.at), int64(battery), low)
		if err != nil {
			return fmt.Errorf("contact of device %d: %w", id, err)
		}
	}
	return nil
}
