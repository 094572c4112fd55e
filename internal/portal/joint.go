package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
)

// joint is what one payment is for: the bill of a home, or bills of several homes of one payer.
type joint struct {
	action string // address of the page
	bills  []*bill.Bill
	homes  []view.PayHome // that may be chosen; none where there is one only
	payer  keeper         // zero: whoever pays is not known

	divided bool // one of the bills is of a home that is shared: what is due of it is the payer's part, or all if he asks for it
}

func single(b *bill.Bill, action string) *joint {
	return &joint{action: action, bills: []*bill.Bill{b}}
}

// jointOf are the bills a resident's payment is for: of his homes named in the form, or of the one he looks at.
func (m *Module) jointOf(r *http.Request) (*joint, error) {
	homes, err := m.homesToPay(r)
	if err != nil {
		return nil, err
	}
	j := &joint{action: "/bill/pay", payer: keeperOf(r)}
	asked := formHomes(r)
	var known []int64
	for i := range homes {
		b, divided, err := m.billToPay(r, &homes[i])
		if fault.Is(err, fault.NotFound) {
			continue // its accounts are gone: the page of homes says so
		}
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(accountsOf(b), func(a int64) bool { return slices.Contains(known, a) }) {
			continue // an account is never paid twice by one order, however it came to the payer's list
		}
		id := strconv.FormatInt(homes[i].ID, 10)
		chosen := slices.Contains(asked, id) || len(asked) == 0 && len(j.homes) == 0
		known, j.homes = append(known, accountsOf(b)...), append(j.homes, view.PayHome{Value: id, Name: b.Address, Due: b.Total, Chosen: chosen})
		if chosen {
			j.bills, j.divided = append(j.bills, b), j.divided || divided
		}
	}
	if len(j.bills) == 0 {
		return nil, errNoHome
	}
	if len(j.homes) == 1 {
		j.homes = nil
	}
	return j, nil
}

// billToPay is the bill of a home as its payer asks to pay it: his part where the home is shared. Who pays a part of every line
// chooses lines, sums and money ahead among the whole.
func (m *Module) billToPay(r *http.Request, h *person.Home) (b *bill.Bill, divided bool, err error) {
	mode := askedMode(r)
	if b, err = m.homeBill(r.Context(), h); err != nil || !b.Divided {
		return b, false, err
	}
	if mode == view.PayWhole {
		b, err = m.billOfHome(r.Context(), h, true)
	} else if mode != view.PayAll {
		b.Undivide()
	}
	return b, true, err
}

var errNoHome = fault.New(fault.NotFound, "home.unknown", "Такого адреса в вашем списке нет.")

// formHomes are the homes a form names.
func formHomes(r *http.Request) []string {
	if r.Form == nil {
		_ = r.ParseForm() //nolint:errcheck // a form that does not read names no home
	}
	return r.Form["home"]
}

// ahead learns of every bill what it would be charged next.
func (m *Module) ahead(ctx context.Context, j *joint) error {
	for _, b := range j.bills {
		if err := m.Bills.Ahead(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (j *joint) several() bool { return len(j.bills) > 1 }

// address is where the homes are; of several each is named with its share.
func (j *joint) address() string {
	if j.several() {
		return ""
	}
	return j.bills[0].Address
}

// description is what the acquirer is told: no whole address.
func (j *joint) description() string {
	text := "Оплата ЖКУ, " + bill.MaskAddress(j.bills[0].Address)
	if n := len(j.bills) - 1; n > 0 {
		text += " и ещё " + strconv.Itoa(n)
	}
	return text
}

func (j *joint) total() (sum money.Amount) {
	for _, b := range j.bills {
		sum += b.Total
	}
	return sum
}

// leftOut is what of the total its payer leaves out of «pay all».
func (j *joint) leftOut() (sum money.Amount) {
	for _, b := range j.bills {
		sum += b.LeftOut()
	}
	return sum
}

func (j *joint) charge() (sum money.Amount) {
	for _, b := range j.bills {
		sum += b.Charge
	}
	return sum
}

// dueOn is the first day by which something of it has to be paid.
func (j *joint) dueOn() (first calendar.Date) {
	for _, b := range j.bills {
		if b.DueOn != 0 && b.Total > 0 && (first == 0 || b.DueOn < first) {
			first = b.DueOn
		}
	}
	return first
}

// newest is the latest month billed.
func (j *joint) newest() (newest calendar.Month) {
	for _, b := range j.bills {
		newest = max(newest, month(b.Month))
	}
	return newest
}

func (j *joint) debts() []payment.Debt {
	debts, _ := bill.Payable(j.bills)
	return debts
}

// homeOf names the home of an account where there are several homes.
func (j *joint) homeOf(accountID int64) string {
	for _, b := range j.bills {
		if j.several() && slices.Contains(accountsOf(b), accountID) {
			return b.Address
		}
	}
	return ""
}

// suppliers are the suppliers of all bills.
func (m *Module) suppliers(ctx context.Context, j *joint) (map[int64]supplier.Supplier, error) {
	all := map[int64]supplier.Supplier{}
	for _, b := range j.bills {
		byID, err := m.Bills.RecipientsOf(ctx, b)
		if err != nil {
			return nil, err
		}
		for id := range byID {
			all[id] = byID[id]
		}
	}
	return all, nil
}

// allRecipients are the recipients of all bills, each supplier once.
func (m *Module) allRecipients(ctx context.Context, j *joint, byID map[int64]supplier.Supplier) (list []view.Recipient, err error) {
	for _, b := range j.bills {
		of, err := m.recipients(ctx, b, byID)
		if err != nil {
			return nil, err
		}
		for _, r := range of {
			i := slices.IndexFunc(list, func(x view.Recipient) bool { return x.Name == r.Name && x.Account == r.Account })
			if i < 0 {
				list = append(list, r)
			} else {
				list[i].Sum += r.Sum
			}
		}
	}
	return list, nil
}
