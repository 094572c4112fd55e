package why_test

import (
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/why"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

const (
	october  = calendar.Month(202610)
	november = calendar.Month(202611)
)

func num(t testing.TB, s string) decimal.Ratio {
	t.Helper()
	d, err := decimal.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d.Exact()
}

// line is a line of volume × rate, or of a sum alone.
func line(t testing.TB, title, volume, rate string, charge money.Amount) why.Line {
	t.Helper()
	l := why.Line{Key: title, Title: title, Charge: charge}
	if volume != "" {
		l.Volume = num(t, volume)
	}
	if rate != "" {
		l.Rate = num(t, rate)
	}
	return l
}

type want struct {
	cause why.Cause
	sum   money.Amount
	text  string
}

// TestOneLineIsTakenApart names each cause a line can change by.
func TestOneLineIsTakenApart(t *testing.T) {
	metered := func(volume, rate string, charge money.Amount) why.Line {
		l := line(t, "Холодная вода", volume, rate, charge)
		l.Method, l.Unit = calc.ByMeter, "м³"
		return l
	}
	with := func(l why.Line, change func(*why.Line)) *why.Line { change(&l); return &l }
	plain := func(volume, rate string, charge money.Amount) *why.Line {
		l := line(t, "Холодная вода", volume, rate, charge)
		return &l
	}
	same := func(*why.Line) {}
	for _, c := range []struct {
		name          string
		before, after *why.Line
		want          []want
	}{
		{
			"расход и тариф", with(metered("3.9", "39.8", 15522), same), with(metered("6.2", "43.12", 26734), func(l *why.Line) { l.RateFrom = 20261001 }),
			[]want{{why.Volume, 9154, "по счётчику 6,2 м³ вместо 3,9 м³"}, {why.Price, 2058, "тариф с 1 октября 43,12 ₽ вместо 39,80 ₽ за м³"}},
		},
		{
			"среднее вместо счётчика", with(metered("3.9", "168.78", 65824), same), with(metered("6.2", "168.78", 104644), func(l *why.Line) { l.Method = calc.ByAverage }),
			[]want{{why.Method, 38819, "показаний не было, взяли среднее – 6,2 м³ вместо 3,9 м³"}, {why.Rounding, 1, "округление до копейки"}},
		},
		{
			"повышающий коэффициент", with(metered("8", "40", 32000), func(l *why.Line) { l.Method = calc.ByNormative }),
			with(metered("8", "40", 32000), func(l *why.Line) { l.Method, l.Raised, l.Factor = calc.ByNormative, 64000, decimal.FromInt(3) }),
			[]want{{why.Method, 64000, "действует повышающий коэффициент 3"}},
		},
		{
			"на одного человека больше", with(metered("8", "40", 32000), func(l *why.Line) { l.Method, l.Persons = calc.ByNormative, num(t, "2") }),
			with(metered("12", "41", 49200), func(l *why.Line) { l.Method, l.Persons = calc.ByNormative, num(t, "3") }),
			[]want{{why.Persons, 16000, "считают на 3 чел. вместо 2"}, {why.Price, 1200, "тариф 41,00 ₽ вместо 40,00 ₽ за м³"}},
		},
		{
			"половина месяца", with(metered("50", "10", 50000), func(l *why.Line) { l.Method = calc.ByArea }),
			with(metered("25", "10", 25000), func(l *why.Line) { l.Method, l.Days, l.DaysOf = calc.ByArea, 15, 30 }),
			[]want{{why.Days, -25000, "посчитано 15 дн. из 30 вместо весь октябрь"}},
		},
		{
			"поставщик: тариф без объёма", plain("", "40", 16000), plain("", "42", 21000),
			[]want{{why.Volume, 4000, "объём примерно 5 вместо примерно 4"}, {why.Price, 1000, "тариф 42,00 ₽ вместо 40,00 ₽"}},
		},
		{
			"поставщик: объём без тарифа", plain("4", "", 16000), plain("5", "", 21000),
			[]want{{why.Volume, 4000, "объём 5 вместо 4"}, {why.Price, 1000, "тариф 42,00 ₽ вместо 40,00 ₽"}},
		},
		{
			"поставщик: одна сумма", plain("", "", 16000), plain("5", "42", 21000),
			[]want{{why.Unknown, 5000, "поставщик прислал сумму без объёма и тарифа: 210,00 ₽ вместо 160,00 ₽"}},
		},
		{
			"один из двух собственников", plain("50", "14.01", 35025), plain("50", "15", 37500),
			[]want{{why.Price, 2475, "тариф 15,00 ₽ вместо 14,01 ₽"}},
		},
		{"доля другая", plain("50", "14", 70000), plain("50", "14", 35000), []want{{why.Share, -35000, "начислено 0,5 от объём × тариф вместо 1"}}},
		{"ничего не израсходовано", plain("", "40", 0), plain("3", "42", 12600), []want{{why.Volume, 12000, "объём 3 вместо 0"}, {why.Price, 600, "тариф 42,00 ₽ вместо 40,00 ₽"}}},
		{"ни объёма, ни суммы", plain("", "", 0), plain("3", "42", 12600), []want{{why.Volume, 12600, "объём 3 вместо 0"}}},
		{"перестали тратить", plain("3", "42", 12600), plain("", "42", 0), []want{{why.Volume, -12600, "объём 0 вместо 3"}}},
		{"появилось", nil, plain("3", "42", 12600), []want{{why.Appeared, 12600, "в октябре такой строки не было"}}},
		{"исчезло", plain("3", "42", 12600), nil, []want{{why.Vanished, -12600, "в ноябре такой строки нет"}}},
		{"одни пени", nil, &why.Line{Key: "x", Title: "Начисления", Penalty: 397}, []want{{why.Penalty, 397, "пени 3,97 ₽ вместо 0,00 ₽"}}},
		{
			"перерасчёт, льгота, рассрочка", plain("3", "42", 12600), with(*plain("3", "42", 12600), func(l *why.Line) { l.Recalc, l.Benefit, l.PutOff = -5000, -2000, 1500 }),
			[]want{{why.Recalc, -5000, "перерасчёт −50,00 ₽ вместо 0,00 ₽"}, {why.Benefit, -2000, "льгота 20,00 ₽ вместо 0,00 ₽"}, {why.PutOff, 1500, "рассрочка 15,00 ₽ вместо 0,00 ₽"}},
		},
		{"второй диапазон", nil, with(*plain("30", "9", 27000), func(l *why.Line) { l.Band = 2 }), []want{{why.Volume, 27000, "израсходовано больше, часть пошла по более дорогому тарифу"}}},
		{"начался сезон", with(line(t, "Отопление", "", "4043.19", 0), same), with(line(t, "Отопление", "1.2", "4043.19", 485183), same), []want{{why.Volume, 485183, "начался отопительный сезон"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := why.Compare(list(c.before), list(c.after), october, november)
			parts := got.Lines[0].Parts
			if len(parts) != len(c.want) {
				t.Fatalf("%+v, want %+v", parts, c.want)
			}
			for i, w := range c.want {
				text := plainSpaces(got.Text(&parts[i]))
				if parts[i].Cause != w.cause || parts[i].Sum != w.sum || text != w.text {
					t.Errorf("%s %d «%s», want %s %d «%s»", parts[i].Cause.Code(), parts[i].Sum, text, w.cause.Code(), w.sum, w.text)
				}
			}
		})
	}
}

func list(l *why.Line) []why.Line {
	if l == nil {
		return nil
	}
	return []why.Line{*l}
}

func plainSpaces(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == '\u00a0' {
			out[i] = ' '
		}
	}
	return string(out)
}

// TestPartsAddUp: whatever two months hold, parts make lines, lines make the bill, the waterfall ends where the bill
// is, and folding loses nothing.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := month(t, "before"), month(t, "after")
		c := why.Compare(before, after, october, november)
		var lines, parts, bill, now money.Amount
		for i := range after {
			now += after[i].Sum()
		}
		for i := range c.Lines {
			l := &c.Lines[i]
			var sum money.Amount
			for _, p := range l.Parts {
				sum += p.Sum
				if p.Sum == 0 {
					t.Errorf("an empty part: %s", p.Cause.Code())
				}
			}
			if sum != l.Is-l.Was {
				t.Errorf("%s: parts %d, difference %d", l.Line().Title, sum, l.Is-l.Was)
			}
			lines += sum
			bill += l.Is
		}
		for i := range c.Parts {
			parts += c.Parts[i].Sum
			if text := c.Text(&c.Parts[i]); text == "" {
				t.Errorf("%s says nothing", c.Parts[i].Cause.Code())
			}
		}
		if lines != c.Delta() || parts != c.Delta() || bill != c.Is || now != c.Is {
			t.Errorf("lines %d, parts %d, difference %d; the bill %d of lines %d", lines, parts, c.Delta(), c.Is, bill)
		}
		at := c.Was
		for _, s := range c.Waterfall(6)[1:] {
			if !s.Total && s.From != at {
				t.Errorf("a step begins at %d, the one before ended at %d", s.From, at)
			}
			at = s.To
		}
		if at != c.Is || len(c.Waterfall(6)) > 8 {
			t.Errorf("the waterfall ends at %d, the bill is %d", at, c.Is)
		}
	})
}

// TestRoundingIsAKopeck: where volume, rate and sum agree, what the roundings leave stays under a kopeck a step.
func TestRoundingIsAKopeck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) why.Line {
			v, r := decimal.Decimal(rapid.Int64Range(0, 500_0000000).Draw(t, name+" volume")), decimal.Decimal(rapid.Int64Range(1, 5000_0000000).Draw(t, name+" rate"))
			kopecks, err := v.Exact().Times(r).Round(2)
			if err != nil {
				t.Fatal(err)
			}
			return why.Line{Key: "x", Title: "x", Volume: v.Exact(), Rate: r.Exact(), Charge: money.Amount(kopecks)}
		}
		a, b := draw("a"), draw("b")
		for _, p := range why.Compare([]why.Line{a}, []why.Line{b}, october, november).Lines[0].Parts {
			switch {
			case p.Cause == why.Rounding && (p.Sum > 2 || p.Sum < -2):
				t.Errorf("rounding of %d kopecks", p.Sum)
			case p.Cause != why.Rounding && p.Cause != why.Volume && p.Cause != why.Price:
				t.Errorf("%s of %d", p.Cause.Code(), p.Sum)
			}
		}
	})
}

// month draws lines as suppliers and the engine give them: with volume and rate, one of them, none; sums that agree
// and that do not.
func month(t *rapid.T, name string) (out []why.Line) {
	n := rapid.IntRange(0, 6).Draw(t, name)
	for i := range n {
		if rapid.Bool().Draw(t, "absent") {
			continue
		}
		l := why.Line{Key: string(rune('a' + i)), Title: string(rune('а' + i)), Band: uint8(rapid.IntRange(0, 2).Draw(t, "band")), Method: calc.Method(rapid.IntRange(0, 10).Draw(t, "method"))}
		l.Volume = decimal.Decimal(rapid.Int64Range(-1, 300_0000000).Draw(t, "volume")).Exact()
		l.Rate = decimal.Decimal(rapid.Int64Range(0, 100_0000000).Draw(t, "rate")).Exact()
		l.Persons = decimal.Int(rapid.Int64Range(0, 90).Draw(t, "persons")).OverInt(30)
		l.Base = decimal.Decimal(rapid.Int64Range(0, 90_0000000).Draw(t, "base"))
		l.Days, l.DaysOf = int32(rapid.IntRange(0, 30).Draw(t, "days")), 30
		if kopecks, err := l.Volume.By(l.Rate).Round(2); err == nil && rapid.Bool().Draw(t, "agrees") {
			l.Charge = money.Amount(kopecks)
		} else {
			l.Charge = money.Amount(rapid.Int64Range(-100_000, 1_000_000).Draw(t, "charge"))
		}
		if rapid.Bool().Draw(t, "no volume") {
			l.Volume = decimal.Ratio{}
		}
		if rapid.Bool().Draw(t, "no rate") {
			l.Rate = decimal.Ratio{}
		}
		l.Raised = money.Amount(rapid.SampledFrom([]int64{0, 0, 5000}).Draw(t, "raised"))
		l.Recalc = money.Amount(rapid.SampledFrom([]int64{0, 0, -777}).Draw(t, "recalc"))
		l.Benefit = money.Amount(rapid.SampledFrom([]int64{0, 0, -1}).Draw(t, "benefit"))
		l.Penalty = money.Amount(rapid.SampledFrom([]int64{0, 0, 397}).Draw(t, "penalty"))
		out = append(out, l)
	}
	return out
}

// TestSmallPartsAreFolded: under 10 ₽ and under 1 % of the difference; one of the two is not enough.
func TestSmallPartsAreFolded(t *testing.T) {
	sum := func(title string, charge money.Amount) why.Line { return line(t, title, "", "", charge) }
	before := []why.Line{sum("а", 100000), sum("б", 10000), sum("в", 10000), sum("г", 10000)}
	after := []why.Line{sum("а", 200000), sum("б", 10999), sum("в", 11000), sum("г", 9500)}
	c := why.Compare(before, after, october, november)
	if len(c.Parts) != 3 || c.Parts[0].Sum != 100000 || c.Parts[1].Sum != 1000 || c.Parts[2].Cause != why.Other || c.Parts[2].Sum != 499 || c.Small != 2 {
		t.Errorf("%+v", c.Parts)
	}
	if got := c.Text(&c.Parts[2]); got != "2 мелкие причины вместе" {
		t.Error(got)
	}
	if s := c.Sentences(); len(s) != 2 {
		t.Errorf("%+v", s)
	}
	c = why.Compare([]why.Line{sum("а", 1000)}, []why.Line{sum("а", 1500)}, october, november)
	if len(c.Parts) != 1 || c.Parts[0].Cause != why.Unknown {
		t.Errorf("a change of 5 ₽ is all there is: %+v", c.Parts)
	}
}

// TestRenamedServiceIsTheSame: a supplier writes «ХВС» one month and «Холодная вода» the next.
func TestRenamedServiceIsTheSame(t *testing.T) {
	a, b := line(t, "Холодная вода", "3", "40", 12000), line(t, "Холодная вода", "4", "40", 16000)
	a.Key, a.Also, b.Key, b.Also = "7/1", "7/Холодная вода", "7/2", "7/Холодная вода"
	c := why.Compare([]why.Line{a}, []why.Line{b}, october, november)
	if len(c.Lines) != 1 || len(c.Parts) != 1 || c.Parts[0].Cause != why.Volume {
		t.Errorf("%+v", c.Lines)
	}
}
