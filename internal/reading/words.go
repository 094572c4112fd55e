package reading

import (
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/meter"
)

// zoneCode is the catalogue's word of a register; empty for the only one.
func zoneCode(z calc.Zone) string {
	if z == calc.AllDay {
		return ""
	}
	return z.String()
}

// printed are the names of registers as they stand on devices.
var printed = map[calc.Zone]string{calc.Day: "Т1 день", calc.Night: "Т2 ночь", calc.Peak: "Т1 пик", calc.HalfPeak: "Т3 полупик"}

// ZoneTitle names a register as it is printed on the device; empty for the only one.
func (m *Meter) ZoneTitle(z calc.Zone) string {
	for i := range m.Named {
		if m.Named[i].Of() == z && len(m.Named) > 1 {
			return m.Named[i].Name + " " + z.Words()
		}
	}
	return printed[z]
}

func zoneList(zones []calc.Zone) string {
	names := make([]string, 0, len(zones))
	for _, z := range zones {
		if z == calc.AllDay {
			return "одна на весь день"
		}
		names = append(names, printed[z])
	}
	return strings.Join(names, ", ")
}

// parseZone reads the name of a register of the meter: the one on the device, where it is known, before all others.
func (m *Meter) parseZone(s string) (calc.Zone, error) {
	if code := obisRegister(s); code != "" {
		s = code
	}
	for i := range m.Named {
		if s != "" && meter.FoldName(m.Named[i].Name) == meter.FoldName(s) {
			return m.Named[i].Of(), nil
		}
	}
	return ParseZone(s, m.Zones)
}

// zoneSpelling takes from the name of a register what everybody writes in another way.
var zoneSpelling = strings.NewReplacer(" ", "", "-", "", "_", "", "(", "", ")", "", ".", "", "\u00a0", "", "ё", "е")

// zoneWords are the names of registers, folded. Т1 is not among them: of two registers it is the day, of three the peak.
var zoneWords = map[string]calc.Zone{
	"day": calc.Day, "день": calc.Day, "дневная": calc.Day, "дневной": calc.Day, "дневное": calc.Day, "т1день": calc.Day, "деньт1": calc.Day,
	"night": calc.Night, "ночь": calc.Night, "ночная": calc.Night, "ночной": calc.Night, "ночное": calc.Night, "т2": calc.Night, "т2ночь": calc.Night, "ночьт2": calc.Night,
	"peak": calc.Peak, "пик": calc.Peak, "пиковая": calc.Peak, "пиковый": calc.Peak, "пиковое": calc.Peak, "т1пик": calc.Peak, "пикт1": calc.Peak,
	"halfpeak": calc.HalfPeak, "полупик": calc.HalfPeak, "полупиковая": calc.HalfPeak, "полупиковый": calc.HalfPeak, "полупиковое": calc.HalfPeak, "т3": calc.HalfPeak, "т3полупик": calc.HalfPeak, "полупикт3": calc.HalfPeak,
}

// ParseZone reads the name of a register of a meter: the catalogue's word, the Russian one, what is printed on the device,
// or an OBIS code. A place in a row is no name.
func ParseZone(s string, zones []calc.Zone) (calc.Zone, error) {
	name := zoneSpelling.Replace(strings.ToLower(strings.TrimSpace(s)))
	if code := obisRegister(s); code != "" {
		name = code
	}
	name = strings.NewReplacer("t1", "т1", "t2", "т2", "t3", "т3").Replace(name) // a Latin letter on the device
	only := len(zones) == 1
	switch name {
	case "", "all", "всезоны", "сутки", "сут", "общий", "однотарифный", "allday", obisTotal:
		if only {
			return zones[0], nil
		}
		return 0, invalid("reading.which_zone", "У счётчика несколько тарифов: %s. Назовите, чьё показание.", zoneList(zones))
	case "т1":
		return firstRate(zones)
	}
	if z, known := zoneWords[name]; known {
		return oneOf(zones, s, z)
	}
	return 0, invalid("reading.zone", "Зона %q неизвестна. Бывает: день, ночь, пик, полупик.", s)
}

// firstRate is what Т1 counts: the only register, the day of two, the peak of three.
func firstRate(zones []calc.Zone) (calc.Zone, error) {
	day, peak := slices.Contains(zones, calc.Day), slices.Contains(zones, calc.Peak)
	switch {
	case len(zones) == 1:
		return zones[0], nil
	case day && !peak:
		return calc.Day, nil
	case peak && !day:
		return calc.Peak, nil
	}
	return 0, invalid("reading.which_zone", "У счётчика несколько тарифов: %s. Назовите, чьё показание.", zoneList(zones))
}

func oneOf(zones []calc.Zone, name string, z calc.Zone) (calc.Zone, error) {
	if slices.Contains(zones, z) {
		return z, nil
	}
	return 0, invalid("reading.other_zones", "Зоны «%s» у счётчика нет. Его зоны: %s.", name, zoneList(zones))
}

// says asks about a figure.
func (m *Meter) says(k DoubtKind, v Value, h history) string {
	var before decimal.Decimal
	if h.before != nil {
		before = h.before.Value
	}
	volume, _, _ := m.ran(before, v.Value)
	switch k {
	case Over:
		return fmt.Sprintf("Сейчас %s, а в прошлый раз было %s. Похоже, счётчик прошёл через ноль: вышло %s", Figure(v.Value), Figure(before), m.Measured(volume))
	case Lower:
		return fmt.Sprintf("Сейчас %s, а в прошлый раз было %s. Счётчик меняли?", Figure(v.Value), Figure(before))
	case Digit:
		if h.before == nil {
			return fmt.Sprintf("На счётчике %d знаков до запятой, а в показании больше. Похоже на лишнюю цифру", m.Digits)
		}
		return fmt.Sprintf("Получается %s%s. Похоже на лишнюю цифру", m.Measured(volume), m.ordinary(v.Zone, h))
	case High:
		return fmt.Sprintf("Получается %s%s. Проверьте цифры", m.Measured(volume), m.ordinary(v.Zone, h))
	case Pipe:
		return fmt.Sprintf("Получается %s – больше, чем могло пройти за это время. Проверьте цифры", m.Measured(volume))
	case Swapped:
		return "Похоже, цифры дня и ночи поменялись местами. Сверьте Т1 и Т2 на счётчике"
	case Later:
		return fmt.Sprintf("На %s уже есть показание меньше: %s. Проверьте день и цифры", h.after.On.Words(), Figure(h.after.Value))
	}
	return fmt.Sprintf("За этот день уже есть показание %s из другого источника. Заменить его?", Figure(h.today.Value))
}

// ordinary is what the household usually uses.
func (m *Meter) ordinary(zone calc.Zone, h history) string {
	average, ok := m.average(zone, h.before)
	if !ok {
		return ""
	}
	return " – обычно у вас " + m.Measured(average) + " в месяц"
}

// Figure writes a number as people do: a comma, three digits after it at most.
func Figure(v decimal.Decimal) string { return decimal.Shown(v, 3) }

// Measured is a volume with its unit.
func (m *Meter) Measured(v decimal.Decimal) string { return Figure(v) + "\u00a0" + m.Unit }

// notes tell what is to be known about a reading that is taken all the same.
func (m *Meter) notes(on calendar.Date, uncounted bool) (list []string) {
	if uncounted {
		list = append(list, "Показание приняли, но расход по нему не посчитать: оно меньше прошлого. Позвоните поставщику")
	}
	switch {
	case m.Failed != 0 && m.Failed <= on:
		list = append(list, "Счётчик неисправен с "+m.Failed.Words()+": платим не по показаниям, пока его не заменят")
	case m.Expired(on):
		list = append(list, m.ExpiredWords())
	}
	return list
}

// ExpiredWords tell what follows from a verification that ended.
func (m *Meter) ExpiredWords() string {
	if m.measure == "kWh" {
		return "Поверка истекла " + m.Verified.Words() + ". Показания принимаем, о замене решает поставщик"
	}
	return "Поверка истекла " + m.Verified.Words() + ". Три месяца считаем по среднему, потом по нормативу с повышением. Поверьте счётчик"
}

// SourceWords say where a reading came from to the household itself: files and programs of its suppliers are not told
// apart.
func SourceWords(source string) string {
	parts := strings.SplitN(source, ":", 3)
	if parts[0] == "reading" && len(parts) == 3 {
		return Channel(parts[1]).Words()
	}
	if parts[0] == "person" {
		return "записал расчётный центр"
	}
	return "от поставщика"
}
