package tariff

import (
	"slices"
	"strings"

	"kvit/internal/decimal"
)

// checkChoices looks at factors, bands, social norms and policies.
func (k *checker) checkChoices() {
	for i := range k.c.Factors {
		k.checkFactor(&k.c.Factors[i])
	}
	for i := range k.c.Bands {
		k.checkBands(&k.c.Bands[i])
	}
	for i := range k.c.SocialNorms {
		k.checkSocialNorm(&k.c.SocialNorms[i])
	}
	for i := range k.c.Policies {
		k.checkPolicy(&k.c.Policies[i])
	}
}

func (k *checker) checkFactor(f *Factor) {
	k.term(&f.Origin, f.Term)
	k.service(&f.Origin, "service", f.Service)
	if f.Value < decimal.FromInt(1) {
		k.fault(&f.Origin, "value", "catalog.factor", "Повышающий коэффициент %s меньше единицы: он уменьшал бы плату. Проверьте значение.", f.Value)
	}
}

func (k *checker) checkBands(b *Bands) {
	k.term(&b.Origin, b.Term)
	k.service(&b.Origin, "service", b.Service)
	k.season(&b.Origin, "season_months", b.SeasonMonths)
	k.atLeastZero(&b.Origin, named{"season_factor", b.SeasonFactor})
	if len(b.Limits) == 0 {
		k.fault(&b.Origin, "limits", "catalog.band", "Границ диапазонов нет. Например: limits: [3900, 6000].")
	}
	for i, limit := range b.Limits {
		if limit <= 0 || i > 0 && limit <= b.Limits[i-1] {
			k.fault(&b.Origin, "limits", "catalog.band", "Границы диапазонов должны расти, а %s стоит не на месте. Например: limits: [3900, 6000].", limit)
		}
	}
	if (b.SeasonFactor == 0) != (len(b.SeasonMonths) == 0) {
		k.fault(&b.Origin, "season_factor", "catalog.band", "Сезонный множитель и его месяцы нужны вместе: season_factor и season_months.")
	}
}

func (k *checker) checkSocialNorm(n *SocialNorm) {
	k.term(&n.Origin, n.Term)
	k.service(&n.Origin, "service", n.Service)
	k.season(&n.Origin, "months", n.Months)
	k.atLeastZero(&n.Origin, named{"per_person", n.PerPerson}, named{"per_account", n.PerAccount}, named{"minimum", n.Minimum})
	if n.PerPerson == 0 && n.PerAccount == 0 && n.Minimum == 0 {
		k.fault(&n.Origin, "per_person", "catalog.norm", "Социальная норма пуста: нужен хотя бы один ключ из per_person, per_account, minimum.")
	}
}

func (k *checker) checkPolicy(p *Policy) {
	k.term(&p.Origin, p.Term)
	k.word(&p.Origin, "rules", string(p.Rules), families)
	if p.Service != "" {
		k.service(&p.Origin, "service", p.Service)
	}
	if k.word(&p.Origin, "policy", p.Name, policyNames()) && !fitsPolicy(p.Name, p.Value) {
		k.fault(&p.Origin, "value", "catalog.policy", "Правило %s не бывает %q. Можно: %s.", p.Name, p.Value, valuesSaid(p.Name))
	}
}

func valuesSaid(policy string) string {
	values := slices.Clone(PolicyValues[policy])
	for i := range values {
		if values[i] == "#" {
			values[i] = "целое число от 0 до 120"
		}
	}
	return strings.Join(values, ", ")
}

// Events of quality that the law tells apart.
var events = []string{"outage", "pressure", "pressure_far", "temperature", "voltage", "composition", "delay"}

func (k *checker) checkQuality(q *Quality) {
	k.term(&q.Origin, q.Term)
	k.service(&q.Origin, "service", q.Service)
	if !codeForm.MatchString(q.Event) {
		k.fault(&q.Origin, "event", "catalog.word", "Нарушение %q: нужно слово латиницей, например %s.", q.Event, strings.Join(events, ", "))
	}
	if !fitsPercent(q.Percent) {
		k.fault(&q.Origin, "percent", "catalog.percent", "Процент %s: бывает от 0 до 100.", q.Percent)
	}
	k.atLeastZero(&q.Origin, named{"allowed", q.Allowed}, named{"per", q.Per}, named{"step", q.Step}, named{"tolerance", q.Tolerance},
		named{"night", q.Night}, named{"above", q.Above})
	if q.NormMax != 0 && q.NormMax < q.Norm {
		k.fault(&q.Origin, "norm_max", "catalog.range", "Верхняя граница нормы %s ниже нижней %s. Поменяйте местами.", q.NormMax, q.Norm)
	}
	for _, a := range q.AtOnce {
		if a.Hours < 0 {
			k.fault(&q.Origin, "at_once", "catalog.negative", "Допустимый перерыв %s ч меньше нуля.", a.Hours)
		}
		if a.High != 0 && a.High <= a.Low {
			k.fault(&q.Origin, "at_once", "catalog.range", "Границы случая %s…%s стоят наоборот. Поменяйте местами low и high.", a.Low, a.High)
		}
	}
}
