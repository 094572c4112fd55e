package portal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

func (m *Module) partForm(w http.ResponseWriter, r *http.Request) error {
	return m.showPartForm(w, r, http.StatusOK, nil)
}

// showPartForm asks who pays which part, the way that was chosen.
func (m *Module) showPartForm(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	way := slices.IndexFunc(partWays, func(x partWay) bool { return string(x.way) == r.FormValue("way") })
	if way < 0 {
		return web.SeeOther(w, r, "/accounts/part")
	}
	people, err := m.sharers(r)
	if err != nil {
		return err
	}
	v := view.PartForm{Page: m.page(r, partWays[way].title), Action: "/accounts/part/new", Way: string(partWays[way].way), Key: web.NewKey(), Lead: partWays[way].lead, Errors: web.ErrorsOf(failed)}
	members := web.Choices{}
	for i := range people {
		name, err := m.memberName(r.Context(), people[i].PersonID, access.FromContext(r.Context()).UserID)
		if err != nil {
			return err
		}
		members.Items = append(members.Items, web.Choice{Value: strconv.FormatInt(people[i].ID, 10), Label: web.Capital(name)})
	}
	if partWays[way].way == person.ByService {
		err = m.addServices(r, &v, members)
	} else {
		addPartFields(r, &v, members, partWays[way].way)
	}
	if err != nil {
		return err
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.PartFormPage(v))
}

// addPartFields are per cents or sums, one a person.
func addPartFields(r *http.Request, v *view.PartForm, members web.Choices, way person.Way) {
	for _, c := range members.Items {
		f := web.Field{Name: "part-" + c.Value, Label: c.Label + ", %", Value: r.FormValue("part-" + c.Value), InputMode: "decimal", Autocomplete: "off", Width: "s", MaxLength: 20}
		if way == person.BySum {
			f.Label, f.Optional = c.Label+", ₽ в месяц", true
		}
		v.Fields = append(v.Fields, f)
	}
}

// addServices asks of every service of the bill who pays it, and who pays new ones.
func (m *Module) addServices(r *http.Request, v *view.PartForm, members web.Choices) error {
	b, err := m.wholeLive(r)
	if err != nil {
		return err
	}
	byID, err := m.Bills.RecipientsOf(r.Context(), b)
	if err != nil {
		return err
	}
	for _, l := range servicesOf(b) {
		c := web.Choices{Name: serviceField(l.ServiceKey()), Width: "m", Label: supplier.ServiceTitle(l.Service, byID[l.SupplierID].Services)}
		if c.Label == "" {
			c.Label = l.SupplierName
		}
		c.Items = chosenOf(members.Items, r.FormValue(c.Name))
		v.Services = append(v.Services, c)
	}
	v.Rest = web.Choices{Name: "rest", Label: "Кто платит новые услуги", Items: chosenOf(members.Items, r.FormValue("rest"))}
	return nil
}

// servicesOf are lines of a bill, the first of each service.
func servicesOf(b *bill.Bill) (list []*bill.Line) {
	for i := range b.Lines {
		l := &b.Lines[i]
		if !slices.ContainsFunc(list, func(x *bill.Line) bool { return x.ServiceKey() == l.ServiceKey() }) {
			list = append(list, l)
		}
	}
	return list
}

// serviceField names a service in a form.
func serviceField(key string) string { return "service-" + payment.Fingerprint(key)[:12] }

// chosenOf are choices with one of them chosen; the first where none is.
func chosenOf(items []web.Choice, value string) []web.Choice {
	items = slices.Clone(items)
	at := max(0, slices.IndexFunc(items, func(c web.Choice) bool { return c.Value == value }))
	for i := range items {
		items[i].Chosen = i == at
	}
	return items
}

// proposePart offers the others what was typed.
func (m *Module) proposePart(w http.ResponseWriter, r *http.Request) error {
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	way := person.Way(r.PostFormValue("way"))
	parts, err := m.typedParts(r, way)
	if err == nil {
		_, err = m.People.Propose(r.Context(), key, access.FromContext(r.Context()), way, parts)
	}
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showPartForm(w, r, http.StatusUnprocessableEntity, err)
	}
	return web.SeeOther(w, r, "/accounts/part?done=proposed")
}

// typedParts reads the form. Of per cents and services who got nothing is left out.
func (m *Module) typedParts(r *http.Request, way person.Way) (parts []person.Part, err error) {
	people, err := m.sharers(r)
	if err != nil {
		return nil, err
	}
	if way == person.ByService {
		return m.typedServices(r, people)
	}
	for i := range people {
		text, p := strings.TrimSpace(r.PostFormValue("part-"+strconv.FormatInt(people[i].ID, 10))), person.Part{PersonID: people[i].PersonID}
		sum, err := money.Parse(strings.TrimSpace(strings.TrimSuffix(text, "%")))
		switch {
		case text == "" && way == person.ByPercent:
			continue
		case text == "":
			p.Rest = true
		case err != nil:
			return nil, fault.New(fault.Invalid, "agreement.number", "Напишите числом, например 50 или 33,33").WithField("parts")
		case way == person.ByPercent:
			p.Percent = int64(sum) // hundredths, as kopecks of a rouble are
		default:
			p.Sum = sum
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func (m *Module) typedServices(r *http.Request, people []person.Home) (parts []person.Part, err error) {
	b, err := m.wholeLive(r)
	if err != nil {
		return nil, err
	}
	of := func(value string) int {
		at := slices.IndexFunc(people, func(h person.Home) bool { return strconv.FormatInt(h.ID, 10) == value })
		return max(0, at)
	}
	parts = make([]person.Part, len(people))
	for i := range people {
		parts[i].PersonID = people[i].PersonID
	}
	for _, l := range servicesOf(b) {
		p := &parts[of(r.PostFormValue(serviceField(l.ServiceKey())))]
		p.Services = append(p.Services, l.ServiceKey())
	}
	parts[of(r.PostFormValue("rest"))].Rest = true
	return slices.DeleteFunc(parts, func(p person.Part) bool { return !p.Rest && len(p.Services) == 0 }), nil
}
