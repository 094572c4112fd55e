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
	names, err := m.supplierNames(r)
	if err != nil {
		return err
	}
	for i := range list {
		v.Total += list[i].Amount
		v.Unknown = append(v.Unknown, unknownRow(&v.Page, names, &list[i]))
	}
	if err := m.addReturns(r, &v); err != nil {
		return err
	}
	files, err := m.Reconcile.Arrivals(r.Context(), actor)
	if err != nil {
		return err
	}
	for i := range files {
		v.Files = append(v.Files, moneyFile(&v.Page, &files[i]))
	}
	return web.Render(w, r, status, view.MoneyPage(v))
}

func unknownRow(p *web.Page, names supplierNames, u *reconcile.Unknown) view.UnknownMoney {
	x := view.UnknownMoney{Title: accountTitle(names, u.Supplier, u.Number), Href: "/c/money/" + strconv.FormatInt(u.ID, 10), Day: dayText(p, u.PaidOn), Channel: channelWord(u.Channel), Payer: u.Payer, Amount: u.Amount, Age: u.Age,
		State: web.State{Word: "неизвестно чьи", Tone: web.Warn}}
	switch {
	case u.AskedBy != "":
		x.State = web.State{Word: "ждёт второго", Tone: web.Info}
	case u.Due:
		x.State = web.State{Word: "пора вернуть", Tone: web.Bad}
	}
	return x
}

// accountTitle is an account as its payer named it: «ООО «Водоканал», счёт 1600123456».
func accountTitle(names supplierNames, code, number string) string {
	switch {
	case code == "" && number == "":
		return "счёт не указан"
	case code == "":
		return "счёт " + number
	case number == "":
		return names.of(code)
	}
	return names.of(code) + ", счёт " + number
}

// periodWords is a day, or a first and a last one, for people.
func periodWords(p *web.Page, from, to calendar.Date) string {
	switch {
	case from == 0:
		return ""
	case to == from:
		return p.Day(from)
	}
	return p.Day(from) + " – " + p.Day(to)
}

func moneyFile(p *web.Page, a *reconcile.Arrival) view.MoneyFile {
	x := view.MoneyFile{Name: a.Name, Kind: map[string]string{"register": "реестр", "statement": "выписка"}[a.Kind], Partner: channelWord(a.Partner), Period: periodWords(p, a.From, a.To), Lines: a.Lines, At: a.At, State: web.State{Word: "принят", Tone: web.OK}}
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
	names, err := m.supplierNames(r)
	if err != nil {
		return err
	}
	page := m.page(r, "Невыясненный платёж")
	v := view.UnknownOne{Page: page, Errors: web.ErrorsOf(failed), Money: unknownRow(&page, names, &u), Number: u.Number, Supplier: names[u.Supplier], Codes: names.codes(), Address: u.Address, Purpose: u.Purpose, Straight: u.Channel == reconcile.ChannelBank, Reason: u.Reason, By: who(u.AskedBy), Key: web.NewKey(),
		Shares: r.PostFormValue("shares"), Why: r.PostFormValue("reason")}
	v.Page.WithErrors(v.Errors)
	for i, h := range u.Hints {
		v.Hints = append(v.Hints, web.Choice{Value: h.Supplier + " " + h.Number, Label: names.of(h.Supplier) + ", счёт " + h.Number, Hint: h.Why, Chosen: i == 0 && r.PostFormValue("hint") != ""})
	}
	for _, s := range u.Shares {
		v.Proposed = append(v.Proposed, names.of(s.Supplier)+", счёт "+s.Number+": "+s.Amount.Format())
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
