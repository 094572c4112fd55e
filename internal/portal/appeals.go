package portal

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/reading/photo"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// appealRoutes are the pages of what a resident asks to have checked.
func (m *Module) appealRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/bill/lines/{n}/dispute", Resource: "appeal", Action: "own", Handler: m.disputeForm},
		{Method: http.MethodPost, Pattern: "/bill/lines/{n}/dispute", Resource: "appeal", Action: "own", Files: true, Handler: m.beginDispute},
		{Method: http.MethodGet, Pattern: "/appeals", Resource: "appeal", Action: "own", Handler: m.appeals},
		{Method: http.MethodGet, Pattern: "/appeals/{number}", Resource: "appeal", Action: "own", Handler: m.appeal},
		{Method: http.MethodPost, Pattern: "/appeals/{number}", Resource: "appeal", Action: "own", Handler: m.stepAppeal},
		{Method: http.MethodGet, Pattern: "/appeals/{number}/calculation", Resource: "appeal", Action: "own", Handler: m.appealCalculation},
		{Method: http.MethodGet, Pattern: "/appeals/{number}/photos/{n}", Resource: "appeal", Action: "own", Handler: m.appealPhoto},
	}
}

// appealTones are how appeals look.
var appealTones = map[appeal.State]web.State{
	appeal.Draft: {Tone: web.Quiet}, appeal.Sent: {Tone: web.Info, Icon: "clock"}, appeal.Accepted: {Tone: web.Info, Icon: "clock"}, appeal.Answered: {Tone: web.OK},
	appeal.Reopened: {Tone: web.Warn}, appeal.Solved: {Tone: web.OK}, appeal.Withdrawn: {Tone: web.Quiet},
}

func (m *Module) appealState(a *appeal.Appeal) web.State {
	if a.Late(m.today()) {
		return web.State{Word: "срок ответа прошёл", Tone: web.Bad}
	}
	s := appealTones[a.State]
	s.Word = appeal.Labels[a.State]
	return s
}

func (m *Module) disputeForm(w http.ResponseWriter, r *http.Request) error {
	return m.showDispute(w, r, http.StatusOK, nil)
}

func (m *Module) showDispute(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		n = 0 // no such line
	}
	actor := access.FromContext(r.Context())
	b, x, err := m.Appeals.Look(r.Context(), actor, n)
	if err != nil {
		return err
	}
	if open, err := m.Appeals.OfLine(r.Context(), actor, b, n); err != nil {
		return err
	} else if open != nil && failed == nil {
		return web.SeeOther(w, r, "/appeals/"+open.Number)
	}
	v := view.DisputeForm{
		Page: m.page(r, "Не согласен: "+x.Title), Action: r.URL.Path, Key: web.NewKey(), Back: lineHref("/bill", n), Service: x.Title, Supplier: x.SupplierName, Account: x.Account, Month: x.BillMonth, Sum: x.Charge,
		Facts: calcFacts(x), Aside: r.PostFormValue("aside") != "", PenaltyWords: appeal.PenaltyWords, Errors: web.ErrorsOf(failed),
	}
	v.Reasons = web.Choices{Name: "reason", Label: "Что не так", Error: v.Errors.Of("reason")}
	for _, reason := range appeal.Fit(x) {
		v.Reasons.Items = append(v.Reasons.Items, web.Choice{Value: reason.Code, Label: reason.Words, Hint: reason.Hint, Chosen: r.PostFormValue("reason") == reason.Code})
	}
	v.Words = web.Field{Name: "words", Label: "Напишите, что заметили", Value: r.PostFormValue("words"), Optional: true, Error: v.Errors.Of("words"), MaxLength: 1000}
	v.Photo = web.Field{Name: "photo", Label: "Фото", Hint: "Счётчик, квитанция: JPEG, PNG или WebP до 10 МБ. Место съёмки удаляем", Type: "file", Accept: "image/jpeg,image/png,image/webp", Optional: true, Error: v.Errors.Of("photo")}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.DisputePage(v))
}

// calcFacts are a line's figures in short, for who disputes or answers.
func calcFacts(x *why.Explanation) (list []view.Term) {
	for _, f := range appeal.Facts(x) {
		list = append(list, view.Term{Name: f.Name, Text: nobreak.Replace(f.Value)})
	}
	return list
}

func (m *Module) beginDispute(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		n = 0 // no such line
	}
	img, err := onePhoto(r)
	var a *appeal.Appeal
	if err == nil {
		key, keyErr := web.FormKey(r)
		if keyErr != nil {
			return keyErr
		}
		a, err = m.Appeals.Begin(r.Context(), access.FromContext(r.Context()), key, appeal.Plea{Line: n, Reason: r.PostFormValue("reason"), Words: r.PostFormValue("words"), Aside: r.PostFormValue("aside") != "", Photo: img})
	}
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showDispute(w, r, http.StatusUnprocessableEntity, err)
	}
	return web.SeeOther(w, r, "/appeals/"+a.Number)
}

// onePhoto is the picture of a form; nil when none was chosen.
func onePhoto(r *http.Request) (*photo.Image, error) {
	file, header, err := r.FormFile("photo")
	switch {
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart), err == nil && header.Size == 0:
		return nil, nil
	case err != nil:
		return nil, err
	}
	defer file.Close()
	img, err := photo.Read(file)
	if fault.Is(err, fault.Invalid) {
		return nil, fault.As(err).WithField("photo")
	}
	return img, err
}

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

// tellDisputed marks what is being checked on the page of a bill.
func tellDisputed(r *http.Request, v *view.Bill, b *bill.Bill) {
	v.Disputed = b.LeftOut()
	actor := access.FromContext(r.Context())
	own := actor.Require("appeal", "own") == nil
	for i := range v.Groups {
		for k := range v.Groups[i].Lines {
			l := &b.Lines[v.Groups[i].Lines[k].Number-1]
			if d := b.Disputed(l); d != nil {
				v.Groups[i].Lines[k].Disputed = true
				if own && (d.Person == 0 || d.Person == actor.UserID) {
					v.Groups[i].Lines[k].AppealHref = "/appeals/" + d.Number
				}
			}
		}
	}
}
