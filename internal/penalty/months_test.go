package penalty

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// year is a household that owes 1 000 ₽ for each of three months.
var year = []Open{{Month: 202501, Due: 20250210, Sum: 100_000}, {Month: 202502, Due: 20250310, Sum: 100_000}, {Month: 202503, Due: 20250410, Sum: 100_000}}

// penalties counts each month of a year after payments.
func penalties(t *testing.T, in []Incoming, at calendar.Date) map[calendar.Month]money.Amount {
	t.Helper()
	parts, err := Allocate(year, 0, in)
	if err != nil {
		t.Fatal(err)
	}
	rules := compiled(t, law(t))
	var res Result
	got := map[calendar.Month]money.Amount{}
	for _, m := range year {
		if err := rules.Compute(Debt{Month: m.Month, Principal: m.Sum}, PaidFor(parts, "", m.Month), at, &res); err != nil {
			t.Fatal(err)
		}
		got[m.Month] = res.Total
	}
	return got
}

// TestMonthsFirstInFirstOut: 1 500 ₽ on 20.05.2025 close January whole and half of February; a payment marked with
// March leaves January and February as they are.
func TestMonthsFirstInFirstOut(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []Incoming
		want [3]money.Amount // to 30.06.2025
	}{
		{"nothing paid", nil, [3]money.Amount{19_00 + 36_54, 19_00 + 16_08, 16_15}},
		{"oldest first", []Incoming{{ID: 1, On: 20250520, Sum: 150_000}}, [3]money.Amount{19_00 + 6_58, 12_98 + 3_01 + 8_04, 16_15}},
		{"March named", []Incoming{{ID: 1, On: 20250520, Sum: 100_000, Month: 202503}}, [3]money.Amount{19_00 + 36_54, 19_00 + 16_08, 3_17}},
		{"paid and taken back", []Incoming{{ID: 1, On: 20250520, Sum: 150_000}, {ID: 2, On: 20250601, Reverses: 1}}, [3]money.Amount{19_00 + 36_54, 19_00 + 16_08, 16_15}},
	} {
		got := penalties(t, c.in, 20250630)
		for i, m := range year {
			if got[m.Month] != c.want[i] {
				t.Errorf("%s, %s: %s, want %s", c.name, m.Month, got[m.Month], c.want[i])
			}
		}
	}
}
