package portal

import (
	"errors"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/charge/why"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/reading/photo"
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
