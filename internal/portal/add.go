package portal

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/match"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// pending is a home whose paper somebody has shown, until he signs in. It travels in a cookie, sealed.
type pending struct {
	Building, Household, Account int64
	Proof                        string
	Role                         person.Role
	Title                        string
	Until                        calendar.Micros
}

// What of a paper was shown.
const (
	byCode  = "code"  // the code of the bill together with a number on it, or its link
	byPaper = "paper" // the payment code of a supplier's own paper
)

// The cookie of a pending home, and how long it waits.
const (
	pendingCookie  = "home"
	pendingSeconds = 30 * 60
	pendingSeal    = "pending home"
)

func (m *Module) keepPending(w http.ResponseWriter, p pending) error {
	p.Until = m.Now() + calendar.Micros(pendingSeconds)*1_000_000
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	http.SetCookie(w, m.Site.Cookie(pendingCookie, base64.RawURLEncoding.EncodeToString(m.Access.Seal(pendingSeal, text)), pendingSeconds))
	return nil
}

// pendingOf reads the pending home a request brings; false when it brings none that still holds.
func (m *Module) pendingOf(r *http.Request) (p pending, found bool) {
	c, err := r.Cookie(m.Site.CookieName(pendingCookie))
	if err != nil {
		return p, false
	}
	sealed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return p, false
	}
	text, err := m.Access.Unseal(pendingSeal, sealed)
	if err != nil || json.Unmarshal(text, &p) != nil {
		return p, false
	}
	return p, p.Until >= m.Now()
}

func (m *Module) dropPending(w http.ResponseWriter) {
	http.SetCookie(w, m.Site.Cookie(pendingCookie, "", -1))
}

// takePending gives a person who has just signed in the home whose paper he showed before: its number, and the page that says so.
// Without one both are empty. Whoever ends a sign-in calls it before the session starts.
func (m *Module) takePending(w http.ResponseWriter, r *http.Request, who int64) (home int64, next string, err error) {
	p, found := m.pendingOf(r)
	if !found || p.Role == "" {
		return 0, "", nil
	}
	m.dropPending(w)
	home, err = m.settle(r, who, &p)
	return home, "/accounts/added", err
}

// settle gives a person a home. The papers of whoever lived there before open nothing from then on.
func (m *Module) settle(r *http.Request, who int64, p *pending) (int64, error) {
	home, err := m.People.Settle(r.Context(), person.Home{
		PersonID: who, Building: p.Building, Household: p.Household, Account: p.Account, Role: p.Role, Proof: p.Proof, Title: p.Title, Actor: person.Text(who),
	})
	if err != nil || p.Role == person.Payer || p.Household == 0 {
		return home, err
	}
	h, err := m.People.Find(r.Context(), who, home)
	if err == nil && h.From != 0 && !h.Pending() {
		_, err = m.Bills.RenewCode(r.Context(), bill.Ref{Building: p.Building, Household: p.Household}, access.FromContext(r.Context()).String())
	}
	return home, err
}

func (m *Module) addForm(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Get("again") != "" {
		m.dropPending(w)
		return m.showAdd(w, r, http.StatusOK, nil, nil)
	}
	if p, found := m.pendingOf(r); found {
		return m.showAdd(w, r, http.StatusOK, &p, nil)
	}
	return m.showAdd(w, r, http.StatusOK, nil, nil)
}

// addByToken shows what the link of a paper opens.
func (m *Module) addByToken(w http.ResponseWriter, r *http.Request) error {
	p, err := m.pendingByToken(r)
	if err != nil {
		return err
	}
	return m.showAdd(w, r, http.StatusOK, &p, nil)
}

func (m *Module) pendingByToken(r *http.Request) (pending, error) {
	ref, err := m.Bills.FindByToken(r.Context(), r.PathValue("token"))
	return pending{Building: ref.Building, Household: ref.Household, Proof: byCode}, err
}

// addHome takes a paper, then the word who the person is to the home: the home is his at once, or after he signs in.
func (m *Module) addHome(w http.ResponseWriter, r *http.Request) error {
	if r.PostFormValue("do") == "save" {
		return m.saveHome(w, r)
	}
	p, err := m.shownPaper(r)
	if err != nil {
		if !web.IsForm(err) && !fault.Is(err, fault.NotFound) {
			return err
		}
		return m.showAdd(w, r, http.StatusUnprocessableEntity, nil, err)
	}
	if err := m.keepPending(w, p); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/accounts/add")
}

func (m *Module) saveHome(w http.ResponseWriter, r *http.Request) error {
	p, found := m.pendingOf(r)
	if r.PathValue("token") != "" {
		var err error
		if p, err = m.pendingByToken(r); err != nil {
			return err
		}
		found = true
	}
	if !found {
		return web.SeeOther(w, r, "/accounts/add?again=yes")
	}
	p.Role, p.Title = person.Role(r.PostFormValue("role")), r.PostFormValue("title")
	if p.Role == "" {
		p.Role = person.Owner // the link of one's own paper: what is not so is said on the page of homes
	}
	a := access.FromContext(r.Context())
	if a.Role != access.Resident || a.UserID == 0 {
		if err := m.keepPending(w, p); err != nil {
			return err
		}
		if v := m.proveView(r); v.Contact != "" {
			v.Next = "/accounts/added"
			return m.sendCode(w, r, v)
		}
		return web.SeeOther(w, r, m.Site.SignInPath+"?next=%2Faccounts%2Fadded")
	}
	home, err := m.settle(r, a.UserID, &p)
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showAdd(w, r, http.StatusUnprocessableEntity, &p, err)
	}
	m.dropPending(w)
	return m.lookAt(w, r, home, "/accounts/added")
}

// lookAt chooses a home in the session and goes on.
func (m *Module) lookAt(w http.ResponseWriter, r *http.Request, home int64, next string) error {
	if c, err := r.Cookie(m.Site.CookieName(SessionCookie)); err == nil {
		if err := m.Access.ChooseHome(r.Context(), c.Value, home); err != nil {
			return err
		}
	}
	return web.SeeOther(w, r, next)
}

// shownPaper finds the home of a number with the code of its bill, or of the code of a supplier's own paper. A number, and a
// network, that is wrong often waits; whether a number exists is not told.
func (m *Module) shownPaper(r *http.Request) (p pending, err error) {
	number, code := strings.TrimSpace(r.PostFormValue("number")), strings.TrimSpace(r.PostFormValue("code"))
	if code == "" && bill.IsTyped(number) {
		return p, fault.New(fault.Invalid, "home.number", "Это код. Введите ещё номер лицевого счёта").WithField("number")
	}
	if number == "" {
		return p, fault.New(fault.Invalid, "home.number", "Введите номер лицевого счёта или текст кода с квитанции").WithField("number")
	}
	if code != "" {
		token, err := m.findTyped(r, number, code)
		if err != nil {
			return p, inField(err, "code")
		}
		ref, err := m.Bills.FindByToken(r.Context(), token)
		return pending{Building: ref.Building, Household: ref.Household, Proof: byCode}, err
	}
	x, err := m.findPaper(r, number)
	if err != nil {
		return p, inField(err, "number")
	}
	if x.Token == "" {
		return pending{Building: x.Building, Account: x.Account, Proof: byPaper}, nil
	}
	ref, err := m.Bills.FindByToken(r.Context(), x.Token)
	return pending{Building: ref.Building, Household: ref.Household, Proof: byCode}, err
}

// inField says a fault beside a field.
func inField(err error, field string) error {
	return fault.New(fault.KindOf(err), fault.CodeOf(err), fault.As(err).Message).WithField(field)
}

// findTyped finds the bill of a number and a code, five tries of a number and of a network in fifteen minutes (S1).
func (m *Module) findTyped(r *http.Request, number, code string) (string, error) {
	subjects := []string{"typed:" + web.Host(r), "typed:" + m.Access.Mark("number", match.FoldNumber(number))}
	for _, s := range subjects {
		if err := m.Access.MayTry(r.Context(), s); err != nil {
			return "", err
		}
	}
	token, err := m.Bills.FindByTyped(r.Context(), number, code)
	if fault.Is(err, fault.NotFound) {
		if missed := m.Access.MissedPaper(r.Context(), subjects...); missed != nil {
			return "", missed
		}
	}
	return token, err
}

// roleChoices ask who the person is to the home.
func roleChoices(chosen person.Role, household int64) web.Choices {
	c := web.Choices{Name: "role", Label: "Кто вы этому дому"}
	if household != 0 {
		c.Items = append(c.Items, web.Choice{Value: string(person.Owner), Label: "Собственник"}, web.Choice{Value: string(person.Tenant), Label: "Наниматель"})
	}
	c.Items = append(c.Items, web.Choice{Value: string(person.Payer), Label: "Плачу за близкого", Hint: "вы увидите сумму и сможете платить"})
	i := max(0, slices.IndexFunc(c.Items, func(x web.Choice) bool { return x.Value == string(chosen) }))
	c.Items[i].Chosen = true
	return c
}

// showAdd is the page of T1; p is what a paper has opened.
func (m *Module) showAdd(w http.ResponseWriter, r *http.Request, status int, p *pending, failed error) error {
	v := view.AccountAdd{Page: m.page(r, "Добавить счёт"), Action: r.URL.Path, Number: r.PostFormValue("number"), Code: r.PostFormValue("code"), Phone: r.PostFormValue("contact"), Errors: web.ErrorsOf(failed)}
	if p != nil {
		h := person.Home{Building: p.Building, Household: p.Household, Account: p.Account, Role: person.Payer}
		b, err := m.homeBill(r.Context(), &h)
		if err != nil {
			return err
		}
		a := access.FromContext(r.Context())
		v.Found = &view.AccountFound{Address: b.Address, Roles: roleChoices(p.Role, p.Household), Title: p.Title, Signed: a.Role == access.Resident && a.UserID != 0}
		for _, s := range b.Suppliers {
			v.Found.Suppliers = append(v.Found.Suppliers, s.Name)
		}
		v.Found.Suppliers = slices.Compact(v.Found.Suppliers)
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AccountAddPage(v))
}

// added is the end of T1. A home that still waits, because signing in ended elsewhere, is taken here.
func (m *Module) added(w http.ResponseWriter, r *http.Request) error {
	a := access.FromContext(r.Context())
	if home, next, err := m.takePending(w, r, a.UserID); err != nil || next != "" {
		if err != nil {
			return err
		}
		return m.lookAt(w, r, home, next)
	}
	homes, err := m.homesOf(r)
	if err != nil {
		return err
	}
	if len(homes) == 0 {
		return web.SeeOther(w, r, "/accounts")
	}
	h := &homes[len(homes)-1] // the one that came last, unless another is looked at
	if homes[0].ID == a.HomeID && a.Rights.Has(access.See) {
		h = &homes[0]
	}
	b, err := m.homeBill(r.Context(), h)
	if err != nil {
		return err
	}
	v := view.AccountAdded{Page: m.page(r, "Счёт добавлен"), Address: b.Address, Due: b.Total, DueOn: b.DueOn, HasDue: true, Pending: h.Pending(), Payer: h.Role == person.Payer, NoData: len(b.Lines) == 0}
	return m.showAdded(w, r, v)
}

func (m *Module) showAdded(w http.ResponseWriter, r *http.Request, v view.AccountAdded) error {
	if a := access.FromContext(r.Context()); !v.Pending && !v.Payer {
		h, err := m.readingHome(r)
		if err != nil {
			return err
		}
		sheet, err := m.Readings.Sheet(r.Context(), a, h.Home)
		if err != nil {
			return err
		}
		if due := readingsDue(sheet, h.base); due != nil {
			v.Meters = len(due.Costs)
		}
		proposed, err := m.Flats.List(r.Context(), a.BuildingID, a.HouseholdID)
		if err != nil {
			return err
		}
		v.Flats = len(proposed)
	}
	return web.Render(w, r, http.StatusOK, view.AccountAddedPage(v))
}
