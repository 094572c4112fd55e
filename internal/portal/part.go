package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// partRoutes are the pages of those who share the bill of a home.
func (m *Module) partRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/accounts/part", Resource: "home", Action: "share", Handler: m.part},
		{Method: http.MethodPost, Pattern: "/accounts/part", Resource: "home", Action: "share", Handler: m.changePart},
		{Method: http.MethodGet, Pattern: "/accounts/part/new", Resource: "home", Action: "share", Handler: m.partForm},
		{Method: http.MethodPost, Pattern: "/accounts/part/new", Resource: "home", Action: "share", Handler: m.proposePart},
	}
}

// partSum says beside the part of who looks at a bill what all have to pay; nil where it is not shared.
func partSum(b *bill.Bill) *view.PartSum {
	if !b.Divided {
		return nil
	}
	return &view.PartSum{Whole: b.Whole, Lines: b.Part == nil}
}

// partWay is a way of sharing as a person chooses it.
type partWay struct {
	way         person.Way
	title, lead string
}

var partWays = []partWay{
	{person.ByPercent, "В процентах от счёта", "Напишите, сколько процентов платит каждый. Вместе – 100. Долг, который уже есть, делится так же."},
	{person.BySum, "Суммой в месяц", "Напишите каждому, сколько он платит в месяц. У одного оставьте пусто: он платит остальное."},
	{person.ByService, "По услугам", "Выберите, кто за какую услугу платит."},
}

var partTold = map[string]string{"proposed": "Предложение отправлено. Ждём ответа", "accept": "Вы согласились", "decline": "Вы отказались", "end": "Закончено. Счёт снова общий"}

func (m *Module) part(w http.ResponseWriter, r *http.Request) error {
	b, err := m.wholeLive(r)
	if err != nil {
		return err
	}
	a := access.FromContext(r.Context())
	v := view.BillPart{Page: m.page(r, "Моя часть счёта"), Address: b.Address, Whole: b.Total, Told: partTold[r.URL.Query().Get("done")], Autopay: a.Reach("autopay", "own") != access.None}
	d, err := m.People.DivisionOf(r.Context(), b.BuildingID, b.HouseholdID)
	if err != nil {
		return err
	}
	if d.Has(a.UserID) && d.Agreement == nil {
		if v.SharesHref = "/accounts"; a.Reach("home", "manage") != access.None {
			v.SharesHref = "/accounts/shares"
		}
		return web.Render(w, r, http.StatusOK, view.BillPartPage(v))
	}
	if err := m.addAgreements(r, &v, b, d.Agreement); err != nil {
		return err
	}
	others, err := m.sharers(r)
	if err != nil {
		return err
	}
	for _, way := range partWays {
		if len(others) > 1 {
			v.Ways = append(v.Ways, web.Tab{Title: way.title, Href: "/accounts/part/new?way=" + string(way.way)})
		}
	}
	if a.Reach("home", "manage") != access.None {
		v.GiveHref = "/accounts/give"
	}
	return web.Render(w, r, http.StatusOK, view.BillPartPage(v))
}

// wholeLive is the live bill of the home one looks at, whoever pays what of it.
func (m *Module) wholeLive(r *http.Request) (*bill.Bill, error) {
	if m.isFormer(access.FromContext(r.Context())) {
		return nil, errOutOfTerm
	}
	return m.Bills.At(r.Context(), own(r), 0)
}

// addAgreements tells of what is agreed and what is offered, to who is named there.
func (m *Module) addAgreements(r *http.Request, v *view.BillPart, b *bill.Bill, stands *person.Agreement) error {
	a := access.FromContext(r.Context())
	agreed, offered, err := m.People.AgreementsOf(r.Context(), a)
	if err != nil {
		return err
	}
	if offered != nil {
		if v.Offered, err = m.agreementView(r.Context(), offered, nil, a.UserID); err != nil {
			return err
		}
	}
	if agreed == nil || stands == nil {
		return nil
	}
	parts, err := m.Bills.Parts(r.Context(), b, agreed)
	if err != nil {
		return err
	}
	v.Due = parts.Owed[agreed.PartOf(a.UserID)]
	v.Agreed, err = m.agreementView(r.Context(), agreed, parts, a.UserID)
	return err
}

// agreementView draws an agreement as one of those named sees it; parts are what each has to pay, of one that stands.
func (m *Module) agreementView(ctx context.Context, a *person.Agreement, parts *bill.Part, who int64) (*view.Agreement, error) {
	x := &view.Agreement{ID: strconv.FormatInt(a.ID, 10), Since: "с " + calendar.DateOf(a.AgreedAt.Time().In(m.Zone)).Words()}
	for i := range a.Parts {
		p := &a.Parts[i]
		name, err := m.memberName(ctx, p.PersonID, who)
		if err != nil {
			return nil, err
		}
		row := view.AgreementRow{Who: name, Part: partWords(a.Way, p), State: web.State{Word: "согласен", Tone: web.OK}}
		if p.AnsweredAt == 0 {
			row.State = web.State{Word: "ждём", Tone: web.Info, Icon: "clock"}
		}
		if parts != nil {
			row.Counted, row.Due, row.Paid = true, parts.Owed[i], parts.Paid[i]
		}
		if p.PersonID == a.ProposedBy {
			x.From = name
		}
		x.Mine = x.Mine || p.PersonID == who && p.AnsweredAt == 0
		x.Rows = append(x.Rows, row)
	}
	return x, nil
}

// memberName is how one of a home is named to another: by the end of his telephone.
func (m *Module) memberName(ctx context.Context, who, to int64) (string, error) {
	if who == to {
		return "вы", nil
	}
	return m.People.Masked(ctx, who)
}

// partWords say one's part.
func partWords(way person.Way, p *person.Part) string {
	switch {
	case way == person.ByPercent:
		return person.PercentText(p.Percent)
	case p.Rest && len(p.Services) == 0:
		return "остальное"
	case way == person.BySum:
		return p.Sum.Format() + " в месяц"
	}
	text := strings.Join(p.Services, ", ")
	if p.Rest {
		text += " и остальное"
	}
	return text
}

// sharers are the people who may share the home one looks at, he himself first.
func (m *Module) sharers(r *http.Request) (list []person.Home, err error) {
	a, day := access.FromContext(r.Context()), m.People.Today()
	people, err := m.People.People(r.Context(), a.BuildingID, a.HouseholdID)
	for i := range people {
		h := people[i]
		switch {
		case !h.SharesOn(day) || slices.ContainsFunc(list, func(x person.Home) bool { return x.PersonID == h.PersonID }):
		case h.PersonID == a.UserID:
			list = slices.Insert(list, 0, h)
		default:
			list = append(list, h)
		}
	}
	return list, err
}

// changePart answers an offer, takes it back, or ends what was agreed. Pressed twice it is done once.
func (m *Module) changePart(w http.ResponseWriter, r *http.Request) error {
	a, do := access.FromContext(r.Context()), r.PostFormValue("do")
	id, err := strconv.ParseInt(r.PostFormValue("of"), 10, 64)
	if err != nil {
		return errNoHome.Because(err)
	}
	switch do {
	case "accept", "decline":
		b, billed := m.wholeLive(r)
		if billed != nil {
			return billed
		}
		err = m.People.Answer(r.Context(), a, id, do == "accept", month(b.Month))
	case "end":
		err = m.People.End(r.Context(), a, id)
	default:
		return fault.New(fault.Invalid, "agreement.do", "Такого действия нет. Откройте страницу снова.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/accounts/part?done="+do)
}
