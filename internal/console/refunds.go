package console

import (
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/refund"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// refundRoutes are the pages of money that goes back.
func (m *Module) refundRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/refunds", Resource: "refund", Action: "read", Handler: m.refunds},
		{Method: http.MethodPost, Pattern: "/c/refunds", Resource: "refund", Action: "decide", Handler: m.judgeAlike},
		{Method: http.MethodGet, Pattern: "/c/refunds/{id}", Resource: "refund", Action: "read", Handler: m.refund},
		{Method: http.MethodPost, Pattern: "/c/refunds/{id}", Resource: "refund", Action: "decide", Handler: m.decideRefund},
		{Method: http.MethodGet, Pattern: "/c/disputes", Resource: "refund", Action: "read", Handler: m.disputes},
		{Method: http.MethodPost, Pattern: "/c/disputes", Resource: "refund", Action: "decide", Handler: m.openDispute},
		{Method: http.MethodGet, Pattern: "/c/disputes/{id}", Resource: "refund", Action: "read", Handler: m.dispute},
		{Method: http.MethodPost, Pattern: "/c/disputes/{id}", Resource: "refund", Action: "decide", Handler: m.stepDispute},
	}
}

// Bounds of the lists.
const (
	refundsShown = 200
	alikeDays    = 31 // how far back equal payments are looked for
)

// waitingRequests are the states in which a request waits for people of the centre.
var waitingRequests = []string{refund.Asked, refund.Agreed, refund.Failed, refund.Returning}

// requestTones are how requests look.
var requestTones = map[string]web.Tone{refund.Asked: web.Warn, refund.Agreed: web.Warn, refund.Failed: web.Bad, refund.Returning: web.Info, refund.Returned: web.OK}

func (m *Module) refunds(w http.ResponseWriter, r *http.Request) error {
	which := r.URL.Query().Get("which")
	v := view.Refunds{Page: m.page(r, "Возвраты")}
	pairs, err := m.Refunds.ListAlike(r.Context(), m.day().AddDays(-alikeDays), refundsShown)
	if err != nil {
		return err
	}
	current := "/c/refunds"
	if which != "" {
		current += "?which=" + which
	}
	v.Tabs = refundTabs(current, len(pairs))
	if which == "alike" {
		v.Alike, v.AlikeShown = m.alikeRows(pairs), true
		if access.FromContext(r.Context()).Require("refund", "decide") == nil {
			v.JudgeTo = "/c/refunds"
		}
		return web.Render(w, r, http.StatusOK, view.RefundsPage(v))
	}
	f := refund.Filter{Limit: refundsShown}
	if which == "" {
		f.States = waitingRequests
	}
	list, err := m.Refunds.List(r.Context(), f)
	if err != nil {
		return err
	}
	for i := range list {
		v.Rows = append(v.Rows, m.requestRow(&list[i]))
	}
	return web.Render(w, r, http.StatusOK, view.RefundsPage(v))
}

func (m *Module) requestRow(x *refund.Request) view.RefundRow {
	row := view.RefundRow{Number: strconv.FormatInt(x.ID, 10), Href: "/c/refunds/" + strconv.FormatInt(x.ID, 10), Why: refund.KindWords[x.Kind], Sum: x.Sum, Asked: x.AskedAt, State: web.State{Word: refund.Labels[x.State], Tone: requestTones[x.State]}}
	if x.Open() {
		row.AnswerBy, row.Late = x.AnswerBy, x.AnswerBy < m.day()
	}
	return row
}

func (m *Module) alikeRows(pairs []refund.Alike) (rows []view.AlikeRow) {
	for i := range pairs {
		a, b := &pairs[i].First, &pairs[i].Second
		rows = append(rows, view.AlikeRow{First: a.PublicID, Second: b.PublicID, FirstOn: a.PaidOn, SecondOn: b.PaidOn, FirstBy: channelWord(a.Channel), SecondBy: channelWord(b.Channel), Sum: b.Sum})
	}
	return rows
}

// judgeAlike notes what two equal payments are.
func (m *Module) judgeAlike(w http.ResponseWriter, r *http.Request) error {
	return m.once(w, r, func(actor string) (string, error) {
		return "/c/refunds?which=alike", m.Refunds.Judge(r.Context(), actor, r.PostFormValue("first"), r.PostFormValue("second"), r.PostFormValue("verdict"))
	})
}

func (m *Module) refund(w http.ResponseWriter, r *http.Request) error {
	return m.showRefund(w, r, http.StatusOK, nil)
}

func (m *Module) showRefund(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	x, err := m.Refunds.Find(r.Context(), id)
	if err != nil {
		return err
	}
	v := view.Refund{Page: m.page(r, "Заявление на возврат № "+strconv.FormatInt(id, 10)), RefundRow: m.requestRow(&x), Comment: x.Comment, Answer: x.Answer, Asker: askerWords(&x), Errors: web.ErrorsOf(failed), Typed: r.PostFormValue("answer"), Key: web.NewKey()}
	if x.AgreedBy != "" {
		v.Agreed, v.AgreedAt = x.AgreedBy, x.AgreedAt
	}
	if x.DecidedBy != "" {
		v.Decided, v.DecidedAt = x.DecidedBy, x.DecidedAt
	}
	if v.Payment, err = m.paymentFacts(r, x.PublicID); err != nil {
		return err
	}
	room, err := m.Payments.ReturnableOf(r.Context(), x.PublicID)
	if err != nil {
		return err
	}
	v.Room, v.Advance = room.All, room.Advance
	actor := access.FromContext(r.Context())
	if actor.Require("refund", "decide") == nil && (x.State == refund.Asked || x.State == refund.Agreed || x.State == refund.Failed) {
		v.DecideTo, v.Two, v.Mine = v.Href, x.Sum > m.Refunds.Alone, x.State == refund.Agreed && x.AgreedBy == actor.String()
		v.Alone = m.Refunds.Alone
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.RefundPage(v))
}

// askerWords say who asks.
func askerWords(x *refund.Request) string {
	if x.HouseholdID == 0 {
		return "расчётный центр: " + who(x.Actor)
	}
	return "житель"
}

// paymentFacts are what a person needs of a payment to decide about it.
func (m *Module) paymentFacts(r *http.Request, publicID string) (v view.PaymentFacts, err error) {
	o, err := m.Payments.Find(r.Context(), publicID)
	if err != nil {
		return v, err
	}
	v = view.PaymentFacts{Href: "/paid/" + o.PublicID, TraceHref: "/c/trace?payment=" + o.PublicID, Number: o.PublicID, On: o.PaidOn, Sum: o.Sum, Refunded: o.Refunded, Method: channelWord(o.Channel), State: payment.Labels[o.State]}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		v.Parts = nil
		at := map[int64]int{}
		for i := range o.Parts {
			p := &o.Parts[i]
			if p.SupplierID == 0 {
				continue
			}
			k, ok := at[p.SupplierID]
			if !ok {
				s, err := supplier.FindByID(r.Context(), tx, p.SupplierID)
				if err != nil {
					return err
				}
				k = len(v.Parts)
				at[p.SupplierID], v.Parts = k, append(v.Parts, view.PaymentPart{Supplier: s.Name})
			}
			if p.Amount > 0 {
				v.Parts[k].Paid += p.Amount
			} else {
				v.Parts[k].Back -= p.Amount
			}
		}
		return nil
	})
	return v, err
}

// decideRefund agrees or refuses. Pressed twice, it decides once.
func (m *Module) decideRefund(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	err = m.once(w, r, func(actor string) (string, error) {
		page := "/c/refunds/" + strconv.FormatInt(id, 10)
		switch r.PostFormValue("do") {
		case "agree":
			return page, m.Refunds.Agree(r.Context(), actor, id)
		case "refuse":
			return page, m.Refunds.Refuse(r.Context(), actor, id, r.PostFormValue("answer"))
		}
		return "", fault.New(fault.Invalid, "refund.step", "Решите: вернуть деньги или отказать.")
	})
	if refusedForm(err) || fault.Is(err, fault.Forbidden) {
		return m.showRefund(w, r, http.StatusConflict, err)
	}
	return err
}

// refundWait is a line of the first page when payers wait for an answer.
func (m *Module) refundWait(r *http.Request) ([]view.Wait, error) {
	list, err := m.Refunds.List(r.Context(), refund.Filter{States: waitingRequests, Limit: refundsShown})
	if err != nil {
		return nil, err
	}
	disputes, err := m.Refunds.Disputes(r.Context(), false, refundsShown)
	if err != nil {
		return nil, err
	}
	waits := []view.Wait{{Title: "Возвраты", Text: "Плательщики ждут ответа", Href: "/c/refunds", Count: len(list), Tone: web.Warn}, {Title: "Споры", Text: "Банки спорят о платежах", Href: "/c/disputes", Count: len(disputes), Tone: web.Warn}}
	today := m.day()
	for i := range list {
		if list[i].AnswerBy < today {
			waits[0].Tone, waits[0].Text = web.Bad, "Есть ответы с прошедшим сроком"
		}
	}
	for i := range disputes {
		if disputes[i].State == refund.DisputeOpen && disputes[i].AnswerBy < today {
			waits[1].Tone, waits[1].Text = web.Bad, "Есть споры с прошедшим сроком"
		}
	}
	return someWaits(waits), nil
}

// someWaits leaves out what nobody waits for.
func someWaits(list []view.Wait) (some []view.Wait) {
	for _, w := range list {
		if w.Count > 0 {
			some = append(some, w)
		}
	}
	return some
}

// day is today's date in the region.
func (m *Module) day() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }
