package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// homeRoutes are R19: a person's homes and who else sees them; and the cards he let be kept.
func (m *Module) homeRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/accounts", Resource: "person", Action: "own", Handler: m.accounts},
		{Method: http.MethodPost, Pattern: "/accounts", Resource: "person", Action: "own", Handler: m.changeAccounts},
		{Method: http.MethodPost, Pattern: "/accounts/choose", Resource: "person", Action: "own", Handler: m.chooseHome},
		{Method: http.MethodGet, Pattern: "/accounts/add", Resource: "quickbill", Action: "read", Handler: m.addForm},
		{Method: http.MethodPost, Pattern: "/accounts/add", Resource: "quickbill", Action: "read", Handler: m.addHome},
		{Method: http.MethodGet, Pattern: "/accounts/add/{token}", Resource: "quickbill", Action: "read", Handler: m.addByToken},
		{Method: http.MethodPost, Pattern: "/accounts/add/{token}", Resource: "quickbill", Action: "read", Handler: m.addHome},
		{Method: http.MethodGet, Pattern: "/accounts/added", Resource: "person", Action: "own", Handler: m.added},
		{Method: http.MethodGet, Pattern: "/accounts/give", Resource: "home", Action: "manage", Handler: m.giveForm},
		{Method: http.MethodPost, Pattern: "/accounts/give", Resource: "home", Action: "manage", Handler: m.freshFrom("/accounts/give", m.give)},
		{Method: http.MethodGet, Pattern: "/accounts/flats", Resource: "home", Action: "manage", Handler: m.flats},
		{Method: http.MethodPost, Pattern: "/accounts/flats", Resource: "home", Action: "manage", Handler: m.decideFlat},
		{Method: http.MethodGet, Pattern: "/accounts/shares", Resource: "home", Action: "manage", Handler: m.shares},
		{Method: http.MethodPost, Pattern: "/accounts/shares", Resource: "home", Action: "manage", Handler: m.setShares},
		{Method: http.MethodGet, Pattern: "/accounts/leave/{id}", Resource: "person", Action: "own", Handler: m.leaveForm},
		{Method: http.MethodPost, Pattern: "/accounts/leave/{id}", Resource: "person", Action: "own", Handler: m.leave},
		{Method: http.MethodGet, Pattern: "/accounts/final/{id}", Resource: "person", Action: "own", Slow: true, Handler: m.finalPDF},
		{Method: http.MethodGet, Pattern: "/cards", Resource: "payment", Action: "pay", Handler: m.cards},
		{Method: http.MethodPost, Pattern: "/cards", Resource: "payment", Action: "pay", Handler: m.forgetCard},
	}
}

func (m *Module) accounts(w http.ResponseWriter, r *http.Request) error {
	return m.showAccounts(w, r, http.StatusOK, nil)
}

// homesTold are the words after something was done.
var homesTold = map[string]string{
	"accept": "Доступ принят. Адрес в вашем списке", "decline": "Приглашение отклонено", "close": "Доступ закрыт", "withdraw": "Приглашение отозвано",
	"confirm": "Подтвердили: человек живёт здесь", "removed": "Адрес убран",
}

func (m *Module) showAccounts(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	homes, err := m.homesOf(r)
	if err != nil {
		return err
	}
	v := view.Accounts{Page: m.page(r, "Мои адреса"), Told: homesTold[r.URL.Query().Get("done")], Errors: web.ErrorsOf(failed)}
	pay, several := "/bill/pay?", 0
	for i := range homes {
		h, err := m.homeRow(r, &homes[i])
		if err != nil {
			return err
		}
		if h.HasDue && homes[i].RightsOn(m.People.Today()).Has(access.Pay) {
			v.Total, pay, several = v.Total+h.Due, pay+"&home="+h.ID, several+1
		}
		v.Homes = append(v.Homes, h)
	}
	if v.Total > 0 && several > 1 {
		v.PayHref = strings.Replace(pay, "?&", "?", 1)
	}
	if v.Invites, err = m.invitesTo(r); err != nil {
		return err
	}
	if v.People, err = m.peopleOf(r); err != nil {
		return err
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AccountsPage(v))
}

// homeRow is a home in the list of a person's homes.
func (m *Module) homeRow(r *http.Request, h *person.Home) (view.AccountHome, error) {
	day := m.People.Today()
	row := view.AccountHome{ID: strconv.FormatInt(h.ID, 10), Role: h.Role.Word(), Says: termWords(h) + mayWords(h.RightsOn(day)), Current: h.ID == access.FromContext(r.Context()).HomeID, Open: h.RightsOn(day).Has(access.See)}
	name, err := m.nameOf(r.Context(), h)
	if err != nil {
		return row, err
	}
	row.Name = name
	b, err := m.homeBill(r.Context(), h)
	switch {
	case fault.Is(err, fault.NotFound):
		row.State = web.State{Word: "счёт закрыт, платить нечего", Tone: web.Quiet}
	case err != nil:
		return row, err
	default:
		row.Due, row.HasDue = b.Total, true
	}
	switch {
	case h.Over(day):
		row.State, row.HasDue = web.State{Word: "вы выехали", Tone: web.Quiet}, false
		row.FinalHref = "/accounts/final/" + row.ID
		return row, nil
	case h.Pending():
		row.State = web.State{Word: "ждёт подтверждения", Tone: web.Info, Icon: "clock"}
	}
	row.LeaveHref = "/accounts/leave/" + row.ID
	return row, nil
}

// termWords say since and until when a home is a person's.
func termWords(h *person.Home) string {
	text := ""
	if h.From != 0 {
		text = "с " + h.From.Dotted() + " "
	}
	if h.To != 0 {
		text += "до " + h.To.Dotted() + " включительно"
	}
	if text = strings.TrimSpace(text); text != "" {
		text = web.Capital(text) + ". "
	}
	return text
}

// mayWords say what rights allow.
func mayWords(rights access.Rights) string {
	switch {
	case rights.Has(access.Manage):
		return "Можно всё"
	case rights.Has(access.Read):
		return "Можно видеть, платить и передавать показания"
	case rights.Has(access.See) && rights.Has(access.Pay):
		return "Можно видеть и платить"
	case rights.Has(access.See):
		return "Можно только видеть"
	}
	return "Можно платить и видеть сумму"
}

// changeAccounts answers invitations, and decides about those who see the home.
func (m *Module) changeAccounts(w http.ResponseWriter, r *http.Request) error {
	a, do := access.FromContext(r.Context()), r.PostFormValue("do")
	id, err := strconv.ParseInt(r.PostFormValue(map[bool]string{true: "invite", false: "of"}[do == "accept" || do == "decline"]), 10, 64)
	if err != nil {
		return errNoHome.Because(err)
	}
	switch do {
	case "accept":
		_, err = m.People.Accept(r.Context(), a.UserID, id)
	case "decline":
		err = m.People.Decline(r.Context(), a.UserID, id)
	case "close":
		err = m.People.TakeBack(r.Context(), a.String(), a.UserID, id, "")
	case "confirm":
		err = m.People.Confirm(r.Context(), a.String(), a.UserID, id)
	case "withdraw":
		if err = a.Require("home", "manage"); err == nil {
			err = m.People.Withdraw(r.Context(), a, id)
		}
	default:
		return fault.New(fault.Invalid, "home.do", "Такого действия нет. Откройте страницу снова.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/accounts?done="+do)
}

// invitesTo are the homes others open to the person who asks: the address is masked until he takes it.
func (m *Module) invitesTo(r *http.Request) (list []view.AccountInvite, err error) {
	waiting, err := m.People.InvitesTo(r.Context(), access.FromContext(r.Context()).UserID)
	if err != nil {
		return nil, err
	}
	for i := range waiting {
		x := &waiting[i]
		address, err := m.nameOf(r.Context(), &person.Home{Building: x.Building, Household: x.Household, Rights: person.PayOnly})
		if err != nil {
			return nil, err
		}
		text := address + ". " + mayWords(x.Rights)
		if x.To != 0 {
			text += " до " + x.To.Dotted()
		}
		list = append(list, view.AccountInvite{ID: strconv.FormatInt(x.ID, 10), Says: text + "."})
	}
	return list, nil
}

// peopleOf are the others who see the home one manages; nil for who does not.
func (m *Module) peopleOf(r *http.Request) (*view.AccountPeople, error) {
	a := access.FromContext(r.Context())
	if a.Require("home", "manage") != nil {
		return nil, nil
	}
	address, err := m.nameOf(r.Context(), &person.Home{Building: a.BuildingID, Household: a.HouseholdID, Rights: a.Rights})
	if err != nil {
		return nil, err
	}
	v := &view.AccountPeople{Address: address}
	people, err := m.People.People(r.Context(), a.BuildingID, a.HouseholdID)
	if err != nil {
		return nil, err
	}
	for i := range people {
		if h := &people[i]; h.PersonID != a.UserID && !h.Over(m.People.Today()) {
			row, err := m.personRow(r.Context(), h)
			if err != nil {
				return nil, err
			}
			v.People = append(v.People, row)
		}
	}
	if err := m.addInvites(r, v); err != nil {
		return nil, err
	}
	if person.Shared(people, m.People.Today()) {
		v.SharesHref = "/accounts/shares"
	}
	proposed, err := m.Flats.List(r.Context(), a.BuildingID, a.HouseholdID)
	v.Flats = len(proposed)
	return v, err
}

// personRow is somebody who sees the home: by the end of his telephone, as he proved it.
func (m *Module) personRow(ctx context.Context, h *person.Home) (view.AccountPerson, error) {
	name, err := m.People.Masked(ctx, h.PersonID)
	row := view.AccountPerson{Name: name, Role: web.Capital(h.Role.Word()), Says: termWords(h) + mayWords(h.RightsOn(m.People.Today())), ID: strconv.FormatInt(h.ID, 10), Pending: h.Pending()}
	if h.Pending() {
		row.State = web.State{Word: "ждёт вашего слова", Tone: web.Warn}
	}
	if !h.Lives() || h.Pending() {
		row.Do = "close"
	}
	return row, err
}

func (m *Module) addInvites(r *http.Request, v *view.AccountPeople) error {
	a := access.FromContext(r.Context())
	waiting, err := m.People.InvitesOf(r.Context(), a.BuildingID, a.HouseholdID)
	for i := range waiting {
		x := &waiting[i]
		v.People = append(v.People, view.AccountPerson{
			Name: x.Masked, Role: "Доверенное лицо", Says: termWords(&person.Home{To: x.To}) + mayWords(x.Rights), State: web.State{Word: "приглашение ждёт", Tone: web.Info, Icon: "clock"}, Do: "withdraw", ID: strconv.FormatInt(x.ID, 10),
		})
	}
	return err
}

// homeRows are all homes of a person of several, for his first page.
func (m *Module) homeRows(r *http.Request) (rows []view.HomeRow, err error) {
	homes, err := m.homesOf(r)
	if err != nil || len(homes) < 2 {
		return nil, err
	}
	for i := range homes {
		b, err := m.homeBill(r.Context(), &homes[i])
		if fault.Is(err, fault.NotFound) || err == nil && homes[i].Over(m.People.Today()) {
			continue
		}
		if err != nil {
			return nil, err
		}
		href := "/accounts"
		if homes[i].ID == access.FromContext(r.Context()).HomeID {
			href = "/bill"
		}
		rows = append(rows, view.HomeRow{Address: b.Address, Href: href, Due: b.Total})
	}
	return rows, nil
}

// partOf are what an owner and a tenant pay of a bill that is not narrowed.
func partOf(b *bill.Bill, shares person.Shares) (owner, tenant money.Amount) {
	for i := range b.Lines {
		l := &b.Lines[i]
		if shares.Of(l.ServiceKey(), l.CapitalRepair()) == person.Owner {
			owner += l.Due
		} else {
			tenant += l.Due
		}
	}
	return max(0, owner), max(0, tenant)
}
