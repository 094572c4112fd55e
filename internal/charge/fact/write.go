package fact

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
)

func ints(names ...string) (list []db.Column) {
	for _, n := range names {
		list = append(list, db.Column{Name: n, Kind: db.Int8})
	}
	return list
}

func as(kind db.Kind, names ...string) (list []db.Column) {
	for _, n := range names {
		list = append(list, db.Column{Name: n, Kind: kind})
	}
	return list
}

func columns(parts ...[]db.Column) (list []db.Column) {
	for _, p := range parts {
		list = append(list, p...)
	}
	return list
}

// Writer collects facts of buildings and writes them in bulk; its memory is used again.
type Writer struct {
	house, resource, premises, stay, subscription, meter, reading, volume, measured, rare, touch *db.Bulk
	buildings                                                                                    []int64
}

// NewWriter makes an empty writer.
func NewWriter() *Writer {
	return &Writer{
		house: db.NewBulk("charge_house", columns(ints("building_id"), as(db.Int4, "valid_from"), ints("recorded_at"), as(db.Text, "source"),
			ints("area_e7", "own_heat_e7", "common_area_e7"), as(db.Int4, "persons"), as(db.Bool, "heat_even"), as(db.Int4, "heat_months"), as(db.Bool, "private", "direct"))...),
		resource: db.NewBulk("charge_resource", columns(ints("building_id"), as(db.Text, "service"), as(db.Int4, "month"), ints("recorded_at"), as(db.Text, "source", "body"))...),
		premises: db.NewBulk("charge_premises", columns(ints("building_id", "household_id", "recorded_at"), as(db.Text, "source"), ints("area_e7", "heated_e7"),
			as(db.Int4, "rooms"), as(db.Bool, "own_heat"), as(db.Int4, "flat_persons"), ints("living_area_e7", "flat_living_e7"))...),
		stay: db.NewBulk("charge_stay", columns(ints("building_id", "household_id", "stay_id", "recorded_at"), as(db.Text, "source", "kind"),
			as(db.Int4, "persons", "valid_from", "valid_to"))...),
		subscription: db.NewBulk("charge_subscription", columns(ints("building_id", "account_id"), as(db.Text, "service"), as(db.Int4, "valid_from"), ints("recorded_at"),
			as(db.Text, "source"), ints("household_id", "supplier_id", "service_id"), as(db.Text, "category"), as(db.Int4, "valid_to"), as(db.Text, "mode"),
			as(db.Bool, "meter_possible", "included"), ints("quantity_e7", "share_e7", "part_num", "part_den", "flat_rest_e7"))...),
		meter: db.NewBulk("charge_meter", columns(ints("building_id", "meter_id", "recorded_at"), as(db.Text, "source"), ints("account_id"), as(db.Text, "service"),
			as(db.Int4, "valid_from", "valid_to"), as(db.Int2, "digits", "registers"), as(db.Int4, "verified_to", "failed_on"), ints("gas_e7"), as(db.Text, "serial"), ints("factor_e7"))...),
		reading: db.NewBulk("charge_reading", columns(ints("building_id", "meter_id"), as(db.Int4, "on_day"), as(db.Int2, "zone"), ints("recorded_at", "reading_id", "value_e7"),
			as(db.Bool, "initial", "accepted", "control"), as(db.Text, "source"))...),
		volume: db.NewBulk("charge_volume", columns(ints("building_id", "account_id"), as(db.Text, "service"), as(db.Int4, "month"), as(db.Int2, "zone"),
			ints("recorded_at", "volume_e7"), as(db.Bool, "accepted"), as(db.Text, "source"))...),
		measured: db.NewBulk("charge_measured", columns(ints("building_id"), as(db.Text, "service"), as(db.Int4, "month"), ints("recorded_at"), as(db.Text, "source"),
			ints("volume_e7"), as(db.Text, "gap"), as(db.Int4, "missing"))...),
		rare: db.NewBulk("charge_fact", columns(ints("building_id", "fact_id", "recorded_at"), as(db.Text, "source"), ints("household_id", "account_id"),
			as(db.Text, "service", "kind"), as(db.Int4, "valid_from"), as(db.Text, "body"))...),
		touch: db.NewBulk("charge_touch", columns(ints("building_id", "recorded_at"), as(db.Int4, "from_day"))...),
	}
}

func (w *Writer) bulks() []*db.Bulk {
	return []*db.Bulk{w.house, w.resource, w.premises, w.stay, w.subscription, w.meter, w.reading, w.volume, w.measured, w.rare, w.touch}
}

// Reset empties the writer.
func (w *Writer) Reset() {
	for _, b := range w.bulks() {
		b.Reset()
	}
	w.buildings = w.buildings[:0]
}

// Add takes the facts of a building, all recorded at one moment.
func (w *Writer) Add(s *Set, at calendar.Micros) error {
	from := calendar.Date(0)
	about := func(d calendar.Date) {
		if from == 0 || d < from {
			from = max(d, 1)
		}
	}
	if s.Since != 0 {
		about(s.Since)
	}
	for i := range s.Houses {
		about(s.Houses[i].From)
		w.addHouse(s.Building, &s.Houses[i], at)
	}
	for i := range s.Resources {
		about(s.Resources[i].Month.First())
		if err := w.addResource(s.Building, &s.Resources[i], at); err != nil {
			return err
		}
	}
	for i := range s.Premises {
		about(1)
		w.addPremises(s.Building, &s.Premises[i], at)
	}
	for i := range s.Stays {
		about(s.Stays[i].From)
		w.addStay(s.Building, &s.Stays[i], at)
	}
	for i := range s.Subscriptions {
		about(s.Subscriptions[i].From)
		w.addSubscription(s.Building, &s.Subscriptions[i], at)
	}
	for i := range s.Meters {
		about(s.Meters[i].From)
		w.addMeter(s.Building, &s.Meters[i], at)
	}
	for i := range s.Readings {
		about(s.Readings[i].On)
		w.addReading(s.Building, &s.Readings[i], at)
	}
	for i := range s.Volumes {
		about(s.Volumes[i].Month.First())
		w.addVolume(s.Building, &s.Volumes[i], at)
	}
	for i := range s.Measured {
		about(s.Measured[i].Month.First())
		w.addMeasured(s.Building, &s.Measured[i], at)
	}
	for i := range s.Rare {
		about(s.Rare[i].From)
		w.addRare(s.Building, &s.Rare[i], at)
	}
	if from != 0 {
		w.touch.Int(s.Building)
		w.touch.Int(int64(at))
		w.touch.Int(int64(from))
	}
	if static := len(s.Houses) + len(s.Resources) + len(s.Premises) + len(s.Stays) + len(s.Subscriptions) + len(s.Meters) + len(s.Measured) + len(s.Rare); static > 0 {
		w.buildings = append(w.buildings, s.Building) // readings and volumes are no part of a sheet
	}
	return nil
}

func (w *Writer) addHouse(building int64, h *House, at calendar.Micros) {
	b := w.house
	b.Int(building)
	b.Int(int64(h.From))
	b.Int(int64(at))
	b.Text(h.Source)
	b.Int(int64(h.Area))
	b.Int(int64(h.OwnHeat))
	b.Int(int64(h.CommonArea))
	b.Int(int64(h.Persons))
	var mode calc.HeatingMode // each row of a house has one: the next row begins another
	if len(h.Heating) > 0 {
		mode = h.Heating[0]
	}
	b.Bool(mode.Even)
	mask := int64(0)
	for _, m := range mode.SeasonMonths {
		mask |= 1 << m
	}
	b.Int(mask)
	b.Bool(h.Private)
	b.Bool(h.Direct)
}

func (w *Writer) addResource(building int64, r *Resource, at calendar.Micros) error {
	body, err := json.Marshal(r.Resource)
	if err != nil {
		return fmt.Errorf("resource %s: %w", r.Service, err)
	}
	if r.Gone {
		body = nil
	}
	b := w.resource
	b.Int(building)
	b.Text(r.Service)
	b.Int(int64(r.Month))
	b.Int(int64(at))
	b.Text(r.Source)
	b.Text(string(body))
	return nil
}

func (w *Writer) addPremises(building int64, p *Premises, at calendar.Micros) {
	b := w.premises
	b.Int(building)
	b.Int(p.Household)
	b.Int(int64(at))
	b.Text(p.Source)
	b.Int(int64(p.Area))
	b.Int(int64(p.Heated))
	b.Int(int64(p.Rooms))
	b.Bool(p.OwnHeat)
	b.Int(int64(p.Communal.FlatPersons))
	b.Int(int64(p.Communal.LivingArea))
	b.Int(int64(p.Communal.FlatLiving))
}

func (w *Writer) addStay(building int64, s *Stay, at calendar.Micros) {
	b := w.stay
	b.Int(building)
	b.Int(s.Household)
	b.Int(s.ID)
	b.Int(int64(at))
	b.Text(s.Source)
	b.Text(s.Kind)
	b.Int(int64(s.Persons))
	b.Int(int64(s.From))
	b.Int(int64(s.Until))
}

func (w *Writer) addSubscription(building int64, s *Subscription, at calendar.Micros) {
	b := w.subscription
	b.Int(building)
	b.Int(s.AccountID)
	b.Text(s.Service)
	b.Int(int64(s.From))
	b.Int(int64(at))
	b.Text(s.Source)
	b.Int(s.Household)
	b.Int(s.SupplierID)
	b.Int(s.ServiceID)
	b.Text(s.Category)
	b.Int(int64(s.Until))
	b.Text(s.Mode)
	b.Bool(s.MeterOK)
	b.Bool(s.Included)
	b.Int(int64(s.Quantity))
	b.Int(int64(s.Share))
	b.Int(s.Part.Num)
	b.Int(s.Part.Den)
	b.Int(int64(s.FlatRest))
}

func (w *Writer) addMeter(building int64, m *Meter, at calendar.Micros) {
	b := w.meter
	b.Int(building)
	b.Int(m.ID)
	b.Int(int64(at))
	b.Text(m.Source)
	b.Int(m.AccountID)
	b.Text(m.Service)
	b.Int(int64(m.From))
	b.Int(int64(m.Until))
	b.Int(int64(m.Digits))
	b.Int(int64(m.Registers))
	b.Int(int64(m.VerifiedBy))
	b.Int(int64(m.FailedOn))
	b.Int(int64(m.GasFactor))
	b.Text(m.Serial)
	b.Int(int64(m.Factor))
}

func (w *Writer) addReading(building int64, r *Reading, at calendar.Micros) {
	b := w.reading
	b.Int(building)
	b.Int(r.MeterID)
	b.Int(int64(r.On))
	b.Int(int64(r.Zone))
	b.Int(int64(at))
	b.Int(r.ID)
	b.Int(int64(r.Value))
	b.Bool(r.Initial)
	b.Bool(r.Accepted)
	b.Bool(r.Control)
	b.Text(r.Source)
}

func (w *Writer) addVolume(building int64, v *Volume, at calendar.Micros) {
	b := w.volume
	b.Int(building)
	b.Int(v.AccountID)
	b.Text(v.Service)
	b.Int(int64(v.Month))
	b.Int(int64(v.Zone))
	b.Int(int64(at))
	b.Int(int64(v.Value))
	b.Bool(v.Accepted)
	b.Text(v.Source)
}

func (w *Writer) addRare(building int64, r *Rare, at calendar.Micros) {
	b := w.rare
	b.Int(building)
	b.Int(r.ID)
	b.Int(int64(at))
	b.Text(r.Source)
	b.Int(r.Household)
	b.Int(r.AccountID)
	b.Text(r.Service)
	b.Text(r.Kind)
	b.Int(int64(r.From))
	b.Text(r.Body)
}

// Write appends the facts and makes the sheets of their buildings stale. The version row of each building is locked
// until the end of the transaction: facts of one building are recorded one after another.
func (w *Writer) Write(ctx context.Context, tx *db.Tx) error {
	for _, building := range w.buildings {
		if _, err := tx.ExecContext(ctx, `INSERT INTO charge_sheet (building_id, version, known_at, households, body) VALUES ($1, 1, 0, 0, $2)
			ON CONFLICT (building_id) DO UPDATE SET version = charge_sheet.version + 1, body = excluded.body`, building, []byte{}); err != nil {
			return fmt.Errorf("write facts: %w", err)
		}
	}
	for _, b := range w.bulks() {
		if err := tx.Load(ctx, b); err != nil {
			return fmt.Errorf("write facts: %w", err)
		}
	}
	return nil
}
