package console

import (
	"cmp"
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/console/view"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/meter"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// What a card takes beside steps.
const (
	doControl = "control"
	doAnswer  = "answer"
	doReading = "reading" // of a house's own meter: nobody lives behind it who would give one
)

// meterForm is what may be told of a meter by hand.
type meterForm struct {
	do, tab, title string
	closing, first bool // last figures of this meter, first ones of a new one
	fields         []web.Field
}

var meterReason = reasonField("Основание", "Акт, заявление, свидетельство")

// meterForms are what may be told, the commonest first.
var meterForms = []meterForm{
	{do: doReading, tab: "Показание", title: "Показание общедомового счётчика", closing: true},
	{do: doControl, tab: "Контрольное показание", title: "Контрольное показание инспектора", closing: true},
	{do: doAnswer, tab: "Ответ жителю", title: "Ответ на последнее показание"},
	{do: string(meter.Verified), tab: "Поверка", title: "Поверка", fields: []web.Field{{Name: "until", Label: "Поверен до", Hint: "Например, 10.11.2032. Пусто, если поверку не прошёл", Width: "s", Optional: true, MaxLength: 10}}},
	{do: string(meter.Sealed), tab: "Пломба", title: "Пломба поставлена", fields: []web.Field{{Name: "seal", Label: "Номер пломбы", Width: "s", MaxLength: 40}}},
	{do: string(meter.SealBroken), tab: "Пломба нарушена", title: "Пломба нарушена", fields: []web.Field{{Name: "seal", Label: "Номер пломбы", Width: "s", Optional: true, MaxLength: 40}}},
	{do: string(meter.Commissioned), tab: "Ввод", title: "Ввод в эксплуатацию"},
	{do: string(meter.Replaced), tab: "Замена", title: "Замена счётчика", closing: true, first: true, fields: []web.Field{
		{Name: "serial", Label: "Номер нового счётчика", Width: "m", MaxLength: 40}, {Name: "verified", Label: "Новый поверен до", Hint: "Например, 10.11.2032", Width: "s", Optional: true, MaxLength: 10},
	}},
	{do: string(meter.Failed), tab: "Неисправен", title: "Счётчик неисправен или утрачен"},
	{do: string(meter.Removed), tab: "Снят", title: "Счётчик снят", closing: true},
}

// fits tells whether it may be told of a meter: a house's own has no resident to answer, and is read by those who tell.
func (k *meterForm) fits(c *meter.Card) bool {
	if k.do == doReading {
		return c.House != ""
	}
	return c.House == "" || k.do != doAnswer && k.do != doControl
}

// form is the empty form, or the one sent with what was wrong.
func (k *meterForm) form(r *http.Request, c *meter.Card, failed error) *view.MeterForm {
	f := &view.MeterForm{Action: meterPath(c.Building, c.ID), Key: web.NewKey(), Do: k.do, Title: k.title, Button: "Записать", Errors: web.ErrorsOf(failed)}
	fields := []web.Field{{Name: "on", Label: "День", Hint: "Например, 03.11.2026. Пусто – сегодня", Width: "s", Optional: true, MaxLength: 10}}
	if k.do == doAnswer {
		fields = []web.Field{{Name: "note", Label: "Пояснение для жителя", Hint: "Обязательно, если причина другая", Optional: true, MaxLength: 200}}
		f.Choices = answerChoices(r)
	}
	if k.do == doReading {
		f.Choices = []web.Choices{confirmChoices(r)}
	}
	for _, x := range c.Registers {
		named := cmp.Or(x.Name, x.Of.Words())
		if k.closing {
			fields = append(fields, web.Field{Name: "last-" + x.Zone, Label: strings.TrimSpace("Показание " + named), InputMode: "decimal", Width: "s", MaxLength: 20, Optional: k.do == string(meter.Removed)})
		}
		if k.first {
			fields = append(fields, web.Field{Name: "first-" + x.Zone, Label: strings.TrimSpace("Начальное показание нового " + named), InputMode: "decimal", Width: "s", MaxLength: 20})
		}
	}
	if fields = append(fields, k.fields...); k.do != doControl && k.do != doAnswer && k.do != doReading {
		fields = append(fields, meterReason)
	}
	for _, field := range fields {
		field.Value, field.Error = r.PostFormValue(field.Name), f.Errors.Of(field.Name)
		f.Fields = append(f.Fields, field)
	}
	return f
}

// confirmChoices answer what is asked about an odd figure.
func confirmChoices(r *http.Request) web.Choices {
	c := web.Choices{Name: "confirm", Label: "Если показание необычное", Items: []web.Choice{
		{Value: "", Label: "спросить меня"}, {Value: string(reading.Right), Label: "показание верно, я проверил"}, {Value: string(reading.Rolled), Label: "счётчик перешёл через ноль"},
	}}
	for i := range c.Items {
		c.Items[i].Chosen = c.Items[i].Value == r.PostFormValue(c.Name)
	}
	return c
}

func answerChoices(r *http.Request) []web.Choices {
	answers := web.Choices{Name: "answer", Label: "Ответ", Items: []web.Choice{{Value: reading.Accepted, Label: "Принято"}, {Value: reading.Declined, Label: "Не принято"}}}
	codes := web.Choices{Name: "code", Label: "Почему не принято", Items: []web.Choice{{Value: "", Label: "принято"}}}
	for _, code := range reading.ReasonCodes() {
		codes.Items = append(codes.Items, web.Choice{Value: code, Label: reading.ReasonWords(code)})
	}
	for _, c := range []*web.Choices{&answers, &codes} {
		for i := range c.Items {
			c.Items[i].Chosen = c.Items[i].Value == r.PostFormValue(c.Name)
		}
	}
	return []web.Choices{answers, codes}
}

// tellMeter takes what a person tells of a meter.
func (m *Module) tellMeter(w http.ResponseWriter, r *http.Request) error {
	c, err := m.findMeter(r)
	if err != nil {
		return err
	}
	do := r.PostFormValue("do")
	switch do {
	case doControl, doReading:
		err = m.figures(r, c)
	case doAnswer:
		err = m.answer(r, c)
	default:
		_, err = m.Meters.Do(r.Context(), access.FromContext(r.Context()), stepOf(r, c, do))
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return m.showMeter(w, r, http.StatusUnprocessableEntity, do, atField(err))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, meterPath(c.Building, c.ID)+"?told=1")
}

// formFields are the fields of faults as the form calls them.
var formFields = map[string]string{"closing": "last-all", "figures": "first-all", "verifiedUntil": "verified", "": "reason", "do": "reason"}

// atField names the field of a fault as the form does.
func atField(err error) error {
	f := fault.As(err)
	if name, ok := formFields[f.Field]; ok {
		return f.WithField(name)
	}
	return f
}

// stepOf is the step a form tells.
func stepOf(r *http.Request, c *meter.Card, do string) meter.Step {
	value := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	s := meter.Step{Target: target(c), Do: meter.Kind(do), On: value("on"), Reason: value("reason"), Seal: value("seal"), Until: value("until")}
	s.Unfit = s.Do == meter.Verified && s.Until == ""
	var first []meter.Figure
	var named []meter.Register
	for _, x := range c.Registers {
		if v := value("last-" + x.Zone); v != "" {
			s.Closing = append(s.Closing, meter.Figure{Register: x.Zone, Value: v})
		}
		if v := value("first-" + x.Zone); v != "" {
			first = append(first, meter.Figure{Register: x.Zone, Value: v})
		}
		if x.Of != calc.AllDay {
			named = append(named, meter.Register{Name: cmp.Or(x.Name, x.Of.Words()), Zone: x.Zone})
		}
	}
	if s.Do == meter.Replaced {
		s.Device = &meter.Device{Serial: value("serial"), VerifiedUntil: value("verified"), Registers: named, Figures: first, Scope: c.Scope, Place: c.Place}
	}
	return s
}

func target(c *meter.Card) meter.Target {
	return meter.Target{Supplier: c.Supplier, Account: c.Account, House: c.House, Service: c.Service, Meter: c.Serial}
}

// figures takes what an inspector read, or, of a house's own meter, what whoever looks after it did.
func (m *Module) figures(r *http.Request, c *meter.Card) error {
	give, ofHouse, confirm := m.Readings.Control, c.House != "", string(reading.Right)
	if ofHouse {
		give, confirm = m.Readings.GiveHouse, r.PostFormValue("confirm")
	}
	var entries []reading.Entry
	for _, x := range c.Registers {
		text := strings.TrimSpace(r.PostFormValue("last-" + x.Zone))
		if _, err := decimal.Parse(text); err != nil {
			return fault.New(fault.Invalid, "reading.value", "Введите число со счётчика, например 251 или 251,904").WithField("last-" + x.Zone)
		}
		e := reading.Entry{Supplier: c.Supplier, Account: c.Account, House: c.House, Meter: c.Serial, Service: c.Service, Value: reading.Text(text), Date: strings.TrimSpace(r.PostFormValue("on")), Control: !ofHouse, Confirm: confirm}
		if x.Of != calc.AllDay {
			e.Zone = x.Zone
		}
		entries = append(entries, e)
	}
	actor := access.FromContext(r.Context())
	out, err := give(r.Context(), actor, actor.Name, entries)
	if err != nil {
		return err
	}
	for _, v := range out.Lines {
		if v.State == reading.Refused || v.State == reading.Asked {
			return fault.New(fault.Invalid, cmp.Or(v.Code, "reading.impossible"), v.Says).WithField("last-" + c.Registers[0].Zone)
		}
	}
	return nil
}

// answer takes the supplier's answer to the latest figures of a meter.
func (m *Module) answer(r *http.Request, c *meter.Card) error {
	var entries []reading.AnswerEntry
	for _, x := range c.Registers {
		if x.Value == "" && r.PostFormValue("answer") == reading.Declined {
			continue
		}
		e := reading.AnswerEntry{Supplier: c.Supplier, Account: c.Account, Meter: c.Serial, Service: c.Service, Answer: r.PostFormValue("answer"), Code: r.PostFormValue("code"), Note: strings.TrimSpace(r.PostFormValue("note"))}
		if day, err := calendar.ParseDate(x.On); err == nil && e.Answer == reading.Declined {
			e.Date = day.String()
		}
		if x.Of != calc.AllDay {
			e.Zone = x.Zone
		}
		entries = append(entries, e)
	}
	out, err := m.Readings.Answer(r.Context(), access.FromContext(r.Context()), entries)
	if err != nil {
		return err
	}
	for _, v := range out.Lines {
		if v.State == string(reading.Refused) {
			return fault.New(fault.Invalid, v.Code, v.Says).WithField("note")
		}
	}
	return nil
}
