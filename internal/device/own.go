package device

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/reading"
)

var errCode = fault.New(fault.Invalid, "device.code", "По этому коду прибора нет. Сверьте код на наклейке или в договоре.").WithField("code")

// zoneChannels are the channels by which devices of two and three rates tell them, as they are printed on meters.
var zoneChannels = map[string]string{"day": "t1", "peak": "t1", "night": "t2", "half_peak": "t3"}

// Claim binds a device to a register of a meter of the household by the code that came with it.
func (m *Module) Claim(ctx context.Context, actor access.Actor, h reading.Home, code string, meter int64, zone string) error {
	if err := mine(actor, h); err != nil {
		return err
	}
	clean := cleanCode(code)
	if clean == "" {
		return errCode
	}
	who := fmt.Sprintf("household %d", h.Household)
	if err := m.tries.check(who, m.Now()); err != nil {
		return fault.New(fault.Limited, "device.code_tries", "Слишком много неверных кодов. Повторите через 15 минут.").WithField("code")
	}
	at, err := m.Readings.LocateOwn(ctx, actor, h, meter, zone)
	if err != nil {
		return err
	}
	var d Device
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		d, err = find(ctx, tx, "code = $1", digestOf(clean))
		if err == nil {
			err = m.unclaimed(ctx, tx, &d, h)
		}
		return err
	})
	m.tries.count(who, m.Now(), fault.Is(err, fault.NotFound))
	if fault.Is(err, fault.NotFound) {
		return errCode
	}
	if err != nil {
		return err
	}
	b := bindingTo(at)
	b.Channel, b.From, b.Actor = zoneChannels[zone], m.Day(m.Now()), actor.String()
	err = m.bind(ctx, actor, d.OutsideID, b, true)
	m.stir()
	return err
}

// unclaimed refuses a device that counts meters of others: a code is of no use to a neighbour who has seen it.
func (m *Module) unclaimed(ctx context.Context, tx *db.Tx, d *Device, h reading.Home) error {
	own, err := m.devicesOf(ctx, tx, h)
	if err != nil || slices.Contains(own, d.ID) {
		return err
	}
	today := int64(m.Day(m.Now()))
	bound, err := listBindings(ctx, tx, "device_id = $1 AND (valid_to = 0 OR valid_to >= $2)", d.ID, today)
	if err == nil && len(bound) > 0 {
		return fault.New(fault.Conflict, "device.taken", "Прибор уже передаёт показания другого счётчика. Если он ваш, позвоните в расчётный центр.").WithField("code")
	}
	return err
}

// nameMax bounds what a resident calls a device, in signs.
const nameMax = 60

// Rename gives a device of the household a name and a place.
func (m *Module) Rename(ctx context.Context, actor access.Actor, h reading.Home, outsideID, name, place string) error {
	if len([]rune(name)) > nameMax || len([]rune(place)) > nameMax {
		return invalid("device.name", "Название и место – не длиннее %d знаков.", nameMax).WithField("name")
	}
	return m.change(ctx, actor, h, outsideID, "device.renamed", func(tx *db.Tx, d *Device) error {
		_, err := tx.ExecContext(ctx, "UPDATE device SET name = $2, place = $3 WHERE device_id = $1", d.ID, strings.TrimSpace(name), strings.TrimSpace(place))
		return err
	})
}

// Release ends what a device counts for the household: from today its figures are nobody's.
func (m *Module) Release(ctx context.Context, actor access.Actor, h reading.Home, outsideID string) error {
	return m.change(ctx, actor, h, outsideID, "device.released", func(tx *db.Tx, d *Device) error {
		return m.unbind(ctx, tx, d.ID, actor)
	})
}

// unbind ends all bindings of a device with yesterday; one that began today is as if it never was.
func (m *Module) unbind(ctx context.Context, tx *db.Tx, id int64, actor access.Actor) error {
	today := m.Day(m.Now())
	bound, err := listBindings(ctx, tx, "device_id = $1 AND (valid_to = 0 OR valid_to >= $2)", id, int64(today))
	if err != nil {
		return err
	}
	for i := range bound {
		b := &bound[i]
		b.Until, b.Actor = today.AddDays(-1), actor.String()
		if err := insertBinding(ctx, tx, b, m.Now()); err != nil {
			return err
		}
	}
	return nil
}

// change does something to a device of the household.
func (m *Module) change(ctx context.Context, actor access.Actor, h reading.Home, outsideID, action string, do func(tx *db.Tx, d *Device) error) error {
	if err := mine(actor, h); err != nil {
		return err
	}
	return m.write(ctx, func(tx *db.Tx) error {
		ids, err := m.devicesOf(ctx, tx, h)
		if err != nil {
			return err
		}
		d, err := find(ctx, tx, "outside_id = $1", outsideID)
		if fault.Is(err, fault.NotFound) || err == nil && !slices.Contains(ids, d.ID) {
			return errUnknown
		}
		if err == nil {
			err = do(tx, &d)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), action, fmt.Sprintf("device:%d", d.ID), nil)
	})
}

// Remove takes a device out of the register; what it told stays.
func (m *Module) Remove(ctx context.Context, actor access.Actor, outsideID string) error {
	if err := actor.Require("device", "manage"); err != nil {
		return err
	}
	return m.write(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, "outside_id = $1", outsideID)
		if fault.Is(err, fault.NotFound) {
			return errUnknown
		}
		if err == nil {
			err = m.unbind(ctx, tx, d.ID, actor)
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, "UPDATE device SET removed_at = $2 WHERE device_id = $1", d.ID, int64(m.Now()))
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "device.removed", fmt.Sprintf("device:%d", d.ID), nil)
	})
}
