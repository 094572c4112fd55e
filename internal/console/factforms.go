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

// subject is the household a fact is told of, with everything that can be chosen in a form.
type subject struct {
	known    *record.Facts
	members  []record.Addressee // its accounts
	services []string           // of the catalogue
}

// facts of a kind that are known, in the order they are shown.
func (s *subject) of(kind record.Kind) (list []*record.Known) {
	for i := range s.known.Facts {
		if s.known.Facts[i].Fact == kind {
			list = append(list, &s.known.Facts[i])
		}
	}
	return list
}

// items are the answers of a choice.
func (s *subject) items(c *factChoice) (items []web.Choice) {
	switch c.from {
	case ofTaken:
		for n, k := range s.taken() {
			items = append(items, web.Choice{Value: strconv.Itoa(n), Label: record.ServiceWord(k.Service) + ", счёт " + k.Account})
		}
	case ofMeters:
		for n, k := range s.of(record.Meter) {
			items = append(items, web.Choice{Value: strconv.Itoa(n), Label: meterText(k)})
		}
	case ofMembers:
		for n, to := range s.members {
			items = append(items, web.Choice{Value: strconv.Itoa(n), Label: to.Supplier + ", счёт " + to.Account})
		}
	case ofCatalog:
		for _, code := range s.services {
			items = append(items, web.Choice{Value: code, Label: record.ServiceWord(code)})
		}
	default:
		items = append(items, c.Items...)
	}
	return items
}

// taken are the services the accounts take, each once.
func (s *subject) taken() (list []*record.Known) {
	seen := map[string]bool{}
	for _, k := range s.of(record.Service) {
		if key := k.Supplier + "\x00" + k.Account + "\x00" + k.Service; !seen[key] {
			seen[key] = true
			list = append(list, k)
		}
	}
	return list
}

// chosen puts what was chosen into the keys of a record.
func (s *subject) chosen(c *factChoice, value string, into map[string]any) {
	n, err := strconv.Atoi(value)
	pick := func(list []*record.Known) *record.Known {
		if err != nil || n < 0 || n >= len(list) {
			return &record.Known{}
		}
		return list[n]
	}
	switch c.from {
	case ofTaken:
		k := pick(s.taken())
		into["supplier"], into["account"], into["service"] = k.Supplier, k.Account, k.Service
	case ofMeters:
		k := pick(s.of(record.Meter))
		into["supplier"], into["account"], into["service"], into["meter"] = k.Supplier, k.Account, k.Service, k.Meter
	case ofMembers:
		if err == nil && n >= 0 && n < len(s.members) {
			into["supplier"], into["account"] = s.members[n].Supplier, s.members[n].Account
		}
	default:
		put(into, c.Name, typed(value))
	}
}

// typed is a flag as records have it; other words stay.
func typed(value string) any {
	if value == "true" {
		return true
	}
	return value
}

// put sets a key; a dot leads into a table. What says nothing is left out.
func put(into map[string]any, name string, value any) {
	if value == "" {
		return
	}
	table, key, nested := strings.Cut(name, ".")
	if !nested {
		into[name] = value
		return
	}
	inner, ok := into[table].(map[string]any)
	if !ok {
		inner = map[string]any{}
		into[table] = inner
	}
	inner[key] = value
}

// factForm is the empty form of a kind, or the one sent with what was wrong.
func factForm(r *http.Request, k *factKind, s *subject, failed error) *view.FactForm {
	f := &view.FactForm{Action: factsPath(r), Kind: string(k.kind), Title: k.title, About: k.about, Errors: web.ErrorsOf(failed)}
	for i := range k.choices {
		c := k.choices[i].Choices
		c.Items, c.Error = s.items(&k.choices[i]), f.Errors.Of(c.Name)
		for n := range c.Items {
			c.Items[n].Chosen = c.Items[n].Value == r.PostFormValue(c.Name)
		}
		f.Choices = append(f.Choices, c)
	}
	for _, field := range append(append([]web.Field(nil), k.fields...), reasonField("Основание", "Заявление, справка, акт: увидят все, кто смотрит этот факт")) {
		field.Value, field.Error = r.PostFormValue(field.Name), f.Errors.Of(field.Name)
		f.Fields = append(f.Fields, field)
	}
	return f
}

func reasonField(label, hint string) web.Field {
	return web.Field{Name: "reason", Label: label, Hint: hint, MaxLength: 200}
}

// meterText names a meter by its service, and by its number or, without one, by its account.
func meterText(m *record.Known) string {
	if m.Meter == "" {
		return record.ServiceWord(m.Service) + ", счёт " + m.Account
	}
	return record.ServiceWord(m.Service) + ", счётчик " + m.Meter
}

// factRecord is the record a form tells.
func factRecord(r *http.Request, k *factKind, s *subject) ([]byte, error) {
	values := map[string]any{}
	if len(s.members) > 0 {
		values["supplier"], values["account"] = s.members[0].Supplier, s.members[0].Account
	}
	for name, v := range k.always {
		values[name] = v
	}
	for i := range k.choices {
		c := &k.choices[i]
		value := r.PostFormValue(c.Name)
		if c.from != fixed && value == "" {
			return nil, fault.Newf(fault.Invalid, "form.empty", "Выберите: %s.", strings.ToLower(c.Label)).WithField(c.Name)
		}
		s.chosen(c, value, values)
	}
	for i := range k.fields {
		if err := factValue(r, &k.fields[i], values); err != nil {
			return nil, err
		}
	}
	if strings.TrimSpace(r.PostFormValue("reason")) == "" {
		return nil, fault.New(fault.Invalid, "form.reason", "Напишите основание: заявление, справка, акт.").WithField("reason")
	}
	if whom := values["whom"]; k.house || whom == "house" {
		delete(values, "supplier")
		delete(values, "account")
		values["house"] = s.known.House
	}
	delete(values, "whom")
	values["fact"] = k.kind
	return json.Marshal(values)
}

// factValue puts the value of a field into the keys of a record.
func factValue(r *http.Request, field *web.Field, into map[string]any) error {
	v := strings.TrimSpace(r.PostFormValue(field.Name))
	switch {
	case v == "" && !field.Optional:
		return fault.Newf(fault.Invalid, "form.empty", "Заполните поле «%s».", field.Label).WithField(field.Name)
	case v == "":
		return nil
	case field.Name == "services":
		into[field.Name] = strings.FieldsFunc(v, func(c rune) bool { return c == ',' || c == ' ' || c == ';' })
		return nil
	case field.InputMode == "numeric":
		n, err := strconv.Atoi(v)
		if err != nil {
			return fault.Newf(fault.Invalid, "form.number", "В поле «%s» ожидается целое число.", field.Label).WithField(field.Name)
		}
		into[field.Name] = n
		return nil
	}
	put(into, field.Name, v)
	return nil
}

func (m *Module) presentMonth() calendar.Month {
	return calendar.DateOf(m.Now().Time().In(m.Zone)).Month()
}

// formMonth is the month a form is about: of a fact of one day or month its own, else the present one, or that of a fact
// that begins later.
func (m *Module) formMonth(r *http.Request, k *factKind) calendar.Month {
	now := m.presentMonth()
	if month, err := calendar.ParseMonth(r.PostFormValue("month")); err == nil {
		return month
	}
	for _, name := range []string{"date", "left"} {
		if d, err := calendar.ParseDate(r.PostFormValue(name)); err == nil {
			return d.Month()
		}
	}
	if d, err := calendar.ParseDate(r.PostFormValue("from")); err == nil && k.kind != record.House {
		return max(d.Month(), now)
	}
	return now
}
