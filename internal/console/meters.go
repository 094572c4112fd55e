package console

import (
	"cmp"
	"kvit/internal/charge/record"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/meter"
	"kvit/internal/reading"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// meterRoutes are S4 and C3 of meters.
func (m *Module) meterRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/s/meters", Resource: "meter", Action: "read", Handler: m.meters},
		{Method: http.MethodGet, Pattern: "/s/meters/{id}", Resource: "meter", Action: "read", Handler: m.meterCard},
		{Method: http.MethodPost, Pattern: "/s/meters/{id}", Resource: "meter", Action: "write", Handler: m.tellMeter},
		{Method: http.MethodGet, Pattern: "/s/photos/{id}", Resource: "meter", Action: "read", Handler: m.photo},
		{Method: http.MethodGet, Pattern: "/s/missing", Resource: "reading", Action: "missing", Slow: true, Handler: m.missing},
		{Method: http.MethodGet, Pattern: "/s/missing.csv", Resource: "reading", Action: "missing", Slow: true, Handler: m.missingCSV},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/meters", Resource: "subscriber", Action: "read", Handler: m.householdMeters},
	}
}

// meters finds the meters of an account: of the supplier's own, or, for the centre, of a supplier chosen.
func (m *Module) meters(w http.ResponseWriter, r *http.Request) error {
	actor, q := access.FromContext(r.Context()), r.URL.Query()
	v := view.Meters{Page: m.page(r, "Счётчики"), Action: "/s/meters", Account: web.Field{Name: "account", Label: "Лицевой счёт", Hint: "Как в квитанции", Width: "m", MaxLength: 64, Value: strings.TrimSpace(q.Get("account"))}}
	if actor.SupplierID == 0 {
		choices, err := m.supplierChoices(r, q.Get("supplier"))
		if err != nil {
			return err
		}
		v.Suppliers = choices
	}
	if v.Account.Value == "" {
		return web.Render(w, r, http.StatusOK, view.MetersPage(v))
	}
	v.Searched = true
	cards, err := m.Meters.Show(r.Context(), actor, meter.Query{Target: meter.Target{Supplier: q.Get("supplier"), Account: v.Account.Value}})
	switch {
	case fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid):
		v.Errors = web.Errors{{Field: "account", Message: fault.As(err).Message}}
		v.Account.Error = fault.As(err).Message
		return web.Render(w, r, http.StatusUnprocessableEntity, view.MetersPage(v))
	case err != nil:
		return err
	}
	v.Rows = m.meterRows(cards)
	return web.Render(w, r, http.StatusOK, view.MetersPage(v))
}

func (m *Module) supplierChoices(r *http.Request, chosen string) (*web.Choices, error) {
	c := &web.Choices{Name: "supplier", Label: "Поставщик"}
	return c, m.DB.Read(r.Context(), func(tx *db.Tx) error {
		list, err := supplier.List(r.Context(), tx)
		c.Items = nil
		for i := range list {
			c.Items = append(c.Items, web.Choice{Value: list[i].Code, Label: list[i].Name, Chosen: list[i].Code == chosen})
		}
		return err
	})
}

// householdMeters are all meters of a household, for the centre.
func (m *Module) householdMeters(w http.ResponseWriter, r *http.Request) error {
	ref, err := m.household(r)
	if err != nil {
		return err
	}
	cards, err := m.Meters.Show(r.Context(), access.FromContext(r.Context()), meter.Query{Building: ref.Building, Household: ref.Household})
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.MetersPage(view.Meters{Page: m.page(r, "Счётчики абонента"), Searched: true, Rows: m.meterRows(cards), BackHref: "/c/account/" + r.PathValue("code")}))
}

func (m *Module) meterRows(cards []meter.Card) (rows []view.MeterRow) {
	for i := range cards {
		c := &cards[i]
		row := view.MeterRow{Title: c.Name, Serial: c.Serial, Href: meterPath(c.Building, c.ID), Account: c.Account, Verified: dotted(c.Verified), State: m.meterState(c)}
		var figures []string
		for _, x := range c.Registers {
			if x.Value != "" {
				figures = append(figures, strings.TrimSpace(cmp.Or(x.Name, x.Of.Words())+" "+decimal.Grouped(x.Value, 0))+" на "+dotted(x.On))
			}
		}
		row.Figures = strings.Join(figures, "; ")
		rows = append(rows, row)
	}
	return rows
}

func (m *Module) meterState(c *meter.Card) web.State {
	today := calendar.DateOf(m.Now().Time().In(m.Zone))
	switch {
	case !c.InUse(today):
		return web.State{Word: "снят", Tone: web.Info}
	case c.Failed != "":
		return web.State{Word: "неисправен", Tone: web.Bad}
	case c.Expired(today):
		return web.State{Word: "поверка истекла", Tone: web.Warn}
	case c.SealOff:
		return web.State{Word: "пломба нарушена", Tone: web.Warn}
	}
	return web.State{Word: "стоит", Tone: web.OK}
}

func meterPath(building, id int64) string {
	return "/s/meters/" + strconv.FormatInt(building, 10) + "-" + strconv.FormatInt(id, 10)
}

// dotted writes a day of JSON as people do; empty stays empty.
func dotted(day string) string {
	d, err := calendar.ParseDate(day)
	if err != nil {
		return ""
	}
	return d.Dotted()
}

// findMeter gives the meter of an address, if it is the actor's to see.
func (m *Module) findMeter(r *http.Request) (*meter.Card, error) {
	house, id, _ := strings.Cut(r.PathValue("id"), "-")
	building, err := strconv.ParseInt(house, 10, 64)
	number, other := strconv.ParseInt(id, 10, 64)
	if err != nil || other != nil || number == 0 {
		return nil, fault.New(fault.NotFound, "meter.unknown", "Такого счётчика нет.")
	}
	cards, err := m.Meters.Show(r.Context(), access.FromContext(r.Context()), meter.Query{Building: building, Meter: number})
	if err != nil {
		return nil, err
	}
	return &cards[0], nil
}

func (m *Module) meterCard(w http.ResponseWriter, r *http.Request) error {
	return m.showMeter(w, r, http.StatusOK, r.URL.Query().Get("do"), nil)
}

func (m *Module) showMeter(w http.ResponseWriter, r *http.Request, status int, do string, failed error) error {
	c, err := m.findMeter(r)
	if err != nil {
		return err
	}
	v := view.MeterCard{Page: m.page(r, meter.Called(c.Serial)), Title: c.Name + ", " + meter.ScopeWords(c.Scope), BackHref: "/s/meters", BackText: "Найти другой счётчик", Facts: meterFacts(c)}
	if c.Place != "" {
		v.Title += ", " + c.Place
	}
	if r.URL.Query().Get("told") != "" {
		v.Told = "Записано."
	}
	actor := access.FromContext(r.Context())
	switch {
	case c.House != "":
		v.BackHref, v.BackText = housesPath(r)+"/"+queryOf(c.House), "Баланс дома"
	case actor.Reach("subscriber", "read") != access.None:
		v.BackHref, v.BackText = "/c/account/"+account.HouseholdCode(c.Household)+"/meters", "Все счётчики абонента"
	}
	for _, d := range c.Device {
		v.Device = append(v.Device, strings.TrimSpace(d.Supplier+" "+d.Account)+", "+record.ServiceWord(d.Service))
	}
	for _, e := range c.Life {
		v.Life = append(v.Life, view.MeterEvent{On: dotted(e.On), Words: e.Words, Reason: e.Reason, Source: e.Source, At: e.At})
	}
	slices.Reverse(v.Life)
	if v.Readings, err = m.meterReadings(r, c); err != nil {
		return err
	}
	if actor.Require("meter", "write") == nil {
		for _, k := range meterForms {
			if !k.fits(c) {
				continue
			}
			v.Adds = append(v.Adds, web.Tab{Title: k.tab, Href: meterPath(c.Building, c.ID) + "?do=" + k.do, Current: k.do == do})
			if k.do == do {
				v.Form = k.form(r, c, failed)
			}
		}
	}
	return web.Render(w, r, status, view.MeterCardPage(v))
}

func meterFacts(c *meter.Card) (list []view.MeterFact) {
	add := func(name, value string) {
		if value != "" {
			list = append(list, view.MeterFact{Name: name, Value: value})
		}
	}
	add("Лицевой счёт", c.Account)
	add("Дом", c.House)
	add("Коэффициент", strings.Replace(c.Factor, ".", ",", 1))
	add("Считает с", dotted(c.From))
	add("Снят", dotted(c.Until))
	add("Поверен до", dotted(c.Verified))
	add("Неисправен с", dotted(c.Failed))
	if c.Seal != "" {
		add("Пломба", "№ "+c.Seal)
	}
	if c.Digits != 0 {
		add("Знаков до запятой", strconv.Itoa(c.Digits))
	}
	for _, x := range c.Registers {
		if x.Value != "" {
			add(strings.TrimSpace("Показание "+cmp.Or(x.Name, x.Of.Words())), decimal.Grouped(x.Value, 0)+" на "+dotted(x.On))
		}
	}
	return list
}

// readingsShown is how many figures a card shows.
const readingsShown = 24

// meterReadings are the latest figures of a meter with the supplier's answers.
func (m *Module) meterReadings(r *http.Request, c *meter.Card) (rows []view.MeterReading, err error) {
	known, err := m.Readings.HistoryOf(r.Context(), access.FromContext(r.Context()), c.Building, c.ID)
	if err != nil {
		return nil, err
	}
	for i := len(known.History) - 1; i >= 0 && len(rows) < readingsShown; i-- {
		x := &known.History[i]
		if !x.Accepted {
			continue // the row that withdraws says nothing of its own
		}
		rows = append(rows, meterReading(known, i))
	}
	return rows, nil
}

func meterReading(known *reading.Meter, i int) view.MeterReading {
	x := &known.History[i]
	row := view.MeterReading{On: x.On.Dotted(), Zone: x.Zone.Words(), Value: reading.Figure(x.Value), Source: reading.SourceWords(x.Source)}
	for _, p := range known.PhotosOf(x) {
		row.Photos = append(row.Photos, "/s/photos/"+p.Ref())
	}
	row.Gone = i+1 < len(known.History) && sameFigure(x, &known.History[i+1])
	if a := known.AnswerTo(x); a != nil {
		row.Answer = web.State{Word: a.Words(), Tone: web.OK}
		if a.Answer == reading.Declined {
			row.Answer.Tone = web.Warn
		}
	}
	return row
}

// photo shows a photo of a meter.
func (m *Module) photo(w http.ResponseWriter, r *http.Request) error {
	f, err := m.Readings.OpenPhoto(r.Context(), access.FromContext(r.Context()), r.PathValue("id"), r.URL.Query().Has("small"))
	if err != nil {
		return err
	}
	defer f.Close()
	return web.Picture(w, r, f)
}

func sameFigure(a, b *fact.Reading) bool { return a.On == b.On && a.Zone == b.Zone }
