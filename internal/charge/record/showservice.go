package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
)

// sees tells whether the account of a fact may be shown.
func (s *shower) sees(account int64) bool {
	a, ok := s.accounts[account]
	return ok && s.scope.Sees(a.SupplierID)
}

// services shows what the household's accounts take, and what hangs on it.
func (s *shower) services() error {
	taken := map[int64]bool{}
	for i := range s.set.Subscriptions {
		x := &s.set.Subscriptions[i]
		if x.Household != s.household || !s.sees(x.AccountID) {
			continue
		}
		taken[x.AccountID] = true
		values := map[string]any{
			"mode": x.Mode, "category": x.Category, "meterPossible": x.MeterOK, "included": x.Included, "quantity": x.Quantity.String(), "share": x.Share.String(), "flatRest": x.FlatRest.String(),
		}
		if x.Part.Den != 0 {
			values["part"] = fmt.Sprintf("%d/%d", x.Part.Num, x.Part.Den)
		}
		s.add(s.of(Known{Fact: Service, Ref: refOfSubscription(x), Service: x.Service, On: x.From, To: x.Until}, x.AccountID), &x.Head, values)
	}
	s.meters(taken)
	s.volumes(taken)
	slices.SortStableFunc(s.set.Rare, func(a, b fact.Rare) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Service, b.Service), cmp.Compare(a.From, b.From))
	})
	for i := range s.set.Rare {
		if err := s.rare(&s.set.Rare[i], taken); err != nil {
			return err
		}
	}
	return nil
}

// of names the account of a fact.
func (s *shower) of(k Known, account int64) Known {
	if a, ok := s.accounts[account]; ok {
		k.Supplier, k.Account = s.suppliers[a.SupplierID], a.Number
	}
	return k
}

func (s *shower) meters(taken map[int64]bool) {
	for i := range s.set.Meters {
		m := &s.set.Meters[i]
		if !taken[m.AccountID] {
			continue
		}
		k := s.of(Known{Fact: Meter, Ref: refOfMeter(m), Service: m.Service, Meter: m.Serial, On: m.From, To: m.Until}, m.AccountID)
		s.add(k, &m.Head, map[string]any{
			"digits": int64(m.Digits), "registers": int64(m.Registers), "verifiedUntil": day(m.VerifiedBy), "failed": day(m.FailedOn), "gasFactor": m.GasFactor.String(),
		})
		for n := range s.set.Readings {
			if r := &s.set.Readings[n]; r.MeterID == m.ID {
				k.Fact, k.Ref, k.On, k.To = Reading, refOfReading(r), r.On, 0
				values := map[string]any{"value": r.Value.String(), "initial": r.Initial}
				if r.Control {
					values["control"] = true
				}
				if r.Zone != calc.AllDay {
					values["zone"] = r.Zone.String()
				}
				s.add(k, &r.Head, values)
				s.list[len(s.list)-1].Values["value"] = r.Value.String() // a zero is a figure
			}
		}
	}
}

// volumes shows how much was used of services whose meters nobody reads.
func (s *shower) volumes(taken map[int64]bool) {
	for i := range s.set.Volumes {
		v := &s.set.Volumes[i]
		if !taken[v.AccountID] {
			continue
		}
		values := map[string]any{"month": v.Month.String()}
		if v.Zone != calc.AllDay {
			values["zone"] = v.Zone.String()
		}
		s.add(s.of(Known{Fact: Volume, Ref: refOfVolume(v), Service: v.Service, On: v.Month.First()}, v.AccountID), &v.Head, values)
		s.list[len(s.list)-1].Values["volume"] = v.Value.String() // a zero is a figure
	}
}

// rare shows a rarer fact of the household, of its accounts, or of the whole house.
func (s *shower) rare(x *fact.Rare, taken map[int64]bool) error {
	house := x.Household == 0 && x.AccountID == 0
	switch {
	case x.AccountID != 0 && !taken[x.AccountID], x.AccountID == 0 && !house && x.Household != s.household, x.AccountID == 0 && !s.scope.All:
		return nil
	}
	body, err := bodyOf(x)
	if err != nil {
		return fmt.Errorf("fact %d: %w", x.ID, err)
	}
	values := figures(body)
	if house {
		values["house"] = true
	}
	k := s.of(Known{Fact: Kind(x.Kind), Ref: refOfRare(x), Service: x.Service, On: x.From}, x.AccountID)
	switch b := body.(type) {
	case fact.Benefit:
		k.To = b.Until
	case fact.Verification:
		k.To, k.Meter = b.Until, s.serial(b.Meter)
	case fact.GasFactor:
		k.Meter = s.serial(b.Meter)
	}
	delete(values, "meter")
	s.add(k, &x.Head, values)
	return nil
}

func (s *shower) serial(meter int64) string {
	for i := range s.set.Meters {
		if s.set.Meters[i].ID == meter {
			return s.set.Meters[i].Serial
		}
	}
	return ""
}

// bodyOf reads the body of a rarer fact.
func bodyOf(x *fact.Rare) (any, error) {
	switch x.Kind {
	case fact.KindArea:
		return decode[fact.Area](x)
	case fact.KindVerification:
		return decode[fact.Verification](x)
	case fact.KindGasFactor:
		return decode[fact.GasFactor](x)
	case fact.KindBenefit:
		return decode[fact.Benefit](x)
	case fact.KindAct:
		return decode[calc.Act](x)
	case fact.KindEvent:
		return decode[calc.Event](x)
	case fact.KindObject:
		return decode[calc.Object](x)
	case fact.KindInstalment:
		return decode[calc.Instalment](x)
	case fact.KindFine:
		return decode[calc.Fine](x)
	}
	return nil, fmt.Errorf("kind %q is not known", x.Kind)
}

func decode[T any](x *fact.Rare) (any, error) {
	var v T
	err := json.Unmarshal([]byte(x.Body), &v)
	return v, err
}
