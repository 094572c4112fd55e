package record

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// ServiceWord is the name of a service of the standard catalogue; an installation's own is shown by its code.
func ServiceWord(code string) string {
	if s, ok := tariff.Standard().Service(code); ok && s.Name != "" {
		return s.Name
	}
	return code
}

// valueWords are the figures of facts in words.
var valueWords = map[string]string{
	"persons": "человек", "temporary": "временно", "area": "площадь, м²", "heatedArea": "отапливается, м²", "rooms": "комнат", "ownHeat": "своё отопление",
	"flatResidents": "жильцов во всей квартире", "livingArea": "жилая, м²", "flatLivingArea": "жилая всей квартиры, м²", "mode": "чьё начисление", "category": "категория",
	"meterPossible": "счётчик поставить можно", "included": "посчитано главным счётчиком", "quantity": "сколько", "share": "доля цены", "part": "доля", "flatRest": "остаток квартиры",
	"digits": "знаков", "registers": "зон", "verifiedUntil": "поверен по", "failed": "неисправен с", "gasFactor": "коэффициент", "value": "значение", "zone": "зона",
	"initial": "при установке", "name": "название", "services": "услуги", "percent": "процент", "withinNorm": "в пределах норматива", "netted": "уменьшает счёт", "fund": "платит",
	"on": "день", "kind": "вид", "volume": "объём", "power": "мощность, кВт", "days": "дней", "since": "с проверки", "factor": "множитель", "hours": "часов", "longest": "самый длинный, ч",
	"norm": "норма", "night": "ночью", "corner": "угловая комната", "case": "обстоятельство", "from": "с", "until": "по", "month": "месяц", "house": "весь дом", "count": "сколько",
	"amount": "сумма", "interest": "проценты", "commonArea": "общее имущество, м²", "ownHeatArea": "без центрального отопления, м²", "residents": "жильцов",
	"private": "жилой дом", "direct": "непосредственное управление", "heating": "отопление", "months": "месяцы", "hasMeter": "есть счётчик дома", "method": "способ", "heated": "отапливается, м²",
	"nonResidential": "нежилые", "unmetered": "по нормативу", "metered": "по счётчикам", "ownUse": "на приготовление", "meteredArea": "площадь со счётчиками", "allMetered": "счётчики у всех",
	"lastYear": "прошлый год", "actual": "решение собрания", "averageCommon": "среднее на общее имущество", "fuel": "топливо", "hotVolume": "горячая вода дома",
	"excess": "начислили лишнего", "applied": "обратились", "corrected": "исправили",
	"metersMissing": "месяц неисправности", "correction": "корректировка года", "hasValue": "измерено",
}

func valueWord(name string) string {
	if w, ok := valueWords[name]; ok {
		return w
	}
	return name
}

// codeWords are the codes figures of facts may be, in words.
var codeWords = map[string]string{
	"issued": "поставщика", "computed": "Квита", "compared": "поставщика, Квит сверяет",
	"day": "день", "night": "ночь", "peak": "пик", "half_peak": "полупик",
	"outage": "перерыв", "temperature": "температура", "pressure": "давление", "voltage": "напряжение", "delay": "не вывезли отходы",
	"refusal": "отказ в допуске", "repeat_refusal": "повторный отказ в допуске", "check": "проверка показаний", "unauthorised": "самовольное подключение", "impossible": "счётчик поставить нельзя",
	"tampering": "вмешательство в счётчик",
}

// sums are the figures in kopecks.
var sums = []string{"amount", "interest", "excess"}

// ValueText is a figure of a fact in words: «площадь 59,57 м²», «чьё начисление поставщика»; of a flag only its name.
func ValueText(name string, v any) string {
	word, unit, _ := strings.Cut(valueWord(name), ", ")
	text := ""
	switch x := v.(type) {
	case bool:
		return valueWord(name)
	case int64:
		if text = codeText(fmt.Sprint(x)); slices.Contains(sums, name) {
			text = money.Amount(x).Format()
		}
	case []string:
		words := make([]string, len(x))
		for i := range x {
			words[i] = ServiceWord(x[i])
		}
		text = strings.Join(words, ", ")
	default:
		text = codeText(fmt.Sprint(v))
	}
	if unit != "" {
		text += "\u00a0" + unit
	}
	return word + " " + text
}

// codeText is a code, a number or a date as people write it; words stay.
func codeText(s string) string {
	if w, ok := codeWords[s]; ok {
		return w
	}
	if len(s) > len("2026-") && s[len("2026")] == '-' { // not a reading of eight digits
		if d, err := calendar.ParseDate(s); err == nil {
			return d.Dotted()
		}
		if m, err := calendar.ParseMonth(s); err == nil {
			return m.Title()
		}
	}
	if _, err := decimal.Parse(s); err == nil {
		return decimal.Grouped(s, 0)
	}
	return tariff.CategoryWords(s)
}

// Titles are the kinds of facts in words, in the order they are shown.
var Titles = []struct {
	Kind  Kind
	Title string
}{
	{Residents, "Жильцы"}, {Owners, "Собственники"}, {Party, "Кто платит"}, {Absence, "Отсутствие"}, {Benefit, "Льготы"}, {Premises, "Помещение"},
	{Area, "Площадь с даты"}, {Service, "Услуги"}, {Meter, "Счётчики"}, {Verification, "Поверки"}, {GasFactor, "Коэффициенты газа"},
	{Reading, "Показания"}, {Act, "Акты"}, {Event, "Перерывы и качество"}, {Object, "На участке"}, {Instalment, "Рассрочка"},
	{Volume, "Объёмы без показаний"}, {Fine, "Штрафы поставщиков"}, {House, "Дом"}, {Resource, "Общедомовые счётчики"},
}

// TitleOf is a kind of facts in words.
func TitleOf(kind Kind) string {
	for _, t := range Titles {
		if t.Kind == kind {
			return t.Title
		}
	}
	return string(kind)
}

// About is what a fact is about: «Холодная вода, счётчик 4471201, счёт 1600123456».
func (k *Known) About() string {
	var about []string
	if k.Service != "" {
		about = append(about, ServiceWord(k.Service))
	}
	if k.Meter != "" {
		about = append(about, "счётчик "+k.Meter)
	}
	if k.Account != "" {
		about = append(about, "счёт "+k.Account)
	}
	return cmp.Or(strings.Join(about, ", "), "семья")
}

// Texts are the figures of a fact in words.
func (k *Known) Texts() (parts []string) {
	for _, name := range slices.Sorted(maps.Keys(k.Values)) {
		parts = append(parts, ValueText(name, k.Values[name]))
	}
	return parts
}

// TermText is when a fact holds.
func (k *Known) TermText() string {
	switch {
	case k.On == 0 && k.To == 0:
		return "всё время"
	case k.On != 0 && k.OneDay():
		return k.On.Dotted()
	case k.To == 0:
		return "с " + k.On.Dotted()
	case k.On == 0:
		return "по " + k.To.Dotted()
	}
	return k.On.Dotted() + " – " + k.To.Dotted()
}
