package console

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/settlement"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// Bounds of what pages of payouts list.
const (
	payoutsShown     = 200
	payoutLinesShown = 50
)

// payoutRoutes are the pages of money out, of closed days, and of the way of a payment.
func (m *Module) payoutRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/payouts", Resource: "payout", Action: "read", Handler: m.payouts},
		{Method: http.MethodPost, Pattern: "/c/payouts", Resource: "payout", Action: "decide", Slow: true, Handler: m.preparePayouts},
		{Method: http.MethodGet, Pattern: "/c/payouts/{id}", Resource: "payout", Action: "read", Handler: m.payout},
		{Method: http.MethodPost, Pattern: "/c/payouts/{id}", Resource: "payout", Action: "decide", Handler: m.decidePayout},
		{Method: http.MethodGet, Pattern: "/c/payouts/{id}/register", Resource: "payout", Action: "read", Slow: true, Handler: m.payoutRegister},
		{Method: http.MethodGet, Pattern: "/c/payouts/{id}/order", Resource: "payout", Action: "decide", Handler: m.payoutOrder},
		{Method: http.MethodPost, Pattern: "/c/requisites/{id}", Resource: "payout", Action: "decide", Handler: m.decideRequisites},
		{Method: http.MethodPost, Pattern: "/c/claims/{id}", Resource: "payout", Action: "decide", Handler: m.answerClaim},
		{Method: http.MethodGet, Pattern: "/c/days", Resource: "payout", Action: "read", Handler: m.closedDays},
		{Method: http.MethodPost, Pattern: "/c/days", Resource: "payout", Action: "decide", Slow: true, Handler: m.closeDay},
		{Method: http.MethodGet, Pattern: "/c/days/{no}/pdf", Resource: "payout", Action: "read", Handler: m.closedDayPDF},
		{Method: http.MethodGet, Pattern: "/c/trace", Resource: "payout", Action: "read", Handler: m.trace},
		{Method: http.MethodGet, Pattern: "/s/payouts", Resource: "payout", Action: "own", Handler: m.supplierPayouts},
		{Method: http.MethodGet, Pattern: "/s/payouts/{id}", Resource: "payout", Action: "own", Handler: m.payout},
		{Method: http.MethodPost, Pattern: "/s/payouts/{id}", Resource: "payout", Action: "own", Handler: m.claimPayout},
		{Method: http.MethodGet, Pattern: "/s/payouts/{id}/register", Resource: "payout", Action: "own", Slow: true, Handler: m.payoutRegister},
		{Method: http.MethodGet, Pattern: "/s/trace", Resource: "payout", Action: "own", Handler: m.trace},
	}
}

var payoutTones = map[string]web.Tone{settlement.PayoutPrepared: web.Warn, settlement.PayoutApproved: web.Info, settlement.PayoutSent: web.Info, settlement.PayoutConfirmed: web.OK,
	settlement.PayoutReturned: web.Bad, settlement.PayoutCancelled: web.Quiet, settlement.PayoutCarried: web.Quiet}

func payoutState(state string) web.State {
	return web.State{Word: settlement.PayoutLabels[state], Tone: payoutTones[state]}
}

// payoutScope is what of the payouts the actor reaches, and the address of his pages.
func payoutScope(r *http.Request) (access.Scope, string, error) {
	actor := access.FromContext(r.Context())
	if actor.SupplierID != 0 {
		sc, err := actor.Scope("payout", "own")
		return sc, "/s", err
	}
	sc, err := actor.Scope("payout", "read")
	return sc, "/c", err
}

func payoutRow(p *settlement.Payout, root string) view.PayoutRow {
	row := view.PayoutRow{No: strconv.FormatInt(p.ID, 10), Href: root + "/payouts/" + strconv.FormatInt(p.ID, 10), Supplier: p.Name, Cutoff: p.Cutoff.Date(), Payments: p.Payments,
		Collected: p.Collected, Refunded: p.Refunded, Fee: p.Fee, Held: p.Held, Carried: p.Carried, Paid: p.Paid, Left: p.Left, State: payoutState(p.State)}
	if p.OrderNo != 0 {
		row.Order = fmt.Sprintf("№ %d от %s", p.OrderNo, p.OrderOn.Date().Dotted())
	}
	return row
}

func mayDecidePayouts(r *http.Request) bool {
	return access.FromContext(r.Context()).Require("payout", "decide") == nil
}

func (m *Module) payouts(w http.ResponseWriter, r *http.Request) error {
	return m.showPayouts(w, r, http.StatusOK, nil, nil)
}

func (m *Module) showPayouts(w http.ResponseWriter, r *http.Request, status int, skipped []settlement.Skipped, failed error) error {
	state := r.URL.Query().Get("state")
	v := view.Payouts{Page: m.page(r, "Перечисления поставщикам"), Errors: web.ErrorsOf(failed), Tabs: payoutTabs(state)}
	v.Page.WithErrors(v.Errors)
	if mayDecidePayouts(r) {
		v.PrepareTo, v.Key = "/c/payouts", web.NewKey()
	}
	sc, _, err := payoutScope(r)
	if err != nil {
		return err
	}
	list, err := m.Settlement.ListPayouts(r.Context(), sc, settlement.PayoutFilter{State: state, Limit: payoutsShown})
	if err != nil {
		return err
	}
	red, err := m.Settlement.RedChanges(r.Context())
	if err != nil {
		return err
	}
	for i := range list {
		row := payoutRow(&list[i], "/c")
		_, row.Red = red[list[i].SupplierID]
		v.Rows = append(v.Rows, row)
	}
	for _, s := range skipped {
		v.Skipped = append(v.Skipped, s.Supplier+": "+s.Why)
	}
	for _, c := range red {
		v.Changes = append(v.Changes, changeRow(r, &c))
	}
	if v.Claims, err = m.claimRows(r, sc); err != nil {
		return err
	}
	return web.Render(w, r, status, view.PayoutsPage(v))
}

func payoutTabs(state string) (tabs []web.Tab) {
	for _, s := range []string{"", settlement.PayoutPrepared, settlement.PayoutApproved, settlement.PayoutSent, settlement.PayoutConfirmed, settlement.PayoutReturned} {
		title, href := settlement.PayoutLabels[s], "/c/payouts?state="+s
		if s == "" {
			title, href = "Все", "/c/payouts"
		}
		tabs = append(tabs, web.Tab{Title: web.Capital(title), Href: href, Current: s == state})
	}
	return tabs
}

var changeStates = map[string]web.State{supplier.ChangeProposed: {Word: "ждёт второго человека", Tone: web.Warn}, supplier.ChangeApproved: {Word: "утверждено, ждёт срока", Tone: web.Warn}, supplier.ChangeApplied: {Word: "действует недавно", Tone: web.Bad}}

// changeRow shows a change of bank details with what the actor may do about it.
func changeRow(r *http.Request, c *supplier.Change) view.RequisitesRow {
	row := view.RequisitesRow{Supplier: c.Supplier, From: requisitesWords(&c.Former), To: requisitesWords(&c.Wanted), Author: who(c.Author), Decider: who(c.Decider), State: changeStates[c.State], Effective: c.EffectiveAt.Micros()}
	if c.State == supplier.ChangeProposed {
		row.Contact = c.Contact
	}
	if c.State != supplier.ChangeApplied && mayDecidePayouts(r) {
		row.Action, row.Key = "/c/requisites/"+strconv.FormatInt(c.ID, 10), web.NewKey()
		row.MayApprove = c.State == supplier.ChangeProposed && c.Author != access.FromContext(r.Context()).String()
	}
	return row
}

func requisitesWords(x *supplier.Requisites) string {
	return fmt.Sprintf("счёт %s, БИК %s, ИНН %s", x.BankAccount, x.BIC, x.INN)
}

func (m *Module) claimRows(r *http.Request, sc access.Scope) (rows []view.ClaimRow, err error) {
	list, err := m.Settlement.ListClaims(r.Context(), sc)
	for i := range list {
		c := &list[i]
		row := view.ClaimRow{Supplier: c.Supplier, Text: c.Text, Answer: c.Answer, At: c.MadeAt.Micros(), About: "перечисление № " + strconv.FormatInt(c.Payout, 10)}
		if c.AnsweredAt == 0 && mayDecidePayouts(r) {
			row.Action, row.Key = "/c/claims/"+strconv.FormatInt(c.ID, 10), web.NewKey()
		}
		rows = append(rows, row)
	}
	return rows, err
}

// refusedForm tells a fault that belongs on the page of its form from one that is a failure.
func refusedForm(err error) bool {
	return fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Forbidden)
}

func (m *Module) preparePayouts(w http.ResponseWriter, r *http.Request) error {
	done, err := m.Settlement.Prepare(r.Context(), access.FromContext(r.Context()).String(), settlement.PrepareRequest{})
	if refusedForm(err) {
		return m.showPayouts(w, r, http.StatusConflict, nil, err)
	}
	if err != nil {
		return err
	}
	if len(done.Skipped) == 0 {
		return web.SeeOther(w, r, "/c/payouts")
	}
	return m.showPayouts(w, r, http.StatusOK, done.Skipped, nil)
}

func idOf(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "payout.unknown", "Такого перечисления нет.")
	}
	return id, nil
}

func (m *Module) payout(w http.ResponseWriter, r *http.Request) error {
	return m.showPayout(w, r, http.StatusOK, nil)
}

func (m *Module) showPayout(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	sc, root, err := payoutScope(r)
	if err != nil {
		return err
	}
	p, lines, err := m.Settlement.Lines(r.Context(), sc, id)
	if err != nil {
		return err
	}
	v := view.PayoutView{Page: m.page(r, "Перечисление № "+strconv.FormatInt(id, 10)), PayoutRow: payoutRow(p, root), Errors: web.ErrorsOf(failed), Payee: p.Details.Payee.Name + ", ИНН " + p.Details.Payee.INN,
		Requisites: "счёт " + p.Details.Payee.BankAccount + ", БИК " + p.Details.Payee.BIC + ", " + p.Details.Payee.Bank, Purpose: p.Details.Purpose, Steps: payoutSteps(p)}
	v.Page.WithErrors(v.Errors)
	for i := range lines {
		if len(v.Lines) == payoutLinesShown {
			v.More = len(lines) - i
			break
		}
		l := &lines[i]
		v.Lines = append(v.Lines, view.PayoutLine{Number: payment.ShortNumber(l.Operation), Href: root + "/trace?payment=" + l.Operation, Channel: channelWord(l.Channel), On: l.PaidOn, Amount: l.Amount})
	}
	if len(lines) > 0 {
		v.Register = v.Href + "/register"
	}
	if root == "/s" {
		v.ClaimTo, v.Key = v.Href, web.NewKey()
		return web.Render(w, r, status, view.PayoutPage(v))
	}
	return m.showDecisions(w, r, status, &v, p)
}

// showDecisions adds what the centre sees and may do.
func (m *Module) showDecisions(w http.ResponseWriter, r *http.Request, status int, v *view.PayoutView, p *settlement.Payout) error {
	red, err := m.Settlement.RedChanges(r.Context())
	if err != nil {
		return err
	}
	if c, ok := red[p.SupplierID]; ok {
		row := changeRow(r, &c)
		row.Action = "" // decided on the page of all payouts
		v.Change = &row
	}
	if mayDecidePayouts(r) {
		v.Other = p.State == settlement.PayoutPrepared && p.Author == access.FromContext(r.Context()).String()
		v.Approve = p.State == settlement.PayoutPrepared && !v.Other
		v.Send = p.State == settlement.PayoutApproved
		v.Cancel = p.State == settlement.PayoutPrepared || p.State == settlement.PayoutApproved
		v.Settle = p.State == settlement.PayoutSent
		if v.Approve || v.Cancel || v.Settle {
			v.Action, v.Key = v.Href, web.NewKey()
		}
		if p.OrderNo != 0 {
			v.Orders = v.Href + "/order"
		}
	}
	return web.Render(w, r, status, view.PayoutPage(*v))
}

func payoutSteps(p *settlement.Payout) (list []view.PayoutStep) {
	list = append(list, view.PayoutStep{What: "Подготовлено", Who: who(p.Author), At: p.PreparedAt.Micros()})
	if p.Approver != "" {
		list = append(list, view.PayoutStep{What: "Утверждено", Who: who(p.Approver), At: p.ApprovedAt.Micros()})
	}
	if p.Sender != "" {
		list = append(list, view.PayoutStep{What: "Отправлено в банк", Who: who(p.Sender), At: p.SentAt.Micros()})
	}
	if p.SettledAt != 0 {
		list = append(list, view.PayoutStep{What: web.Capital(settlement.PayoutLabels[p.State]), Who: p.Reason, At: p.SettledAt.Micros()})
	}
	return list
}

// decidePayout does the step its button names.
func (m *Module) decidePayout(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	ctx, actor, reason := r.Context(), access.FromContext(r.Context()).String(), r.PostFormValue("reason")
	var day calendar.Date
	if text := r.PostFormValue("day"); text != "" {
		if day, err = calendar.ParseDate(text); err != nil {
			return m.showPayout(w, r, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "payout.day", "Введите день, например 24.11.2026.").WithField("day"))
		}
	}
	switch r.PostFormValue("do") {
	case "approve":
		_, err = m.Settlement.Approve(ctx, actor, id)
	case "send":
		_, err = m.Settlement.Send(ctx, actor, id)
	case "cancel":
		_, err = m.Settlement.Cancel(ctx, actor, id, reason)
	case "confirm":
		_, err = m.Settlement.Confirm(ctx, actor, id, day)
	case "return":
		_, err = m.Settlement.Return(ctx, actor, id, day, reason)
	default:
		err = fault.New(fault.Invalid, "payout.step", "Выберите, что сделать с перечислением.")
	}
	if refusedForm(err) {
		return m.showPayout(w, r, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/payouts/"+r.PathValue("id"))
}

// payoutRegister gives the register of a payout in its supplier's own layout.
func (m *Module) payoutRegister(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	sc, _, err := payoutScope(r)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(m.TempDir, "register-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	row, err := m.WritePayoutRegister(r.Context(), sc, id, dir)
	if err != nil {
		return err
	}
	web.Attach(w, "application/octet-stream", row.File)
	http.ServeFile(w, r, filepath.Join(dir, row.File))
	return nil
}

// payoutOrder gives the payment order of a payout for a client-bank.
func (m *Module) payoutOrder(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	p, err := m.Settlement.FindPayout(r.Context(), access.Scope{All: true}, id)
	if err != nil {
		return err
	}
	if p.OrderNo == 0 {
		return fault.New(fault.NotFound, "payout.no_order", "Перечисление ещё не отправлено: поручения у него нет.")
	}
	var file bytes.Buffer
	if err := settlement.WriteOrders(&file, []settlement.BankOrder{p.BankOrder()}, m.Now()); err != nil {
		return err
	}
	web.Attach(w, "text/plain; charset=windows-1251", "kl_to_1c.txt")
	_, err = w.Write(file.Bytes())
	return err
}

func (m *Module) decideRequisites(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	actor := access.FromContext(r.Context()).String()
	if r.PostFormValue("do") == "approve" {
		_, err = m.Settlement.Suppliers.ApproveRequisites(r.Context(), actor, id)
	} else {
		_, err = m.Settlement.Suppliers.RefuseRequisites(r.Context(), actor, id)
	}
	if refusedForm(err) {
		return m.showPayouts(w, r, http.StatusConflict, nil, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/payouts")
}

func (m *Module) answerClaim(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	err = m.Settlement.Answer(r.Context(), access.FromContext(r.Context()).String(), id, r.PostFormValue("text"))
	if refusedForm(err) {
		return m.showPayouts(w, r, http.StatusUnprocessableEntity, nil, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/payouts")
}
