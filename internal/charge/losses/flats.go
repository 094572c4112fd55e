package losses

import (
	"cmp"
	"context"
	"math"
	"slices"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// Bounds of what is odd about a flat.
const (
	farTimes   = 3  // against its own usual use, or that of others
	similarMin = 10 // flats of a house, for others to say anything
	flatMonths = 12 // of history
	flatsMax   = 200
)

// notable is the least volume a difference is worth a word.
var notable = map[tariff.Unit]decimal.Decimal{tariff.CubicMetre: decimal.FromInt(5), tariff.KWh: decimal.FromInt(150), tariff.Gcal: decimal.FromInt(1)}

// use is a flat's resource in the month, with what it was before.
type use struct {
	account  int64
	service  string
	method   calc.Method
	volume   Quantity
	before   []Quantity // metered months
	unread   int        // months before in a row without a reading
	head     Quantity   // the volume for one person, or of heat for a square metre
	persons  int32
	hasMeter bool
	expired  calendar.Date
}

// useKey is an account's resource.
type useKey struct {
	account int64
	service string
}

// home is what is known of a household in the month.
type home struct {
	persons int32
	area    decimal.Decimal
}

// flats finds the flats of a building that stand out, the largest volumes first. now is what a month not charged yet
// comes to; a charged one is read.
func (w *work) flats(ctx context.Context, building int64, now []charge.Used) ([]Flat, error) {
	past, err := charge.ListUsedByAccounts(ctx, w.tx, building, w.month.Add(-flatMonths), w.month)
	if err != nil {
		return nil, err
	}
	set, err := fact.Gather(ctx, w.tx, building, calendar.Micros(math.MaxInt64))
	if err != nil {
		return nil, err
	}
	uses := w.uses(append(past, now...))
	homes, of := w.homes(set)
	w.meters(set, uses)
	for _, u := range uses {
		h := homes[of[u.account]]
		u.persons = h.persons
		if share := decimal.FromInt(int64(h.persons)); w.res.info[u.service].Unit == tariff.Gcal {
			u.perUnit(h.area)
		} else {
			u.perUnit(share)
		}
	}
	return w.tell(ctx, building, of, odd(w.res, uses))
}

func (u *use) perUnit(of decimal.Decimal) {
	if of > 0 {
		u.head = Quantity(u.volume.Dec().Exact().Over(of).Decimal())
	}
}

// uses puts each account's months of a measured resource together.
func (w *work) uses(list []charge.Used) map[useKey]*use {
	slices.SortStableFunc(list, func(a, b charge.Used) int { return cmp.Compare(a.Month, b.Month) })
	uses := map[useKey]*use{}
	for i := range list {
		x := &list[i]
		if w.res.common[x.Service] || !slices.Contains(w.res.order, x.Service) || w.res.info[x.Service].Kind == tariff.Linked {
			continue
		}
		k := useKey{x.Account, x.Service}
		u := uses[k]
		if u == nil {
			u = &use{account: x.Account, service: x.Service}
			uses[k] = u
		}
		metered := x.Method == calc.ByMeter || x.Method == calc.ByReported || x.Method == calc.ByGiven
		switch {
		case x.Month == w.month:
			u.method, u.volume = x.Method, u.volume+Quantity(x.Volume)
		case metered:
			u.before, u.unread = append(u.before, Quantity(x.Volume)), 0
		case x.Method == calc.ByAverage || x.Method == calc.ByNormative:
			u.unread++
		}
	}
	for k, u := range uses {
		if u.method == 0 {
			delete(uses, k) // nothing this month
		}
	}
	return uses
}

// homes gives persons and areas of households, and whose accounts are whose.
func (w *work) homes(set *fact.Set) (homes map[int64]home, of map[int64]int64) {
	homes, of = map[int64]home{}, map[int64]int64{}
	day := w.month.Last()
	for i := range set.Stays {
		x := &set.Stays[i]
		if h := homes[x.Household]; (x.Kind == fact.Resident || x.Kind == fact.Temporary) && x.Holds(day) {
			h.persons += max(0, x.Persons)
			homes[x.Household] = h
		}
	}
	for i := range set.Premises {
		h := homes[set.Premises[i].Household]
		h.area = set.Premises[i].Area
		homes[set.Premises[i].Household] = h
	}
	for i := range set.Subscriptions {
		if x := &set.Subscriptions[i]; x.Holds(day) {
			of[x.AccountID] = x.Household
		}
	}
	return homes, of
}

// meters notes which accounts have a meter on the month's last day, and since when its verification is past.
func (w *work) meters(set *fact.Set, uses map[useKey]*use) {
	day := w.month.Last()
	for i := range set.Meters {
		m := &set.Meters[i]
		if u := uses[useKey{m.AccountID, m.Service}]; u != nil && m.Holds(day) {
			u.hasMeter = true
			if until := verifiedUntil(set, m); until != 0 && until < day {
				u.expired = until
			}
		}
	}
}

// verifiedUntil is the last day a meter is verified for; 0 when nobody told.
func verifiedUntil(set *fact.Set, m *fact.Meter) calendar.Date {
	until := m.VerifiedBy
	for i := range set.Rare {
		if v, ok := set.Rare[i].VerificationOf(m.ID); ok {
			until = max(until, v.Until)
		}
	}
	return until
}

// odd gives what stands out, one reason for each use.
func odd(res *resources, uses map[useKey]*use) (list []Flat) {
	others := map[string][]Quantity{}
	for _, u := range uses {
		if u.head > 0 && u.metered() {
			others[u.service] = append(others[u.service], u.head)
		}
	}
	usual := map[string]Quantity{}
	for service, heads := range others {
		if len(heads) >= similarMin {
			usual[service] = median(heads)
		}
	}
	for _, u := range uses {
		if code, says := u.reason(string(res.info[u.service].Unit), usual[u.service]); code != "" {
			list = append(list, Flat{account: u.account, Service: u.service, Code: code, Volume: u.volume, Says: says, Apart: u.apart(usual[u.service])})
		}
	}
	return list
}

// metered tells whether the use is one that a meter showed: by readings, or by a supplier's figure where there is a meter.
func (u *use) metered() bool {
	return u.method == calc.ByMeter || u.method == calc.ByReported || u.method == calc.ByGiven && u.hasMeter
}

// reason is why a use stands out; empty when it does not.
func (u *use) reason(unit string, others Quantity) (code, says string) {
	least := Quantity(notable[tariff.Unit(unit)])
	metered := u.metered()
	own, hasOwn := mean(u.before)
	switch {
	case metered && hasOwn && u.volume > farTimes*own && u.volume-own > least:
		return "above_own", say("Расход %s, обычно здесь %s.", with(u.volume, unit), with(own, unit))
	case metered && others > 0 && u.head > farTimes*others && u.volume > least:
		return "above_others", say("Расход %s – больше чем втрое выше, чем у похожих квартир.", with(u.volume, unit))
	case metered && u.volume == 0 && u.persons > 0:
		return "zero", say("Расхода нет, а живут здесь %d. Проверьте счётчик.", u.persons)
	case metered && hasOwn && u.volume*farTimes < own && own-u.volume > least:
		return "below_own", say("Расход %s, обычно здесь %s.", with(u.volume, unit), with(own, unit))
	case u.expired != 0:
		return "verification", say("Поверка счётчика кончилась %s.", u.expired.Dotted())
	case u.hasMeter && (u.method == calc.ByAverage || u.method == calc.ByNormative):
		return "no_readings", say("Показаний нет месяцев подряд: %d.", u.unread+1)
	}
	return "", ""
}

// apart is how far a use is from the flat's own usual one, or, where that is not known, from that of others.
func (u *use) apart(others Quantity) Quantity {
	if own, ok := mean(u.before); ok {
		return u.volume - own
	}
	if u.head <= 0 || others <= 0 {
		return 0
	}
	return u.volume - Quantity(u.volume.Dec().Exact().Times(others.Dec()).Over(u.head.Dec()).Decimal())
}

// mean is the average of the months before; false when they are too few.
func mean(list []Quantity) (Quantity, bool) {
	if len(list) < usualMonthsOf {
		return 0, false
	}
	var sum Quantity
	for _, q := range list {
		sum += q
	}
	return sum / Quantity(len(list)), true
}

// median is the middle one of a list.
func median(list []Quantity) Quantity {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// tell gives flats their names; a supplier keeps those of its own accounts.
func (w *work) tell(ctx context.Context, building int64, of map[int64]int64, list []Flat) ([]Flat, error) {
	live, err := account.ListLive(ctx, w.tx, building, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	accounts := map[int64]account.Account{}
	for _, a := range live {
		accounts[a.AccountID] = a
	}
	codes, err := supplier.ListCodes(ctx, w.tx)
	if err != nil {
		return nil, err
	}
	households, err := account.ListHouseholds(ctx, w.tx, building, building, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	out := []Flat{}
	for _, f := range list {
		a, ok := accounts[f.account]
		if !ok || !w.scope.Sees(a.SupplierID) {
			continue
		}
		h := households[of[a.AccountID]]
		f.Household, f.Flat, f.Supplier, f.Account = h.HouseholdID, h.Flat, codes[a.SupplierID], a.Number
		if h.Room != "" {
			f.Flat += "-" + h.Room
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Flat) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(b.Volume, a.Volume), cmp.Compare(a.Account, b.Account))
	})
	return out[:min(len(out), flatsMax)], nil
}
