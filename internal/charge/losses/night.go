package losses

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
	"kvit/internal/housing"
	"kvit/internal/tariff"
)

// Hours of the night, when next to nobody draws water, and how much of them figures must span.
const (
	nightFrom, nightTo = 1 * time.Hour, 5 * time.Hour
	nightSlack         = 15 * time.Minute // a figure so near counts as of the hour
	nightSpan          = 3 * time.Hour
	nightsMin          = 3  // of a month, for a word about a leak
	leakPercent        = 50 // of the average flow of the whole month
)

// Night is what ran through a house's own meter at night in a month, by the figures its device tells.
type Night struct {
	Meter   string   `json:"meter"` // number on it
	Nights  int      `json:"nights"`
	Hour    Quantity `json:"hour"`    // the median night, for an hour
	Average Quantity `json:"average"` // the whole month, for an hour
	Percent string   `json:"percent"` // of the one in the other
	Leaks   bool     `json:"leaks"`   // at night nearly as much runs as by day
}

// leak says what a night without rest means.
func (n *Night) leak(unit string) []Anomaly {
	if !n.Leaks {
		return nil
	}
	return []Anomaly{{Code: "night_flow", Says: say("Ночью, с 1 до 5 часов, через счётчик № %s идёт %s в час: почти как днём. Похоже на утечку.", n.Meter, with(n.Hour, unit))}}
}

// Words tell the night to people.
func (n *Night) Words(unit string) string {
	return say("Ночью, с 1 до 5 часов, через счётчик № %s идёт %s в час, в среднем за месяц %s (ночей: %d).", n.Meter, with(n.Hour, unit), with(n.Average, unit), n.Nights)
}

// told is a figure of a dial at a moment.
type told struct {
	at   time.Time
	dial decimal.Decimal
}

// nights looks at the nights of the house's own meters of one register, by resource.
func (w *work) nights(ctx context.Context, house *housing.Building) (map[string][]Night, error) {
	set, err := fact.GatherMeters(ctx, w.tx, house.ID, &fact.Scope{House: true}, maxMoment)
	if err != nil || len(set.Meters) == 0 || w.m.Zone == nil {
		return nil, err
	}
	figures, err := w.figures(ctx, house.Code)
	if err != nil {
		return nil, err
	}
	nights := map[string][]Night{}
	for i := range set.Meters {
		m := &set.Meters[i]
		list := figures[[2]string{m.Service, m.Serial}]
		if n, ok := nightOf(list, cmp.Or(m.Factor, decimal.FromInt(1)), w.m.Zone); ok && m.Registers < 2 {
			n.Meter, n.Leaks = m.Serial, n.Leaks && w.res.info[m.Service].Unit == tariff.CubicMetre
			nights[m.Service] = append(nights[m.Service], n)
		}
	}
	return nights, nil
}

// figures are what devices told of the house's own meters in the month, by service and number.
func (w *work) figures(ctx context.Context, code string) (map[[2]string][]told, error) {
	from, to := w.month.First().Time(w.m.Zone), w.month.Add(1).First().Time(w.m.Zone)
	rows, err := w.tx.QueryContext(ctx, `SELECT DISTINCT service, serial, measured_at, dial_e7 FROM v_house_figure WHERE house = $1 AND measured_at >= $2 AND measured_at < $3
		ORDER BY service, serial, measured_at`, code, from.UnixMicro(), to.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("figures of devices of house %s: %w", code, err)
	}
	defer rows.Close()
	list := map[[2]string][]told{}
	for rows.Next() {
		var k [2]string
		var at calendar.Micros
		var t told
		if err := rows.Scan(&k[0], &k[1], &at, &t.dial); err != nil {
			return nil, err
		}
		t.at = at.Time().In(w.m.Zone)
		list[k] = append(list[k], t)
	}
	return list, rows.Err()
}

// nightOf counts the nights of figures by their moments; false where no night is known.
func nightOf(list []told, factor decimal.Decimal, zone *time.Location) (n Night, ok bool) {
	byNight := map[time.Time][]told{}
	for _, t := range list {
		y, m, d := t.at.Date()
		midnight := time.Date(y, m, d, 0, 0, 0, 0, zone)
		if since := t.at.Sub(midnight); since >= nightFrom-nightSlack && since <= nightTo+nightSlack {
			byNight[midnight] = append(byNight[midnight], t)
		}
	}
	var flows []Quantity
	for _, night := range byNight {
		if flow, ok := flowOf(night, factor); ok {
			flows = append(flows, flow)
		}
	}
	average, whole := flowOf(list, factor)
	if len(flows) == 0 || !whole {
		return n, false
	}
	n = Night{Nights: len(flows), Hour: median(flows), Average: average}
	if average > 0 {
		n.Percent = percent(n.Hour.Dec(), average.Dec())
		n.Leaks = len(flows) >= nightsMin && n.Hour*100 >= average*leakPercent
	}
	return n, true
}

// flowOf is what ran in an hour between the first and the last of figures by time; false where they are too near.
func flowOf(list []told, factor decimal.Decimal) (Quantity, bool) {
	if len(list) < 2 {
		return 0, false
	}
	first, last := slices.MinFunc(list, byTime), slices.MaxFunc(list, byTime)
	minutes := int64(last.at.Sub(first.at) / time.Minute)
	if last.at.Sub(first.at) < nightSpan || last.dial < first.dial {
		return 0, false
	}
	return Quantity((last.dial - first.dial).Exact().Times(factor).TimesInt(60).OverInt(minutes).Decimal()), true
}

func byTime(a, b told) int { return a.at.Compare(b.at) }
