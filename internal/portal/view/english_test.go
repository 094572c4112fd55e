package view

import (
	"slices"
	"testing"

	"kvit/internal/web/webtest"
)

// sampleLang is the language the samples are drawn in.
var sampleLang = "ru"

// sampleNames are names of people, places, suppliers and papers in the samples: they stay as they are, in sentences too.
var sampleNames = []string{
	"Общество с ограниченной ответственностью", "Фонд капитального ремонта", "Рязанское отделение № 8606", "Банк Покров", "ПАО ", "АО ", "ООО ",
	"г. Рязань", "ул. Ленина", "ул. Мира", "ул. Садовая", "ул. Л***", "ул. Л…", "ул. М***", "ул. П***", "ул. С***", "кв. ",
	"20АА123456", "9Д4К-", "П-7Д4К2", "постановление № 118", "мама", "оператор Иванова", "Водоканал: ",
	"Ватериус", "банк чинит, заработает после", "К-2610", "Иванова А. П.",
}

// inEnglish gives samples by name, or all without names, drawn in English.
func inEnglish(names ...string) (list []webtest.Sample) {
	sampleLang = "en"
	defer func() { sampleLang = "ru" }()
	for _, s := range samples() {
		if len(names) == 0 || slices.Contains(names, s.Name) {
			list = append(list, webtest.Sample{Name: s.Name + "-english", Page: s.Page})
		}
	}
	return list
}

func TestEnglishIsComplete(t *testing.T) { webtest.English(t, inEnglish(), sampleNames...) }
