package tariff

import (
	"regexp"

	"kvit/internal/fault"
)

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

func (k *checker) checkServices() {
	for i := range k.c.Services {
		s := &k.c.Services[i]
		if earlier, ok := k.services[s.Code]; ok {
			k.fault(&s.Origin, "code", "catalog.twice", "Услуга %s описана дважды, ещё в %s. Оставьте одно описание.", s.Code, earlier.Place)
			continue
		}
		k.services[s.Code] = s
	}
	linked := true
	for i := range k.c.Services {
		s := &k.c.Services[i]
		k.checkService(s)
		linked = k.checkLinks(s) && linked
	}
	if _, err := k.c.InOrder(); linked && err != nil {
		k.faults = append(k.faults, fault.As(err))
	}
}

func (k *checker) checkService(s *Service) {
	if !codeForm.MatchString(s.Code) {
		k.fault(&s.Origin, "code", "catalog.code", "Код услуги %q: нужны латинские строчные буквы, цифры и подчёркивание, например cold_water.", s.Code)
	}
	k.word(&s.Origin, "unit", string(s.Unit), units)
	k.word(&s.Origin, "kind", string(s.Kind), kinds)
	k.word(&s.Origin, "rules", string(s.Rules), families)
	if s.Group != "" && !codeForm.MatchString(s.Group) {
		k.fault(&s.Origin, "group", "catalog.code", "Группа услуг %q: нужны латинские строчные буквы, например utilities, housing, capital_repair.", s.Group)
	}
	if s.Dial < 0 || s.Dial > 12 {
		k.fault(&s.Origin, "dial", "catalog.dial", "Услуга %s: разрядов счётчика %d, а бывает от 1 до 12.", s.Code, s.Dial)
	}
	k.atLeastZero(&s.Origin, named{"step", s.Step})
	k.checkFormulaKeys(s)
}

// checkLinks tells whether the links of a service lead to services; circles are looked for when all do.
func (k *checker) checkLinks(s *Service) bool {
	before := len(k.faults)
	if s.Kind == Linked && len(s.Links) == 0 {
		k.fault(&s.Origin, "links", "catalog.link", "Услуга %s считается по другим, а ключа links нет. Например: links: [{service: cold_water, factor: 1}].", s.Code)
	}
	if s.Kind != Linked && s.Kind != Common && len(s.Links) > 0 {
		k.fault(&s.Origin, "links", "catalog.link", "У услуги %s вида %s связей не бывает. Уберите links или поставьте kind: linked.", s.Code, s.Kind)
	}
	seen := map[string]bool{}
	for _, l := range s.Links {
		k.checkLink(s, l, seen)
	}
	k.checkResource(s)
	return len(k.faults) == before
}

func (k *checker) checkLink(s *Service, l Link, seen map[string]bool) {
	from, ok := k.service(&s.Origin, "links", l.Service)
	switch {
	case !ok:
	case seen[l.Service]:
		k.fault(&s.Origin, "links", "catalog.link", "Услуга %s связана с %s дважды. Оставьте одну связь.", s.Code, l.Service)
	case l.Factor == 0:
		k.fault(&s.Origin, "links", "catalog.link", "Связь услуги %s с %s имеет factor 0: она ничего не добавляет. Поставьте 1 или −1.", s.Code, l.Service)
	case from.Unit != s.Unit:
		k.fault(&s.Origin, "links", "catalog.unit", "Услуга %s считается в %s, а связанная %s — в %s: объёмы не складываются. Исправьте единицу или уберите связь.", s.Code, s.Unit, l.Service, from.Unit)
	}
	seen[l.Service] = true
}

func (k *checker) checkResource(s *Service) {
	switch {
	case s.Kind == Common && s.Resource == "":
		k.fault(&s.Origin, "resource", "catalog.link", "Услуга %s — ресурс на общее имущество, а ключа resource нет. Укажите услугу, например resource: electricity.", s.Code)
	case s.Resource != "" && !s.mayHaveResource():
		k.fault(&s.Origin, "resource", "catalog.link", "Ключ resource бывает только у услуг вида common. Уберите его у %s.", s.Code)
	case s.Resource != "":
		if of, ok := k.service(&s.Origin, "resource", s.Resource); ok && of.Unit != s.Unit {
			k.fault(&s.Origin, "unit", "catalog.unit", "Услуга %s считается в %s, а её ресурс %s — в %s. Единицы должны совпадать.", s.Code, s.Unit, s.Resource, of.Unit)
		}
	}
}

// mayHaveResource tells whether a service's price or repricing may lean on another service's price: what common property
// uses, water of plots, and the cold water that hot water is made of.
func (s *Service) mayHaveResource() bool {
	return s.Kind == Common || s.Kind == Plot || s.Kind == InBuilding || s.Kind == Metered && s.Rules == RulesWater
}
