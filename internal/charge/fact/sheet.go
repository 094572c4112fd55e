package fact

import (
	"kvit/internal/charge/calc"
)

// building is the whole sheet.
func (p *page) building(b *Building) {
	format := uint8(formatOf)
	if num(p, &format); format != formatOf {
		p.broken = true
		return
	}
	list(p, &b.Refs, &p.refs, func(p *page, r *Ref) {
		num(p, &r.ServiceID)
		num(p, &r.SupplierID)
		str(p, &r.Code)
	})
	list(p, &b.Words, &p.words, str)
	list(p, &b.Houses, &p.houses, house)
	list(p, &b.Resources, &p.resources, resource)
	list(p, &b.Households, &p.households, household)
}

func house(p *page, h *House) {
	num(p, &h.From)
	num(p, &h.Area)
	num(p, &h.OwnHeat)
	num(p, &h.CommonArea)
	num(p, &h.Persons)
	yes(p, &h.Private)
	yes(p, &h.Direct)
	list(p, &h.Heating, &p.modes, func(p *page, m *calc.HeatingMode) {
		num(p, &m.From)
		yes(p, &m.Even)
		list(p, &m.SeasonMonths, &p.months, num[int])
	})
}

func resource(p *page, r *Resource) {
	str(p, &r.Service)
	num(p, &r.Month)
	for _, v := range [...]*bool{&r.HasMeter, &r.AllMetered, &r.Actual, &r.Correction} {
		yes(p, v)
	}
	x := &r.Resource
	num(p, &x.Volume)
	num(p, &x.NonResidential)
	num(p, &x.Unmetered)
	num(p, &x.Metered)
	num(p, &x.OwnUse)
	num(p, &x.MeteredArea)
	num(p, &x.LastYear)
	num(p, &x.CommonArea)
	num(p, &x.Method)
	num(p, &x.AverageCommon)
	num(p, &x.HotVolume)
	num(p, &x.MetersMissing)
	list(p, &x.Fuel, &p.fuel, func(p *page, f *calc.Fuel) {
		str(p, &f.Name)
		num(p, &f.Volume)
		num(p, &f.Price)
	})
}

func term(p *page, t *calc.Term) {
	num(p, &t.From)
	num(p, &t.Until)
}

func stay(p *page, s *calc.Stay) {
	term(p, &s.Term)
	num(p, &s.Persons)
	yes(p, &s.Temporary)
}

// Bits of a household's and a subscription's rarer parts: what is absent takes no room.
const (
	hasOwners = 1 << iota
	hasAbsences
	hasParties
	hasBenefits
	hasCommunal
	hasOwnHeat
	hasAreas
)

const (
	hasTerm = 1 << iota
	hasPrice
	hasPart
	hasMeters
	hasActs
	hasEvents
	hasObjects
	hasInstalments
	isMeterOK
	isIncluded
	hasFines
)

func bit(flags *int, mask int, set bool) {
	if set {
		*flags |= mask
	}
}

// household stands behind its number and length, so that who wants one household steps over the others.
func household(p *page, h *Household) {
	num(p, &h.ID)
	if p.write {
		p.sized(func() { premises(p, h) })
		return
	}
	n := 0
	if num(p, &n); p.only != 0 && p.only != h.ID {
		p.skip(n)
		return
	}
	premises(p, h)
}

func premises(p *page, h *Household) {
	x := &h.Premises
	flags := 0
	bit(&flags, hasOwners, len(x.Owners) > 0)
	bit(&flags, hasAbsences, len(x.Absences) > 0)
	bit(&flags, hasParties, len(x.Parties) > 0)
	bit(&flags, hasBenefits, len(h.benefits) > 0)
	bit(&flags, hasCommunal, x.Communal != nil)
	bit(&flags, hasOwnHeat, x.OwnHeat)
	bit(&flags, hasAreas, len(x.Areas) > 0)
	num(p, &flags)
	num(p, &x.Area)
	num(p, &x.Heated)
	num(p, &x.Rooms)
	x.OwnHeat = flags&hasOwnHeat != 0
	list(p, &x.Stays, &p.stays, stay)
	if flags&hasOwners != 0 {
		list(p, &x.Owners, &p.stays, stay)
	}
	if flags&hasAbsences != 0 {
		list(p, &x.Absences, &p.absences, func(p *page, a *calc.Absence) {
			num(p, &a.Left)
			num(p, &a.Returned)
			num(p, &a.Persons)
		})
	}
	if flags&hasParties != 0 {
		list(p, &x.Parties, &p.parties, func(p *page, a *calc.Party) { num(p, &a.From) })
	}
	if flags&hasBenefits != 0 {
		list(p, &h.benefits, new([]Benefit), benefit)
	}
	if flags&hasCommunal != 0 {
		communal(p, x)
	}
	if flags&hasAreas != 0 {
		list(p, &x.Areas, &p.areas, areaFrom)
	}
	subscriptions(p, h)
}

func areaFrom(p *page, a *calc.AreaFrom) {
	num(p, &a.From)
	num(p, &a.Area)
	num(p, &a.Heated)
}

func communal(p *page, x *calc.Premises) {
	if !p.write {
		x.Communal = &take(&p.communal, 1)[0]
	}
	num(p, &x.Communal.FlatPersons)
	num(p, &x.Communal.LivingArea)
	num(p, &x.Communal.FlatLiving)
}

func benefit(p *page, b *Benefit) {
	str(p, &b.Name)
	num(p, &b.From)
	num(p, &b.Until)
	list(p, &b.Services, new([]string), str)
	num(p, &b.Percent)
	num(p, &b.Area)
	num(p, &b.Persons)
	yes(p, &b.WithinNorm)
	yes(p, &b.Netted)
	str(p, &b.Fund)
}

func subscriptions(p *page, h *Household) {
	n := len(h.Subs)
	num(p, &n)
	if !p.write {
		if n < 0 || n > len(p.buf) {
			p.broken = true
			return
		}
		h.Subs, h.Premises.Services = take(&p.subs, n), take(&p.services, n)
	}
	account := int64(0)
	for i := range h.Subs {
		delta := h.Subs[i].AccountID - account
		num(p, &delta)
		account += delta
		h.Subs[i].AccountID = account
		subscription(p, &h.Subs[i], &h.Premises.Services[i])
	}
}

func subscription(p *page, sub *Sub, s *calc.Subscription) {
	flags := 0
	bit(&flags, hasTerm, s.Term != (calc.Term{}))
	bit(&flags, hasPrice, s.Quantity != 0 || s.Share != 0 || s.FlatRest != 0)
	bit(&flags, hasPart, s.Part != (calc.Fraction{}))
	bit(&flags, hasMeters, len(s.Meters) > 0)
	bit(&flags, hasActs, len(s.Acts) > 0)
	bit(&flags, hasEvents, len(s.Events) > 0)
	bit(&flags, hasObjects, len(s.Objects) > 0)
	bit(&flags, hasInstalments, len(s.Instalments) > 0)
	bit(&flags, hasFines, len(s.Fines) > 0)
	bit(&flags, isMeterOK, s.MeterOK)
	bit(&flags, isIncluded, s.Included)
	num(p, &flags)
	num(p, &sub.Ref)
	num(p, &sub.Category)
	num(p, &sub.Mode)
	s.MeterOK, s.Included = flags&isMeterOK != 0, flags&isIncluded != 0
	if flags&hasTerm != 0 {
		term(p, &s.Term)
	}
	if flags&hasPrice != 0 {
		num(p, &s.Quantity)
		num(p, &s.Share)
		num(p, &s.FlatRest)
	}
	if flags&hasPart != 0 {
		num(p, &s.Part.Num)
		num(p, &s.Part.Den)
	}
	if flags&hasMeters != 0 {
		list(p, &s.Meters, &p.meters, meter)
	}
	rarer(p, s, flags)
}

func meter(p *page, m *calc.Meter) {
	num(p, &m.ID)
	term(p, &m.Term)
	num(p, &m.Digits)
	num(p, &m.Registers)
	list(p, &m.Verified, &p.terms, term)
	num(p, &m.FailedOn)
	num(p, &m.GasFactor)
	list(p, &m.GasFactors, &p.gas, func(p *page, g *calc.GasFactor) {
		num(p, &g.Month)
		num(p, &g.Value)
	})
}

func rarer(p *page, s *calc.Subscription, flags int) {
	if flags&hasActs != 0 {
		list(p, &s.Acts, &p.acts, act)
	}
	if flags&hasEvents != 0 {
		list(p, &s.Events, &p.events, happening)
	}
	if flags&hasObjects != 0 {
		list(p, &s.Objects, &p.objects, func(p *page, o *calc.Object) {
			str(p, &o.Name)
			num(p, &o.Count)
		})
	}
	if flags&hasInstalments != 0 {
		list(p, &s.Instalments, &p.instalments, func(p *page, x *calc.Instalment) {
			num(p, &x.Month)
			num(p, &x.Amount)
			num(p, &x.Interest)
		})
	}
	if flags&hasFines != 0 {
		list(p, &s.Fines, &p.fines, func(p *page, x *calc.Fine) {
			num(p, &x.Month)
			num(p, &x.Excess)
			num(p, &x.Applied)
			num(p, &x.Corrected)
		})
	}
}

func act(p *page, a *calc.Act) {
	num(p, &a.On)
	num(p, &a.Kind)
	num(p, &a.Volume)
	num(p, &a.Power)
	num(p, &a.Days)
	num(p, &a.Since)
	num(p, &a.Factor)
}

func happening(p *page, e *calc.Event) {
	str(p, &e.Kind)
	num(p, &e.Hours)
	num(p, &e.Longest)
	num(p, &e.Value)
	yes(p, &e.HasValue)
	num(p, &e.Norm)
	num(p, &e.Month)
	yes(p, &e.Night)
	yes(p, &e.Corner)
	str(p, &e.Case)
	num(p, &e.From)
	num(p, &e.Days)
}
