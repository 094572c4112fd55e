package console

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/settlement"
	"kvit/internal/web"
)

// closesShown is how many closed days a page lists.
const closesShown = 62

func (m *Module) closedDays(w http.ResponseWriter, r *http.Request) error {
	return m.showClosedDays(w, r, http.StatusOK, nil)
}

func (m *Module) showClosedDays(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	v := view.ClosedDays{Page: m.page(r, "Закрытые дни"), Errors: web.ErrorsOf(failed)}
	v.Page.WithErrors(v.Errors)
	if mayDecidePayouts(r) {
		v.CloseTo, v.Key = "/c/days", web.NewKey()
	}
	list, err := m.Settlement.ListCloses(r.Context(), closesShown)
	for i := range list {
		c := &list[i]
		if c.State == settlement.CloseClosed {
			v.Rows = append(v.Rows, view.ClosedDay{No: strconv.FormatInt(c.No, 10), On: c.Day, At: c.ClosedAt, By: who(c.Actor), Digest: c.Digest[:12], Transactions: c.Transactions, PDF: fmt.Sprintf("/c/days/%d/pdf", c.No)})
		}
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, status, view.ClosedDaysPage(v))
}

func (m *Module) closeDay(w http.ResponseWriter, r *http.Request) error {
	var day calendar.Date
	if text := strings.TrimSpace(r.PostFormValue("day")); text != "" {
		var err error
		if day, err = calendar.ParseDate(text); err != nil {
			return m.showClosedDays(w, r, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "day.day", "Введите день, например 24.11.2026.").WithField("day"))
		}
	}
	_, err := m.Settlement.CloseDay(r.Context(), access.FromContext(r.Context()).String(), day)
	if refusedForm(err) {
		return m.showClosedDays(w, r, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/days")
}

func (m *Module) closedDayPDF(w http.ResponseWriter, r *http.Request) error {
	no, err := strconv.ParseInt(r.PathValue("no"), 10, 64)
	if err != nil || no <= 0 {
		return fault.New(fault.NotFound, "day.unknown", "Такого закрытого дня нет.")
	}
	c, err := m.Settlement.FindClose(r.Context(), no, 0)
	if err != nil {
		return err
	}
	d, err := c.Document()
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := d.PDF(&file, c.Digest); err != nil {
		return err
	}
	web.Attach(w, "application/pdf", fmt.Sprintf("day-%d.pdf", no))
	_, err = w.Write(file.Bytes())
	return err
}

func (m *Module) supplierPayouts(w http.ResponseWriter, r *http.Request) error {
	sc, root, err := payoutScope(r)
	if err != nil {
		return err
	}
	today := calendar.DateOf(m.Now().Time().In(m.Zone))
	v := view.SupplierPayouts{Page: m.page(r, "Перечисления"), Action: "/s/payouts", Done: r.URL.Query().Get("claimed") != ""}
	if v.Range, err = web.RangeOf(r, web.DayRange{From: today.AddDays(-30), To: today}); err != nil {
		v.Errors = web.ErrorsOf(err)
	}
	days, err := m.Settlement.SupplierDays(r.Context(), sc.SupplierID, v.Range.From, v.Range.To)
	if err != nil {
		return err
	}
	for i := range days {
		d := &days[i]
		row := view.PayoutDay{On: d.Day.Date(), Payments: d.Payments, Collected: d.Collected, Refunded: d.Refunded, Fee: d.Fee}
		if d.Payout != nil {
			p := payoutRow(d.Payout, root)
			row.Payout = &p
		}
		v.Days = append(v.Days, row)
	}
	list, err := m.Settlement.ListPayouts(r.Context(), sc, settlement.PayoutFilter{Limit: payoutsShown})
	if err != nil {
		return err
	}
	for i := range list {
		v.Rows = append(v.Rows, payoutRow(&list[i], root))
	}
	if v.Claims, err = m.claimRows(r, sc); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.SupplierPayoutsPage(v))
}

// claimPayout takes what a supplier says is wrong with a payout of his.
func (m *Module) claimPayout(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	_, err = m.Settlement.Say(r.Context(), access.FromContext(r.Context()), id, 0, r.PostFormValue("text"))
	if refusedForm(err) {
		return m.showPayout(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/s/payouts?claimed=1")
}

// trace follows a payment; to a supplier it shows his own shares.
func (m *Module) trace(w http.ResponseWriter, r *http.Request) error {
	sc, root, err := payoutScope(r)
	if err != nil {
		return err
	}
	v := view.TraceView{Page: m.page(r, "Путь платежа"), Action: root + "/trace", Asked: strings.TrimSpace(r.URL.Query().Get("payment"))}
	status := http.StatusOK
	if v.Asked != "" {
		names, err := m.supplierNames(r)
		if err != nil {
			return err
		}
		t, err := m.Settlement.Trace(r.Context(), sc, v.Asked)
		switch {
		case fault.Is(err, fault.NotFound), fault.Is(err, fault.Conflict):
			v.Errors, status = web.ErrorsOf(fault.As(err).WithField("payment")), http.StatusNotFound
		case err != nil:
			return err
		default:
			fillTrace(&v, t, root, names)
		}
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.TracePage(v))
}

// traceWords are the shares of a payment in words.
var traceWords = map[string]string{"receivable": "счёт", "penalty": "пени, счёт", "advance": "аванс, счёт", "suspense": "невыясненный платёж"}

func fillTrace(v *view.TraceView, t *settlement.Trace, root string, names supplierNames) {
	v.Found, v.Payment, v.Sum = true, t.Payment, t.Sum
	v.Facts = [][2]string{{"День плательщика", t.PaidOn.Date().Dotted()}, {"Откуда", channelWord(t.Channel)}}
	if t.From.FileID != 0 {
		v.Facts = append(v.Facts, [2]string{"Пришёл", fmt.Sprintf("строкой %d файла № %d", t.From.Row, t.From.FileID)})
	}
	if t.Gateway != "" {
		v.Facts = append(v.Facts, [2]string{"Номер у эквайера", t.Gateway})
	}
	for _, x := range t.Arrived {
		v.Facts = append(v.Facts, [2]string{"Пришёл в банк", fmt.Sprintf("%s, документ № %s на %s", x.On.Date().Dotted(), x.Number, x.Sum.Format())})
	}
	for _, x := range t.Returns {
		v.Facts = append(v.Facts, [2]string{"Возврат", fmt.Sprintf("%s, поручение № %d от %s: %s", x.Sum.Format(), x.OrderNo, x.OrderOn.Date().Dotted(), settlement.ReturnLabels[x.State])})
	}
	if t.Fee != 0 {
		v.Facts = append(v.Facts, [2]string{"Комиссия центра", t.Fee.Format()})
	}
	for i := range t.Steps {
		v.Steps = append(v.Steps, traceRow(&t.Steps[i], root, names))
	}
}

func traceRow(s *settlement.TraceStep, root string, names supplierNames) view.TraceRow {
	row := view.TraceRow{Supplier: names.of(s.Supplier), Account: s.Number, What: traceWords[s.What], Amount: s.Amount, Posted: fmt.Sprintf("№ %d от %s", s.Posting, s.PostedOn.Date().Dotted()), State: web.State{Word: "день не закрыт", Tone: web.Info}}
	if s.Supplier == "" {
		row.Supplier = "Расчётный центр"
	}
	if s.CloseNo != 0 {
		row.Closed, row.State = fmt.Sprintf("№ %d", s.CloseNo), web.State{Word: "ждёт перечисления", Tone: web.Info}
	}
	if p := s.Payout; p != nil {
		row.Payout, row.PayoutHref, row.State = "№ "+strconv.FormatInt(p.ID, 10), root+"/payouts/"+strconv.FormatInt(p.ID, 10), payoutState(p.State)
		if p.OrderNo != 0 {
			row.Bank = fmt.Sprintf("поручение № %d от %s", p.OrderNo, p.OrderOn.Date().Dotted())
		}
		if p.SettledOn != 0 {
			row.Bank += ", по выписке " + p.SettledOn.Date().Dotted()
		}
	}
	return row
}
