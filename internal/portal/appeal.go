package portal

import (
	"fmt"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

func (m *Module) appeals(w http.ResponseWriter, r *http.Request) error {
	const most = 200
	list, err := m.Appeals.List(r.Context(), access.FromContext(r.Context()), appeal.Filter{Limit: most})
	if err != nil {
		return err
	}
	v := view.Appeals{Page: m.page(r, "Обращения"), BillHref: "/bill"}
	for i := range list {
		a := &list[i]
		row := view.AppealRow{Number: appeal.ShowNumber(a.Number), Href: "/appeals/" + a.Number, What: a.What(), Sum: a.Sum, State: m.appealState(a), Late: a.Late(m.today())}
		if row.Supplier, err = m.supplierName(r, a.SupplierID); err != nil {
			return err
		}
		if a.Open() {
			row.AnswerBy = a.AnswerBy
		}
		v.Rows = append(v.Rows, row)
	}
	return web.Render(w, r, http.StatusOK, view.AppealsPage(v))
}

func (m *Module) supplierName(r *http.Request, id int64) (name string, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		s, err := supplier.FindByID(r.Context(), tx, id)
		name = s.Name
		return err
	})
	return name, err
}

func (m *Module) appeal(w http.ResponseWriter, r *http.Request) error {
	return m.showAppeal(w, r, http.StatusOK, nil)
}

func (m *Module) showAppeal(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	s, err := m.Appeals.Find(r.Context(), access.FromContext(r.Context()), r.PathValue("number"))
	if err != nil {
		return err
	}
	v := m.appealView(r, &s)
	v.Errors = web.ErrorsOf(failed)
	v.Again = web.Field{Name: "words", Label: "Что осталось не так", Value: r.PostFormValue("words"), Error: v.Errors.Of("words"), MaxLength: 1000}
	if v.Supplier, err = m.supplierName(r, s.SupplierID); err != nil {
		return err
	}
	if v.Draft {
		t, err := m.Appeals.TermOf(r.Context(), s.Reason)
		if err != nil {
			return err
		}
		v.AnswerBy, v.Clause = t.By(m.today()), t.Clause
	}
	if v.Draft || v.Open {
		b, err := m.ownBill(r, 0)
		if err == nil {
			err = m.Bills.Ahead(r.Context(), b)
		}
		if err != nil {
			return err
		}
		m.payMeanwhile(&v, b, &s.Appeal)
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AppealPage(v))
}

// payMeanwhile tells what to pay while an appeal is looked at.
func (m *Module) payMeanwhile(v *view.Appeal, b *bill.Bill, a *appeal.Appeal) {
	if v.PayNow = b.Payable(); v.Draft && a.Aside {
		v.PayNow = b.PayableWithout(bill.Dispute{AccountID: a.AccountID, ServiceID: a.ServiceID, Penalty: a.Penalty, Sum: a.Sum, Out: true})
	}
	if v.PayNow > 0 {
		v.PayHref = "/bill/pay"
	}
	if a.Sum > 0 {
		v.PenaltyWords = appeal.PenaltyWords
	}
}

// appealTitle is the title of the page of an appeal.
func appealTitle(a *appeal.Appeal) string {
	if a.State == appeal.Draft {
		return "Проверьте и отправьте"
	}
	return "Обращение № " + appeal.ShowNumber(a.Number)
}

func (m *Module) appealView(r *http.Request, s *appeal.Seen) view.Appeal {
	a := &s.Appeal
	_, digest := a.CalculationJSON()
	v := view.Appeal{
		Page: m.page(r, appealTitle(a)), Number: appeal.ShowNumber(a.Number), Draft: a.State == appeal.Draft, DraftUntil: a.DraftUntil(), State: m.appealState(a), Service: a.Service, Account: a.Account, Month: a.Month,
		Reason: appeal.ReasonWords(a.Reason), Words: a.Words, Sum: a.Sum, Aside: a.Aside, AnswerBy: a.AnswerBy, Clause: a.Clause, Late: a.Late(m.today()), LateWords: appeal.LateWords, Open: a.Open(),
		Outcome: a.Outcome, OutcomeWords: appeal.OutcomeWords[a.Outcome], Answer: a.Answer, Change: a.Change, ShowsIn: a.ShowsIn, Shown: a.Shown, ShownIn: a.ShownIn,
		CalcHref: "/appeals/" + a.Number + "/calculation", BillHref: "/bill", Digest: digest[:16], Action: "/appeals/" + a.Number,
		MaySolve: a.State == appeal.Answered, MayReopen: a.MayReopen(m.today(), m.Zone), MayWithdraw: a.Open(),
	}
	if v.MayReopen {
		v.ReopenBy = a.ReopenBy(m.Zone)
	}
	for _, no := range s.Photos {
		v.Photos = append(v.Photos, fmt.Sprintf("/appeals/%s/photos/%d", a.Number, no))
	}
	for i := len(s.Steps) - 1; i >= 0; i-- {
		x := &s.Steps[i]
		step := view.AppealStep{Title: appeal.StepWords[x.Kind], Words: x.Words, Who: sideWords[x.Side], At: x.At}
		if x.Kind == appeal.StepSent {
			step.Words = "" // it stands above
		}
		v.Steps = append(v.Steps, step)
	}
	return v
}

// sideWords are who made a step.
var sideWords = map[string]string{appeal.SideResident: "вы", appeal.SideSupplier: "поставщик", appeal.SideCentre: "расчётный центр", appeal.SideKvit: "Квит"}

// stepAppeal does what the resident pressed. Pressed twice it is done once.
func (m *Module) stepAppeal(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, number := r.Context(), access.FromContext(r.Context()), r.PathValue("number")
	back := "/appeals/" + number
	var err error
	switch do := r.PostFormValue("do"); do {
	case "send":
		_, err = m.Appeals.Send(ctx, actor, number)
	case "withdraw":
		if err = m.Appeals.Withdraw(ctx, actor, number); err == nil {
			back = "/appeals"
		}
	case "solve":
		_, err = m.Appeals.Solve(ctx, actor, number)
	case "reopen":
		_, err = m.Appeals.Reopen(ctx, actor, number, r.PostFormValue("words"))
	default:
		_, err = m.Appeals.Find(ctx, actor, number)
		if err == nil {
			err = fault.New(fault.Invalid, "appeal.step", "Выберите, что сделать с обращением.")
		}
	}
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showAppeal(w, r, http.StatusUnprocessableEntity, err)
	}
	return web.SeeOther(w, r, back)
}

// appealCalculation is the explanation that went with an appeal, as it was.
func (m *Module) appealCalculation(w http.ResponseWriter, r *http.Request) error {
	s, err := m.Appeals.Find(r.Context(), access.FromContext(r.Context()), r.PathValue("number"))
	if err != nil {
		return err
	}
	if r.URL.Query().Has("json") {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		text, _ := s.CalculationJSON()
		_, err := w.Write([]byte(text))
		return err
	}
	x, err := s.Calculation()
	if err != nil {
		return err
	}
	v := lineView(x)
	v.Page = m.page(r, "Расчёт, каким он был: "+x.Title)
	v.Crumbs = []web.Link{{Title: "Обращение № " + appeal.ShowNumber(s.Number), Href: "/appeals/" + s.Number}}
	v.BillHref, v.JSONHref = "/bill", "/appeals/"+s.Number+"/calculation?json"
	v.Page.Notices = []web.Notice{{Tone: web.Info, Text: "Так строка выглядела, когда вы написали обращение. С тех пор данные могли измениться."}}
	return web.Render(w, r, http.StatusOK, view.LinePage(v))
}

func (m *Module) appealPhoto(w http.ResponseWriter, r *http.Request) error {
	no, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		no = 0 // no such photo
	}
	f, err := m.Appeals.OpenPhoto(r.Context(), access.FromContext(r.Context()), r.PathValue("number"), no, r.URL.Query().Has("small"))
	if err != nil {
		return err
	}
	defer f.Close()
	return web.Picture(w, r, f)
}
