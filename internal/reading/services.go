package reading

import (
	"strings"

	"kvit/internal/charge/calc"
	"kvit/internal/meter"
)

// serviceWords are services as files name them or the kinds of their meters, folded, by the codes of the catalogue.
var serviceWords = map[string]string{
	"хвс": "cold_water", "хв": "cold_water", "холодная": "cold_water", "холоднаявода": "cold_water", "холодноеводоснабжение": "cold_water",
	"гвс": "hot_water", "гв": "hot_water", "горячая": "hot_water", "горячаявода": "hot_water", "горячееводоснабжение": "hot_water",
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

// IsCalled tells whether people call a meter by a word: its service, or «№» with the number on it.
func (m *Meter) IsCalled(word string) bool {
	if serial, found := strings.CutPrefix(word, "№"); found {
		return m.Serial != "" && meter.FoldSerial(serial) == meter.FoldSerial(m.Serial)
	}
	return m.sells(word)
}

// ZoneCalled is the register of a meter that people call by a word; without one it is the only one.
func (m *Meter) ZoneCalled(word string) (calc.Zone, error) { return m.parseZone(word) }

// sells tells whether a meter counts a service, by its code or by its name in the catalogue.
func (m *Meter) sells(service string) bool {
	return m.Service == service || strings.EqualFold(foldName(m.Name), foldName(service)) || m.Service == serviceWords[foldName(service)]
}
