package penalty

import (
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

func TestWorkedCases(t *testing.T) {
	rules := compiled(t, law(t))
	var res Result
	for _, c := range workedCases {
		t.Run(c.name, func(t *testing.T) {
			debt := Debt{Month: c.month, Group: c.group, Supplier: c.supplier, Principal: sum(t, c.sum)}
			if err := rules.Compute(debt, payments(t, c.paid), c.at, &res); err != nil {
				t.Fatal(err)
			}
			if res.Due != date(t, c.due) || res.Total != sum(t, c.total) || res.Rest != sum(t, "0"+c.rest) {
				t.Errorf("due %s, total %s, rest %s; want %s, %s, %s", res.Due.Dotted(), res.Total, res.Rest, c.due, c.total, c.rest)
			}
			if got := linesOf(&res); got != c.lines {
				t.Errorf("lines\n%s, want\n%s", got, c.lines)
			}
		})
	}
}

// TestRateOfBalance is the other reading of a debt paid under two rates, a supplier's dated policy.
func TestRateOfBalance(t *testing.T) {
	c := law(t)
	c.Policies = []tariff.Policy{
		{Name: "penalty_rate", Value: "of_part"},
		{Name: "penalty_rate", Value: "of_part", Supplier: "water", Term: tariff.Term{Until: 20221009}},
		{Name: "penalty_rate", Value: "of_balance", Supplier: "water", Term: tariff.Term{From: 20221010}},
		{Name: "volumes", Value: "whole"},
	}
	rules := compiled(t, c)
	paid := payments(t, "20.01.2023 3000; 20.01.2024 4000")
	var res Result
	if err := rules.Compute(Debt{Month: 202209, Supplier: "water", Principal: sum(t, "7000")}, paid, 20240120, &res); err != nil {
		t.Fatal(err)
	}
	if want := "10.11.2022 08.01.2023 60 7000.00 7.5 300 105.00; 09.01.2023 20.01.2023 12 7000.00 7.5 130 48.46; 21.01.2023 20.01.2024 365 4000.00 9.5 130 1066.92"; linesOf(&res) != want || res.Total != sum(t, "1220.38") {
		t.Errorf("%s lines\n%s, want\n%s", res.Total, linesOf(&res), want)
	}
	for _, d := range []Debt{{Month: 202209, Supplier: "other", Principal: sum(t, "7000")}, {Month: 202208, Supplier: "water", Principal: sum(t, "7000")}} {
		if err := rules.Compute(d, paid, 20240120, &res); err != nil || res.Intervals[0].Balance != sum(t, "3000") {
			t.Errorf("%s of %s: %s (%v)", d.Month, d.Supplier, linesOf(&res), err)
		}
	}
}

// TestWithoutCeiling is WE-30 as its source has it: the key rate of 16 % itself.
func TestWithoutCeiling(t *testing.T) {
	c := law(t)
	c.Regimes = []tariff.Regime{{Rule: "key"}}
	var res Result
	err := compiled(t, c).Compute(Debt{Month: 202311, Principal: sum(t, "10000")}, payments(t, "25.01.2024 10000"), 20240125, &res)
	if err != nil || res.Total != sum(t, "80") {
		t.Errorf("penalty %s (%v), want 80.00", res.Total, err)
	}
}

func TestNextDay(t *testing.T) {
	rules := compiled(t, law(t))
	debt := Debt{Month: 202501, Principal: sum(t, "6200")}
	var res Result
	for _, c := range []struct {
		at   calendar.Date
		next string
	}{
		{20250311, "0"}, {20250312, "1.96"}, {20250510, "1.96"}, {20250511, "4.53"}, {20260511, "4.53"}, {20250301, "0"}, {20250101, "0"},
	} {
		if err := rules.Compute(debt, nil, c.at, &res); err != nil || res.NextDay != sum(t, c.next) {
			t.Errorf("after %s comes %s (%v), want %s", c.at, res.NextDay, err, c.next)
		}
	}
	if err := rules.Compute(debt, payments(t, "20.06.2025 6200"), 20250620, &res); err != nil || res.NextDay != 0 {
		t.Errorf("a paid debt grows by %s (%v)", res.NextDay, err)
	}
}

// TestDueGiven: a term of the debt's own replaces the rules' and still moves to a working day.
func TestDueGiven(t *testing.T) {
	rules := compiled(t, law(t))
	var res Result
	for given, want := range map[calendar.Date]calendar.Date{20250210: 20250210, 20260110: 20260112, 20260112: 20260112} {
		if err := rules.Compute(Debt{Due: given, Principal: 100}, nil, 20200101, &res); err != nil || res.Due != want {
			t.Errorf("term %s is %s (%v), want %s", given, res.Due, err, want)
		}
	}
}

// TestEqualStagesAreOneInterval: a stage that changes nothing does not cut an interval and cost a rounding.
func TestEqualStagesAreOneInterval(t *testing.T) {
	c := law(t)
	c.Stages = []tariff.Stage{{Day: 31, Over: 300}, {Day: 61, Over: 300}, {Day: 91, Over: 130}}
	var res Result
	err := compiled(t, c).Compute(Debt{Month: 202501, Principal: sum(t, "6200")}, nil, 20250620, &res)
	if want := "13.03.2025 11.05.2025 60 6200.00 9.5 300 117.80; 12.05.2025 20.06.2025 40 6200.00 9.5 130 181.23"; err != nil || linesOf(&res) != want {
		t.Errorf("lines\n%s (%v), want\n%s", linesOf(&res), err, want)
	}
}

// TestStagesOfTheirTime: the stages are those of the day the debt fell due.
func TestStagesOfTheirTime(t *testing.T) {
	c := law(t)
	c.Stages = []tariff.Stage{
		{Day: 1, Over: 300, Term: tariff.Term{Until: 20251231}},
		{Day: 61, Over: 100, Term: tariff.Term{From: 20260101}},
	}
	rules := compiled(t, c)
	for month, want := range map[calendar.Month]calendar.Date{202511: 20251211, 202512: 20260314} {
		if got, ok, err := rules.Starts(Debt{Month: month}); err != nil || !ok || got != want {
			t.Errorf("penalties of %s begin on %s (%v, %v), want %s", month, got, ok, err, want)
		}
	}
}

func TestStarts(t *testing.T) {
	rules := compiled(t, law(t))
	for month, want := range map[calendar.Month]calendar.Date{202611: 20270115, 202512: 20260212, 202002: 20210101} {
		if got, ok, err := rules.Starts(Debt{Month: month}); err != nil || !ok || got != want {
			t.Errorf("penalties of %s begin on %s (%v, %v), want %s", month, got, ok, err, want)
		}
	}
	c := law(t)
	c.Moratoria = []tariff.Moratorium{{Group: "utilities"}}
	if got, ok, err := compiled(t, c).Starts(Debt{Month: 202611, Group: "utilities"}); ok || err != nil {
		t.Errorf("penalties begin on %s (%v) in a moratorium without end", got, err)
	}
}

func TestIntervalInWords(t *testing.T) {
	var res Result
	if err := compiled(t, law(t)).Compute(Debt{Month: 202501, Principal: sum(t, "6200")}, nil, 20250511, &res); err != nil {
		t.Fatal(err)
	}
	i := res.Intervals[0]
	got := strings.ReplaceAll(i.String(), "\u00a0", " ")
	if want := "60 дн. с 13.03.2025 по 11.05.2025: 6 200,00 ₽ × 9,5 % ÷ 300 × 60 = 117,80 ₽"; got != want {
		t.Errorf("got %s", got)
	}
	if i.Clause != "ЖК РФ ст. 155 ч. 14" || i.RateAct != "ПП РФ № 329 от 18.03.2025" {
		t.Errorf("acts %q, %q", i.Clause, i.RateAct)
	}
	if err := compiled(t, law(t)).Compute(Debt{Month: 202501, Principal: sum(t, "6200"), Group: "capital_repair"}, nil, 20250511, &res); err != nil || res.Intervals[0].Clause != "ЖК РФ ст. 155 ч. 14.1" {
		t.Errorf("act %q (%v)", res.Intervals[0].Clause, err)
	}
}

// TestRefusals: what cannot be counted is said, never zero.
func TestRefusals(t *testing.T) {
	good := Debt{Month: 202501, Principal: 100_000}
	noRate, noKey, noStage, noDue := law(t), law(t), law(t), law(t)
	noRate.Regimes = noRate.Regimes[2:3]
	noKey.KeyRates = noKey.KeyRates[:1]
	noKey.KeyRates[0].From = 20260101
	noStage.Stages = noStage.Stages[3:]
	noDue.DueDays = noDue.DueDays[1:2]
	for _, c := range []struct {
		code    string
		catalog *tariff.Catalog
		debt    Debt
		paid    []Payment
		at      calendar.Date
	}{
		{"penalty.no_regime", noRate, good, nil, 20270101},
		{"penalty.no_key_rate", noKey, good, nil, 20251231},
		{"penalty.no_stages", noStage, good, nil, 20251231},
		{"penalty.no_due_day", noDue, good, nil, 20251231},
		{"penalty.month", law(t), Debt{Month: 202513, Principal: 1}, nil, 20251231},
		{"penalty.day", law(t), good, nil, 20250231},
		{"penalty.day", law(t), Debt{Month: 202501, Due: 20250231}, nil, 20250201},
		{"penalty.day", law(t), good, []Payment{{On: 0, Sum: 1}}, 20251231},
		{"penalty.sum", law(t), Debt{Month: 202501, Principal: 1 << 62}, nil, 20251231},
		{"penalty.sum", law(t), good, []Payment{{On: 20250101, Sum: 1 << 62}}, 20251231},
		{"penalty.reversal", law(t), good, []Payment{{On: 20250301, Sum: -1}}, 20251231},
		{"penalty.reversal", law(t), good, []Payment{{On: 20250301, Sum: -100}, {On: 20250302, Sum: 100}}, 20251231},
	} {
		var res Result
		if err := compiled(t, c.catalog).Compute(c.debt, c.paid, c.at, &res); fault.CodeOf(err) != c.code {
			t.Errorf("got %v, want %s", err, c.code)
		}
	}
}

// TestRateIsAskedOnlyWhenCharged: a debt without a chargeable day needs no rate.
func TestRateIsAskedOnlyWhenCharged(t *testing.T) {
	c := law(t)
	c.KeyRates, c.Regimes = nil, nil
	var res Result
	if err := compiled(t, c).Compute(Debt{Month: 202501, Principal: 100}, payments(t, "11.03.2025 0.50"), 20250311, &res); err != nil || res.Total != 0 || res.Rest != 50 {
		t.Errorf("penalty %s, rest %s (%v)", res.Total, res.Rest, err)
	}
}

func TestCompileRefusesRows(t *testing.T) {
	place := tariff.Origin{Place: tariff.Place{File: "law.yaml", Line: 7}}
	for name, c := range map[string]*tariff.Catalog{
		"due day":     {DueDays: []tariff.DueDay{{Day: 32, Origin: place}}},
		"stage's day": {Stages: []tariff.Stage{{Day: 0, Over: 300, Origin: place}}},
		"fraction":    {Stages: []tariff.Stage{{Day: 1, Over: -300, Origin: place}}},
		"rule":        {Regimes: []tariff.Regime{{Rule: "max", Origin: place}}},
		"ceiling":     {Regimes: []tariff.Regime{{Rule: "min", Rate: -1, Origin: place}}},
		"policy":      {Policies: []tariff.Policy{{Name: "penalty_rate", Value: "mine", Origin: place}}},
		"key rate":    {KeyRates: []tariff.KeyRate{{Rate: -1, Origin: place}}},
	} {
		_, err := Compile(c, calendar.DayOff)
		if f := fault.As(err); f.Code != "penalty.row" || f.Place.File != "law.yaml" || f.Place.Pos != 7 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
