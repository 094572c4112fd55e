package portal

import (
	"testing"

	"kvit/internal/autopay"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/money"
	"kvit/internal/portal/view"
	"kvit/internal/reading"
)

// TestHomeStates: the first page tells apart what must be done on which day.
func TestHomeStates(t *testing.T) {
	october := func(total money.Amount) *bill.Bill {
		return &bill.Bill{Month: "2026-10", Total: total, DueOn: 20261116, Lines: make([]bill.Line, 1)}
	}
	for _, c := range []struct {
		name    string
		b       *bill.Bill
		penalty money.Amount
		today   calendar.Date
		want    view.HomeState
	}{
		{"nothing charged yet", &bill.Bill{}, 0, 20261110, view.HomeNew},
		{"before the day", october(100), 0, 20261110, view.HomeDue},
		{"on the day", october(100), 0, 20261116, view.HomeDue},
		{"after it", october(100), 0, 20261117, view.HomeOverdue},
		{"after it, with a penalty", october(100), 1, 20261220, view.HomePenalty},
		{"a penalty of before, the day not come", october(100), 1, 20261110, view.HomeDue},
		{"paid", october(0), 0, 20261130, view.HomeClear},
		{"paid, the next bill is to come", october(0), 0, 20261201, view.HomeNoBill},
	} {
		if got := homeState(c.b, c.penalty, c.today); got != c.want {
			t.Errorf("%s: state %d, want %d", c.name, got, c.want)
		}
	}
}

// TestMonthEvents: the calendar holds what falls on the month, in order, and what is done says so.
func TestMonthEvents(t *testing.T) {
	b := &bill.Bill{Month: "2026-10", Total: 100, DueOn: 20261116}
	sheet := &reading.Sheet{Cards: []reading.Card{{Meter: &reading.Meter{Zones: []calc.Zone{0}}, Month: 202611, Until: 20261125}}}
	a := monthEvents(b, sheet, &autopay.Rule{State: autopay.On, Day: 10}, 20261112)
	want := []struct {
		on   calendar.Date
		done bool
	}{{20261105, true}, {20261110, true}, {20261116, false}, {20261125, false}}
	if len(a.Events) != len(want) {
		t.Fatalf("%+v", a.Events)
	}
	for i, x := range want {
		if a.Events[i].On != x.on || a.Events[i].Done != x.done {
			t.Errorf("event %d: %+v, want %+v", i, a.Events[i], x)
		}
	}
	if later := monthEvents(b, &reading.Sheet{}, nil, 20261201); len(later.Events) != 1 || later.Events[0].Done {
		t.Errorf("a month later: %+v", later.Events)
	}
}
