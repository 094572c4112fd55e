package portal

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/fiscal"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// paymentsShown bounds the list of R10.
const paymentsShown = 100

// listHome is one of the homes a resident pays for, as R10 needs it.
type listHome struct {
	id       string
	bill     *bill.Bill
	byID     map[int64]supplier.Supplier
	accounts []int64
}

// listHomes are the resident's own home, then those he pays for.
func (m *Module) listHomes(r *http.Request) (homes []listHome, err error) {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return nil, err
	}
	links, err := m.Payers.List(r.Context(), payerOf(r))
	if err != nil {
		return nil, err
	}
	add := func(id string, b *bill.Bill) error {
		byID, err := m.Bills.RecipientsOf(r.Context(), b)
		homes = append(homes, listHome{id, b, byID, accountsOf(b)})
		return err
	}
	if err := add(ownHome, b); err != nil {
		return nil, err
	}
	for i := range links {
		b, err := m.linkedBill(r.Context(), &links[i])
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err == nil {
			err = add(strconv.FormatInt(links[i].ID, 10), b)
		}
		if err != nil {
			return nil, err
		}
	}
	return homes, nil
}

// payments is R10: all money of the own home, and what its household paid for other homes.
func (m *Module) payments(w http.ResponseWriter, r *http.Request) error {
	homes, err := m.listHomes(r)
	if err != nil {
		return err
	}
	v := view.Payments{Page: m.page(r, "Платежи"), Home: "/home", Autopay: "/autopay", Accounts: "/accounts", Cards: "/cards", Benefits: benefits(&homes[0])}
	only := r.URL.Query().Get("home")
	if len(homes) > 1 {
		v.Tabs = homeTabs(homes, only)
	}
	orders, began, err := m.payersOrders(r, homes[0].bill)
	if err != nil {
		return err
	}
	marks, err := m.Receipts.Marks(r.Context(), idsOf(orders))
	if err != nil {
		return err
	}
	for i := range orders {
		o := &orders[i]
		row := m.paymentRow(o)
		var shown bool
		if row.Split, row.Sum, shown = splitOf(homes, o, began[o.PublicID], only); !shown {
			continue
		}
		row.Receipt = receiptMarks[marks[o.ID]]
		if o.Refunded > 0 {
			back, err := m.Payments.ListBack(r.Context(), o.ID)
			if err != nil {
				return err
			}
			if disputed(back) {
				row.State = view.PayDisputed
			}
		}
		v.Rows = append(v.Rows, row)
	}
	if v.Chart, err = m.moneyChart(r.Context(), homes[0].bill); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.PaymentsPage(v))
}

// receiptMarks are the words for receipts of a payment in the list.
var receiptMarks = map[fiscal.Mark]string{fiscal.MarkDone: "чек готов", fiscal.MarkWaits: "чек готовится"}

func homeTabs(homes []listHome, only string) (tabs []web.Tab) {
	tabs = append(tabs, web.Tab{Title: "Все адреса", Href: "/payments", Current: only == ""})
	for i := range homes {
		tabs = append(tabs, web.Tab{Title: homes[i].bill.Address, Href: "/payments?home=" + homes[i].id, Current: only == homes[i].id})
	}
	return tabs
}

func idsOf(orders []payment.Order) (ids []int64) {
	for i := range orders {
		ids = append(ids, orders[i].ID)
	}
	return ids
}

// payersOrders are the payments for the own accounts and those the household began for others, the latest first; began names
// the second.
func (m *Module) payersOrders(r *http.Request, b *bill.Bill) (orders []payment.Order, began map[string]bool, err error) {
	if orders, err = m.orders(r.Context(), b, paymentsShown); err != nil {
		return nil, nil, err
	}
	ids, err := m.Payers.Payments(r.Context(), payerOf(r), paymentsShown)
	if err != nil {
		return nil, nil, err
	}
	began = map[string]bool{}
	for _, id := range ids {
		began[id] = true
		if slices.ContainsFunc(orders, func(o payment.Order) bool { return o.PublicID == id }) {
			continue
		}
		o, err := m.Payments.Find(r.Context(), id)
		if err != nil {
			return nil, nil, err
		}
		orders = append(orders, o)
	}
	slices.SortStableFunc(orders, func(a, b payment.Order) int {
		return -cmp.Or(cmp.Compare(a.PaidOn, b.PaidOn), cmp.Compare(a.CreatedAt, b.CreatedAt))
	})
	return orders[:min(len(orders), paymentsShown)], began, nil
}

// splitOf is who got what of an order and the sum of it that is shown: all of what the household began, of others' payments
// the share of its own home. only: the home asked for; shown is false when the order is of none of those.
func splitOf(homes []listHome, o *payment.Order, began bool, only string) (rows []view.SplitRow, sum money.Amount, shown bool) {
	var rest money.Amount
	for i := range o.Parts {
		p := &o.Parts[i]
		at := slices.IndexFunc(homes, func(h listHome) bool { return slices.Contains(h.accounts, p.AccountID) })
		if p.AccountID == 0 || at < 0 && !began || at > 0 && !began {
			continue
		}
		if at < 0 {
			rest += p.Amount
			continue
		}
		h := &homes[at]
		shown = shown || only == "" || only == h.id
		s := h.byID[p.SupplierID]
		name := serviceOf(h.bill, p, h.byID)
		if name == "" {
			name = partWord(p.Kind)
		}
		row := view.SplitRow{Supplier: s.Name, Service: name, Due: p.Amount, Pay: p.Amount, Reason: reasonWords(p.Reason)}
		if len(homes) > 1 {
			row.Home = h.bill.Address
		}
		rows, sum = append(rows, row), sum+p.Amount
	}
	if rest != 0 {
		rows = append(rows, view.SplitRow{Home: "другой адрес", Supplier: "Поставщики другого адреса", Service: "оплата", Due: rest, Pay: rest})
	}
	if began {
		return rows, o.Sum, shown || only == ""
	}
	return rows, sum, shown
}

// benefits are what the month's bill was lowered by: benefits and subsidies that came to the account.
func benefits(h *listHome) *view.Benefits {
	x := &view.Benefits{Month: month(h.bill.Month)}
	for i := range h.bill.Lines {
		l := &h.bill.Lines[i]
		if l.Benefit != 0 {
			x.Rows = append(x.Rows, view.BenefitRow{Service: supplier.ServiceTitle(l.Service, h.byID[l.SupplierID].Services), Sum: l.Benefit})
			x.Total += l.Benefit
		}
	}
	if len(x.Rows) == 0 {
		return nil
	}
	return x
}
