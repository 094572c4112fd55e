package console

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/record"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// factKind is a fact that can be told by hand.
type factKind struct {
	kind   record.Kind
	title  string
	tab    string
	fields []web.Field
	record func(r *http.Request, known *record.Facts) map[string]any // keys of the record
}

// factKinds are the commonest facts, the rest comes in files.
var factKinds = []factKind{
	{record.Absence, "Временное отсутствие", "Отсутствие", []web.Field{
		{Name: "left", Label: "День отъезда", Hint: "Например, 03.10.2026", Width: "s", MaxLength: 10},
		{Name: "returned", Label: "День возвращения", Hint: "Пусто, если ещё не вернулись", Width: "s", Optional: true, MaxLength: 10},
		{Name: "persons", Label: "Сколько человек", InputMode: "numeric", Width: "s", MaxLength: 2},
		{Name: "recorded", Label: "День заявления", Hint: "Если заявление подали раньше, чем записываете", Width: "s", Optional: true, MaxLength: 10},
	}, nil},
	{record.Residents, "Сколько человек живёт", "Жильцы", []web.Field{
		{Name: "persons", Label: "Живёт всего", InputMode: "numeric", Width: "s", MaxLength: 2},
		{Name: "from", Label: "С какого дня", Hint: "Прежние сведения о жильцах кончатся накануне", Width: "s", MaxLength: 10},
	}, func(*http.Request, *record.Facts) map[string]any { return map[string]any{"instead": true} }},
	{record.Reading, "Показание счётчика", "Показание", []web.Field{
		{Name: "date", Label: "День", Width: "s", MaxLength: 10},
		{Name: "value", Label: "Показание", InputMode: "decimal", Width: "s", MaxLength: 20},
	}, meterChosen},
	{record.Benefit, "Льгота", "Льгота", []web.Field{
		{Name: "name", Label: "Название", MaxLength: 100},
		{Name: "percent", Label: "Процент", InputMode: "decimal", Width: "s", MaxLength: 6},
		{Name: "from", Label: "С какого дня", Width: "s", MaxLength: 10},
		{Name: "until", Label: "По какой день", Width: "s", Optional: true, MaxLength: 10},
	}, func(*http.Request, *record.Facts) map[string]any { return map[string]any{"netted": true} }},
	{record.Event, "Перерыв или плохое качество во всём доме", "Качество в доме", []web.Field{
		{Name: "date", Label: "День", Width: "s", MaxLength: 10},
		{Name: "hours", Label: "Сколько часов", InputMode: "decimal", Width: "s", MaxLength: 6},
	}, func(r *http.Request, known *record.Facts) map[string]any {
		return map[string]any{"house": known.House, "service": r.PostFormValue("service"), "event": r.PostFormValue("event")}
	}},
}

func findFactKind(kind string) *factKind {
	for i := range factKinds {
		if string(factKinds[i].kind) == kind {
			return &factKinds[i]
		}
	}
	return nil
}

// meterChosen names the account, service and meter that were chosen together.
func meterChosen(r *http.Request, known *record.Facts) map[string]any {
	for n, k := range meters(known) {
		if strconv.Itoa(n) == r.PostFormValue("meter") {
			told := map[string]any{"supplier": k.Supplier, "account": k.Account, "service": k.Service, "meter": k.Meter}
			if zone := r.PostFormValue("zone"); zone != "" {
				told["zone"] = zone
			}
			return told
		}
	}
	return map[string]any{}
}

func meters(known *record.Facts) (list []*record.Known) {
	for i := range known.Facts {
		if known.Facts[i].Fact == record.Meter {
			list = append(list, &known.Facts[i])
		}
	}
	return list
}

// factForm is the empty form of a kind, or the one sent with what was wrong.
func factForm(r *http.Request, k *factKind, known *record.Facts, failed error) *view.FactForm {
	f := &view.FactForm{Action: factsPath(r), Kind: string(k.kind), Title: k.title, Errors: web.ErrorsOf(failed)}
	choose := func(name, label string, items ...web.Choice) {
		for i := range items {
			items[i].Chosen = items[i].Value == r.PostFormValue(name)
		}
		f.Choices = append(f.Choices, web.Choices{Name: name, Label: label, Items: items, Error: f.Errors.Of(name)})
	}
	switch k.kind {
	case record.Reading:
		var items []web.Choice
		for n, m := range meters(known) {
			items = append(items, web.Choice{Value: strconv.Itoa(n), Label: meterText(m)})
		}
		choose("meter", "Счётчик", items...)
		choose("zone", "Зона суток", web.Choice{Label: "все сутки"}, web.Choice{Value: "day", Label: "день"}, web.Choice{Value: "night", Label: "ночь"}, web.Choice{Value: "peak", Label: "пик"},
			web.Choice{Value: "half_peak", Label: "полупик"})
	case record.Event:
		var items []web.Choice
		for _, s := range services(known) {
			items = append(items, web.Choice{Value: s, Label: catalogWord(s)})
		}
		choose("service", "Услуга", items...)
		choose("event", "Что было", web.Choice{Value: "outage", Label: "перерыв"}, web.Choice{Value: "temperature", Label: "температура"}, web.Choice{Value: "pressure", Label: "давление"},
			web.Choice{Value: "voltage", Label: "напряжение"}, web.Choice{Value: "delay", Label: "не вывезли отходы"})
	}
	for _, field := range append(append([]web.Field(nil), k.fields...), web.Field{Name: "reason", Label: "Основание", Hint: "Заявление, справка, акт: увидят все, кто смотрит этот факт", MaxLength: 200}) {
		field.Value, field.Error = r.PostFormValue(field.Name), f.Errors.Of(field.Name)
		f.Fields = append(f.Fields, field)
	}
	return f
}

// meterText names a meter by its service, and by its number or, without one, by its account.
func meterText(m *record.Known) string {
	if m.Meter == "" {
		return catalogWord(m.Service) + ", счёт " + m.Account
	}
	return catalogWord(m.Service) + ", счётчик " + m.Meter
}

func services(known *record.Facts) (list []string) {
	seen := map[string]bool{}
	for _, k := range known.Facts {
		if k.Fact == record.Service && !seen[k.Service] {
			seen[k.Service] = true
			list = append(list, k.Service)
		}
	}
	return list
}

// factRecord is the record a form tells, and the day it begins with.
func factRecord(r *http.Request, k *factKind, known *record.Facts, to record.Addressee) (text []byte, from calendar.Date, err error) {
	values := map[string]any{"fact": k.kind, "supplier": to.Supplier, "account": to.Account}
	for _, field := range k.fields {
		v := strings.TrimSpace(r.PostFormValue(field.Name))
		if v == "" && !field.Optional {
			return nil, 0, fault.Newf(fault.Invalid, "form.empty", "Заполните поле «%s».", field.Label).WithField(field.Name)
		}
		if v == "" {
			continue
		}
		values[field.Name] = v
		if n, bad := strconv.Atoi(v); bad == nil {
			values[field.Name] = n
		}
		if d, bad := calendar.ParseDate(v); bad == nil && from == 0 {
			from = d
		}
	}
	if strings.TrimSpace(r.PostFormValue("reason")) == "" {
		return nil, 0, fault.New(fault.Invalid, "form.reason", "Напишите основание: заявление, справка, акт.").WithField("reason")
	}
	if k.record != nil {
		for name, v := range k.record(r, known) {
			values[name] = v
		}
	}
	if values["house"] != nil {
		delete(values, "supplier")
		delete(values, "account")
	}
	text, err = json.Marshal(values)
	return text, from, err
}
