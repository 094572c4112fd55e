package portal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/qr"
	"kvit/internal/web"
)

func (m *Module) home(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	v := view.Home{Page: m.page(r, "Главная"), Address: b.Address, Due: b.Total, DueOn: b.DueOn, Advance: b.Advance, BillHref: "/bill", PayHref: "/bill/pay"}
	v.Month = month(b.Month)
	v.MovedFrom = movedFrom(b)
	v.State = homeState(b, calendar.DateOf(m.Now().Time().In(m.Zone)))
	if v.Month.Valid() {
		v.PaidUntil = v.Month.Add(2).First().AddDays(4) // the next bill comes by the 5th (ЖК РФ ст. 155 ч. 2)
	}
	if b.DueOn != 0 {
		v.PenaltyFrom = b.DueOn.AddDays(31)
	}
	v.Penalty = b.Penalty
	for _, s := range b.Suppliers {
		v.Suppliers = append(v.Suppliers, view.Freshness{Name: s.Name, Month: month(s.Month), At: s.Fresh, Due: s.Due, Late: s.Month != b.Month})
	}
	orders, err := m.orders(r.Context(), b, 1)
	if err != nil {
		return err
	}
	if len(orders) > 0 {
		row := m.paymentRow(&orders[0])
		v.LastPayment = &row
	}
	return web.Render(w, r, http.StatusOK, view.HomePage(v))
}

func homeState(b *bill.Bill, today calendar.Date) view.HomeState {
	switch {
	case len(b.Lines) == 0:
		return view.HomeNew
	case b.Total == 0:
		return view.HomeClear
	case b.DueOn != 0 && today > b.DueOn:
		return view.HomeOverdue
	}
	return view.HomeDue
}

// month reads the month a bill carries; zero when it has none.
func month(s string) calendar.Month {
	m, err := calendar.ParseMonth(s)
	if err != nil {
		return 0
	}
	return m
}

// movedFrom is the 15th when it fell on a day off.
func movedFrom(b *bill.Bill) calendar.Date {
	if b.DueOn == 0 || b.DueOn.Day() == 15 {
		return 0
	}
	return b.DueOn.Month().First().AddDays(14)
}

func (m *Module) bill(w http.ResponseWriter, r *http.Request) error {
	at, asked, atError := m.moment(r)
	b, err := m.ownBill(r, at)
	if err != nil {
		return err
	}
	v := view.Bill{Page: m.page(r, "Счёт"), State: billState(b), Address: b.Address, ELS: b.ELS, Month: month(b.Month), At: b.Moment, AsOf: at != 0, DueOn: b.DueOn, MovedFrom: movedFrom(b),
		Opening: b.Opening, Charge: b.Charge, Recalc: b.Recalc, Penalty: b.Penalty, Paid: b.Paid, Closing: b.Opening + b.Charge + b.Recalc + b.Penalty - b.Paid, Total: b.Total, Advance: b.Advance,
		AtAction: "/bill", AtValue: asked, AtError: atError, PDFHref: "/bill.pdf", JSONHref: "/bill.json"}
	if at == 0 {
		v.PayHref, v.QR, v.QRText = "/bill/pay", "/bill/qr.svg", strings.TrimPrefix(strings.TrimPrefix(m.Bills.BaseURL, "https://"), "http://")
		if b.Total == 0 {
			v.PayHref = ""
		}
	}
	v.Groups = groups(b)
	if v.Recipients, err = m.recipients(r.Context(), b); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.BillPage(v))
}

// moment reads the «as of» date: the end of that day in the region.
func (m *Module) moment(r *http.Request) (at calendar.Micros, asked, message string) {
	asked = strings.TrimSpace(r.URL.Query().Get("at"))
	if asked == "" {
		return 0, "", ""
	}
	d, err := calendar.ParseDate(asked)
	if err != nil {
		return 0, asked, "Укажите дату, например 31.10.2026"
	}
	at = calendar.MicrosOf(d.AddDays(1).Time(m.Zone)) - 1
	if at >= m.Now() {
		return 0, asked, ""
	}
	return at, asked, ""
}

func billState(b *bill.Bill) view.BillState {
	switch {
	case len(b.Lines) == 0:
		return view.BillEmpty
	case b.Total == 0:
		return view.BillPaid
	}
	for i := range b.Lines {
		if b.Lines[i].PaidSince > 0 {
			return view.BillPartPaid
		}
	}
	return view.BillOpen
}

func groups(b *bill.Bill) []view.BillGroup {
	var out []view.BillGroup
	for _, s := range b.Suppliers {
		g := view.BillGroup{Supplier: s.Name, Account: s.Account, Month: month(s.Month), Fresh: s.Fresh, Late: s.Month != b.Month, Due: s.Due}
		for i := range b.Lines {
			l := &b.Lines[i]
			if l.AccountID != s.AccountID {
				continue
			}
			g.Lines = append(g.Lines, view.BillLine{Service: l.Service, Volume: strings.Replace(l.VolumeText, ".", ",", 1), Rate: strings.Replace(l.RateText, ".", ",", 1),
				Opening: l.Opening, Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty, Paid: l.Paid, Due: l.Due, PaidClaimed: l.Claimed, PaidHere: l.PaidSince,
				Source: view.Source{File: l.Source.File, Pos: l.Source.Pos, Unit: l.Source.Unit, At: l.Source.Recorded}})
		}
		out = append(out, g)
	}
	return out
}

func (m *Module) billPDF(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`inline; filename="kvit-%s.pdf"`, b.Month))
	return m.Bills.PDF(r.Context(), w, []*bill.Bill{b})
}

func (m *Module) billJSON(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(b)
}

// billQR is the picture of the code that opens the bill on a phone.
func (m *Module) billQR(w http.ResponseWriter, r *http.Request) error {
	code, err := m.Bills.CodeOf(r.Context(), own(r))
	if err != nil {
		return err
	}
	matrix, err := qr.Encode(m.Bills.BaseURL + "/pay/" + code.Token)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err = fmt.Fprint(w, matrix.SVG("Код для оплаты всего счёта"))
	return err
}

func (m *Module) payments(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	const most = 100
	orders, err := m.orders(r.Context(), b, most)
	if err != nil {
		return err
	}
	v := view.Payments{Page: m.page(r, "Платежи"), Home: b.Address}
	v.Paging.Total = len(orders)
	for i := range orders {
		v.Rows = append(v.Rows, m.paymentRow(&orders[i]))
	}
	return web.Render(w, r, http.StatusOK, view.PaymentsPage(v))
}

// channels are the words for where money came through.
var channels = map[string]string{payment.ChannelOnline: "на сайте", "sber": "в банке", "sbp": "по СБП", "cash": "в кассе"}

func (m *Module) paymentRow(o *payment.Order) view.PaymentRow {
	row := view.PaymentRow{Number: shortNumber(o.PublicID), At: paidAt(o, m.Zone), Sum: o.Sum, State: payState(o), Method: channels[o.Channel]}
	if o.Channel == payment.ChannelOnline {
		row.Href = "/paid/" + o.PublicID
	}
	return row
}

// paidAt is the payer's day for registers, the moment for payments through us.
func paidAt(o *payment.Order, zone *time.Location) calendar.Micros {
	if o.Channel == payment.ChannelOnline {
		return o.CreatedAt
	}
	return calendar.MicrosOf(o.PaidOn.Time(zone))
}

// shortNumber is what a person reads to an operator.
func shortNumber(id string) string {
	s := strings.ToUpper(strings.ReplaceAll(id, "-", ""))
	if len(s) < 10 {
		return s
	}
	return s[len(s)-8:len(s)-4] + "-" + s[len(s)-4:]
}
