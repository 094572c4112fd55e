package portal

import (
	"context"
	"net/http"
	"slices"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/person"
)

// keeper is who pays: his kept ways of paying and his payments are found by it.
type keeper struct {
	person, building, household int64 // the household: whose kept ways he may use too, because he manages it
}

// known tells whether it is known who pays.
func (k keeper) known() bool { return k.person != 0 || k.household != 0 }

func keeperOf(r *http.Request) keeper {
	a := access.FromContext(r.Context())
	k := keeper{person: a.UserID}
	if manages(a) {
		k.building, k.household = a.BuildingID, a.HouseholdID
	}
	return k
}

// manages tells whether a resident decides about the home he looks at; a session without a person, as tests start one, does.
func manages(a access.Actor) bool {
	return a.Role == access.Resident && a.HouseholdID != 0 && (a.UserID == 0 || a.Rights.Has(access.Manage))
}

// kept are the ways of paying that a payer may use: his own, and those of the household he manages.
func (m *Module) kept(ctx context.Context, k keeper) (list []payment.SavedMethod, err error) {
	if list, err = m.Payments.ListPersons(ctx, k.person); err != nil || k.household == 0 {
		return list, err
	}
	more, err := m.Payments.ListSaved(ctx, k.building, k.household)
	return append(list, more...), err
}

// own is the household of the resident who asks.
func own(r *http.Request) bill.Ref {
	a := access.FromContext(r.Context())
	return bill.Ref{Building: a.BuildingID, Household: a.HouseholdID}
}

// homesOf are the homes of the resident who asks that may be opened or paid for today, the one he looks at first.
func (m *Module) homesOf(r *http.Request) (list []person.Home, err error) {
	a := access.FromContext(r.Context())
	if a.UserID == 0 {
		return []person.Home{{Building: a.BuildingID, Household: a.HouseholdID, Role: person.Owner, Rights: access.AllRights}}, nil
	}
	all, err := m.People.Homes(r.Context(), a.UserID)
	if err != nil {
		return nil, err
	}
	day := m.People.Today()
	for i := range all {
		switch {
		case all[i].RightsOn(day) == "":
		case all[i].ID == a.HomeID:
			list = slices.Insert(list, 0, all[i])
		default:
			list = append(list, all[i])
		}
	}
	return list, nil
}

// homesToPay are those of the homes that the resident may pay for.
func (m *Module) homesToPay(r *http.Request) ([]person.Home, error) {
	list, err := m.homesOf(r)
	day := m.People.Today()
	return slices.DeleteFunc(list, func(h person.Home) bool { return !h.RightsOn(day).Has(access.Pay) }), err
}

// homeBill is the live bill of a home of a resident, his own part where it is shared; whom it was opened to by a paper only is told
// its address masked. Of a home he lived in it is the bill of his last day.
func (m *Module) homeBill(ctx context.Context, h *person.Home) (b *bill.Bill, err error) {
	return m.billOfHome(ctx, h, false)
}

// billOfHome is homeBill, or the same of all who share the home.
func (m *Module) billOfHome(ctx context.Context, h *person.Home, whole bool) (b *bill.Bill, err error) {
	at := calendar.Micros(0)
	if h.Over(m.People.Today()) {
		at = m.endOf(h.To)
	}
	if h.Household != 0 {
		b, err = m.Bills.At(ctx, bill.Ref{Building: h.Building, Household: h.Household}, at)
	} else {
		b, err = m.Bills.AtAccount(ctx, h.Building, h.Account, at)
	}
	if err != nil {
		return nil, err
	}
	if !whole {
		if err := m.Bills.Divide(ctx, b, h.PersonID); err != nil {
			return nil, err
		}
	}
	if address := b.Address; !h.Rights.Has(access.See) {
		b.Address = homeName(h.Title, bill.MaskAddress(address), b)
	} else if h.Title != "" {
		b.Address = homeName(h.Title, address, b)
	}
	return b, nil
}

// homeName is how a home is called on the pages of who pays for it: a garage may have no address.
func homeName(title, address string, b *bill.Bill) string {
	switch {
	case title != "" && address != "":
		return title + ", " + address
	case title != "":
		return title
	case address == "" && len(b.Suppliers) > 0:
		return "счёт " + b.Suppliers[0].Account
	}
	return address
}

// endOf is the last moment of a day where the homes are.
func (m *Module) endOf(d calendar.Date) calendar.Micros {
	return calendar.MicrosOf(d.AddDays(1).Time(m.Zone)) - 1
}

// roleOf is what the person who asks is to the home he looks at; ” when nobody knows.
func (m *Module) roleOf(r *http.Request) (person.Role, error) {
	a := access.FromContext(r.Context())
	if a.UserID == 0 {
		return "", nil
	}
	h, err := m.People.Find(r.Context(), a.UserID, a.HomeID)
	return h.Role, err
}

// ownBill is the live bill of the resident who asks, or the one of the moment asked for: inside his own time there only. After it
// the bill of his last day takes the place of the live one.
func (m *Module) ownBill(r *http.Request, at calendar.Micros) (*bill.Bill, error) {
	a, ref := access.FromContext(r.Context()), own(r)
	if ref.Household == 0 {
		return nil, fault.New(fault.NotFound, "bill.none", "К вашему входу не привязан ни один лицевой счёт.")
	}
	gone := m.isFormer(a)
	if gone && at == 0 {
		at = m.endOf(a.To)
	}
	if at != 0 && (a.From != 0 && at < calendar.MicrosOf(a.From.Time(m.Zone)) || a.To != 0 && at > m.endOf(a.To)) {
		return nil, errOutOfTerm
	}
	b, err := m.Bills.At(r.Context(), ref, at)
	if err != nil {
		return nil, err
	}
	if b.Former = gone; a.From != 0 {
		b.Since = a.From.Month()
	}
	return b, m.Bills.Divide(r.Context(), b, a.UserID)
}

var errOutOfTerm = fault.New(fault.NotFound, "bill.out_of_term", "Вы видите счета только за своё время в этом доме.")

// isFormer tells that a resident's time in the home he looks at is over.
func (m *Module) isFormer(a access.Actor) bool { return a.To != 0 && m.People.Today() > a.To }

// inTerm tells whether a day is of a resident's own time in the home he looks at.
func inTerm(a access.Actor, day calendar.Date) bool {
	return (a.From == 0 || day >= a.From) && (a.To == 0 || day <= a.To)
}

// seenOrders are the payments for the accounts of the home one looks at that he may see: of his own time, and only with the right to
// see its bill.
func (m *Module) seenOrders(r *http.Request, b *bill.Bill) ([]payment.Order, error) {
	a := access.FromContext(r.Context())
	if a.UserID != 0 && !a.Rights.Has(access.See) {
		return nil, nil
	}
	orders, err := m.orders(r.Context(), b, paymentsShown)
	return slices.DeleteFunc(orders, func(o payment.Order) bool { return !inTerm(a, o.PaidOn) }), err
}

// wasHere tells whether a moment is of the time in the home of the resident who asks; for all others everything is.
func (m *Module) wasHere(r *http.Request, at calendar.Micros) bool {
	return inTerm(access.FromContext(r.Context()), calendar.DateOf(at.Time().In(m.Zone)))
}
