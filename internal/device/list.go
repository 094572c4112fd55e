package device

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/device/profile"
	"kvit/internal/reading"
)

// silentDays is for how many days without a message a device is silent, unless it or its profile says otherwise.
const silentDays = 3

// Shown is a device with what it counts and its latest figures.
type Shown struct {
	Device
	Created  string       `json:"createdAt"`
	Heard    string       `json:"lastAt,omitempty"` // when a message last came
	Never    bool         `json:"never,omitempty"`  // it has never been heard of
	Silent   bool         `json:"silent,omitempty"` // longer than is usual for it
	Bindings []Binding    `json:"bindings"`
	Figures  []LastFigure `json:"figures"`
	Odd      []Odd        `json:"-"` // asked about
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

// List gives devices with what a person should look at first: odd figures, the silent ones and those with a low battery.
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
	return int(4*flag(len(s.Odd) > 0) + 2*flag(s.Silent) + flag(s.BatteryLow))
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
		var args []any
		where := db.In("device_id", ids, &args)
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
	accounts, err := m.accountsOf(ctx, tx, h)
	if err != nil || len(accounts) == 0 {
		return nil, err
	}
	var args []any
	where := db.In("account_id", accounts, &args)
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
		list[i] = Shown{Device: d, Bindings: []Binding{}, Figures: []LastFigure{}, Created: moment(d.CreatedAt), Heard: moment(d.LastAt), Never: d.LastAt == 0, Silent: d.silent(m.Now(), profile.Find(all, d.Profile))}
		at[d.ID], ids[i] = i, d.ID
	}
	for chunk := range slices.Chunk(ids, bindingsMax) {
		var args []any
		where := db.In("device_id", chunk, &args)
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
		if err := oddFigures(ctx, tx, chunk, func(id int64, o Odd) { s := &list[at[id]]; s.Odd = append(s.Odd, o) }); err != nil {
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
	var args []any
	where := db.In("f.device_id", ids, &args)
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
