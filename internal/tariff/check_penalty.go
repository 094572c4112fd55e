package tariff

func (k *checker) checkPenalty() {
	for i := range k.c.Regimes {
		k.checkRegime(&k.c.Regimes[i])
	}
	for i := range k.c.Stages {
		k.checkStage(&k.c.Stages[i])
	}
	for i := range k.c.Moratoria {
		m := &k.c.Moratoria[i]
		k.term(&m.Origin, m.Term)
		if m.From == 0 {
			k.fault(&m.Origin, "from", "catalog.missing", "У моратория нет первого дня. Добавьте from.")
		}
	}
	for i := range k.c.DueDays {
		k.checkDueDay(&k.c.DueDays[i])
	}
	for i := range k.c.KeyRates {
		r := &k.c.KeyRates[i]
		if !fitsPercent(r.Rate) {
			k.fault(&r.Origin, "rate", "catalog.percent", "Ключевая ставка %s %%: бывает от 0 до 100.", r.Rate)
		}
	}
}

func (k *checker) checkRegime(r *Regime) {
	k.term(&r.Origin, r.Term)
	if !k.word(&r.Origin, "rule", r.Rule, []string{"key", "min", "fixed"}) {
		return
	}
	switch {
	case !fitsPercent(r.Rate):
		k.fault(&r.Origin, "rate", "catalog.percent", "Ставка пеней %s %% годовых: бывает от 0 до 100.", r.Rate)
	case r.Rule == "key" && r.Rate != 0:
		k.fault(&r.Origin, "rate", "catalog.regime", "При rule: key берётся ключевая ставка, своя не нужна. Уберите rate или поставьте rule: min.")
	case r.Rule != "key" && r.Rate == 0:
		k.fault(&r.Origin, "rate", "catalog.regime", "При rule: %s нужна ставка, например rate: 9.5.", r.Rule)
	}
}

func (k *checker) checkStage(s *Stage) {
	k.term(&s.Origin, s.Term)
	if s.Day < 1 || s.Day > 10_000 {
		k.fault(&s.Origin, "day", "catalog.stage", "Ступень пеней со дня просрочки %d: дни считают с 1.", s.Day)
	}
	if s.Over < 0 {
		k.fault(&s.Origin, "over", "catalog.negative", "Доля ставки 1/%d: нужно 0 (пеней нет) или, например, 300.", s.Over)
	}
}

func (k *checker) checkDueDay(d *DueDay) {
	if d.Day < 1 || d.Day > 31 {
		k.fault(&d.Origin, "day", "catalog.due", "День оплаты %d: бывает от 1 до 31.", d.Day)
	}
	if d.UntilMonth != 0 && d.UntilMonth < d.FromMonth {
		k.fault(&d.Origin, "until_month", "catalog.term", "Строка кончается %s, раньше, чем начинается, %s. Поменяйте месяцы местами.", d.UntilMonth, d.FromMonth)
	}
}
