package casefile

import (
	"fmt"
	"strings"
	"testing"

	"kvit/internal/tariff"
)

// TestErrors writes what people write wrong: the message names the line and the way out.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"mistyped key", "month: 2026-02\nacount: {residents: 1}\nexpect: [{amount: 1}]", `строка 3: ключа "acount" здесь нет, возможно, account; бывают:`},
		{"mistyped key of a reading", "month: 2026-02\naccount:\n  services:\n    - service: cold_water\n      meters: [{reading: []}]", `строка 6: ключа "reading" здесь нет, возможно, readings`},
		{"no such day", "month: 2026-02\naccount: {services: [{service: cold_water, meters: [{readings: [{date: 2026-02-30, value: 1}]}]}]}", `строка 3: date: дата "2026-02-30": ожидается`},
		{"no such month", "month: февраль", `строка 2: month: месяц "февраль"`},
		{"no month", "account: {services: [cold_water]}\nexpect: [{amount: 1}]", "строка 3: не указан месяц: добавьте month"},
		{"no expectations", "month: 2026-02\naccount: {services: [cold_water]}", "добавьте expect"},
		{"no account", "month: 2026-02\nexpect: [{amount: 1}]", "строка 3: ожидание о начислении, а раздела account"},
		{"unknown service", "month: 2026-02\naccount:\n  services:\n    - cold_watr\nexpect: [{amount: 1}]", `строка 5: услуги "cold_watr" нет в каталоге, возможно, cold_water`},
		{"service by its name", "month: 2026-02\naccount:\n  services:\n    - холодная вода\nexpect: [{amount: 1}]", `услуги "холодная вода" нет в каталоге, возможно, cold_water`},
		{"unknown service expected", "month: 2026-02\naccount: {services: [cold_water]}\nexpect:\n  - {service: coldwater, amount: 1}", `строка 5: услуги "coldwater" нет в каталоге, возможно, cold_water`},
		{"unknown service of a benefit", "month: 2026-02\naccount:\n  services: [heating]\n  benefits:\n    - {services: [heat], percent: 50}\nexpect: [{amount: 1}]", `строка 6: услуги "heat" нет`},
		{"unknown category", "month: 2026-02\naccount: {services: [{service: electricity, category: rural}]}\nexpect: [{amount: 1}]", `строка 3: категория "rural" не встречается`},
		{"words for a number", "month: 2026-02\naccount: {area: пятьдесят}", `строка 3: площадь "пятьдесят": ожидается число м²`},
		{"table for a list", "month: 2026-02\naccount: {residents: {persons: 2}}", "строка 3: residents: ожидается список"},
		{"word for a list", "month: 2026-02\naccount: {services: cold_water}", `строка 3: services: "cold_water" не подходит, ожидается список`},
		{"list for a table", "month: 2026-02\nhouse: [1]", "строка 3: house: ожидается таблица ключей, а не список"},
		{"table for a word", "month: 2026-02\nhouse: {heating: {mode: {even: 1}}}", "строка 3: mode: ожидается слово"},
		{"yes in Russian", "month: 2026-02\naccount: {services: [{service: cold_water, meter_possible: да}]}", `meter_possible: "да" не подходит, ожидается true или false`},
		{"unknown act", "month: 2026-02\naccount: {services: [{service: cold_water, acts: [{date: 2026-01-01, act: refused}]}]}", `act: "refused" не бывает, возможно, refusal; бывает: refusal, repeat_refusal`},
		{"unknown event", "month: 2026-02\naccount: {services: [{service: cold_water, events: [{event: outtage}]}]}", `возможно, outage`},
		{"unknown kind", "month: 2026-02\naccount: {services: [cold_water]}\nexpect: [{kind: charges}]", `строка 4: kind: "charges" не бывает, возможно, charge`},
		{"unknown zone", "month: 2026-02\naccount: {services: [{service: electricity, volumes: [{zone: nigth, volume: 1}]}]}", `zone: "nigth" не бывает, возможно, night`},
		{"sum in words", "month: 2026-02\nexpect: [{amount: сто}]", "строка 3: сумма"},
		{"twice", "month: 2026-02\nmonth: 2026-03", "строка 3: ключ month уже стоит в строке 2"},
		{"below zero", "month: 2026-02\naccount: {residents: -1}", "строка 3: residents: -1 меньше нуля не бывает"},
		{"key left out", "month: 2026-02\nclosed: [{month: 2026-01}]", "строка 3: нет ключа on: добавьте его"},
		{"share that is none", "month: 2026-02\naccount: {services: [{service: maintenance, part: 0.5}]}\nexpect: [{amount: 1}]", `строка 3: part "0.5": ожидается доля, например 1/2`},
		{"returned before leaving", "month: 2026-02\naccount: {absences: [{left: 2026-02-20, returned: 2026-02-01}]}", "вернулись 2026-02-01 раньше, чем уехали 2026-02-20"},
		{"pay without debts", "pay: {amount: 100}", "добавьте debts"},
		{"sum written as a table", "debts:\n  - {month: 2025-01, amount: {sum: 5}}\nexpect: [{penalty_sum: 0}]", "строка 3: amount: ожидается сумма в рублях, а не таблица"},
		{"penalty sum of nobody", "debts: [{supplier: voda, month: 2025-01, amount: 5}]\nexpect: [{penalty_sum: {supplier: teplo, amount: 0}}]", `строка 3: supplier "teplo": такого долга в случае нет`},
		{"penalty sum without a sum", "debts: [{month: 2025-01, amount: 5}]\nexpect: [{penalty_sum: {month: 2025-01}}]", "строка 3: нет ключа amount"},
		{"pay for another service", "debts: [{service: waste, month: 2025-01, amount: 5}]\npay: {service: wastte, amount: 5}", `service "wastte": такого долга в случае нет, возможно, waste`},
		{"penalty without debts", "expect: [{penalty_sum: 10}]", "строка 2: ожидание о долге, а раздела debts в случае нет"},
		{"debt of an unknown service", "debts:\n  - {service: capital_repiar, month: 2025-01, amount: 5}\nexpect: [{penalty_sum: 0}]", `строка 3: услуги "capital_repiar" нет в каталоге, возможно, capital_repair`},
		{"balance of another service", "debts: [{service: waste, month: 2025-01, amount: 5}]\nexpect:\n  - {balance: {service: wastte, amount: 0}}", `строка 4: service "wastte": такого долга в случае нет, возможно, waste`},
		{"penalty of another supplier", "debts: [{supplier: voda, month: 2025-01, amount: 5}]\nexpect: [{supplier: teplo, penalty_sum: 0}]", `строка 3: supplier "teplo": такого долга в случае нет`},
		{"payment to nobody", "debts: [{supplier: voda, month: 2026-01, amount: 5}]\npayments: [{date: 2026-02-01, amount: 5, supplier: teplo}]\nexpect: [{penalty_sum: 0}]", `нет долга поставщика "teplo"`},
		{"mistyped table of the catalogue", "month: 2026-02\ncatalog:\n  tarifs: []\naccount: {services: [heating]}\nexpect: [{amount: 1}]", "строка 4: В каталоге нет ключа \"tarifs\". Возможно, это tariffs?"},
		{"unknown policy", "month: 2026-02\ncatalog: {policies: [{policy: true_up, value: all}]}\naccount: {services: [heating]}\nexpect: [{amount: 1}]", "строка 3: Правило true_up не бывает \"all\""},
		{"late catalogue of no day", "month: 2026-02\nlate_catalog: [{tariffs: []}]", "late_catalog: добавьте recorded"},
		{"comma inside braces", "month: 2026-02\nexpect: [{service: cold_water, amount: 91,22}]", `строка 3: запятая кончает значение: внутри { } вместо 91,22 пишите 91.22`},
		{"comma inside braces of the catalogue", "month: 2026-02\ncatalog: {tariffs: [{service: cold_water, value: 45,61}]}\naccount: {services: [cold_water]}\nexpect: [{amount: 1}]", `строка 3: Запятая кончает значение: внутри { } вместо 45,61 пишите 45.61`},
		{"bracket left open", "month: 2026-02\nexpect: [{amount: 1}", "в списке [ … ] пропущена запятая или закрывающая скобка"},
		{"tab", "month: 2026-02\naccount:\n\tresiduents: 1", "строка 4: значение начинается со знака"},
		{"quotes left open", "month: \"2026-02", "кавычки не закрыты"},
		{"other encoding", "title: \xcf\xf0\n", "строка 2: файл не в кодировке UTF-8"},
		{"key beside cases", "cases: [{month: 2026-02}]", `ключа "cases" здесь нет`},
		{"volume below zero", "month: 2026-02\naccount: {services: [{service: cold_water, volume: -2}]}", "строка 3: volume: -2 меньше нуля не бывает"},
		{"list for a number", "month: 2026-02\naccount: {services: [{service: cold_water, flat_rest: [1]}]}", "строка 3: flat_rest: ожидается число, а не список"},
		{"month that is none in a season", "month: 2026-02\nhouse: {heating: {months: [0, 13]}}", "строка 3: сезон: месяцы в списке – числа от 1 до 12"},
		{"season in words", "month: 2026-02\nhouse: {heating: {months: зимой}}", `строка 3: сезон "зимой": ожидается`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := errorOf("case: проба\n" + c.body)
			if !strings.HasPrefix(got, "проба.yaml") || !strings.Contains(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestDocuments parts a file into cases: empty documents are none, and a list stands alone.
func TestDocuments(t *testing.T) {
	const one = "case: a\nexpect: [{amount: 1}]\n"
	for _, c := range []struct {
		body string
		n    int
		want string
	}{
		{one + "---\n" + one + "---\n", 2, ""},
		{"---\n" + one, 1, ""},
		{"\xef\xbb\xbf" + strings.ReplaceAll(one, "\n", "\r\n"), 1, ""},
		{"cases:\n- case: a\n- case: b\n", 2, ""},
		{"- case: a\n- case: b\n", 2, ""},
		{"---\n---\n# ничего\n", 0, "проба.yaml: в файле нет случаев"},
		{"", 0, "проба.yaml: в файле нет случаев"},
		{"cases: {a: 1}\n", 0, "проба.yaml: строка 1: cases: ожидается список случаев"},
		{"cases:\n- case: a\nmonth: 2026-01\n", 0, "проба.yaml: строка 3: рядом с cases других ключей не бывает: month"},
	} {
		list, err := Read("проба.yaml", strings.NewReader(c.body))
		if said := fmt.Sprint(err); len(list) != c.n || err != nil && !strings.HasPrefix(said, c.want) || err == nil && c.want != "" {
			t.Errorf("%q: %d cases, %v", c.body, len(list), err)
		}
	}
}

// TestWhatNoLineAnswers expects figures of lines that are not there: nothing passes unseen.
func TestWhatNoLineAnswers(t *testing.T) {
	const facts = "month: 2026-02\ncatalog: {tariffs: [{service: cold_water, value: 40}, {service: maintenance, value: 3}]}\naccount: {area: 50, services: [{service: cold_water, volume: 2}, maintenance]}\n"
	for _, expect := range []string{
		"{service: sewage, amount: 0.00, rate: 5}", "{service: cold_water, kind: absence, lines: 0, days: 6}", "{service: cold_water, persons: 3}",
		"{service: cold_water, supplier: voda, amount: 80.00}", "{refused: нет в каталоге}", "{service: cold_water, issue: charge.no_rate, amount: 80.00}",
	} {
		cases, err := Read("проба.yaml", strings.NewReader("case: проба\n"+facts+"expect: ["+expect+"]"))
		if err != nil {
			t.Fatal(err)
		}
		if v := Run(&cases[0], tariff.Standard()); v.OK {
			t.Errorf("%s passed: %v", expect, v.Lines)
		}
	}
}

// errorOf is what reading or computing a case says.
func errorOf(body string) string {
	cases, err := Read("проба.yaml", strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	v := Run(&cases[0], tariff.Standard())
	return v.Error
}
