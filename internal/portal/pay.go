package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/privacy"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// waitFor is how long an unanswered payment asks people not to pay again (ux.md 10).
const waitFor = 15 * time.Minute

func (m *Module) check(w http.ResponseWriter, r *http.Request) error {
	j, err := m.jointOf(r)
	if err != nil {
		return err
	}
	if b := j.bills[0]; b.Divided && b.Whole > 0 && j.total() == 0 && !j.several() && askedMode(r) == view.PayAll {
		whole := url.Values{"mode": {string(view.PayWhole)}, "home": formHomes(r)}
		return web.SeeOther(w, r, j.action+"?"+whole.Encode()) // his part is paid: what is left is the others'
	}
	return m.showCheck(w, r, j, http.StatusOK, nil)
}

func (m *Module) quickCheck(w http.ResponseWriter, r *http.Request) error {
	b, err := m.tokenBill(r)
	if err != nil {
		return err
	}
	b.Address = bill.MaskAddress(b.Address)
	return m.showCheck(w, r, single(b, "/pay/"+r.PathValue("token")+"/check"), http.StatusOK, nil)
}

func (m *Module) tokenBill(r *http.Request) (*bill.Bill, error) {
	ref, err := m.Bills.FindByToken(r.Context(), r.PathValue("token"))
	if err != nil {
		return nil, err
	}
	return m.Bills.At(r.Context(), ref, 0)
}

// askedMode is what the payer asks to pay: his own part of a home that is shared, unless he says otherwise.
func askedMode(r *http.Request) view.PayMode {
	switch mode := view.PayMode(r.FormValue("mode")); mode {
	case view.PayChosen, view.PaySum, view.PayAhead, view.PayWhole:
		return mode
	}
	return view.PayAll
}

// modeOf is what the payer pays; where nothing is due, what is paid now is ahead.
func modeOf(r *http.Request, j *joint) view.PayMode {
	mode := askedMode(r)
	switch total := j.total(); {
	case total == 0:
		mode = view.PayAhead
	case (mode == view.PayAll || mode == view.PayWhole) && j.leftOut() == total:
		mode = view.PayChosen // all of it is disputed
	}
	return mode
}

// showCheck draws the last look before the bank: what is chosen is shown split before the button appears.
func (m *Module) showCheck(w http.ResponseWriter, r *http.Request, j *joint, status int, failed error) error {
	if err := m.ahead(r.Context(), j); err != nil {
		return err
	}
	mode, debts := modeOf(r, j), j.debts()
	v := view.PayCheck{Page: m.page(r, "Оплата"), Mode: mode, Divided: j.divided, Address: j.address(), DueOn: j.dueOn(), Debt: j.total(), LeftOut: j.leftOut(), Action: j.action, PayAction: j.action, Sum: sumOf(r, mode, j), Again: r.FormValue("again") != "", Errors: web.ErrorsOf(failed), Homes: j.homes}
	if len(j.homes) > 0 || j.payer.known() {
		v.HomesHref = "/accounts"
	}
	v.Tabs = payTabs(&v)
	byID, err := m.suppliers(r.Context(), j)
	if err != nil {
		return err
	}
	if v.Waiting, err = m.waiting(r, j.bills...); err != nil {
		return err
	}
	if v.Waiting != nil && !v.Again {
		v.AnywayTo = j.action + "?again=yes" + v.HomesQuery()
		return web.Render(w, r, status, view.PayCheckPage(v))
	}
	wish, asked, err := wishOf(r, mode, debts)
	if err == nil && asked && (failed == nil || ofMeans(failed)) {
		err = m.fillSplit(r, &v, j, debts, wish, byID)
	}
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		v.Errors, status = web.ErrorsOf(err), http.StatusUnprocessableEntity
	}
	if mode == view.PayChosen {
		v.Choices = choices(r, j, debts, byID, v.Errors)
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.PayCheckPage(v))
}

// ofMeans tells that a fault is about how to pay, not about what.
func ofMeans(err error) bool {
	field := fault.As(err).Field
	return field == "contact" || field == "keep" || field == "method"
}

// payTabs are the ways to choose what is paid; where nothing is due only paying ahead stays.
func payTabs(v *view.PayCheck) (tabs []web.Tab) {
	for _, t := range payWays(v.Divided) {
		tab := web.Tab{Title: t.title, Href: v.Action + "?mode=" + string(t.mode) + v.HomesQuery(), Current: t.mode == v.Mode}
		if v.Again {
			tab.Href += "&again=yes"
		}
		if v.Debt > 0 || tab.Current || t.mode == view.PayWhole {
			tabs = append(tabs, tab)
		}
	}
	return tabs
}

// payWay is a way to choose what is paid.
type payWay struct {
	mode  view.PayMode
	title string
}

func payWays(divided bool) []payWay {
	ways := []payWay{{view.PayAll, "Весь счёт"}, {view.PayChosen, "Выбранное"}, {view.PaySum, "Другая сумма"}, {view.PayAhead, "Вперёд"}}
	if divided {
		ways[0].title = "Моя часть"
		ways = slices.Insert(ways, 1, payWay{view.PayWhole, "Весь счёт"})
	}
	return ways
}

// sumOf is the sum typed; ahead, until one is, what the month not charged yet would take.
func sumOf(r *http.Request, mode view.PayMode, j *joint) string {
	if sum := r.FormValue("sum"); sum != "" || mode != view.PayAhead || j.several() {
		return sum
	}
	return aheadOf(j.bills[0])
}

func (m *Module) fillSplit(r *http.Request, v *view.PayCheck, j *joint, debts []payment.Debt, wish payment.Wish, byID map[int64]supplier.Supplier) error {
	plan, err := bill.Split(j.bills, wish)
	if err != nil {
		return err
	}
	v.Split, v.Total, v.Above, v.Left = splitRows(j, plan, debts, byID), plan.Sum, plan.Advance, j.total()-(plan.Sum-plan.Advance)
	if charge := j.charge(); v.Above > 0 && charge > 0 && v.Above >= charge && j.newest().Valid() {
		v.AheadTo = "примерно до " + j.newest().Add(1+int(v.Above/charge)).Genitive()
	}
	v.Key = web.NewKey()
	for name, values := range r.Form {
		for _, value := range values {
			if chosenField(name) {
				v.Hidden = append(v.Hidden, view.HiddenField{Name: name, Value: value})
			}
		}
	}
	if v.Recipients, err = m.allRecipients(r.Context(), j, byID); err != nil {
		return err
	}
	if err := m.addMeans(r, j, v); err != nil {
		return err
	}
	if v.Duplicate, err = m.duplicate(r, j, v.Total); v.Duplicate != nil {
		v.Hidden = append(v.Hidden, view.HiddenField{Name: "alike", Value: v.Duplicate.ID}) // the payer has seen the warning
	}
	return err
}

// chosenField tells the fields that say what is paid: they travel from the choice to the payment.
func chosenField(name string) bool {
	return name == "mode" || name == "sum" || name == "pick" || name == "home" || strings.HasPrefix(name, "sum-")
}

func (m *Module) pay(w http.ResponseWriter, r *http.Request) error {
	j, err := m.jointOf(r)
	if err != nil {
		return err
	}
	return m.startPayment(w, r, j)
}

func (m *Module) quickPay(w http.ResponseWriter, r *http.Request) error {
	b, err := m.tokenBill(r)
	if err != nil {
		return err
	}
	m.remember(w, r.PathValue("token"))
	b.Address = bill.MaskAddress(b.Address)
	return m.startPayment(w, r, single(b, "/pay/"+r.PathValue("token")+"/check"))
}

// startPayment records the order and sends the payer to the bank. Pressing again leads to the first result.
func (m *Module) startPayment(w http.ResponseWriter, r *http.Request, j *joint) error {
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	input := formInput(r)
	if o, err := m.Payments.FindByKey(r.Context(), key, input); err == nil {
		if err := m.notePayment(r, j, o.PublicID, ""); err != nil {
			return err
		}
		return web.SeeOther(w, r, "/paid/"+o.PublicID)
	} else if !m.Payments.Unknown(err) {
		return err
	}
	if err := m.ahead(r.Context(), j); err != nil {
		return err
	}
	wish, asked, err := wishOf(r, modeOf(r, j), j.debts())
	if err != nil || !asked {
		return m.showCheck(w, r, j, http.StatusUnprocessableEntity, err)
	}
	plan, err := bill.Split(j.bills, wish)
	if err != nil {
		return m.showCheck(w, r, j, http.StatusUnprocessableEntity, err)
	}
	if same, err := m.duplicate(r, j, plan.Sum); err != nil || same != nil && r.FormValue("alike") != same.ID {
		if err != nil {
			return err
		}
		return m.showCheck(w, r, j, http.StatusConflict, nil) // the warning comes before the bank, never instead of it
	}
	how, err := m.meansOf(r, j)
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showCheck(w, r, j, http.StatusUnprocessableEntity, err)
	}
	return m.goToBank(w, r, j, how, payment.StartRequest{Key: key, Input: input, Plan: plan, Description: j.description()})
}

// goToBank starts the order and leads the payer to the bank's page, or to the result where he has nothing to do there.
func (m *Module) goToBank(w http.ResponseWriter, r *http.Request, j *joint, how means, req payment.StartRequest) error {
	req.Method, req.SavedID, req.Save, req.Contact = how.method, how.saved, how.keep, how.contact
	req.ReturnURL, req.Actor = m.Bills.BaseURL+"/paid/{id}", access.FromContext(r.Context()).String()
	if how.keep != nil {
		if err := m.Privacy.Agreed(r.Context(), j.payer.person, privacy.Cards, "page"); err != nil {
			return err
		}
	}
	o, err := m.Payments.Start(r.Context(), req)
	if err != nil {
		return err
	}
	if err := m.notePayment(r, j, o.PublicID, how.contact); err != nil {
		return err
	}
	if o.RedirectURL != "" && o.State == payment.StatePending && linkOf(&o) == "" {
		http.Redirect(w, r, o.RedirectURL, http.StatusSeeOther)
		return nil
	}
	return web.SeeOther(w, r, "/paid/"+o.PublicID)
}

// notePayment keeps whose payment it is and where its receipt goes.
func (m *Module) notePayment(r *http.Request, j *joint, publicID, contact string) error {
	if j.payer.person != 0 {
		if err := m.People.Paid(r.Context(), j.payer.person, publicID); err != nil {
			return err
		}
	}
	return m.Receipts.KeepContact(r.Context(), publicID, contact)
}

// formInput is what makes two presses the same payment: the choice, without tokens and keys.
func formInput(r *http.Request) map[string][]string {
	in := map[string][]string{}
	for name, values := range r.PostForm {
		if chosenField(name) || name == "method" {
			in[name] = values
		}
	}
	return in
}
