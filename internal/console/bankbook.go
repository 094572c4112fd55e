package console

import (
	"bytes"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/console/view"
	"kvit/internal/reconcile"
	"kvit/internal/settlement"
	"kvit/internal/web"
)

// bankBook shows the centre's book beside the bank's statements.
func bankBook(p *web.Page, b *reconcile.BankBook) view.BankBook {
	v := view.BankBook{Unknown: b.Unknown, PartnerFee: b.PartnerFee, Other: b.Other}
	for i := range b.Accounts {
		a := &b.Accounts[i]
		x := view.BankAccount{Account: a.Account, Period: periodWords(p, a.From.Date(), a.To.Date()), Opening: a.Opening, In: a.In, Out: a.Out, Book: a.Book, State: web.State{Word: "остаток не сказан", Tone: web.Quiet}}
		if a.Told {
			x.Closing, x.Difference, x.State = &a.Closing, &a.Difference, web.State{Word: "сходится", Tone: web.OK}
			if a.Difference != 0 {
				x.State = web.State{Word: "нет выписки за часть дней", Tone: web.Bad}
			}
		}
		v.Accounts = append(v.Accounts, x)
	}
	return v
}

var returnStates = map[string]web.Tone{settlement.PayoutSent: web.Info, settlement.PayoutConfirmed: web.OK, settlement.PayoutReturned: web.Bad}

// returnsShown is how many returns a page lists.
const returnsShown = 50

// addReturns shows the unidentified money that goes back by payment orders.
func (m *Module) addReturns(r *http.Request, v *view.Money) error {
	actor := access.FromContext(r.Context())
	list, err := m.Settlement.Returns(r.Context(), actor, false)
	if err != nil {
		return err
	}
	for i := range list[:min(len(list), returnsShown)] {
		x := &list[i]
		v.Returns = append(v.Returns, view.ReturnedMoney{Payee: x.Details.Payee.Name, Order: "№ " + strconv.Itoa(x.OrderNo) + " от " + x.OrderOn.Date().Dotted(), By: who(x.Author) + ", " + who(x.Approver), Amount: x.Sum,
			State: web.State{Word: settlement.ReturnLabels[x.State], Tone: returnStates[x.State]}})
		if x.State == settlement.PayoutSent && actor.Require("suspense", "confirm") == nil {
			v.OrdersTo = "/c/money/orders"
		}
	}
	return nil
}

// returnOrders gives the payment orders of money that goes back, and that no statement shows yet, as a file for a client-bank.
func (m *Module) returnOrders(w http.ResponseWriter, r *http.Request) error {
	list, err := m.Settlement.Returns(r.Context(), access.FromContext(r.Context()), true)
	if err != nil {
		return err
	}
	orders := make([]settlement.BankOrder, len(list))
	for i := range list {
		orders[i] = list[i].BankOrder()
	}
	var file bytes.Buffer
	if err := settlement.WriteOrders(&file, orders, m.Now()); err != nil {
		return err
	}
	web.Attach(w, "text/plain; charset=windows-1251", "kl_to_1c.txt")
	_, err = w.Write(file.Bytes())
	return err
}
