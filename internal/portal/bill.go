package portal

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/qr"
	"kvit/internal/web"
)

// repeated tells that a supplier has several accounts on the bill: then a name alone does not tell them apart.
func repeated(b *bill.Bill, supplierID int64) bool {
	n := 0
	for _, s := range b.Suppliers {
		if s.SupplierID == supplierID {
			n++
		}
	}
	return n > 1
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
	if at != 0 && fault.Is(err, fault.NotFound) && !errors.Is(err, errOutOfTerm) {
		b, err = &bill.Bill{Moment: at}, nil // that day nobody had sent anything yet
	}
	if err != nil {
		return err
	}
	v, err := m.billView(r, b, "/bill")
	if err != nil {
		return err
	}
	v.AsOf, v.AtAction, v.AtValue, v.AtError = at != 0, "/bill", asked, atError
	if at == 0 {
		if v.Change, err = m.change(r, b, "/bill"); err != nil {
			return err
		}
		if v.IssuedList, err = m.issuedList(r, b, "/bill"); err != nil {
			return err
		}
	}
	if at == 0 { // paper, data and payment tell the bill as it is now
		v.PDFHref, v.JSONHref, v.QR, v.QRText = "/bill.pdf", "/bill.json", "/bill/qr.svg", m.host()
		if b.Total > 0 {
			v.PayHref = "/bill/pay"
			whole, err := m.Bills.WholeCode(r.Context(), b)
			if err != nil {
				return err
			}
			if whole != "" {
				v.BankQR = "/bill/bank.svg"
			}
		}
		if v.Preliminary != nil {
			v.Preliminary.PayHref = "/bill/pay?mode=ahead"
		}
	}
	if atError != "" {
		v.Page.WithErrors(web.Errors{{Field: "at", Message: atError}})
		return web.Render(w, r, http.StatusUnprocessableEntity, view.BillPage(v))
	}
	return web.Render(w, r, http.StatusOK, view.BillPage(v))
}

// billView is what a bill says, whoever looks at it; base is the address its lines open under.
func (m *Module) billView(r *http.Request, b *bill.Bill, base string) (view.Bill, error) {
	byID, err := m.Bills.RecipientsOf(r.Context(), b)
	if err == nil {
		err = m.Bills.Ahead(r.Context(), b)
	}
	if err == nil && b.Status != bill.StatusAsOf && b.Issued == nil {
		err = m.askOnline(r.Context(), b)
	}
	if err != nil {
		return view.Bill{}, err
	}
	to, err := m.recipients(r.Context(), b, byID)
	v := view.Bill{
		Page: m.page(r, "Счёт"), State: billState(b), Address: b.Address, ELS: b.ELS, Month: month(b.Month), At: b.Moment, DueOn: b.DueOn, MovedFrom: movedFrom(b),
		Opening: b.Opening, Charge: b.Charge, Recalc: b.Recalc, Penalty: b.Penalty, Paid: b.Paid, Closing: b.Opening + b.Charge + b.Recalc + b.Penalty - b.Paid, Total: b.Total, Advance: b.Advance,
		Preliminary: m.preliminary(b, byID), Late: late(b), Part: partSum(b), Plans: plans(b, byID),
		Groups: groups(b, byID, func(number int) string { return lineHref(base, number) + asOf(r) }, m.onlineWords), Recipients: to,
	}
	tellDisputed(r, &v, b)
	return v, err
}

// host is the address of the pages as people read it.
func (m *Module) host() string {
	return strings.TrimPrefix(strings.TrimPrefix(m.Bills.BaseURL, "https://"), "http://")
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
	asked = d.String() // the form a date field is filled with
	if d > calendar.DateOf(m.Now().Time().In(m.Zone)) {
		return 0, asked, "Этот день ещё не наступил. Возьмите сегодняшний или раньше"
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

func (m *Module) billPDF(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	b.Undivide() // paper is of the whole home: its lines are
	return m.sendPDF(w, r, b)
}

func (m *Module) billJSON(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	b.Undivide()
	if err := m.Bills.Ahead(r.Context(), b); err != nil {
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

func (m *Module) paymentRow(o *payment.Order) view.PaymentRow {
	return view.PaymentRow{
		Number: payment.ShortNumber(o.PublicID), At: paidAt(o, m.Zone), ByDay: o.Channel != payment.ChannelOnline, Sum: o.Sum, State: payState(o),
		Method: payment.ChannelWord(o.Channel), Href: "/paid/" + o.PublicID,
	}
}

// paidAt is the payer's day for registers, the moment for payments through us.
func paidAt(o *payment.Order, zone *time.Location) calendar.Micros {
	if o.Channel == payment.ChannelOnline {
		return o.CreatedAt
	}
	return calendar.MicrosOf(o.PaidOn.Time(zone))
}
