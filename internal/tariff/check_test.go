package tariff

import (
	"strings"
	"testing"

	"kvit/internal/fault"
)

// base are services that the cases of refusals speak of; a case begins on line 9.
const base = `services:
  - {code: water, name: Вода, unit: m3, kind: metered, rules: water}
  - {code: hot, name: Горячая вода, unit: m3, kind: metered, rules: water}
  - {code: light, name: Свет, unit: kWh, kind: metered, rules: electricity}
  - {code: upkeep, name: Содержание, unit: m2, kind: per_area}
  - {code: waste, name: ТКО, unit: m3, kind: per_person}
  - {code: garden, name: Полив, unit: m3, kind: plot}
  - {code: warmth, name: Отопление, unit: Gcal, kind: heating, rules: heat}
`

// judge reads and checks a file made of base and a case.
func judge(t *testing.T, text string) (Faults, []Notice) {
	t.Helper()
	d, faults := Read("case.yaml", strings.NewReader(base+text))
	if len(faults) > 0 {
		return faults, d.Notices
	}
	return d.Catalog.Check()
}

func TestEveryRefusalHasItsPlace(t *testing.T) {
	for _, c := range []struct {
		name, text string
		code       string
		line       int
		says       string
	}{
		{"mistyped table", "tarifs: []", "catalog.key", 9, "tariffs"},
		{"mistyped key", "tariffs:\n  - {servise: water, value: 1}", "catalog.key", 10, "Возможно, это service?"},
		{"unknown key", "tariffs:\n  - {service: water, value: 1, effect: x}", "catalog.key", 10, "Бывают: service"},
		{"key twice", "tariffs:\n  - {service: water, value: 1, value: 2}", "catalog.twice", 10, "дважды"},
		{"table twice", "tariffs: []\ntariffs: []", "catalog.twice", 10, "дважды"},
		{"no value", "tariffs:\n  - {service: water}", "catalog.missing", 10, "value"},
		{"not a number", "tariffs:\n  - service: water\n    value: дорого", "catalog.value", 11, "нужно число"},
		{"not a date", "tariffs:\n  - {service: water, value: 1, from: 2026-02-30}", "catalog.value", 10, "нужно дата"},
		{"not a month", "due_days:\n  - {day: 10, from_month: осень}", "catalog.value", 10, "нужно месяц"},
		{"not an integer", "tariffs:\n  - {service: light, value: 1, band: первый}", "catalog.value", 10, "целое"},
		{"list for a value", "tariffs:\n  - {service: [water], value: 1}", "catalog.value", 10, "одно значение"},
		{"value for a list", "bands:\n  - {service: light, limits: {a: 1}}", "catalog.value", 10, "список"},
		{"table is a word", "tariffs: дорого", "catalog.shape", 9, "список строк"},
		{"row is a word", "tariffs:\n  - дорого", "catalog.shape", 10, "из ключей"},
		{"broken YAML", "tariffs:\n  - {service: water", "catalog.yaml", 9, "YAML"},
		{"two documents", "tariffs: []\n---\ntariffs: []", "catalog.yaml", 10, "После первого"},

		{"unknown service", "tariffs:\n  - {service: watter, value: 1}", "catalog.service", 10, "Возможно, это water?"},
		{"unknown service, none near", "tariffs:\n  - {service: elevator, value: 1}", "catalog.service", 10, "Опишите"},
		{"unknown zone", "tariffs:\n  - {service: light, zone: nigt, value: 1}", "catalog.word", 10, "night"},
		{"zone of another plan", "tariffs:\n  - {service: light, plan: two_zone, zone: peak, value: 1}", "catalog.zone", 10, "day, night"},
		{"zone of water", "tariffs:\n  - {service: water, zone: day, value: 1}", "catalog.zone", 10, "электроэнергии"},
		{"component of electricity", "tariffs:\n  - {service: light, component: heat, value: 1}", "catalog.unit", 10, "Компоненты"},
		{"band ten", "tariffs:\n  - {service: light, band: 10, value: 1}", "catalog.band", 10, "от 1 до 9"},
		{"negative price", "tariffs:\n  - {service: water, value: -1}", "catalog.negative", 10, "меньше нуля"},
		{"price in another unit", "tariffs:\n  - {service: water, value: 1, unit: RUB/kWh}", "catalog.unit", 10, "RUB/m3"},
		{"heat component by m3", "tariffs:\n  - {service: hot, component: heat, value: 1, unit: RUB/m3}", "catalog.unit", 10, "RUB/Gcal"},
		{"price unit of no form", "tariffs:\n  - {service: water, value: 1, unit: рублей}", "catalog.unit", 10, "не разобрана"},
		{"price of water a year", "tariffs:\n  - {service: water, value: 1, period: year}", "catalog.unit", 10, "за год"},
		{"price of water a month", "tariffs:\n  - {service: water, value: 1, unit: RUB/m3/month}", "catalog.unit", 10, "без срока"},
		{"unit and period differ", "tariffs:\n  - {service: upkeep, value: 1, unit: RUB/m2/month, period: year}", "catalog.unit", 10, "разное"},
		{"unknown period", "tariffs:\n  - {service: upkeep, value: 1, period: week}", "catalog.word", 10, "month, year"},
		{"term reversed", "tariffs:\n  - {service: water, value: 1, from: 2026-07-01, until: 2026-06-30}", "catalog.term", 10, "раньше"},
		{"unknown status", "tariffs:\n  - {service: water, value: 1, status: sure}", "catalog.word", 10, "verified"},

		{"overlap", "tariffs:\n  - {service: water, value: 1, from: 2026-01-01}\n  - {service: water, value: 2, from: 2026-07-01}", "catalog.overlap", 11, "case.yaml:10"},
		{"overlap over a row between", "tariffs:\n  - {service: water, value: 1, from: 2026-01-01, until: 2026-12-31}\n  - {service: water, value: 2, from: 2025-01-01, until: 2025-12-31}\n  - {service: water, value: 3, from: 2026-12-31}", "catalog.overlap", 12, "2026-12-31"},
		{"gap", "tariffs:\n  - {service: water, value: 1, from: 2026-01-01, until: 2026-06-29}\n  - {service: water, value: 2, from: 2026-07-01}", "catalog.gap", 11, "с 2026-06-30 по 2026-06-30"},
		{"gap of a band", "tariffs:\n  - {service: light, band: 2, value: 1, until: 2025-12-31}\n  - {service: light, band: 2, value: 1, from: 2026-01-02}\n  - {service: light, band: 1, value: 1}", "catalog.gap", 11, "light, 2"},
		{"gap of factors", "factors:\n  - {service: water, value: 1.5, until: 2025-12-04}\n  - {service: water, value: 3, from: 2025-12-06}", "catalog.gap", 11, "2025-12-05"},
		{"gap of due days", "due_days:\n  - {day: 10, until_month: 2026-01}\n  - {day: 15, from_month: 2026-03}", "catalog.gap", 11, "с 2026-02-01 по 2026-02-28"},
		{"overlap of penalty rates", "penalty_rates:\n  - {rule: key, from: 2016-01-01}\n  - {rule: min, rate: 9.5, from: 2022-02-28}", "catalog.overlap", 11, "2022-02-28"},
		{"overlap of stages", "penalty_stages:\n  - {day: 31, over: 300}\n  - {day: 31, over: 130}", "catalog.overlap", 11, "начала"},
		{"overlap of policies", "policies:\n  - {policy: true_up, value: full}\n  - {policy: true_up, value: none}", "catalog.overlap", 11, "true_up"},
		{"overlap of quality", "quality:\n  - {service: water, event: outage, percent: 0.15}\n  - {service: water, event: outage, percent: 0.2}", "catalog.overlap", 11, "outage"},
		{"overlap of bands", "bands:\n  - {service: light, limits: [100]}\n  - {service: light, limits: [200]}", "catalog.overlap", 11, "light"},
		{"overlap of social norms", "social_norms:\n  - {service: light, per_person: 75}\n  - {service: light, per_person: 50, months: [1]}", "catalog.overlap", 11, "light"},
		{"key rate twice", "key_rates:\n  - {from: 2026-01-01, rate: 16}\n  - {from: 2026-01-01, rate: 15}", "catalog.overlap", 11, "2026-01-01"},
		{"overlap of a season", "normatives:\n  - {service: garden, value: 1, unit: m3/m2/month, months: 5-8}\n  - {service: garden, value: 2, unit: m3/m2/month, months: [8, 9]}", "catalog.overlap", 11, "garden"},

		{"normative in another unit", "normatives:\n  - {service: water, value: 1, unit: kWh/person/month}", "catalog.unit", 10, "m3/person/month"},
		{"normative by another base", "normatives:\n  - {service: warmth, value: 1, unit: Gcal/person/month}", "catalog.unit", 10, "Gcal/m2/month"},
		{"normative of common property by persons", "normatives:\n  - {service: light, purpose: common, value: 1, unit: kWh/person/month}", "catalog.unit", 10, "kWh/m2/month"},
		{"heat of water by persons", "normatives:\n  - {service: hot, purpose: heat_of_water, value: 1, unit: Gcal/person}", "catalog.unit", 10, "Gcal/m3"},
		{"normative unit of no form", "normatives:\n  - {service: water, value: 1, unit: m3/person/day/night}", "catalog.unit", 10, "не разобрана"},
		{"unknown purpose", "normatives:\n  - {service: water, purpose: cooling, value: 1, unit: m3/person/month}", "catalog.word", 10, "cooking"},
		{"month thirteen", "normatives:\n  - {service: garden, value: 1, unit: m3/m2/month, months: [5, 13]}", "catalog.month", 10, "13"},
		{"month twice", "normatives:\n  - {service: garden, value: 1, unit: m3/m2/month, months: [5, 5]}", "catalog.month", 10, "дважды"},
		{"season without months", "normatives:\n  - {service: garden, value: 1, unit: m3/m2/season}", "catalog.month", 10, "сезон"},
		{"negative rooms", "normatives:\n  - {service: light, rooms: -1, value: 1, unit: kWh/person/month}", "catalog.negative", 10, "rooms"},

		{"factor below one", "factors:\n  - {service: water, value: 0.7}", "catalog.factor", 10, "меньше единицы"},
		{"bands falling", "bands:\n  - {service: light, limits: [6000, 3900]}", "catalog.band", 10, "расти"},
		{"no bands", "bands:\n  - {service: light, limits: []}", "catalog.band", 10, "3900"},
		{"season factor without months", "bands:\n  - {service: light, limits: [1], season_factor: 1.8}", "catalog.band", 10, "season_months"},
		{"empty social norm", "social_norms:\n  - {service: light}", "catalog.norm", 10, "пуста"},
		{"unknown policy", "policies:\n  - {policy: true_upp, value: full}", "catalog.word", 10, "true_up"},
		{"unknown value of a policy", "policies:\n  - {policy: true_up, value: half}", "catalog.policy", 10, "average_only"},
		{"policy number of words", "policies:\n  - {policy: average_limit, value: три}", "catalog.policy", 10, "целое число"},
		{"policy of no rules", "policies:\n  - {policy: true_up, rules: fire, value: full}", "catalog.word", 10, "Бывают: water"},

		{"percent above a hundred", "quality:\n  - {service: water, event: outage, percent: 101}", "catalog.percent", 10, "от 0 до 100"},
		{"negative allowance", "quality:\n  - {service: water, event: outage, percent: 1, allowed: -8}", "catalog.negative", 10, "allowed"},
		{"norms reversed", "quality:\n  - {service: hot, event: temperature, percent: 0.1, norm: 75, norm_max: 60}", "catalog.range", 10, "ниже"},
		{"case reversed", "quality:\n  - {service: warmth, event: outage, percent: 0.1, at_once: [{low: 18, high: 12, hours: 16}]}", "catalog.range", 10, "наоборот"},
		{"negative hours at once", "quality:\n  - {service: warmth, event: outage, percent: 0.1, at_once: [{hours: -1}]}", "catalog.negative", 10, "перерыв"},
		{"event of spaces", "quality:\n  - {service: hot, event: very cold, percent: 0.1}", "catalog.word", 10, "outage"},

		{"unknown penalty rule", "penalty_rates:\n  - {rule: max, rate: 9.5}", "catalog.word", 10, "min"},
		{"penalty without a rate", "penalty_rates:\n  - {rule: min}", "catalog.regime", 10, "9.5"},
		{"key rule with a rate", "penalty_rates:\n  - {rule: key, rate: 9.5}", "catalog.regime", 10, "Уберите rate"},
		{"penalty of 300 percent", "penalty_rates:\n  - {rule: fixed, rate: 300}", "catalog.percent", 10, "от 0 до 100"},
		{"stage of day zero", "penalty_stages:\n  - {day: 0, over: 300}", "catalog.stage", 10, "с 1"},
		{"stage of a negative part", "penalty_stages:\n  - {day: 31, over: -300}", "catalog.negative", 10, "300"},
		{"moratorium without a day", "moratoria:\n  - {until: 2020-12-31}", "catalog.missing", 10, "from"},
		{"due day 32", "due_days:\n  - {day: 32}", "catalog.due", 10, "31"},
		{"due months reversed", "due_days:\n  - {day: 10, from_month: 2026-03, until_month: 2026-01}", "catalog.term", 10, "раньше"},
		{"key rate above a hundred", "key_rates:\n  - {from: 2026-01-01, rate: 1600}", "catalog.percent", 10, "от 0 до 100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			faults, _ := judge(t, c.text+"\n")
			if len(faults) != 1 {
				t.Fatalf("%d faults, want one: %v", len(faults), faults)
			}
			f := faults[0]
			if f.Code != c.code || f.Place != (fault.Place{File: "case.yaml", Pos: c.line, Unit: "line"}) || !strings.Contains(f.Message, c.says) {
				t.Errorf("got %v, want %s on line %d with %q", f, c.code, c.line, c.says)
			}
		})
	}
}

// TestRefusalsOfServices: a case is a whole file.
func TestRefusalsOfServices(t *testing.T) {
	const water = "services:\n  - {code: water, name: Вода, unit: m3, kind: metered}\n"
	for _, c := range []struct {
		name, text string
		code       string
		line       int
		says       string
	}{
		{"twice", water + "  - {code: water, name: Вода, unit: m3, kind: metered}", "catalog.twice", 3, "f.yaml:2"},
		{"code of capitals", "services:\n  - {code: Water, name: Вода, unit: m3, kind: metered}", "catalog.code", 2, "латинские"},
		{"group of Russian letters", "services:\n  - {code: water, name: Вода, unit: m3, kind: metered, group: вода}", "catalog.code", 2, "Группа"},
		{"unknown unit", "services:\n  - {code: water, name: Вода, unit: m4, kind: metered}", "catalog.word", 2, "m3"},
		{"unknown kind", "services:\n  - {code: water, name: Вода, unit: m3, kind: meterd}", "catalog.word", 2, "metered"},
		{"unknown rules", "services:\n  - {code: water, name: Вода, unit: m3, kind: metered, rules: watr}", "catalog.word", 2, "water"},
		{"dial of 13 digits", "services:\n  - {code: water, name: Вода, unit: m3, kind: metered, dial: 13}", "catalog.dial", 2, "12"},
		{"negative step", "services:\n  - {code: water, name: Вода, unit: m3, kind: metered, step: -1}", "catalog.negative", 2, "step"},
		{"no links", "services:\n  - {code: sewage, name: Стоки, unit: m3, kind: linked}", "catalog.link", 2, "links"},
		{"links of a metered service", water + "  - {code: hot, name: ГВС, unit: m3, kind: metered, links: [{service: water, factor: 1}]}", "catalog.link", 3, "linked"},
		{"link to nothing", water + "  - {code: sewage, name: Стоки, unit: m3, kind: linked, links: [{service: watr, factor: 1}]}", "catalog.service", 3, "water"},
		{"link twice", water + "  - {code: sewage, name: Стоки, unit: m3, kind: linked, links: [{service: water, factor: 1}, {service: water, factor: 1}]}", "catalog.link", 3, "дважды"},
		{"link of nothing", water + "  - {code: sewage, name: Стоки, unit: m3, kind: linked, links: [{service: water, factor: 0}]}", "catalog.link", 3, "factor 0"},
		{"link without a factor", water + "  - {code: sewage, name: Стоки, unit: m3, kind: linked, links: [{service: water}]}", "catalog.missing", 3, "factor"},
		{"mistyped key of a link", water + "  - {code: sewage, name: Стоки, unit: m3, kind: linked, links: [{service: water, factr: 1, factor: 1}]}", "catalog.key", 3, "factor"},
		{"link of another unit", water + "  - {code: heat, name: Тепло, unit: Gcal, kind: linked, links: [{service: water, factor: 1}]}", "catalog.unit", 3, "не складываются"},
		{"cycle", "services:\n  - {code: a, name: А, unit: m3, kind: linked, links: [{service: b, factor: 1}]}\n  - {code: b, name: Б, unit: m3, kind: linked, links: [{service: a, factor: 1}]}", "catalog.cycle", 2, "a → b → a"},
		{"common without a resource", "services:\n  - {code: soi, name: СОИ, unit: m3, kind: common}", "catalog.link", 2, "resource"},
		{"resource of a metered service", water + "  - {code: hot, name: ГВС, unit: m3, kind: metered, resource: water}", "catalog.link", 3, "common"},
		{"resource of another unit", water + "  - {code: soi, name: СОИ, unit: kWh, kind: common, resource: water}", "catalog.unit", 3, "совпадать"},
		{"formula of none", "services:\n  - {code: x, name: Х, unit: m3, kind: formula}", "catalog.formula", 2, "formula"},
		{"formula of a metered service", "services:\n  - {code: x, name: Х, unit: m3, kind: metered, formula: a}", "catalog.formula", 2, "Уберите"},
		{"no tables", "- 1", "catalog.shape", 1, "services"},
		{"empty", "  \n", "catalog.empty", 1, "tariffs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, faults := Read("f.yaml", strings.NewReader(c.text))
			if len(faults) == 0 {
				faults, _ = d.Catalog.Check()
			}
			if len(faults) != 1 || faults[0].Code != c.code || faults[0].Place.Pos != c.line || !strings.Contains(faults[0].Message, c.says) {
				t.Errorf("got %v, want one %s on line %d with %q", faults, c.code, c.line, c.says)
			}
		})
	}
}

// TestAllFaultsAreTold: not only the first, in the order of lines.
func TestAllFaultsAreTold(t *testing.T) {
	faults, _ := judge(t, "tariffs:\n  - {service: none_such, value: -1}\n  - {service: water, value: 1, unit: RUB/kWh, until: 2020-01-01, from: 2021-01-01}\nfactors:\n  - {service: water, value: 0.5}\n")
	var codes []string
	last := 0
	for _, f := range faults {
		codes = append(codes, f.Code)
		if f.Place.Pos < last {
			t.Errorf("line %d after %d", f.Place.Pos, last)
		}
		last = f.Place.Pos
	}
	if got := strings.Join(codes, " "); got != "catalog.negative catalog.service catalog.term catalog.unit catalog.factor" {
		t.Errorf("got %s", got)
	}
	if fault.CodeOf(faults.err()) != "catalog.negative" || !strings.Contains(faults.Error(), "и ещё 4") {
		t.Errorf("as an error: %v", faults.err())
	}
}

// TestWhatIsRightPasses: seasons, months split between rows, zones, an old hole, a price that becomes banded.
func TestWhatIsRightPasses(t *testing.T) {
	for name, text := range map[string]string{
		"season":        "normatives:\n  - {service: garden, value: 1, unit: m3/m2/month, months: 5-8}\n",
		"two seasons":   "normatives:\n  - {service: garden, value: 1, unit: m3/m2/month, months: 5-8}\n  - {service: garden, value: 2, unit: m3/sotka/season, months: [4, 9]}\n",
		"winter":        "normatives:\n  - {service: warmth, value: 1, unit: Gcal/m2/month, months: 10-4}\n",
		"zones":         "tariffs:\n  - {service: light, plan: two_zone, zone: day, value: 1}\n  - {service: light, plan: two_zone, zone: night, value: 1}\n  - {service: light, zone: all, value: 1}\n",
		"banded":        "tariffs:\n  - {service: light, value: 1, until: 2024-12-31}\n  - {service: light, band: 1, value: 1, from: 2025-01-01}\n  - {service: light, band: 2, value: 2, from: 2025-01-01}\n",
		"no bands more": "tariffs:\n  - {service: light, value: 1, until: 2024-12-31}\n  - {service: light, band: 1, value: 1, from: 2025-01-01, until: 2025-12-31}\n  - {service: light, value: 2, from: 2026-01-01}\n",
		"price a year":  "tariffs:\n  - {service: upkeep, value: 120, unit: RUB/m2/year}\n",
		"components":    "tariffs:\n  - {service: hot, component: water, value: 1, unit: RUB/m3}\n  - {service: hot, component: heat, value: 1, unit: RUB/Gcal}\nnormatives:\n  - {service: hot, purpose: heat_of_water, value: 0.06, unit: Gcal/m3}\n",
		"policy pause":  "policies:\n  - {policy: true_up, value: none, until: 2025-12-31}\n  - {policy: average_limit, value: none, from: 2026-06-01}\n",
	} {
		t.Run(name, func(t *testing.T) {
			if faults, notices := judge(t, text); len(faults) > 0 || len(notices) > 0 {
				t.Error(faults, notices)
			}
		})
	}
	faults, notices := judge(t, "tariffs:\n  - {service: water, value: 1, from: 2015-01-01, until: 2016-12-31}\n  - {service: water, value: 2, from: 2022-01-01, until: 2025-12-31}\n  - {service: water, value: 3, from: 2026-01-01}\n")
	if len(faults) > 0 || len(notices) != 1 || notices[0].Place.Line != 11 {
		t.Errorf("an old hole: %v %v", faults, notices)
	}
}
