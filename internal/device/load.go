package device

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/device/profile"
	"kvit/internal/fault"
	"kvit/internal/reading"
	"kvit/internal/supplier"
)

// Load registers devices and binds their channels. A line that is refused stops no other; the same list again changes
// nothing but what differs.
func (m *Module) Load(ctx context.Context, actor access.Actor, rows []Row) (*Loaded, error) {
	if err := actor.Require("device", "manage"); err != nil {
		return nil, err
	}
	res := &Loaded{OK: true, Rows: []LoadRow{}}
	done := map[string]string{} // as it is written to as it is registered
	for i := range rows {
		out, err := m.loadRow(ctx, actor, &rows[i], done)
		if err != nil {
			f := fault.As(err)
			if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
				return nil, err
			}
			out.State, out.Fault, out.Says = "refused", f.Code, strings.TrimSuffix(f.Message, ".")
		}
		res.add(out)
	}
	m.stir()
	return res, nil
}

func (r *Loaded) add(x LoadRow) {
	switch x.State {
	case "added":
		r.Added++
	case "changed":
		r.Changed++
	case "refused":
		r.Refused++
		r.OK = false
	}
	if x.Meter != "" && x.State != "refused" {
		r.Bound++
	}
	r.Rows = append(r.Rows, x)
}

// loadRow registers the device of a line, once a list, and binds the channel of the line.
func (m *Module) loadRow(ctx context.Context, actor access.Actor, row *Row, done map[string]string) (out LoadRow, err error) {
	out = LoadRow{Line: row.line, ID: row.ID, State: "bound", Channel: row.Channel}
	var b *Binding
	if row.Account != "" || row.House != "" {
		if b, err = m.bindingOf(ctx, actor, row); err != nil {
			return out, err
		}
		out.Meter = cmp.Or(b.Serial, b.Service)
	}
	if done[row.ID] == "" {
		if done[row.ID], err = m.register(ctx, actor, row, &out); err != nil {
			return out, err
		}
	}
	if b == nil {
		return out, nil
	}
	return out, m.bind(ctx, actor, done[row.ID], b, row.From == "")
}

// register writes the device of a line and tells the name it is registered under.
func (m *Module) register(ctx context.Context, actor access.Actor, row *Row, out *LoadRow) (outsideID string, err error) {
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return "", err
	}
	err = m.write(ctx, func(tx *db.Tx) error {
		d, err := m.deviceOf(ctx, tx, row)
		if err != nil {
			return err
		}
		was, err := find(ctx, tx, "outside_id = $1", d.OutsideID)
		switch {
		case err == nil:
			d.follow(&was)
			out.State = "changed"
		case fault.Is(err, fault.NotFound):
			d.ID, d.CreatedAt, out.State = id, m.Now(), "added"
		default:
			return err
		}
		if err := m.revive(ctx, tx, &d); err != nil {
			return err
		}
		outsideID = d.OutsideID
		out.secrets(&d, &was, row)
		out.Topic = d.Base()
		if d == was {
			out.State = "same"
			return nil
		}
		if err := save(ctx, tx, &d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "device."+out.State, fmt.Sprintf("device:%d", d.ID), map[string]any{"profile": d.Profile, "owner": d.Owner})
	})
	return outsideID, err
}

// revive gives a device that was removed and comes back its old id: its history stays its own.
func (m *Module) revive(ctx context.Context, tx *db.Tx, d *Device) error {
	err := db.Fold(tx.QueryRowContext(ctx, "SELECT device_id FROM device WHERE outside_id = $1", d.OutsideID).Scan(&d.ID))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// follow takes over what a list does not tell: what was heard of the device, and what a resident calls it.
func (d *Device) follow(was *Device) {
	d.ID, d.CreatedAt, d.LastAt, d.Battery, d.BatteryLow = was.ID, was.CreatedAt, was.LastAt, was.Battery, was.BatteryLow
	d.Name, d.Place = cmp.Or(d.Name, was.Name), cmp.Or(d.Place, was.Place)
}

// secrets gives a device its secret and its code, and tells what must be told once.
func (out *LoadRow) secrets(d, was *Device, row *Row) {
	switch {
	case row.Secret == "-":
	case row.Secret != "":
		d.secret = digestOf(row.Secret)
	case was.secret != "":
		d.secret = was.secret
	default:
		out.Secret = newSecret()
		d.secret = digestOf(out.Secret)
	}
	switch {
	case row.Code == "" || row.Code == "new" && was.code != "":
		d.code = was.code
	case row.Code == "new":
		out.Code = newCode()
		d.code = digestOf(out.Code)
	default:
		d.code = digestOf(cleanCode(row.Code))
	}
}

// deviceOf reads the device of a line.
func (m *Module) deviceOf(ctx context.Context, tx *db.Tx, row *Row) (d Device, err error) {
	d = Device{OutsideID: strings.TrimSpace(row.ID), Profile: cmp.Or(row.Profile, "kvit"), Payload: row.Payload, Topic: row.Topic, Name: row.Name, Place: row.Place, Gateway: isYes(row.Gateway), Battery: -1}
	if d.OutsideID == "" || strings.ContainsAny(d.OutsideID, "/+# :") || len(d.OutsideID) > 100 {
		return d, invalid("device.id", "Номер прибора %q не годится: нужны знаки без пробелов, / + # и двоеточий.", row.ID).WithField("id")
	}
	all, err := m.inForce(ctx, tx)
	if err != nil {
		return d, err
	}
	p := profile.Find(all, d.Profile)
	if p == nil || p.Message == nil {
		return d, invalid("device.profile_unknown", "Профиля сообщений %s нет. Список: kvit devices profile list.", d.Profile).WithField("profile")
	}
	if d.Payload != "" && profile.Find(all, d.Payload) == nil {
		return d, invalid("device.profile_unknown", "Профиля прибора %s нет. Список: kvit devices profile list.", d.Payload).WithField("payload")
	}
	if p.Message.DeviceForm == "eui" && !d.Gateway {
		d.OutsideID = strings.ToLower(d.OutsideID)
	}
	if row.SilentDays != "" {
		if _, err := fmt.Sscan(row.SilentDays, &d.SilentDays); err != nil || d.SilentDays < 0 {
			return d, invalid("device.silent_days", "silent_days – число дней, а не %q.", row.SilentDays).WithField("silent_days")
		}
	}
	if row.Owner != "" {
		s, err := supplier.Find(ctx, tx, row.Owner)
		if err != nil {
			return d, invalid("device.owner", "Поставщика %s нет.", row.Owner).WithField("owner")
		}
		d.SupplierID, d.Owner = s.ID, s.Code
	}
	return d, nil
}

func isYes(s string) bool {
	return slices.Contains([]string{"1", "yes", "true", "да"}, strings.ToLower(s))
}

// bindingOf finds the meter that a line names and reads how the channel counts it.
func (m *Module) bindingOf(ctx context.Context, actor access.Actor, row *Row) (*Binding, error) {
	at, err := m.Readings.Locate(ctx, actor, reading.Entry{Supplier: row.Supplier, Account: row.Account, House: row.House, Meter: row.Meter, Service: row.Service, Zone: row.Zone, Date: row.From})
	if err != nil {
		return nil, err
	}
	b := bindingTo(at)
	b.Channel, b.From, b.Actor = row.Channel, m.Day(m.Now()), actor.String()
	for _, x := range []struct {
		text string
		on   *calendar.Date
	}{{row.From, &b.From}, {row.Until, &b.Until}} {
		if x.text == "" {
			continue
		}
		if *x.on, err = calendar.ParseDate(x.text); err != nil {
			return nil, invalid("device.date", "%q – не дата. Ожидается 2026-11-23.", x.text)
		}
	}
	return b, b.count(row)
}

// bindingTo begins a binding to a meter.
func bindingTo(at *reading.Located) *Binding {
	return &Binding{SupplierID: at.SupplierID, AccountID: at.AccountID, Supplier: at.Supplier, Number: at.Number, House: at.House, Serial: at.Serial, Service: at.Service, Zone: at.Zone, Measure: at.Measure, Scale: decimal.FromInt(1)}
}

// count reads unit, weight of a pulse, and how far the dial is from what the device counted.
func (b *Binding) count(row *Row) (err error) {
	if b.Unit, err = profile.ParseUnit(row.Unit); err != nil {
		return err
	}
	var count, dial decimal.Decimal
	for _, x := range []struct {
		name, text string
		to         *decimal.Decimal
	}{{"scale", row.Scale, &b.Scale}, {"count", row.Count, &count}, {"dial", row.Dial, &dial}, {"offset", row.Offset, &b.Offset}} {
		if x.text == "" {
			continue
		}
		if *x.to, err = decimal.Parse(x.text); err != nil {
			return invalid("device.number", "%s: %q – не число.", x.name, x.text).WithField(x.name)
		}
		if *x.to > profile.FigureMax || *x.to < -profile.FigureMax {
			return invalid("device.number", "%s: число больше, чем бывает на счётчике.", x.name).WithField(x.name)
		}
	}
	if b.Scale <= 0 {
		return invalid("device.scale", "Вес импульса scale должен быть больше нуля.").WithField("scale")
	}
	counted, err := profile.Dial(count, b.Scale, b.Unit, b.Measure)
	if row.Dial != "" {
		b.Offset = dial - counted
	}
	return err
}

// bind appends a binding unless it is known; one from no day given is known from whatever day it is.
func (m *Module) bind(ctx context.Context, actor access.Actor, outsideID string, b *Binding, anyDay bool) error {
	return m.write(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, "outside_id = $1", outsideID)
		if err != nil {
			return err
		}
		b.DeviceID = d.ID
		known, err := listBindings(ctx, tx, "device_id = $1 AND channel = $2", d.ID, b.Channel)
		if err != nil || slices.ContainsFunc(known, func(k Binding) bool { return b.same(k, anyDay) }) {
			return err
		}
		if err := record(ctx, tx, b, m.Now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "device.bound", fmt.Sprintf("device:%d", d.ID), map[string]any{"channel": b.Channel, "account": b.AccountID, "from": b.From.String()})
	})
}

// same tells whether another binding says the same.
func (b *Binding) same(other Binding, anyDay bool) bool {
	mine := *b
	mine.Actor = other.Actor
	if anyDay {
		mine.From = other.From
	}
	return mine == other
}
