package web

import (
	"strings"
	"testing"

	"kvit/internal/web/webtest"
)

// TestPairsDrawWhatIsKnown: bars stand on the zero line, a sum below zero hangs from it, a month nothing is known of is hatched.
func TestPairsDrawWhatIsKnown(t *testing.T) {
	c := PairChart{Title: "Стало больше", Now: "этот год", Before: "прошлый год", Points: []PairPoint{
		{Month: "январь", Short: "янв", Now: 100, HasNow: true, NowText: "100", Before: 0, HasBefore: true, BeforeText: "0"},
		{Month: "февраль", Short: "фев", Now: -50, HasNow: true, NowText: "−50"},
	}}
	if c.zero() == c.barTop(100) || c.barTop(-50) != c.zero() {
		t.Errorf("zero at %s, a bar of 100 from %s, of −50 from %s", c.zero(), c.barTop(100), c.barTop(-50))
	}
	if c.barTall(0) != "0" || c.barTall(100) == "0" || c.barTall(-50) == "0" {
		t.Errorf("tall %s %s %s", c.barTall(0), c.barTall(100), c.barTall(-50))
	}
	page := webtest.Render(t, Pairs(c))
	if n := strings.Count(page, `class="hatch"`); n != 1 {
		t.Errorf("%d months are hatched, one is not known", n)
	}
	if !strings.Contains(page, "Штриховка – данных нет") || !strings.Contains(page, "неизвестно") {
		t.Error("what is not known is not said")
	}
	c.Points[1].HasBefore = true
	if strings.Contains(webtest.Render(t, Pairs(c)), "Штриховка") {
		t.Error("hatching is explained where there is none")
	}
}

func TestAgendaWeeks(t *testing.T) {
	a := Agenda{Month: 202611}
	weeks := a.weeks()
	if len(weeks) != 6 || weeks[0][6] != 20261101 || weeks[5][0] != 20261130 || weeks[0][0] != 0 {
		t.Errorf("%v", weeks)
	}
}
