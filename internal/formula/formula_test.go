package formula_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kvit/internal/decimal"
	"kvit/internal/formula"
)

// household is a source of made-up figures.
type household struct {
	p      *formula.Program
	values map[string]string
	failed bool
}

func (h *household) Input(i int) decimal.Ratio {
	in := h.p.Inputs()[i]
	key := in.Figure.String()
	if in.Arg != "" {
		key += " " + in.Arg
	}
	d, err := decimal.Parse(h.values[key])
	if err != nil {
		d = 0
	}
	return d.Exact()
}

func (h *household) Fail() { h.failed = true }

func value(t *testing.T, text string, values map[string]string) (string, bool) {
	t.Helper()
	p, problems := formula.Compile(text)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", text, problems[0].Message)
	}
	h := &household{p: p, values: values}
	return p.Value(h).Text(12), !h.failed
}

// TestValuesAreExact holds formulas an operator may write to figures counted by hand.
func TestValuesAreExact(t *testing.T) {
	flat := map[string]string{
		"площадь": "54.3", "человек": "3", "тариф": "31.4", "дней": "10", "дней_в_месяце": "30", "месяц": "1", "площадь_дома": "5420.6", "комнат": "2",
		"объём cold_water": "6.586", "показатель этаж": "5", "есть_счётчик cold_water": "1", "доля": "0.5",
	}
	for _, c := range []struct{ text, want string }{
		{"0.1 + 0.2", "0.3"},
		{"0.1 * 3 == 0.3 ? 1 : 2", "1"},
		{"площадь * тариф", "1705.02"},
		{"мин(площадь * 3.2, 150)", "150"},
		{"МАКС(area * 3.2; 150)", ""},
		{"макс(area * 3.2, 150)", "173.76"},
		{"10 / 3 * 3", "10"},
		{"округл(10 / 3, 2)", "3.33"},
		{"округл(2.5, 0)", "3"},
		{"вниз(10 / 3, 2) + вверх(10 / 3, 2)", "6.67"},
		{"вниз(-0.5, 0)", "-1"},
		{"вверх(-0.5, 0)", "0"},
		{"округл(-2.5, 0)", "-3"},
		{"модуль(1 - 3)", "2"},
		{"показатель(\"этаж\") >= 2 ? 120 : 0", "120"},
		{"если(показатель('этаж') < 2, 0, 120)", "120"},
		{"Объем(«cold_water») × 0.5", "3.293"},
		{"есть_счётчик(\"cold_water\") ? 1 : 2", "1"},
		{"not has_meter(\"hot_water\") and persons > 2 ? 1 : 2", "1"},
		{"12000 * площадь / площадь_дома", "120.208095044828…"},
		{"делить(100, начислено(\"gas\"), 7)", "7"},
		{"делить(100, человек, 7) * 3", "100"},
		{"человек > 0 ? 90 / человек : 0", "30"},
		{"человек == 0 ? 0 : 90 / человек", "30"},
		{"человек >= 1 and 90 / человек > 20 ? 1 : 0", "1"},
		{"90 / (человек + 1)", "22.5"},
		{"90 / макс(человек, 1)", "30"},
		{"месяц in [11, 12, 1, 2, 3] ? 500 : 0", "500"},
		{"месяц in 5..9 ? 500 : 0", "0"},
		{"300 ÷ 30 − 1", "9"},
		{"тариф * дней / дней_в_месяце", "10.466666666666…"},
		{"-(доля - 1)", "0.5"},
		{"0.0000001 * 0.0000001 * 10000000 * 10000000", "1"},
		{"2 - 1 - 1", "0"},
		{"8 / 4 / 2", "1"},
	} {
		if c.want == "" {
			if _, problems := formula.Compile(c.text); len(problems) == 0 {
				t.Errorf("%s: compiled", c.text)
			}
			continue
		}
		if got, ok := value(t, c.text, flat); got != c.want || !ok {
			t.Errorf("%s = %s, want %s", c.text, got, c.want)
		}
	}
}

// TestRefusals: everything wrong is told at load, at its column, with a way out.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
		says   string
	}{
		{"площадь * тарриф", 11, "Показателя тарриф нет"},
		{"площадь + (человек > 2)", 20, "нужно число"},
		{"площадь ? 1 : 2", 1, "нужно условие"},
		{"площадь > 50", 9, "нужно число"},
		{"100 / человек", 7, "может быть нулём"},
		{"100 / 0", 7, "может быть нулём"},
		{"100 / (площадь - 50)", 16, "может быть нулём"},
		{"100 / объём(\"cold_water\")", 7, "может быть нулём"},
		{"человек > 1 or 100 / человек > 2 ? 1 : 2", 22, "может быть нулём"},
		{"человек > 0 ? 1 : 100 / человек", 25, "может быть нулём"},
		{"1e3 * площадь", 1, "Число 1e3 не годится"},
		{"0x10", 1, "Число 0x10 не годится"},
		{"площадь * 0.12345678", 11, "не больше 7 знаков"},
		{"1_000", 1, "не годится"},
		{"площадь ** 2", 9, "Знака ** в формулах нет"},
		{"площадь % 2", 9, "Знака % в формулах нет"},
		{"округл(площадь)", 1, "нужны число и знаков"},
		{"округл(площадь, человек)", 17, "целое число от 0 до 7"},
		{"округл(площадь, 8)", 17, "целое число от 0 до 7"},
		{"мин(площадь)", 1, "от двух до"},
		{"map(1..100000000, #)", 1, "Функции map нет"},
		{"sum([1, 2])", 1, "Функции sum нет"},
		{"let x = 2; x * x", 5, "Такого в формулах нет"},
		{"объём(cold_water)", 1, "одно слово в кавычках"},
		{"объём", 1, "назовите её в скобках"},
		{"площадь()", 1, "скобок не бывает"},
		{"мин", 1, "нужны скобки"},
		{"\"площадь\"", 1, "Слово в кавычках"},
		{"площадь *", 9, "Не разобрано"},
		{"площадь * 1,2", 12, "Не разобрано"},
		{"площадь и 2", 9, "Не разобрано"},
		{"[1, 2]", 1, "Такого в формулах нет"},
		{"площадь.этаж", 9, "Такого в формулах нет"},
		{"месяц in 5", 10, "нужен список"},
		{"", 1, "Не разобрано"},
		{strings.Repeat("1 + ", 400) + "1", 0, "Не разобрано"},
		{strings.Repeat(" ", 2001), 0, "длиннее"},
	} {
		p, problems := formula.Compile(c.text)
		if p != nil || len(problems) == 0 {
			t.Errorf("%.40s: compiled", c.text)
			continue
		}
		if got := problems[0]; c.column != 0 && got.Column != c.column || !strings.Contains(got.Message, c.says) {
			t.Errorf("%.40s: column %d, want %d: %s", c.text, got.Column, c.column, got.Message)
		}
	}
}

// TestAllProblemsAreTold: one load tells every mistake, on its line of the formula.
func TestAllProblemsAreTold(t *testing.T) {
	_, problems := formula.Compile("площад * 2\n+ 100 / человек\n+ вычесть(1, 2)")
	if len(problems) != 3 {
		t.Fatalf("%d problems, want 3: %v", len(problems), problems)
	}
	for i, p := range problems {
		if p.Line != i+1 {
			t.Errorf("problem %d on line %d", i, p.Line)
		}
	}
	if problems[0].Word != "площад" || len(problems[0].Known) == 0 {
		t.Errorf("an unknown word does not tell what it could be: %+v", problems[0])
	}
}

// TestWordsReadAsTheFormula: the words have the formula's meaning, brackets included.
func TestWordsReadAsTheFormula(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"мин(area * 3.2, 150)", "мин(площадь × 3,2; 150)"},
		{"(площадь + 2) * (тариф - (1 - доля)) / 2", "(площадь + 2) × (тариф − (1 − доля)) ÷ 2"},
		{"объём(\"cold_water\") / (2 * 3)", "объём cold_water ÷ (2 × 3)"},
		{"человек > 2 and месяц in 5..9 ? 1 : -площадь_дома", "если человек > 2 и месяц среди от 5 до 9, то 1, иначе −площадь дома"},
		{"1 + if(месяц in [1, 2], 1, 2)", "1 + (если месяц среди 1; 2, то 1, иначе 2)"},
		{"1 + (дней > 5 ? 1 : 2)", "1 + (если дней > 5, то 1, иначе 2)"},
	} {
		p, problems := formula.Compile(c.text)
		if len(problems) > 0 {
			t.Fatal(problems[0].Message)
		}
		got := p.Words(func(i int) string {
			in := p.Inputs()[i]
			return strings.TrimSpace(in.Figure.Words() + " " + in.Arg)
		})
		if got != c.want {
			t.Errorf("%s reads %q, want %q", c.text, got, c.want)
		}
	}
}

// TestFailureIsTold: what the checks could not see is a failure, never a zero or a panic.
func TestFailureIsTold(t *testing.T) {
	if _, ok := value(t, "100 / площадь", map[string]string{}); ok {
		t.Error("division by an area that is not known has a result")
	}
	if _, ok := value(t, "округл(площадь * 900000000000 * 900000000000, 7)", map[string]string{"площадь": "900000000000"}); ok {
		t.Error("a number beyond every range was rounded")
	}
}

// FuzzFormula: no text makes the loader or a formula panic, and what compiles reads back the same.
func FuzzFormula(f *testing.F) {
	for _, s := range []string{
		"мин(площадь * 3.2, 150)", "объём(\"cold_water\") * 0.1", "делить(1, человек, 0)", "месяц in 5..9 ? 1 : 2", "map(1..9, #)", "a.b?.c", "1 / (2 - 2)", "\"", "((((", "округл(1/3, 7)", "x | y",
	} {
		f.Add(s, int64(543), int64(0))
	}
	f.Fuzz(func(t *testing.T, text string, a, b int64) {
		late := time.AfterFunc(fuzzedMost, func() { panic(fmt.Sprintf("%q takes more than %s", text, fuzzedMost)) })
		defer late.Stop()
		p, problems := formula.Compile(text)
		if (p == nil) == (len(problems) == 0) {
			t.Fatalf("%q: program %v with %d problems", text, p != nil, len(problems))
		}
		if p == nil {
			return
		}
		s := &numbered{a, b, false}
		first := p.Value(s)
		if again := p.Value(s); !s.failed && first.Cmp(again) != 0 {
			t.Fatalf("%q gives %s, then %s", text, first.Text(9), again.Text(9))
		}
		if p.Words(func(int) string { return "x" }) == "" {
			t.Fatalf("%q has no words", text)
		}
	})
}

// fuzzedMost is far more than any formula may take, on a busy machine too.
const fuzzedMost = 10 * time.Second

// numbered gives figures by their number.
type numbered struct {
	a, b   int64
	failed bool
}

func (n *numbered) Input(i int) decimal.Ratio {
	return decimal.Decimal(n.a + int64(i)*n.b).Exact()
}

func (n *numbered) Fail() { n.failed = true }

// BenchmarkFormula is what a line by an operator's formula costs.
func BenchmarkFormula(b *testing.B) {
	p, problems := formula.Compile("макс(150, округл(площадь * 3.2, 2)) * человек")
	if len(problems) > 0 {
		b.Fatal(problems[0].Message)
	}
	s := &numbered{543_000_000, 30_000_000, false}
	b.ReportAllocs()
	for b.Loop() {
		p.Value(s)
	}
}
