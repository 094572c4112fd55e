package console

import (
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/reconcile"
	"kvit/internal/web"
)

// reconcileRoutes are the pages of reconciliation (C6) and of money that came (C5).
func (m *Module) reconcileRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/reconcile", Resource: "reconcile", Action: "read", Handler: m.reconciliation},
		{Method: http.MethodPost, Pattern: "/c/reconcile", Resource: "reconcile", Action: "run", Slow: true, Handler: m.reconcileNow},
		{Method: http.MethodGet, Pattern: "/c/reconcile/{id}", Resource: "reconcile", Action: "read", Handler: m.reconcileCase},
		{Method: http.MethodPost, Pattern: "/c/reconcile/{id}", Resource: "reconcile", Action: "explain", Handler: m.explainCase},
		{Method: http.MethodPost, Pattern: "/c/reconcile/{id}/accept", Resource: "reconcile", Action: "accept", Handler: m.acceptCase},
		{Method: http.MethodGet, Pattern: "/c/money", Resource: "reconcile", Action: "read", Handler: m.money},
		{Method: http.MethodPost, Pattern: "/c/money", Resource: "reconcile", Action: "load", Files: true, Slow: true, Handler: m.takeMoney},
		{Method: http.MethodGet, Pattern: "/c/money/orders", Resource: "suspense", Action: "confirm", Handler: m.returnOrders},
		{Method: http.MethodGet, Pattern: "/c/money/{id}", Resource: "suspense", Action: "read", Handler: m.unknownMoney},
		{Method: http.MethodPost, Pattern: "/c/money/{id}", Resource: "suspense", Action: "propose", Handler: m.proposeMoney},
		{Method: http.MethodPost, Pattern: "/c/money/{id}/confirm", Resource: "suspense", Action: "confirm", Handler: m.confirmMoney},
	}
}

var dayStates = map[string]web.Tone{reconcile.DayEqual: web.Quiet, reconcile.DayDiffers: web.Bad, reconcile.DayWaiting: web.Info, reconcile.DayMissing: web.Warn}

var caseStates = map[string]web.Tone{reconcile.CaseOpen: web.Bad, reconcile.CaseExplained: web.Warn, reconcile.CaseAccepted: web.OK, reconcile.CaseResolved: web.Quiet}

// shownDays is how many days the matrix shows unless asked for others.
const shownDays = 31

// periodAsked reads the days the form asks for; without them the latest there are.
func (m *Module) periodAsked(r *http.Request) (p reconcile.Period, failed web.Errors, err error) {
	if p, err = m.Reconcile.Latest(r.Context()); err != nil {
		return p, nil, err
	}
	if p.To != 0 {
		p.From = max(p.From, p.To.AddDays(-shownDays))
	}
	for field, target := range map[string]*calendar.Date{"from": &p.From, "to": &p.To} {
		text := strings.TrimSpace(r.URL.Query().Get(field))
		if text == "" {
			continue
		}
		d, err := calendar.ParseDate(text)
		if err != nil {
			failed = append(failed, web.FieldError{Field: field, Message: "День не прочитался. Введите так: 2026-11-01."})
			continue
		}
		*target = d
	}
	return p, failed, nil
}

func (m *Module) reconciliation(w http.ResponseWriter, r *http.Request) error {
	actor := access.FromContext(r.Context())
	p, failed, err := m.periodAsked(r)
	if err != nil {
		return err
	}
	v := view.Reconcile{Page: m.page(r, "Сверка"), Errors: failed, From: dayValue(p.From), To: dayValue(p.To)}
	v.Page.WithErrors(failed)
	if done := r.URL.Query().Get("done"); done != "" {
		v.Done = &web.Notice{Tone: web.OK, Title: "Готово", Text: doneWords[done]}
	}
	if actor.Require("reconcile", "run") == nil {
		v.RunTo, v.Key = "/c/reconcile", web.NewKey()
	}
	days, err := m.Reconcile.Matrix(r.Context(), actor, p)
	if err != nil {
		return err
	}
	for i := range days {
		v.Days = append(v.Days, matrixDay(&days[i]))
	}
	cases, err := m.Reconcile.ListCases(r.Context(), actor, reconcile.CaseFilter{Limit: casesShown})
	for i := range cases {
		v.Cases = append(v.Cases, matrixCase(&cases[i]))
	}
	if err != nil {
		return err
	}
	bank, err := m.Reconcile.BankBook(r.Context(), actor)
	if err != nil {
		return err
	}
	v.Bank = bankBook(bank)
	return web.Render(w, r, http.StatusOK, view.ReconcilePage(v))
}

// casesShown is how many differences a page lists.
const casesShown = 200

var doneWords = map[string]string{"run": "Книги сверены.", "explained": "Объяснение ждёт второго человека.", "accepted": "Объяснение принято.", "proposed": "Предложение ждёт второго человека.",
	"confirmed": "Деньги разнесены.", "returned": "Деньги возвращаются.", "loaded": "Файл принят.", "known": "Этот файл уже принят, ничего не изменилось."}

func dayValue(d calendar.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func matrixDay(d *reconcile.DayShown) view.ReconcileDay {
	x := view.ReconcileDay{Partner: d.Name, Day: d.Day, Ours: d.Ours, Fee: d.BankFee, Difference: d.Difference, Cases: d.Cases, State: web.State{Word: reconcile.DayWords[d.State], Tone: dayStates[d.State]}}
	if d.State == reconcile.DayDiffers && d.Cases == 0 {
		x.State = web.State{Word: "объяснено", Tone: web.OK}
	}
	if d.HasRegister {
		x.Register = &d.Register
	}
	if d.HasBank {
		x.Bank = &d.Bank
	}
	return x
}

func matrixCase(c *reconcile.CaseShown) view.ReconcileCase {
	return view.ReconcileCase{Title: c.Word, Href: "/c/reconcile/" + strconv.FormatInt(c.ID, 10), Partner: c.Partner, Day: c.Day, Operation: c.Operation, Ours: c.Ours, Theirs: c.Theirs, Difference: c.Difference,
		State: web.State{Word: reconcile.StateWords[c.State], Tone: caseStates[c.State]}, Owner: c.Owner, Age: c.Age, Hint: c.Hint, Note: c.Note, By: c.ExplainedBy}
}

func (m *Module) reconcileNow(w http.ResponseWriter, r *http.Request) error {
	return m.once(w, r, func(string) (string, error) {
		_, err := m.Reconcile.Run(r.Context(), access.FromContext(r.Context()), reconcile.Period{})
		return "/c/reconcile?done=run", err
	})
}

// numberIn is the number in the address of a page.
func numberIn(r *http.Request, code, unknown string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, code, unknown)
	}
	return id, nil
}

func caseID(r *http.Request) (int64, error) {
	return numberIn(r, "reconcile.unknown_case", "Такого расхождения нет.")
}

func (m *Module) reconcileCase(w http.ResponseWriter, r *http.Request) error {
	return m.showCase(w, r, http.StatusOK, nil)
}

func (m *Module) showCase(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	id, err := caseID(r)
	if err != nil {
		return err
	}
	actor := access.FromContext(r.Context())
	c, err := m.Reconcile.ShowCase(r.Context(), actor, id)
	if err != nil {
		return err
	}
	v := view.ReconcileOne{Page: m.page(r, "Расхождение в деньгах"), Case: matrixCase(&c), Errors: web.ErrorsOf(failed), Note: r.PostFormValue("note"), Undo: c.Cause == reconcile.OnlyOurs, Undoing: c.Wanted == reconcile.WantReverse, Key: web.NewKey()}
	v.Page.WithErrors(v.Errors)
	if c.State != reconcile.CaseResolved && actor.Require("reconcile", "explain") == nil {
		v.ExplainTo = v.Case.Href
	}
	if c.State == reconcile.CaseExplained && c.ExplainedBy != actor.String() && actor.Require("reconcile", "accept") == nil {
		v.AcceptTo = v.Case.Href + "/accept"
	}
	return web.Render(w, r, status, view.ReconcileOnePage(v))
}

func (m *Module) explainCase(w http.ResponseWriter, r *http.Request) error {
	id, err := caseID(r)
	if err != nil {
		return err
	}
	want := r.PostFormValue("want")
	if want != reconcile.WantReverse {
		want = reconcile.WantAccept
	}
	_, err = m.Reconcile.Explain(r.Context(), access.FromContext(r.Context()), id, reconcile.Explanation{Note: r.PostFormValue("note"), Want: want})
	if web.IsForm(err) {
		return m.showCase(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/reconcile?done=explained")
}

func (m *Module) acceptCase(w http.ResponseWriter, r *http.Request) error {
	id, err := caseID(r)
	if err != nil {
		return err
	}
	return m.once(w, r, func(string) (string, error) {
		_, err := m.Reconcile.Accept(r.Context(), access.FromContext(r.Context()), id)
		return "/c/reconcile?done=accepted", err
	})
}

func (m *Module) money(w http.ResponseWriter, r *http.Request) error {
	return m.showMoney(w, r, http.StatusOK, nil)
}

func (m *Module) showMoney(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	actor := access.FromContext(r.Context())
	v := view.Money{Page: m.page(r, "Поступления"), Errors: web.ErrorsOf(failed)}
	v.Page.WithErrors(v.Errors)
	if done := r.URL.Query().Get("done"); done != "" {
		v.Done = &web.Notice{Tone: web.OK, Title: "Готово", Text: doneWords[done]}
	}
	if actor.Require("reconcile", "load") == nil {
		v.UploadTo = "/c/money"
	}
	list, err := m.Reconcile.Unidentified(r.Context(), actor)
	if err != nil {
		return err
	}
	for i := range list {
		v.Total += list[i].Amount
		v.Unknown = append(v.Unknown, unknownRow(&list[i]))
	}
	if err := m.addReturns(r, &v); err != nil {
		return err
	}
	files, err := m.Reconcile.Arrivals(r.Context(), actor)
	if err != nil {
		return err
	}
	for i := range files {
		v.Files = append(v.Files, moneyFile(&files[i]))
	}
	return web.Render(w, r, status, view.MoneyPage(v))
}

func unknownRow(u *reconcile.Unknown) view.UnknownMoney {
	x := view.UnknownMoney{Title: strings.TrimSpace(u.Supplier + " " + u.Number), Href: "/c/money/" + strconv.FormatInt(u.ID, 10), Day: u.PaidOn, Channel: u.Channel, Payer: u.Payer, Amount: u.Amount, Age: u.Age,
		State: web.State{Word: "неизвестно чьи", Tone: web.Warn}}
	if x.Title == "" {
		x.Title = "счёт не указан"
	}
	switch {
	case u.AskedBy != "":
		x.State = web.State{Word: "ждёт второго", Tone: web.Info}
	case u.Due:
		x.State = web.State{Word: "пора вернуть", Tone: web.Bad}
	}
	return x
}

func moneyFile(a *reconcile.Arrival) view.MoneyFile {
	x := view.MoneyFile{Name: a.Name, Kind: map[string]string{"register": "реестр", "statement": "выписка"}[a.Kind], Partner: a.Partner, Period: dayValue(a.From), Lines: a.Lines, At: a.At, State: web.State{Word: "принят", Tone: web.OK}}
	if a.To != a.From {
		x.Period += " – " + dayValue(a.To)
	}
	switch {
	case a.Differs:
		x.State = web.State{Word: "итог не сходится", Tone: web.Warn}
	case a.Quarantined > 0:
		x.State = web.State{Word: "часть отложена", Tone: web.Warn}
	case a.Lines > 0 && a.Repeated == a.Lines:
		x.State = web.State{Word: "повтор", Tone: web.Quiet}
	}
	return x
}

func (m *Module) takeMoney(w http.ResponseWriter, r *http.Request) error {
	file, header, err := r.FormFile("file")
	if err != nil {
		return m.showMoney(w, r, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "upload.missing", "Выберите файл.").WithField("file").Because(err))
	}
	defer file.Close()
	out, err := m.Reconcile.LoadReader(r.Context(), access.FromContext(r.Context()), header.Filename, file, nil)
	if fault.Is(err, fault.Invalid) {
		return m.showMoney(w, r, http.StatusUnprocessableEntity, fault.As(err).WithField("file"))
	}
	if err != nil {
		return err
	}
	if out.Known {
		return web.SeeOther(w, r, "/c/money?done=known")
	}
	return web.SeeOther(w, r, "/c/money?done=loaded")
}

func moneyID(r *http.Request) (int64, error) {
	return numberIn(r, "suspense.unknown", "Такого невыясненного платежа нет.")
}

func (m *Module) unknownMoney(w http.ResponseWriter, r *http.Request) error {
	return m.showUnknown(w, r, http.StatusOK, nil)
}

func (m *Module) showUnknown(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	id, err := moneyID(r)
	if err != nil {
		return err
	}
	actor := access.FromContext(r.Context())
	u, err := m.Reconcile.FindUnidentified(r.Context(), actor, id)
	if err != nil {
		return err
	}
	v := view.UnknownOne{Page: m.page(r, "Невыясненный платёж"), Errors: web.ErrorsOf(failed), Money: unknownRow(&u), Number: u.Number, Address: u.Address, Purpose: u.Purpose, Straight: u.Channel == reconcile.ChannelBank, Reason: u.Reason, By: u.AskedBy, Key: web.NewKey(),
		Shares: r.PostFormValue("shares"), Why: r.PostFormValue("reason")}
	v.Page.WithErrors(v.Errors)
	for i, h := range u.Hints {
		v.Hints = append(v.Hints, web.Choice{Value: h.Supplier + " " + h.Number, Label: h.Supplier + " " + h.Number, Hint: h.Why, Chosen: i == 0 && r.PostFormValue("hint") != ""})
	}
	for _, s := range u.Shares {
		v.Proposed = append(v.Proposed, s.Supplier+", счёт "+s.Number+": "+s.Amount.Format())
	}
	if p := payeeAsked(r); p != nil {
		v.Payee = view.Payee{Name: p.Name, Account: p.Account, BIC: p.BIC, INN: p.INN}
	}
	switch {
	case u.Back && u.Payee != nil:
		v.Proposed = append(v.Proposed, "Вернуть: "+u.Payee.Name+", счёт "+u.Payee.Account+", БИК "+u.Payee.BIC)
	case u.Back:
		v.Proposed = append(v.Proposed, "Вернуть через того, кто принял платёж")
	}
	if actor.Require("suspense", "propose") == nil {
		v.ProposeTo = v.Money.Href
	}
	if u.AskedBy != "" && u.AskedBy != actor.String() && actor.Require("suspense", "confirm") == nil {
		v.ConfirmTo = v.Money.Href + "/confirm"
	}
	return web.Render(w, r, status, view.UnknownPage(v))
}

// wishAsked reads what is to become of the money: it goes back, to the hint chosen, or to the accounts written.
func (m *Module) wishAsked(r *http.Request, id int64) (w reconcile.Wish, err error) {
	w.Reason = strings.TrimSpace(r.PostFormValue("reason"))
	if back := r.PostFormValue("back"); back != "" {
		if back == "duplicate" {
			w.Reason = "Повтор. " + w.Reason
		}
		w.Payee = payeeAsked(r)
		return w, nil
	}
	u, err := m.Reconcile.FindUnidentified(r.Context(), access.FromContext(r.Context()), id)
	if err != nil {
		return w, err
	}
	text := strings.TrimSpace(r.PostFormValue("shares"))
	if text == "" {
		text = r.PostFormValue("hint")
	}
	w.Shares, err = sharesIn(text, u.Amount)
	return w, err
}

// payeeAsked is whose account the money goes back to; nil when the form leaves it to the way it came.
func payeeAsked(r *http.Request) *reconcile.Payee {
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	p := reconcile.Payee{Name: field("payee_name"), INN: field("payee_inn"), Account: field("payee_account"), BIC: field("payee_bic")}
	if p == (reconcile.Payee{}) {
		return nil
	}
	return &p
}

// sharesIn reads accounts with their sums; one without a sum gets all there is.
func sharesIn(text string, all money.Amount) (list []payment.Share, err error) {
	for _, one := range strings.Split(text, ";") {
		f := strings.Fields(one)
		wrong := fault.New(fault.Invalid, "suspense.form", "Напишите поставщика, счёт и сумму: vodokanal 1600123456 500.").WithField("account")
		switch len(f) {
		case 2:
			list = append(list, payment.Share{Supplier: f[0], Number: f[1], Amount: all})
		case 3:
			sum, err := money.Parse(f[2])
			if err != nil {
				return nil, wrong.Because(err)
			}
			list = append(list, payment.Share{Supplier: f[0], Number: f[1], Amount: sum})
		default:
			return nil, wrong
		}
	}
	return list, nil
}

func (m *Module) proposeMoney(w http.ResponseWriter, r *http.Request) error {
	id, err := moneyID(r)
	if err != nil {
		return err
	}
	wish, err := m.wishAsked(r, id)
	done := false
	if err == nil {
		done, err = m.Reconcile.Propose(r.Context(), access.FromContext(r.Context()), id, wish)
	}
	if web.IsForm(err) {
		return m.showUnknown(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	if done {
		return web.SeeOther(w, r, "/c/money?done=confirmed")
	}
	return web.SeeOther(w, r, "/c/money?done=proposed")
}

func (m *Module) confirmMoney(w http.ResponseWriter, r *http.Request) error {
	id, err := moneyID(r)
	if err != nil {
		return err
	}
	return m.once(w, r, func(string) (string, error) {
		wish, err := m.Reconcile.Confirm(r.Context(), access.FromContext(r.Context()), id)
		if err == nil && len(wish.Shares) == 0 {
			return "/c/money?done=returned", nil
		}
		return "/c/money?done=confirmed", err
	})
}
