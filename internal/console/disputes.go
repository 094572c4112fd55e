package console

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/refund"
	"kvit/internal/web"
)

// disputeTones are how disputes look.
var disputeTones = map[string]web.Tone{refund.DisputeOpen: web.Warn, refund.DisputeAnswered: web.Info, refund.DisputeWon: web.OK, refund.DisputeLost: web.Bad}

func (m *Module) disputes(w http.ResponseWriter, r *http.Request) error {
	return m.showDisputes(w, r, http.StatusOK, nil)
}

func (m *Module) showDisputes(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	all := r.URL.Query().Get("which") == "all"
	list, err := m.Refunds.Disputes(r.Context(), all, refundsShown)
	if err != nil {
		return err
	}
	v := view.Disputes{Page: m.page(r, "Споры о платежах"), Key: web.NewKey(), Errors: web.ErrorsOf(failed),
		Tabs: []web.Tab{{Title: "Идут", Href: "/c/disputes", Current: !all}, {Title: "Все споры", Href: "/c/disputes?which=all", Current: all}, {Title: "Возвраты", Href: "/c/refunds"}}}
	for i := range list {
		v.Rows = append(v.Rows, m.disputeRow(&list[i]))
	}
	if access.FromContext(r.Context()).Require("refund", "decide") == nil {
		v.OpenTo, v.Form = "/c/disputes", disputeForm(r, m.day())
		v.Form.Reasons.Error = v.Errors.Of("reason")
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.DisputesPage(v))
}

// disputeForm is the form of a new dispute with what was typed.
func disputeForm(r *http.Request, today calendar.Date) view.DisputeForm {
	f := view.DisputeForm{Payment: r.FormValue("payment"), Number: r.PostFormValue("number"), Sum: r.PostFormValue("sum"), Told: cmp.Or(r.PostFormValue("told"), today.String()), By: cmp.Or(r.PostFormValue("by"), today.AddDays(refund.AnswerDays).String()), Taken: r.PostFormValue("taken") != "",
		Reasons: web.Choices{Name: "reason", Label: "Что говорит плательщик"}}
	for _, code := range refund.DisputeReasons {
		f.Reasons.Items = append(f.Reasons.Items, web.Choice{Value: code, Label: refund.DisputeWords[code], Chosen: r.PostFormValue("reason") == code})
	}
	return f
}

func (m *Module) disputeRow(d *refund.Dispute) view.DisputeRow {
	row := view.DisputeRow{Title: "Спор № " + strconv.FormatInt(d.ID, 10), Number: d.Number, Href: "/c/disputes/" + strconv.FormatInt(d.ID, 10), Why: refund.DisputeWords[d.Reason], Sum: d.Sum, ToldOn: d.ToldOn, State: web.State{Word: refund.DisputeLabels[d.State], Tone: disputeTones[d.State]}}
	if d.Waits() {
		row.AnswerBy, row.Late = d.AnswerBy, d.State == refund.DisputeOpen && d.AnswerBy < m.day()
	}
	return row
}

// openDispute records what a bank has told.
func (m *Module) openDispute(w http.ResponseWriter, r *http.Request) error {
	d, err := disputeOf(r)
	if err == nil {
		err = m.once(w, r, func(actor string) (string, error) {
			d.Actor = actor
			made, err := m.Refunds.OpenDispute(r.Context(), r.PostFormValue(web.KeyField), d)
			return "/c/disputes/" + strconv.FormatInt(made.ID, 10), err
		})
	}
	if refusedForm(err) || fault.Is(err, fault.NotFound) {
		return m.showDisputes(w, r, http.StatusUnprocessableEntity, err)
	}
	return err
}

// disputeOf reads the form.
func disputeOf(r *http.Request) (d refund.Dispute, err error) {
	d = refund.Dispute{PublicID: strings.TrimSpace(r.PostFormValue("payment")), Number: r.PostFormValue("number"), Reason: r.PostFormValue("reason"), Taken: r.PostFormValue("taken") != ""}
	if d.PublicID == "" {
		return d, fault.New(fault.Invalid, "dispute.payment", "Вставьте номер платежа целиком: он есть на странице «Путь платежа».").WithField("payment")
	}
	if d.Sum, err = money.Parse(r.PostFormValue("sum")); err != nil {
		return d, fault.New(fault.Invalid, "dispute.sum", "Напишите сумму цифрами, например 3000,50").WithField("sum")
	}
	if d.ToldOn, err = calendar.ParseDate(r.PostFormValue("told")); err != nil {
		return d, fault.New(fault.Invalid, "dispute.told_on", "Укажите день, когда банк сообщил о споре.").WithField("told")
	}
	if d.AnswerBy, err = calendar.ParseDate(r.PostFormValue("by")); err != nil {
		return d, fault.New(fault.Invalid, "dispute.answer_by", "Укажите, до какого дня банк ждёт ответа.").WithField("by")
	}
	return d, nil
}

func (m *Module) dispute(w http.ResponseWriter, r *http.Request) error {
	return m.showDispute(w, r, http.StatusOK, nil)
}

func (m *Module) showDispute(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	d, err := m.Refunds.FindDispute(r.Context(), id)
	if err != nil {
		return err
	}
	v := view.Dispute{Page: m.page(r, "Спор № "+strconv.FormatInt(id, 10)), DisputeRow: m.disputeRow(&d), Money: moneyWords(&d), Key: web.NewKey(), Typed: r.PostFormValue("text"), Errors: web.ErrorsOf(failed)}
	for _, s := range d.Steps {
		v.Steps = append(v.Steps, view.DisputeStep{Title: refund.StepWords[s.Kind], Text: s.Text, Who: who(s.Actor), At: s.At})
	}
	if v.Payment, err = m.paymentFacts(r, d.PublicID); err != nil {
		return err
	}
	if d.Waits() && access.FromContext(r.Context()).Require("refund", "decide") == nil {
		v.StepTo = v.Href
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.DisputePage(v))
}

// moneyWords say where the money of a dispute is.
func moneyWords(d *refund.Dispute) string {
	switch {
	case d.State == refund.DisputeWon && d.Taken:
		return "Банк вернул деньги: списание и его возврат проведены, у поставщиков снова всё как было."
	case d.State == refund.DisputeWon:
		return "Деньги остались у нас, проводок по спору нет."
	case d.State == refund.DisputeLost, d.Taken:
		return "Банк забрал деньги: проведено зеркало разбивки платежа, долг жителя открыт снова, сумма вычтена из перечислений поставщикам."
	}
	return "Банк деньги пока не забирал, проводок нет."
}

// stepDispute notes evidence, the answer or the outcome.
func (m *Module) stepDispute(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	err = m.once(w, r, func(actor string) (string, error) {
		page, text := "/c/disputes/"+strconv.FormatInt(id, 10), r.PostFormValue("text")
		switch do := r.PostFormValue("do"); do {
		case refund.StepEvidence, refund.StepSent:
			return page, m.Refunds.AddEvidence(r.Context(), actor, id, text, do == refund.StepSent)
		case refund.StepWon, refund.StepLost:
			return page, m.Refunds.EndDispute(r.Context(), actor, id, do == refund.StepWon, text)
		}
		return "", fault.New(fault.Invalid, "dispute.step", "Выберите, что сделать со спором.")
	})
	if refusedForm(err) {
		return m.showDispute(w, r, http.StatusUnprocessableEntity, err)
	}
	return err
}
