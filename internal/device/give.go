package device

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/device/profile"
	"kvit/internal/fault"
	"kvit/internal/reading"
)

// figuresMax is how many figures are given at once.
const figuresMax = 2000

// program gives readings of devices: whose they are is decided by their bindings.
var program = access.Actor{Role: access.System, Name: "device"}

// pending is a figure that has not been looked at yet.
type pending struct {
	device   int64
	outside  string
	channel  string
	measured calendar.Micros
	on       calendar.Date
	value    decimal.Decimal
	unit     string
	first    calendar.Micros // the earliest of its day that may be its reading

	dial   decimal.Decimal
	state  string
	reason string
	source string
}

// give makes readings of new figures: of a channel and day the earliest one.
func (m *Module) give(ctx context.Context) error {
	for {
		list, bound, err := m.pendingFigures(ctx)
		if err != nil || len(list) == 0 {
			return err
		}
		entries := make([]reading.Entry, 0, len(list))
		var chosen, rest []*pending
		for i := range list {
			p := &list[i]
			b := bound.of(p)
			if !p.choose(b) {
				rest = append(rest, p)
				continue
			}
			chosen = append(chosen, p)
			entries = append(entries, p.entry(b, len(chosen)))
		}
		if err := m.settle(ctx, rest); err != nil {
			return err
		}
		if err := m.giveEntries(ctx, entries, chosen); err != nil {
			return err
		}
	}
}

// giveEntries gives readings; each figure is settled in the transaction of its reading.
func (m *Module) giveEntries(ctx context.Context, entries []reading.Entry, chosen []*pending) error {
	if len(entries) == 0 {
		return nil
	}
	load := reading.Load{Origin: reading.Origin{Channel: reading.Device}, Every: true, Entries: func(emit func(reading.Entry) error) error {
		for _, e := range entries {
			if err := emit(e); err != nil {
				return err
			}
		}
		return nil
	}}
	settled := map[int]bool{}
	load.Judged = func(ctx context.Context, tx *db.Tx, verdicts []reading.Judged) error {
		for i := range verdicts {
			p := chosen[verdicts[i].Line-1]
			p.judge(&verdicts[i])
			if err := p.settle(ctx, tx); err != nil {
				return err
			}
			settled[verdicts[i].Line] = true
		}
		return nil
	}
	report, err := m.Readings.Load(ctx, program, load)
	if err != nil {
		return fmt.Errorf("readings of devices: %w", err)
	}
	var rest []*pending
	for i := range report.Lines {
		if v := &report.Lines[i]; !settled[v.Line] { // of an account that is not there any more
			p := chosen[v.Line-1]
			p.judge(v)
			rest = append(rest, p)
		}
	}
	return m.settle(ctx, rest)
}

// judge takes over what became of the reading.
func (p *pending) judge(v *reading.Judged) {
	p.state, p.reason, p.source = string(v.State), strings.TrimSuffix(v.Says, "."), ""
	if v.Receipt != "" {
		p.source = (&reading.Origin{Channel: reading.Device, Author: p.outside}).Source(v.Receipt)
	}
}

// choose tells whether a figure is to be its day's reading; else what it is.
func (p *pending) choose(b *Binding) bool {
	if b == nil {
		p.state, p.reason = FigureUnbound, "Канал "+p.channel+" не привязан к счётчику"
		return false
	}
	unit := p.unit
	if unit == "" {
		unit = b.Unit
	}
	counted, err := profile.Dial(p.value, b.Scale, unit, b.Measure)
	p.dial = counted + b.Offset
	switch {
	case err != nil:
		p.state, p.reason, p.dial = string(reading.Refused), strings.TrimSuffix(fault.As(err).Message, "."), 0
	case p.first < p.measured:
		p.state = figureThinned
	default:
		return true
	}
	return false
}

func (p *pending) entry(b *Binding, line int) reading.Entry {
	return reading.Entry{
		Supplier: b.Supplier, Account: b.Number, House: b.House, Meter: b.Serial, Service: b.Service, Zone: b.Zone, Value: reading.Text(p.dial.String()), Date: p.on.String(), By: p.outside, Line: line,
	}
}

// settle notes what became of a figure.
func (p *pending) settle(ctx context.Context, tx *db.Tx) error {
	_, err := tx.ExecContext(ctx, "UPDATE device_figure SET state = $4, reason = $5, source = $6, dial_e7 = $7 WHERE device_id = $1 AND channel = $2 AND measured_at = $3",
		p.device, p.channel, int64(p.measured), p.state, p.reason, p.source, int64(p.dial))
	return err
}

func (m *Module) settle(ctx context.Context, list []*pending) error {
	if len(list) == 0 {
		return nil
	}
	return m.write(ctx, func(tx *db.Tx) error {
		for _, p := range list {
			if err := p.settle(ctx, tx); err != nil {
				return fmt.Errorf("settle figures: %w", err)
			}
		}
		return nil
	})
}

// bindings are those of the devices of a batch.
type bindings map[int64][]Binding

// of is the binding of a figure: of its channel, or the one that takes any; a figure told with the number of a meter goes
// to the binding of that meter.
func (all bindings) of(p *pending) *Binding {
	name := p.channel
	serial, bare, named := strings.Cut(p.channel, "/")
	var loose *Binding
	for i := range all[p.device] {
		b := &all[p.device][i]
		switch {
		case p.on < b.From || b.Until != 0 && p.on > b.Until:
		case b.Channel == name:
			return b
		case named && b.Channel == bare && strings.EqualFold(b.Serial, serial), b.Channel == "":
			loose = b
		}
	}
	return loose
}

func (m *Module) pendingFigures(ctx context.Context) (list []pending, bound bindings, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, bound = nil, bindings{}
		rows, err := tx.QueryContext(ctx, `SELECT f.device_id, d.outside_id, f.channel, f.measured_at, f.on_day, f.value_e7, f.unit,
				coalesce((SELECT min(o.measured_at) FROM device_figure o WHERE o.device_id = f.device_id AND o.channel = f.channel AND o.on_day = f.on_day AND o.state NOT IN ('asked', 'refused', 'unbound')), f.measured_at)
			FROM device_figure f JOIN device d ON d.device_id = f.device_id WHERE f.state = 'new' ORDER BY f.device_id, f.channel, f.measured_at LIMIT $1`, figuresMax)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var p pending
			if err := rows.Scan(&p.device, &p.outside, &p.channel, &p.measured, &p.on, &p.value, &p.unit, &p.first); err != nil {
				return err
			}
			list = append(list, p)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return bound.load(ctx, tx, list)
	})
	return list, bound, err
}

// bindingsMax is how many devices one statement asks about.
const bindingsMax = 500

func (all bindings) load(ctx context.Context, tx *db.Tx, list []pending) error {
	var ids []int64
	for i := range list {
		if n := len(ids); n == 0 || ids[n-1] != list[i].device { // by device
			ids = append(ids, list[i].device)
		}
	}
	for chunk := range slices.Chunk(ids, bindingsMax) {
		var args []any
		where := db.In("device_id", chunk, &args)
		found, err := listBindings(ctx, tx, where, args...)
		if err != nil {
			return err
		}
		for _, b := range found {
			all[b.DeviceID] = append(all[b.DeviceID], b)
		}
	}
	return nil
}
