package fact

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/decimal"
)

// readingColumns come by meter, day, zone and time: of one day and zone the row recorded last holds.
const readingColumns = `SELECT building_id, meter_id, on_day, zone, reading_id, value_e7, initial, accepted, control FROM charge_reading `

const readingOrder = ` ORDER BY building_id, meter_id, on_day, zone, recorded_at`

func (l *Loader) loadReadings(ctx context.Context, tx *db.Tx, where string, args ...any) error {
	return l.readings(ctx, tx, l.meters, where, args...)
}

// readings gives meters, sorted, the readings of a query.
func (l *Loader) readings(ctx context.Context, tx *db.Tx, meters []placedMeter, where string, args ...any) error {
	at, start := 0, len(l.page.readings)
	finish := func() {
		got, first := l.page.readings[start:len(l.page.readings):len(l.page.readings)], at
		for ; at < len(meters) && comparePlaced(meters[at], meters[first]) == 0; at++ { // a meter stands in every term of its service
			meters[at].meter.Readings = got
		}
		start = len(l.page.readings)
	}
	var day, zone int64
	err := tx.Scan(ctx, readingColumns+where+readingOrder, args, func(v []int64, _ []byte) error {
		for at < len(meters) && (meters[at].building < v[0] || meters[at].building == v[0] && meters[at].id < v[1]) {
			finish()
			day = 0
		}
		if at == len(meters) || meters[at].building != v[0] || meters[at].id != v[1] {
			return nil // of a meter that no subscription has
		}
		if n := len(l.page.readings); n > start && v[2] == day && v[3] == zone && l.page.readings[n-1].On == calendar.Date(day) && l.page.readings[n-1].Zone == calc.Zone(zone) {
			l.page.readings = l.page.readings[:n-1]
		}
		if day, zone = v[2], v[3]; v[7] != 0 {
			l.page.readings = append(l.page.readings, calc.Reading{On: calendar.Date(v[2]), Zone: calc.Zone(v[3]), Value: decimal.Decimal(v[5]), Ref: v[4], Initial: v[6] != 0, Control: v[8] != 0})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("load readings: %w", err)
	}
	for at < len(meters) {
		finish()
	}
	return nil
}

// loadHistories loads all readings of meters for which those of two months are not enough.
func (l *Loader) loadHistories(ctx context.Context, tx *db.Tx, book *calc.Book, at calendar.Micros) error {
	for i := range l.buildings {
		b := &l.buildings[i]
		var short []placedMeter
		for k := range b.Households {
			list := b.Households[k].Premises.Services
			for j := range list {
				if s := &list[j]; len(s.Meters) > 0 && !book.Enough(s) {
					for m := range s.Meters {
						short = append(short, placedMeter{b.ID, s.Meters[m].ID, &s.Meters[m]})
					}
				}
			}
		}
		if err := l.history(ctx, tx, b.ID, short, book.Month(), at); err != nil {
			return err
		}
	}
	return nil
}

// historyMetersMax is how many meters one query asks for.
const historyMetersMax = 500

func (l *Loader) history(ctx context.Context, tx *db.Tx, building int64, meters []placedMeter, month calendar.Month, at calendar.Micros) error {
	slices.SortFunc(meters, comparePlaced)
	return l.readingsOf(ctx, tx, building, meters, "AND on_day <= $2 AND recorded_at <= $3", int64(month.Last()), int64(at))
}

// readingsOf gives some meters of a building, sorted, their readings that fit a condition; its arguments go from $2.
func (l *Loader) readingsOf(ctx context.Context, tx *db.Tx, building int64, meters []placedMeter, and string, args ...any) error {
	for part := range slices.Chunk(meters, historyMetersMax) {
		ids, all := make([]int64, 0, len(part)), append([]any{building}, args...)
		for i := range part {
			ids = append(ids, part[i].id)
		}
		of := db.In("meter_id", ids, &all)
		if err := l.readings(ctx, tx, part, "WHERE building_id = $1 AND "+of+" "+and, all...); err != nil {
			return err
		}
	}
	return nil
}
