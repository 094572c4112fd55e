package fact

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/decimal"
)

// Gap is why a house's own meters did not measure the whole of a month.
type Gap string

// Gaps.
const (
	Whole      Gap = ""           // they did
	Unread     Gap = "unread"     // no reading closes the month yet
	Failed     Gap = "failed"     // one is out of order
	Unverified Gap = "unverified" // the verification of one has ended
	gone       Gap = "gone"       // nothing is known any more: the row withdraws the one before
)

// Measured is what a house's own meters measured of a service in a month, worked out of their readings (package meter).
type Measured struct {
	Head
	Service string
	Month   calendar.Month
	Volume  decimal.Decimal // in the unit of the service
	Gap     Gap
	Missing int // which month in a row has a gap
}

// Withdrawn is the row that takes a measured month back.
func (m Measured) Withdrawn() Measured {
	m.Gap, m.Volume, m.Missing = gone, 0, 0
	return m
}

// HouseMeterID is the lasting id of a house's own meter.
func HouseMeterID(building int64, service, serial string) int64 {
	return Key("house meter", building, service, serial)
}

const measuredColumns = `SELECT building_id, service, month, recorded_at, source, volume_e7, gap, missing FROM charge_measured `

// measuredRow is a row with its building.
type measuredRow struct {
	building int64
	Measured
}

func (m *measuredRow) scan(rows *sql.Rows) error {
	return rows.Scan(&m.building, &m.Service, &m.Month, &m.RecordedAt, &m.Source, &m.Volume, &m.Gap, &m.Missing)
}

func gatherMeasured(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) error {
	err := each(ctx, tx, s, at, measuredColumns+`WHERE building_id = $1 AND recorded_at <= $2 ORDER BY service, month, recorded_at`, func(rows *sql.Rows) error {
		var m measuredRow
		if err := m.scan(rows); err != nil {
			return err
		}
		s.Measured = latest(s.Measured, m.Measured, func(a, b *Measured) bool { return a.Service == b.Service && a.Month == b.Month })
		return nil
	})
	s.Measured = without(s.Measured, func(m *Measured) bool { return m.Gap == gone })
	return err
}

// listMeasured gives what the meters of buildings first … last measured in months, as known now.
func listMeasured(ctx context.Context, tx *db.Tx, first, last int64, from, to calendar.Month) (list []measuredRow, err error) {
	rows, err := tx.QueryContext(ctx, measuredColumns+`m WHERE building_id BETWEEN $1 AND $2 AND month BETWEEN $3 AND $4 AND NOT EXISTS (SELECT 1 FROM charge_measured n
		WHERE n.building_id = m.building_id AND n.service = m.service AND n.month = m.month AND n.recorded_at > m.recorded_at) ORDER BY building_id, service, month`,
		first, last, int64(from), int64(to))
	if err != nil {
		return nil, fmt.Errorf("measured use of buildings %d to %d: %w", first, last, err)
	}
	defer rows.Close()
	for rows.Next() {
		var m measuredRow
		if err := m.scan(rows); err != nil {
			return nil, err
		}
		if m.Gap != gone {
			list = append(list, m)
		}
	}
	return list, rows.Err()
}

// ListMeasured gives what the meters of a building measured, as it was known at a moment, by service and month.
func ListMeasured(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) ([]Measured, error) {
	s := &Set{Building: building}
	err := gatherMeasured(ctx, tx, s, at)
	return s.Measured, err
}

// ListMeasuredBuildings gives the buildings that have or had meters of their own, by id.
func ListMeasuredBuildings(ctx context.Context, tx *db.Tx) (list []int64, err error) {
	err = tx.Scan(ctx, "SELECT DISTINCT building_id FROM charge_meter WHERE account_id = 0 ORDER BY building_id", nil, func(v []int64, _ []byte) error {
		list = append(list, v[0])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("buildings with meters of their own: %w", err)
	}
	return list, nil
}

// ListMeasuredUntil gives the last month measured of each building that has one, withdrawn months too.
func ListMeasuredUntil(ctx context.Context, tx *db.Tx) (map[int64]calendar.Month, error) {
	last := map[int64]calendar.Month{}
	err := tx.Scan(ctx, "SELECT building_id, max(month) FROM charge_measured GROUP BY building_id ORDER BY building_id", nil, func(v []int64, _ []byte) error {
		last[v[0]] = calendar.Month(v[1])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("months measured: %w", err)
	}
	return last, nil
}

// HouseSerial is the number on a house's own meter.
type HouseSerial struct {
	Building int64
	Serial   string
}

// ListHouseSerials gives the numbers of the own meters of all houses.
func ListHouseSerials(ctx context.Context, tx *db.Tx) (list []HouseSerial, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT DISTINCT building_id, serial FROM charge_meter WHERE account_id = 0 AND service <> ''")
	if err != nil {
		return nil, fmt.Errorf("numbers of meters of houses: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s HouseSerial
		if err := rows.Scan(&s.Building, &s.Serial); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// Uses is what the house used of each service and month: as told, with what its own meters measured over it.
func (s *Set) Uses() []Resource {
	if len(s.Measured) == 0 {
		return s.Resources
	}
	list := slices.Clone(s.Resources)
	for i := range s.Measured {
		m := &s.Measured[i]
		at := slices.IndexFunc(list, func(r Resource) bool { return r.Service == m.Service && r.Month == m.Month })
		if at < 0 {
			at = len(list)
			list = append(list, standing(s.Resources, m))
		}
		m.over(&list[at])
	}
	slices.SortFunc(list, func(a, b Resource) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Month, b.Month))
	})
	return list
}

// standing begins the use of a month nobody told anything of: what a house decided once holds until it decides again.
func standing(told []Resource, m *Measured) Resource {
	var last *Resource
	for i := range told {
		if r := &told[i]; r.Service == m.Service && r.Month < m.Month && (last == nil || r.Month > last.Month) {
			last = r
		}
	}
	r := Resource{Service: m.Service}
	if last != nil {
		r.Resource = calc.Resource{Method: last.Method, Chosen: last.Chosen, Actual: last.Actual, CommonArea: last.CommonArea, AverageCommon: last.AverageCommon}
	}
	r.Month = m.Month
	return r
}

// over puts what the meters measured over what was told. Where they did not measure the month a told volume holds; with
// neither the house meter counts as out of order (п. 59(1)).
func (m *Measured) over(r *Resource) {
	if r.RecordedAt == 0 {
		r.Head = m.Head
	}
	switch r.Gap = m.Gap; {
	case m.Gap == Whole:
		if r.HasMeter {
			r.Told = r.Volume
		}
		r.HasMeter, r.Volume, r.MetersMissing, r.Head = true, m.Volume, 0, m.Head
		if !r.Chosen && r.Method == calc.CommonNormative { // as a volume that is told
			r.Method = calc.CommonActual
		}
	case !r.HasMeter && r.MetersMissing == 0 && (!r.Chosen || r.Method == calc.CommonActual):
		r.MetersMissing = m.Missing
	}
}

func (w *Writer) addMeasured(building int64, m *Measured, at calendar.Micros) {
	b := w.measured
	b.Int(building)
	b.Text(m.Service)
	b.Int(int64(m.Month))
	b.Int(int64(at))
	b.Text(m.Source)
	b.Int(int64(m.Volume))
	b.Text(string(m.Gap))
	b.Int(int64(m.Missing))
}
