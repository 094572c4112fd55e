package console

import "kvit/internal/tariff"

// catalogWord is the name of a service of the standard catalogue; an installation's own is shown by its code.
func catalogWord(code string) string {
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
	"amount": "сумма, коп.", "interest": "проценты, коп.", "commonArea": "общее имущество, м²", "ownHeatArea": "без центрального отопления, м²", "residents": "жильцов",
	"private": "жилой дом", "direct": "непосредственное управление", "heating": "отопление", "months": "месяцы", "hasMeter": "есть счётчик дома", "method": "способ", "heated": "отапливается, м²",
	"nonResidential": "нежилые", "unmetered": "по нормативу", "metered": "по счётчикам", "ownUse": "на приготовление", "meteredArea": "площадь со счётчиками", "allMetered": "счётчики у всех",
	"lastYear": "прошлый год", "actual": "решение собрания", "averageCommon": "среднее на общее имущество", "fuel": "топливо", "hotVolume": "горячая вода дома",
	"metersMissing": "месяц неисправности", "correction": "корректировка года", "hasValue": "измерено",
}

func valueWord(name string) string {
	if w, ok := valueWords[name]; ok {
		return w
	}
	return name
}
