package console

import (
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
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
		v.Days = append(v.Days, matrixDay(&v.Page, &days[i]))
	}
	cases, err := m.Reconcile.ListCases(r.Context(), actor, reconcile.CaseFilter{Limit: casesShown})
	for i := range cases {
		v.Cases = append(v.Cases, matrixCase(&v.Page, &cases[i]))
	}
	if err != nil {
		return err
	}
	bank, err := m.Reconcile.BankBook(r.Context(), actor)
	if err != nil {
		return err
	}
	v.Bank = bankBook(&v.Page, bank)
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

// dayText is a day that a program writes 2026-10-31, for people; empty for none.
func dayText(p *web.Page, text string) string {
	d, err := calendar.ParseDate(text)
	if err != nil {
		return text
	}
	return p.Day(d)
}

func matrixDay(p *web.Page, d *reconcile.DayShown) view.ReconcileDay {
	x := view.ReconcileDay{Partner: web.Capital(channelWord(d.Name)), Day: dayText(p, d.Day), Ours: d.Ours, Fee: d.BankFee, Difference: d.Difference, Cases: d.Cases, State: web.State{Word: reconcile.DayWords[d.State], Tone: dayStates[d.State]}}
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

func matrixCase(p *web.Page, c *reconcile.CaseShown) view.ReconcileCase {
	return view.ReconcileCase{Title: c.Word, Href: "/c/reconcile/" + strconv.FormatInt(c.ID, 10), Partner: channelWord(c.Partner), Day: dayText(p, c.Day), Operation: c.Operation, Ours: c.Ours, Theirs: c.Theirs, Difference: c.Difference,
		State: web.State{Word: reconcile.StateWords[c.State], Tone: caseStates[c.State]}, Owner: c.Owner, Age: c.Age, Hint: c.Hint, Note: c.Note, By: who(c.ExplainedBy)}
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
	page := m.page(r, "Расхождение в деньгах")
	v := view.ReconcileOne{Page: page, Case: matrixCase(&page, &c), Errors: web.ErrorsOf(failed), Note: r.PostFormValue("note"), Undo: c.Cause == reconcile.OnlyOurs, Undoing: c.Wanted == reconcile.WantReverse, Key: web.NewKey()}
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
