package reading

import "strings"

// serviceWords are services as files name them or the kinds of their meters, folded, by the codes of the catalogue.
var serviceWords = map[string]string{
	"хвс": "cold_water", "хв": "cold_water", "холоднаявода": "cold_water", "холодноеводоснабжение": "cold_water",
	"гвс": "hot_water", "гв": "hot_water", "горячаявода": "hot_water", "горячееводоснабжение": "hot_water",
	"эл": "electricity", "ээ": "electricity", "электро": "electricity", "электричество": "electricity", "электроэнергия": "electricity", "электроснабжение": "electricity", "свет": "electricity",
	"тепло": "heating", "отопление": "heating", "теплоэнергия": "heating", "тепловаяэнергия": "heating", "теплоснабжение": "heating",
	"газ": "gas", "газоснабжение": "gas", "полив": "irrigation", "водоотведение": "sewage", "стоки": "sewage", "канализация": "sewage",
}

// serviceOf is the service of a row: by its code, by the word for it, or by the kind of the meter.
func serviceOf(service, kind string) string {
	for _, s := range []string{service, kind} {
		if code := serviceWords[foldName(s)]; code != "" {
			return code
		}
	}
	return service
}

// sells tells whether a meter counts a service, by its code or by its name in the catalogue.
func (m *Meter) sells(service string) bool {
	return m.Service == service || strings.EqualFold(foldName(m.Name), foldName(service)) || m.Service == serviceWords[foldName(service)]
}
