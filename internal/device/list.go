package device

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/device/profile"
	"kvit/internal/fault"
	"kvit/internal/reading"
)

// silentDays is for how many days without a message a device is silent, unless it or its profile says otherwise.
const silentDays = 3

// Shown is a device with what it counts and its latest figures.
type Shown struct {
	Device
	Never    bool         `json:"never,omitempty"`  // it has never been heard of
	Silent   bool         `json:"silent,omitempty"` // longer than is usual for it
	Bindings []Binding    `json:"bindings"`
	Figures  []LastFigure `json:"figures"`
}

// LastFigure is the latest figure of a channel.
type LastFigure struct {
	Channel string          `json:"channel"`
	At      calendar.Micros `json:"at"`
	Value   decimal.Decimal `json:"value"`
	Unit    string          `json:"unit,omitempty"`
	Dial    decimal.Decimal `json:"dial"` // on the meter
	State   string          `json:"state"`
	Says    string          `json:"says,omitempty"`
}

// List gives devices with what a person should look at first: the silent ones and those with a low battery.
func (m *Module) List(ctx context.Context, actor access.Actor) (list []Shown, err error) {
	if err := actor.Require("device", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = m.show(ctx, tx, "ORDER BY outside_id")
		return err
	})
	slices.SortStableFunc(list, func(a, b Shown) int { return b.trouble() - a.trouble() })
	return list, err
}

func (s *Shown) trouble() int {
	return int(2*flag(s.Silent) + flag(s.BatteryLow))
}

// Find gives one device.
func (m *Module) Find(ctx context.Context, actor access.Actor, outsideID string) (s Shown, err error) {
	if err := actor.Require("device", "read"); err != nil {
		return s, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := m.show(ctx, tx, "AND outside_id = $1", outsideID)
		if err == nil && len(list) == 0 {
			err = errUnknown
		}
		if err == nil {
			s = list[0]
		}
		return err
	})
	return s, err
}

// Own gives the devices of a household: those bound to meters of its accounts now.
func (m *Module) Own(ctx context.Context, actor access.Actor, h reading.Home) (list []Shown, err error) {
	if err := mine(actor, h); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		ids, err := m.devicesOf(ctx, tx, h)
		if err != nil || len(ids) == 0 {
			return err
		}
		where, args := in("device_id", ids)
		list, err = m.show(ctx, tx, "AND "+where+" ORDER BY outside_id", args...)
		return err
	})
	return list, err
}

// mine refuses whom the household is not open to.
func mine(actor access.Actor, h reading.Home) error {
	if err := actor.Require("device", "own"); err != nil {
		return err
	}
	if actor.BuildingID != h.Building || actor.HouseholdID != h.Household {
		return errUnknown
	}
	return nil
}

// devicesOf are the ids of devices that are bound to meters of a household today.
func (m *Module) devicesOf(ctx context.Context, tx *db.Tx, h reading.Home) (ids []int64, err error) {
	members, err := account.ListMembers(ctx, tx, h.Building, h.Household, m.Now())
	if err != nil || len(members) == 0 {
		return nil, err
	}
	accounts := make([]int64, 0, len(members))
	for i := range members {
		accounts = append(accounts, members[i].AccountID)
	}
	where, args := in("account_id", accounts)
	bound, err := listBindings(ctx, tx, where, args...)
	today := m.Day(m.Now())
	for _, b := range bound {
		if b.From <= today && (b.Until == 0 || b.Until >= today) && !slices.Contains(ids, b.DeviceID) {
			ids = append(ids, b.DeviceID)
		}
	}
	return ids, err
}

// show gives devices with their bindings and figures.
func (m *Module) show(ctx context.Context, tx *db.Tx, rest string, args ...any) ([]Shown, error) {
	devices, err := listDevices(ctx, tx, rest, args...)
	if err != nil || len(devices) == 0 {
		return nil, err
	}
	all, err := m.inForce(ctx, tx)
	if err != nil {
		return nil, err
	}
	list, at, ids := make([]Shown, len(devices)), map[int64]int{}, make([]int64, len(devices))
	for i, d := range devices {
		list[i] = Shown{Device: d, Bindings: []Binding{}, Figures: []LastFigure{}, Never: d.LastAt == 0, Silent: d.silent(m.Now(), profile.Find(all, d.Profile))}
		at[d.ID], ids[i] = i, d.ID
	}
	for chunk := range slices.Chunk(ids, bindingsMax) {
		where, args := in("device_id", chunk)
		bound, err := listBindings(ctx, tx, where, args...)
		if err != nil {
			return nil, err
		}
		for _, b := range bound {
			s := &list[at[b.DeviceID]]
			s.Bindings = append(s.Bindings, b)
		}
		if err := lastFigures(ctx, tx, chunk, func(id int64, f LastFigure) { s := &list[at[id]]; s.Figures = append(s.Figures, f) }); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// silent tells whether nothing has been heard for longer than is usual.
func (d *Device) silent(now calendar.Micros, p *profile.Profile) bool {
	days := d.SilentDays
	if days == 0 && p != nil {
		days = p.SilentDays
	}
	if days == 0 {
		days = silentDays
	}
	return !d.Gateway && max(d.LastAt, d.CreatedAt) < now-calendar.Micros(time.Duration(days)*24*time.Hour/time.Microsecond)
}

func lastFigures(ctx context.Context, tx *db.Tx, ids []int64, each func(id int64, f LastFigure)) error {
	where, args := in("f.device_id", ids)
	rows, err := tx.QueryContext(ctx, `SELECT f.device_id, f.channel, f.measured_at, f.value_e7, f.unit, f.dial_e7, f.state, f.reason FROM device_figure f
		WHERE `+where+` AND f.measured_at = (SELECT max(n.measured_at) FROM device_figure n WHERE n.device_id = f.device_id AND n.channel = f.channel) ORDER BY f.device_id, f.channel`, args...)
	if err != nil {
		return fmt.Errorf("latest figures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var f LastFigure
		if err := rows.Scan(&id, &f.Channel, &f.At, &f.Value, &f.Unit, &f.Dial, &f.State, &f.Says); err != nil {
			return err
		}
		each(id, f)
	}
	return rows.Err()
}

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
