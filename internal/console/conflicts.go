package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/conflict"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// conflictsShown is how many cases a page lists.
const conflictsShown = 200

// conflictRoutes are the pages of what suppliers say differently.
func (m *Module) conflictRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/conflicts", Resource: "conflict", Action: "read", Slow: true, Handler: m.conflicts},
		{Method: http.MethodGet, Pattern: "/s/conflicts", Resource: "conflict", Action: "read", Slow: true, Handler: m.conflicts},
		{Method: http.MethodGet, Pattern: "/c/conflicts/{id}", Resource: "conflict", Action: "read", Handler: m.conflict},
		{Method: http.MethodPost, Pattern: "/c/conflicts/{id}", Resource: "conflict", Action: "decide", Handler: m.decideConflict},
		{Method: http.MethodGet, Pattern: "/c/conflicts/rule/{attribute}", Resource: "conflict", Action: "decide", Slow: true, Handler: m.conflictRule},
		{Method: http.MethodPost, Pattern: "/c/conflicts/rule/{attribute}", Resource: "conflict", Action: "decide", Slow: true, Handler: m.decideByRule},
	}
}

var conflictStates = map[conflict.State]web.State{
	conflict.Open: {Word: "ждёт решения", Tone: web.Warn}, conflict.Decided: {Word: "решено", Tone: web.OK}, conflict.Agreed: {Word: "сошлись", Tone: web.Quiet},
}

// conflictFilter reads what the form of the list asks for.
func conflictFilter(r *http.Request) (f conflict.Filter, failed web.Errors) {
	q := r.URL.Query()
	f = conflict.Filter{Attribute: conflict.Attribute(q.Get("attribute")), Supplier: q.Get("supplier"), House: strings.TrimSpace(q.Get("house")), State: conflict.State(q.Get("state")), All: q.Get("state") == "all"}
	var err error
	if older := strings.TrimSpace(q.Get("older")); older != "" {
		if f.OlderDays, err = strconv.Atoi(older); err != nil {
			failed = append(failed, web.FieldError{Field: "older", Message: "Введите число дней, например 30."})
		}
	}
	if effect := strings.TrimSpace(q.Get("effect")); effect != "" {
		if f.EffectMin, err = money.Parse(effect); err != nil {
			failed = append(failed, web.FieldError{Field: "effect", Message: "Введите сумму, например 100."})
		}
	}
	return f, failed
}

func (m *Module) conflicts(w http.ResponseWriter, r *http.Request) error {
	actor := access.FromContext(r.Context())
	f, failed := conflictFilter(r)
	v := view.Conflicts{Page: m.page(r, "Расхождения поставщиков"), Action: "/c/conflicts", House: f.House, Older: r.URL.Query().Get("older"), EffectMin: r.URL.Query().Get("effect"), Own: actor.SupplierID != 0, Errors: failed}
	if v.Own {
		v.Action = "/s/conflicts"
	}
	if n := r.URL.Query().Get("decided"); n != "" {
		v.Done = &web.Notice{Tone: web.OK, Title: "Решено: " + n, Text: "Поставщики узнают об этом из ленты, вызовов и файлов изменений. Плательщика и квартиру они видят на своей странице."}
	}
	list, err := m.Conflicts.List(r.Context(), actor, f)
	switch {
	case fault.Is(err, fault.NotFound) && f.House != "":
		v.Errors = append(v.Errors, web.FieldError{Field: "house", Message: "Такого дома в реестре нет."})
	case err != nil:
		return err
	}
	v.Page.WithErrors(v.Errors)
	for i := range list {
		if v.Total++; len(v.Rows) < conflictsShown {
			v.Rows = append(v.Rows, m.conflictRow(&list[i], actor))
		}
	}
	if err := m.conflictChoices(r, &v, &f); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.ConflictsPage(v))
}

// readable writes what is said as people read it: areas with a comma.
func readable(x *conflict.Shown) {
	if x.Attribute != conflict.Area {
		return
	}
	x.Value, x.Suggested = decimal.Grouped(x.Value, 0), decimal.Grouped(x.Suggested, 0)
	for i := range x.Claims {
		x.Claims[i].Value = decimal.Grouped(x.Claims[i].Value, 0)
	}
}

func (m *Module) conflictRow(x *conflict.Shown, actor access.Actor) view.ConflictRow {
	readable(x)
	row := view.ConflictRow{Title: x.Title, Address: strings.TrimSpace(x.Address + " " + x.Object), Age: x.AgeDays, Effect: x.Effect, State: conflictStates[x.State], Decided: x.Value}
	if actor.SupplierID == 0 {
		row.Href = "/c/conflicts/" + x.ID
	}
	for i, c := range x.Claims {
		if x.Case.Claims[i].Supplier == actor.SupplierID && actor.SupplierID != 0 {
			row.Mine = strings.TrimPrefix(row.Mine+", счёт "+c.Account+": "+c.Value, ", ")
		}
	}
	row.Values = whoSays(x.Claims)
	return row
}

// conflictChoices are what the list can be narrowed by.
func (m *Module) conflictChoices(r *http.Request, v *view.Conflicts, f *conflict.Filter) error {
	v.Attributes = []web.Choice{{Label: "Всё"}}
	for _, a := range conflict.Attributes {
		v.Attributes = append(v.Attributes, web.Choice{Value: string(a), Label: conflict.Titles[a], Chosen: f.Attribute == a})
	}
	for _, s := range []conflict.State{conflict.Open, conflict.Decided, conflict.Agreed} {
		v.States = append(v.States, web.Choice{Value: string(s), Label: conflictStates[s].Word, Chosen: f.State == s})
	}
	v.States = append(v.States, web.Choice{Value: "all", Label: "все", Chosen: f.All})
	v.Suppliers = []web.Choice{{Label: "Все"}}
	names := supplierNames{}
	err := m.DB.Read(r.Context(), func(tx *db.Tx) error {
		v.Suppliers = v.Suppliers[:1]
		list, err := supplier.List(r.Context(), tx)
		for _, s := range list {
			names[s.Code] = s.Name
			v.Suppliers = append(v.Suppliers, web.Choice{Value: s.Code, Label: s.Name, Chosen: f.Supplier == s.Code})
		}
		return err
	})
	actor := access.FromContext(r.Context())
	if err != nil || actor.Require("conflict", "decide") != nil {
		return err
	}
	rules, err := m.Conflicts.Rules(r.Context(), actor)
	for i := range rules {
		x := &rules[i]
		v.Rules = append(v.Rules, view.ByRule{Title: conflict.Titles[x.Attribute], Order: names.order(x), Href: "/c/conflicts/rule/" + string(x.Attribute)})
	}
	return err
}

func (m *Module) conflict(w http.ResponseWriter, r *http.Request) error {
	return m.showConflict(w, r, http.StatusOK, nil)
}

// conflictEffects are what a decision does where it moves no sum that can be shown.
var conflictEffects = map[conflict.Attribute]string{
	conflict.Area:        "Решение меняет площадь в счёте и в начислении Квита. Сейчас Квит этой квартире по площади не начисляет.",
	conflict.Residents:   "Решение меняет число жильцов в счёте и в начислении Квита. Сейчас Квит этой квартире по жильцам не начисляет.",
	conflict.Owner:       "Решение меняет плательщика в счёте. На начисление это не влияет.",
	conflict.Flat:        "Решение меняет номер квартиры в счёте. На начисление это не влияет.",
	conflict.MeterNumber: "Решение меняет номер счётчика у всех, у кого он один на услугу. Показания и начисления останутся.",
	conflict.MeterDigits: "По этой разрядности Квит считает переход через ноль.",
	conflict.Verified:    "По этому сроку Квит решает, считать ли по показаниям.",
}

func conflictID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "conflict.unknown", "Такого расхождения нет.")
	}
	return id, nil
}

func (m *Module) showConflict(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	id, err := conflictID(r)
	if err != nil {
		return err
	}
	actor := access.FromContext(r.Context())
	rows, err := m.Conflicts.Show(r.Context(), actor, id)
	if err != nil {
		return err
	}
	for i := range rows {
		readable(&rows[i])
	}
	x := &rows[len(rows)-1]
	v := view.Conflict{Page: m.page(r, "Расхождение"), Title: x.Title, Address: x.Address, Object: x.Object, State: conflictStates[x.State], Errors: web.ErrorsOf(failed), History: conflictPast(rows)}
	v.Page.WithErrors(v.Errors)
	if x.Household != "" && actor.Require("subscriber", "read") == nil {
		v.SubscriberHref = "/c/account/" + x.Household
	}
	month, err := m.conflictClaims(r, &v, x)
	if err != nil {
		return err
	}
	if v.Effect = conflictEffects[x.Attribute]; month != 0 {
		v.Effect = "Месяц по каждому значению посчитан за " + month.Word() + ": столько начислит Квит этой квартире по своим услугам."
	}
	if x.State != conflict.Agreed && actor.Require("conflict", "decide") == nil {
		v.Action, v.Key = "/c/conflicts/"+x.ID, web.NewKey()
		v.Value, v.Reason, v.From = r.PostFormValue("value"), r.PostFormValue("reason"), r.PostFormValue("from")
		v.Choices = conflictAnswers(x, r.PostFormValue("as"))
	}
	return web.Render(w, r, status, view.ConflictPage(v))
}

// conflictClaims shows what each says with the month it makes; 0 when charging does not go by it.
func (m *Module) conflictClaims(r *http.Request, v *view.Conflict, x *conflict.Shown) (month calendar.Month, err error) {
	for i := range x.Claims {
		c := &x.Claims[i]
		row := view.ConflictClaim{Name: c.Name, Account: c.Account, Value: c.Value, Source: c.Source, At: c.At, Suggested: x.By == c.Who && x.Suggested == c.Value}
		e, err := m.Conflicts.EffectOf(r.Context(), x.Case, x.Case.Claims[i].Value)
		if err != nil {
			return 0, err
		}
		if e.Known {
			month, row.Month = e.Month, &e.After
		}
		v.Claims = append(v.Claims, row)
	}
	return month, nil
}

// conflictAnswers are the parties to choose from, each value once.
func conflictAnswers(x *conflict.Shown, chosen string) (list []web.Choice) {
	for i := range x.Claims {
		c := &x.Claims[i]
		if !slices.ContainsFunc(list, func(o web.Choice) bool { return o.Label == c.Value }) {
			list = append(list, web.Choice{Value: c.Who, Label: c.Value, Hint: c.Name, Chosen: chosen == c.Who || chosen == "" && x.By == c.Who})
		}
	}
	return append(list, web.Choice{Value: "other", Label: "Другое", Hint: "Впишите ниже", Chosen: chosen == "other"})
}

func conflictPast(rows []conflict.Shown) (list []view.ConflictPast) {
	for i := len(rows) - 1; i >= 0; i-- {
		x := &rows[i]
		past := view.ConflictPast{At: x.Case.RecordedAt, Title: "Сообщают разное"}
		switch x.State {
		case conflict.Decided:
			past.Title, past.Text = "Решено: "+x.Value, x.Reason+" ("+x.Actor+")"
		case conflict.Agreed:
			past.Title = "Сошлись"
		default:
			for _, c := range x.Claims {
				past.Text = strings.TrimPrefix(past.Text+"; "+c.Name+": "+c.Value, "; ")
			}
		}
		list = append(list, past)
	}
	return list
}

func (m *Module) decideConflict(w http.ResponseWriter, r *http.Request) error {
	id, err := conflictID(r)
	if err != nil {
		return err
	}
	j := conflict.Judgement{ID: id, As: r.PostFormValue("as"), Reason: r.PostFormValue("reason")}
	if j.As == "other" {
		j.As, j.Value = "", r.PostFormValue("value")
	}
	if from := strings.TrimSpace(r.PostFormValue("from")); from != "" {
		if j.From, err = calendar.ParseDate(from); err != nil {
			err = fault.New(fault.Invalid, "conflict.from", "День не прочитался. Введите так: 2026-11-01.").WithField("from").Because(err)
		}
	}
	if err == nil {
		_, err = m.Conflicts.Decide(r.Context(), access.FromContext(r.Context()), j)
	}
	if web.IsForm(err) {
		return m.showConflict(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/conflicts?decided=1")
}

func (m *Module) conflictRule(w http.ResponseWriter, r *http.Request) error {
	actor, attribute := access.FromContext(r.Context()), conflict.Attribute(r.PathValue("attribute"))
	b, err := m.Conflicts.DecideByRule(r.Context(), actor, attribute, "", true)
	if err != nil {
		return err
	}
	v := view.ConflictRule{Page: m.page(r, "Решение по правилу"), Title: conflict.Titles[attribute], Undecided: b.Undecided, Change: b.Change, Moves: b.Change != 0 || attribute == conflict.Area || attribute == conflict.Residents, Effect: conflictEffects[attribute], BackHref: "/c/conflicts", Action: "/c/conflicts/rule/" + string(attribute), Key: web.NewKey()}
	names, err := m.supplierNames(r)
	if err != nil {
		return err
	}
	rules, err := m.Conflicts.Rules(r.Context(), actor)
	if err != nil {
		return err
	}
	for i := range rules {
		if rules[i].Attribute == attribute {
			v.Order = names.order(&rules[i])
		}
	}
	for _, c := range b.Cases {
		if attribute == conflict.Area {
			c.Value = decimal.Grouped(c.Value, 0)
		}
		v.Rows = append(v.Rows, view.ConflictRow{Address: c.Address, Href: "/c/conflicts/" + c.ID, Decided: c.Value, Values: whoSays(c.Claims), Effect: c.Change})
	}
	return web.Render(w, r, http.StatusOK, view.ConflictRulePage(v))
}

func (m *Module) decideByRule(w http.ResponseWriter, r *http.Request) error {
	b, err := m.Conflicts.DecideByRule(r.Context(), access.FromContext(r.Context()), conflict.Attribute(r.PathValue("attribute")), "", false)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/conflicts?decided="+strconv.Itoa(b.Decided))
}
