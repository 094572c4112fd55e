package portal

import (
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/autopay"
	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/privacy"
	"kvit/internal/web"
)

// autopayRoutes are R11.
func (m *Module) autopayRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/autopay", Resource: "autopay", Action: "own", Handler: m.autopay},
		{Method: http.MethodPost, Pattern: "/autopay", Resource: "autopay", Action: "own", Handler: m.fresh(m.changeAutopay)},
	}
}

func (m *Module) autopay(w http.ResponseWriter, r *http.Request) error {
	return m.showAutopay(w, r, http.StatusOK, nil, nil)
}

// autopayTold are the words after something was done.
var autopayTold = map[string]string{
	"on": "Автоплатёж подключён", "off": "Отключён. Следующий счёт оплатите сами", "pause": "Приостановлен: пока не списываем", "resume": "Снова работает",
	"veto": "В этом месяце не спишем. Счёт оплатите сами", "agree": "Спишем в ближайшие минуты",
}

// autopayBind is paid to keep a way of paying when nothing is due.
const autopayBind = money.Amount(100)

// showAutopay draws the page; rule is one that is to be confirmed.
func (m *Module) showAutopay(w http.ResponseWriter, r *http.Request, status int, rule *autopay.Rule, failed error) error {
	s, err := m.Autopay.Find(r.Context(), access.FromContext(r.Context()), own(r))
	if err != nil {
		return err
	}
	v := view.Autopay{
		Page: m.page(r, "Автоплатёж"), Action: "/autopay", Key: web.NewKey(), Unavailable: !m.Autopay.Available() || len(m.Payments.Methods()) == 0, Told: autopayTold[r.URL.Query().Get("done")], Errors: web.ErrorsOf(failed),
		Day: r.PostFormValue("day"), Sum: r.PostFormValue("sum"), Cap: r.PostFormValue("cap"), Consent: autopay.ConsentText,
	}
	if s.Rule != nil && s.Rule.State != autopay.Off {
		fillAutopay(&v, s)
		if r.Method != http.MethodPost {
			retype(&v, s.Rule)
		}
	}
	for i := range s.Turns {
		v.History = append(v.History, turnView(&s.Turns[i]))
	}
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	v.OfPart = b.Divided
	if rule != nil {
		rule.OfPart = b.Divided
		if v.Confirm, v.Sentence = true, rule.Sentence(); s.Method == nil {
			v.Bind = bindSum(b)
		}
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AutopayPage(v))
}

func fillAutopay(v *view.Autopay, s *autopay.State) {
	v.Sentence, v.Paused, v.State = s.Rule.Sentence(), s.Rule.State == autopay.Paused, web.State{Word: "работает", Tone: web.OK}
	if v.Paused {
		v.State = web.State{Word: "приостановлен", Tone: web.Warn}
	}
	if s.Method != nil {
		v.Method = s.Method.Title
	}
	if p := s.Preview; p != nil {
		v.Next, v.NextSum, v.Above, v.Expiry = p.On, p.Sum, p.Above, p.Expiry
	}
	if len(s.Turns) > 0 {
		t := turnView(&s.Turns[0])
		switch s.Turns[0].State {
		case autopay.Told, autopay.Failed:
			v.Coming = &t
		case autopay.Asks:
			v.Asks = &t
		}
	}
}

// retype fills the form with the rule as it is: who changes one thing types one.
func retype(v *view.Autopay, rule *autopay.Rule) {
	typed := func(a money.Amount) string {
		return strings.ReplaceAll(strings.TrimSuffix(a.FormatBare(), ",00"), "\u00a0", "")
	}
	v.Day, v.Cap = strconv.Itoa(rule.Day), typed(rule.Cap)
	if rule.Fixed > 0 {
		v.Sum = typed(rule.Fixed)
	}
}

// turnWords are the words for what became of a month.
var turnWords = map[string]web.State{
	autopay.Told: {Word: "ждёт дня", Tone: web.Info, Icon: "clock"}, autopay.Asks: {Word: "больше предела", Tone: web.Warn}, autopay.Vetoed: {Word: "отменено", Tone: web.Info},
	autopay.Paying: {Word: "ждём банк", Tone: web.Info, Icon: "clock"}, autopay.Paid: {Word: "оплачено", Tone: web.OK}, autopay.Failed: {Word: "не прошло", Tone: web.Bad, Icon: "cross"},
	autopay.GaveUp: {Word: "не прошло", Tone: web.Bad, Icon: "cross"}, autopay.Nothing: {Word: "платить было нечего", Tone: web.OK},
}

func turnView(t *autopay.Turn) view.AutopayTurn {
	v := view.AutopayTurn{Month: t.Month, Sum: t.Sum, State: turnWords[t.State], Says: t.Reason}
	if t.State == autopay.Told || t.State == autopay.Failed {
		v.On = t.NextOn
	}
	if t.State == autopay.Failed {
		v.Says += ". Попробуем ещё раз " + t.NextOn.Words()
	}
	if t.PublicID != "" {
		v.Href = "/paid/" + t.PublicID
	}
	return v
}

// bindSum is what is paid to keep a way of paying: the bill, or a rouble ahead.
func bindSum(b *bill.Bill) money.Amount {
	if b.Total > 0 {
		return b.Total
	}
	return autopayBind
}

func (m *Module) changeAutopay(w http.ResponseWriter, r *http.Request) error {
	actor, ref, do := access.FromContext(r.Context()), own(r), r.PostFormValue("do")
	var err error
	switch do {
	case "pause":
		err = m.Autopay.Pause(r.Context(), actor, ref)
	case "resume":
		err = m.Autopay.Resume(r.Context(), actor, ref)
	case "off":
		err = m.Autopay.TurnOff(r.Context(), actor, ref)
	case "veto":
		err = m.Autopay.Veto(r.Context(), actor, ref)
	case "agree":
		err = m.Autopay.Agree(r.Context(), actor, ref)
	default:
		return m.setAutopay(w, r, actor, do == "on")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/autopay?done="+do)
}

// setAutopay shows a rule for consent, and sets it once the payer agrees.
func (m *Module) setAutopay(w http.ResponseWriter, r *http.Request, actor access.Actor, agreed bool) error {
	rule, err := autopayRule(r)
	if err == nil {
		err = rule.Check()
	}
	if err != nil {
		return m.showAutopay(w, r, http.StatusUnprocessableEntity, nil, err)
	}
	if !agreed {
		return m.showAutopay(w, r, http.StatusOK, &rule, nil)
	}
	if r.PostFormValue("consent") == "" {
		return m.showAutopay(w, r, http.StatusUnprocessableEntity, &rule, fault.New(fault.Invalid, "autopay.consent", "Без согласия способ оплаты не сохранить. Отметьте его.").WithField("consent"))
	}
	if err := m.Privacy.Agreed(r.Context(), actor.UserID, privacy.Cards, "page"); err != nil {
		return err
	}
	set, err := m.Autopay.TurnOn(r.Context(), actor, own(r), rule)
	if err != nil {
		return err
	}
	if set.SavedID != "" {
		return web.SeeOther(w, r, "/autopay?done=on")
	}
	return m.bindAutopay(w, r, actor, set)
}

// bindAutopay sends the payer to the bank with the payment whose way is kept.
func (m *Module) bindAutopay(w http.ResponseWriter, r *http.Request, actor access.Actor, rule *autopay.Rule) error {
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	b, err := m.ownBill(r, 0)
	if err == nil {
		err = m.Bills.Ahead(r.Context(), b)
	}
	if err != nil {
		return err
	}
	wish := payment.Wish{All: true}
	if b.Total == 0 {
		wish = payment.Wish{Sum: autopayBind, Ahead: true}
	}
	plan, err := bill.Split([]*bill.Bill{b}, wish)
	if err != nil {
		return m.showAutopay(w, r, http.StatusUnprocessableEntity, nil, err)
	}
	o, err := m.Autopay.Till.Bind(r.Context(), payment.StartRequest{
		Key: key, Input: map[string]string{"autopay": b.Household}, Plan: plan, Method: "card", Description: "Оплата ЖКУ, " + bill.MaskAddress(b.Address), ReturnURL: m.Bills.BaseURL + "/paid/{id}", Actor: actor.String(),
	}, rule)
	if err != nil {
		return err
	}
	if o.RedirectURL != "" && o.State == payment.StatePending {
		http.Redirect(w, r, o.RedirectURL, http.StatusSeeOther)
		return nil
	}
	return web.SeeOther(w, r, "/paid/"+o.PublicID)
}

// autopayRule reads the form.
func autopayRule(r *http.Request) (rule autopay.Rule, err error) {
	rule.Day, _ = strconv.Atoi(strings.TrimSpace(r.PostFormValue("day"))) // 0 is refused with its field
	if rule.Cap, err = money.Parse(r.PostFormValue("cap")); err != nil {
		return rule, fault.New(fault.Invalid, "autopay.cap", "Напишите предел цифрами, например 8000").WithField("cap")
	}
	if text := strings.TrimSpace(r.PostFormValue("sum")); text != "" {
		if rule.Fixed, err = money.Parse(text); err != nil || rule.Fixed == 0 {
			return rule, fault.New(fault.Invalid, "autopay.sum", "Напишите сумму цифрами, например 3000").WithField("sum")
		}
	}
	return rule, nil
}
