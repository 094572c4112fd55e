package why

import (
	"kvit/internal/charge/calc"
)

// readingDay is the last day of the month on which a reading still counts in it (Правила № 354, п. 31 «ж», 33 «ж»).
const readingDay = "25-го"

// Remedy is what the payer can do about a part; empty where there is nothing to do.
func (p *Part) Remedy() string {
	switch p.Cause {
	case Appeared:
		if !heats(p.After) {
			return "Если услуга незнакома, спросите поставщика"
		}
	case Method:
		return p.methodRemedy()
	case Volume:
		return p.volumeRemedy()
	case Price:
		return p.priceRemedy()
	case Persons:
		return "Сверьте, кто зарегистрирован и кто живёт временно"
	case Area:
		return "Сверьте с документами на жильё"
	case Share, Unknown:
		return "Спросите поставщика, из чего сложилась его сумма"
	case Recalc:
		return "Спросите поставщика, за что перерасчёт"
	case Penalty:
		if p.Sum > 0 {
			return "Оплатите долг – пени перестанут расти"
		}
	}
	return ""
}

func (p *Part) methodRemedy() string {
	switch {
	case p.After.Raised > p.Before.Raised:
		return "Поставьте или поверьте счётчик – коэффициент снимут"
	case p.After.Method == calc.ByAverage, p.After.Method == calc.ByNormative && p.Before.Method != calc.ByNormative:
		return "Передайте показания до " + readingDay + " – пересчитаем в следующем счёте"
	}
	return ""
}

func (p *Part) volumeRemedy() string {
	if p.Sum <= 0 || heats(p.line()) {
		return ""
	}
	switch p.line().Method {
	case 0, calc.ByMeter:
		return "Сверьте с показаниями своего счётчика"
	case calc.ByAverage, calc.ByNormative:
		return "Передайте показания до " + readingDay + " – пересчитаем в следующем счёте"
	}
	return ""
}

func (p *Part) priceRemedy() string {
	if p.After.RateDocument != "" {
		return "Документ: " + p.After.RateDocument
	}
	if p.Sum > 0 && p.After.Supplier != "" {
		return "Тариф прислал поставщик: " + p.After.Supplier
	}
	return ""
}
