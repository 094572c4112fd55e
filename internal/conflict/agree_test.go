package conflict

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/supplier"
)

func TestWhatSaysTheSame(t *testing.T) {
	for _, c := range []struct {
		a    Attribute
		x, y string
		same bool
	}{
		{Area, "45.3", "45.3", true},
		{Area, "45.3", "45.27", true}, // a register of one digit rounds
		{Area, "45", "45.27", false},
		{Area, "45.3", "45.2", false},
		{Area, "45.31", "45.32", false},
		{Residents, "2", "2", true},
		{Residents, "0", "2", false},
		{Owner, "Иванов И. И.", "ИВАНОВ ИВАН ИВАНОВИЧ", true},
		{Owner, "Иванов Иван", "Петров Иван", false},
		{Owner, "Иванов П. И.", "Иванов Иван Иванович", false},
		{Flat, "15", "15, 16", true},
		{Flat, "15", "16", false},
		{MeterNumber, serialText("№ 0012-345"), serialText("12345"), true},
		{MeterNumber, "12345", "12354", false},
		{MeterNumber, "11111", "11111, 22222", true},
		{Verified, "2030-05-01", "2031-05-01", false},
	} {
		if agree(c.a, c.x, c.y) != c.same || agree(c.a, c.y, c.x) != c.same {
			t.Errorf("%s %q and %q: want %v", c.a, c.x, c.y, c.same)
		}
	}
}

func claims(values ...string) (list []Claim) {
	for i := 0; i+1 < len(values); i += 2 {
		list = append(list, Claim{Who: values[i], Supplier: int64(len(values[i])), Value: values[i+1], At: calendar.Micros(i)})
	}
	return list
}

func TestWhoDisagrees(t *testing.T) {
	for _, c := range []struct {
		name   string
		a      Attribute
		claims []Claim
		want   bool
	}{
		{"one party contradicts nobody", Residents, claims("uk", "2", "uk", "3"), false},
		{"two parties", Residents, claims("uk", "2", "voda", "3"), true},
		{"co-owners are one supplier's payers", Owner, claims("fkr", "Иванов Иван", "fkr", "Иванова Анна", "uk", "ИВАНОВА А."), false},
		{"the owner before is still billed", Owner, claims("fkr", "Иванов Иван", "uk", "Иванов Иван", "gaz", "Седов Олег"), true},
	} {
		if got := disagree(c.a, c.claims); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

// TestRuleTrusts: who is named first is right; of equals most, then the latest.
func TestRuleTrusts(t *testing.T) {
	suppliers := map[int64]supplier.Supplier{2: {Code: "uk", Mapping: []supplier.Service{{Catalog: "maintenance"}}}, 3: {Code: "fkr", Mapping: []supplier.Service{{Catalog: "capital_repair"}}}}
	for _, c := range []struct {
		name   string
		rule   Rule
		claims []Claim
		want   string
	}{
		{"a service's supplier over anybody", Rule{Trust: []string{"service:maintenance", "*"}}, claims("uk", "45.3", "fkr", "50", "voda", "50"), "45.3"},
		{"anybody over the named last", Rule{Trust: []string{"*", "service:capital_repair"}}, claims("fkr", "50", "voda", "45.3"), "45.3"},
		{"the centre over all", Rule{Trust: []string{Centre, "*"}}, claims("uk", "1", Centre, "2"), "2"},
		{"equals that differ decide nothing", Rule{Trust: []string{"*"}}, claims("uk", "1", "voda", "2"), ""},
		{"the latest of equals", Rule{Trust: []string{"*"}, Latest: true}, claims("uk", "1", "voda", "2", "gaz", "1"), "1"},
		{"most of equals", Rule{Trust: []string{"*"}, Most: true, Latest: true}, claims("uk", "1", "gaz", "1", "voda", "2"), "1"},
		{"a passport desk over all", Rule{Trust: []string{"passport", "*"}, Most: true}, claims("uk", "1", "gaz", "1", "passport", "3"), "3"},
		{"nobody who is trusted", Rule{Trust: []string{"passport"}}, claims("uk", "1", "gaz", "2"), ""},
	} {
		got := ""
		if best, ok := c.rule.pick(Residents, c.claims, suppliers); ok {
			got = best.Value
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
