package meter

import (
	"fmt"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
)

// shown is a figure of a dial: «2026-10-31 night 60.5», «2026-10-15 initial 0».
func shown(t *testing.T, text string) (r calc.Reading) {
	f := strings.Fields(text)
	var err error
	if r.On, err = calendar.ParseDate(f[0]); err != nil {
		t.Fatal(err)
	}
	if r.Value, err = decimal.Parse(f[len(f)-1]); err != nil {
		t.Fatal(err)
	}
	for _, word := range f[1 : len(f)-1] {
		switch word {
		case "initial":
			r.Initial = true
		case "control":
			r.Control = true
		default:
			r.Zone = calc.ZoneOf(word)
		}
	}
	return r
}

// device makes a meter of what it showed.
func device(t *testing.T, id int64, factor string, readings ...string) gauge {
	m := gauge{Meter: calc.Meter{ID: id}, serial: fmt.Sprint(id), zones: []calc.Zone{calc.AllDay}}
	var err error
	if m.factor, err = decimal.Parse(factor); err != nil {
		t.Fatal(err)
	}
	for _, text := range readings {
		r := shown(t, text)
		if r.Zone != calc.AllDay {
			m.zones = []calc.Zone{calc.Day, calc.Night}
		}
		m.Readings = append(m.Readings, r)
	}
	return m
}

// with changes a meter.
func (m gauge) with(change func(*gauge)) gauge {
	change(&m)
	return m
}

func from(day calendar.Date) func(*gauge) { return func(m *gauge) { m.From = day } }

func until(day calendar.Date) func(*gauge) { return func(m *gauge) { m.Until = day } }

// TestWhatHousesMeasure holds the months of house meters against figures worked out by hand.
func TestWhatHousesMeasure(t *testing.T) {
	d := calendar.NewDate
	for _, c := range []struct {
		name    string
		cutoff  int
		expired bool
		until   calendar.Month
		meters  []gauge
		want    string // month volume, or gap and which month in a row
	}{
		{"вода до 25-го: 1310,5 − 1000", 25, false, 202610, []gauge{device(t, 1, "1", "2026-09-25 1000", "2026-10-24 1310.5")}, "2026-10 310.5"},
		{"срок 25-е, читают в последний день", 25, false, 202610, []gauge{device(t, 1, "1", "2026-09-30 1000", "2026-10-31 1310.5")}, "2026-10 310.5"},
		{"зоны и трансформаторы: (30,25 + 10,5) × 40", 0, false, 202610, []gauge{device(t, 1, "40", "2026-09-30 day 100", "2026-09-30 night 50", "2026-10-31 day 130.25", "2026-10-31 night 60.5")}, "2026-10 1630"},
		{"замена внутри месяца: 200 + 180", 0, false, 202610, []gauge{
			device(t, 1, "1", "2026-09-30 1000", "2026-10-15 control 1200").with(until(d(2026, 10, 15))),
			device(t, 2, "1", "2026-10-15 initial 0", "2026-10-31 180").with(from(d(2026, 10, 15))),
		}, "2026-10 380"},
		{"замена, новый ещё не читали", 0, false, 202610, []gauge{
			device(t, 1, "1", "2026-09-30 1000", "2026-10-15 control 1200").with(until(d(2026, 10, 15))),
			device(t, 2, "1", "2026-10-15 initial 0").with(from(d(2026, 10, 15))),
		}, "2026-10 unread 1"},
		{"сентябрь не читали: 610 на 30 и 31 день", 0, false, 202610, []gauge{device(t, 1, "1", "2026-08-31 1000", "2026-10-31 1610")}, "2026-09 300, 2026-10 310"},
		{"не читают третий месяц", 0, false, 202611, []gauge{device(t, 1, "1", "2026-07-31 900", "2026-08-31 1000")}, "2026-08 100, 2026-09 unread 1, 2026-10 unread 2, 2026-11 unread 3"},
		{"показания на 1-е число", 0, false, 202610, []gauge{device(t, 1, "1", "2026-10-01 500", "2026-11-01 560")}, "2026-10 60"},
		{"каждый день: последний день месяца", 0, false, 202610, []gauge{device(t, 1, "1", "2026-09-29 98", "2026-09-30 100", "2026-10-01 101", "2026-10-30 128", "2026-10-31 130", "2026-11-01 131")}, "2026-10 30"},
		{"подача 300 − обратка 200", 0, false, 202610, []gauge{device(t, 1, "1", "2026-09-30 100", "2026-10-31 400"), device(t, 2, "-1", "2026-09-30 50", "2026-10-31 250")}, "2026-10 100"},
		{"два ввода, один не прочитан", 0, false, 202610, []gauge{device(t, 1, "1", "2026-09-30 100", "2026-10-31 400"), device(t, 2, "1", "2026-09-30 50")}, "2026-10 unread 1"},
		{"гигаджоули: 100 × 0,2388459", 0, false, 202610, []gauge{device(t, 1, "0.2388459", "2026-09-30 100", "2026-10-31 200")}, "2026-10 23.88459"},
		{"переход через ноль: 99990 → 15", 0, false, 202610, []gauge{device(t, 1, "1", "2026-09-30 99990", "2026-10-31 15").with(func(m *gauge) { m.Digits = 5 })}, "2026-10 25"},
		{"ниже прежнего без объяснения", 0, false, 202610, []gauge{device(t, 1, "1", "2026-09-30 500", "2026-10-31 300")}, "2026-10 unread 1"},
		{"ниже прежнего: так прочитал инспектор", 0, false, 202610, []gauge{device(t, 1, "1", "2026-08-31 100", "2026-09-30 500", "2026-10-31 control 490"), device(t, 2, "1", "2026-08-31 0", "2026-09-30 0", "2026-10-31 50")}, "2026-09 400, 2026-10 40"},
		{"сломался 10 ноября", 0, false, 202612, []gauge{device(t, 1, "1", "2026-09-30 100", "2026-10-31 400", "2026-11-30 700").with(func(m *gauge) { m.FailedOn = d(2026, 11, 10) })}, "2026-10 300, 2026-11 failed 1, 2026-12 failed 2"},
		{"сломался и снят, другого нет", 0, false, 202612, []gauge{device(t, 1, "1", "2026-09-30 100", "2026-10-31 400").with(func(m *gauge) { m.FailedOn, m.Until = d(2026, 11, 10), d(2026, 11, 12) })}, "2026-10 300, 2026-11 failed 1, 2026-12 failed 2"},
		{"поверка кончилась 31 октября", 0, false, 202611, []gauge{device(t, 1, "1", "2026-09-30 100", "2026-10-31 400", "2026-11-30 700").with(func(m *gauge) { m.Verified = []calc.Term{{Until: d(2026, 10, 31)}} })}, "2026-10 300, 2026-11 unverified 1"},
		{"электричество: без поверки считают (п. 80(1))", 0, true, 202611, []gauge{device(t, 1, "1", "2026-09-30 100", "2026-10-31 400", "2026-11-30 700").with(func(m *gauge) { m.Verified = []calc.Term{{Until: d(2026, 10, 31)}} })}, "2026-10 300, 2026-11 300"},
		{"поставлен впервые 12 октября", 0, false, 202611, []gauge{device(t, 1, "1", "2026-10-12 initial 0", "2026-10-31 90", "2026-11-30 300").with(from(d(2026, 10, 12)))}, "2026-11 210"},
		{"снят без замены: месяца нет", 0, false, 202611, []gauge{device(t, 1, "1", "2026-09-30 100", "2026-10-31 400", "2026-11-12 control 500").with(until(d(2026, 11, 12)))}, "2026-10 300"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := &measuring{service: "cold_water", meters: c.meters, cutoff: func(calendar.Month) int { return c.cutoff }, expired: c.expired}
			var got []string
			for _, m := range x.months(c.until) {
				text := m.Month.String() + " " + m.Volume.String()
				if m.Gap != fact.Whole {
					text = fmt.Sprintf("%s %s %d", m.Month, m.Gap, m.Missing)
				}
				got = append(got, text)
			}
			if text := strings.Join(got, ", "); text != c.want {
				t.Errorf("got %s, want %s", text, c.want)
			}
		})
	}
}

// TestWhatDiffersIsWritten: of months known and worked out anew those that came, changed and went are told.
func TestWhatDiffersIsWritten(t *testing.T) {
	held := []fact.Measured{{Service: "gas", Month: 202609, Volume: 1}, {Service: "gas", Month: 202610, Volume: 2}, {Service: "heating", Month: 202610, Volume: 3}}
	anew := []fact.Measured{{Service: "gas", Month: 202609, Volume: 1}, {Service: "gas", Month: 202610, Volume: 5}, {Service: "gas", Month: 202611, Gap: fact.Unread, Missing: 1}}
	var got []string
	for _, m := range differing(held, anew) {
		got = append(got, fmt.Sprintf("%s %s %s", m.Service, m.Month, m.Gap))
	}
	if text := strings.Join(got, ", "); text != "gas 2026-10 , gas 2026-11 unread, heating 2026-10 gone" {
		t.Error(text)
	}
}
