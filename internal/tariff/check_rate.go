package tariff

import (
	"slices"
	"strings"
)

func (k *checker) checkRate(r *Rate) {
	k.atLeastZero(&r.Origin, named{"value", r.Value})
	k.term(&r.Origin, r.Term)
	k.word(&r.Origin, "period", r.Period, []string{"month", "year"})
	if r.Band < 0 || r.Band > 9 {
		k.fault(&r.Origin, "band", "catalog.band", "Диапазон %d: бывают от 1 до 9, без ключа band диапазонов нет.", r.Band)
	}
	s, ok := k.service(&r.Origin, "service", r.Service)
	if !ok {
		return
	}
	k.checkZone(r, s)
	if k.word(&r.Origin, "component", r.Component, []string{"water", "heat"}) && r.Component != "" && s.Unit != CubicMetre {
		k.fault(&r.Origin, "component", "catalog.unit", "Компоненты бывают у горячей воды, а услуга %s считается в %s. Уберите component.", s.Code, s.Unit)
		return
	}
	k.checkPriceUnit(r, s)
}

func (k *checker) checkZone(r *Rate, s *Service) {
	fits := k.word(&r.Origin, "plan", r.Plan, plans)
	fits = k.word(&r.Origin, "zone", r.Zone, zones) && fits
	switch {
	case !fits || r.Plan == "" && r.Zone == "":
	case s.Unit != KWh:
		k.fault(&r.Origin, "zone", "catalog.zone", "Зоны суток бывают у электроэнергии, а услуга %s считается в %s. Уберите plan и zone.", s.Code, s.Unit)
	case r.Plan != "" && !slices.Contains(zonesOf(r.Plan), r.Zone):
		k.fault(&r.Origin, "zone", "catalog.zone", "В тарифе %s нет зоны %q. Зоны: %s.", r.Plan, r.Zone, zonesSaid(r.Plan))
	}
}

func zonesSaid(plan string) string {
	if plan == "single" {
		return "без ключа zone, цена одна на все сутки"
	}
	return strings.Join(zonesOf(plan), ", ")
}

// checkPriceUnit compares the price's unit with what the service is counted in; heat is always priced by Gcal.
func (k *checker) checkPriceUnit(r *Rate, s *Service) {
	want := s.Unit
	if r.Component == "heat" {
		want = Gcal
	}
	perMonth := want == SquareMetre || want == Person || want == Piece || s.Kind == ByFormula
	if r.Period == "year" && !perMonth {
		k.fault(&r.Origin, "period", "catalog.unit", "Цена за %s не бывает за год: сколько израсходовано, столько и платят. Уберите period.", want)
	}
	if r.Unit == "" {
		return
	}
	u, err := ParsePriceUnit(r.Unit)
	switch {
	case err != nil:
		k.fault(&r.Origin, "unit", "catalog.unit", "Единица цены %q не разобрана. Для услуги %s нужна RUB/%s.", r.Unit, s.Code, want)
	case u.Unit != want && s.Kind != ByFormula: // what a formula multiplies a price by is its own business
		k.fault(&r.Origin, "unit", "catalog.unit", "Цена услуги %s указана в %s, а нужна RUB/%s. Пересчитайте цену или исправьте единицу.", s.Code, r.Unit, want)
	case u.Year != (r.Period == "year") && (u.Year || u.Month):
		k.fault(&r.Origin, "period", "catalog.unit", "Единица %s и period: %s говорят разное. Оставьте что-то одно.", r.Unit, r.Period)
	case (u.Year || u.Month) && !perMonth:
		k.fault(&r.Origin, "unit", "catalog.unit", "Цена услуги %s указана в %s, а нужна RUB/%s без срока.", s.Code, r.Unit, want)
	}
}

func (k *checker) checkNormative(n *Normative) {
	k.atLeastZero(&n.Origin, named{"value", n.Value})
	k.term(&n.Origin, n.Term)
	k.season(&n.Origin, "months", n.Months)
	if n.Rooms < 0 || n.Persons < 0 {
		k.fault(&n.Origin, "rooms", "catalog.negative", "Ключи rooms и persons не бывают меньше нуля.")
	}
	s, ok := k.service(&n.Origin, "service", n.Service)
	if !k.word(&n.Origin, "purpose", n.Purpose, purposes) || !ok {
		return
	}
	m, err := ParseMeasure(n.Unit)
	if err != nil {
		k.fault(&n.Origin, "unit", "catalog.unit", "Единица норматива %q не разобрана. Для услуги %s нужна, например, %s.", n.Unit, s.Code, example(n, s))
		return
	}
	unit, bases := measureOf(n, s)
	if m.Unit != unit || !slices.Contains(bases, m.Base) {
		k.fault(&n.Origin, "unit", "catalog.unit", "Норматив услуги %s указан в %s, а нужна, например, %s.", s.Code, n.Unit, example(n, s))
	}
	if m.Period == PerSeason && len(n.Months) == 0 {
		k.fault(&n.Origin, "months", "catalog.month", "Норматив на сезон (%s), а месяцев сезона нет. Добавьте, например, months: [5, 6, 7, 8].", n.Unit)
	}
}

// measureOf is what a normative is counted in and what it may be multiplied by.
func measureOf(n *Normative, s *Service) (unit Unit, bases []string) {
	switch {
	case n.Purpose == ForHeatOfWater:
		return Gcal, []string{"m3"}
	case n.Purpose == ForCommon, s.Kind == Common:
		return s.Unit, []string{"m2"}
	case n.Purpose == ForHeating, s.Kind == Heating:
		return s.Unit, []string{"m2"}
	case s.Kind == Plot:
		return s.Unit, []string{"m2", "person", "head", "unit", "account", "car", "bath"}
	case s.Kind == PerArea:
		return s.Unit, []string{"m2"}
	case s.Kind == PerPerson:
		return s.Unit, []string{"person"}
	case s.Kind == PerUnit:
		return s.Unit, []string{"unit", "account", ""}
	}
	return s.Unit, []string{"person", "m2", "account", ""}
}

// example is a unit that fits.
func example(n *Normative, s *Service) string {
	unit, bases := measureOf(n, s)
	if n.Purpose == ForHeatOfWater {
		return "Gcal/m3"
	}
	return string(unit) + "/" + bases[0] + "/month"
}
