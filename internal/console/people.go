package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/web"
)

// proofWords are what a person has shown.
var proofWords = map[string]string{"code": "номер и код с квитанции", "paper": "код с квитанции поставщика", "person": "приглашение", "demo": "показ"}

// rightWords are what a person may do in a home, in the order of access.Rights.
var rightWords = []struct {
	right access.Right
	word  string
}{{access.See, "видит"}, {access.Pay, "платит"}, {access.Read, "передаёт показания"}, {access.Documents, "берёт документы"}, {access.Manage, "даёт доступ другим"}}

// peopleOf are those who see a household: an auditor reads them without contacts.
func (m *Module) peopleOf(r *http.Request, ref bill.Ref, errors web.Errors) (view.People, error) {
	v := view.People{Errors: errors}
	a := access.FromContext(r.Context())
	if a.Require("subscriber", "tell") == nil {
		v.Action = "/c/account/" + r.PathValue("code") + "/people"
	}
	people, err := m.People.People(r.Context(), ref.Building, ref.Household)
	if err != nil {
		return v, err
	}
	day := m.People.Today()
	for i := range people {
		h := &people[i]
		row := view.PeopleRow{ID: strconv.FormatInt(h.ID, 10), Role: h.Role.Word(), Proof: proofWords[h.Proof], Since: h.AddedAt, From: h.From, To: h.To, Pending: h.Pending(), May: rightsText(h.RightsOn(day))}
		row.Over = h.Over(day)
		if row.Name = "телефон скрыт"; a.Role != access.Auditor {
			if row.Name, err = m.People.Masked(r.Context(), h.PersonID); err != nil {
				return v, err
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

func rightsText(rights access.Rights) string {
	var words []string
	for _, x := range rightWords {
		if rights.Has(x.right) {
			words = append(words, x.word)
		}
	}
	if len(words) == 0 {
		return "ничего"
	}
	return strings.Join(words, ", ")
}

// reasonMissing is the code of an act in somebody's name without a reason.
const reasonMissing = "people.reason"

// reasonMin is the fewest letters of a reason for acting in somebody's name.
const reasonMin = 5

// decidePerson ends somebody's access to a household or confirms it, with a reason; the person is told.
func (m *Module) decidePerson(w http.ResponseWriter, r *http.Request) error {
	ref, err := m.household(r)
	if err != nil {
		return err
	}
	people, err := m.People.People(r.Context(), ref.Building, ref.Household)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PostFormValue("of"), 10, 64)
	if err != nil || !slices.ContainsFunc(people, func(h person.Home) bool { return h.ID == id }) {
		return fault.New(fault.NotFound, "home.unknown", "Такого человека или адреса в списке нет.").Because(err)
	}
	actor, reason := access.FromContext(r.Context()).String(), strings.TrimSpace(r.PostFormValue("reason"))
	if len([]rune(reason)) < reasonMin {
		return m.showSubscriber(w, r, http.StatusUnprocessableEntity, fault.New(fault.Invalid, reasonMissing, "Напишите причину: её увидит житель.").WithField("reason-"+r.PostFormValue("of")))
	}
	if r.PostFormValue("do") == "confirm" {
		err = m.People.Confirm(r.Context(), actor, 0, id)
	} else {
		err = m.People.TakeBack(r.Context(), actor, 0, id, reason)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/account/"+r.PathValue("code")+"#people")
}
