package portal

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway"
	"kvit/internal/portal/view"
)

// What a payer agrees to when his card is kept for the next time. A new wording is a new version.
const (
	keepVersion = "2026-11-pay"
	keepText    = "Разрешаю банку запомнить мою карту, чтобы в следующий раз не вводить её номер. Деньги спишутся только тогда, когда я сам нажму «Оплатить». " +
		"Номера карты у расчётного центра нет. Забыть карту можно в любой день на странице «Мои карты»."
)

// savedPrefix begins the value of a kept way of paying in a form.
const savedPrefix = "saved:"

// methods are the ways to pay that some acquirer takes; none costs the payer anything. Without an acquirer both are
// shown: why paying is not possible is said after the button, with what to do.
func (m *Module) methods() (list []view.PayMethod) {
	takes := m.Payments.Methods()
	for _, method := range []view.PayMethod{{Value: gateway.SBP, Title: "СБП"}, {Value: gateway.Card, Title: "Банковская карта"}} {
		if len(takes) == 0 || slices.Contains(takes, method.Value) {
			method.Chosen = len(list) == 0
			list = append(list, method)
		}
	}
	return list
}

// addMeans puts the ways to pay on a page: those a resident has kept, and the leave to keep his card.
func (m *Module) addMeans(r *http.Request, j *joint, v *view.PayCheck) error {
	v.Methods, v.Contact = m.methods(), r.FormValue("contact")
	if !j.payer.known() {
		return nil
	}
	saved, err := m.kept(r.Context(), j.payer)
	if err != nil {
		return err
	}
	for i := range saved {
		if saved[i].Expires == 0 || saved[i].Expires >= m.today().Month() {
			v.Methods = append(v.Methods, view.PayMethod{Value: savedPrefix + saved[i].ID, Title: saved[i].Title, Kept: true})
		}
	}
	if slices.Contains(m.Payments.Methods(), gateway.Card) {
		v.Keep = keepText
	}
	return nil
}

// means is how the payer wants to pay.
type means struct {
	method, saved, contact string
	keep                   *payment.Consent
}

// meansOf reads the tail of the form of R8.
func (m *Module) meansOf(r *http.Request, j *joint) (x means, err error) {
	x.method = r.FormValue("method")
	if x.contact, err = fiscal.Contact(r.FormValue("contact")); err != nil {
		return x, err
	}
	if id, kept := strings.CutPrefix(x.method, savedPrefix); kept {
		return m.keptMeans(r, j, x, id)
	}
	if takes := m.Payments.Methods(); len(takes) == 1 {
		x.method = takes[0]
	} else if x.method != gateway.SBP {
		x.method = gateway.Card
	}
	if r.FormValue("keep") == "" || !j.payer.known() {
		return x, nil
	}
	if x.method != gateway.Card {
		return x, fault.New(fault.Invalid, "saved.method", "Запомнить можно только карту. Выберите карту или снимите отметку.").WithField("keep")
	}
	x.keep = &payment.Consent{BuildingID: j.payer.building, HouseholdID: j.payer.household, PersonID: j.payer.person, Text: keepText, Version: keepVersion}
	return x, nil
}

// keptMeans pays by a way the payer has kept; anybody else's is not found.
func (m *Module) keptMeans(r *http.Request, j *joint, x means, id string) (means, error) {
	list, err := m.kept(r.Context(), j.payer)
	if err != nil {
		return x, err
	}
	for i := range list {
		if list[i].ID == id {
			x.method, x.saved = list[i].Method, id
			return x, nil
		}
	}
	return x, fault.New(fault.Invalid, "saved.gone", "Этого способа оплаты больше нет. Выберите другой.").WithField("method")
}

// duplicate is an equal payment of the last three days for some of the homes, nil when there is none.
func (m *Module) duplicate(r *http.Request, j *joint, sum money.Amount) (*view.Duplicate, error) {
	var o *payment.Order
	err := m.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		for _, b := range j.bills {
			if o, err = m.Payments.FindAlike(r.Context(), tx, b.BuildingID, accountsOf(b), sum); err != nil || o != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || o == nil || j.divided && othersPart(o, j.payer.person) {
		return nil, err
	}
	return &view.Duplicate{Sum: o.Sum, At: paidAt(o, m.Zone), ByDay: o.Channel != payment.ChannelOnline, Number: payment.ShortNumber(o.PublicID), Href: "/paid/" + o.PublicID, ID: o.PublicID}, nil
}

// othersPart tells that somebody else of those who share a home paid: parts may be equal.
func othersPart(o *payment.Order, who int64) bool {
	by := access.PersonOf(o.Actor)
	return by != 0 && by != who
}

// accountsOf are the accounts of a bill.
func accountsOf(b *bill.Bill) (ids []int64) {
	for _, s := range b.Suppliers {
		ids = append(ids, s.AccountID)
	}
	return ids
}

// waiting is the payment of these homes still at the bank, nil when there is none.
func (m *Module) waiting(r *http.Request, bills ...*bill.Bill) (*view.Waiting, error) {
	for _, b := range bills {
		open, err := m.openOrder(r, b)
		if err != nil {
			return nil, err
		}
		if open != nil {
			return &view.Waiting{Sum: open.Sum, AnswerBy: open.KnownBy(m.Now()), Href: "/paid/" + open.PublicID}, nil
		}
	}
	return nil, nil
}

// openOrder is a payment of this household that the bank has not answered about for less than fifteen minutes.
func (m *Module) openOrder(r *http.Request, b *bill.Bill) (o *payment.Order, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		o, err = m.Payments.FindWaiting(r.Context(), tx, b.BuildingID, accountsOf(b), m.Now()-calendar.Micros(waitFor/time.Microsecond))
		return err
	})
	return o, err
}
