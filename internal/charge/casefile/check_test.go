package casefile

import (
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
		{"penalty without debts", "expect: [{penalty_sum: 10}]", "строка 2: ожидание о долге, а раздела debts в случае нет"},
		{"payment to nobody", "debts: [{supplier: voda, month: 2026-01, amount: 5}]\npayments: [{date: 2026-02-01, amount: 5, supplier: teplo}]\nexpect: [{penalty_sum: 0}]", `нет долга поставщика "teplo"`},
		{"mistyped table of the catalogue", "month: 2026-02\ncatalog:\n  tarifs: []\naccount: {services: [heating]}\nexpect: [{amount: 1}]", "строка 4: В каталоге нет ключа \"tarifs\". Возможно, это tariffs?"},
		{"unknown policy", "month: 2026-02\ncatalog: {policies: [{policy: true_up, value: all}]}\naccount: {services: [heating]}\nexpect: [{amount: 1}]", "строка 3: Правило true_up не бывает \"all\""},
		{"late catalogue of no day", "month: 2026-02\nlate_catalog: [{tariffs: []}]", "late_catalog: добавьте recorded"},
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

// errorOf is what reading or computing a case says.
func errorOf(body string) string {
	cases, err := Read("проба.yaml", strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	v := Run(&cases[0], tariff.Standard())
	return v.Error
}
