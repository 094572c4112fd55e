package portal

import (
	"slices"
	"strings"
	"testing"

	"kvit/internal/charge/why"
	"kvit/internal/web"
)

// TestBothSourcesFillALine: a line Kvit computed and one a supplier sent come out on the same page.
func TestBothSourcesFillALine(t *testing.T) {
	computed := lineView(&why.Explanation{Title: "Холодная вода", Origin: why.ByKvit, Charge: 36997, BillMonth: 202610, Steps: []why.Calculation{{
		Kind: "charge", Title: "Холодная вода", Method: "normative", MethodText: "по нормативу, 4-й месяц без показаний", Volume: "8.58", Unit: "м³", Rate: "43.12", RateFrom: "2026-10-01",
		RateDocument: "постановление № 118", RateStatus: "plausible", Norm: "4.29", NormUnit: "m3/person/month", Persons: "2", Days: 15, DaysOf: 31, From: "2026-10-01", Until: "2026-10-15",
		After: &why.Reading{Value: "16.5", On: 20261025, Day: "2026-10-25"}, Inputs: []why.Input{{Name: "площадь дома, м²", Value: "5420.6"}},
		Formula: why.Formula{Number: "4", Words: "человек × норматив × тариф", Clause: "Правила № 354, п. 42"}, Product: "8,58 м³ × 43,12 ₽", Exact: "369.9696", Sum: 36997,
	}}})
	want := []string{
		"Как найден объём = по нормативу, 4-й месяц без показаний (показание 16,5 от 25.10.2026)", "Человек = 2 ()", "Норматив = 4,29 м³ на человека в месяц ()", "Площадь дома, м² = 5 420,6 ()",
		"Дней = 15 из 31 (с 01.10.2026 по 15.10.2026)", "Объём = 8,58 м³ ()", "Тариф = 43,12 ₽ за м³ (с 01.10.2026, постановление № 118 (цифра придумана для ряда))",
	}
	s := computed.Steps[0]
	var got []string
	for _, term := range s.Terms {
		got = append(got, strings.ReplaceAll(term.Name+" = "+term.Text+" ("+strings.TrimSpace(term.Note+" "+term.Document+" "+term.Mark)+")", "\u00a0", " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if computed.Origin != "Посчитал Квит" || computed.Verdict != nil || s.Exact != "369,9696" || s.Sum != 36997 || !strings.HasSuffix(s.Clause, "формула 4") {
		t.Errorf("%+v", computed)
	}

	metered := lineStep(&why.Calculation{Title: "Холодная вода", Formula: why.Formula{Number: "1", Clause: "Правила № 354, п. 42, приложение 2, формула 1"}}, nil)
	if metered.Title != "Холодная вода" || metered.Clause != "Правила № 354, п. 42, приложение 2, формула 1" {
		t.Errorf("%+v", metered)
	}

	if less := lineStep(&why.Calculation{Exact: "-52.53"}, nil); less.Exact != "−52,53" {
		t.Errorf("%q", less.Exact)
	}

	step, check := why.Supplied(46270000, 436300000, 30188)
	sent := lineView(&why.Explanation{Title: "Холодная вода", Origin: why.BySupplier, Charge: 30188, BillMonth: 202610, Steps: []why.Calculation{step}, Check: check})
	if sent.Verdict == nil || sent.Verdict.Tone != web.Warn || sent.Steps[0].Sum != 20188 || sent.Charge != 30188 || sent.Steps[0].Exact != "201,87601" {
		t.Errorf("%+v %+v", sent.Verdict, sent.Steps)
	}
	step, check = why.Supplied(0, 0, 30188)
	bare := lineView(&why.Explanation{Title: "Домофон", Origin: why.BySupplier, Charge: 30188, BillMonth: 202610, Steps: []why.Calculation{step}, Check: check})
	if bare.Verdict.Tone != web.Info || bare.Steps[0].Exact != "" || bare.Steps[0].Product != "" {
		t.Errorf("%+v %+v", bare.Verdict, bare.Steps)
	}
}
