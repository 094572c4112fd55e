package penalty

import (
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// keyRates is the Bank of Russia's key rate by effective dates, charging.md 11.6.
const keyRates = `
13.09.2013 5.50  03.03.2014 7.00  28.04.2014 7.50  28.07.2014 8.00  05.11.2014 9.50  12.12.2014 10.50 16.12.2014 17.00
02.02.2015 15.00 16.03.2015 14.00 05.05.2015 12.50 16.06.2015 11.50 03.08.2015 11.00 14.06.2016 10.50 19.09.2016 10.00
27.03.2017 9.75  02.05.2017 9.25  19.06.2017 9.00  18.09.2017 8.50  30.10.2017 8.25  18.12.2017 7.75  12.02.2018 7.50
26.03.2018 7.25  17.09.2018 7.50  17.12.2018 7.75  17.06.2019 7.50  29.07.2019 7.25  09.09.2019 7.00  28.10.2019 6.50
16.12.2019 6.25  10.02.2020 6.00  27.04.2020 5.50  22.06.2020 4.50  27.07.2020 4.25  22.03.2021 4.50  26.04.2021 5.00
15.06.2021 5.50  26.07.2021 6.50  13.09.2021 6.75  25.10.2021 7.50  20.12.2021 8.50  14.02.2022 9.50  28.02.2022 20.00
11.04.2022 17.00 04.05.2022 14.00 27.05.2022 11.00 14.06.2022 9.50  25.07.2022 8.00  19.09.2022 7.50  24.07.2023 8.50
15.08.2023 12.00 18.09.2023 13.00 30.10.2023 15.00 18.12.2023 16.00 29.07.2024 18.00 16.09.2024 19.00 28.10.2024 21.00
09.06.2025 20.00 28.07.2025 18.00 15.09.2025 17.00 27.10.2025 16.50 22.12.2025 16.00 16.02.2026 15.50 23.03.2026 15.00
27.04.2026 14.50 22.06.2026 14.25 27.07.2026 14.00`

// law is section 11 of the charging rules as rows of a catalogue.
func law(t testing.TB) *tariff.Catalog {
	t.Helper()
	c := &tariff.Catalog{
		Regimes: []tariff.Regime{
			{Rule: "fixed", Rate: percent(t, "8.25"), Term: tariff.Term{Until: 20151231}},
			{Rule: "key", Term: tariff.Term{From: 20160101, Until: 20220227}},
			{Rule: "min", Rate: percent(t, "9.5"), Term: tariff.Term{From: 20220228, Until: 20261231}, Origin: tariff.Origin{Document: "ПП РФ № 329 от 18.03.2025"}},
			{Rule: "key", Term: tariff.Term{From: 20270101}},
		},
		Stages: []tariff.Stage{
			{Day: 91, Over: 130, Origin: tariff.Origin{Document: "ЖК РФ ст. 155 ч. 14"}},
			{Day: 1, Over: 0},
			{Day: 31, Over: 300, Origin: tariff.Origin{Document: "ЖК РФ ст. 155 ч. 14"}},
			{Group: "capital_repair", Day: 31, Over: 300, Origin: tariff.Origin{Document: "ЖК РФ ст. 155 ч. 14.1"}},
		},
		Moratoria: []tariff.Moratorium{
			{Term: tariff.Term{From: 20200406, Until: 20201231}},
			{Supplier: "bankrupt", DebtsBefore: 20220401, Term: tariff.Term{From: 20220401, Until: 20221001}},
		},
		DueDays: []tariff.DueDay{
			{Day: 10, UntilMonth: 202601},
			{Day: 15, FromMonth: 202602},
			{Day: 15, FromMonth: 202603, Binding: true},
			{Day: 25, Supplier: "contract"},
		},
	}
	words := strings.Fields(keyRates)
	for i := 0; i < len(words); i += 2 {
		c.KeyRates = append(c.KeyRates, tariff.KeyRate{From: date(t, words[i]), Rate: percent(t, words[i+1])})
	}
	return c
}

func compiled(t testing.TB, c *tariff.Catalog) *Rules {
	t.Helper()
	r, err := Compile(c, calendar.DayOff)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func percent(t testing.TB, s string) decimal.Decimal {
	t.Helper()
	d, err := decimal.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func sum(t testing.TB, s string) money.Amount {
	t.Helper()
	a, err := money.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
