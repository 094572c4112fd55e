package portal

import (
	"net/http"
	"strings"

	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// dueOf is what a debt holds of a kind.
func dueOf(d *payment.Debt, kind string) money.Amount {
	switch kind {
	case payment.PartDebt:
		return d.Principal()
	case payment.PartPenalty:
		return d.Penalty
	}
	return 0
}

// choices are the parts of bills that can be paid by themselves: each service, and its penalty apart.
func choices(r *http.Request, j *joint, debts []payment.Debt, byID map[int64]supplier.Supplier, errs web.Errors) (list []view.PayChoice) {
	picked := map[string]bool{}
	for _, p := range r.Form["pick"] {
		picked[p] = true
	}
	for i := range debts {
		d := &debts[i]
		for _, kind := range []string{payment.PartDebt, payment.PartPenalty} {
			due := dueOf(d, kind)
			if due == 0 {
				continue
			}
			value := choiceValue(d, kind)
			c := view.PayChoice{
				Name: "pick", Value: value, Home: j.homeOf(d.AccountID), Supplier: byID[d.SupplierID].Name, Service: supplier.ServiceTitle(d.Service, byID[d.SupplierID].Services) + ", счёт " + d.Account,
				Due: due, Chosen: picked[value], SumName: "sum-" + value, Sum: r.FormValue("sum-" + value), SumError: errs.Of("sum-" + value), IsPenalty: kind == payment.PartPenalty,
			}
			if c.Sum == "" {
				c.Sum = due.FormatBare()
			}
			list = append(list, c)
		}
	}
	return list
}

// choiceValue names a debt or its penalty in a form without telling numbers or sums.
func choiceValue(d *payment.Debt, kind string) string {
	name := []int64{d.AccountID, d.ServiceID}
	if kind == payment.PartPenalty {
		name = append(name, 1)
	}
	return payment.Fingerprint(name)[:12]
}

// wishOf reads what the payer asks for; asked is false until there is something to split.
func wishOf(r *http.Request, mode view.PayMode, debts []payment.Debt) (w payment.Wish, asked bool, err error) {
	switch mode {
	case view.PayAll, view.PayWhole:
		return payment.Wish{All: true}, true, nil
	case view.PayChosen:
		return chosenWish(r, debts)
	}
	if strings.TrimSpace(r.FormValue("sum")) == "" {
		return w, false, nil
	}
	w.Sum, err = money.Parse(r.FormValue("sum"))
	if err != nil {
		return w, false, fault.New(fault.Invalid, "payment.sum", "Напишите сумму цифрами, например 3000 или 3000,50").WithField("sum")
	}
	w.Ahead = mode == view.PayAhead
	return w, true, nil
}

func chosenWish(r *http.Request, debts []payment.Debt) (w payment.Wish, asked bool, err error) {
	for _, p := range r.Form["pick"] {
		d, kind := chosenDebt(debts, p)
		if d == nil {
			continue
		}
		sum := dueOf(d, kind)
		if text := r.FormValue("sum-" + p); text != "" {
			if sum, err = money.Parse(text); err != nil {
				return w, false, fault.New(fault.Invalid, "payment.sum", "Напишите сумму цифрами, например 312,05").WithField("sum-" + p)
			}
		}
		w.Lines = append(w.Lines, payment.WishLine{Supplier: d.Supplier, Account: d.Account, Service: d.Service, Exact: true, Only: kind, Sum: sum})
	}
	if len(w.Lines) == 0 && r.FormValue("show") != "" {
		return w, false, fault.New(fault.Invalid, "payment.nothing", "Отметьте хотя бы одну строку").WithField("pick")
	}
	return w, len(w.Lines) > 0, nil
}

// chosenDebt finds what a box of the form means; nil when the bill no longer has it.
func chosenDebt(debts []payment.Debt, value string) (d *payment.Debt, kind string) {
	for i := range debts {
		for _, kind := range []string{payment.PartDebt, payment.PartPenalty} {
			if choiceValue(&debts[i], kind) == value {
				return &debts[i], kind
			}
		}
	}
	return nil, ""
}

// partTitles are added to the name of a service for what a part of a payment is.
var partTitles = map[string]string{payment.PartPenalty: ", пени", payment.PartAdvance: ", вперёд"}

// splitRows tell a plan by service, penalty and money ahead apart. A penalty that gets nothing is told beside its service.
func splitRows(j *joint, p payment.Plan, debts []payment.Debt, byID map[int64]supplier.Supplier) (rows []view.SplitRow) {
	for i := range debts {
		d := &debts[i]
		paid, of := false, []view.SplitRow{}
		for _, kind := range []string{payment.PartDebt, payment.PartPenalty, payment.PartAdvance} {
			row := view.SplitRow{Home: j.homeOf(d.AccountID), Supplier: byID[d.SupplierID].Name, Service: supplier.ServiceTitle(d.Service, byID[d.SupplierID].Services) + partTitles[kind], Account: d.Account, Due: dueOf(d, kind)}
			for _, part := range p.Parts {
				if part.AccountID == d.AccountID && part.ServiceID == d.ServiceID && part.Kind == kind {
					row.Pay += part.Amount
					row.Reason = reasonWords(part.Reason)
				}
			}
			if row.Left = max(0, row.Due-row.Pay); kind == payment.PartPenalty && row.Left == 0 {
				row.Reason = "" // all of it is paid: its place in the queue says nothing
			}
			paid = paid || row.Pay > 0
			if row.Pay > 0 || row.Due > 0 {
				of = append(of, row)
			}
		}
		if paid {
			rows = append(rows, of...)
		}
	}
	return rows
}

// reasonWords say why a part went where it went; that everything is paid needs no words.
func reasonWords(reason string) string {
	if reason == payment.ReasonWhole || reason == payment.ReasonNamed {
		return ""
	}
	return payment.ReasonWords[reason]
}
