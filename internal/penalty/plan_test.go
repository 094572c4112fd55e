package penalty

import (
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
)

func TestSchedule(t *testing.T) {
	list, err := Schedule(Plan{Sum: sum(t, "12000"), First: 202511, Months: 12, Rate: percent(t, "19")}, percent(t, "16.5"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]struct {
		month         calendar.Month
		part, pays    string
		rest, percent string
	}{
		0:  {202511, "1000", "1000", "0", "0"},
		1:  {202512, "1000", "1174.17", "11000", "174.17"},
		2:  {202601, "1000", "1158.33", "10000", "158.33"},
		11: {202610, "1000", "1015.83", "1000", "15.83"},
	} {
		got := list[i]
		if got.Month != want.month || got.Part != sum(t, want.part) || got.Part+got.Interest != sum(t, want.pays) || got.Rest != sum(t, want.rest) || got.Interest != sum(t, want.percent) {
			t.Errorf("month %d: %+v, want %+v", i+1, got, want)
		}
	}
}

func TestPartsOfAPlanAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Plan{
			Sum: money.Amount(rapid.Int64Range(1, int64(money.Max)).Draw(t, "sum")), First: 202501,
			Months: rapid.IntRange(1, 12).Draw(t, "months"), Rate: decimal.Decimal(rapid.Int64Range(0, 19*decimal.Scale).Draw(t, "rate")),
		}
		list, err := Schedule(p, decimal.FromInt(16))
		if err != nil || len(list) != p.Months {
			t.Fatalf("%d months (%v)", len(list), err)
		}
		var all money.Amount
		for i, it := range list {
			if it.Part < list[len(list)-1].Part || it.Part > list[0].Part || list[0].Part-it.Part > 1 || it.Interest < 0 || i > 0 && it.Rest != p.Sum-all {
				t.Fatalf("month %d: %+v", i+1, it)
			}
			all += it.Part
		}
		if all != p.Sum {
			t.Fatalf("parts make %s of %s", all, p.Sum)
		}
	})
}

func TestPlanRefusals(t *testing.T) {
	good := Plan{Sum: 100, First: 202501, Months: 12, Rate: decimal.FromInt(19)}
	if _, err := Schedule(good, decimal.FromInt(16)); err != nil {
		t.Errorf("the key rate and three points: %v", err)
	}
	for code, change := range map[string]func(*Plan){
		"plan.months": func(p *Plan) { p.Months = 13 }, "plan.sum": func(p *Plan) { p.Sum = 0 },
		"plan.first": func(p *Plan) { p.First = 202500 }, "plan.rate": func(p *Plan) { p.Rate++ },
	} {
		p := good
		change(&p)
		if _, err := Schedule(p, decimal.FromInt(16)); fault.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

func TestJumped(t *testing.T) {
	for _, c := range []struct {
		now, before money.Amount
		want        bool
	}{{125_00, 100_00, false}, {125_01, 100_00, true}, {100, 0, false}, {90, 100, false}} {
		if got := Jumped(c.now, c.before); got != c.want {
			t.Errorf("%s after %s: %v", c.now, c.before, got)
		}
	}
}
