package autopay

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

func TestTurnsOfARule(t *testing.T) {
	r := Rule{ID: 7, Day: 10, Cap: 800_000, Since: 20261105, State: On}
	for _, x := range []struct {
		name  string
		today calendar.Date
		due   money.Amount
		state string
		on    calendar.Date
	}{
		{"the day before", 20261109, 621_435, Told, 20261110},
		{"told late: not on the same day", 20261110, 621_435, Told, 20261111},
		{"above the cap", 20261109, 912_000, Asks, 20261110},
		{"exactly the cap", 20261109, 800_000, Told, 20261110},
	} {
		got := r.first(r.month(x.today), x.due, x.today, 1)
		if got.State != x.state || got.NextOn != x.on || got.Sum != x.due || got.Month != 202611 {
			t.Errorf("%s: %+v", x.name, got)
		}
	}
	if r.Since = 20261111; r.month(20261112) != 202612 {
		t.Errorf("a rule made after its day begins with %v", r.month(20261112))
	}
	if r.Fixed = 300_000; r.sum(100_000) != 100_000 || r.sum(900_000) != 300_000 {
		t.Error("a fixed sum is at most what is due")
	}
}

func TestRefusedTries(t *testing.T) {
	turn := Turn{State: Paying, RuleID: 7, Month: 202611}
	keys := map[string]bool{}
	for i, want := range []calendar.Date{20261111, 20261113, 20261116} {
		turn.Tries++
		keys[turn.key()] = true
		turn.refuse("не хватает денег", []calendar.Date{20261110, 20261111, 20261113}[i])
		if turn.State != Failed || turn.NextOn != want {
			t.Errorf("try %d: %+v, want %v", i+1, turn, want)
		}
	}
	turn.Tries++
	keys[turn.key()] = true
	if turn.refuse("не хватает денег", 20261116); turn.State != GaveUp || len(keys) != 4 {
		t.Errorf("after the last try: %+v, keys %v", turn, keys)
	}
}

func TestPreviewAndWords(t *testing.T) {
	r := Rule{Day: 10, Cap: 800_000, Since: 20261101}
	if s := r.Sentence(); s != "10-го числа спишем весь счёт, но не больше 8\u00a0000,00\u00a0₽" {
		t.Errorf("%q", s)
	}
	if p := r.Next(900_000, 20261105, false, 202610); p.On != 20261110 || !p.Above || !p.Expiry || p.Sum != 900_000 {
		t.Errorf("%+v", p)
	}
	if p := r.Next(100_000, 20261105, true, 0); p.On != 20261210 || p.Above || p.Expiry {
		t.Errorf("after this month is done: %+v", p)
	}
	for name, bad := range map[string]Rule{"day 0": {Cap: 100}, "day 31": {Day: 31, Cap: 100}, "no cap": {Day: 1}, "sum above the cap": {Day: 1, Cap: 100, Fixed: 200}, "negative": {Day: 1, Cap: 100, Fixed: -1}} {
		if err := bad.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
}
