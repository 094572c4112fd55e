package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/reading"
	"kvit/internal/reading/form"
	"kvit/internal/web"
)

// readingRoutes are R7 of the resident, and the same for the centre on his behalf.
func (m *Module) readingRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/readings", Resource: "reading", Action: "read", Handler: m.readings},
		{Method: http.MethodPost, Pattern: "/readings", Resource: "reading", Action: "write", Files: true, Handler: m.giveReadings},
		{Method: http.MethodGet, Pattern: "/readings/meters/{id}", Resource: "reading", Action: "read", Handler: m.meterCard},
		{Method: http.MethodGet, Pattern: "/readings/photos/{id}", Resource: "reading", Action: "read", Handler: m.photo},
		{Method: http.MethodGet, Pattern: "/readings/{id}", Resource: "reading", Action: "read", Handler: m.receipt},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/readings", Resource: "subscriber", Action: "tell", Handler: m.readings},
		{Method: http.MethodPost, Pattern: "/c/account/{code}/readings", Resource: "subscriber", Action: "tell", Files: true, Handler: m.giveReadings},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/readings/{id}", Resource: "subscriber", Action: "read", Handler: m.receipt},
		{Method: http.MethodGet, Pattern: "/k/account/{code}/readings", Resource: "cash", Action: "serve", Handler: m.readings},
		{Method: http.MethodPost, Pattern: "/k/account/{code}/readings", Resource: "cash", Action: "serve", Files: true, Handler: m.giveReadings},
		{Method: http.MethodGet, Pattern: "/k/account/{code}/readings/{id}", Resource: "cash", Action: "serve", Handler: m.receipt},
		{Method: http.MethodGet, Pattern: "/ivr/readings", Resource: "reading", Action: "write", Machine: true, Handler: m.robotAsks},
		{Method: http.MethodPost, Pattern: "/ivr/readings", Resource: "reading", Action: "write", Machine: true, Handler: m.robotTells},
	}
}

// readingHome is whose meters a page shows, where it is, and who gives their figures.
type readingHome struct {
	reading.Home
	reading.Origin
	base, back string
	desk       bool // a clerk goes on with the same person
	actor      access.Actor
	guest      bool // somebody with the paper of a bill: he sees no history
}

func (m *Module) readingHome(r *http.Request) (h readingHome, err error) {
	if token := r.PathValue("token"); token != "" {
		return m.readingGuest(r, token)
	}
	h.actor = access.FromContext(r.Context())
	if code := r.PathValue("code"); code != "" {
		ref, err := m.Bills.FindByCode(r.Context(), r.PathValue("code"))
		h.Home, h.back = reading.Home{Building: ref.Building, Household: ref.Household}, "/c/account/"+code
		if strings.HasPrefix(r.URL.Path, "/k/") { // at the desk
			h.back, h.desk = "/k/account/"+code, true
		}
		h.base, h.Origin = h.back+"/readings", reading.Origin{Channel: reading.Centre, Author: access.FromContext(r.Context()).Name}
		return h, err
	}
	ref := own(r)
	if ref.Household == 0 {
		return h, fault.New(fault.NotFound, "bill.none", "К вашему входу не привязан ни один лицевой счёт.")
	}
	return readingHome{Home: reading.Home{Building: ref.Building, Household: ref.Household}, Origin: reading.Origin{Channel: reading.Page, Author: "житель"}, base: "/readings", actor: h.actor}, nil
}

func (m *Module) readings(w http.ResponseWriter, r *http.Request) error {
	h, err := m.readingHome(r)
	if err != nil {
		return err
	}
	sheet, err := m.Readings.Sheet(r.Context(), h.actor, h.Home)
	if err != nil {
		return err
	}
	v := m.readingsView(r, &h, sheet)
	if r.URL.Query().Get("known") != "" {
		v.Told = "Эти показания уже приняты"
	}
	if r.URL.Query().Get("known") == withoutPhoto {
		v.Told = "Эти показания уже пришли другим путём. Фото к ним не приложить"
	}
	return web.Render(w, r, http.StatusOK, view.ReadingsPage(v))
}

// readingsView is the form with what was typed, if anything was.
func (m *Module) readingsView(r *http.Request, h *readingHome, s *reading.Sheet) view.Readings {
	v := view.Readings{Page: m.page(r, "Показания"), Action: h.base, Key: web.NewKey(), BackHref: h.back, BackTitle: "Вернуться к абоненту"}
	today := m.today()
	for i := range s.Cards {
		c := &s.Cards[i]
		v.Cards = append(v.Cards, m.card(r, c, today))
		if h.guest {
			v.Cards[i].History, v.Cards[i].Href = nil, ""
		}
		if v.Window == "" {
			v.Window, v.Late, v.Month = window(c), c.Late, c.Month
		}
	}
	if h.back == "" {
		v.DevicesHref = "/devices"
	}
	if h.guest {
		v.BackTitle = "Вернуться к счёту"
		return v
	}
	for _, x := range s.Receipts {
		if !m.wasHere(r, x.At) {
			continue
		}
		v.Receipts = append(v.Receipts, view.ReadingRow{Number: x.Number, Href: h.base + "/" + url.PathEscape(x.Number), Channel: x.Channel.Words(), At: x.At, Figures: len(x.Lines)})
	}
	return v
}

// window says in which bill figures given now count.
func window(c *reading.Card) string {
	if c.Late {
		return "В счёт за этот месяц уже не успеет: показания попадут в счёт за " + c.Month.Word() + "."
	}
	return "Передайте до " + c.Until.Words() + " – попадут в счёт за " + c.Month.Word() + ". Введите чёрные цифры. Красные после запятой можно пропустить."
}

func (m *Module) today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }

// whyField names the field in which a person says why a figure differs from the one that came by itself.
func whyField(meter int64) string { return "w" + strconv.FormatInt(meter, 10) }

// reasonMax bounds a reason, in signs.
const reasonMax = 200

// answerOf names the question of a meter.
func answerOf(meter int64) string { return "a" + strconv.FormatInt(meter, 10) }

func (m *Module) card(r *http.Request, c *reading.Card, today calendar.Date) view.ReadingCard {
	v := view.ReadingCard{ID: strconv.FormatInt(c.ID, 10), Title: c.Name, Serial: c.Serial, Unit: c.Unit, Photo: photoField(c.ID)}
	v.Fields = form.Figures(c, r.PostFormValue)
	if on := c.Automatic(); on != 0 {
		name := whyField(c.ID)
		v.Auto = "Передаёт сам, последнее " + on.Words()
		v.Fields = append(v.Fields, web.Field{Name: name, Label: "Почему ваша цифра другая", Hint: "Нужно, только если вводите показание сами", Optional: true, MaxLength: reasonMax, Value: r.PostFormValue(name)})
	}
	if len(c.Sent) > 0 {
		v.Sent = "Передано " + c.Sent[0].On.Words() + ", исправить можно до " + c.Until.Words()
	} else if c.Missing != nil {
		v.Missing = c.Missing.Words()
	}
	if m.isOwn(r) {
		v.Href = "/readings/meters/" + v.ID
	}
	v.Notes = append(verification(c, today), suppliersWords(c)...)
	v.History = history(c)
	if from := access.FromContext(r.Context()).From; from != 0 { // who lived there before gave his figures for himself
		v.History = slices.DeleteFunc(v.History, func(x view.ReadingPast) bool { return x.On < from })
	}
	return v
}

// verification tells of a verification that ended or soon will, and of a meter out of order.
func verification(c *reading.Card, today calendar.Date) (list []string) {
	switch {
	case c.Failed != 0 && c.Failed <= today:
		list = append(list, "Счётчик неисправен с "+c.Failed.Words()+". Вызовите мастера: показания не считаются")
	case c.Expired(today):
		list = append(list, c.ExpiredWords())
	case c.WarnsVerification(today):
		list = append(list, "Поверка истекает "+c.Verified.Words()+". Поверьте счётчик до этого дня")
	}
	return list
}

// suppliersWords tell what the supplier did with readings: what his inspector read, what he did not accept and what to do.
func suppliersWords(c *reading.Card) (list []string) {
	if x := c.Control; x != nil {
		list = append(list, "Контрольное показание "+reading.Figure(x.Value)+": снял инспектор поставщика "+x.On.Words())
	}
	if a := c.LastDeclined(); a != nil {
		list = append(list, "Показание "+reading.Figure(a.Value)+" от "+a.On.Words()+" "+a.Words()+". "+a.Advice())
	}
	return list
}

// historyRows is how many figures of before a card shows.
const historyRows = 12

func history(c *reading.Card) (list []view.ReadingPast) {
	for i := len(c.History) - 1; i >= 0 && len(list) < historyRows; i-- {
		x := &c.History[i]
		superseded := i+1 < len(c.History) && c.History[i+1].On == x.On && c.History[i+1].Zone == x.Zone
		if !x.Accepted { // the row that withdraws says nothing of its own
			continue
		}
		past := view.ReadingPast{On: x.On, Zone: x.Zone.Words(), Value: reading.Figure(x.Value), Source: reading.SourceWords(x.Source), Gone: superseded, Photos: shown(c.PhotosOf(x))}
		if a := c.AnswerTo(x); a != nil {
			past.Answer = a.Words()
		}
		list = append(list, past)
	}
	return list
}

func (m *Module) giveReadings(w http.ResponseWriter, r *http.Request) error {
	h, err := m.readingHome(r)
	if err == nil {
		h.Key, err = web.FormKey(r)
	}
	if err != nil {
		return err
	}
	sheet, err := m.Readings.Sheet(r.Context(), h.actor, h.Home)
	if err != nil {
		return err
	}
	given, wrong := m.typed(r, sheet)
	pictures, bad, err := photos(r, sheet)
	if err != nil {
		return err
	}
	if len(bad) > 0 && len(given) == 0 && len(wrong) == 1 && wrong[0].Message == nothingTyped {
		wrong = nil // the photo says which meter is meant
	}
	wrong = append(wrong, bad...)
	h.Device = reasons(r, sheet)
	if len(wrong) > 0 {
		return m.readingsAgain(w, r, &h, sheet, wrong)
	}
	receipt, err := m.Readings.Give(r.Context(), h.actor, reading.Request{Home: h.Home, Origin: h.Origin, Given: given})
	switch {
	case err != nil:
		return err
	case receipt.Asks() || receipt.Refuses():
		return m.askReadings(w, r, &h, sheet, receipt, pictures)
	}
	if err := m.keepPhotos(r, &h, receipt, pictures); err != nil {
		return err
	}
	if receipt.Number == "" {
		return web.SeeOther(w, r, h.base+"?known="+knownHow(pictures))
	}
	if h.desk {
		return web.SeeOther(w, r, h.back+"?taken="+url.QueryEscape(receipt.Number))
	}
	return web.SeeOther(w, r, h.base+"/"+url.PathEscape(receipt.Number))
}

// typed reads the fields that were filled; of a meter with several registers all are needed.
func (m *Module) typed(r *http.Request, s *reading.Sheet) (list []reading.Given, wrong web.Errors) {
	for i := range s.Cards {
		c := &s.Cards[i]
		g := reading.Given{Meter: c.ID, On: m.today(), Confirm: reading.Confirm(r.PostFormValue(answerOf(c.ID)))}
		for _, zone := range c.Zones {
			name := form.Field(c.ID, zone)
			text := cleanFigure(r.PostFormValue(name))
			if text == "" {
				continue
			}
			value, err := decimal.Parse(text)
			if err != nil {
				wrong = append(wrong, web.FieldError{Field: name, Message: "Введите число со счётчика, например 251 или 251,904"})
				continue
			}
			g.Values = append(g.Values, reading.Value{Zone: zone, Value: value})
		}
		switch {
		case len(g.Values) > 0 && c.Automatic() != 0 && strings.TrimSpace(r.PostFormValue(whyField(c.ID))) == "":
			wrong = append(wrong, web.FieldError{Field: whyField(c.ID), Message: "Напишите, почему цифра другая: этот счётчик передаёт показания сам"})
		case len(g.Values) == len(c.Zones):
			list = append(list, g)
		case len(g.Values) > 0 && len(wrong) == 0:
			for _, zone := range c.Zones {
				if cleanFigure(r.PostFormValue(form.Field(c.ID, zone))) == "" {
					wrong = append(wrong, web.FieldError{Field: form.Field(c.ID, zone), Message: "Введите и это показание: у счётчика нужны все тарифы"})
				}
			}
		}
	}
	if len(list) == 0 && len(wrong) == 0 && len(s.Cards) > 0 {
		wrong = web.Errors{{Field: form.Field(s.Cards[0].ID, s.Cards[0].Zones[0]), Message: nothingTyped}}
	}
	return list, wrong
}

// nothingTyped asks for a figure where no field was filled.
const nothingTyped = "Введите хотя бы одно показание"

// reasons are why figures differ from those that came by themselves.
func reasons(r *http.Request, s *reading.Sheet) string {
	var list []string
	for i := range s.Cards {
		c := &s.Cards[i]
		text := []rune(strings.TrimSpace(r.PostFormValue(whyField(c.ID))))
		if len(text) > 0 && c.Automatic() != 0 {
			list = append(list, c.Name+": "+string(text[:min(len(text), reasonMax)]))
		}
	}
	return strings.Join(list, "; ")
}

// cleanFigure drops what people type beside a number.
func cleanFigure(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, unit := range []string{"м³", "м3", "куб.", "куб", "квт·ч", "квтч", "квт*ч", "квт", "гкал"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	}
	return s
}

func (m *Module) readingsAgain(w http.ResponseWriter, r *http.Request, h *readingHome, s *reading.Sheet, wrong web.Errors) error {
	v := m.readingsView(r, h, s)
	v.Errors = wrong
	v.Page.WithErrors(wrong)
	for i := range v.Cards {
		for k := range v.Cards[i].Fields {
			v.Cards[i].Fields[k].Error = wrong.Of(v.Cards[i].Fields[k].Name)
		}
		v.Cards[i].Photo.Error = wrong.Of(v.Cards[i].Photo.Name)
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, view.ReadingsPage(v))
}

// askReadings shows the figures once more with what is asked about them.
func (m *Module) askReadings(w http.ResponseWriter, r *http.Request, h *readingHome, s *reading.Sheet, receipt *reading.Receipt, pictures pictured) error {
	v := m.readingsView(r, h, s)
	pickAgain(&v, pictures)
	for _, l := range receipt.Lines {
		for i := range v.Cards {
			if c := &v.Cards[i]; c.ID == strconv.FormatInt(l.Meter, 10) {
				ask(c, &l, receipt)
			}
		}
		v.Asked += len(l.Doubts)
		if l.State == reading.Refused {
			v.Errors = append(v.Errors, web.FieldError{Field: form.Field(l.Meter, l.Kind), Message: strings.Join(l.Notes, ". ")})
		}
	}
	v.Receipts, v.Page.Title = nil, "Проверьте показания"
	status := http.StatusOK
	if len(v.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, status, view.ReadingsPage(v))
}

func ask(c *view.ReadingCard, l *reading.Line, receipt *reading.Receipt) {
	c.Missing = ""
	for _, d := range l.Doubts {
		c.Doubts = append(c.Doubts, d.Says)
		c.Answer = web.Choices{Name: answerOf(l.Meter), Label: "Что с цифрами", Items: []web.Choice{{Value: "", Label: "Исправлю", Chosen: true}, {Value: string(reading.Right), Label: "Всё верно"}}}
		if d.Kind == reading.Lower || d.Kind == reading.Over {
			c.Answer.Items = []web.Choice{{Value: "", Label: "Исправлю", Chosen: true}, {Value: string(reading.Rolled), Label: "Счётчик прошёл через ноль"}, {Value: string(reading.Replaced), Label: "Счётчик заменили"}}
		}
	}
	for i := range c.Fields {
		if c.Fields[i].Name == form.Field(l.Meter, l.Kind) && l.State == reading.Refused {
			c.Fields[i].Error = strings.Join(l.Notes, ". ")
		}
	}
	if e := receipt.Effect; e != nil && len(l.Doubts) > 0 {
		for _, made := range e.Lines {
			if made.Service == l.Name {
				c.Makes = "За услугу выйдет " + made.After.Format() + " за месяц"
			}
		}
	}
}
