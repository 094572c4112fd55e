package supplier

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// serviceTitles are services as suppliers' programs shorten them, in full (ux.md 11: a shortening is written out).
var serviceTitles = map[string]string{
	"хв": "Холодная вода", "хвс": "Холодная вода", "гв": "Горячая вода", "гвс": "Горячая вода", "во": "Водоотведение", "стоки": "Водоотведение", "отопл": "Отопление",
	"гв энергия": "Горячая вода: подогрев", "гвс тепло": "Горячая вода: подогрев", "гв носитель": "Горячая вода: сама вода", "гвс вода": "Горячая вода: сама вода",
	"полив сад": "Полив сада", "тко": "Вывоз мусора (ТКО)", "ээ": "Электроэнергия", "кр": "Взнос на капитальный ремонт", "ээ на сои": "Электроэнергия на общие нужды дома",
	"хв на сои": "Холодная вода на общие нужды дома", "гв на сои": "Горячая вода на общие нужды дома",
}

var serviceSigns = strings.NewReplacer("_", " ", ":", " ", ".", " ", "-", " ")

// ServiceTitle is a service for people. A line without one takes what its supplier sells, when that is one thing.
func ServiceTitle(service string, sold []string) string {
	if service == "" && len(sold) == 1 {
		service = sold[0]
	}
	if service == "" {
		return "Начисления"
	}
	folded := strings.Join(strings.Fields(serviceSigns.Replace(strings.ToLower(service))), " ")
	if title, ok := serviceTitles[folded]; ok {
		return title
	}
	return capital(service)
}

// capital makes the first letter large.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
