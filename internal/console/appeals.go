package console

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// appealRoutes are the pages of what residents ask to have checked: a supplier's queue, and the centre's of all.
func (m *Module) appealRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/s/appeals", Resource: "appeal", Action: "read", Handler: m.appeals},
		{Method: http.MethodGet, Pattern: "/s/appeals/{number}", Resource: "appeal", Action: "read", Handler: m.appeal},
		{Method: http.MethodPost, Pattern: "/s/appeals/{number}", Resource: "appeal", Action: "answer", Handler: m.answerAppeal},
		{Method: http.MethodGet, Pattern: "/s/appeals/{number}/photos/{n}", Resource: "appeal", Action: "read", Handler: m.appealPhoto},
	}
}

// appealsShown bounds the list.
const appealsShown = 200

// appealTones are how appeals look to those who answer.
var appealTones = map[appeal.State]web.Tone{appeal.Sent: web.Warn, appeal.Accepted: web.Info, appeal.Answered: web.OK, appeal.Reopened: web.Bad, appeal.Solved: web.OK}

func (m *Module) appeals(w http.ResponseWriter, r *http.Request) error {
	which, actor := r.URL.Query().Get("which"), access.FromContext(r.Context())
	open, late, err := m.Appeals.Waiting(r.Context(), actor)
	if err != nil {
		return err
	}
	v := view.Appeals{Page: m.page(r, "Обращения"), Centre: actor.SupplierID == 0, Tabs: []web.Tab{
		{Title: "Ждут ответа", Href: "/s/appeals", Current: which == "", Count: open}, {Title: "Срок прошёл", Href: "/s/appeals?which=late", Current: which == "late", Count: late}, {Title: "Все", Href: "/s/appeals?which=all", Current: which == "all"},
	}}
	list, err := m.Appeals.List(r.Context(), actor, appeal.Filter{Open: which == "", Late: which == "late", Limit: appealsShown})
	if err != nil {
		return err
	}
	names, err := m.namesByID(r)
	if err != nil {
		return err
	}
	for i := range list {
		v.Rows = append(v.Rows, m.appealRow(&list[i], names))
	}
	return web.Render(w, r, http.StatusOK, view.AppealsPage(v))
}

func (m *Module) namesByID(r *http.Request) (names map[int64]string, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		names = map[int64]string{}
		list, err := supplier.List(r.Context(), tx)
		for i := range list {
			names[list[i].ID] = list[i].Name
		}
		return err
	})
	return names, err
}

func (m *Module) appealRow(a *appeal.Appeal, names map[int64]string) view.AppealRow {
	row := view.AppealRow{Number: appeal.ShowNumber(a.Number), Href: "/s/appeals/" + a.Number, What: a.What(), Account: a.Account, Supplier: names[a.SupplierID], Reason: appeal.ReasonWords(a.Reason), Sum: a.Sum,
		State: web.State{Word: appeal.Labels[a.State], Tone: appealTones[a.State]}}
	if a.Open() {
		row.AnswerBy, row.Late = a.AnswerBy, a.Late(m.day())
	}
	return row
}

func (m *Module) appeal(w http.ResponseWriter, r *http.Request) error {
	return m.showAppeal(w, r, http.StatusOK, nil, nil)
}

func (m *Module) showAppeal(w http.ResponseWriter, r *http.Request, status int, preview *appeal.Reply, failed error) error {
	actor := access.FromContext(r.Context())
	s, err := m.Appeals.Find(r.Context(), actor, r.PathValue("number"))
	if err != nil {
		return err
	}
	names, err := m.namesByID(r)
	if err != nil {
		return err
	}
	x, err := s.Calculation()
	if err != nil {
		return err
	}
	a := &s.Appeal
	_, digest := a.CalculationJSON()
	v := view.Appeal{Page: m.page(r, "Обращение № "+appeal.ShowNumber(a.Number)), AppealRow: m.appealRow(a, names), Month: a.Month, Words: a.Words, Clause: a.Clause, Round: strconv.Itoa(a.Round), Aside: a.Aside, Digest: digest,
		Outcome: appeal.OutcomeWords[a.Outcome], Answer: a.Answer, Change: a.Change, ShowsIn: a.ShowsIn, Shown: a.Shown, ShownIn: a.ShownIn, ShownSource: a.ShownSource, Errors: web.ErrorsOf(failed)}
	for _, f := range appeal.Facts(x) {
		v.Facts = append(v.Facts, view.Fact{Name: f.Name, Value: f.Value})
	}
	for _, no := range s.Photos {
		v.Photos = append(v.Photos, fmt.Sprintf("/s/appeals/%s/photos/%d", a.Number, no))
	}
	for i := range s.Steps {
		step := &s.Steps[i]
		v.Steps = append(v.Steps, view.AppealStep{Title: appeal.StepWords[step.Kind], Words: step.Words, Who: appealWho(actor, step), At: step.At})
	}
	if actor.SupplierID == 0 {
		v.SubscriberHref = "/c/account/" + account.HouseholdCode(a.Household)
		v.FactsHref = v.SubscriberHref + "/facts"
	}
	if a.Open() && actor.Require("appeal", "answer") == nil {
		m.fillAnswer(r, &v, a, preview)
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AppealPage(v))
}

// appealWho names who made a step: to a supplier the centre's people are the centre, and the other way round the login is told.
func appealWho(actor access.Actor, s *appeal.Step) string {
	switch {
	case s.Side == appeal.SideResident:
		return "житель"
	case s.Side == appeal.SideKvit:
		return "Квит"
	case s.Side == appeal.SideCentre && actor.SupplierID != 0:
		return "расчётный центр"
	}
	return who(s.Actor)
}

// showsMonths is how many months from now a correction may be promised for.
const showsMonths = 3

// fillAnswer is the form of an answer with what was typed, or a template's text.
func (m *Module) fillAnswer(r *http.Request, v *view.Appeal, a *appeal.Appeal, preview *appeal.Reply) {
	v.AnswerTo, v.Key, v.MayAccept = v.Href, web.NewKey(), a.State != appeal.Accepted
	typed, outcome := r.PostFormValue("words"), r.PostFormValue("outcome")
	for _, t := range a.Templates() {
		if r.URL.Query().Get("template") == t.Code && typed == "" {
			typed, outcome = a.Fill(t), t.Outcome
		}
		v.Templates = append(v.Templates, web.Link{Title: t.Title, Href: v.Href + "?template=" + t.Code})
	}
	v.Outcomes = web.Choices{Name: "outcome", Label: "Что решили", Error: v.Errors.Of("outcome"), Items: []web.Choice{
		{Value: appeal.Corrected, Label: "Исправляем сумму", Chosen: outcome == appeal.Corrected}, {Value: appeal.Explained, Label: "Сумма верна, объясняем", Chosen: outcome == appeal.Explained}}}
	v.Text = web.Field{Name: "words", Label: "Ответ жителю", Hint: "Простыми словами: что проверили и что вышло", Value: typed, Error: v.Errors.Of("words"), MaxLength: 2000}
	v.ChangeField = web.Field{Name: "change", Label: "На сколько изменится счёт, ₽", Hint: "Если исправляете. Со знаком минус, если станет меньше: −388,19", Value: r.PostFormValue("change"), Optional: true, Error: v.Errors.Of("change"), Width: "s"}
	v.Months = web.Choices{Name: "month", Label: "В счёте за какой месяц видно", Error: v.Errors.Of("month"), Width: "m"}
	first := max(a.Month, m.day().Month().Add(-1))
	for i := range showsMonths {
		month := first.Add(i)
		v.Months.Items = append(v.Months.Items, web.Choice{Value: month.String(), Label: month.Title(), Chosen: r.PostFormValue("month") == month.String()})
	}
	if access.FromContext(r.Context()).SupplierID == 0 && a.EscalatedAt == 0 {
		v.Instead = &web.Field{Name: "instead", Label: "Почему отвечает расчётный центр", Hint: "Срок поставщика ещё не прошёл: он увидит причину", Value: r.PostFormValue("instead"), Error: v.Errors.Of("instead"), MaxLength: 300}
	}
	if preview != nil {
		seen := *a
		seen.Outcome, seen.Change, seen.ShowsIn, seen.AnsweredAt = preview.Outcome, preview.Change, preview.ShowsIn, m.Now()
		_, message := seen.Message(appeal.Step{Kind: appeal.StepAnswered}, m.Zone)
		v.Preview = &view.AppealPreview{Outcome: appeal.OutcomeWords[preview.Outcome], Text: preview.Words, Change: preview.Change, ShowsIn: preview.ShowsIn, Message: message}
	}
}

// replyOf reads the form of an answer.
func replyOf(r *http.Request) (reply appeal.Reply, err error) {
	reply = appeal.Reply{Outcome: r.PostFormValue("outcome"), Words: r.PostFormValue("words"), Instead: r.PostFormValue("instead")}
	reply.Round, _ = strconv.Atoi(r.PostFormValue("round")) // a form without it answers the open round
	if text := strings.TrimSpace(r.PostFormValue("change")); text != "" && reply.Outcome == appeal.Corrected {
		if reply.Change, err = money.Parse(strings.Replace(text, "−", "-", 1)); err != nil {
			return reply, fault.New(fault.Invalid, "appeal.change", "Напишите сумму цифрами, например −388,19").WithField("change")
		}
	}
	if reply.Outcome == appeal.Corrected {
		reply.ShowsIn, err = calendar.ParseMonth(cmp.Or(r.PostFormValue("month"), "0"))
		if err != nil {
			return reply, fault.New(fault.Invalid, "appeal.shows_in", "Выберите, в счёте за какой месяц видно исправление.").WithField("month")
		}
	}
	return reply, nil
}

// answerAppeal takes an appeal up, shows the answer as the resident will, or answers. Pressed twice, it answers once.
func (m *Module) answerAppeal(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, number := r.Context(), access.FromContext(r.Context()), r.PathValue("number")
	do := r.PostFormValue("do")
	var reply appeal.Reply
	var err error
	if do == "answer" || do == "preview" {
		reply, err = replyOf(r)
	}
	if err == nil && do == "preview" {
		if err = reply.Check(); err == nil {
			return m.showAppeal(w, r, http.StatusOK, &reply, nil)
		}
	}
	if err == nil {
		err = m.once(w, r, func(string) (page string, err error) {
			page = "/s/appeals/" + number
			switch do {
			case "accept":
				_, err = m.Appeals.Accept(ctx, actor, number)
			case "answer":
				_, err = m.Appeals.Answer(ctx, actor, number, reply)
			default:
				err = fault.New(fault.Invalid, "appeal.step", "Выберите, что сделать с обращением.")
			}
			return page, err
		})
	}
	if refusedForm(err) {
		return m.showAppeal(w, r, http.StatusUnprocessableEntity, nil, err)
	}
	return err
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

// appealEntries are the steps of a household's appeals in its timeline.
func (m *Module) appealEntries(r *http.Request, ref bill.Ref) (list []view.Entry, err error) {
	actor := access.FromContext(r.Context())
	all, err := m.Appeals.OfHousehold(r.Context(), actor, ref)
	for i := range all {
		a := &all[i].Appeal
		for k := range all[i].Steps {
			s := &all[i].Steps[k]
			list = append(list, view.Entry{At: s.At, Kind: "appeal", Title: "Обращение № " + appeal.ShowNumber(a.Number) + ": " + strings.ToLower(appeal.StepWords[s.Kind]), Text: a.What(), Who: appealWho(actor, s), Href: "/s/appeals/" + a.Number, Sum: a.Sum, HasSum: s.Kind == appeal.StepSent})
		}
	}
	return list, err
}

// appealWait is a line of the first page when residents wait for an answer.
func (m *Module) appealWait(r *http.Request) (view.Wait, bool, error) {
	actor := access.FromContext(r.Context())
	if actor.Reach("appeal", "read") == access.None {
		return view.Wait{}, false, nil
	}
	open, late, err := m.Appeals.Waiting(r.Context(), actor)
	v := view.Wait{Title: "Обращения", Text: "Жители ждут проверки начислений", Href: "/s/appeals", Count: open, Tone: web.Warn}
	if late > 0 {
		v.Text, v.Tone = "Есть ответы с прошедшим сроком", web.Bad
	}
	return v, open > 0, err
}
