package portal

import (
	"context"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/refund"
	"kvit/internal/web"
)

// refundRoutes are the pages of asking for money back.
func (m *Module) refundRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/payments/{id}/refund", Resource: "payment", Action: "pay", Handler: m.refundForm},
		{Method: http.MethodPost, Pattern: "/payments/{id}/refund", Resource: "payment", Action: "pay", Handler: m.fresh(m.askRefund)},
	}
}

// ownOrder is a payment of the resident who asks: he began it, or it is for an account of the home he manages.
func (m *Module) ownOrder(r *http.Request) (o payment.Order, err error) {
	if o, err = m.Payments.Find(r.Context(), r.PathValue("id")); err != nil {
		return o, err
	}
	mine, err := m.isPayers(r, &o)
	if err == nil && !mine {
		err = fault.New(fault.NotFound, "payment.unknown", "Такого платежа нет. Сверьте номер.")
	}
	return o, err
}

func (m *Module) isPayers(r *http.Request, o *payment.Order) (mine bool, err error) {
	a := access.FromContext(r.Context())
	if a.Role != access.Resident {
		return false, nil
	}
	if mine, err = m.People.Began(r.Context(), a.UserID, o.PublicID); err != nil || mine || !manages(a) {
		return mine, err
	}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		mine, err = m.paidFor(r.Context(), tx, o, a.BuildingID, a.HouseholdID)
		return err
	})
	return mine && inTerm(a, o.PaidOn), err
}

func (m *Module) paidFor(ctx context.Context, tx *db.Tx, o *payment.Order, building, household int64) (bool, error) {
	for i := range o.Parts {
		p := &o.Parts[i]
		if p.BuildingID != building || p.AccountID == 0 {
			continue
		}
		member, err := account.FindMember(ctx, tx, p.BuildingID, p.AccountID, m.Now())
		if err != nil || member.Link.HouseholdID == household {
			return err == nil, err
		}
	}
	return false, nil
}

func (m *Module) refundForm(w http.ResponseWriter, r *http.Request) error {
	return m.showRefund(w, r, http.StatusOK, nil)
}

func (m *Module) showRefund(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	o, err := m.ownOrder(r)
	if err != nil {
		return err
	}
	v := view.RefundAsk{Page: m.page(r, "Вернуть деньги"), Action: r.URL.Path, Href: "/paid/" + o.PublicID, Key: web.NewKey(), Number: payment.ShortNumber(o.PublicID), At: paidAt(&o, m.Zone), ByDay: o.Channel != payment.ChannelOnline, Paid: o.Sum,
		Online: o.Channel == payment.ChannelOnline, Days: refund.AnswerDays, Errors: web.ErrorsOf(failed), Sum: r.PostFormValue("sum"), Comment: r.PostFormValue("comment"), CommentError: web.ErrorsOf(failed).Of("comment"), SumError: web.ErrorsOf(failed).Of("sum")}
	room, err := m.Refunds.Room(r.Context(), o.PublicID)
	if err != nil {
		return err
	}
	v.Room, v.Advance = room.All, room.Advance
	if v.Sum == "" {
		v.Sum = room.All.FormatBare()
	}
	v.Kinds = web.Choices{Name: "kind", Label: "Почему вернуть", Error: v.Errors.Of("kind")}
	for _, k := range refund.Kinds {
		if k == refund.Advance && room.Advance == 0 {
			continue
		}
		c := web.Choice{Value: k, Label: refund.KindWords[k], Chosen: r.PostFormValue("kind") == k}
		if k == refund.Advance {
			c.Hint = "не использовано " + room.Advance.Format()
		}
		v.Kinds.Items = append(v.Kinds.Items, c)
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.RefundPage(v))
}

func (m *Module) askRefund(w http.ResponseWriter, r *http.Request) error {
	o, err := m.ownOrder(r)
	if err != nil {
		return err
	}
	actor, back := access.FromContext(r.Context()), "/paid/"+o.PublicID+"#refund"
	if text := r.PostFormValue("withdraw"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fault.New(fault.NotFound, "refund.request_unknown", "Такого заявления нет.")
		}
		if err := m.Refunds.Withdraw(r.Context(), actor.String(), actor.BuildingID, actor.HouseholdID, id); err != nil {
			return err
		}
		return web.SeeOther(w, r, back)
	}
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	ask := refund.Request{PublicID: o.PublicID, BuildingID: actor.BuildingID, HouseholdID: actor.HouseholdID, Kind: r.PostFormValue("kind"), Comment: r.PostFormValue("comment"), Actor: actor.String()}
	if ask.Sum, err = money.Parse(r.PostFormValue("sum")); err != nil {
		err = fault.New(fault.Invalid, "refund.sum", "Напишите сумму цифрами, например 3000 или 3000,50").WithField("sum")
	} else {
		_, err = m.Refunds.Ask(r.Context(), key, ask)
	}
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showRefund(w, r, http.StatusUnprocessableEntity, err)
	}
	return web.SeeOther(w, r, back)
}

// requestTones are how requests look.
var requestTones = map[string]web.State{
	refund.Asked: {Tone: web.Info, Icon: "clock"}, refund.Agreed: {Tone: web.Info, Icon: "clock"}, refund.Returning: {Tone: web.Info, Icon: "clock"},
	refund.Returned: {Tone: web.OK}, refund.Refused: {Tone: web.Bad, Icon: "cross"}, refund.Failed: {Tone: web.Warn}, refund.Withdrawn: {Tone: web.Quiet},
}

// fillRefunds shows a payer what he asked back of his payment, and the way to ask.
func (m *Module) fillRefunds(r *http.Request, v *view.PayResult, o *payment.Order) error {
	mine, err := m.isPayers(r, o)
	if err != nil || !mine {
		return err
	}
	list, err := m.Refunds.OfPayment(r.Context(), o.PublicID)
	if err != nil {
		return err
	}
	who := access.FromContext(r.Context())
	for i := range list {
		x := &list[i]
		row := view.RefundRow{ID: strconv.FormatInt(x.ID, 10), Why: refund.KindWords[x.Kind], Sum: x.Sum, At: x.AskedAt, State: requestTones[x.State], Answer: x.Answer}
		row.State.Word = requestWord(x)
		if x.State == refund.Asked || x.State == refund.Agreed || x.State == refund.Failed {
			row.AnswerBy = x.AnswerBy
		}
		row.Mine = x.State == refund.Asked && x.HouseholdID == who.HouseholdID && x.BuildingID == who.BuildingID
		v.Requests = append(v.Requests, row)
	}
	v.RefundTo = "/payments/" + o.PublicID + "/refund"
	room, err := m.Refunds.Room(r.Context(), o.PublicID)
	v.MayAsk = room.All > 0
	return err
}

// requestWord is the state as the payer needs it: how many persons decide is the centre's own matter.
func requestWord(x *refund.Request) string {
	if x.State == refund.Agreed || x.State == refund.Failed {
		return refund.Labels[refund.Asked]
	}
	return refund.Labels[x.State]
}
