package reading

import (
	"slices"
	"strings"
)

// headerRows is how far down the row of names is looked for: titles stand above it.
const headerRows = 20

// columns are where in a row things stand: what a row has one of by its key, and the figures of registers by their names.
type columns struct {
	at    map[string]int
	zones []zoneColumn
}

// zoneColumn is a column with the figures of one register.
type zoneColumn struct {
	at   int
	zone string // as parseZone reads it
}

// columnNames are names of columns, folded, by what they hold. A name that begins so is meant too; whole ones must be equal.
var columnNames = []struct {
	key    string
	begins []string
	whole  []string
}{
	{"account", []string{"лицевойсчет", "лицевогосчета", "лицсч", "абонентскийномер", "кодабонента", "кодплательщика", "account"}, []string{"лс", "лсч", "лицевой", "абонент", "ls", "nls", "lschet", "lsch", "lic", "licschet", "licsch"}},
	{"house", []string{"коддома", "кодмкд", "адрес", "гуиддома", "фиас", "address"}, []string{"дом", "мкд", "house", "dom", "koddom", "adres", "adr"}},
	{"kind", []string{"типсчетчика", "типпу", "типприбора", "видсчетчика", "видпу", "видприбора", "ресурс", "видресурса"}, nil},
	{"tariffs", []string{"количествотарифов", "числотарифов", "тарифность"}, nil},
	{"meter", []string{"счетчика", "прибораучета", "приборучета", "заводск", "серийн", "зав", "serial", "meter", "идентификаторпу"}, []string{"счетчик", "прибора", "прибор", "пу", "ипу", "одпу", "sn", "pu", "npu", "nompu", "schnom", "nomsch", "zavn", "zavnom", "nschet"}},
	{"supplier", []string{"поставщик", "кодпоставщика", "supplier"}, nil},
	{"service", []string{"услуг", "видуслуги", "коммунальнаяуслуга", "service"}, []string{"usluga", "usl"}},
	{"period", []string{"расчетныйпериод", "отчетныйпериод", "месяц", "month"}, []string{"период", "period"}},
	{"date", []string{"датапередачи", "датапоказан", "датаснятия", "датасъема", "датаподачи", "датавнесения", "датаприема", "readingdate", "datereading"}, []string{"дата", "date", "data", "datpok", "datepok", "datapok"}},
	{"zone", []string{"зона", "тарифнаязона", "шкала", "регистр", "obis", "кодobis", "zone", "register"}, []string{"тариф", "tarif", "tariff"}},
	{"control", []string{"контрольн", "control"}, nil},
	{"source", []string{"источник", "каналпередачи", "способпередачи", "source"}, []string{"канал"}},
	{"confirm", []string{"confirm"}, nil},
	{"value", nil, []string{"текущее", "текущие", "новое", "цифры"}},
}

// figureNames begin the names of columns with figures; what follows names the register.
var figureNames = []string{"текущиепоказания", "текущеепоказание", "новыепоказания", "новоепоказание", "конечныепоказания", "конечноепоказание", "показания", "показание", "показ", "значение", "value", "reading", "pokazanie", "pokaz", "pok"}

// lastFigure are the words behind figureNames that say it is the latest figure.
var lastFigure = []string{"", "я", "текущее", "текущие", "тек", "прибораучета", "прибора", "счетчика", "пу", "ипу", "новое", "новые", "конечное", "конечные", "наконец", "наконецпериода", "tek", "cur", "current"}

// wordZones are names of columns that are registers by themselves.
var wordZones = []string{"т1", "т2", "т3", "т4", "день", "дневная", "дневное", "т1день", "деньт1", "ночь", "ночная", "ночное", "т2ночь", "ночьт2", "т1пик", "пикт1", "пик", "пиковая", "пиковое", "полупик", "полупиковая", "полупиковое", "т3полупик", "полупикт3", "day", "night", "peak", "halfpeak"}

// columnsOf reads a header; false when the row is none.
func columnsOf(cells []string) (c columns, found bool) {
	c.at = map[string]int{}
	for i, name := range cells {
		key, zone := columnKey(name)
		_, again := c.at[key]
		switch {
		case zone != "" && !slices.ContainsFunc(c.zones, func(z zoneColumn) bool { return z.zone == zone }):
			c.zones = append(c.zones, zoneColumn{i, zone})
		case key != "" && !again:
			c.at[key] = i
		}
	}
	_, account := c.at["account"]
	_, meter := c.at["meter"]
	_, value := c.at["value"]
	return c, (account || meter) && (value || len(c.zones) > 0)
}

// columnKey tells what a column holds by its name: a key, or the register whose figures stand there.
func columnKey(name string) (key, zone string) {
	if register := obisRegister(name); register != "" {
		return "", register
	}
	name = foldName(name)
	for _, x := range columnNames {
		if slices.Contains(x.whole, name) || slices.ContainsFunc(x.begins, func(b string) bool { return strings.HasPrefix(name, b) }) {
			return x.key, ""
		}
	}
	if z := zoneWord(name); z != "" {
		return "", z
	}
	for _, begin := range figureNames {
		if rest, ok := strings.CutPrefix(name, begin); ok {
			return figureKey(rest)
		}
	}
	return "", ""
}

// unitWords stand behind the names of columns with figures.
var unitWords = []string{"м3", "м³", "кубм", "квтч", "квт·ч", "гкал", "гдж"}

// figureKey tells what stands in a column of figures by what follows in its name: a figure of the past is nothing.
func figureKey(rest string) (key, zone string) {
	for _, unit := range unitWords {
		rest = strings.TrimSuffix(rest, unit)
	}
	if slices.Contains(lastFigure, rest) {
		return "value", ""
	}
	if len(rest) == 1 && rest[0] >= '1' && rest[0] <= '4' {
		return "", "т" + rest
	}
	return "", zoneWord(rest)
}

// zoneWord is the register a word of a header names; empty when it names none.
func zoneWord(word string) string {
	for _, around := range []string{"текущее", "текущие", "тек", "новое", "новые", "потарифу", "тариф", "зона"} {
		word = strings.TrimPrefix(strings.TrimSuffix(word, around), around)
	}
	if rest, ok := strings.CutPrefix(word, "t"); ok { // a Latin letter
		word = "т" + rest
	}
	if slices.Contains(wordZones, word) {
		return word
	}
	return ""
}

// foldName writes the name of a column as everybody's, without signs and without the word «номер» before it.
func foldName(s string) string {
	name := strings.NewReplacer("/", "", "-", "", "(", "", ")", "", ",", "", ":", "", "№", "", "*", "", "\n", "", "\r", "").Replace(foldColumn(s))
	for _, word := range []string{"номер", "nomer", "number"} {
		if rest := strings.TrimPrefix(name, word); rest != "" {
			name = rest
		}
	}
	return name
}
