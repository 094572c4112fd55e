package losses

import (
	"fmt"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// UnitWord is a unit as people write it.
func UnitWord(unit string) string {
	switch tariff.Unit(unit) {
	case tariff.CubicMetre:
		return "м³"
	case tariff.KWh:
		return "кВт·ч"
	case tariff.Gcal:
		return "Гкал"
	}
	return unit
}

// shownDigits is how many digits of a volume a sentence shows: of heat the third one matters.
func shownDigits(unit string) uint8 {
	if tariff.Unit(unit) == tariff.Gcal {
		return 3
	}
	return 1
}

// Words is a volume for people: «1 240,5». A bare minus becomes the printed one.
func Words(q Quantity, unit string) string {
	return strings.Replace(decimal.Shown(q.Dec(), shownDigits(unit)), "-", "−", 1)
}

// with is a volume with its unit.
func with(q Quantity, unit string) string { return Words(q, unit) + "\u00a0" + UnitWord(unit) }

// say makes a sentence people are told.
func say(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// sentence tells the month in one breath.
func (s *Service) sentence(month calendar.Month) string {
	m, when := &s.Now, say("За %s", month.Word())
	if m.Preliminary {
		when = say("По данным на сегодня, за %s", month.Word())
	}
	switch {
	case m.House == nil && m.Flats() == 0:
		return say("%s данных нет.", when)
	case m.House == nil:
		return say("%s квартиры израсходовали %s. Показаний общедомового счётчика нет.", when, with(m.Flats(), s.Unit))
	case m.Loss == nil:
		return say("%s дом израсходовал %s. Расход квартир пока неизвестен.", when, with(*m.House, s.Unit))
	case *m.Loss < 0:
		return say("%s дом израсходовал %s. Квартирам начислили на %s больше.", when, with(*m.House, s.Unit), with(-*m.Loss, s.Unit))
	}
	flats := with(m.Flats(), s.Unit)
	if m.Common != 0 {
		flats = say("%s, общие нужды %s", flats, with(m.Common, s.Unit))
	}
	return say("%s дом израсходовал %s, из них квартиры %s. Потери %s (%s\u00a0%%).", when, with(*m.House, s.Unit), flats, with(*m.Loss, s.Unit), strings.Replace(m.LossPercent, ".", ",", 1))
}

// Bounds of what is odd about a house.
const (
	highPercent   = 30 // of loss in what the house used
	jumpTimes     = 2  // against what was usual
	jumpPercent   = 5  // of what the house used, at least
	usualMonthsOf = 3  // months before that tell what is usual
)

// anomalies are what is odd about the month asked for.
func (s *Service) anomalies() (list []Anomaly) {
	m := &s.Now
	add := func(code, says string) { list = append(list, Anomaly{Code: code, Says: says}) }
	before := s.Trend[:len(s.Trend)-1]
	switch last := before[len(before)-1]; {
	case m.Gap == string(fact.Unread):
		add("no_reading", say("Показаний общедомового счётчика за месяц нет."))
	case m.Gap == string(fact.Unverified):
		add("meter_unverified", say("Поверка общедомового счётчика кончилась: по нему не считают. Поверьте его или замените."))
	case m.broken:
		add("meter_broken", say("Общедомовой счётчик не работает. Проверьте, когда его починят."))
	case m.House == nil && last.House != nil:
		add("no_reading", say("Показаний общедомового счётчика за месяц нет, а в прошлом были."))
	}
	if m.Told != nil && m.House != nil {
		add("told_differs", say("Поставщик прислал %s, а по счётчику %s. Считаем по счётчику.", with(*m.Told, s.Unit), with(*m.House, s.Unit)))
	}
	if m.Loss == nil || *m.House <= 0 {
		return list
	}
	loss, house := m.Loss.Dec().Exact(), m.House.Dec().Exact()
	if loss.Sign() < 0 {
		add("negative", say("Квартирам начислили больше, чем показал общедомовой счётчик. Проверьте показания и счётчик дома."))
		return list
	}
	if loss.TimesInt(100).Cmp(house.TimesInt(highPercent)) > 0 {
		add("high", say("Теряется больше %d\u00a0%%. Проверьте трубы, счётчик дома и самовольные подключения.", highPercent))
	}
	if rest := *m.Loss + m.Common; s.CommonNorm != nil && rest > *s.CommonNorm {
		add("above_normative", say("На общие нужды и потери ушло %s, норматив на общее имущество %s.", with(rest, s.Unit), with(*s.CommonNorm, s.Unit)))
	}
	if usual, ok := usualLoss(before); ok && loss.TimesInt(100).Cmp(house.TimesInt(jumpPercent)) > 0 && loss.Cmp(usual.Dec().Exact().TimesInt(jumpTimes)) > 0 {
		add("jump", say("Обычно теряется %s, сейчас %s.", with(usual, s.Unit), with(*m.Loss, s.Unit)))
	}
	return list
}

// usualLoss is the median of what was lost in the months before, a loss below zero taken for none.
func usualLoss(before []Month) (Quantity, bool) {
	var list []Quantity
	for i := range before {
		if before[i].Loss != nil {
			list = append(list, max(0, *before[i].Loss))
		}
	}
	if len(list) < usualMonthsOf {
		return 0, false
	}
	return median(list), true
}
