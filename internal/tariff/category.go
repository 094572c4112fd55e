package tariff

import "cmp"

// categoryWords are the categories suppliers use most, in words.
var categoryWords = map[string]string{
	"gas_stove": "газовая плита", "electric_stove": "электрическая плита", "stove": "плита", "stove_heater": "плита и водонагреватель", "stove_no_hot_water": "плита без горячей воды",
	"lift": "с лифтом", "no_lift": "без лифта", "flat": "квартира", "house": "жилой дом", "dormitory": "общежитие", "standpipe": "уличная колонка", "bath_1200_shower": "ванна 1200 мм, душ", "bath_1500_shower": "ванна 1500 мм, душ", "bath_1650_shower": "ванна 1650 мм, душ", "bath_no_shower": "ванна без душа", "rural": "село", "urban": "город",
}

// CategoryWords is a category of an account or a house in words; one of an installation's own is shown by its code.
func CategoryWords(code string) string { return cmp.Or(categoryWords[code], code) }

// GroupWords are a group of services as people call it; a code nobody knows is said as it is.
func GroupWords(code string) string {
	words, ok := map[string]string{
		"utilities": "Коммунальные услуги", "housing": "Содержание жилья", "capital_repair": "Взнос на капитальный ремонт", "extra": "Дополнительные услуги", "": "Услуги",
	}[code]
	if !ok {
		return code
	}
	return words
}
