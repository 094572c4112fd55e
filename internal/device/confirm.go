package device

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/reading"
)

// Odd is a figure that is asked about, while nothing later of its channel has become a reading.
type Odd struct {
	Channel  string
	Measured calendar.Micros
	Dial     decimal.Decimal // what the meter shows
	Says     string
}

// Named is a figure as a person names it to confirm it.
type Named struct {
	Device, Channel string
	Measured        calendar.Micros
}

var errNotAsked = fault.New(fault.Conflict, "device.not_asked", "Об этом показании уже решено. Обновите страницу.")

// oddFigures gives the latest figure of each channel that is asked about.
func oddFigures(ctx context.Context, tx *db.Tx, ids []int64, each func(id int64, o Odd)) error {
	var args []any
	where := db.In("f.device_id", ids, &args)
	rows, err := tx.QueryContext(ctx, `SELECT f.device_id, f.channel, f.measured_at, f.dial_e7, f.reason FROM device_figure f WHERE f.state = 'asked' AND `+where+`
		AND NOT EXISTS (SELECT 1 FROM device_figure n WHERE n.device_id = f.device_id AND n.channel = f.channel AND n.measured_at > f.measured_at
			AND n.state IN ('asked', 'taken', 'corrected', 'same')) ORDER BY f.device_id, f.channel`, args...)
	if err != nil {
		return fmt.Errorf("odd figures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var o Odd
		if err := rows.Scan(&id, &o.Channel, &o.Measured, &o.Dial, &o.Says); err != nil {
			return err
		}
		each(id, o)
	}
	return rows.Err()
}

// ConfirmOwn takes a figure of a device of the household that was asked about: the person says it is right.
func (m *Module) ConfirmOwn(ctx context.Context, actor access.Actor, h reading.Home, n Named) error {
	if err := mine(actor, h); err != nil {
		return err
	}
	return m.confirm(ctx, actor, n, func(tx *db.Tx, b *Binding) error {
		accounts, err := m.accountsOf(ctx, tx, h)
		if err == nil && !slices.Contains(accounts, b.AccountID) {
			err = errUnknown
		}
		return err
	})
}

// Confirm takes a figure of any device that was asked about.
func (m *Module) Confirm(ctx context.Context, actor access.Actor, n Named) error {
	if err := actor.Require("device", "manage"); err != nil {
		return err
	}
	return m.confirm(ctx, actor, n, func(*db.Tx, *Binding) error { return nil })
}

// confirm gives the figure as right, and looks again at the later ones that were odd beside what was known before.
func (m *Module) confirm(ctx context.Context, actor access.Actor, n Named, may func(tx *db.Tx, b *Binding) error) error {
	m.catching.Lock()
	defer m.catching.Unlock()
	p, b, err := m.asked(ctx, n, may)
	if err != nil {
		return err
	}
	if !p.choose(b) {
		return invalid("device.not_counted", "Показание не принято. %s.", p.reason)
	}
	entry := p.entry(b, 1)
	entry.Confirm = string(reading.Right)
	if err := m.giveEntries(ctx, []reading.Entry{entry}, []*pending{p}); err != nil {
		return err
	}
	if p.state == string(reading.Asked) || p.state == string(reading.Refused) {
		return invalid("device.not_counted", "Показание не принято. %s.", p.reason)
	}
	err = m.write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE device_figure SET state = 'new' WHERE device_id = $1 AND channel = $2 AND on_day > $3 AND state = 'asked'", p.device, p.channel, int64(p.on))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "device.confirmed", fmt.Sprintf("device:%d", p.device), map[string]any{"channel": p.channel, "day": p.on.String()})
	})
	if err != nil {
		return err
	}
	return m.give(ctx)
}

// asked finds a figure that is asked about with its binding, for those who may.
func (m *Module) asked(ctx context.Context, n Named, may func(tx *db.Tx, b *Binding) error) (p *pending, b *Binding, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, "outside_id = $1", strings.TrimSpace(n.Device))
		if fault.Is(err, fault.NotFound) {
			return errUnknown
		}
		if err != nil {
			return err
		}
		p = &pending{device: d.ID, outside: d.OutsideID, channel: n.Channel, measured: n.Measured, first: n.Measured}
		err = tx.QueryRowContext(ctx, "SELECT on_day, value_e7, unit FROM device_figure WHERE device_id = $1 AND channel = $2 AND measured_at = $3 AND state = 'asked'",
			d.ID, n.Channel, int64(n.Measured)).Scan(&p.on, &p.value, &p.unit)
		if err = db.Fold(err); fault.Is(err, fault.NotFound) {
			return errNotAsked
		}
		if err != nil {
			return err
		}
		bound := bindings{}
		if err := bound.load(ctx, tx, []pending{*p}); err != nil {
			return err
		}
		if b = bound.of(p); b == nil {
			return errUnknown
		}
		return may(tx, b)
	})
	return p, b, err
}

// accountsOf are the accounts of a household now.
func (m *Module) accountsOf(ctx context.Context, tx *db.Tx, h reading.Home) (accounts []int64, err error) {
	members, err := account.ListMembers(ctx, tx, h.Building, h.Household, m.Now())
	for i := range members {
		accounts = append(accounts, members[i].AccountID)
	}
	return accounts, err
}
