package penalty

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// quarter is WD-42: three months, given out of order.
func quarter() []Open {
	return []Open{{Month: 202603, Due: 20260415, Sum: 98_000}, {Month: 202601, Due: 20260210, Sum: 120_000}, {Month: 202602, Due: 20260316, Sum: 135_000}}
}

func TestAllocate(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []Incoming
		want string
	}{
		{"WD-42 all closed and an advance", []Incoming{{ID: 1, On: 20260501, Sum: 400_000}}, "1 2026-01 1200.00; 1 2026-02 1350.00; 1 2026-03 980.00; 1 penalty 14.27; 1 advance 455.73"},
		{"WD-42 months first, penalty untouched", []Incoming{{ID: 1, On: 20260501, Sum: 300_000}}, "1 2026-01 1200.00; 1 2026-02 1350.00; 1 2026-03 450.00"},
		{"a month named", []Incoming{{ID: 1, On: 20260501, Sum: 100_000, Month: 202603}}, "1 2026-03 980.00; 1 2026-01 20.00"},
		{"penalty named", []Incoming{{ID: 1, On: 20260501, Sum: 1_500, Penalty: true}}, "1 penalty 14.27; 1 2026-01 0.73"},
		{"a month that is not owed", []Incoming{{ID: 1, On: 20260501, Sum: 1_000, Month: 202512}}, "1 2026-01 10.00"},
		{"by the payers' days", []Incoming{{ID: 2, On: 20260502, Sum: 5_000}, {ID: 1, On: 20260501, Sum: 119_000}}, "1 2026-01 1190.00; 2 2026-01 10.00; 2 2026-02 40.00"},
		{
			"a reversal mirrors, what was paid after stays", []Incoming{
				{ID: 1, On: 20260501, Sum: 122_000}, {ID: 2, On: 20260502, Sum: 1_000}, {ID: 3, On: 20260510, Reverses: 1}, {ID: 4, On: 20260511, Sum: 300},
			}, "1 2026-01 1200.00; 1 2026-02 20.00; 2 2026-02 10.00; 3 2026-01 -1200.00; 3 2026-02 -20.00; 4 2026-01 3.00",
		},
		{"reversed on its day, told first", []Incoming{{ID: 3, On: 20260501, Reverses: 1}, {ID: 1, On: 20260501, Sum: 100}}, "1 2026-01 1.00; 3 2026-01 -1.00"},
		{"past limitation", []Incoming{{ID: 1, On: 20290211, Sum: 1_000}}, "1 2026-02 10.00"},
		{"the last day of limitation", []Incoming{{ID: 1, On: 20290210, Sum: 1_000}}, "1 2026-01 10.00"},
		{"past limitation but named", []Incoming{{ID: 1, On: 20290211, Sum: 1_000, Month: 202601}}, "1 2026-01 10.00"},
		{"nothing", []Incoming{{ID: 1, On: 20260501}}, ""},
	} {
		parts, err := Allocate(quarter(), 1427, c.in)
		if got := partsOf(parts); err != nil || got != c.want {
			t.Errorf("%s:\n%s (%v), want\n%s", c.name, got, err, c.want)
		}
	}
}

func partsOf(parts []Part) string {
	words := make([]string, 0, len(parts))
	for _, p := range parts {
		words = append(words, fmt.Sprintf("%d %s %s", p.Payment, [...]string{p.Month.String(), "penalty", "advance"}[p.For], p.Sum))
	}
	return strings.Join(words, "; ")
}

func TestAllocateRefuses(t *testing.T) {
	for code, in := range map[string][]Incoming{
		"penalty.negative":   {{ID: 1, On: 20260501, Sum: -1}},
		"penalty.no_payment": {{ID: 1, On: 20260501, Sum: 100}, {ID: 2, On: 20260502, Reverses: 7}},
		"penalty.reversed":   {{ID: 1, On: 20260501, Sum: 100}, {ID: 2, On: 20260502, Reverses: 1}, {ID: 3, On: 20260502, Reverses: 1}},
	} {
		if _, err := Allocate(quarter(), 0, in); fault.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

// TestAllocateWithoutDue: a month whose term is not given stands where its term would.
func TestAllocateWithoutDue(t *testing.T) {
	parts, err := Allocate([]Open{{Month: 202602, Sum: 100}, {Month: 202601, Due: 20260210, Sum: 100}, {Month: 202512, Sum: 100}}, 0, []Incoming{{ID: 1, On: 20260501, Sum: 250}})
	if want := "1 2025-12 1.00; 1 2026-01 1.00; 1 2026-02 0.50"; err != nil || partsOf(parts) != want {
		t.Errorf("%s (%v), want %s", partsOf(parts), err, want)
	}
}

// TestAllocationAddsUp: parts add up to payments, no month gets more than it owes, nothing waits while money is left
// over, and reversing every payment leaves nothing.
func TestAllocationAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		owed := map[calendar.Month]money.Amount{}
		var open []Open
		for range rapid.IntRange(0, 6).Draw(t, "months") {
			m := calendar.Month(202501).Add(rapid.IntRange(0, 11).Draw(t, "month"))
			if owed[m] == 0 {
				owed[m] = money.Amount(rapid.Int64Range(1, 10_000).Draw(t, "owed"))
				open = append(open, Open{Month: m, Sum: owed[m]})
			}
		}
		penalty := money.Amount(rapid.Int64Range(0, 500).Draw(t, "penalty"))
		var in []Incoming
		var total money.Amount
		for i := range rapid.IntRange(0, 5).Draw(t, "payments") {
			p := Incoming{
				ID: int64(i + 1), On: calendar.Date(20260101).AddDays(rapid.IntRange(0, 90).Draw(t, "day")), Sum: money.Amount(rapid.Int64Range(0, 20_000).Draw(t, "sum")),
				Penalty: rapid.Bool().Draw(t, "marked"), Month: rapid.SampledFrom([]calendar.Month{0, 202503, 202509}).Draw(t, "named"),
			}
			total += p.Sum
			in = append(in, p)
		}
		parts, err := Allocate(open, penalty, in)
		if err != nil {
			t.Fatal(err)
		}
		var all, advance money.Amount
		closed := map[calendar.Month]money.Amount{}
		for _, p := range parts {
			all += p.Sum
			switch {
			case p.For == ForMonth:
				closed[p.Month] += p.Sum
			case p.For == ForAdvance:
				advance += p.Sum
			}
		}
		for m, sum := range owed {
			if closed[m] > sum || advance > 0 && closed[m] < sum {
				t.Fatalf("%s: %s of %s closed, advance %s", m, closed[m], sum, advance)
			}
		}
		if all != total || len(closed) > len(owed) {
			t.Fatalf("%s of %s placed: %s", all, total, partsOf(parts))
		}
		emptied(t, open, penalty, in)
	})
}

func emptied(t *rapid.T, open []Open, penalty money.Amount, in []Incoming) {
	back := slices.Clone(in)
	for _, p := range in {
		if p.Sum > 0 {
			back = append(back, Incoming{ID: 100 + p.ID, On: 20270101, Reverses: p.ID})
		}
	}
	parts, err := Allocate(open, penalty, back)
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]money.Amount{}
	for _, p := range parts {
		left[fmt.Sprint(p.For, p.Month, p.On)] += p.Sum
	}
	for where, sum := range left {
		if sum != 0 {
			t.Fatalf("%s is left at %s after reversing everything", sum, where)
		}
	}
}
